//! Chat models over real HTTP against a local provider, faults included.

mod anthropic;
mod booked;
mod budgets;
mod faults;
mod gates;
mod requests;

use std::sync::Arc;
use std::time::Duration;

use agentarena::agents::llm::LlmPolicy;
use agentarena::agents::{AgentFault, Policy, Turn};
use agentarena::domain::action::Action;
use agentarena::domain::agent::{self, AgentConfig, LlmConfig};
use agentarena::domain::observation::{Node, Observation};
use agentarena::domain::outcome::AgentErrorKind;
use agentarena::domain::price::Price;
use agentarena::llm::connect::{ModelOptions, Reasoning, connect};
use agentarena::llm::gate::Gates;
use agentarena::llm::openai::OpenAiModel;
use agentarena::llm::retry::{RetryPolicy, call_with_retry};
use agentarena::llm::{ChatError, ChatModel, ChatReply, ChatRequest, Message, ModelCall};
use serde_json::json;

use crate::support::provider::{Answer, Provider};

const KEY: &str = "sk-test-1234567890";

/// Dollars per million tokens: 1 in, 2 out, 0.1 from cache, 1.25 to cache.
const PRICE: Price = Price {
    input_microusd_per_mtok: Some(1_000_000),
    output_microusd_per_mtok: Some(2_000_000),
    cache_read_microusd_per_mtok: Some(100_000),
    cache_write_microusd_per_mtok: Some(1_250_000),
};

fn options(base_url: &str) -> ModelOptions {
    ModelOptions {
        model: "test-model".to_owned(),
        base_url: Some(base_url.to_owned()),
        key: Some(KEY.to_owned()),
        temperature: None,
        max_output_tokens: None,
        reasoning: Reasoning::default(),
        timeout: Duration::from_secs(5),
        own_price: PRICE,
        personal_price: None,
        allow_private: true,
        ledger: None,
    }
}

fn connected(speech: agent::Provider, options: ModelOptions) -> Arc<dyn ChatModel> {
    connect(speech, options, &Gates::new(8)).unwrap()
}

fn model(provider: &Provider, timeout: Duration) -> OpenAiModel {
    OpenAiModel::new(ModelOptions {
        timeout,
        ..options(&provider.base_url)
    })
    .unwrap()
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

async fn call(provider: &Provider) -> (Result<ChatReply, ChatError>, Vec<ModelCall>) {
    call_in(agent::Provider::OpenAi, provider).await
}

async fn call_in(
    speech: agent::Provider,
    provider: &Provider,
) -> (Result<ChatReply, ChatError>, Vec<ModelCall>) {
    let mut calls = Vec::new();
    let model = connected(speech, options(&provider.base_url));
    let result = call_with_retry(model.as_ref(), &request(), quick(), &mut calls).await;
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
    // 200 plain, 1,000 from cache, 30 out.
    assert_eq!(usage.cost_microusd, Some(200 + 100 + 60));
    assert_eq!(calls[0].booked.price, PRICE);
    assert_eq!(calls[0].booked.version.as_deref(), Some("own"));
    assert_eq!(calls[0].status, Some(200));
    assert_eq!(calls[0].returned_model.as_deref(), Some("test-model"));
    let seen = provider.seen();
    assert_eq!(
        seen[0].authorization.as_deref(),
        Some("Bearer sk-test-1234567890")
    );
    assert_eq!(seen[0].body["model"], "test-model");
    for unset in ["temperature", "max_completion_tokens"] {
        assert_eq!(
            seen[0].body.get(unset),
            None,
            "reasoning models refuse what they do not know"
        );
    }
    assert!(!format!("{:?}", calls[0]).contains(KEY));
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
        "",
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
async fn a_provider_that_is_not_there_is_explained() {
    let provider = Provider::start([], Answer::Text("unused"));
    let mut options_url = provider.base_url.clone();
    options_url.replace_range(options_url.rfind(':').unwrap() + 1.., "9/v1");
    let model = OpenAiModel::new(options(&options_url)).unwrap();
    let error = model.call(&request()).await.reply.unwrap_err().to_string();
    assert!(error.contains("could not be reached"), "{error}");
    assert!(error.contains("refused"), "it says why: {error}");
}

#[test]
fn private_addresses_are_refused_unless_allowed() {
    let options = |base_url: &str| ModelOptions {
        allow_private: false,
        ..options(base_url)
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

fn button(bid: &str) -> Node {
    Node {
        bid: Some(bid.to_owned()),
        role: "button".to_owned(),
        ..Node::default()
    }
}

async fn decide(provider: &Provider) -> Result<agentarena::agents::Decision, AgentFault> {
    let model = Arc::new(model(provider, Duration::from_secs(5)));
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
        matches!(&fault, AgentFault::Unreadable { message, calls, kind: AgentErrorKind::Refusal }
        if message.contains("refused: I cannot help") && calls.len() == 3),
        "{fault:?}"
    );
    let provider = Provider::start([], Answer::Status(500, "{}", None));
    let fault = decide(&provider).await.unwrap_err();
    assert!(
        matches!(&fault, AgentFault::Provider { message, calls, .. } if message.contains("500") && calls.len() == 4)
    );
}
