//! Anthropic's Messages API: what is sent, and what is read.

use std::sync::Arc;

use agentarena::agents::llm::LlmPolicy;
use agentarena::agents::{AgentFault, Decision, Policy, Turn};
use agentarena::domain::action::Action;
use agentarena::domain::agent::Provider as Speech;
use agentarena::domain::observation::Observation;
use agentarena::domain::price::Price;
use agentarena::llm::connect::ModelOptions;
use agentarena::llm::{CallResult, ChatRequest, Message, Tool};
use serde_json::{Value, json};

use super::{KEY, PRICE, button, call_in, config, connected, options, quick, request};
use crate::support::provider::{Answer, Provider};

fn tool(name: &str) -> Tool {
    Tool {
        name: name.to_owned(),
        description: format!("Does {name}."),
        parameters: json!({ "type": "object", "properties": { "bid": { "type": "string" } } }),
    }
}

async fn call_with(options: ModelOptions, request: &ChatRequest) -> CallResult {
    connected(Speech::Anthropic, options).call(request).await
}

#[actix_web::test]
async fn the_request_has_the_form_of_the_messages_api_and_marks_what_stays() {
    let provider = Provider::start([], Answer::Text("done"));
    let request = ChatRequest {
        system: "act".to_owned(),
        messages: vec![
            Message::User("go".to_owned()),
            Message::Assistant("where?".to_owned()),
            Message::User("there".to_owned()),
        ],
        tools: vec![tool("click"), tool("fill")],
    };
    call_with(options(&provider.base_url), &request)
        .await
        .reply
        .unwrap();
    let seen = provider.seen().remove(0);
    assert_eq!(seen.api_key.as_deref(), Some(KEY));
    assert_eq!(seen.authorization, None);
    assert_eq!(seen.version.as_deref(), Some("2023-06-01"));
    let schema = json!({ "type": "object", "properties": { "bid": { "type": "string" } } });
    let mark = json!({ "type": "ephemeral" });
    let expected = json!({
        "model": "test-model",
        "max_tokens": 16000,
        "messages": [
            { "role": "user", "content": "go" },
            { "role": "assistant", "content": "where?" },
            { "role": "user", "content": "there" },
        ],
        "system": [{ "type": "text", "text": "act", "cache_control": mark }],
        "tools": [
            { "name": "click", "description": "Does click.", "input_schema": schema },
            { "name": "fill", "description": "Does fill.", "input_schema": schema,
              "cache_control": mark },
        ],
    });
    assert_eq!(seen.body, expected, "no temperature unless one is set");
}

#[actix_web::test]
async fn settings_are_sent_and_an_address_may_end_with_v1_or_not() {
    let provider = Provider::start([], Answer::Text("done"));
    let bare = provider.base_url.strip_suffix("/v1").unwrap().to_owned();
    for base_url in [bare.clone(), format!("{bare}/"), format!("{bare}/v1/")] {
        let options = ModelOptions {
            key: None,
            temperature: Some(0.5),
            max_output_tokens: Some(77),
            ..options(&base_url)
        };
        let request = ChatRequest {
            messages: vec![Message::User("go".to_owned())],
            ..ChatRequest::default()
        };
        call_with(options, &request).await.reply.unwrap();
        let seen = provider.seen().pop().unwrap();
        assert_eq!(seen.api_key, None);
        assert_eq!(seen.body["temperature"], 0.5);
        assert_eq!(seen.body["max_tokens"], 77);
        assert_eq!(seen.body.get("system"), None);
        assert_eq!(seen.body.get("tools"), None);
    }
}

