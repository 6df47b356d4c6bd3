//! Agents that other people wrote, in any language: each turn is one message to them and one
//! reply from them (`docs/agent-protocol.md`), whatever the way on which both travel.

pub mod command;
pub mod models;
pub mod protocol;
pub mod rehearsal;
pub mod remote;
pub mod tools;
pub mod watch;
pub mod webhook;

use std::time::Duration;

use async_trait::async_trait;

use crate::agents::foreign::models::OpenModels;
use crate::agents::foreign::protocol::{Message, TurnMessage, read_reply};
use crate::agents::{AgentFault, Decision, ModelCall, Policy, Turn};
use crate::domain::outcome::AgentErrorKind;

/// How often an agent is asked for one decision before its reply counts as no action.
const MAX_ASKS: u32 = 3;

/// The longest reply that is read, in bytes.
pub const MAX_REPLY_BYTES: usize = 256 * 1024;

/// The way to an agent for one episode. A message is one JSON object without line breaks.
#[async_trait]
pub trait Channel: Send {
    /// Sends a message and waits for the reply to it.
    async fn ask(&mut self, message: &str) -> Result<String, ChannelError>;

    /// Says that the episode is over, and frees everything. Gives what the agent wrote to its log,
    /// where it has one that can be seen.
    async fn close(&mut self, message: &str) -> Option<String>;

    /// What the agent did wrong beside its replies; complete once it is closed.
    fn faults(&mut self) -> Vec<Fault> {
        Vec::new()
    }
}

/// Something that an agent did wrong beside its replies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It said more than it was asked.
    Surplus(String),
    /// It did not take the end of its episode as it must.
    End(String),
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The agent was never reached, so it has seen nothing of the task.
    #[error("{0}")]
    Unreachable(String),
    /// The agent had its turn and did not reply as it must.
    #[error("{0}")]
    Broken(String),
}

/// What all ways have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignOptions {
    /// Names the episode to the agent: the same in all its messages.
    pub episode: String,
    /// Whether the picture goes along.
    pub screenshots: bool,
    /// How long one reply may take.
    pub turn_timeout: Duration,
}

/// A policy that asks a foreign agent.
pub struct ForeignPolicy {
    channel: Box<dyn Channel>,
    options: ForeignOptions,
    models: Option<OpenModels>,
}

impl ForeignPolicy {
    /// A policy that asks on this way.
    pub fn new(channel: Box<dyn Channel>, options: ForeignOptions) -> Self {
        Self {
            channel,
            options,
            models: None,
        }
    }

    /// The same for an agent that may call models through the arena.
    #[must_use]
    pub fn with_models(mut self, models: Option<OpenModels>) -> Self {
        self.models = models;
        self
    }

    /// Asks the agent once. A budget that does not have one of its calls ends the wait.
    async fn ask(&mut self, message: &str, step: u32) -> Result<String, AgentFault> {
        let asked = match &self.models {
            None => self.channel.ask(message).await,
            Some(models) => tokio::select! {
                biased;
                over = models.over_budget() => {
                    return Err(AgentFault::OverBudget { over, calls: self.calls(Some(step)) });
                }
                asked = self.channel.ask(message) => asked,
            },
        };
        match asked {
            Ok(reply) => Ok(self.hide_token(reply)),
            Err(ChannelError::Unreachable(why)) => Err(AgentFault::Unreachable(why)),
            Err(ChannelError::Broken(why)) => Err(AgentFault::Broken(self.hide_token(why))),
        }
    }

    fn calls(&mut self, step: Option<u32>) -> Vec<ModelCall> {
        let models = self.models.as_mut();
        models.map_or_else(Vec::new, |models| models.take_calls(step))
    }

    fn hide_token(&self, text: String) -> String {
        match &self.models {
            Some(models) => models.hide_token(text),
            None => text,
        }
    }
}

#[async_trait]
impl Policy for ForeignPolicy {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let step = turn.step;
        let mut problem: Option<String> = None;
        for _ in 0..MAX_ASKS {
            let message = TurnMessage::new(&self.options.episode, &turn, problem.as_deref());
            let message = message.with_models(self.models.as_ref().map(OpenModels::told));
            let message = Message::Turn(Box::new(message))
                .to_line()
                .map_err(|error| AgentFault::Broken(error.to_string()))?;
            let reply = self.ask(&message, step).await?;
            match read_reply(&reply) {
                Ok((action, reasoning)) => {
                    return Ok(Decision {
                        action,
                        reasoning,
                        calls: self.calls(Some(step)),
                    });
                }
                Err(error) => problem = Some(error),
            }
        }
        let problem = problem.unwrap_or_default();
        Err(AgentFault::Unreadable {
            kind: AgentErrorKind::Unparsable,
            message: format!("{problem} (asked {MAX_ASKS} times)"),
            calls: self.calls(Some(step)),
        })
    }

    fn wants_screenshot(&self) -> bool {
        self.options.screenshots
    }

    async fn close(&mut self) -> Option<String> {
        if let Some(models) = &self.models {
            models.close().await;
        }
        let message = Message::end(&self.options.episode).to_line().ok()?;
        let log = self.channel.close(&message).await;
        log.map(|log| self.hide_token(log))
    }

    fn take_calls(&mut self) -> Vec<ModelCall> {
        self.calls(None)
    }
}
