//! What the clients of all providers share: one exchange over HTTP with a bounded body, the key
//! kept out of whatever comes back, `Retry-After`, errors in words that help, and the record of a
//! call. Knows no provider's format.

use std::time::{Duration, Instant, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use serde_json::{Value, json};

use crate::domain::event::Usage;
use crate::domain::price::Tariff;
use crate::llm::key::Key;
use crate::llm::outbound::{OutboundError, innermost};
use crate::llm::{CallResult, ChatError, ChatReply, ModelCall};

/// The largest reply that is read, in bytes; a longer one is an error.
const MAX_REPLY_BYTES: usize = 4 * 1024 * 1024;

/// The longest `Retry-After` that is believed: a day.
const MAX_RETRY_AFTER: Duration = Duration::from_hours(24);

/// Codes of errors that say "too many requests" but mean that no money is left.
const OUT_OF_MONEY: [&str; 3] = [
    "insufficient_quota",
    "billing_hard_limit_reached",
    "enforced_spend_limit_reached",
];

/// How a record names the fault of a request that was too long.
pub(super) const TOO_LONG: &str = "too_long";

/// A whole answer, whatever its status.
#[derive(Debug, Clone)]
pub(super) struct Received {
    status: u16,
    retry_after_ms: Option<u64>,
    content_type: String,
    body: Vec<u8>,
}

impl Received {
    /// What came, as it came.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The same for a library that wants to read it.
    pub(super) fn to_response(&self) -> Result<reqwest::Response, http::Error> {
        let response = http::Response::builder().status(self.status);
        response
            .body(self.body.clone())
            .map(reqwest::Response::from)
    }
}

/// Why there is no whole answer.
#[derive(Debug, Clone)]
pub(super) struct Missed {
    /// Status, when at least that much came.
    status: Option<u16>,
    /// Whether the request never left.
    unsent: bool,
    error: ChatError,
}

impl Missed {
    /// The request was sent, and not even a status came.
    pub(super) const fn silent(error: ChatError) -> Self {
        Self {
            status: None,
            unsent: false,
            error,
        }
    }

    /// The request never left.
    pub(super) const fn unsent(error: ChatError) -> Self {
        Self {
            status: None,
            unsent: true,
            error,
        }
    }
}

impl Missed {
    /// The answer began, and did not come to its end.
    pub(super) const fn broken_off(status: u16, error: ChatError) -> Self {
        Self {
            status: Some(status),
            unsent: false,
            error,
        }
    }
}

/// Sends one request and reads its answer up to the bound. No retries here: each call is recorded,
/// so they are made above.
pub(super) async fn exchange(
    http: &reqwest::Client,
    request: reqwest::Request,
    timeout: Duration,
) -> Result<Received, Missed> {
    let deadline = Deadline::after(timeout);
    let response = begin(http, request, deadline).await?;
    receive(response, deadline).await
}

/// When a call has taken too long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline {
    /// The moment.
    pub at: tokio::time::Instant,
    /// What was allowed, for people.
    timeout: Duration,
}

impl Deadline {
    pub(super) fn after(timeout: Duration) -> Self {
        Self {
            at: tokio::time::Instant::now() + timeout,
            timeout,
        }
    }

    /// It has come.
    pub(super) fn missed(self) -> ChatError {
        timed_out(self.timeout)
    }
}

/// Sends one request and waits for the head of its answer.
pub(super) async fn begin(
    http: &reqwest::Client,
    request: reqwest::Request,
    deadline: Deadline,
) -> Result<reqwest::Response, Missed> {
    match tokio::time::timeout_at(deadline.at, http.execute(request)).await {
        Err(_) => Err(Missed::silent(deadline.missed())),
        Ok(Err(error)) if error.is_connect() => Err(Missed::unsent(unreachable_provider(&error))),
        Ok(Err(error)) => Err(Missed::silent(unreachable_provider(&error))),
        Ok(Ok(response)) => Ok(response),
    }
}

/// Reads the rest of an answer up to the bound.
pub(super) async fn receive(
    mut response: reqwest::Response,
    deadline: Deadline,
) -> Result<Received, Missed> {
    let status = response.status().as_u16();
    let missed = |error| Missed::broken_off(status, error);
    let retry_after_ms = retry_after_ms(response.headers(), SystemTime::now());
    let content_type = content_type(response.headers());
    match tokio::time::timeout_at(deadline.at, read_body(&mut response)).await {
        Err(_) => Err(missed(deadline.missed())),
        Ok(Err(error)) => Err(missed(error)),
        Ok(Ok(body)) => Ok(Received {
            status,
            retry_after_ms,
            content_type,
            body,
        }),
    }
}

