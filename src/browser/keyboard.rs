//! Keys as the browser's own socket takes them: the fields of a key event, for the codes that
//! WebDriver knows keys by and for characters on a US keyboard.

use serde_json::{Value, json};

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// `KeyboardEvent.key`.
    name: String,
    /// `KeyboardEvent.code`; empty for characters that are on no key.
    code: String,
    /// The old key code (`keyCode`), which pages still read.
    number: u32,
    /// What it types; empty for keys that type nothing.
    text: String,
    /// The modifier that it is, as a bit of the browser's mask.
    pub(super) modifier: u8,
    /// Whether it is typed with Shift.
    shifted: bool,
}

/// Bits of the browser's mask of modifiers.
const ALT: u8 = 1;
const CONTROL: u8 = 2;
const META: u8 = 4;
const SHIFT: u8 = 8;

impl Key {
    /// The key of a WebDriver code: a character or a code point from its private area
    /// (<https://www.w3.org/TR/webdriver2/#keyboard-actions>).
    pub(super) fn of(code: &str) -> Self {
        let character = code.chars().next().unwrap_or_default();
        NAMED
            .iter()
            .find(|named| named.webdriver == character)
            .map_or_else(|| Self::of_character(character), Named::key)
    }

    fn of_character(character: char) -> Self {
        let upper = character.to_ascii_uppercase();
        let (code, number) = match upper {
            'A'..='Z' => (format!("Key{upper}"), u32::from(upper)),
            '0'..='9' => (format!("Digit{upper}"), u32::from(upper)),
            ' ' => ("Space".to_owned(), 32),
            _ => SIGNS
                .iter()
                .find(|(plain, shifted, ..)| *plain == character || *shifted == character)
                .map_or((String::new(), 0), |(plain, _, code, number)| {
                    let code = if plain.is_ascii_digit() {
                        format!("Digit{plain}")
                    } else {
                        (*code).to_owned()
                    };
                    (code, *number)
                }),
        };
        let is_upper_sign = SIGNS.iter().any(|(_, shifted, ..)| *shifted == character);
        Self {
            name: character.to_string(),
            code,
            number,
            text: character.to_string(),
            modifier: 0,
            shifted: character.is_ascii_uppercase() || is_upper_sign,
        }
    }

    /// Parameters of `Input.dispatchKeyEvent` for pressing it while `held` is down.
    pub(super) fn down(&self, held: u8) -> Value {
        // With Control, Alt or Meta a key is a command and types nothing.
        let types = !self.text.is_empty() && held & (ALT | CONTROL | META) == 0;
        let mut event = self.event(if types { "keyDown" } else { "rawKeyDown" }, held);
        if types {
            event["text"] = self.text.as_str().into();
            event["unmodifiedText"] = self.text.as_str().into();
        }
        event
    }

    /// Parameters of `Input.dispatchKeyEvent` for releasing it.
    pub(super) fn up(&self, held: u8) -> Value {
        self.event("keyUp", held)
    }

    fn event(&self, kind: &str, held: u8) -> Value {
        let modifiers = if self.shifted { held | SHIFT } else { held };
        json!({
            "type": kind,
            "key": self.name,
            "code": self.code,
            "windowsVirtualKeyCode": self.number,
            "modifiers": modifiers,
        })
    }
}

/// A key with a name.
struct Named {
    webdriver: char,
    key: &'static str,
    code: &'static str,
    number: u32,
    text: &'static str,
    modifier: u8,
}

impl Named {
    fn key(&self) -> Key {
        Key {
            name: self.key.to_owned(),
            code: self.code.to_owned(),
            number: self.number,
            text: self.text.to_owned(),
            modifier: self.modifier,
            shifted: false,
        }
    }
}

const fn plain(webdriver: char, key: &'static str, number: u32) -> Named {
    Named {
        webdriver,
        key,
        code: key,
        number,
        text: "",
        modifier: 0,
    }
}

const fn modifier(
    webdriver: char,
    key: &'static str,
    code: &'static str,
    number: u32,
    bit: u8,
) -> Named {
    Named {
        webdriver,
        key,
        code,
        number,
        text: "",
        modifier: bit,
    }
}

