//! The policy holds in the browser itself: whatever a page does, nothing outside the task is
//! reached, and what was tried is told.

use super::{Site, Stage, Tab};

/// What a page said.
async fn said(tab: &mut Tab) -> String {
    let script = "new Promise(done => { const look = () => { \
        const said = document.getElementById('said').textContent; \
        if (said) done(said); else setTimeout(look, 10); }; look(); })";
    let said = tab.page.evaluate(script).await.expect("an answer");
    said.as_str().unwrap_or_default().to_owned()
}

/// Addresses that no page of a task may lead to, and the rule that forbids each.
fn forbidden(stage: &Stage, elsewhere: &Site) -> Vec<(String, &'static str)> {
    vec![
        (elsewhere.url("/plain"), "origin"),
        ("http://localhost:8080/".to_owned(), "origin"),
        (stage.site.url("/forbidden/page"), "path"),
    ]
}

#[tokio::test]
async fn links_forms_scripts_and_redirects_lead_nowhere_else() {
    let stage = Stage::new().await;
    let elsewhere = Site::start().await;
    let ways = [
        "Link",
        "Link to a new tab",
        "Send form",
        "Post form",
        "Assign",
        "Open",
        "Redirect",
        "Soon",
    ];
    for (address, rule) in forbidden(&stage, &elsewhere) {
        let mut tab = stage.open(&format!("/guard?to={address}")).await;
        let home = tab.see().await.url;
        for way in ways {
            let result = tab.act(&format!("click('{{{way}}}')")).await;
            let at_once = !result.violations.is_empty();
            let mut told = result.violations.clone();
            if !at_once && way == "Soon" {
                // A busy machine may run the page's timer after the click has settled; then the
                // next action tells.
                told = tab.act("noop(500)").await.violations;
            }
            let rules: Vec<&str> = told.iter().map(|v| v.rule.as_str()).collect();
            assert_eq!(rules, [rule], "{way} to {address}: {result:?}");
            assert_eq!(result.ok, !at_once, "{way}");
            assert_eq!(result.url, home, "{way}");
            assert_eq!(tab.see().await.tabs.len(), 1, "{way}");
        }
        tab.close().await;
    }
    assert_eq!(elsewhere.hits("/plain"), 0);
    assert_eq!(stage.site.hits("/forbidden/page"), 0);
}

#[tokio::test]
async fn requests_of_the_page_itself_are_blocked_and_told() {
    let stage = Stage::new().await;
    let elsewhere = Site::start().await;
    let away = elsewhere.url("/plain");
    let mut tab = stage.open(&format!("/guard?to={away}")).await;
    for way in ["Fetch", "Fetch by redirect", "Socket", "Image", "Beacon"] {
        tab.page
            .evaluate("document.getElementById('said').textContent = ''")
            .await
            .expect("emptied");
        let result = tab.does(&format!("click('{{{way}}}')")).await;
        assert_eq!(said(&mut tab).await, "blocked", "{way}");
        let told = result.blocked.iter().any(|url| url.ends_with("/plain"));
        assert!(told, "{way}: {result:?}");
        assert!(result.violations.is_empty(), "{way}: {result:?}");
    }
    let result = tab.does("click('{Frame}')").await;
    assert_eq!(result.blocked, [away], "{result:?}");
    assert_eq!(elsewhere.hits("/plain"), 0);
    tab.close().await;

    // Also within the origin, where only paths tell apart what belongs to the task.
    let hidden = stage.site.url("/forbidden/page");
    let mut tab = stage.open(&format!("/guard?to={hidden}")).await;
    let result = tab.does("click('{Fetch}')").await;
    assert_eq!(said(&mut tab).await, "blocked");
    assert_eq!(result.blocked, [hidden]);
    assert_eq!(stage.site.hits("/forbidden/page"), 0);
    tab.close().await;
}

#[tokio::test]
async fn other_kinds_of_addresses_are_refused_whoever_opens_them() {
    let stage = Stage::new().await;
    let kinds = [
        "file:///etc/passwd",
        "view-source:http://127.0.0.1/",
        "chrome://version",
        "data:text/html,<title>data</title>",
    ];
    for address in kinds {
        let mut tab = stage.open(&format!("/guard?to={address}")).await;
        let home = tab.see().await.url;
        let result = tab.act(&format!("goto('{address}')")).await;
        assert_eq!(result.violations.len(), 1, "{address}: {result:?}");
        assert_eq!(result.violations[0].rule, "scheme");
        for way in ["Link", "Link to a new tab", "Assign", "Open"] {
            let result = tab.act(&format!("click('{{{way}}}')")).await;
            let rules: Vec<&str> = result.violations.iter().map(|v| v.rule.as_str()).collect();
            assert_eq!(rules, ["scheme"], "{way} to {address}: {result:?}");
            assert_eq!(result.url, home, "{way} to {address}");
            assert_eq!(tab.see().await.tabs.len(), 1, "{way} to {address}");
        }
        tab.close().await;
    }
}

#[tokio::test]
async fn a_page_cannot_show_what_it_made_up_as_a_place_of_its_own() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/guard").await;
    let home = tab.see().await.url;
    let cases = [
        (
            "location = URL.createObjectURL(new Blob(['<title>b</title>'], {type: 'text/html'}))",
            1,
        ),
        (
            "window.open(URL.createObjectURL(new Blob(['<title>b</title>'], {type: 'text/html'})))",
            1,
        ),
        ("history.pushState(null, '', '/forbidden/page')", 1),
        ("location = 'javascript:void(0)'", 0),
    ];
    for (code, violations) in cases {
        let plant = format!(
            "document.querySelector('form button').onclick = (event) => {{ \
             event.preventDefault(); {code}; }}"
        );
        tab.page.evaluate(&plant).await.expect("planted");
        let result = tab.act("click('{Send form}')").await;
        assert_eq!(result.violations.len(), violations, "{code}: {result:?}");
        let seen = tab.see().await;
        assert_eq!(seen.tabs.len(), 1, "{code}");
        assert_eq!(seen.url, home, "{code}");
    }
    tab.close().await;
}
