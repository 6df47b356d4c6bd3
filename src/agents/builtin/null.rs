//! Does nothing and says it is done. A task that it passes measures nothing.

use async_trait::async_trait;

use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::Action;

/// The policy that does nothing.
pub struct Null;

#[async_trait]
impl Policy for Null {
    async fn decide(&mut self, _turn: Turn<'_>) -> Result<Decision, AgentFault> {
        Ok(Decision {
            action: Action::SendMsgToUser {
                text: String::new(),
            },
            reasoning: None,
            calls: Vec::new(),
        })
    }
}