async fn read_body(response: &mut reqwest::Response) -> Result<Vec<u8>, ChatError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > MAX_REPLY_BYTES => {
                // Asking again would cost again, and come out no shorter.
                return Err(ChatError::lasting(format!(
                    "the provider's answer is longer than {MAX_REPLY_BYTES} bytes"
                )));
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(broke_off(body.len(), &error)),
        }
    }
}

/// An answer that was cut in the middle.
pub(super) fn broke_off(bytes: usize, error: &reqwest::Error) -> ChatError {
    ChatError::passing(format!(
        "the provider's answer broke off after {bytes} bytes: {}",
        shorten(&error.to_string())
    ))
}

/// What a client read out of an answer.
pub(super) struct Reading {
    /// Tokens, without their cost.
    pub usage: Usage,
    /// Whether the provider served it at its standard tier, which the price list assumes.
    pub standard: bool,
    /// The reply, or why the answer is none.
    pub reply: Result<ChatReply, ChatError>,
}

/// A call under way.
pub(super) struct Call<'a> {
    pub provider: &'a str,
    pub model: &'a str,
    pub key: &'a Key,
    pub tariff: &'a Tariff,
    /// What is sent, for the record; holds no key.
    pub request: Value,
    pub begun: Instant,
}

impl Call<'_> {
    /// The call's record and reply, from what came back and how its client reads that.
    pub(super) fn end(
        self,
        outcome: Result<Received, Missed>,
        read: impl Fn(&Value) -> Reading,
    ) -> CallResult {
        let (attempt, answer) = answer_of(outcome, self.key);
        self.book(attempt, answer, read)
    }

    /// The call's record and reply, from an answer without the key.
    pub(super) fn book(
        self,
        attempt: Attempted,
        answer: Result<Value, ChatError>,
        read: impl Fn(&Value) -> Reading,
    ) -> CallResult {
        let duration_ms = self.begun.elapsed().as_secs_f64() * 1000.0;
        let mut reading = match &answer {
            Ok(answer) => read(answer),
            Err(error) => Reading {
                usage: Usage::default(),
                standard: true,
                reply: Err(error.clone()),
            },
        };
        let booked = self.tariff.book(&mut reading.usage, reading.standard);
        let answer = answer.ok();
        let returned = answer.as_ref().and_then(|answer| answer.get("model"));
        let mut exchange = json!({ "request": self.request, "response": answer });
        if matches!(reading.reply, Err(ChatError::TooLong { .. })) {
            // What the error was is not told by its text alone; a replay has to know.
            exchange["fault"] = json!(TOO_LONG);
        }
        let record = ModelCall {
            provider: self.provider.to_owned(),
            model: self.model.to_owned(),
            returned_model: returned.and_then(Value::as_str).map(shorten),
            attempt: 1,
            status: attempt.status,
            unsent: attempt.unsent,
            error: reading.reply.as_ref().err().map(ToString::to_string),
            usage: reading.usage,
            booked,
            exchange,
            duration_ms,
        };
        CallResult {
            record,
            reply: reading.reply,
        }
    }
}

/// How far a call came.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Attempted {
    /// Status, when at least that much came.
    pub status: Option<u16>,
    /// Whether the request never left.
    pub unsent: bool,
}

/// What came of an exchange: how far it came, and the answer. A provider may send back what it was
/// sent; the key does not come along.
pub(super) fn answer_of(
    outcome: Result<Received, Missed>,
    key: &Key,
) -> (Attempted, Result<Value, ChatError>) {
    let attempt = match &outcome {
        Ok(received) => Attempted {
            status: Some(received.status),
            unsent: false,
        },
        Err(missed) => Attempted {
            status: missed.status,
            unsent: missed.unsent,
        },
    };
    let answer = outcome
        .map_err(|missed| missed.error)
        .and_then(|received| parse(&received, key))
        .map(|answer| key.redact_json(answer))
        .map_err(|error| key.redact_error(error));
    (attempt, answer)
}

/// An answer that does not have the form that it should have.
pub(super) fn malformed(what: &str, why: impl std::fmt::Display) -> ChatError {
    ChatError::passing(format!("the provider's answer is not {what}: {why}"))
}

/// The JSON of an answer, or what its status says.
fn parse(received: &Received, key: &Key) -> Result<Value, ChatError> {
    if !(200..300).contains(&received.status) {
        return Err(refused(received, key));
    }
    serde_json::from_slice(&received.body).map_err(|error| {
        let kind = &received.content_type;
        ChatError::passing(if kind.is_empty() || kind.ends_with("json") {
            format!("the provider's answer is not readable JSON: {error}")
        } else {
            let kind = key.redact(kind);
            format!("the provider's answer is {kind} and not JSON; check the base URL")
        })
    })
}

