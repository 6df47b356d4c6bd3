//! OpenAI's chat completions, at OpenAI or at any address that speaks the same format
//! (<https://platform.openai.com/docs/api-reference/chat/create>). Replies are read tolerantly:
//! compatible servers leave out fields that we do not need.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_openai::Client;
use async_openai::config::{Config, OPENAI_API_BASE};
use async_openai::error::OpenAIError;
use async_openai::middleware::HttpRequestFactory;
use async_trait::async_trait;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::event::Usage;
use crate::llm::outbound::{self, OutboundError};
use crate::llm::{
    CallResult, ChatError, ChatModel, ChatReply, ChatRequest, Message, ModelCall, Price, ToolCall,
};

/// The largest reply that is read, in bytes; a longer one is an error.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

/// What a model at one address needs.
pub struct OpenAiOptions {
    /// The model's name at the provider.
    pub model: String,
    /// Where the provider is; absent: OpenAI.
    pub base_url: Option<String>,
    /// Sent as Bearer token; absent: none is sent.
    pub key: Option<String>,
    /// Sampling temperature; absent: the provider's default.
    pub temperature: Option<f32>,
    /// Most tokens of one reply; absent: the provider's default.
    pub max_output_tokens: Option<u32>,
    /// How long one call may take.
    pub timeout: Duration,
    /// For the cost of each call.
    pub price: Price,
    /// Whether loopback and private addresses may be called.
    pub allow_private: bool,
}

/// A model behind OpenAI's chat completions format.
pub struct OpenAiModel {
    options: OpenAiOptions,
    http: reqwest::Client,
    config: Arc<Endpoint>,
}

impl OpenAiModel {
    /// Checks the address; nothing is sent yet.
    pub fn new(options: OpenAiOptions) -> Result<Self, ChatError> {
        let base = options.base_url.as_deref().unwrap_or(OPENAI_API_BASE);
        let unusable = |message: String| ChatError::Final { message };
        outbound::check_url(base, options.allow_private)
            .map_err(|error| unusable(error.to_string()))?;
        let http =
            outbound::client(options.allow_private).map_err(|error| unusable(error.to_string()))?;
        let config = Endpoint {
            base: base.trim_end_matches('/').to_owned(),
            key: SecretString::from(options.key.clone().unwrap_or_default()),
        };
        Ok(Self {
            options,
            http,
            config: Arc::new(config),
        })
    }

    fn body(&self, request: &ChatRequest) -> Value {
        let mut messages = vec![json!({ "role": "system", "content": request.system })];
        messages.extend(request.messages.iter().map(|message| match message {
            Message::User(text) => json!({ "role": "user", "content": text }),
            Message::Assistant(text) => json!({ "role": "assistant", "content": text }),
        }));
        let mut body = json!({ "model": self.options.model, "messages": messages });
        if !request.tools.is_empty() {
            let tools = request.tools.iter().map(|tool| json!({ "type": "function", "function": {
                "name": tool.name, "description": tool.description, "parameters": tool.parameters } }));
            body["tools"] = tools.collect();
        }
        if let Some(temperature) = self.options.temperature {
            body["temperature"] = json!(temperature);
        }
        if let Some(max) = self.options.max_output_tokens {
            body["max_completion_tokens"] = json!(max);
        }
        body
    }

    async fn send(&self, body: &Value) -> (Answer, Result<Value, OpenAIError>) {
        let seen = Arc::new(Mutex::new(Answer::default()));
        let service = {
            let (seen, http) = (Arc::clone(&seen), self.http.clone());
            tower::service_fn(move |request| exchange(http.clone(), Arc::clone(&seen), request))
        };
        let client = Client::build(self.http.clone(), self.config.as_ref().clone())
            .with_http_service(service);
        let result = client.chat().create_byot(body).await;
        let answer = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (answer, result)
    }

    /// A text without the key, wherever a provider has put it.
    fn redact(&self, text: &str) -> String {
        match self.config.key.expose_secret() {
            "" => text.to_owned(),
            key => text.replace(key, "(key)"),
        }
    }

