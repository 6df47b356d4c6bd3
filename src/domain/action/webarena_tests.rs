//! Tests of WebArena's grammar.

use proptest::prelude::*;

use super::*;

fn read(text: &str) -> Result<WebArenaAction, WebArenaError> {
    WebArenaAction::parse(text, Profile::Compat)
}

fn typed(id: &str, text: &str) -> WebArenaAction {
    WebArenaAction::Type {
        id: id.to_owned(),
        text: text.to_owned(),
    }
}

fn answer(text: &str) -> WebArenaAction {
    WebArenaAction::Stop {
        answer: text.to_owned(),
    }
}

#[test]
fn the_first_id_anywhere_counts() {
    let click = |id: &str| WebArenaAction::Click { id: id.to_owned() };
    for (text, id) in [
        ("click [7]", "7"),
        ("click[007]", "007"),
        (" click [1] [2]\n", "1"),
        ("click [x] click [3]", "3"),
        ("click [\u{665}]", "\u{665}"),
    ] {
        assert_eq!(read(text), Ok(click(id)), "{text}");
    }
    for text in [
        "click",
        "click  [7]",
        "click [7",
        "Click [7]",
        "click(7)",
        "do click [7]",
    ] {
        assert!(
            matches!(read(text), Err(WebArenaError::Syntax { .. })),
            "{text}"
        );
    }
}

#[test]
fn typing_takes_a_flag_at_the_end_and_presses_enter_without_one() {
    for (text, action) in [
        ("type [5] [a b]", typed("5", "a b\n")),
        ("type [5] [a] [1]", typed("5", "a\n")),
        ("type[5][a][0]", typed("5", "a")),
        ("type [5] [a] [b] [0]", typed("5", "a] [b")),
        ("type [5] [a] [2]", typed("5", "a] [2\n")),
        ("type [5] [a][1] and more", typed("5", "a\n")),
        ("type [5] [\u{3E7}\u{7F}] [0]", typed("5", "\u{3E7}\u{7F}")),
    ] {
        assert_eq!(read(text), Ok(action), "{text}");
    }
    for text in [
        "type [5] [] [1]",
        "type [5] [1]",
        "type [x] [a] [1]",
        "type [5] [a\nb] [0]",
    ] {
        assert!(
            matches!(read(text), Err(WebArenaError::Syntax { .. })),
            "{text}"
        );
    }
    for character in ['\u{20AC}', '\u{80}', '\t', '\u{3E8}', '\u{1F600}'] {
        let text = format!("type [5] [a{character}] [0]");
        assert_eq!(read(&text), Err(WebArenaError::Untypable(character)));
        let meant = WebArenaAction::parse(&text, Profile::Strict);
        assert_eq!(meant, Ok(typed("5", &format!("a{character}"))));
    }
}

#[test]
fn keys_are_mapped_one_by_one() {
    let keys = |text: &str, profile| match WebArenaAction::parse(text, profile) {
        Ok(WebArenaAction::Press { key_comb }) => key_comb,
        other => panic!("{text}: {other:?}"),
    };
    for (text, compat, strict) in [
        ("press [ENTER]", "Enter", "Enter"),
        ("press [ctrl+f5]", "ctrl+F5", "Control+F5"),
        ("press [arrowleft]", "arrowleft", "ArrowLeft"),
        ("press [+]", "+", "+"),
        ("press [ ]", " ", " "),
        ("press [a] b]", "a] b", "a] b"),
    ] {
        assert_eq!(keys(text, Profile::Compat), compat, "{text}");
        assert_eq!(keys(text, Profile::Strict), strict, "{text}");
    }
    assert!(matches!(
        read("press []"),
        Err(WebArenaError::Syntax { .. })
    ));
}

#[test]
fn scrolling_needs_a_direction() {
    let scroll = |direction| Ok(WebArenaAction::Scroll { direction });
    for text in [
        "scroll [down]",
        "scroll down 300",
        "scroll[down",
        "scroll [downward]",
    ] {
        assert_eq!(read(text), scroll(Direction::Down), "{text}");
    }
    assert_eq!(read("scroll [up|down]"), scroll(Direction::Up));
    let taught = "scroll [direction=down]";
    assert!(matches!(read(taught), Err(WebArenaError::Syntax { .. })));
    let meant = WebArenaAction::parse(taught, Profile::Strict);
    assert_eq!(meant, scroll(Direction::Down));
}

#[test]
fn stop_is_never_an_error() {
    for (text, compat, strict) in [
        ("stop", "", ""),
        ("stop [a]", "a", "a"),
        ("stop [a [b] c] d", "a [b] c", "a [b] c"),
        ("stop [a\nb]", "", "a\nb"),
        ("stop  [a]", "", "a"),
        ("stop [a", "", ""),
    ] {
        assert_eq!(read(text), Ok(answer(compat)), "{text:?}");
        let meant = WebArenaAction::parse(text, Profile::Strict);
        assert_eq!(meant, Ok(answer(strict)), "{text:?}");
    }
}

