//! Chat models behind one trait: what is sent, what comes back, what it cost. Knows no page and
//! no action; `agents` turns observations into messages and replies into actions.

pub mod openai;
pub mod outbound;
pub mod retry;
pub mod scripted;

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::event::Usage;

/// A model that answers messages.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Which interface is spoken, e.g. `openai`.
    fn provider(&self) -> &str;

    /// The model's name at the provider.
    fn model(&self) -> &str;

    /// One call, without retries. Every call is reported, failed ones too.
    async fn call(&self, request: &ChatRequest) -> CallResult;
}

/// What one call came to: the record for the log, and the reply or what went wrong.
pub struct CallResult {
    /// For the log and the table of calls.
    pub record: ModelCall,
    /// The reply, or what went wrong.
    pub reply: Result<ChatReply, ChatError>,
}

/// One model call, as the log and the table of calls keep it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelCall {
    /// Which interface, e.g. `openai`.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// Which try of this decision, from 1.
    pub attempt: u32,
    /// HTTP status, absent when no answer came.
    pub status: Option<u16>,
    /// What went wrong.
    pub error: Option<String>,
    /// Tokens and money.
    pub usage: Usage,
    /// Request without secrets, and reply: `{"request": .., "response": ..}`.
    pub exchange: Value,
    /// Time for the call, in milliseconds.
    pub duration_ms: f64,
}

/// What is asked of a model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatRequest {
    /// Instructions.
    pub system: String,
    /// The conversation after the instructions, oldest first.
    pub messages: Vec<Message>,
    /// Tools that the model may call.
    pub tools: Vec<Tool>,
}

/// One entry of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// From us.
    User(String),
    /// From the model, as text.
    Assistant(String),
}

/// A function that the model may call.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Name.
    pub name: String,
    /// One sentence.
    pub description: String,
    /// JSON Schema of its arguments.
    pub parameters: Value,
}

/// What a model answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ChatReply {
    /// Text, perhaps empty.
    pub text: String,
    /// Tool calls in order: name and arguments as sent, which need not be valid JSON.
    pub tool_calls: Vec<ToolCall>,
    /// The model's refusal to answer.
    pub refusal: Option<String>,
}

/// A tool call as the model wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// Name of the tool.
    pub name: String,
    /// Arguments as text; supposed to be a JSON object.
    pub arguments: String,
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChatError {
    /// It may go better in a moment: 429, 5xx, time-out, connection refused, unreadable body.
    #[error("{message}")]
    Passing {
        /// What went wrong.
        message: String,
        /// How long the provider asked to wait (`Retry-After`, RFC 9110 section 10.2.3).
        retry_after_ms: Option<u64>,
    },
    /// Trying again would not help: wrong key, unknown model, forbidden address.
    #[error("{message}")]
    Final {
        /// What went wrong and what to do.
        message: String,
    },
}

/// Price of a model in millionths of a dollar per million tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// Of input; absent: unknown.
    pub input_microusd_per_mtok: Option<u64>,
    /// Of output; absent: unknown.
    pub output_microusd_per_mtok: Option<u64>,
}

impl Price {
    /// What the tokens cost, rounded up to the millionth of a dollar; none when a needed price
    /// or the count is unknown.
    pub fn cost_microusd(self, usage: &Usage) -> Option<u64> {
        if !usage.reported {
            return None;
        }
        let part = |tokens: u64, price: Option<u64>| match (tokens, price) {
            (0, _) => Some(0_u128),
            (_, None) => None,
            (tokens, Some(price)) => Some(u128::from(tokens) * u128::from(price)),
        };
        let total = part(usage.input_tokens, self.input_microusd_per_mtok)?
            + part(usage.output_tokens, self.output_microusd_per_mtok)?;
        u64::try_from(total.div_ceil(1_000_000)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u64, output: u64) -> Usage {
        Usage {
            reported: true,
            input_tokens: input,
            output_tokens: output,
            ..Usage::default()
        }
    }

    #[test]
    fn cost_is_price_times_tokens_rounded_up() {
        let price = Price {
            input_microusd_per_mtok: Some(2_500_000),
            output_microusd_per_mtok: Some(10_000_000),
        };
        assert_eq!(price.cost_microusd(&usage(4_689, 214)), Some(13_863));
        assert_eq!(price.cost_microusd(&usage(0, 0)), Some(0));
    }

    #[test]
    fn an_unknown_price_or_count_is_never_zero() {
        let half = Price {
            input_microusd_per_mtok: Some(1),
            output_microusd_per_mtok: None,
        };
        assert_eq!(half.cost_microusd(&usage(10, 1)), None);
        assert_eq!(half.cost_microusd(&usage(10, 0)), Some(1));
        let unreported = Usage {
            reported: false,
            ..usage(10, 10)
        };
        let price = Price {
            input_microusd_per_mtok: Some(1),
            output_microusd_per_mtok: Some(1),
        };
        assert_eq!(price.cost_microusd(&unreported), None);
    }
}