    fn without_key(&self, error: ChatError) -> ChatError {
        match error {
            ChatError::Passing {
                message,
                retry_after_ms,
            } => ChatError::Passing {
                message: self.redact(&message),
                retry_after_ms,
            },
            ChatError::Final { message } => ChatError::Final {
                message: self.redact(&message),
            },
        }
    }

    /// A reply without the key. Keys are visible ASCII without quotes and backslashes in all
    /// practice; one that JSON would escape makes the whole reply unusable instead.
    fn without_key_in(&self, reply: Value) -> Value {
        let text = reply.to_string();
        let key = self.config.key.expose_secret();
        let escaped = Value::from(key).to_string();
        let escaped = escaped.trim_matches('"');
        if key.is_empty() || !(text.contains(key) || text.contains(escaped)) {
            return reply;
        }
        let redacted = text.replace(escaped, "(key)").replace(key, "(key)");
        serde_json::from_str(&redacted).unwrap_or(Value::Null)
    }

    fn usage(&self, reply: &Value) -> Usage {
        let Some(counted) = reply.get("usage").filter(|usage| usage.is_object()) else {
            return Usage::default();
        };
        let count = |pointer: &str| counted.pointer(pointer).and_then(Value::as_u64);
        let mut usage = Usage {
            reported: count("/prompt_tokens").is_some() && count("/completion_tokens").is_some(),
            input_tokens: count("/prompt_tokens").unwrap_or(0),
            output_tokens: count("/completion_tokens").unwrap_or(0),
            cache_read_tokens: count("/prompt_tokens_details/cached_tokens").unwrap_or(0),
            reasoning_tokens: count("/completion_tokens_details/reasoning_tokens").unwrap_or(0),
            cost_microusd: None,
        };
        usage.cost_microusd = self.options.price.cost_microusd(&usage);
        usage
    }
}

#[async_trait]
impl ChatModel for OpenAiModel {
    fn provider(&self) -> &'static str {
        "openai"
    }

    fn model(&self) -> &str {
        &self.options.model
    }

    async fn call(&self, request: &ChatRequest) -> CallResult {
        let body = self.body(request);
        let begun = Instant::now();
        let (answer, result) =
            match tokio::time::timeout(self.options.timeout, self.send(&body)).await {
                Ok((answer, result)) => {
                    let refused = answer.status.filter(|status| *status >= 400);
                    (answer, result.map_err(|error| explain(refused, &error)))
                }
                Err(_) => (Answer::default(), Err(timed_out(self.options.timeout))),
            };
        // A provider may send back what it was sent; the key must not come along.
        let result = result
            .map(|reply| self.without_key_in(reply))
            .map_err(|error| self.without_key(with_retry_after(error, &answer)));
        let usage = result
            .as_ref()
            .map(|reply| self.usage(reply))
            .unwrap_or_default();
        let exchange = json!({ "request": body, "response": result.as_ref().ok() });
        let reply = result.and_then(|reply| read_reply(&reply));
        let record = ModelCall {
            provider: self.provider().to_owned(),
            model: self.options.model.clone(),
            attempt: 1,
            status: answer.status,
            error: reply.as_ref().err().map(ToString::to_string),
            usage,
            exchange,
            duration_ms: begun.elapsed().as_secs_f64() * 1000.0,
        };
        CallResult { record, reply }
    }
}

/// Address and key. Our own, because the library's reads keys from the environment, which would
/// send the operator's key to an address that a user chose.
#[derive(Debug, Clone)]
struct Endpoint {
    base: String,
    key: SecretString,
}

impl Config for Endpoint {
    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let key = self.key.expose_secret();
        if !key.is_empty()
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
        &self.key
    }
}

/// What the HTTP answer said beside its body.
#[derive(Debug, Clone, Default)]
struct Answer {
    status: Option<u16>,
    retry_after_ms: Option<u64>,
}