const fn enter(webdriver: char) -> Named {
    Named {
        webdriver,
        key: "Enter",
        code: "Enter",
        number: 13,
        text: "\r",
        modifier: 0,
    }
}

const NAMED: &[Named] = &[
    enter('\u{E006}'),
    enter('\u{E007}'),
    modifier('\u{E008}', "Shift", "ShiftLeft", 16, SHIFT),
    modifier('\u{E009}', "Control", "ControlLeft", 17, CONTROL),
    modifier('\u{E00A}', "Alt", "AltLeft", 18, ALT),
    modifier('\u{E03D}', "Meta", "MetaLeft", 91, META),
    plain('\u{E003}', "Backspace", 8),
    plain('\u{E004}', "Tab", 9),
    plain('\u{E00C}', "Escape", 27),
    plain('\u{E00E}', "PageUp", 33),
    plain('\u{E00F}', "PageDown", 34),
    plain('\u{E010}', "End", 35),
    plain('\u{E011}', "Home", 36),
    plain('\u{E012}', "ArrowLeft", 37),
    plain('\u{E013}', "ArrowUp", 38),
    plain('\u{E014}', "ArrowRight", 39),
    plain('\u{E015}', "ArrowDown", 40),
    plain('\u{E016}', "Insert", 45),
    plain('\u{E017}', "Delete", 46),
    plain('\u{E031}', "F1", 112),
    plain('\u{E032}', "F2", 113),
    plain('\u{E033}', "F3", 114),
    plain('\u{E034}', "F4", 115),
    plain('\u{E035}', "F5", 116),
    plain('\u{E036}', "F6", 117),
    plain('\u{E037}', "F7", 118),
    plain('\u{E038}', "F8", 119),
    plain('\u{E039}', "F9", 120),
    plain('\u{E03A}', "F10", 121),
    plain('\u{E03B}', "F11", 122),
    plain('\u{E03C}', "F12", 123),
];

/// Keys with signs on a US keyboard: without and with Shift, code, old key code.
const SIGNS: &[(char, char, &str, u32)] = &[
    ('1', '!', "", 49),
    ('2', '@', "", 50),
    ('3', '#', "", 51),
    ('4', '$', "", 52),
    ('5', '%', "", 53),
    ('6', '^', "", 54),
    ('7', '&', "", 55),
    ('8', '*', "", 56),
    ('9', '(', "", 57),
    ('0', ')', "", 48),
    (';', ':', "Semicolon", 186),
    ('=', '+', "Equal", 187),
    (',', '<', "Comma", 188),
    ('-', '_', "Minus", 189),
    ('.', '>', "Period", 190),
    ('/', '?', "Slash", 191),
    ('`', '~', "Backquote", 192),
    ('[', '{', "BracketLeft", 219),
    ('\\', '|', "Backslash", 220),
    (']', '}', "BracketRight", 221),
    ('\'', '"', "Quote", 222),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_codes_of_a_us_keyboard() {
        let cases = [
            ("a", "KeyA", 65, false),
            ("Z", "KeyZ", 90, true),
            ("7", "Digit7", 55, false),
            ("&", "Digit7", 55, true),
            ("?", "Slash", 191, true),
            (" ", "Space", 32, false),
            ("é", "", 0, false),
        ];
        for (text, code, number, shifted) in cases {
            let key = Key::of(text);
            assert_eq!((key.code.as_str(), key.number), (code, number), "{text}");
            assert_eq!(key.shifted, shifted, "{text}");
            assert_eq!(key.down(0)["text"], text);
        }
    }

    #[test]
    fn a_command_types_nothing() {
        let down = Key::of("a").down(CONTROL);
        assert_eq!(down["type"], "rawKeyDown");
        assert_eq!(down.get("text"), None);
        assert_eq!(down["modifiers"], CONTROL);
        assert_eq!(Key::of("\u{E007}").down(0)["text"], "\r");
        assert_eq!(Key::of("\u{E004}").down(0)["type"], "rawKeyDown");
        assert_eq!(Key::of("\u{E008}").modifier, SHIFT);
    }
}
