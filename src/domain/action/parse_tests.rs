//! Tests of reading and printing actions.

use proptest::prelude::*;

use super::super::{ACTIONS, Direction};
use super::*;

fn parsed(text: &str) -> Action {
    Action::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn message(text: &str) -> String {
    Action::parse(text).unwrap_err().to_string()
}

#[test]
fn calls_are_read_in_every_spelling() {
    let same = [
        "fill('44', 'SPRING10')",
        "fill(\"44\", \"SPRING10\")",
        "fill( bid='44' , value = 'SPRING10' )",
        "fill(value='SPRING10', bid='44')",
        "  fill('44', 'SPRING10',)\n",
        "# the code\nfill('44', 'SPRING10') # that is all",
        "fill('''44''', \"\"\"SPRING10\"\"\")",
        "fill('44', # the field\n'SPRING10')",
    ];
    let everything = ActionSet::everything();
    for text in same {
        assert_eq!(parsed(text).to_string(), "fill('44', 'SPRING10')", "{text}");
        let strict = Action::parse_in(text, &everything, Reading::Strict);
        assert_eq!(strict, Ok(parsed(text)), "{text}");
    }
}

#[test]
fn a_call_is_found_in_whatever_stands_around_it() {
    let everything = ActionSet::everything();
    for text in [
        "```python\nfill('44', 'x')\n```",
        "```fill('44', 'x')```",
        "Then (as said) I do: page.fill('44', 'x').",
        "do(fill('44', 'x'))",
        "<action>fill('44', 'x')</action>",
        "fill('unclosed, so I write fill('44', 'x')",
    ] {
        assert_eq!(parsed(text).to_string(), "fill('44', 'x')", "{text}");
        let strict = Action::parse_in(text, &everything, Reading::Strict);
        assert!(strict.is_err(), "{text}: {strict:?}");
    }
    let quoted = parsed("fill('5', 'click(\\'9\\')')");
    assert_eq!(quoted.target(), Some("5"));
    let commented = message("# click('1')");
    assert!(commented.contains("holds no name"), "{commented}");
}

#[test]
fn a_subset_knows_its_own_names_only() {
    let set = ActionSet::of(&["webarena"]).unwrap();
    let error = Action::parse_in("press('1', 'Enter')", &set, Reading::Loose).unwrap_err();
    let text = error.to_string();
    assert!(
        matches!(error, ActionParseError::UnknownAction { .. }),
        "{text}"
    );
    assert!(text.contains("keyboard_press"), "{text}");
    assert!(Action::parse_in("noop()", &set, Reading::Loose).is_ok());
}

#[test]
fn calls_are_found_with_all_their_literals() {
    let call = "f('a', -1, .5, 1e2, [1, 'b',], (), {'k': None, 'l': [True]}, x=False, y=(2,),)";
    let found = Call::find_all(call).unwrap();
    let expected = Call {
        name: "f".into(),
        args: serde_json::from_str(
            r#"["a", -1, 0.5, 100.0, [1, "b"], [], {"k": null, "l": [true]}]"#,
        )
        .unwrap(),
        kwargs: vec![("x".into(), false.into()), ("y".into(), vec![2].into())],
    };
    assert_eq!(found, [expected]);
    let names = |text: &str| -> Vec<String> {
        let calls = Call::find_all(text).unwrap();
        calls.into_iter().map(|call| call.name).collect()
    };
    assert_eq!(names("a() and b()c()"), ["a", "b", "c"]);
    let deep = format!("f({}", "[".repeat(50_000));
    assert!(Call::find_all(&deep).is_err());
}

#[test]
fn arguments_that_are_not_given_have_their_fallback() {
    let click = Action::Click {
        bid: "1".into(),
        button: MouseButton::Left,
        modifiers: vec![],
    };
    assert_eq!(parsed("click('1')"), click);
    assert_eq!(parsed("click('1', button=None)"), click);
    assert_eq!(parsed("noop()"), Action::Noop { wait_ms: 1000 });
    assert_eq!(parsed("noop(20.0)").to_string(), "noop(20)");
}

#[test]
fn printing_leaves_out_only_what_says_nothing() {
    for text in [
        "noop()",
        "click('1', 'right')",
        "click('1', 'left', 'Shift')",
        "click('1', 'left', ['Alt', 'Shift'])",
        "select_option('7', ['a', 'b'])",
        "select_option('7', [])",
        "scroll(0, -120.5)",
        "mouse_move(-1, 2)",
        "go_back()",
        "tab_focus(2)",
        r"send_msg_to_user('it\'s \\ two\nlines')",
    ] {
        assert_eq!(parsed(text).to_string(), text);
    }
}

#[test]
fn escapes_follow_python() {
    let action = parsed(r#"send_msg_to_user("a\x41\u00e9\U0001F600\d\"\101\a")"#);
    assert_eq!(
        action,
        Action::SendMsgToUser {
            text: "aA\u{e9}\u{1F600}\\d\"A\u{7}".into()
        }
    );
}

#[test]
fn errors_say_what_would_be_right() {
    let cases = [
        ("", "exactly one call"),
        ("click('1')\nclick('2')", "more than one action"),
        ("clik('1')", "did you mean click("),
        ("zzz()", "the actions are: click,"),
        ("I will click the button", "holds no name with arguments"),
        ("click('1", "has no end"),
        ("click('1'", "the end stands where `,` or `)` should"),
        ("click(\u{2018}1\u{2019})", "typographic quote"),
        (
            "click(1.5)",
            "`bid` must be the id of an element as text in quotes",
        ),
        ("click(12)", "e.g. '12', not 12"),
        ("click(None)", "not None"),
        ("fill('1', 5)", "`value` must be text in quotes, not 5"),
        ("fill('1', 'a', 'yes')", "must be True or False, not 'yes'"),
        ("scroll_page('left')", "must be 'up' or 'down', not 'left'"),
        ("click(submit)", "`submit` must stand in quotes"),
        ("click('1', 'top')", "'left', 'middle' or 'right'"),
        ("click('1', modifiers=['Hyper'])", "must be a list of: Alt"),
        ("click('1', bid='2')", "given twice"),
        ("click(bid='1', 'left')", "without a name follows"),
        ("click()", "`bid` is missing"),
        ("go_back(1)", "at most 0 arguments"),
        ("tab_focus(-1)", "whole number from 0"),
        ("scroll('a', 0)", "`delta_x` must be a number"),
        ("scroll(1e999, 0)", "too large a number"),
        (
            "click(id='1')",
            "click has no parameter `id`, and `bid` is missing",
        ),
        (
            "fill('1', text='x')",
            "fill has no parameter `text`, and `value` is missing; write fill(",
        ),
        ("click('1', id='1')", "click has no parameter `id`"),
        (r"send_msg_to_user('\ud800')", "half of a character"),
    ];
    for (text, part) in cases {
        let error = message(text);
        assert!(error.contains(part), "{text:?} says {error:?}");
    }
}

#[test]
fn every_action_of_the_table_can_be_built() {
    for signature in ACTIONS {
        let mut given = Map::new();
        for parameter in signature.parameters {
            let value: Value = match parameter.kind {
                ParameterKind::Bid | ParameterKind::Text => "a".into(),
                ParameterKind::Texts => vec!["a", "b"].into(),
                ParameterKind::Number => (-1.5).into(),
                ParameterKind::Count => 3.into(),
                ParameterKind::Button => "right".into(),
                ParameterKind::Modifiers => vec!["Shift"].into(),
                ParameterKind::Flag => true.into(),
                ParameterKind::Direction => "down".into(),
            };
            given.insert(parameter.name.to_owned(), value);
        }
        let action = build(signature, given).unwrap();
        assert_eq!(action.name(), signature.name);
        assert_eq!(Action::parse(&action.to_string()).as_ref(), Ok(&action));
    }
}

fn any_action() -> impl Strategy<Value = Action> {
    let text = any::<String>();
    let texts = proptest::collection::vec(any::<String>(), 0..4);
    let number = -1.0e9..1.0e9f64;
    let button = prop_oneof![
        Just(MouseButton::Left),
        Just(MouseButton::Middle),
        Just(MouseButton::Right)
    ];
    let modifiers = proptest::sample::subsequence(MODIFIERS.to_vec(), 0..MODIFIERS.len());
    prop_oneof![
        (text, text, any::<bool>()).prop_map(|(bid, value, menu)| Action::Fill {
            bid,
            value,
            enable_autocomplete_menu: menu,
        }),
        (text, texts.clone()).prop_map(|(bid, file)| Action::UploadFile { bid, file }),
        (text, text).prop_map(|(bid, text)| Action::TypeText { bid, text }),
        (number.clone(), number.clone()).prop_map(|(x, dy)| Action::ScrollAt {
            x,
            y: x,
            dx: dy,
            dy,
        }),
        any::<bool>().prop_map(|up| Action::ScrollPage {
            direction: if up { Direction::Up } else { Direction::Down },
        }),
        (text, texts).prop_map(|(bid, options)| Action::SelectOption { bid, options }),
        (text, button.clone(), modifiers).prop_map(|(bid, button, keys)| Action::Click {
            bid,
            button,
            modifiers: keys.into_iter().map(str::to_owned).collect(),
        }),
        (number.clone(), number.clone())
            .prop_map(|(delta_x, delta_y)| Action::Scroll { delta_x, delta_y }),
        (number.clone(), number, button).prop_map(|(x, y, button)| Action::MouseClick {
            x,
            y,
            button
        }),
        (0..1_000_000u64).prop_map(|wait_ms| Action::Noop { wait_ms }),
        (0..1000usize).prop_map(|index| Action::TabFocus { index }),
        text.prop_map(|url| Action::Goto { url }),
        text.prop_map(|text| Action::SendMsgToUser { text }),
        Just(Action::GoBack),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(action in any_action()) {
        prop_assert_eq!(Action::parse(&action.to_string()), Ok(action));
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,80}") {
        let _ = Action::parse(&text);
    }

    #[test]
    fn no_argument_text_makes_it_panic(text in "[a-z_]{3,6}\\([\\\\'\"\\[\\],=#` \\n0-9a-z.-]{0,40}\\)?") {
        let _ = Action::parse(&text);
        let _ = Action::parse(&format!("click({text}"));
    }
}