/// Sends one request, notes status and `Retry-After`, and reads the body up to the bound. No
/// retries here: each call is recorded, so they are made above.
async fn exchange(
    http: reqwest::Client,
    seen: Arc<Mutex<Answer>>,
    request: HttpRequestFactory,
) -> Result<reqwest::Response, OpenAIError> {
    let mut response = http
        .execute(request.build().await?)
        .await
        .map_err(OpenAIError::Reqwest)?;
    let status = response.status();
    {
        let mut answer = seen.lock().unwrap_or_else(PoisonError::into_inner);
        answer.status = Some(status.as_u16());
        answer.retry_after_ms = retry_after_ms(response.headers());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(OpenAIError::Reqwest)? {
        if body.len() + chunk.len() > MAX_REPLY_BYTES {
            return Err(OpenAIError::InvalidArgument(format!(
                "the reply is longer than {MAX_REPLY_BYTES} bytes"
            )));
        }
        body.extend_from_slice(&chunk);
    }
    let rebuilt = http::Response::builder().status(status).body(body);
    rebuilt
        .map(reqwest::Response::from)
        .map_err(|error| OpenAIError::InvalidArgument(error.to_string()))
}

/// `Retry-After` in seconds (RFC 9110 section 10.2.3; providers send no dates).
fn retry_after_ms(headers: &HeaderMap) -> Option<u64> {
    let seconds: f64 = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    if !seconds.is_finite() || seconds < 0.0 {
        return None;
    }
    u64::try_from(Duration::from_secs_f64(seconds.min(86_400.0)).as_millis()).ok()
}

fn timed_out(timeout: Duration) -> ChatError {
    let message = format!(
        "the provider did not answer within {} ms",
        timeout.as_millis()
    );
    ChatError::Passing {
        message,
        retry_after_ms: None,
    }
}

fn with_retry_after(error: ChatError, answer: &Answer) -> ChatError {
    match error {
        ChatError::Passing { message, .. } => ChatError::Passing {
            message,
            retry_after_ms: answer.retry_after_ms,
        },
        ChatError::Final { .. } => error,
    }
}

/// What went wrong, in words that help, and whether trying again may.
fn explain(status: Option<u16>, error: &OpenAIError) -> ChatError {
    let passing = |message: String| ChatError::Passing {
        message,
        retry_after_ms: None,
    };
    let said = |error: &OpenAIError| shorten(&error.to_string());
    match (status, error) {
        (Some(429), _) => passing(format!(
            "the provider answered 429, too many requests: {}",
            said(error)
        )),
        (Some(code @ 500..), _) => {
            passing(format!("the provider answered {code}: {}", said(error)))
        }
        (Some(401 | 403), _) => ChatError::Final {
            message: format!(
                "the provider refused the key: {}; check the agent's provider key",
                said(error)
            ),
        },
        (Some(404), _) => ChatError::Final {
            message: format!(
                "the provider knows no such model or address: {}; check model and base URL",
                said(error)
            ),
        },
        (Some(code), _) => ChatError::Final {
            message: format!("the provider answered {code}: {}", said(error)),
        },
        (None, OpenAIError::Reqwest(cause)) => unreachable_provider(cause),
        (None, OpenAIError::JSONDeserialize(cause, _)) => passing(format!(
            "the provider's answer is not readable JSON: {cause}"
        )),
        (None, _) => passing(format!(
            "the provider's answer could not be read: {}",
            said(error)
        )),
    }
}

fn unreachable_provider(error: &reqwest::Error) -> ChatError {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        if let Some(refused) = cause.downcast_ref::<OutboundError>() {
            return ChatError::Final {
                message: refused.to_string(),
            };
        }
        source = cause.source();
    }
    let message = format!(
        "the provider could not be reached: {}",
        shorten(&error.to_string())
    );
    ChatError::Passing {
        message,
        retry_after_ms: None,
    }
}

fn shorten(text: &str) -> String {
    text.chars().take(300).collect()
}

#[derive(Deserialize)]
struct WireReply {
    choices: Vec<WireChoice>,
}

#[derive(Deserialize)]
struct WireChoice {
    message: WireMessage,
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

fn read_reply(reply: &Value) -> Result<ChatReply, ChatError> {
    let unreadable = |why: String| ChatError::Passing {
        message: format!("the provider's answer is not a chat completion: {why}"),
        retry_after_ms: None,
    };
    let wire = WireReply::deserialize(reply).map_err(|error| unreadable(error.to_string()))?;
    let message = wire
        .choices
        .into_iter()
        .next()
        .ok_or_else(|| unreadable("it has no choices".to_owned()))?
        .message;
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
        refusal: message.refusal.filter(|refusal| !refusal.is_empty()),
    })
}
