//! Why the steps of an episode ended, and what outcome and score follow from it.

use crate::agents::AgentFault;
use crate::browser::{BrowserError, Violation};
use crate::domain::budget::OverBudget;
use crate::domain::evidence::Ending;
use crate::domain::outcome::{AgentErrorKind, Outcome};
use crate::domain::task::Limits;
use crate::domain::verdict::{Verdict, VerdictStatus};
use crate::environments::EnvironmentError;
use crate::jobs::Cause;

/// Why the steps ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Finish {
    /// The agent said that it is done, or that it cannot be done.
    Ended(Ending),
    /// All steps are used.
    StepLimit,
    /// All time is used.
    TimeLimit,
    /// A budget does not have the next call to the agent's model.
    OverBudget(OverBudget),
    /// The agent tried what the arena forbids.
    Violation(Violation),
    /// The agent broke down: no readable action, no reply, or its end.
    AgentFailed(AgentErrorKind, String),
    /// The infrastructure failed.
    Infra(String),
    /// The provider refuses the agent's calls for good: its key, its account, its model.
    Refused(String),
    /// The page died after the agent had acted on it; the browser lives on.
    PageDied(String),
    /// Somebody ended the episode.
    Interrupted(Cause),
}

/// What follows from the end of an episode.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    pub(super) outcome: Outcome,
    pub(super) score: Option<f64>,
    pub(super) reason: String,
}

impl From<BrowserError> for Finish {
    fn from(error: BrowserError) -> Self {
        Self::Infra(error.to_string())
    }
}

impl From<EnvironmentError> for Finish {
    fn from(error: EnvironmentError) -> Self {
        Self::Infra(error.to_string())
    }
}

impl From<AgentFault> for Finish {
    fn from(fault: AgentFault) -> Self {
        match fault {
            // Nothing says so more helpfully than the fault itself: who, what, what to check.
            AgentFault::Unreadable { kind, .. } => Self::AgentFailed(kind, fault.to_string()),
            AgentFault::Broken(_) => Self::AgentFailed(AgentErrorKind::Broken, fault.to_string()),
            AgentFault::OverBudget { over, .. } => Self::OverBudget(over),
            AgentFault::Provider { lasting: true, .. } => Self::Refused(fault.to_string()),
            fault @ (AgentFault::Provider { .. } | AgentFault::Unreachable(_)) => {
                Self::Infra(fault.to_string())
            }
        }
    }
}

impl Finish {
    /// Whether the evaluators are asked. They are also asked about episodes that cannot pass,
    /// so that the page can show what was reached.
    pub(super) const fn is_evaluated(&self) -> bool {
        !matches!(
            self,
            Self::Infra(_) | Self::Refused(_) | Self::PageDied(_) | Self::Interrupted(_)
        )
    }

    /// What the agent did wrong, when that ended the episode.
    pub(super) const fn agent_error(&self) -> Option<AgentErrorKind> {
        match self {
            Self::AgentFailed(kind, _) => Some(*kind),
            _ => None,
        }
    }

    /// How the agent ended, when it did.
    pub(super) fn ending(&self) -> Option<Ending> {
        match self {
            Self::Ended(ending) => Some(ending.clone()),
            _ => None,
        }
    }

