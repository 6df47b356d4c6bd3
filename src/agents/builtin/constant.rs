//! Gives the same answer to every task: what a lucky constant is worth.

use async_trait::async_trait;

use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::Action;

/// Every constant; the null agent gives the empty one.
pub const CONSTANTS: [&str; 7] = ["0", "1", "true", "{}", "null", "N/A", "done"];

/// The policy that gives one constant.
pub struct Constant(&'static str);

impl Constant {
    /// Seed 1 takes the first constant, and so on around.
    pub fn new(seed: u64) -> Self {
        Self(super::by_seed(&CONSTANTS, seed))
    }
}

#[async_trait]
impl Policy for Constant {
    async fn decide(&mut self, _turn: Turn<'_>) -> Result<Decision, AgentFault> {
        Ok(super::only(Action::SendMsgToUser {
            text: self.0.to_owned(),
        }))
    }
}
