//! What actions do, and what an agent is told when they cannot be done.

use super::{Stage, Tab, bid, named};

async fn log_of(tab: &mut Tab) -> String {
    let seen = tab.see().await;
    let mut found = seen.nodes.iter().filter(|node| node.role == "status");
    found
        .next()
        .map(|node| node.name.clone())
        .unwrap_or_default()
}

#[tokio::test]
async fn links_and_history_lead_to_pages() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    let result = tab.does("click('{To the form}')").await;
    assert_eq!(result.url, stage.site.url("/form"));
    assert!(
        result.message.contains("link \"To the form\""),
        "{}",
        result.message
    );
    assert_eq!(tab.does("go_back()").await.url, stage.site.url("/plain"));
    assert_eq!(tab.does("go_forward()").await.url, stage.site.url("/form"));
    let nowhere = tab.act("go_forward()").await;
    assert!(!nowhere.ok && nowhere.message.contains("there is no later page"));
    tab.close().await;
}

#[tokio::test]
async fn fields_take_values_by_trusted_input() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/form").await;
    tab.does("fill('{Name}', 'Ann O\\'Hara')").await;
    let short = tab.does("fill('{Short}', 'abcdef')").await;
    assert!(
        short.message.contains("now holds \"abc\""),
        "{}",
        short.message
    );
    tab.does("fill('{Day}', '2026-03-18')").await;
    tab.does("fill('{Editor}', 'final')").await;
    tab.does("select_option('{Colour}', 'Green')").await;
    tab.does("select_option('{Toppings}', ['Ham', 'Rye'])")
        .await;
    tab.does("check('{News}')").await;
    tab.does("check('{Card}')").await;
    let seen = tab.see().await;
    for (name, value) in [
        ("Name", "Ann O'Hara"),
        ("Short", "abc"),
        ("Day", "2026-03-18"),
        ("Editor", "final"),
        ("Colour", "Green"),
        ("Toppings", "Ham, Rye"),
    ] {
        assert_eq!(named(&seen, name).value.as_deref(), Some(value), "{name}");
    }
    for name in ["News", "Card"] {
        assert!(
            named(&seen, name).states.contains(&"checked".to_owned()),
            "{name}"
        );
    }
    let log = log_of(&mut tab).await;
    assert!(log.contains("input:name:true"), "{log}");
    assert!(log.contains("change:name:true"), "{log}");
    assert!(log.contains("change:colour:"), "{log}");
    tab.does("uncheck('{News}')").await;
    tab.does("clear('{Name}')").await;
    let seen = tab.see().await;
    assert_eq!(named(&seen, "Name").value, None);
    assert_eq!(named(&seen, "News").states, Vec::<String>::new());
    tab.close().await;
}

#[tokio::test]
async fn mouse_and_keys_reach_their_targets() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/form").await;
    tab.does("click('{Target}', 'left', ['Shift'])").await;
    tab.does("dblclick('{Target}')").await;
    tab.does("click('{Target}', 'right')").await;
    tab.does("press('{Target}', 'Escape')").await;
    tab.does("drag_and_drop('{Drag me}', '{Drop here}')").await;
    let log = log_of(&mut tab).await;
    for part in [
        "click:true::true ",
        "click:true::false ",
        "dblclick:true:",
        "contextmenu:true:",
        "mouseover:true:",
        "focus:true:",
        "keydown:true:Escape:false",
        "dropped",
    ] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
    let [x, y, ..] = named(&tab.see().await, "Target").bbox.unwrap();
    let (x, y) = (x + 4.0, y + 4.0);
    tab.does(&format!("mouse_move({x}, {y})")).await;
    tab.does(&format!("mouse_down({x}, {y}, 'middle')")).await;
    tab.does(&format!("mouse_up({x}, {y}, 'middle')")).await;
    tab.does(&format!("mouse_click({x}, {y})")).await;
    tab.does(&format!("mouse_dblclick({x}, {y})")).await;
    tab.does("mouse_drag_and_drop(5, 5, 50, 50)").await;
    let log = log_of(&mut tab).await;
    assert!(log.contains("down:1 ") && log.contains("up:1 "), "{log}");
    tab.close().await;
}

#[tokio::test]
async fn the_keyboard_types_into_what_has_focus() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/form").await;
    tab.does("focus('{Name}')").await;
    tab.does("keyboard_press('Control+a')").await;
    tab.does("keyboard_type('Zoë 1')").await;
    tab.does("keyboard_insert_text('!')").await;
    tab.does("keyboard_down('Shift')").await;
    tab.does("keyboard_press('ArrowLeft')").await;
    tab.does("keyboard_up('Shift')").await;
    tab.does("keyboard_press('Delete')").await;
    let seen = tab.see().await;
    assert_eq!(named(&seen, "Name").value.as_deref(), Some("Zoë 1"));
    assert_eq!(seen.focus, named(&seen, "Name").bid);
    let submitted = tab.does("keyboard_press('Enter')").await;
    assert!(
        submitted.url.contains("/plain?name=Zo%C3%AB+1&"),
        "{}",
        submitted.url
    );
    tab.close().await;
}

