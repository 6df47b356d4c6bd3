//! Anthropic's Messages API (<https://platform.claude.com/docs/en/api/messages>), at Anthropic or
//! at any address that speaks the same format.
//!
//! What does not change from call to call, tools and instructions, is marked for the provider's
//! prompt cache; a prefix that is too short to be cached is charged as ever.

use std::time::Instant;

use async_trait::async_trait;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::agent::{ANTHROPIC_MAX_OUTPUT_TOKENS, Provider};
use crate::domain::event::Usage;
use crate::domain::price::Tariff;
use crate::llm::connect::{ModelOptions, Reasoning};
use crate::llm::key::Key;
use crate::llm::wire::{self, Call, Missed, Reading, Received};
use crate::llm::{
    CallResult, ChatError, ChatModel, ChatReply, ChatRequest, Message, Tool, ToolCall, outbound,
};

/// The version of the format, which every request names.
pub(super) const VERSION: &str = "2023-06-01";

/// A model behind Anthropic's Messages API.
pub struct AnthropicModel {
    options: ModelOptions,
    http: reqwest::Client,
    url: String,
    key: Key,
    tariff: Tariff,
}

impl AnthropicModel {
    /// Checks the address; nothing is sent yet. A `/v1` at its end is taken off.
    pub fn new(mut options: ModelOptions) -> Result<Self, ChatError> {
        let base = options.address(Provider::Anthropic);
        let http = outbound::checked_client(base, options.allow_private)?;
        let url = messages_url(base);
        let key = Key::new(options.key.take());
        let tariff = options.tariff(Provider::Anthropic)?;
        Ok(Self {
            options,
            http,
            url,
            key,
            tariff,
        })
    }

    pub(super) fn body(&self, request: &ChatRequest) -> Value {
        let messages = request.messages.iter().map(|message| match message {
            Message::User(text) => json!({ "role": "user", "content": text }),
            // Pictures come first: <https://platform.claude.com/docs/en/build-with-claude/vision>.
            Message::Seen { text, picture } => json!({ "role": "user", "content": [
                { "type": "image", "source": { "type": "base64", "media_type": "image/png",
                    "data": picture.base64() } },
                { "type": "text", "text": text },
            ] }),
            Message::Assistant(text) => json!({ "role": "assistant", "content": text }),
        });
        let max = self.options.max_output_tokens;
        let mut body = json!({
            "model": self.options.model,
            "max_tokens": max.unwrap_or(ANTHROPIC_MAX_OUTPUT_TOKENS),
            "messages": messages.collect::<Vec<_>>(),
        });
        if !request.system.is_empty() {
            body["system"] = json!([cached(json!({ "type": "text", "text": request.system }))]);
        }
        if let Some((last, others)) = request.tools.split_last() {
            let mut tools: Vec<Value> = others.iter().map(tool).collect();
            tools.push(cached(tool(last)));
            body["tools"] = Value::Array(tools);
        }
        if let Some(temperature) = self.options.temperature {
            body["temperature"] = json!(temperature);
        }
        self.add_thinking(&mut body);
        body
    }

    /// A bound on thinking is for older models; newer ones decide by themselves how much they think,
    /// and are told how hard they shall try
    /// (<https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking>).
    fn add_thinking(&self, body: &mut Value) {
        let Reasoning { effort, tokens } = self.options.reasoning;
        if let Some(tokens) = tokens {
            body["thinking"] = json!({ "type": "enabled", "budget_tokens": tokens });
        } else if effort.is_some() {
            body["thinking"] = json!({ "type": "adaptive" });
        }
        if let Some(effort) = effort {
            body["output_config"] = json!({ "effort": effort });
        }
    }

    async fn send(&self, body: &Value) -> Result<Received, Missed> {
        let unsent = |error: String| {
            Missed::unsent(ChatError::lasting(format!(
                "the request could not be built: {error}"
            )))
        };
        let mut request = self
            .http
            .post(&self.url)
            .header("anthropic-version", VERSION)
            .json(body);
        if let Some(key) = self.key.expose() {
            let mut value =
                HeaderValue::from_str(key).map_err(|error| unsent(error.to_string()))?;
            value.set_sensitive(true);
            request = request.header(HeaderName::from_static("x-api-key"), value);
        }
        let request = request.build().map_err(|error| unsent(error.to_string()))?;
        wire::exchange(&self.http, request, self.options.timeout).await
    }
}

