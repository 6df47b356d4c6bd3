//! How Python writes values and what it calls white space: the reference benchmarks are written in
//! it, and what they print and compare is what Python makes of a value.

use serde_json::Value;

/// Whether `str.strip` takes it off: Unicode white space and U+001C to U+001F.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&character)
}

/// The value of a decimal digit of any script, which Python's `\\d`, `int` and `float` read. The
/// digits of a script stand in order, and its zero stands right after what is no digit, or after
/// another script's nine.
pub fn decimal(character: char) -> Option<u8> {
    static DIGIT: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"^\d$").expect("a pattern that a test compiles")
    });
    if let Some(value) = character.to_digit(10) {
        return u8::try_from(value).ok();
    }
    let is_digit = |other: char| DIGIT.is_match(other.encode_utf8(&mut [0; 4]));
    if character.is_ascii() || !is_digit(character) {
        return None;
    }
    let code = u32::from(character);
    let before = (1..=code)
        .take_while(|back| char::from_u32(code - back).is_some_and(is_digit))
        .count();
    u8::try_from(before % 10).ok()
}

/// Whether Python's `\\w` takes it for a part of a word: letters, everything that stands for a
/// number (also fractions and raised digits), and the underscore, but no combining mark.
pub fn is_word(character: char) -> bool {
    character == '_' || character.is_numeric() || is_letter(character)
}

fn is_letter(character: char) -> bool {
    static LETTER: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"^\p{L}$").expect("a pattern that a test compiles")
    });
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    LETTER.is_match(character.encode_utf8(&mut [0; 4]))
}

/// Whether a value counts as true: not nothing, not zero, not empty.
pub fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// `int()` of a text, as far as a float holds it: blanks around it, a sign, digits of any script
/// with single underscores between them.
pub fn whole_number(text: &str) -> Option<f64> {
    let text = strip(text);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let number: f64 = plain_digits(digits)
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_digit()))?
        .parse()
        .ok()?;
    Some(sign * number)
}

/// `float()` of a text.
pub fn float(text: &str) -> Option<f64> {
    plain_digits(strip(text))?.parse().ok()
}

/// A number with digits of any script as one with ASCII digits, and without the underscores
/// between them. Nothing when an underscore stands elsewhere.
fn plain_digits(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| characters.get(at))
            .is_some_and(|character| decimal(*character).is_some())
    };
    let mut plain = String::new();
    for (at, character) in characters.iter().enumerate() {
        match decimal(*character) {
            Some(value) => plain.push(char::from(b'0' + value)),
            None if *character == '_' => {
                if !is_digit(at.checked_sub(1)) || !is_digit(Some(at + 1)) {
                    return None;
                }
            }
            None => plain.push(*character),
        }
    }
    (!plain.is_empty()).then_some(plain)
}

/// The text without blanks at its ends.
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// `str()` of a value as JSON carries it.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// `repr()` of a value as JSON carries it.
pub fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number_text(number),
        Value::String(text) => repr_of_text(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", repr_of_text(key), repr(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
    }
}

fn number_text(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(float) if is_wide_integer(float) => float.to_string(),
        Some(float) if number.is_f64() => repr_of_float(float),
        _ => number.to_string(),
    }
}

/// Whether a float stands for an integer that JSON carries as digits and that 64 bits do not hold.
/// From 1e21 on, JavaScript writes numbers with an exponent, which is a float to Python.
fn is_wide_integer(float: f64) -> bool {
    const BITS: f64 = 9_223_372_036_854_775_808.0;
    let fits = -BITS < float && float < 2.0 * BITS;
    !fits && float.abs() < 1e21
}

/// `repr()` of a float: the shortest digits that read back as the same number.
pub fn repr_of_float(float: f64) -> String {
    if float.is_nan() {
        return "nan".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..16).contains(&exponent) {
        let plain = format!("{float}");
        return if plain.contains('.') {
            plain
        } else {
            format!("{plain}.0")
        };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// `repr()` of a text: single quotes unless only those occur in it.
pub fn repr_of_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if character == quote => out.extend(['\\', quote]),
            _ if is_printable(character) => out.push(character),
            _ => out.push_str(&escaped(character)),
        }
    }
    out.push(quote);
    out
}

fn escaped(character: char) -> String {
    match u32::from(character) {
        code @ 0..=0xFF => format!("\\x{code:02x}"),
        code @ 0x100..=0xFFFF => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// `str.isprintable`: no separator but the blank, no control, format, private or unassigned
/// character.
fn is_printable(character: char) -> bool {
    static HIDDEN: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
        regex::Regex::new(r"^[\p{C}\p{Z}]$").expect("a pattern that a test compiles")
    });
    let mut buffer = [0; 4];
    character == ' ' || !HIDDEN.is_match(character.encode_utf8(&mut buffer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_python_reads_them() {
        for (text, number) in [
            (" 12\n", Some(12.0)),
            ("-\u{661}\u{662}", Some(-12.0)),
            ("1_000", Some(1000.0)),
            ("1__0", None),
            ("_1", None),
            ("1_", None),
            ("--5", None),
            ("12.0", None),
            ("", None),
            ("inf", None),
        ] {
            assert_eq!(whole_number(text), number, "{text:?}");
        }
        assert_eq!(float("1_0.5"), Some(10.5));
        assert_eq!(float("1_.5"), None);
        assert_eq!(float(" Infinity "), Some(f64::INFINITY));
        assert_eq!(decimal('\u{FF19}'), Some(9));
        assert_eq!(decimal('\u{B2}'), None);
    }

    #[test]
    fn words_hold_fractions_and_no_combining_marks() {
        for (character, expected) in [
            ('\u{BD}', true),
            ('\u{301}', false),
            ('_', true),
            ('-', false),
        ] {
            assert_eq!(is_word(character), expected, "{character:?}");
        }
    }

    #[test]
    fn values_read_as_python_prints_them() {
        for (value, text) in [
            (json!(null), "None"),
            (json!("x"), "x"),
            (
                json!(["a", 1, null, 0.5, true]),
                "['a', 1, None, 0.5, True]",
            ),
            (json!({"k": ["it's"]}), "{'k': [\"it's\"]}"),
            (json!(1.0), "1.0"),
            (json!(2e20), "200000000000000000000"),
            (json!([-1e20]), "[-100000000000000000000]"),
            (json!(1e21), "1e+21"),
            (json!(1e22), "1e+22"),
            (json!(2e-7), "2e-07"),
            (json!(0.0001), "0.0001"),
            (json!(1e15), "1000000000000000.0"),
            (json!(-0.0), "-0.0"),
            (json!(10_000_000_000_000_000_u64), "10000000000000000"),
        ] {
            assert_eq!(text_of(&value), text);
        }
        assert_eq!(repr_of_float(f64::NAN), "nan");
        assert_eq!(
            repr_of_text("a'\"\n\u{A0}\u{200B}😀"),
            "'a\\'\"\\n\\xa0\\u200b😀'"
        );
    }
}
