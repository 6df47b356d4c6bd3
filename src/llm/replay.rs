//! A model that answers from a record, in order: nothing is sent and nothing is waited for. The
//! request is built and the reply read as for the real provider, so that both can be compared
//! with what is on record.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::domain::agent::{LlmConfig, Provider};
use crate::domain::event::Usage;
use crate::domain::price::Price;
use crate::llm::anthropic::{self, AnthropicModel};
use crate::llm::connect::{ModelOptions, Reasoning};
use crate::llm::openai::{self, OpenAiModel};
use crate::llm::retry::RetryPolicy;
use crate::llm::wire::TOO_LONG;
use crate::llm::{CallResult, ChatError, ChatModel, ChatReply, ChatRequest, ModelCall};

/// One call as it is on record.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordedCall {
    /// HTTP status; absent when no answer came.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// Whether the model was called again for the same decision.
    pub followed: bool,
    /// Whether it failed because the request was too long.
    pub too_long: bool,
    /// What the provider answered; null when there is none.
    pub response: Value,
    /// Model as the provider named it.
    pub returned_model: Option<String>,
    /// Tokens.
    pub usage: Usage,
}

/// How a provider's requests are built and its answers read.
enum Codec {
    OpenAi(OpenAiModel),
    Anthropic(AnthropicModel),
}

/// Answers from a record. When the record is used up, an agent's model says so by its token and
/// never answers; one that judges fails.
pub struct ReplayModel {
    codec: Codec,
    provider: Provider,
    model: String,
    record: Mutex<Record>,
    used_up: Option<CancellationToken>,
}

#[derive(Default)]
struct Record {
    calls: VecDeque<RecordedCall>,
    /// Failed calls since the last answer.
    failed: u32,
}

impl ReplayModel {
    /// A model with an agent's settings and these calls.
    pub fn new(
        config: &LlmConfig,
        calls: Vec<RecordedCall>,
        used_up: CancellationToken,
    ) -> Result<Self, ChatError> {
        let options = ModelOptions {
            model: config.model.clone(),
            base_url: config.base_url.clone(),
            key: None,
            temperature: config.temperature,
            max_output_tokens: config.max_output_tokens,
            reasoning: Reasoning::of(config),
            timeout: Duration::from_millis(config.call_timeout_ms),
            own_price: config.own_price(),
            personal_price: None,
            // Nothing is sent.
            allow_private: true,
            ledger: None,
        };
        Self::with(config.provider, options, calls, Some(used_up))
    }

    /// A model that judges, with these calls.
    pub fn judge(
        provider: Provider,
        model: &str,
        calls: Vec<RecordedCall>,
    ) -> Result<Self, ChatError> {
        let options = ModelOptions {
            model: model.to_owned(),
            base_url: None,
            key: None,
            temperature: Some(0.0),
            max_output_tokens: None,
            reasoning: Reasoning::default(),
            timeout: Duration::ZERO,
            own_price: Price::default(),
            personal_price: None,
            allow_private: true,
            ledger: None,
        };
        Self::with(provider, options, calls, None)
    }

    fn with(
        provider: Provider,
        options: ModelOptions,
        calls: Vec<RecordedCall>,
        used_up: Option<CancellationToken>,
    ) -> Result<Self, ChatError> {
        let model = options.model.clone();
        let codec = match provider {
            Provider::OpenAi => Codec::OpenAi(OpenAiModel::new(options)?),
            Provider::Anthropic => Codec::Anthropic(AnthropicModel::new(options)?),
        };
        Ok(Self {
            codec,
            provider,
            model,
            record: Mutex::new(Record {
                calls: calls.into(),
                failed: 0,
            }),
            used_up,
        })
    }

    fn body(&self, request: &ChatRequest) -> Value {
        match &self.codec {
            Codec::OpenAi(model) => model.body(request),
            Codec::Anthropic(model) => model.body(request),
        }
    }

    fn read(&self, answer: &Value) -> Result<ChatReply, ChatError> {
        match self.codec {
            Codec::OpenAi(_) => openai::read(answer).reply,
            Codec::Anthropic(_) => anthropic::read(answer).reply,
        }
    }

    /// The next call on record, and how many failed in a row with it.
    fn next(&self) -> Option<(RecordedCall, u32)> {
        let mut record = self.record.lock().unwrap_or_else(PoisonError::into_inner);
        let call = record.calls.pop_front()?;
        record.failed = if call.error.is_some() && !call.too_long {
            record.failed + 1
        } else {
            0
        };
        Some((call, record.failed))
    }

    fn no_more(&self, request: &ChatRequest) -> CallResult {
        let error = ChatError::lasting("the record holds no further reply".to_owned());
        let record = ModelCall {
            provider: self.provider.to_string(),
            model: self.model.clone(),
            attempt: 1,
            error: Some(error.to_string()),
            exchange: json!({ "request": self.body(request), "response": null }),
            ..ModelCall::default()
        };
        CallResult {
            record,
            reply: Err(error),
        }
    }

    fn reply(&self, call: &RecordedCall, failed: u32) -> Result<ChatReply, ChatError> {
        let Some(message) = call.error.clone() else {
            return self.read(&call.response);
        };
        if call.too_long {
            return Err(ChatError::TooLong { message });
        }
        // Whether it could have gone better is not on record, but what followed from it is.
        let passing = call.followed || failed >= RetryPolicy::default().max_calls;
        Err(if passing {
            ChatError::Passing {
                message,
                retry_after_ms: None,
            }
        } else {
            ChatError::Final { message }
        })
    }
}