#[actix_web::test]
async fn a_tool_call_comes_back_with_every_token_at_its_own_price() {
    let click = Answer::Tool("click", json!({ "bid": "12" }));
    let provider = Provider::start([click], Answer::Text("no more"));
    let (reply, calls) = call_in(Speech::Anthropic, &provider).await;
    let reply = reply.unwrap();
    assert_eq!(reply.text, "I click.");
    assert_eq!(reply.tool_calls.len(), 1);
    assert_eq!(reply.tool_calls[0].name, "click");
    assert_eq!(reply.tool_calls[0].arguments, r#"{"bid":"12"}"#);
    assert_eq!(reply.refusal, None);
    let usage = calls[0].usage;
    assert!(usage.reported);
    assert_eq!(
        (usage.input_tokens, usage.output_tokens),
        (1_200, 30),
        "the provider's count of input leaves the cache out, ours does not"
    );
    assert_eq!(
        (usage.cache_read_tokens, usage.cache_write_tokens),
        (900, 100)
    );
    // 200 plain at 1, 900 at 0.1, 100 at 1.25, 30 at 2 dollars.
    assert_eq!(usage.cost_microusd, Some(200 + 90 + 125 + 60));
    assert_eq!(calls[0].provider, "anthropic");
    assert_eq!(calls[0].model, "test-model");
    assert_eq!(
        calls[0].returned_model.as_deref(),
        Some("test-model-20261007")
    );
    assert_eq!(calls[0].booked.price, PRICE);
}

#[actix_web::test]
async fn a_missing_rate_leaves_the_call_unpriced() {
    let provider = Provider::start([], Answer::Text("done"));
    let options = ModelOptions {
        own_price: Price {
            cache_write_microusd_per_mtok: None,
            ..PRICE
        },
        ..options(&provider.base_url)
    };
    let record = call_with(options, &request()).await.record;
    assert!(record.usage.reported);
    assert_eq!(record.usage.cost_microusd, None);
}

#[actix_web::test]
async fn a_reply_without_content_is_an_empty_reply() {
    let provider = Provider::start([], Answer::Text(""));
    let (reply, calls) = call_in(Speech::Anthropic, &provider).await;
    let reply = reply.unwrap();
    assert_eq!((reply.text.as_str(), reply.tool_calls.len()), ("", 0));
    assert_eq!(
        calls.len(),
        1,
        "it was charged, and is not asked for again here"
    );
    assert!(calls[0].usage.cost_microusd.is_some());
}

#[actix_web::test]
async fn a_reply_without_counts_is_uncounted_and_unpriced() {
    let body = r#"{"content":[{"type":"text","text":"hi"}],"usage":{"input_tokens":5}}"#;
    let provider = Provider::start([], Answer::Body(body.to_owned()));
    let (reply, calls) = call_in(Speech::Anthropic, &provider).await;
    assert_eq!(reply.unwrap().text, "hi");
    assert!(!calls[0].usage.reported);
    assert_eq!(calls[0].usage.cost_microusd, None);
    assert_eq!(calls[0].returned_model, None);
}

#[actix_web::test]
async fn a_refusal_is_told_in_the_models_words_or_in_ours() {
    let explained = json!({ "content": [], "stop_reason": "refusal",
        "stop_details": { "type": "refusal", "explanation": "That would harm." } });
    for (answer, words) in [
        (Answer::Refusal("I cannot help with that."), "I cannot help"),
        (Answer::Body(explained.to_string()), "That would harm."),
        (
            Answer::Body(r#"{"content":[],"stop_reason":"refusal"}"#.to_owned()),
            "gave no reason",
        ),
    ] {
        let provider = Provider::start([], answer);
        let (reply, _) = call_in(Speech::Anthropic, &provider).await;
        let refusal = reply.unwrap().refusal.unwrap();
        assert!(refusal.contains(words), "{refusal}");
    }
}

async fn decide(provider: &Provider) -> Result<Decision, AgentFault> {
    let model = connected(Speech::Anthropic, options(&provider.base_url));
    let mut policy = LlmPolicy::new(&config(), model, Arc::default()).with_retry(quick());
    let page = Observation {
        url: "http://127.0.0.1/shop/".to_owned(),
        title: "Larder".to_owned(),
        nodes: ["7", "12"].map(button).to_vec(),
        ..Default::default()
    };
    let turn = Turn {
        fields: &[],
        step: 1,
        max_steps: 10,
        preamble: "Answer with send_msg_to_user.",
        goal: "Buy a kettle.",
        observation: &page,
        screenshot: None,
        history: &[],
    };
    policy.decide(turn).await
}

#[actix_web::test]
async fn an_agent_acts_through_it_and_is_asked_again_after_a_wrong_call() {
    let wrong = Answer::Tool("click", json!({ "element": "12" }));
    let right = Answer::Tool("click", json!({ "bid": "7" }));
    let provider = Provider::start([wrong, right], Answer::Text(""));
    let decision = decide(&provider).await.unwrap();
    assert!(matches!(decision.action, Action::Click { ref bid, .. } if bid == "7"));
    assert_eq!(decision.reasoning.as_deref(), Some("I click."));
    let attempts: Vec<_> = decision.calls.iter().map(|call| call.attempt).collect();
    assert_eq!(attempts, [1, 2]);
    let seen = provider.seen();
    let roles = |body: &Value| -> Vec<String> {
        let messages = body["messages"].as_array().unwrap();
        messages
            .iter()
            .map(|message| message["role"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(roles(&seen[1].body), ["user", "assistant", "user"]);
    assert_eq!(
        (&seen[0].body["tools"], &seen[0].body["system"]),
        (&seen[1].body["tools"], &seen[1].body["system"]),
        "the cached prefix stays the same"
    );
}

#[actix_web::test]
async fn refusals_are_the_agents_own_failure_and_an_overload_is_not() {
    let provider = Provider::start([], Answer::Refusal("I cannot help with that."));
    let fault = decide(&provider).await.unwrap_err();
    assert!(
        matches!(&fault, AgentFault::Unreadable { message, calls, .. }
            if message.contains("refused: I cannot help") && calls.len() == 3),
        "{fault:?}"
    );
    let provider = Provider::start([], Answer::Status(529, "{}", None));
    let fault = decide(&provider).await.unwrap_err();
    assert!(
        matches!(&fault, AgentFault::Provider { message, calls, .. }
            if message.contains("529") && calls.len() == 4),
        "{fault:?}"
    );
}
