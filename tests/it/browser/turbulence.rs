//! Pages that ask, move, leave or reload while an agent acts.

use super::{Stage, Tab};

async fn said(tab: &mut Tab) -> String {
    let text = "document.getElementById('said').textContent.trim()";
    let said = tab.page.evaluate(text).await.expect("a text");
    said.as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn dialogs_are_answered_whatever_opens_them() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/turbulence").await;
    let two = tab.does("click('{Two alerts}')").await;
    assert_eq!(two.dialogs.len(), 2, "{}", two.message);
    assert!(two.message.contains("\"second\""), "{}", two.message);
    let asked = tab.does("press('{Asks}', 'Enter')").await;
    assert_eq!(asked.dialogs[0].kind, "confirm");
    assert_eq!(said(&mut tab).await, "after both confirmed true");
    for leave in [
        "click('{Leave}')".to_owned(),
        format!("goto('{}')", stage.site.url("/plain")),
    ] {
        tab.does("click('{Guard}')").await;
        let left = tab.does(&leave).await;
        assert_eq!(left.dialogs.len(), 1, "{}", left.message);
        assert_eq!(left.dialogs[0].kind, "beforeunload");
        assert_eq!(left.url, stage.site.url("/plain"));
        let back = stage.site.url("/turbulence");
        tab.does(&format!("goto('{back}')")).await;
    }
    let opened = tab.does("click('{Open and say}')").await;
    assert_eq!(opened.dialogs.len(), 1);
    assert_eq!(opened.url, stage.site.url("/plain"), "{}", opened.message);
    tab.close().await;
}

#[tokio::test]
async fn a_click_that_lands_elsewhere_is_told() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/turbulence").await;
    tab.does("click('{Make it dodge}')").await;
    let dodged = tab.act("click('{Dodges}')").await;
    assert!(!dodged.ok, "{}", dodged.message);
    assert!(dodged.message.contains("moved away"), "{}", dodged.message);
    tab.does("click('{Make it vanish}')").await;
    let gone = tab.act("click('{Dodges}')").await;
    assert!(!gone.ok, "{}", gone.message);
    assert!(gone.message.contains("clicked instead"), "{}", gone.message);
    // A bar that does not scroll is not in the way for good.
    tab.does("click('{Under the bar}')").await;
    tab.close().await;
}

#[tokio::test]
async fn what_a_click_leads_to_is_waited_for() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/turbulence").await;
    let slow = tab.does("click('{Slow page}')").await;
    assert_eq!(slow.url, stage.site.url("/slow"));
    tab.does("go_back()").await;
    let gone = tab.does("click('{Navigate by script}')").await;
    assert_eq!(gone.url, stage.site.url("/plain"));
    tab.close().await;
}

#[tokio::test]
async fn the_only_tab_is_replaced_by_an_empty_one() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    let closed = tab.does("tab_close()").await;
    assert_eq!(closed.url, "about:blank");
    assert!(
        closed.message.contains("open an address with goto"),
        "{}",
        closed.message
    );
    assert_eq!(tab.see().await.tabs.len(), 1);
    let address = stage.site.url("/plain");
    assert_eq!(tab.does(&format!("goto('{address}')")).await.url, address);
    tab.close().await;
}

#[tokio::test]
async fn a_page_that_reloads_all_the_time_is_read_and_acted_on() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/turbulence").await;
    tab.does("click('{Restless page}')").await;
    for _ in 0..20 {
        let seen = tab.see().await;
        assert_eq!(seen.title, "Restless");
        // The button may be another one by now; then that is what the agent is told.
        let id = seen.nodes.iter().find_map(|node| node.bid.clone());
        let result = tab
            .act(&format!("click('{}')", id.unwrap_or("1".to_owned())))
            .await;
        assert!(
            result.ok || result.message.contains("look again"),
            "{}",
            result.message
        );
    }
    // A reload that has begun may win over an address; the result says where the page is.
    let address = stage.site.url("/plain");
    let mut tries = 1;
    while tab.does(&format!("goto('{address}')")).await.url != address {
        assert!(tries < 5, "the page cannot be left");
        tries += 1;
    }
    tab.close().await;
}

#[tokio::test]
async fn an_episode_has_so_many_tabs_and_no_more() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    let flood = "let n = 0; for (let i = 0; i < 30; i += 1) n += open('about:blank') ? 1 : 0; n";
    tab.page.evaluate(flood).await.expect("opened");
    let result = tab.act("noop(100)").await;
    assert!(
        result
            .blocked
            .iter()
            .any(|url| url.contains("a tab beyond 20")),
        "{result:?}"
    );
    assert_eq!(tab.see().await.tabs.len(), 20);
    let refused = tab.act("new_tab()").await;
    assert!(
        !refused.ok && refused.message.contains("tab_close"),
        "{refused:?}"
    );
    tab.does("tab_close()").await;
    tab.does("new_tab()").await;
    tab.close().await;
}