    /// Outcome, score and reason.
    ///
    /// Only an episode that the agent ended itself can pass: one that ran into a limit, broke a
    /// rule or broke down scores 0 even when the state happens to be right, because an agent
    /// that is lost on the right page is no success. An error of the evaluators is a fault of
    /// the arena and leaves the episode unscored.
    pub(super) fn judge(&self, verdict: Option<&Verdict>, limits: Limits) -> Judgement {
        let zero = |outcome, reason| Judgement {
            outcome,
            score: Some(0.0),
            reason,
        };
        let unscored = |outcome, reason| Judgement {
            outcome,
            score: None,
            reason,
        };
        if let Some(verdict) = verdict.filter(|verdict| verdict.status == VerdictStatus::Error) {
            let reason = format!("the result could not be evaluated: {}", verdict.summary);
            return unscored(Outcome::InfraError, reason);
        }
        match self {
            Self::Ended(_) => judge_result(verdict),
            Self::StepLimit => zero(
                Outcome::StepLimit,
                format!(
                    "the agent used all {} steps without saying that it is done",
                    limits.steps
                ),
            ),
            Self::TimeLimit => zero(
                Outcome::TimeLimit,
                format!(
                    "the agent used all {} s without saying that it is done",
                    limits.time_ms / 1000
                ),
            ),
            Self::Violation(violation) => zero(
                Outcome::PolicyViolation,
                format!(
                    "the agent tried what the arena forbids ({}): {}",
                    violation.rule, violation.detail
                ),
            ),
            Self::OverBudget(over) if over.scope.is_scored() => {
                zero(Outcome::BudgetLimit, over.to_string())
            }
            Self::OverBudget(over) => unscored(Outcome::BudgetLimit, over.to_string()),
            Self::AgentFailed(_, message) => zero(Outcome::AgentError, message.clone()),
            Self::Infra(message) | Self::Refused(message) | Self::PageDied(message) => {
                unscored(Outcome::InfraError, message.clone())
            }
            Self::Interrupted(Cause::Cancelled) => {
                unscored(Outcome::Cancelled, "someone cancelled it".to_owned())
            }
            Self::Interrupted(Cause::Stopping) => unscored(
                Outcome::InfraError,
                "interrupted: the arena was stopped".to_owned(),
            ),
        }
    }
}

fn judge_result(verdict: Option<&Verdict>) -> Judgement {
    let Some(verdict) = verdict else {
        return Judgement {
            outcome: Outcome::InfraError,
            score: None,
            reason: "the result was not evaluated".to_owned(),
        };
    };
    let outcome = if verdict.status == VerdictStatus::Pass {
        Outcome::Passed
    } else {
        Outcome::Failed
    };
    Judgement {
        outcome,
        score: Some(verdict.value),
        reason: verdict.summary.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits {
        steps: 30,
        time_ms: 60_000,
    };

    fn verdict(status: VerdictStatus, value: f64) -> Verdict {
        Verdict {
            status,
            value,
            summary: "two of two criteria".into(),
            criteria: Vec::new(),
        }
    }

    #[test]
    fn a_limit_never_passes_even_when_the_state_is_right() {
        let right = verdict(VerdictStatus::Pass, 1.0);
        for (finish, outcome) in [
            (Finish::StepLimit, Outcome::StepLimit),
            (Finish::TimeLimit, Outcome::TimeLimit),
        ] {
            let judgement = finish.judge(Some(&right), LIMITS);
            assert_eq!((judgement.outcome, judgement.score), (outcome, Some(0.0)));
        }
    }

    #[test]
    fn the_arenas_own_faults_are_unscored() {
        let broken = verdict(VerdictStatus::Error, 0.0);
        let done = Finish::Ended(Ending::Answer("1".into()));
        for judgement in [
            done.judge(Some(&broken), LIMITS),
            done.judge(None, LIMITS),
            Finish::from(BrowserError::Gone("exit 9".into())).judge(None, LIMITS),
            Finish::Interrupted(Cause::Stopping).judge(None, LIMITS),
        ] {
            assert_eq!(
                (judgement.outcome, judgement.score),
                (Outcome::InfraError, None)
            );
        }
    }

    #[test]
    fn a_failing_provider_is_not_the_agents_fault_but_an_unreadable_reply_is() {
        let provider = AgentFault::Provider {
            message: "it answered 500".into(),
            lasting: false,
            calls: Vec::new(),
        };
        let unreadable = AgentFault::Unreadable {
            kind: AgentErrorKind::Refusal,
            message: "no tool call".into(),
            calls: Vec::new(),
        };
        let judge = |fault: AgentFault| Finish::from(fault).judge(None, LIMITS);
        assert_eq!(judge(provider.clone()).score, None);
        assert_eq!(
            judge(provider).reason,
            "the model provider failed: it answered 500"
        );
        let told = AgentErrorKind::Refusal.words();
        assert!(judge(unreadable.clone()).reason.starts_with(told));
        let finish = Finish::from(unreadable);
        assert_eq!(finish.agent_error(), Some(AgentErrorKind::Refusal));
        assert_eq!(finish.judge(None, LIMITS).outcome, Outcome::AgentError);
    }
}
