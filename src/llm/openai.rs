//! OpenAI's chat completions, at OpenAI or at any address that speaks the same format
//! (<https://platform.openai.com/docs/api-reference/chat/create>). Replies are read tolerantly:
//! compatible servers leave out fields that we do not need.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use async_openai::Client;
use async_openai::config::Config;
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::agent::Provider;
use crate::domain::event::Usage;
use crate::domain::price::Tariff;
use crate::llm::connect::ModelOptions;
use crate::llm::key::Key;
use crate::llm::wire::{self, Call, Missed, Reading, Received};
use crate::llm::{
    CallResult, ChatError, ChatModel, ChatReply, ChatRequest, Message, ToolCall, outbound,
};

/// A model behind OpenAI's chat completions format.
pub struct OpenAiModel {
    options: ModelOptions,
    http: reqwest::Client,
    endpoint: Endpoint,
    tariff: Tariff,
}

impl OpenAiModel {
    /// Checks the address; nothing is sent yet.
    pub fn new(mut options: ModelOptions) -> Result<Self, ChatError> {
        let base = options.address(Provider::OpenAi);
        let http = outbound::checked_client(base, options.allow_private)?;
        let endpoint = Endpoint {
            base: base.trim_end_matches('/').to_owned(),
            key: Key::new(options.key.take()),
        };
        let tariff = options.tariff(Provider::OpenAi)?;
        Ok(Self {
            options,
            http,
            endpoint,
            tariff,
        })
    }

    pub(super) fn body(&self, request: &ChatRequest) -> Value {
        let mut messages = vec![json!({ "role": "system", "content": request.system })];
        messages.extend(request.messages.iter().map(|message| match message {
            Message::User(text) => json!({ "role": "user", "content": text }),
            Message::Seen { text, picture } => json!({ "role": "user", "content": [
                { "type": "text", "text": text },
                { "type": "image_url", "image_url": { "url": picture.data_uri() } },
            ] }),
            Message::Assistant(text) => json!({ "role": "assistant", "content": text }),
        }));
        let mut body = json!({ "model": self.options.model, "messages": messages });
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(|tool| json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters } }));
            body["tools"] = tools.collect();
        }
        // Reasoning models refuse a temperature, so none is sent unless one is set.
        if let Some(temperature) = self.options.temperature {
            body["temperature"] = json!(temperature);
        }
        if let Some(max) = self.options.max_output_tokens {
            body["max_completion_tokens"] = json!(max);
        }
        if let Some(effort) = self.options.reasoning.effort {
            body["reasoning_effort"] = json!(effort);
        }
        body
    }

    /// Sends a request that the library builds. The library's own reading of the answer is left
    /// aside: what came is read here, alike for all providers.
    async fn send(&self, body: &Value) -> Result<Received, Missed> {
        let seen: Arc<Mutex<Option<Result<Received, Missed>>>> = Arc::default();
        let service = {
            let (seen, http) = (Arc::clone(&seen), self.http.clone());
            let timeout = self.options.timeout;
            tower::service_fn(move |factory: HttpRequestFactory| {
                let (seen, http) = (Arc::clone(&seen), http.clone());
                async move {
                    let request = factory.build().await?;
                    let outcome = wire::exchange(&http, request, timeout).await;
                    let response = match &outcome {
                        Ok(received) => received
                            .to_response()
                            .map_err(|error| OpenAIError::InvalidArgument(error.to_string())),
                        Err(_) => Err(OpenAIError::InvalidArgument("no answer".to_owned())),
                    };
                    *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
                    response
                }
            })
        };
        let client =
            Client::build(self.http.clone(), self.endpoint.clone()).with_http_service(service);
        let read: Result<Value, OpenAIError> = client.chat().create_byot(body).await;
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
        seen.unwrap_or_else(|| {
            let why = read.err().map(|error| error.to_string());
            Err(Missed::unsent(ChatError::lasting(format!(
                "the request could not be built: {}",
                why.unwrap_or_default()
            ))))
        })
    }
}

#[async_trait]
impl ChatModel for OpenAiModel {
    fn provider(&self) -> &'static str {
        Provider::OpenAi.as_str()
    }

    fn model(&self) -> &str {
        &self.options.model
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let body = self.body(request);
        let begun = Instant::now();
        let outcome = self.send(&body).await;
        let call = Call {
            provider: self.provider(),
            model: &self.options.model,
            key: &self.endpoint.key,
            tariff: &self.tariff,
            request: body,
            begun,
        };
        call.end(outcome, read)
    }
}

/// Address and key. Our own, because the library's reads keys from the environment, which would
/// send the operator's key to an address that a user chose.
#[derive(Debug, Clone)]
struct Endpoint {
    base: String,
    key: Key,
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.expose()
            && let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {key}"))
        {
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        headers
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn query(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    fn api_base(&self) -> &str {
        &self.base
    }

    fn api_key(&self) -> &SecretString {
        self.key.secret()
    }
}

pub(super) fn read(answer: &Value) -> Reading {
    let tier = answer.get("service_tier").and_then(Value::as_str);
    Reading {
        usage: usage(answer),
        standard: tier.is_none_or(|tier| matches!(tier, "default" | "auto" | "standard")),
        reply: read_reply(answer),
    }
}

/// The counts of `prompt_tokens` and `completion_tokens` mean what ours mean: cached and reasoning
/// tokens are part of them.
fn usage(answer: &Value) -> Usage {
    let Some(counted) = answer.get("usage").filter(|usage| usage.is_object()) else {
        return Usage::default();
    };
    let count = |pointer: &str| counted.pointer(pointer).and_then(Value::as_u64);
    Usage {
        reported: count("/prompt_tokens").is_some() && count("/completion_tokens").is_some(),
        input_tokens: count("/prompt_tokens").unwrap_or(0),
        output_tokens: count("/completion_tokens").unwrap_or(0),
        cache_read_tokens: count("/prompt_tokens_details/cached_tokens").unwrap_or(0),
        cache_write_tokens: count("/prompt_tokens_details/cache_write_tokens").unwrap_or(0),
        reasoning_tokens: count("/completion_tokens_details/reasoning_tokens").unwrap_or(0),
        cost_microusd: None,
    }
    .believed()
}

#[derive(Deserialize)]
struct WireReply {
    choices: Vec<WireChoice>,
}

#[derive(Deserialize)]
struct WireChoice {
    message: WireMessage,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct WireMessage {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<WireToolCall>>,
}

#[derive(Deserialize)]
struct WireToolCall {
    function: WireFunction,
}

#[derive(Deserialize)]
struct WireFunction {
    name: String,
    #[serde(default)]
    arguments: String,
}

fn read_reply(answer: &Value) -> Result<ChatReply, ChatError> {
    let what = "a chat completion";
    let read = WireReply::deserialize(answer).map_err(|error| wire::malformed(what, error))?;
    let choice = read.choices.into_iter().next();
    let choice = choice.ok_or_else(|| wire::malformed(what, "it has no choices"))?;
    let (message, reason) = (choice.message, choice.finish_reason);
    let filtered = reason.as_deref() == Some("content_filter");
    let tool_calls = message
        .tool_calls
        .unwrap_or_default()
        .into_iter()
        .map(|call| ToolCall {
            name: call.function.name,
            arguments: call.function.arguments,
        });
    Ok(ChatReply {
        text: message.content.unwrap_or_default(),
        tool_calls: tool_calls.collect(),
        refusal: message
            .refusal
            .filter(|refusal| !refusal.is_empty())
            .or_else(|| filtered.then(|| "the provider's content filter stopped it".to_owned())),
        cut_off: reason.as_deref() == Some("length"),
    })
}