#[async_trait]
impl ChatModel for AnthropicModel {
    fn provider(&self) -> &'static str {
        Provider::Anthropic.as_str()
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
            key: &self.key,
            tariff: &self.tariff,
            request: body,
            begun,
        };
        call.end(outcome, read)
    }
}

/// The address of the interface at a base URL, with or without `/v1` at its end.
pub(super) fn messages_url(base: &str) -> String {
    let base = base.trim_end_matches('/');
    let base = base.strip_suffix("/v1").unwrap_or(base);
    format!("{}/v1/messages", base.trim_end_matches('/'))
}

fn tool(tool: &Tool) -> Value {
    json!({
        "name": tool.name, "description": tool.description, "input_schema": tool.parameters,
    })
}

/// Marks the end of a prefix that the provider shall cache.
fn cached(mut block: Value) -> Value {
    block["cache_control"] = json!({ "type": "ephemeral" });
    block
}

/// Priority has prices of its own, and so has a model that runs in the United States only.
pub(super) fn read(answer: &Value) -> Reading {
    let said = |name: &str| answer.get("usage")?.get(name)?.as_str();
    Reading {
        usage: usage(answer),
        standard: said("service_tier").is_none_or(|tier| tier == "standard")
            && said("inference_geo") != Some("us"),
        reply: read_reply(answer),
    }
}

/// `input_tokens` leaves out what the cache had a part in; ours holds it all.
fn usage(answer: &Value) -> Usage {
    let count = |name: &str| answer.get("usage")?.get(name)?.as_u64();
    let (Some(plain), Some(output)) = (count("input_tokens"), count("output_tokens")) else {
        return Usage::default();
    };
    let read = count("cache_read_input_tokens").unwrap_or(0);
    let write = count("cache_creation_input_tokens").unwrap_or(0);
    Usage {
        reported: true,
        input_tokens: plain.saturating_add(read).saturating_add(write),
        output_tokens: output,
        cache_read_tokens: read,
        cache_write_tokens: write,
        reasoning_tokens: 0,
        cost_microusd: None,
    }
    .believed()
}

#[derive(Deserialize)]
struct WireReply {
    content: Vec<WireBlock>,
    #[serde(default)]
    stop_reason: Option<String>,
    #[serde(default)]
    stop_details: Option<WireStop>,
}

#[derive(Deserialize)]
struct WireStop {
    #[serde(default)]
    explanation: Option<String>,
}

/// A part of a reply; thinking and whatever comes new is passed over.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum WireBlock {
    Text {
        text: String,
    },
    ToolUse {
        name: String,
        input: Value,
    },
    #[serde(other)]
    Other,
}

/// Reads a reply. One without any content is a reply too, an empty one: models give it.
fn read_reply(answer: &Value) -> Result<ChatReply, ChatError> {
    let read = WireReply::deserialize(answer)
        .map_err(|error| wire::malformed("a message of the Messages API", error))?;
    let mut reply = ChatReply {
        cut_off: matches!(
            read.stop_reason.as_deref(),
            Some("max_tokens" | "model_context_window_exceeded")
        ),
        ..ChatReply::default()
    };
    for block in read.content {
        match block {
            WireBlock::Text { text } => reply.text.push_str(&text),
            WireBlock::ToolUse { name, input } => reply.tool_calls.push(ToolCall {
                name,
                arguments: input.to_string(),
            }),
            WireBlock::Other => {}
        }
    }
    if read.stop_reason.as_deref() == Some("refusal") {
        let explained = read.stop_details.and_then(|details| details.explanation);
        let said = [explained.unwrap_or_default(), reply.text.clone()];
        let said = said.into_iter().find(|text| !text.trim().is_empty());
        reply.refusal =
            Some(said.unwrap_or_else(|| "it stopped with `refusal` and gave no reason".to_owned()));
    }
    Ok(reply)
}
