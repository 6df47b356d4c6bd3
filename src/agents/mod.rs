//! The brain: `(goal, observation, history) -> action`. Policies and prompts; knows no browser
//! and no store.

pub mod builtin;
pub mod foreign;
pub mod llm;

use std::sync::Arc;

use async_trait::async_trait;

use crate::agents::foreign::ForeignPolicy;
use crate::agents::llm::prompts::Prompts;
use crate::domain::action::Action;
use crate::domain::agent::AgentConfig;
use crate::domain::budget::OverBudget;
use crate::domain::event::EventBody;
use crate::domain::observation::Observation;
use crate::domain::outcome::AgentErrorKind;
use crate::domain::task::TaskSpec;
use crate::llm::ChatModel;
pub use crate::llm::ModelCall;

/// What a policy is made from.
pub struct PolicyContext<'a> {
    /// The task. Only the oracle looks at its solution; no policy looks at its evaluators.
    pub task: &'a TaskSpec,
    /// The submission's seed.
    pub seed: u64,
    /// The model of an agent that prompts one.
    pub model: Option<Arc<dyn ChatModel>>,
    /// The way to an agent that somebody else wrote.
    pub foreign: Option<ForeignPolicy>,
    /// The arena's prompts for agents that prompt a model.
    pub prompts: Arc<Prompts>,
}

/// The policy for an agent's settings.
pub fn build(
    config: &AgentConfig,
    context: PolicyContext<'_>,
) -> Result<Box<dyn Policy>, BuildError> {
    match config {
        AgentConfig::Builtin { policy } => builtin::build(*policy, &context),
        AgentConfig::Llm(config) => match context.model {
            Some(model) => Ok(Box::new(llm::LlmPolicy::new(
                config,
                model,
                context.prompts,
            ))),
            None => Err(BuildError(
                "the agent prompts a model, but no model was given".to_owned(),
            )),
        },
        AgentConfig::Webhook(_) | AgentConfig::Remote(_) | AgentConfig::Command(_) => {
            match context.foreign {
                Some(policy) => Ok(Box::new(policy)),
                None => Err(BuildError(
                    "the agent is elsewhere, but no way to it was given".to_owned(),
                )),
            }
        }
    }
}

/// A policy could not be made from its settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the agent could not be set up: {0}")]
pub struct BuildError(pub String);

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

    /// Whether the picture that it looks at shall have a box and the id drawn on every element that
    /// can be used. What is recorded of the page is the picture without them.
    fn wants_marks(&self) -> bool {
        false
    }

    /// The episode is over: frees what the policy holds. Gives what the agent wrote to its log,
    /// where it has one.
    async fn close(&mut self) -> Option<String> {
        None
    }

    /// Model calls that no decision has handed over, e.g. of one that was cut off. Asked after
    /// [`Policy::close`].
    fn take_calls(&mut self) -> Vec<ModelCall> {
        Vec::new()
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
    /// What the goal names, as pairs of key and value; only some benchmarks say so.
    pub fields: &'a [(String, String)],
    /// The page.
    pub observation: &'a Observation,
    /// The picture, a PNG; with marks for a policy that wants them.
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

/// Why there is no decision.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AgentFault {
    /// The agent answered, but not with an action, after all retries: the agent's own failure.
    #[error("{}: {message}", kind.words())]
    Unreadable {
        /// What kind of reply it was, at last.
        kind: AgentErrorKind,
        /// What was wrong.
        message: String,
        /// Every model call made on the way.
        calls: Vec<ModelCall>,
    },
    /// The agent had its turn and broke down or stayed silent: its own failure.
    #[error("the agent failed: {0}")]
    Broken(String),
    /// The agent was never reached, so it has seen nothing of the task: not its failure.
    #[error("the agent could not be reached: {0}")]
    Unreachable(String),
    /// A budget does not have the most that the next call can cost.
    #[error("{over}")]
    OverBudget {
        /// Which, and how much.
        over: OverBudget,
        /// Every model call made on the way.
        calls: Vec<ModelCall>,
    },
    /// The provider failed beyond its retries: not the agent's failure.
    #[error("the model provider failed: {message}")]
    Provider {
        /// What was wrong and what to do.
        message: String,
        /// Whether another attempt would end the same way, e.g. because the key is refused.
        lasting: bool,
        /// Every model call made on the way.
        calls: Vec<ModelCall>,
    },
}

impl AgentFault {
    /// The event bodies and calls that led here.
    pub fn calls(&self) -> &[ModelCall] {
        match self {
            Self::Unreadable { calls, .. }
            | Self::OverBudget { calls, .. }
            | Self::Provider { calls, .. } => calls,
            Self::Broken(_) | Self::Unreachable(_) => &[],
        }
    }
}

/// The event for one model call.
pub fn call_event(step: u32, call: &ModelCall, exchange: Option<String>) -> EventBody {
    EventBody::ModelCalled {
        step,
        attempt: call.attempt,
        model: call.model.clone(),
        returned_model: call.returned_model.clone(),
        price_version: call.booked.version.clone(),
        usage: call.usage,
        status: call.status,
        error: call.error.clone(),
        exchange,
        picture: None,
        duration_ms: call.duration_ms,
    }
}
