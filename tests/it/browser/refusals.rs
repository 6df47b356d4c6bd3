//! Every mistake that an agent can make is answered with what to do instead.

use super::{Stage, Tab, bid};

async fn refused(tab: &mut Tab, call: &str, parts: &[&str]) {
    let result = tab.act(call).await;
    assert!(!result.ok, "{call} was carried out: {}", result.message);
    for part in parts {
        let message = &result.message;
        assert!(
            message.contains(part),
            "{call}: {part:?} is not in {message:?}"
        );
    }
    assert_eq!(result.violations, []);
}

#[tokio::test]
async fn an_id_that_is_none_of_now_says_why() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/kinds").await;
    // Nothing was looked at yet, so every id is one of another page.
    refused(
        &mut tab,
        "click('3')",
        &["opened or replaced after you looked", "/kinds"],
    )
    .await;
    let seen = tab.see().await;
    let leaves = bid(&seen, "Leaves");
    refused(
        &mut tab,
        "click('9999')",
        &["there is no element [9999]", "never was"],
    )
    .await;
    refused(
        &mut tab,
        "click('submit')",
        &["no element [submit]", "the number in square brackets"],
    )
    .await;
    tab.does("click('{Remove it}')").await;
    refused(
        &mut tab,
        &format!("click('{leaves}')"),
        &["no longer on the page", "look again"],
    )
    .await;
    let address = stage.site.url("/plain");
    tab.does(&format!("goto('{address}')")).await;
    refused(
        &mut tab,
        &format!("click('{leaves}')"),
        &["replaced after you looked", "/plain"],
    )
    .await;
    tab.does("new_tab()").await;
    refused(
        &mut tab,
        &format!("fill('{leaves}', 'x')"),
        &["replaced after you looked"],
    )
    .await;
    tab.close().await;
}

#[tokio::test]
async fn a_target_that_cannot_be_reached_says_why() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/kinds").await;
    let hides = bid(&tab.see().await, "Hides");
    tab.does("click('{Hide it}')").await;
    for call in ["click", "hover", "focus"] {
        let call = format!("{call}('{hides}')");
        refused(
            &mut tab,
            &call,
            &["(button \"Hides\") is hidden", "do first what shows it"],
        )
        .await;
    }
    refused(
        &mut tab,
        "click('{Off}')",
        &["(button \"Off\") is disabled", "before"],
    )
    .await;
    refused(&mut tab, "fill('{Locked}', 'x')", &["is disabled"]).await;
    refused(
        &mut tab,
        "click('{Aside}')",
        &["cannot be scrolled into view"],
    )
    .await;
    refused(
        &mut tab,
        "focus('{Loose}')",
        &["cannot take focus", "click it instead"],
    )
    .await;
    for call in [
        "mouse_click(2000, 5)",
        "mouse_move(-1, 5)",
        "scroll_at(5, 720, 0, 1)",
    ] {
        refused(&mut tab, call, &["outside of the viewport", "1280 by 720"]).await;
    }
    tab.close().await;
    let mut tab = stage.open("/shapes").await;
    let covered = [
        "covered by dialog \"Cookie notice\"",
        "close or move what covers it",
    ];
    refused(&mut tab, "click('{Buried}')", &covered).await;
    tab.close().await;
}

