//! `Retry-After`, errors of every form, and keys that do not come back.

use super::*;

fn wait(text: &str) -> Option<u64> {
    let now = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * 20_000);
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, text.parse().unwrap());
    retry_after_ms(&headers, now)
}

#[test]
fn retry_after_is_read_as_seconds_and_as_a_date() {
    assert_eq!(wait("2"), Some(2_000));
    assert_eq!(wait("0.25"), Some(250));
    assert_eq!(wait("1e300"), Some(86_400_000));
    let now = Duration::from_hours(24 * 20_000);
    let date = |seconds: u64| {
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + now + Duration::from_secs(seconds))
    };
    assert_eq!(wait(&date(90)), Some(90_000));
    assert_eq!(wait(&date(10_000_000)), Some(86_400_000));
    assert_eq!(wait("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0), "long past");
    for nonsense in ["soon", "-1", "NaN", ""] {
        assert_eq!(wait(nonsense), None, "{nonsense}");
    }
}

#[test]
fn an_errors_message_is_found_in_every_form() {
    for (body, said, code) in [
        (r#"{"error":{"message":"no","code":"c"}}"#, "no", "c"),
        (
            r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            "Overloaded",
            "overloaded_error",
        ),
        (r#"{"error":"model not found"}"#, "model not found", ""),
        (r#"{"detail":"bad"}"#, "bad", ""),
        (r#"{"x":1}"#, r#"{"x":1}"#, ""),
        ("<html>Bad gateway</html>", "<html>Bad gateway</html>", ""),
    ] {
        assert_eq!(
            complaint(body.as_bytes()),
            (said.to_owned(), code.to_owned()),
            "{body}"
        );
    }
}

#[test]
fn a_key_is_taken_out_before_a_text_is_cut() {
    let key = Key::new(Some("sk-0123456789".to_owned()));
    let body = format!("{}sk-0123456789", "x".repeat(295));
    let received = Received {
        status: 400,
        retry_after_ms: None,
        content_type: String::new(),
        body: body.into_bytes(),
    };
    let error = refused(&received, &key).to_string();
    assert!(!error.contains("sk-"), "{error}");
    let quoted = Key::new(Some(r#"a"b\c"#.to_owned()));
    assert_eq!(
        quoted.redact(r#"it is a\"b\\c or a"b\c"#),
        "it is (key) or (key)"
    );
}