#[tokio::test]
async fn an_agent_is_told_why_an_action_cannot_be_done() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/form").await;
    let cases = [
        ("click('999')", "there is no element [999]"),
        ("fill('{Fixed}', 'x')", "read-only"),
        ("fill('{Target}', 'x')", "not a text field"),
        ("fill('{Day}', 'tomorrow')", "takes a date as YYYY-MM-DD"),
        (
            "select_option('{Colour}', 'Pink')",
            "it has: \"Red\", \"Green\"",
        ),
        ("select_option('{Colour}', 'Blue')", "is disabled"),
        (
            "select_option('{Colour}', ['Red', 'Green'])",
            "takes exactly one option",
        ),
        ("select_option('{Target}', 'x')", "not a native list box"),
        ("check('{Target}')", "not a check box"),
        ("press('{Name}', 'Entr')", "there is no key `Entr`"),
        ("upload_file('{File}', 'a.txt')", "no files to upload"),
        ("tab_focus(3)", "tabs are numbered 0 to 0"),
        ("goto('not an address')", "is no whole address"),
        ("go_back()", "there is no earlier page"),
    ];
    for (call, part) in cases {
        let result = tab.act(call).await;
        assert!(
            !result.ok && result.message.contains(part),
            "{call}: {}",
            result.message
        );
        assert_eq!(result.violations, []);
    }
    tab.close().await;

    let mut tab = stage.open("/shapes").await;
    let covered = tab.act("click('{Buried}')").await;
    assert!(!covered.ok);
    assert!(
        covered
            .message
            .contains("covered by dialog \"Cookie notice\""),
        "{}",
        covered.message
    );
    let disabled = tab.act("click('{Send}')").await;
    assert!(
        disabled.message.contains("is disabled"),
        "{}",
        disabled.message
    );
    tab.close().await;
}

#[tokio::test]
async fn elements_in_frames_shadows_and_below_the_fold_are_reached() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/shapes").await;
    for name in [
        "Shadow button",
        "Framed button",
        "Loose clickable",
        "Far below",
        "More",
    ] {
        tab.does(&format!("click('{{{name}}}')")).await;
    }
    let seen = tab.see().await;
    assert!(
        seen.nodes.iter().any(|node| node.name == "hit"),
        "{}",
        seen.tree_text()
    );
    assert!(seen.nodes.iter().any(|node| node.name == "folded away"));
    tab.does("scroll(0, -5000)").await;
    assert!(tab.see().await.scroll.y < 1.0);
    tab.does("scroll(0, 300)").await;
    let scroll = tab.see().await.scroll;
    assert!(
        (scroll.y - 300.0).abs() < 1.0 && scroll.max_y > 1000.0,
        "{scroll:?}"
    );
    tab.close().await;
}

#[tokio::test]
async fn a_click_waits_for_what_it_started() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/events").await;
    tab.does("click('{Slow fetch}')").await;
    tab.does("click('{Soon}')").await;
    let said = log_of(&mut tab).await;
    assert_eq!(said, "slow answer later");
    tab.close().await;
}

#[tokio::test]
async fn dialogs_are_answered_and_reported() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/events").await;
    for (button, kind, accepted) in [
        ("Alert", "alert", true),
        ("Confirm", "confirm", true),
        ("Prompt", "prompt", false),
    ] {
        let result = tab.does(&format!("click('{{{button}}}')")).await;
        assert_eq!(result.dialogs.len(), 1, "{button}");
        assert_eq!(result.dialogs[0].kind, kind);
        assert_eq!(result.dialogs[0].accepted, accepted);
        assert!(result.message.contains(&result.dialogs[0].message));
    }
    let said = log_of(&mut tab).await;
    assert_eq!(said, "after alert confirm true prompt null");
    tab.close().await;
}

#[tokio::test]
async fn popups_become_tabs() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/events").await;
    let result = tab.does("click('{Popup}')").await;
    assert!(
        result.message.contains("a new tab opened"),
        "{}",
        result.message
    );
    assert_eq!(result.url, stage.site.url("/plain"));
    let seen = tab.see().await;
    let tabs: Vec<(&str, bool)> = seen
        .tabs
        .iter()
        .map(|t| (t.title.as_str(), t.active))
        .collect();
    assert_eq!(tabs, [("Events", false), ("Plain", true)]);
    assert_eq!(
        tab.does("tab_focus(0)").await.url,
        stage.site.url("/events")
    );
    tab.does("click('{New tab link}')").await;
    assert_eq!(tab.see().await.tabs.len(), 3);
    tab.does("tab_close()").await;
    tab.does("new_tab()").await;
    assert_eq!(tab.see().await.url, "about:blank");
    let address = stage.site.url("/plain");
    tab.does(&format!("goto('{address}')")).await;
    let link = bid(&tab.see().await, "To the form");
    tab.does(&format!("click('{link}')")).await;
    assert_eq!(tab.see().await.title, "Form");
    tab.close().await;
}

#[tokio::test]
async fn answers_do_not_touch_the_page() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/plain").await;
    for call in [
        "send_msg_to_user('42')",
        "report_infeasible('NOT_FOUND x')",
        "noop(1)",
    ] {
        assert_eq!(tab.does(call).await.url, stage.site.url("/plain"));
    }
    tab.close().await;
}
