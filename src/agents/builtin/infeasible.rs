//! Reports at once that it cannot be done: what a report without any work behind it is worth.

use async_trait::async_trait;

use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::Action;
use crate::domain::task::InfeasibleCode;

/// The policy that does nothing but report.
pub struct Infeasible(InfeasibleCode);

impl Infeasible {
    /// Seed 1 takes the first code, and so on around.
    pub fn new(seed: u64) -> Self {
        Self(super::by_seed(InfeasibleCode::ALL, seed))
    }
}

#[async_trait]
impl Policy for Infeasible {
    async fn decide(&mut self, _turn: Turn<'_>) -> Result<Decision, AgentFault> {
        Ok(super::only(report(self.0)))
    }
}

/// A report with this code.
pub(super) fn report(code: InfeasibleCode) -> Action {
    Action::ReportInfeasible {
        reason: format!("{code} This cannot be done."),
    }
}
