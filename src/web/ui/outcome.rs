//! How a submission's state is shown: the word of the vocabulary, and the glyph that goes with it.

use std::fmt::Display;

use crate::domain::outcome::{Outcome, SubmissionStatus};

/// The icon's name for an outcome or a state.
pub fn glyph(outcome: impl Display) -> &'static str {
    match outcome.to_string().as_str() {
        "passed" => "passed",
        "failed" => "failed",
        "agent_error" => "agent_error",
        "step_limit" | "time_limit" | "budget_limit" => "limit",
        "policy_violation" => "policy_violation",
        "infra_error" => "infra_error",
        "running" => "running",
        "queued" => "queued",
        _ => "cancelled",
    }
}

/// The one word for where a submission stands: its outcome once there is one, else its status.
/// A submission that could not be scored shows `infra_error`, not its status `failed`, which
/// would read as the agent's failure.
pub const fn word(status: SubmissionStatus, outcome: Option<Outcome>) -> &'static str {
    match (outcome, status) {
        (Some(outcome), _) => outcome.as_str(),
        (None, SubmissionStatus::Failed) => Outcome::InfraError.as_str(),
        (None, status) => status.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unscorable_submission_does_not_read_as_the_agents_failure() {
        assert_eq!(word(SubmissionStatus::Failed, None), "infra_error");
        assert_eq!(word(SubmissionStatus::Running, None), "running");
        assert_eq!(
            word(SubmissionStatus::Completed, Some(Outcome::StepLimit)),
            "step_limit"
        );
        assert_eq!(glyph(Outcome::StepLimit), "limit");
    }
}
