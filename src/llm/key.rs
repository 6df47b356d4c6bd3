//! A provider's key: held apart from everything that is printed, and taken out of whatever a
//! provider sends back.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::llm::ChatError;

/// A provider's key; empty when none is sent. Never printed.
#[derive(Debug, Clone)]
pub(super) struct Key(SecretString);

impl Key {
    pub(super) fn new(key: Option<String>) -> Self {
        Self(SecretString::from(key.unwrap_or_default()))
    }

    /// The key itself, for the request's header; none when none is sent.
    pub(super) fn expose(&self) -> Option<&str> {
        Some(self.0.expose_secret()).filter(|key| !key.is_empty())
    }

    /// As the library wants it.
    pub(super) const fn secret(&self) -> &SecretString {
        &self.0
    }

    /// A text without the key, wherever a provider has put it.
    pub(super) fn redact(&self, text: &str) -> String {
        let Some(key) = self.expose() else {
            return text.to_owned();
        };
        let escaped = Value::from(key).to_string();
        let escaped = escaped.trim_matches('"');
        text.replace(escaped, "(key)").replace(key, "(key)")
    }

    /// A reply without the key. Keys are visible ASCII without quotes and backslashes in all
    /// practice; one that JSON would escape makes the whole reply unusable instead.
    pub(super) fn redact_json(&self, reply: Value) -> Value {
        let text = reply.to_string();
        let redacted = self.redact(&text);
        if redacted == text {
            return reply;
        }
        serde_json::from_str(&redacted).unwrap_or(Value::Null)
    }

    pub(super) fn redact_error(&self, error: ChatError) -> ChatError {
        match error {
            ChatError::Passing {
                message,
                retry_after_ms,
            } => ChatError::Passing {
                message: self.redact(&message),
                retry_after_ms,
            },
            ChatError::TooLong { message } => ChatError::TooLong {
                message: self.redact(&message),
            },
            ChatError::Final { message } => ChatError::Final {
                message: self.redact(&message),
            },
            own @ (ChatError::OverBudget(_) | ChatError::Unbooked { .. }) => own,
        }
    }
}