#[test]
fn names_without_arguments_ignore_what_follows() {
    for text in ["new_tab", "new_tab []", "new_tab please", "new_tab [x]"] {
        assert_eq!(read(text), Ok(WebArenaAction::NewTab), "{text}");
    }
    assert_eq!(read("close_tab [1]"), Ok(WebArenaAction::CloseTab));
    let focus = |index| Ok(WebArenaAction::TabFocus { index });
    assert_eq!(read("tab_focus [01]"), focus(1));
    assert_eq!(read("tab_focus [\u{661}\u{662}]"), focus(12));
    let beyond = WebArenaAction::TabFocus {
        index: 99_999_999_999_999_999_999,
    };
    assert_eq!(read("tab_focus [99999999999999999999]"), Ok(beyond.clone()));
    let last = Action::TabFocus { index: usize::MAX };
    assert_eq!(beyond.lower(Profile::Compat), Ok(last));
    assert_eq!(
        read(&format!("tab_focus [{}]", "9".repeat(40))),
        focus(u128::MAX)
    );
    assert!(matches!(read("new tab"), Err(WebArenaError::Syntax { .. })));
    assert!(matches!(
        read("tab_focus [-1]"),
        Err(WebArenaError::Syntax { .. })
    ));
    assert_eq!(read(" \n"), Err(WebArenaError::Empty));
}

#[test]
fn the_action_of_a_reply_stands_between_the_first_fences() {
    for (reply, text) in [
        ("I think ```click [1]``` or ```click [2]```", "click [1]"),
        ("```\n go_back \n```", "go_back"),
        ("``````", ""),
        ("````click [1]````", "`click [1]"),
        ("```json\nclick [1]```", "json\nclick [1]"),
    ] {
        assert_eq!(extract(reply), Ok(text), "{reply}");
    }
    assert_eq!(extract("click [1]"), Err(WebArenaError::NoAction));
    assert_eq!(extract("```click [1]"), Err(WebArenaError::NoAction));
}

#[test]
fn each_action_has_one_that_does_the_same() {
    let lowered = |text: &str| {
        let action = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        action
            .lower(Profile::Compat)
            .map(|action| action.to_string())
    };
    for (text, call) in [
        ("click [7]", "click('7')"),
        ("hover [7]", "hover('7')"),
        ("type [7] [a]", r"type_text('7', 'a\n')"),
        ("press [Meta+a]", "keyboard_press('Control+a')"),
        ("press [+]", "keyboard_press('+')"),
        ("scroll [up]", "scroll_page('up')"),
        ("goto [http://x]", "goto('http://x')"),
        ("new_tab", "new_tab()"),
        ("go_back", "go_back()"),
        ("go_forward", "go_forward()"),
        ("close_tab", "tab_close()"),
        ("tab_focus [2]", "tab_focus(2)"),
        ("stop [42]", "send_msg_to_user('42')"),
        ("stop", "send_msg_to_user('')"),
    ] {
        assert_eq!(lowered(text).as_deref(), Ok(call), "{text}");
        let same = Action::parse(call).map(|action| action.to_string());
        assert_eq!(same.as_deref(), Ok(call));
    }
    let unknown = lowered("press [ctrl+a]").unwrap_err();
    assert_eq!(unknown, WebArenaError::UnknownKey("ctrl".into()));
    assert!(unknown.to_string().contains("Control"), "{unknown}");
}

#[test]
fn errors_say_what_would_be_right() {
    for (text, part) in [
        ("click", "write click [id]"),
        ("type [1]", "1 presses Enter"),
        ("scroll", "scroll [down]"),
        ("tab_focus [x]", "tab_focus [0]"),
        ("select [1]", "`select` is none of click, hover"),
        ("", "write e.g. click [12]"),
    ] {
        let error = read(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    let none = extract("click [1]").unwrap_err().to_string();
    assert!(none.contains("between ``` and ```"), "{none}");
}

fn any_webarena_action() -> impl Strategy<Value = WebArenaAction> {
    let id = "[0-9]{1,4}";
    let text = "[ -~\u{a1}-\u{3e7}]{0,20}[ -Z^-~]";
    prop_oneof![
        id.prop_map(|id| WebArenaAction::Click { id }),
        id.prop_map(|id| WebArenaAction::Hover { id }),
        (id, text).prop_map(|(id, text)| WebArenaAction::Type { id, text }),
        (id, text).prop_map(|(id, text)| typed(&id, &format!("{text}\n"))),
        text.prop_map(|url| WebArenaAction::Goto { url }),
        text.prop_map(|text| answer(&text)),
        (0..99u128).prop_map(|index| WebArenaAction::TabFocus { index }),
        Just(WebArenaAction::Scroll {
            direction: Direction::Up
        }),
        Just(WebArenaAction::NewTab),
        Just(WebArenaAction::CloseTab),
    ]
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}", args in "[\\[\\] 0-9a-z`+\n]{0,20}") {
        let _ = extract(&text);
        for name in ["", "click", "type", "press", "scroll", "goto", "tab_focus", "stop"] {
            for profile in [Profile::Compat, Profile::Strict] {
                for part in [&text, &args] {
                    if let Ok(action) = WebArenaAction::parse(&format!("{name} [{part}"), profile) {
                        let _ = action.lower(profile);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_printed_reads_back_the_same(action in any_webarena_action()) {
        prop_assert_eq!(read(&action.to_string()), Ok(action.clone()));
        let fenced = format!("So: ```{action}```");
        prop_assume!(!action.to_string().contains("```") && !action.to_string().ends_with('`'));
        prop_assert_eq!(extract(&fenced).and_then(read), read(&action.to_string()));
    }

    #[test]
    fn strict_reads_whatever_compat_reads(action in any_webarena_action()) {
        let text = action.to_string();
        prop_assert_eq!(WebArenaAction::parse(&text, Profile::Strict), Ok(action));
    }
}
