//! What an agent is told when the arena does not make its call: in the form in which the provider
//! tells its own errors, so that the provider's clients understand it.

use serde_json::{Value, json};

use crate::domain::agent::Provider;
use crate::domain::budget::OverBudget;
use crate::llm::proxy::{Answer, AnswerBody};

/// Why a call is not made, or has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The request is none that can be passed on.
    Invalid,
    /// No token, a wrong one, or one of an episode that is over.
    Unknown,
    /// A budget does not have the most that the call can cost.
    Budget,
    /// The token does not open this.
    Forbidden,
    /// There is nothing here.
    Nowhere,
    /// The address takes another method.
    Method,
    /// The body is too long.
    TooLarge,
    /// Too many calls at once.
    Busy,
    /// The arena failed.
    Fault,
    /// The provider could not be reached, or its answer was none.
    Upstream,
    /// The provider was silent for too long.
    Late,
}

/// A refusal in a provider's own form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    why: Why,
    message: String,
}

impl Refusal {
    /// A refusal. The message says what to do.
    pub fn new(why: Why, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { why, message }
    }

    /// A budget does not have the call. The episode ends with it.
    pub(super) fn budget(over: &OverBudget) -> Self {
        Self::new(
            Why::Budget,
            format!("{over}. The episode ends with this; do not try again."),
        )
    }

    /// The status: of those for which the official clients try again by themselves only where
    /// that can help.
    pub const fn status(&self) -> u16 {
        match self.why {
            Why::Invalid => 400,
            Why::Unknown => 401,
            Why::Budget => 402,
            Why::Forbidden => 403,
            Why::Nowhere => 404,
            Why::Method => 405,
            Why::TooLarge => 413,
            Why::Busy => 429,
            Why::Fault => 500,
            Why::Upstream => 502,
            Why::Late => 504,
        }
    }

    /// The answer that a provider's clients read.
    pub fn answer(&self, provider: Provider) -> Answer {
        let body = match provider {
            Provider::OpenAi => self.openai(),
            Provider::Anthropic => self.anthropic(),
        };
        let mut headers = vec![("content-type", "application/json".to_owned())];
        match self.why {
            Why::Busy => headers.push(("retry-after", "1".to_owned())),
            // Both official clients heed it over the status.
            Why::Upstream | Why::Late => {}
            _ => headers.push(("x-should-retry", "false".to_owned())),
        }
        Answer {
            status: self.status(),
            headers,
            body: AnswerBody::Whole(body.to_string().into_bytes()),
        }
    }

    /// <https://platform.openai.com/docs/guides/error-codes>
    fn openai(&self) -> Value {
        let (kind, code) = match self.why {
            Why::Unknown => ("invalid_request_error", json!("invalid_api_key")),
            Why::Budget => ("insufficient_quota", json!("budget_limit")),
            Why::Busy => ("rate_limit_exceeded", json!("rate_limit_exceeded")),
            Why::Fault | Why::Upstream | Why::Late => ("server_error", Value::Null),
            _ => ("invalid_request_error", Value::Null),
        };
        json!({ "error": { "message": self.message, "type": kind, "param": null, "code": code } })
    }

    /// <https://platform.claude.com/docs/en/api/errors>
    fn anthropic(&self) -> Value {
        let kind = match self.why {
            Why::Invalid | Why::Method => "invalid_request_error",
            Why::Unknown => "authentication_error",
            Why::Budget => "billing_error",
            Why::Forbidden => "permission_error",
            Why::Nowhere => "not_found_error",
            Why::TooLarge => "request_too_large",
            Why::Busy => "rate_limit_error",
            Why::Fault | Why::Upstream => "api_error",
            Why::Late => "timeout_error",
        };
        json!({ "type": "error", "error": { "type": kind, "message": self.message } })
    }
}
