//! What of a request is read, what is added, and what bounds its cost.

use super::*;
use crate::domain::price::Price;

const TARIFF: Price = Price {
    input_microusd_per_mtok: Some(1_000_000),
    output_microusd_per_mtok: Some(2_000_000),
    cache_read_microusd_per_mtok: None,
    cache_write_microusd_per_mtok: None,
};

fn tariff() -> Tariff {
    Tariff {
        own: TARIFF,
        personal: None,
        listed: None,
    }
}

fn asked(provider: Provider, more: &Value) -> Asked {
    let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    Asked::read(provider, body.to_string().as_bytes(), None).unwrap()
}

fn most(provider: Provider, more: &Value) -> MostCost {
    asked(provider, more).most(&tariff())
}

#[test]
fn what_is_no_request_is_refused_with_words() {
    for (body, told) in [
        ("", "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "`model`"),
        (r#"{"model": ""}"#, "`model`"),
        (r#"{"model": "m", "stream": "yes"}"#, "`stream`"),
        (
            r#"{"model": "m", "stream": true, "stream_options": 1}"#,
            "`stream_options`",
        ),
    ] {
        let error = Asked::read(Provider::OpenAi, body.as_bytes(), None).unwrap_err();
        assert!(error.contains(told), "{body}: {error}");
    }
}

#[test]
fn counts_of_a_stream_are_asked_for_and_hidden_when_the_agent_did_not() {
    let plain = asked(Provider::OpenAi, &json!({ "stream": true }));
    assert!(plain.streams && plain.hides_usage);
    assert_eq!(
        plain.body["stream_options"],
        json!({ "include_usage": true })
    );
    let own = json!({ "stream": true, "stream_options": { "include_usage": true, "x": 1 } });
    let own = asked(Provider::OpenAi, &own);
    assert!(!own.hides_usage);
    assert_eq!(own.body["stream_options"]["x"], 1);
    let message = asked(
        Provider::Anthropic,
        &json!({ "stream": true, "max_tokens": 5 }),
    );
    assert!(message.streams && !message.hides_usage);
    assert_eq!(message.body.get("stream_options"), None);
}

#[test]
fn the_most_is_that_of_all_replies_and_of_every_byte() {
    let one = most(Provider::OpenAi, &json!({ "max_completion_tokens": 100 }));
    let three = most(
        Provider::OpenAi,
        &json!({ "max_completion_tokens": 100, "n": 3 }),
    );
    let (MostCost::Known(one), MostCost::Known(three)) = (one, three) else {
        panic!("{one:?}, {three:?}");
    };
    assert!((2_000 + 200..2_400 + 200).contains(&one), "{one}");
    assert!((400..=410).contains(&(three - one)), "{one} and {three}");
    let both = json!({ "max_completion_tokens": 1, "max_tokens": 100 });
    assert!(matches!(most(Provider::OpenAi, &both), MostCost::Known(cost) if cost >= one));
}

#[test]
fn a_picture_counts_as_a_picture_and_not_as_its_bytes() {
    let data = format!("data:image/png;base64,{}", "A".repeat(500_000));
    let picture = json!([{ "role": "user", "content": [
        { "type": "image_url", "image_url": { "url": data } }, { "type": "text", "text": "hi" }] }]);
    let cost = most(
        Provider::OpenAi,
        &json!({ "max_tokens": 1, "messages": picture }),
    );
    assert!(matches!(cost, MostCost::Known(52_000..53_000)), "{cost:?}");
    let inner =
        json!({ "type": "image", "source": { "type": "base64", "data": "A".repeat(500_000) } });
    let result = json!([{ "role": "user", "content": [
        { "type": "tool_result", "tool_use_id": "t", "content": [inner] }] }]);
    let cost = most(
        Provider::Anthropic,
        &json!({ "max_tokens": 1, "messages": result }),
    );
    assert!(matches!(cost, MostCost::Known(7_000..8_000)), "{cost:?}");
}

#[test]
fn what_can_cost_more_than_it_says_has_no_bound() {
    let part = |part: Value| json!([{ "role": "user", "content": [part] }]);
    for (provider, more, told) in [
        (Provider::OpenAi, json!({}), "max_completion_tokens"),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1.5 }),
            "no whole number",
        ),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1, "n": -1 }),
            "no whole number",
        ),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1, "web_search_options": {} }),
            "web_search_options",
        ),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1, "service_tier": "priority" }),
            "service_tier",
        ),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1, "modalities": ["text", "audio"] }),
            "modalities",
        ),
        (
            Provider::OpenAi,
            json!({ "max_tokens": 1, "messages": part(json!({ "type": "file", "file": { "file_id": "f" } })) }),
            "`file`",
        ),
        (
            Provider::Anthropic,
            json!({ "max_tokens": 1, "messages": part(json!({ "type": "document", "source": { "type": "url" } })) }),
            "`document`",
        ),
        (
            Provider::Anthropic,
            json!({ "max_tokens": 1, "tools": [{ "type": "web_search_20250305", "name": "web_search" }] }),
            "runs at the provider",
        ),
        (
            Provider::Anthropic,
            json!({ "max_tokens": 1, "system": [{ "type": "text", "text": "x",
                "cache_control": { "type": "ephemeral", "ttl": "1h" } }] }),
            "longer than five minutes",
        ),
        (
            Provider::Anthropic,
            json!({ "max_tokens": 1, "speed": "fast" }),
            "`speed`",
        ),
    ] {
        let asked = asked(provider, &more);
        assert_eq!(asked.most(&tariff()), MostCost::Unbounded, "{more}");
        assert!(
            asked.why_unbounded().contains(told),
            "{more}: {}",
            asked.why_unbounded()
        );
    }
    let usual = json!({ "max_tokens": 1, "thinking": { "type": "enabled", "budget_tokens": 1024 },
        "system": [{ "type": "text", "text": "x", "cache_control": { "type": "ephemeral" } }],
        "tools": [{ "name": "click", "input_schema": {} }, { "type": "bash_20250124", "name": "bash" }] });
    assert!(matches!(
        most(Provider::Anthropic, &usual),
        MostCost::Known(_)
    ));
    let unpriced = asked(Provider::OpenAi, &json!({})).most(&Tariff::default());
    assert_eq!(unpriced, MostCost::Unpriced);
}

#[test]
fn the_agents_setting_bounds_what_its_request_does_not() {
    let body = r#"{"model": "m", "messages": []}"#;
    let set = Asked::read(Provider::OpenAi, body.as_bytes(), Some(77)).unwrap();
    assert_eq!(set.body["max_completion_tokens"], 77);
    let body = r#"{"model": "m", "messages": [], "max_tokens": 5}"#;
    let own = Asked::read(Provider::OpenAi, body.as_bytes(), Some(77)).unwrap();
    assert_eq!(own.body.get("max_completion_tokens"), None);
    // Of a field that stands twice, the provider gets the one that was counted.
    let twice = r#"{"model": "m", "max_tokens": 5, "max_tokens": 9}"#;
    let twice = Asked::read(Provider::OpenAi, twice.as_bytes(), None).unwrap();
    assert_eq!(twice.body.to_string(), r#"{"model":"m","max_tokens":9}"#);
}
