//! Chat models over real HTTP against a local provider, faults included.

use std::sync::Arc;
use std::time::Duration;

use agentarena::agents::llm::LlmPolicy;
use agentarena::agents::{AgentFault, Policy, Turn};
use agentarena::domain::action::Action;
use agentarena::domain::agent::{AgentConfig, LlmConfig};
use agentarena::domain::observation::Observation;
use agentarena::llm::openai::{OpenAiModel, OpenAiOptions};
use agentarena::llm::retry::{RetryPolicy, call_with_retry};
use agentarena::llm::{ChatError, ChatModel, ChatRequest, Message, ModelCall, Price};
use serde_json::json;

use crate::support::provider::{Answer, Provider};

const KEY: &str = "sk-test-1234567890";

fn model(provider: &Provider, timeout: Duration) -> OpenAiModel {
    let options = OpenAiOptions {
        model: "test-model".to_owned(),
        base_url: Some(provider.base_url.clone()),
        key: Some(KEY.to_owned()),
        temperature: None,
        max_output_tokens: None,
        timeout,
        price: Price {
            input_microusd_per_mtok: Some(1_000_000),
            output_microusd_per_mtok: Some(2_000_000),
        },
        allow_private: true,
    };
    OpenAiModel::new(options).unwrap()
}

fn request() -> ChatRequest {
    ChatRequest {
        system: "act".to_owned(),
        messages: vec![Message::User("go".to_owned())],
        tools: Vec::new(),
    }
}

fn quick() -> RetryPolicy {
    RetryPolicy {
        max_calls: 4,
        first_pause: Duration::from_millis(5),
        max_pause: Duration::from_secs(5),
    }
}

async fn call(
    provider: &Provider,
) -> (
    Result<agentarena::llm::ChatReply, ChatError>,
    Vec<ModelCall>,
) {
    let mut calls = Vec::new();
    let model = model(provider, Duration::from_secs(5));
    let result = call_with_retry(&model, &request(), quick(), &mut calls).await;
    (result, calls)
}

