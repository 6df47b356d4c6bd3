//! The whole set of actions reaches pages as trusted input, in the order in which a person's does.

use super::{Stage, Tab, named};

/// What the page noted since the last call.
async fn notes(tab: &mut Tab) -> Vec<String> {
    let noted = tab.page.evaluate("notes.splice(0)").await.expect("notes");
    serde_json::from_value(noted).expect("a list of texts")
}

async fn noted(tab: &mut Tab, call: &str) -> Vec<String> {
    notes(tab).await;
    tab.does(call).await;
    notes(tab).await
}

fn value(seen: &agentarena::domain::observation::Observation, name: &str) -> String {
    named(seen, name).value.clone().unwrap_or_default()
}

#[tokio::test]
async fn mouse_and_keys_are_trusted() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let clicked = noted(&mut tab, "click('{Target}')").await;
    let order = [
        "mouseover:true",
        "pointerdown:true",
        "mousedown:true",
        "focus:true",
        "mouseup:true",
        "click:true",
    ];
    let kinds: Vec<&str> = clicked
        .iter()
        .map(String::as_str)
        .filter(|note| !note.starts_with("mouseup at"))
        .collect();
    assert_eq!(kinds, order);
    let twice = noted(&mut tab, "dblclick('{Target}')").await;
    assert_eq!(twice.iter().filter(|note| *note == "click:true").count(), 2);
    assert!(twice.contains(&"dblclick:true".to_owned()), "{twice:?}");
    let right = noted(&mut tab, "click('{Target}', 'right')").await;
    assert!(right.contains(&"contextmenu:true".to_owned()), "{right:?}");
    let pressed = noted(&mut tab, "press('{Target}', 'Control+b')").await;
    for part in [
        "keydown:true:Control:ControlLeft:17:true",
        "keydown:true:b:KeyB:66:true",
        "keyup:true:b:KeyB:66:true",
    ] {
        assert!(pressed.contains(&part.to_owned()), "{part}: {pressed:?}");
    }
    tab.does("hover('{Second}')").await;
    let hovered = noted(&mut tab, "hover('{Target}')").await;
    assert_eq!(hovered, ["mouseover:true"]);
    tab.close().await;
}

#[tokio::test]
async fn dragging_moves_cards_and_turns_knobs() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let dragged = noted(&mut tab, "drag_and_drop('{Card}', '{Tray}')").await;
    for part in ["dragstart:true", "drop:true:ace", "dragend:true"] {
        assert!(dragged.contains(&part.to_owned()), "{part}: {dragged:?}");
    }
    let [x, y, ..] = named(&tab.see().await, "Knob").bbox.unwrap();
    let call = format!("mouse_drag_and_drop({}, {}, 700, 300)", x + 5.0, y + 5.0);
    let turned = noted(&mut tab, &call).await;
    assert_eq!(turned, ["mousedown:true", "mouseup at 700,300 after moves"]);
    tab.does(&format!("mouse_down({}, {})", x + 5.0, y + 5.0))
        .await;
    tab.does("mouse_move(650, 310)").await;
    let released = noted(&mut tab, "mouse_up(640, 320)").await;
    assert_eq!(released, ["mouseup at 640,320 after moves"]);
    tab.close().await;
}

#[tokio::test]
async fn the_wheel_scrolls_what_is_under_the_mouse() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let place = "[document.getElementById('pane').scrollTop, Math.round(scrollY)]";
    tab.does("scroll(0, 100)").await;
    assert_eq!(
        tab.page.evaluate(place).await.unwrap(),
        serde_json::json!([0, 100])
    );
    tab.does("scroll(0, -100)").await;
    tab.does("hover('{Long list}')").await;
    tab.does("scroll(0, 150)").await;
    assert_eq!(
        tab.page.evaluate(place).await.unwrap(),
        serde_json::json!([150, 0])
    );
    let [x, y, ..] = named(&tab.see().await, "Target").bbox.unwrap();
    tab.does(&format!("scroll_at({}, {}, 0, 60)", x + 2.0, y + 2.0))
        .await;
    assert_eq!(
        tab.page.evaluate(place).await.unwrap(),
        serde_json::json!([150, 60])
    );
    tab.does("scroll_page('down')").await;
    assert_eq!(
        tab.page.evaluate(place).await.unwrap(),
        serde_json::json!([150, 780])
    );
    tab.does("scroll_page('up')").await;
    tab.does("click('{Bottom}')").await;
    assert!(tab.see().await.scroll.y > 500.0);
    tab.close().await;
}

