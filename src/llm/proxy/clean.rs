//! Takes the provider's key out of what is passed back to an agent; all else stays as it came, to
//! the byte.

use serde_json::Value;

use crate::llm::key::Key;

/// A body without the key, however its JSON spells it.
pub(super) fn clean(key: &Key, body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let redacted = key.redact(&text);
    if let Ok(value) = serde_json::from_str::<Value>(&redacted) {
        let without = key.redact_json(value.clone());
        if without != value {
            return without.to_string().into_bytes();
        }
    }
    if redacted == text {
        body.to_vec()
    } else {
        redacted.into_bytes()
    }
}

/// An event without the key. `data` is what it says.
pub(super) fn clean_event(key: &Key, raw: Vec<u8>, name: &str, data: Option<&Value>) -> Vec<u8> {
    if let Some(value) = data {
        let without = key.redact_json(value.clone());
        if without != *value {
            let name = if name.is_empty() {
                String::new()
            } else {
                format!("event: {}\n", key.redact(name))
            };
            return format!("{name}data: {without}\n\n").into_bytes();
        }
    }
    let text = String::from_utf8_lossy(&raw);
    let redacted = key.redact(&text);
    if redacted == text {
        raw
    } else {
        redacted.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_in_every_spelling_and_nothing_else_is_touched() {
        let key = Key::new(Some("sk-canary-1234".to_owned()));
        for body in [
            "plain sk-canary-1234",
            r#"{"a": "sk-canary-1234"}"#,
            r#"{"a": "\u0073k-canary-1234"}"#,
        ] {
            let cleaned = String::from_utf8(clean(&key, body.as_bytes())).unwrap();
            assert!(cleaned.contains("(key)"), "{cleaned}");
            assert!(!cleaned.contains("canary"), "{cleaned}");
            let raw = format!("data: {body}\n\n").into_bytes();
            let data = serde_json::from_str(body).ok();
            let event = clean_event(&key, raw, "x", data.as_ref());
            let event = String::from_utf8(event).unwrap();
            assert!(
                event.contains("(key)") && !event.contains("canary"),
                "{event}"
            );
        }
        let other = b"{ \"a\" :\t1.50 }\xff";
        assert_eq!(clean(&key, other), other);
        let none = Key::new(None);
        assert_eq!(
            clean(&none, b"{\"a\": \"sk-canary-1234\"}"),
            b"{\"a\": \"sk-canary-1234\"}"
        );
    }
}