#[async_trait]
impl ChatModel for ReplayModel {
    fn provider(&self) -> &str {
        self.provider.as_str()
    }

    fn model(&self) -> &str {
        &self.model
    }

    fn is_replay(&self) -> bool {
        true
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let Some((call, failed)) = self.next() else {
            let Some(used_up) = &self.used_up else {
                return self.no_more(request);
            };
            used_up.cancel();
            return std::future::pending().await;
        };
        let reply = self.reply(&call, failed);
        let mut exchange = json!({ "request": self.body(request), "response": call.response });
        if call.too_long {
            exchange["fault"] = json!(TOO_LONG);
        }
        let record = ModelCall {
            provider: self.provider.to_string(),
            model: self.model.clone(),
            attempt: 1,
            error: reply.as_ref().err().map(ToString::to_string),
            exchange,
            status: call.status,
            returned_model: call.returned_model,
            usage: call.usage,
            ..ModelCall::default()
        };
        CallResult { record, reply }
    }
}

/// Whether a recorded exchange failed because the request was too long.
pub fn was_too_long(exchange: &Value) -> bool {
    exchange["fault"] == TOO_LONG
}

/// The instructions in a request, whichever interface it is for.
pub fn instructions_of(request: &Value) -> Option<String> {
    match request.get("system") {
        Some(Value::String(text)) => return Some(text.clone()),
        Some(Value::Array(blocks)) => {
            let texts = blocks.iter().filter_map(|block| block["text"].as_str());
            return Some(texts.collect::<Vec<_>>().join("\n"));
        }
        _ => {}
    }
    let first = request.get("messages")?.get(0)?;
    let is_system = matches!(first["role"].as_str(), Some("system" | "developer"));
    let text = first["content"].as_str().filter(|_| is_system)?;
    Some(text.to_owned())
}

/// The tools in a request, whichever interface it is for.
pub fn tools_of(request: &Value) -> Option<&Value> {
    request.get("tools")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::llm::Message;
    use crate::llm::retry::call_with_retry;

    fn model(calls: Vec<RecordedCall>) -> (ReplayModel, CancellationToken) {
        let config =
            json!({ "provider": "openai", "model": "m", "baseUrl": "http://127.0.0.1:9/v1" });
        let config: LlmConfig = serde_json::from_value(config).unwrap();
        let used_up = CancellationToken::new();
        let model = ReplayModel::new(&config, calls, used_up.clone()).unwrap();
        (model, used_up)
    }

    fn failed(message: &str, followed: bool) -> RecordedCall {
        RecordedCall {
            status: Some(500),
            error: Some(message.to_owned()),
            followed,
            ..RecordedCall::default()
        }
    }

    fn said(text: &str) -> RecordedCall {
        RecordedCall {
            status: Some(200),
            response: json!({ "choices": [{ "message": { "content": text } }] }),
            ..RecordedCall::default()
        }
    }

    fn request() -> ChatRequest {
        ChatRequest {
            system: "Act.".to_owned(),
            messages: vec![Message::User("Go.".to_owned())],
            ..ChatRequest::default()
        }
    }

    #[tokio::test]
    async fn failed_calls_fail_again() {
        let (model, used_up) = model(vec![
            failed("busy", true),
            said("done"),
            failed("no", false),
        ]);
        let mut calls = Vec::new();
        let retry = RetryPolicy::default();
        let reply = call_with_retry(&model, &request(), retry, &mut calls).await;
        assert_eq!(reply.unwrap().text, "done");
        assert_eq!(calls.len(), 2);
        assert_eq!(calls[0].error.as_deref(), Some("busy"));
        let sent = &calls[1].exchange["request"];
        assert_eq!(instructions_of(sent).as_deref(), Some("Act."));
        assert_eq!(sent["messages"][1]["content"], "Go.");
        let reply = call_with_retry(&model, &request(), retry, &mut calls).await;
        assert_eq!(reply.unwrap_err().to_string(), "no");
        assert!(!used_up.is_cancelled());
        let request = request();
        tokio::select! {
            _ = model.call(&request) => panic!("there is nothing on record"),
            () = used_up.cancelled() => {}
        }
    }

    #[tokio::test]
    async fn a_provider_that_failed_for_good_is_told_in_the_same_words() {
        let calls = (1..=4).map(|n| failed("busy", n < 4)).collect();
        let (model, _) = model(calls);
        let begun = std::time::Instant::now();
        let reply =
            call_with_retry(&model, &request(), RetryPolicy::default(), &mut Vec::new()).await;
        let error = reply.unwrap_err().to_string();
        assert_eq!(error, "busy (4 calls in a row failed)");
        // The pauses would come to 1.75 s on average.
        assert!(
            begun.elapsed() < Duration::from_millis(50),
            "nothing is waited for"
        );
    }

    #[test]
    fn instructions_are_found_in_every_form() {
        let anthropic = json!({ "system": [{ "type": "text", "text": "Act." }], "messages": [] });
        assert_eq!(instructions_of(&anthropic).as_deref(), Some("Act."));
        assert_eq!(instructions_of(&json!({ "messages": [] })), None);
        let user_only = json!({ "messages": [{ "role": "user", "content": "Go." }] });
        assert_eq!(instructions_of(&user_only), None);
    }
}
