//! Agents that other people wrote, in any language: each turn is one message to them and one
//! reply from them (`docs/agent-protocol.md`), whatever the way on which both travel.

pub mod command;
pub mod protocol;
pub mod rehearsal;
pub mod remote;
pub mod tools;
pub mod webhook;

use std::time::Duration;

use async_trait::async_trait;

use crate::agents::foreign::protocol::{Message, TurnMessage, read_reply};
use crate::agents::{AgentFault, Decision, Policy, Turn};

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
}

impl ForeignPolicy {
    /// A policy that asks on this way.
    pub fn new(channel: Box<dyn Channel>, options: ForeignOptions) -> Self {
        Self { channel, options }
    }
}

#[async_trait]
impl Policy for ForeignPolicy {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let mut problem: Option<String> = None;
        for _ in 0..MAX_ASKS {
            let message = Message::Turn(Box::new(TurnMessage::new(
                &self.options.episode,
                &turn,
                problem.as_deref(),
            )));
            let message = message
                .to_line()
                .map_err(|error| AgentFault::Broken(error.to_string()))?;
            let reply = match self.channel.ask(&message).await {
                Ok(reply) => reply,
                Err(ChannelError::Unreachable(why)) => return Err(AgentFault::Unreachable(why)),
                Err(ChannelError::Broken(why)) => return Err(AgentFault::Broken(why)),
            };
            match read_reply(&reply) {
                Ok((action, reasoning)) => {
                    return Ok(Decision {
                        action,
                        reasoning,
                        calls: Vec::new(),
                    });
                }
                Err(error) => problem = Some(error),
            }
        }
        let problem = problem.unwrap_or_default();
        Err(AgentFault::Unreadable {
            message: format!("{problem} (asked {MAX_ASKS} times)"),
            calls: Vec::new(),
        })
    }

    fn wants_screenshot(&self) -> bool {
        self.options.screenshots
    }

    async fn close(&mut self) -> Option<String> {
        let message = Message::end(&self.options.episode).to_line().ok()?;
        self.channel.close(&message).await
    }
}
