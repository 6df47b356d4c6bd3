//! Chat models behind one trait: what is sent, what comes back, what it cost. Knows no page and
//! no action; `agents` turns observations into messages and replies into actions.

pub mod anthropic;
pub mod breaker;
pub mod connect;
pub mod gate;
mod key;
pub mod ledger;
pub mod openai;
pub mod outbound;
pub mod picture;
pub mod prices;
pub mod probe;
pub mod proxy;
pub mod replay;
pub mod retry;
pub mod scripted;
pub mod watch;
mod wire;

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::budget::OverBudget;
use crate::domain::event::Usage;
use crate::domain::price::Booked;
use crate::llm::picture::Picture;

/// A model that answers messages.
#[async_trait]
pub trait ChatModel: Send + Sync {
    /// Which interface is spoken, e.g. `openai`.
    fn provider(&self) -> &str;

    /// The model's name at the provider.
    fn model(&self) -> &str;

    /// Whether it answers from a record: then nothing is waited for between two calls.
    fn is_replay(&self) -> bool {
        false
    }

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
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelCall {
    /// Which interface, e.g. `openai`.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// Model as the provider named it in its answer.
    pub returned_model: Option<String>,
    /// Which try of this decision, from 1.
    pub attempt: u32,
    /// HTTP status, absent when no answer came.
    pub status: Option<u16>,
    /// Whether the request never left: there was no connection to the provider.
    pub unsent: bool,
    /// What went wrong.
    pub error: Option<String>,
    /// Tokens and money.
    pub usage: Usage,
    /// The prices that the cost was computed with.
    pub booked: Booked,
    /// Request without secrets, and reply: `{"request": .., "response": ..}`.
    pub exchange: Value,
    /// Time for the call, in milliseconds.
    pub duration_ms: f64,
}

impl ModelCall {
    /// What the call is charged with. Providers charge for replies: a request that they refused with
    /// an error status, or that never reached them, costs nothing. What one that broke off costs,
    /// nobody knows.
    pub fn charge(&self) -> Option<u64> {
        let refused = self.unsent || self.status.is_some_and(|status| status >= 400);
        self.usage.cost_microusd.or(refused.then_some(0))
    }
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
    /// From us, with a picture of the page.
    Seen {
        /// The text.
        text: String,
        /// The picture.
        picture: Picture,
    },
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
    /// Whether it stops because it has the most tokens of a reply.
    pub cut_off: bool,
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
    /// It may go better in a moment: 429, 5xx, time-out, connection refused or cut, unreadable body.
    #[error("{message}")]
    Passing {
        /// What went wrong.
        message: String,
        /// How long the provider asked to wait (`Retry-After`, RFC 9110 section 10.2.3).
        retry_after_ms: Option<u64>,
    },
    /// The call was not made: a budget does not have the most that it can cost.
    #[error("{0}")]
    OverBudget(OverBudget),
    /// The request is longer than what the model takes; a shorter one may do.
    #[error("{message}")]
    TooLong {
        /// What the provider said.
        message: String,
    },
    /// The arena could not hold or book the money for the call. It is not made again, since it may
    /// have been made.
    #[error("{message}")]
    Unbooked {
        /// What went wrong.
        message: String,
    },
    /// Trying again would not help: wrong key, unknown model, forbidden address.
    #[error("{message}")]
    Final {
        /// What went wrong and what to do.
        message: String,
    },
}

impl ChatError {
    pub(crate) const fn passing(message: String) -> Self {
        Self::Passing {
            message,
            retry_after_ms: None,
        }
    }

    pub(crate) const fn lasting(message: String) -> Self {
        Self::Final { message }
    }
}