#[actix_web::test]
async fn a_tool_call_comes_back_with_usage_and_cost_and_without_the_key() {
    let provider = Provider::start(
        [Answer::Tool("click", json!({ "bid": "12" }))],
        Answer::Text("no more"),
    );
    let (reply, calls) = call(&provider).await;
    let reply = reply.unwrap();
    assert_eq!(reply.tool_calls[0].name, "click");
    assert_eq!(reply.tool_calls[0].arguments, r#"{"bid":"12"}"#);
    let usage = calls[0].usage;
    assert!(usage.reported);
    let counts = (
        usage.input_tokens,
        usage.output_tokens,
        usage.cache_read_tokens,
        usage.reasoning_tokens,
    );
    assert_eq!(counts, (1200, 30, 1000, 12));
    assert_eq!(usage.cost_microusd, Some(1260));
    assert_eq!(calls[0].status, Some(200));
    let seen = provider.seen();
    assert_eq!(
        seen[0].authorization.as_deref(),
        Some("Bearer sk-test-1234567890")
    );
    assert_eq!(seen[0].body["model"], "test-model");
    assert!(!format!("{:?}", calls[0]).contains(KEY));
}

#[actix_web::test]
async fn too_many_requests_waits_as_long_as_asked() {
    let provider = Provider::start([Answer::Status(429, "{}", Some("1"))], Answer::Text("fine"));
    let (reply, calls) = call(&provider).await;
    assert_eq!(reply.unwrap().text, "fine");
    assert_eq!(
        calls.iter().map(|call| call.status).collect::<Vec<_>>(),
        [Some(429), Some(200)]
    );
    assert_eq!(
        calls.iter().map(|call| call.attempt).collect::<Vec<_>>(),
        [1, 2]
    );
    let seen = provider.seen();
    let waited = seen[1].at - seen[0].at;
    assert!(waited >= Duration::from_secs(1), "{waited:?}");
}

#[actix_web::test]
async fn a_provider_that_always_fails_is_named_after_four_calls() {
    let provider = Provider::start(
        [],
        Answer::Status(500, r#"{"error":{"message":"boom"}}"#, None),
    );
    let (reply, calls) = call(&provider).await;
    let error = reply.unwrap_err().to_string();
    assert!(
        error.contains("500") && error.contains("boom") && error.contains("4 calls"),
        "{error}"
    );
    assert_eq!(calls.len(), 4);
    assert!(
        calls
            .iter()
            .all(|call| call.usage.cost_microusd.is_none() && !call.usage.reported)
    );
}

#[actix_web::test]
async fn an_error_page_that_is_not_json_is_still_explained() {
    let provider = Provider::start([], Answer::Status(502, "<html>Bad gateway</html>", None));
    let error = call(&provider).await.0.unwrap_err().to_string();
    assert!(error.contains("502"), "{error}");
}

#[actix_web::test]
async fn malformed_bodies_are_tried_again_and_then_explained() {
    for body in [
        "{\"choices\": [",
        "[]",
        "{\"choices\": []}",
        "{\"choices\": [{\"message\": 7}]}",
    ] {
        let provider = Provider::start([], Answer::Body(body.to_owned()));
        let (reply, calls) = call(&provider).await;
        let error = reply.unwrap_err();
        assert!(
            matches!(&error, ChatError::Passing { message, .. } if message.contains("provider's answer")),
            "{error}"
        );
        assert_eq!(calls.len(), 4, "{body}");
    }
}

#[actix_web::test]
async fn a_reply_without_bound_is_cut_off() {
    let provider = Provider::start([], Answer::Body("x".repeat(5_000_000)));
    let error = call(&provider).await.0.unwrap_err().to_string();
    assert!(error.contains("longer than"), "{error}");
}

#[actix_web::test]
async fn a_wrong_key_and_an_unknown_model_are_not_tried_again() {
    for (status, word) in [(401, "key"), (403, "key"), (404, "model"), (400, "400")] {
        let provider = Provider::start(
            [],
            Answer::Status(status, r#"{"error":{"message":"no"}}"#, None),
        );
        let (reply, calls) = call(&provider).await;
        let error = reply.unwrap_err();
        assert!(
            matches!(&error, ChatError::Final { message } if message.contains(word)),
            "{status}: {error}"
        );
        assert_eq!(calls.len(), 1);
    }
}

#[actix_web::test]
async fn a_provider_that_sends_the_key_back_does_not_get_it_into_the_record() {
    let echo = r#"{"error":{"message":"bad key Bearer sk-test-1234567890 given"}}"#;
    let body = r#"{"choices":[{"message":{"content":"your key is sk-test-1234567890"}}]}"#;
    for (answer, status) in [
        (Answer::Status(401, echo, None), Some(401)),
        (Answer::Status(500, echo, None), Some(500)),
        (Answer::Body(body.to_owned()), Some(200)),
        (Answer::Body(echo.to_owned()), Some(200)),
        (Answer::Body(KEY.to_owned()), Some(200)),
    ] {
        let provider = Provider::start([], answer);
        let (reply, calls) = call(&provider).await;
        assert_eq!(calls[0].status, status);
        assert!(!format!("{reply:?} {calls:?}").contains(KEY), "{status:?}");
    }
}

#[actix_web::test]
async fn a_slow_answer_ends_at_the_time_limit() {
    let provider = Provider::start([], Answer::Hang);
    let model = model(&provider, Duration::from_millis(120));
    let begun = std::time::Instant::now();
    let result = model.call(&request()).await;
    assert!(begun.elapsed() < Duration::from_secs(3));
    let error = result.reply.unwrap_err().to_string();
    assert!(error.contains("did not answer within 120 ms"), "{error}");
    assert_eq!(result.record.status, None);
}

#[actix_web::test]
async fn a_provider_that_is_not_there_is_explained() {
    let provider = Provider::start([], Answer::Text("unused"));
    let mut options_url = provider.base_url.clone();
    options_url.replace_range(options_url.rfind(':').unwrap() + 1.., "9/v1");
    let model = OpenAiModel::new(OpenAiOptions {
        model: "m".to_owned(),
        base_url: Some(options_url),
        key: None,
        temperature: None,
        max_output_tokens: None,
        timeout: Duration::from_secs(5),
        price: Price::default(),
        allow_private: true,
    })
    .unwrap();
    let error = model.call(&request()).await.reply.unwrap_err().to_string();
    assert!(error.contains("could not be reached"), "{error}");
}

#[test]
fn private_addresses_are_refused_unless_allowed() {
    let options = |base_url: &str| OpenAiOptions {
        model: "m".to_owned(),
        base_url: Some(base_url.to_owned()),
        key: None,
        temperature: None,
        max_output_tokens: None,
        timeout: Duration::from_secs(1),
        price: Price::default(),
        allow_private: false,
    };
    let error = OpenAiModel::new(options("http://169.254.169.254/v1"))
        .err()
        .unwrap()
        .to_string();
    assert!(
        error.contains("private address") && error.contains("outbound.allow_private"),
        "{error}"
    );
    assert!(OpenAiModel::new(options("https://api.openai.com/v1")).is_ok());
}

fn config() -> LlmConfig {
    let config = json!({ "kind": "llm", "provider": "openai", "model": "test-model" });
    let AgentConfig::Llm(config) = serde_json::from_value(config).unwrap() else {
        panic!("an llm agent")
    };
    config
}

async fn decide(provider: &Provider) -> Result<agentarena::agents::Decision, AgentFault> {
    let model = Arc::new(model(provider, Duration::from_secs(5)));
    let mut policy = LlmPolicy::new(&config(), model).with_retry(quick());
    let page = Observation {
        url: "http://127.0.0.1/shop/".to_owned(),
        title: "Larder".to_owned(),
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
async fn a_prompted_agent_sends_goal_rules_page_and_tools_and_reads_the_call() {
    let provider = Provider::start(
        [Answer::Tool("click", json!({ "bid": "12" }))],
        Answer::Text(""),
    );
    let decision = decide(&provider).await.unwrap();
    assert!(matches!(decision.action, Action::Click { ref bid, .. } if bid == "12"));
    assert_eq!(decision.calls.len(), 1);
    let body = provider.seen()[0].body.to_string();
    for part in [
        "Buy a kettle.",
        "Answer with send_msg_to_user.",
        "Larder",
        "\"click\"",
        "report_infeasible",
    ] {
        assert!(body.contains(part), "{part} is missing");
    }
}

#[actix_web::test]
async fn an_unreadable_decision_is_asked_again_with_the_reason() {
    let wrong = Answer::Tool("click", json!({ "element": "12" }));
    let provider = Provider::start([wrong, Answer::Text("click('7')")], Answer::Text(""));
    let decision = decide(&provider).await.unwrap();
    assert!(matches!(decision.action, Action::Click { ref bid, .. } if bid == "7"));
    assert_eq!(decision.calls.len(), 2);
    let second = provider.seen()[1].body["messages"].to_string();
    assert!(second.contains("That is no action"), "{second}");
}

#[actix_web::test]
async fn refusals_are_the_agents_own_failure_and_a_dead_provider_is_not() {
    let provider = Provider::start([], Answer::Refusal("I cannot help with that."));
    let fault = decide(&provider).await.unwrap_err();
    assert!(
        matches!(&fault, AgentFault::Unreadable { message, calls }
        if message.contains("refused: I cannot help") && calls.len() == 3),
        "{fault:?}"
    );
    let provider = Provider::start([], Answer::Status(500, "{}", None));
    let fault = decide(&provider).await.unwrap_err();
    assert!(
        matches!(&fault, AgentFault::Provider { message, calls } if message.contains("500") && calls.len() == 4)
    );
}
