//! What goes over the wire: pictures, what is said to reasoning models, requests that are too long.

use agentarena::domain::agent::{Provider as Speech, ReasoningEffort};
use agentarena::llm::connect::{ModelOptions, Reasoning};
use agentarena::llm::picture::Picture;
use agentarena::llm::replay::was_too_long;
use agentarena::llm::{ChatError, ChatRequest, Message};
use async_openai::types::chat::{CreateChatCompletionRequest, ReasoningEffort as Effort};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{call_in, connected, options, request};
use crate::support::png;
use crate::support::provider::{Answer, Provider};

async fn sent(speech: Speech, request: &ChatRequest, change: impl Fn(&mut ModelOptions)) -> Value {
    let provider = Provider::start([], Answer::Text("done"));
    let mut options = options(&provider.base_url);
    change(&mut options);
    connected(speech, options)
        .call(request)
        .await
        .reply
        .unwrap();
    provider.seen().pop().unwrap().body
}

fn seen() -> (ChatRequest, String) {
    let bytes = png::blank(8, 4);
    let request = ChatRequest {
        messages: vec![Message::Seen {
            text: "look".to_owned(),
            picture: Picture::new(&bytes).unwrap(),
        }],
        ..request()
    };
    (request, STANDARD.encode(bytes))
}

#[actix_web::test]
async fn a_picture_goes_to_openai_as_a_data_uri() {
    let (request, data) = seen();
    let body = sent(Speech::OpenAi, &request, |_| ()).await;
    let expected = json!([
        { "type": "text", "text": "look" },
        { "type": "image_url", "image_url": { "url": format!("data:image/png;base64,{data}") } },
    ]);
    assert_eq!(body["messages"][1]["content"], expected);
    assert_eq!(body.get("tools"), None, "none are sent when there are none");
    serde_json::from_value::<CreateChatCompletionRequest>(body).unwrap();
}

#[actix_web::test]
async fn a_picture_goes_to_anthropic_as_a_block_before_the_text() {
    let (request, data) = seen();
    let body = sent(Speech::Anthropic, &request, |_| ()).await;
    let expected = json!([
        { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": data } },
        { "type": "text", "text": "look" },
    ]);
    assert_eq!(body["messages"][0]["content"], expected);
    assert_eq!(body.get("tools"), None);
}

fn thinking(effort: Option<ReasoningEffort>, tokens: Option<u32>) -> impl Fn(&mut ModelOptions) {
    move |options| {
        options.reasoning = Reasoning { effort, tokens };
        options.max_output_tokens = Some(4_000);
    }
}

#[actix_web::test]
async fn openai_is_told_how_hard_to_think_in_its_own_words() {
    for (effort, own) in [
        (ReasoningEffort::None, Effort::None),
        (ReasoningEffort::Minimal, Effort::Minimal),
        (ReasoningEffort::Low, Effort::Low),
        (ReasoningEffort::Medium, Effort::Medium),
        (ReasoningEffort::High, Effort::High),
        (ReasoningEffort::Xhigh, Effort::Xhigh),
        (ReasoningEffort::Max, Effort::Max),
    ] {
        let body = sent(Speech::OpenAi, &request(), thinking(Some(effort), None)).await;
        assert_eq!(body.get("temperature"), None);
        assert_eq!(body["max_completion_tokens"], 4_000);
        let read: CreateChatCompletionRequest = serde_json::from_value(body).unwrap();
        assert_eq!(read.reasoning_effort, Some(own));
    }
    let body = sent(Speech::OpenAi, &request(), |_| ()).await;
    assert_eq!(body.get("reasoning_effort"), None);
}

#[actix_web::test]
async fn anthropic_is_told_how_much_or_how_hard_to_think() {
    let body = sent(Speech::Anthropic, &request(), thinking(None, Some(2_048))).await;
    let enabled = json!({ "type": "enabled", "budget_tokens": 2_048 });
    assert_eq!(body["thinking"], enabled);
    assert_eq!(
        (body.get("output_config"), body.get("temperature")),
        (None, None)
    );
    assert_eq!(body["max_tokens"], 4_000);
    let high = Some(ReasoningEffort::High);
    let body = sent(Speech::Anthropic, &request(), thinking(high, None)).await;
    assert_eq!(body["thinking"], json!({ "type": "adaptive" }));
    assert_eq!(body["output_config"], json!({ "effort": "high" }));
    let body = sent(Speech::Anthropic, &request(), thinking(high, Some(2_048))).await;
    assert_eq!(body["thinking"], enabled);
    assert_eq!(body["output_config"], json!({ "effort": "high" }));
    let body = sent(Speech::Anthropic, &request(), |_| ()).await;
    assert_eq!(
        (body.get("thinking"), body.get("output_config")),
        (None, None)
    );
}

#[actix_web::test]
async fn a_request_that_is_too_long_is_told_apart_from_any_other_fault() {
    let openai = r#"{"error":{"message":"too many tokens","type":"invalid_request_error","code":"context_length_exceeded"}}"#;
    let anthropic = r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 214092 tokens > 200000 maximum"}}"#;
    let vllm = r#"{"object":"error","message":"This model's maximum context length is 4096 tokens.","code":400}"#;
    let large = r#"{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}"#;
    for (speech, status, body) in [
        (Speech::OpenAi, 400, openai),
        (Speech::OpenAi, 400, vllm),
        (Speech::Anthropic, 400, anthropic),
        (Speech::Anthropic, 413, large),
    ] {
        let provider = Provider::start([], Answer::Status(status, body, None));
        let (reply, calls) = call_in(speech, &provider).await;
        assert!(
            matches!(reply, Err(ChatError::TooLong { .. })),
            "{body}: {reply:?}"
        );
        assert_eq!(calls.len(), 1, "the same request is not sent again");
        assert_eq!(calls[0].charge(), Some(0));
        assert!(was_too_long(&calls[0].exchange), "a replay has to know");
    }
}

#[actix_web::test]
async fn a_reply_that_was_cut_off_or_filtered_says_so() {
    let cut = r#"{"choices":[{"message":{"content":"I"},"finish_reason":"length"}],
        "content":[{"type":"text","text":"I"}],"stop_reason":"max_tokens"}"#;
    for speech in [Speech::OpenAi, Speech::Anthropic] {
        let provider = Provider::start([], Answer::Body(cut.to_owned()));
        let reply = call_in(speech, &provider).await.0.unwrap();
        assert!(reply.cut_off && reply.refusal.is_none());
    }
    let filtered = r#"{"choices":[{"message":{"content":null},"finish_reason":"content_filter"}]}"#;
    let provider = Provider::start([], Answer::Body(filtered.to_owned()));
    let reply = call_in(Speech::OpenAi, &provider).await.0.unwrap();
    assert!(reply.refusal.unwrap().contains("content filter"));
}