#[tokio::test]
async fn boxes_and_lists_follow_their_labels_and_tell_the_page() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let checked = noted(&mut tab, "check('{Styled box}')").await;
    assert!(
        checked.contains(&"click:true:true".to_owned()),
        "{checked:?}"
    );
    assert!(
        checked.contains(&"change:true:true".to_owned()),
        "{checked:?}"
    );
    let again = noted(&mut tab, "check('{Styled box}')").await;
    assert_eq!(again, Vec::<String>::new());
    let unchecked = noted(&mut tab, "uncheck('{Styled box}')").await;
    assert!(
        unchecked.contains(&"change:true:false".to_owned()),
        "{unchecked:?}"
    );

    let chosen = noted(&mut tab, "select_option('{Size}', 'Huge')").await;
    assert_eq!(chosen, ["input:false:xl", "change:false:xl"]);
    assert_eq!(
        noted(&mut tab, "select_option('{Size}', 'xl')").await,
        Vec::<String>::new()
    );
    let many = noted(&mut tab, "select_option('{Many}', ['One', 'Three'])").await;
    assert_eq!(many, ["change:false:One,Three"]);
    assert_eq!(
        noted(&mut tab, "select_option('{Many}', [])").await,
        ["change:false:"]
    );
    let hint = tab.does("click('{Size}')").await;
    assert!(
        hint.message.contains("use select_option"),
        "{}",
        hint.message
    );
    tab.close().await;
}

#[tokio::test]
async fn every_kind_of_field_can_be_filled() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let values = [
        ("First", "O'Hara \u{20ac} \u{1F600}"),
        ("Search", "shoes"),
        ("Phone", "+1 555"),
        ("Site", "http://a.example/?b=c"),
        ("Mail", "a@b.example"),
        ("Number", "-3.5"),
        ("Range", "7"),
        ("Colour", "#ff8800"),
        ("Date", "2026-03-18"),
        ("Time", "17:05"),
        ("Month", "2026-03"),
        ("Week", "2026-W12"),
        ("Moment", "2026-03-18T17:05"),
        ("Lines", "one\ntwo"),
        ("Rich", "all new"),
        ("Shadowed", "in the dark"),
        ("Framed", "in the frame"),
    ];
    for round in 0..2 {
        for (name, text) in values {
            let quoted = text.replace('\'', "\\'").replace('\n', "\\n");
            let result = tab.does(&format!("fill('{{{name}}}', '{quoted}')")).await;
            assert!(
                !result.message.contains("now holds"),
                "{round}: {}",
                result.message
            );
        }
    }
    let seen = tab.see().await;
    for (name, text) in values {
        let shown = value(&seen, name);
        assert_eq!(
            shown.split_whitespace().collect::<Vec<_>>(),
            text.split_whitespace().collect::<Vec<_>>(),
            "{name}"
        );
    }
    tab.does("fill('{Secret}', 'hunter2')").await;
    let secret = "document.getElementById('secret').value";
    assert_eq!(tab.page.evaluate(secret).await.unwrap(), "hunter2");
    tab.does("clear('{Shadowed}')").await;
    tab.does("clear('{Rich}')").await;
    let seen = tab.see().await;
    assert_eq!(value(&seen, "Shadowed") + &value(&seen, "Rich"), "");
    tab.close().await;
}

#[tokio::test]
async fn focus_moves_before_text_arrives_and_change_comes_when_it_leaves() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let first = noted(&mut tab, "fill('{First}', 'a')").await;
    assert_eq!(first, ["focus:true", "input:true"]);
    let second = noted(&mut tab, "press('{Second}', 'x')").await;
    let order = [
        "change:true",
        "blur:true",
        "focus:true",
        "keydown:true",
        "keypress:true",
        "input:true",
        "keyup:true",
    ];
    assert_eq!(second, order);
    let typed = noted(&mut tab, "type_text('{First}', 'bc')").await;
    let keys = ["keydown:true", "input:true", "keydown:true", "input:true"];
    assert!(typed.ends_with(&keys.map(str::to_owned)), "{typed:?}");
    // The click puts the cursor at the end of the short text; nothing is cleared.
    assert_eq!(value(&tab.see().await, "First"), "abc");
    tab.close().await;
}

#[tokio::test]
async fn suggestions_come_when_keys_are_wanted() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/hands").await;
    let offered = |seen: &agentarena::domain::observation::Observation| {
        let nodes = seen.nodes.iter().filter(|node| node.role == "button");
        let names = nodes.map(|node| node.name.clone());
        names.filter(|name| name.starts_with("Par")).count()
    };
    tab.does("fill('{City}', 'Par')").await;
    assert_eq!(offered(&tab.see().await), 0);
    tab.does("fill('{City}', 'Par', True)").await;
    let seen = tab.see().await;
    assert_eq!(
        (offered(&seen), value(&seen, "City")),
        (2, "Par".to_owned())
    );
    tab.does("click('{Parma}')").await;
    tab.close().await;
}
