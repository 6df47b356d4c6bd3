//! How Python writes values and what it calls white space: the reference benchmarks are written in
//! it, and what they print and compare is what Python makes of a value.

use serde_json::Value;

/// Whether `str.strip` takes it off: Unicode white space and U+001C to U+001F.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&character)
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
        Some(float) if number.is_f64() => repr_of_float(float),
        _ => number.to_string(),
    }
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
    fn values_read_as_python_prints_them() {
        for (value, text) in [
            (json!(null), "None"),
            (json!("x"), "x"),
            (
                json!(["a", 1, null, 0.5, true]),
                "['a', 1, None, 0.5, True]",
            ),
            (json!({"k": ["it's"]}), "{'k': [\"it's\"]}"),
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
