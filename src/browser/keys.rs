//! Names of keys, as agents write them, and the codes that WebDriver knows them by.

/// Keys of a combination such as `Control+Shift+a`, the last one pressed last.
pub(super) fn combination(text: &str) -> Result<Vec<String>, String> {
    let mut keys = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // A plus sign separates keys, unless it is the key itself.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find('+').map_or(rest.len(), |at| at + first);
        let Some((name, tail)) = rest.split_at_checked(end) else {
            return Err(unknown(rest));
        };
        keys.push(key(name)?);
        rest = tail.strip_prefix('+').unwrap_or(tail);
    }
    if keys.is_empty() {
        return Err(unknown(text));
    }
    Ok(keys)
}

/// The code of one key.
pub(super) fn key(name: &str) -> Result<String, String> {
    let mut characters = name.chars();
    if let (Some(_), None) = (characters.next(), characters.next()) {
        return Ok(name.to_owned());
    }
    let known = NAMED
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((_, code)) = known {
        return Ok(code.to_string());
    }
    if let Some((_, sign)) = SIGNS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        return Ok((*sign).to_string());
    }
    // Physical keys such as `KeyA` and `Digit1`.
    let physical = name.strip_prefix("Key").or(name.strip_prefix("Digit"));
    match physical {
        Some(character) if character.len() == 1 => Ok(character.to_lowercase()),
        _ => Err(unknown(name)),
    }
}

/// Names that are worth naming to whoever wrote one that does not exist.
const SUGGESTED: &[&str] = &[
    "Enter",
    "Tab",
    "Escape",
    "Space",
    "Backspace",
    "Delete",
    "Insert",
    "ArrowLeft",
    "ArrowUp",
    "ArrowRight",
    "ArrowDown",
    "PageUp",
    "PageDown",
    "Home",
    "End",
    "Shift",
    "Control",
    "Alt",
    "Meta",
    "F1",
];

fn unknown(name: &str) -> String {
    let shown: String = name.chars().take(40).collect();
    let lower = shown.to_lowercase();
    let nearest = SUGGESTED
        .iter()
        .map(|known| (strsim::jaro_winkler(&lower, &known.to_lowercase()), known))
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|(likeness, _)| *likeness > 0.75);
    let hint = nearest.map_or(String::new(), |(_, known)| {
        format!("did you mean {known}? ")
    });
    format!(
        "there is no key `{shown}`; {hint}Use a character, a name such as Enter, Tab, Escape, \
         Backspace, Delete, ArrowDown, PageDown, Home, End, F1, or a combination such as Control+a"
    )
}

/// Key names and WebDriver's code points for them
/// (<https://www.w3.org/TR/webdriver2/#keyboard-actions>).
const NAMED: &[(&str, char)] = &[
    ("Enter", '\u{E007}'),
    ("Return", '\u{E006}'),
    ("NumpadEnter", '\u{E007}'),
    ("Tab", '\u{E004}'),
    ("Escape", '\u{E00C}'),
    ("Esc", '\u{E00C}'),
    ("Space", ' '),
    ("Backspace", '\u{E003}'),
    ("Delete", '\u{E017}'),
    ("Insert", '\u{E016}'),
    ("ArrowLeft", '\u{E012}'),
    ("Left", '\u{E012}'),
    ("ArrowUp", '\u{E013}'),
    ("Up", '\u{E013}'),
    ("ArrowRight", '\u{E014}'),
    ("Right", '\u{E014}'),
    ("ArrowDown", '\u{E015}'),
    ("Down", '\u{E015}'),
    ("PageUp", '\u{E00E}'),
    ("PageDown", '\u{E00F}'),
    ("End", '\u{E010}'),
    ("Home", '\u{E011}'),
    ("Shift", '\u{E008}'),
    ("Control", '\u{E009}'),
    ("Ctrl", '\u{E009}'),
    ("Del", '\u{E017}'),
    ("Spacebar", ' '),
    ("Cmd", '\u{E03D}'),
    ("Command", '\u{E03D}'),
    ("Option", '\u{E00A}'),
    ("ControlOrMeta", '\u{E009}'),
    ("Alt", '\u{E00A}'),
    ("Meta", '\u{E03D}'),
    ("F1", '\u{E031}'),
    ("F2", '\u{E032}'),
    ("F3", '\u{E033}'),
    ("F4", '\u{E034}'),
    ("F5", '\u{E035}'),
    ("F6", '\u{E036}'),
    ("F7", '\u{E037}'),
    ("F8", '\u{E038}'),
    ("F9", '\u{E039}'),
    ("F10", '\u{E03A}'),
    ("F11", '\u{E03B}'),
    ("F12", '\u{E03C}'),
];

/// Keys of signs by their place on the keyboard, and the sign.
const SIGNS: &[(&str, char)] = &[
    ("Backquote", '`'),
    ("Minus", '-'),
    ("Equal", '='),
    ("Plus", '+'),
    ("Backslash", '\\'),
    ("BracketLeft", '['),
    ("BracketRight", ']'),
    ("Semicolon", ';'),
    ("Quote", '\''),
    ("Comma", ','),
    ("Period", '.'),
    ("Slash", '/'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_split_at_plus_signs() {
        let control = "\u{E009}".to_owned();
        assert_eq!(
            combination("Control+a"),
            Ok(vec![control.clone(), "a".into()])
        );
        assert_eq!(combination("Control++"), Ok(vec![control, "+".into()]));
        assert_eq!(combination("+"), Ok(vec!["+".into()]));
        assert_eq!(combination("é"), Ok(vec!["é".into()]));
        assert_eq!(combination("enter"), Ok(vec!["\u{E007}".into()]));
        assert_eq!(combination("KeyA"), Ok(vec!["a".into()]));
        assert_eq!(combination("Minus"), Ok(vec!["-".into()]));
        assert_eq!(combination("Ctrl+Plus").map(|keys| keys.len()), Ok(2));
    }

    #[test]
    fn an_unknown_key_says_what_there_is() {
        for text in ["", "Entr", "Control+Foo", "éé+a"] {
            let error = combination(text).unwrap_err();
            assert!(error.contains("Enter, Tab"), "{text}: {error}");
        }
        for (text, nearest) in [
            ("Entr", "Enter"),
            ("arrow_down", "ArrowDown"),
            ("contrl+a", "Control"),
        ] {
            let error = combination(text).unwrap_err();
            assert!(
                error.contains(&format!("did you mean {nearest}?")),
                "{error}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,12}", keys in "[+a-zA-Z]{0,12}") {
            let _ = combination(&text);
            let _ = combination(&keys);
        }
    }
}