#[tokio::test]
async fn an_action_for_another_kind_of_element_names_the_right_one() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/kinds").await;
    for (call, parts) in [
        (
            "fill('{Size}', 'x')",
            ["a combobox \"Size\", not a text field", "use select_option"],
        ),
        (
            "fill('{Box}', 'x')",
            ["a checkbox \"Box\", not a text field", "use check"],
        ),
        (
            "fill('{Plain button}', 'x')",
            ["not a text field", "use click"],
        ),
        (
            "fill('{File}', 'x')",
            ["not a text field", "use upload_file"],
        ),
        (
            "clear('{Plain link}')",
            ["a link \"Plain link\", not a text field", "use click"],
        ),
        (
            "check('{Plain link}')",
            ["not a check box or radio button", "use click"],
        ),
        (
            "check('{Text}')",
            ["not a check box or radio button", "use fill"],
        ),
        (
            "uncheck('{Dot}')",
            ["is a radio button", "another one of its group"],
        ),
        (
            "select_option('{Plain button}', 'x')",
            ["not a native list box", "click it and then"],
        ),
        (
            "select_option('{Fancy}', 'x')",
            ["a combobox \"Fancy\", not a native", "click it and then"],
        ),
        (
            "select_option('{Text}', 'x')",
            ["not a native list box", "use fill"],
        ),
        (
            "upload_file('{Text}', 'a.txt')",
            ["not a file field", "use fill"],
        ),
        (
            "upload_file('{File}', 'a.txt')",
            ["no files to upload", "go on without"],
        ),
        (
            "mouse_upload_file(5, 5, 'a.txt')",
            ["not a file field", "(5, 5)"],
        ),
        (
            "fill('{Fixed}', 'x')",
            ["(textbox \"Fixed\") is read-only", "cannot be changed"],
        ),
    ] {
        refused(&mut tab, call, &parts).await;
    }
    tab.close().await;
}

#[tokio::test]
async fn a_value_that_is_not_accepted_says_what_is() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/kinds").await;
    for (call, parts) in [
        (
            "fill('{Date}', '18.3.2026')",
            ["YYYY-MM-DD", "not \"18.3.2026\""],
        ),
        ("fill('{Time}', '5 pm')", ["HH:MM", "not \"5 pm\""]),
        ("fill('{Month}', 'March')", ["YYYY-MM", "not"]),
        ("fill('{Week}', '12')", ["YYYY-Www", "not"]),
        ("fill('{Moment}', 'now')", ["YYYY-MM-DDTHH:MM", "not"]),
        ("fill('{Colour}', 'red')", ["#rrggbb", "not \"red\""]),
        (
            "fill('{Range}', 'high')",
            ["a number such as", "from 0 to 10"],
        ),
        (
            "fill('{Number}', 'many')",
            ["a number such as", "from 1 to 9"],
        ),
        (
            "select_option('{Size}', 'Medium')",
            ["no option \"Medium\"", "it has: \"Small\", \"Large\""],
        ),
        (
            "select_option('{Size}', 'Huge')",
            ["\"Huge\" of element", "disabled; it has: \"Small\""],
        ),
        (
            "select_option('{Size}', [])",
            ["takes exactly one option", "\"Large\""],
        ),
        (
            "select_option('{Nothing yet}', 'x')",
            ["has no option", "it has: no options"],
        ),
        (
            "press('{Text}', 'Entr')",
            ["there is no key `Entr`", "did you mean Enter?"],
        ),
        (
            "keyboard_press('Contrl+a')",
            ["there is no key `Contrl`", "did you mean Control?"],
        ),
    ] {
        refused(&mut tab, call, &parts).await;
    }
    // What the browser cuts or clamps is done, and told.
    for (call, part) in [
        (
            "fill('{Short}', 'abcdef')",
            "at most 4 characters, so it now holds \"abcd\"",
        ),
        ("fill('{Range}', '50')", "it now holds \"10\""),
        (
            "fill('{Number}', '50')",
            "does not accept it: Value must be less than or equal to 9",
        ),
        ("fill('{Mail}', 'nobody')", "does not accept it: "),
    ] {
        let result = tab.does(call).await;
        assert!(result.message.contains(part), "{call}: {}", result.message);
    }
    tab.close().await;
}

#[tokio::test]
async fn places_that_are_not_there_are_named() {
    let stage = Stage::new().await;
    let mut tab = stage.open("/kinds").await;
    for (call, parts) in [
        ("tab_focus(3)", ["there is no tab 3", "numbered 0 to 0"]),
        (
            "go_back()",
            ["there is no earlier page", "use a link or goto"],
        ),
        ("go_forward()", ["there is no later page", "goto"]),
        (
            "goto('not an address')",
            ["is no whole address", "write one like http://"],
        ),
        (
            "goto('/plain')",
            ["is no whole address", "write one like http://"],
        ),
        (
            "scroll_page('up')",
            ["at its top already", "nothing more to scroll"],
        ),
    ] {
        refused(&mut tab, call, &parts).await;
    }
    tab.close().await;
}