/// What a status other than success means, and whether trying again may help.
fn refused(received: &Received, key: &Key) -> ChatError {
    let (said, code) = complaint(&received.body);
    let said = shorten(&key.redact(&said));
    let status = received.status;
    let passing = |message: String| ChatError::Passing {
        message,
        retry_after_ms: received.retry_after_ms,
    };
    match status {
        429 if OUT_OF_MONEY.contains(&code.as_str()) => ChatError::lasting(format!(
            "the provider's account has reached its limit of spending: {said}"
        )),
        429 => passing(format!(
            "the provider answered 429, too many requests: {said}"
        )),
        529 => passing(format!("the provider answered 529, overloaded: {said}")),
        408 | 409 | 500.. => passing(format!("the provider answered {status}: {said}")),
        401 | 403 => ChatError::lasting(format!(
            "the provider refused the key: {said}; check the agent's provider key"
        )),
        402 => ChatError::lasting(format!(
            "the provider answered 402, its account cannot pay: {said}"
        )),
        400 | 413 | 422 if is_too_long(status, &code, &said) => ChatError::TooLong {
            message: format!("the request is longer than the model takes: {said}"),
        },
        404 => ChatError::lasting(format!(
            "the provider knows no such model or address: {said}; check model and base URL"
        )),
        300..=399 => ChatError::lasting(format!(
            "the provider answered {status}, which leads elsewhere; check the base URL"
        )),
        _ => ChatError::lasting(format!("the provider answered {status}: {said}")),
    }
}

/// Whether an error says that the request is too long. OpenAI, llama.cpp and Anthropic (413) have a
/// code for it; of the others only the words tell, which are those of Anthropic, vLLM, Mistral and
/// Gemini.
fn is_too_long(status: u16, code: &str, said: &str) -> bool {
    const WORDS: [&str; 6] = [
        "prompt is too long",
        "exceed context limit",
        "maximum context length",
        "context window",
        "context size",
        "exceeds the maximum number of tokens",
    ];
    let said = said.to_ascii_lowercase();
    status == 413
        || matches!(
            code,
            "context_length_exceeded" | "exceed_context_size_error"
        )
        || WORDS.iter().any(|words| said.contains(words))
}

/// The message and the code of an error's body. Providers agree on `error.message`; compatible
/// servers and gateways on nothing.
fn complaint(body: &[u8]) -> (String, String) {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        return (String::from_utf8_lossy(body).into_owned(), String::new());
    };
    let text = |pointer: &str| {
        let found = body.pointer(pointer).and_then(Value::as_str);
        found.filter(|text| !text.is_empty())
    };
    let message = ["/error/message", "/error", "/message", "/detail"];
    let code = ["/error/details/error_code", "/error/code", "/error/type"];
    let said = message.iter().find_map(|pointer| text(pointer));
    (
        said.map_or_else(|| body.to_string(), str::to_owned),
        code.iter()
            .find_map(|pointer| text(pointer))
            .unwrap_or_default()
            .to_owned(),
    )
}

/// `Retry-After` as seconds or as a date (RFC 9110 section 10.2.3).
fn retry_after_ms(headers: &HeaderMap, now: SystemTime) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse::<f64>() {
        Ok(seconds) if seconds > MAX_RETRY_AFTER.as_secs_f64() => MAX_RETRY_AFTER,
        Ok(seconds) => Duration::try_from_secs_f64(seconds).ok()?,
        Err(_) => httpdate::parse_http_date(text)
            .ok()?
            .duration_since(now)
            .unwrap_or_default(),
    };
    u64::try_from(wait.min(MAX_RETRY_AFTER).as_millis()).ok()
}

/// The media type without its parameters, in lower case; empty when there is none.
fn content_type(headers: &HeaderMap) -> String {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = value.unwrap_or_default().split(';').next();
    shorten(kind.unwrap_or_default().trim()).to_ascii_lowercase()
}

fn timed_out(timeout: Duration) -> ChatError {
    ChatError::passing(format!(
        "the provider did not answer within {} ms",
        timeout.as_millis()
    ))
}

fn unreachable_provider(error: &reqwest::Error) -> ChatError {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = source {
        if let Some(refused) = cause.downcast_ref::<OutboundError>() {
            return ChatError::lasting(refused.to_string());
        }
        source = cause.source();
    }
    ChatError::passing(format!(
        "the provider could not be reached: {}",
        innermost(error)
    ))
}

fn shorten(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
#[path = "wire_tests.rs"]
mod tests;
