//! The brain: `(goal, observation, history) -> action`. Policies and prompts; knows no browser
//! and no store.

use async_trait::async_trait;

use crate::domain::action::Action;
use crate::domain::event::{EventBody, Usage};
use crate::domain::observation::Observation;

/// Decides what to do next. One policy serves one episode.
#[async_trait]
pub trait Policy: Send {
    /// The next action.
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault>;

    /// Whether the policy looks at the picture. When it does not, the picture is taken while it
    /// thinks and [`Turn::screenshot`] is absent.
    fn wants_screenshot(&self) -> bool {
        false
    }
}

/// What a policy knows when it decides.
pub struct Turn<'a> {
    /// Step, from 1.
    pub step: u32,
    /// Most steps of the episode.
    pub max_steps: u32,
    /// The arena's rules, the same for every task and agent: how to answer, what may change,
    /// today's date, who the user is. A model reads them before the goal.
    pub preamble: &'a str,
    /// What is to be done, as the task words it.
    pub goal: &'a str,
    /// The page.
    pub observation: &'a Observation,
    /// The picture, a PNG.
    pub screenshot: Option<&'a [u8]>,
    /// What was done before, oldest first.
    pub history: &'a [PastStep],
}

/// A step that is over.
#[derive(Debug, Clone, PartialEq)]
pub struct PastStep {
    /// Address before it.
    pub url: String,
    /// The action.
    pub action: Action,
    /// The agent's own words.
    pub reasoning: Option<String>,
    /// Whether it was carried out.
    pub ok: bool,
    /// What the agent was told.
    pub message: String,
}

/// What a policy decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The action.
    pub action: Action,
    /// The agent's own words.
    pub reasoning: Option<String>,
    /// Every model call made on the way, failed ones included.
    pub calls: Vec<ModelCall>,
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
    /// Request without secrets, and reply.
    pub exchange: serde_json::Value,
    /// Time for the call, in milliseconds.
    pub duration_ms: f64,
}

/// Why there is no decision.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AgentFault {
    /// The agent answered, but not with an action, after all retries: the agent's own failure.
    #[error("the agent gave no readable action: {message}")]
    Unreadable {
        /// What was wrong.
        message: String,
        /// Every model call made on the way.
        calls: Vec<ModelCall>,
    },
    /// The provider failed beyond its retries: not the agent's failure.
    #[error("the model provider failed: {message}")]
    Provider {
        /// What was wrong and what to do.
        message: String,
        /// Every model call made on the way.
        calls: Vec<ModelCall>,
    },
}

impl AgentFault {
    /// The event bodies and calls that led here.
    pub fn calls(&self) -> &[ModelCall] {
        match self {
            Self::Unreadable { calls, .. } | Self::Provider { calls, .. } => calls,
        }
    }
}

/// The event for one model call.
pub fn call_event(step: u32, call: &ModelCall, exchange: Option<String>) -> EventBody {
    EventBody::ModelCalled {
        step,
        attempt: call.attempt,
        model: call.model.clone(),
        usage: call.usage,
        status: call.status,
        error: call.error.clone(),
        exchange,
        duration_ms: call.duration_ms,
    }
}
