//! How a submission stands and how an episode ended. Outcomes are data, not errors.

/// A text names no value of a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not one of: {allowed}")]
pub struct UnknownName {
    /// What was given, shortened.
    pub given: String,
    /// The names that would be right, separated by commas.
    pub allowed: String,
}

/// A closed list of names that round-trips as text in code, database, API and UI.
#[macro_export]
macro_rules! named_values {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every value, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name, as it stands in API, database and UI.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::outcome::UnknownName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|value| value.as_str() == text).ok_or_else(|| {
                    $crate::domain::outcome::UnknownName {
                        given: text.chars().take(80).collect(),
                        allowed: [$($text),+].join(", "),
                    }
                })
            }
        }
    };
}

named_values! {
    /// How an episode, and with it a submission, ended.
    Outcome {
        /// The evaluators accepted the result.
        Passed = "passed",
        /// The evaluators did not accept the result.
        Failed = "failed",
        /// The agent broke down: no readable decision, or it destroyed its own page.
        AgentError = "agent_error",
        /// The agent used all its steps.
        StepLimit = "step_limit",
        /// The agent used all its time.
        TimeLimit = "time_limit",
        /// The agent used all its money.
        BudgetLimit = "budget_limit",
        /// The agent tried what the arena forbids.
        PolicyViolation = "policy_violation",
        /// The infrastructure failed, not the agent. Unscored.
        InfraError = "infra_error",
        /// Someone stopped it. Unscored.
        Cancelled = "cancelled",
    }
}

impl Outcome {
    /// Whether the outcome says something about the agent. Unscored outcomes are never in a
    /// denominator and always shown beside it.
    pub const fn is_scored(self) -> bool {
        !matches!(self, Self::InfraError | Self::Cancelled)
    }
}

named_values! {
    /// What it was that made an episode end as [`Outcome::AgentError`].
    AgentErrorKind {
        /// None of its replies was an action, after every retry.
        Unparsable = "unparsable",
        /// Its model refused to act.
        Refusal = "refusal",
        /// It named elements that the page does not have, after every retry.
        InventedIds = "invented_ids",
        /// What its model must see is more than the model takes.
        ContextLength = "context_length",
        /// It broke down, or fell silent.
        Broken = "broken",
        /// The page died under its hands, in every attempt.
        PageDied = "page_died",
    }
}

impl AgentErrorKind {
    /// What is so, as the beginning of a sentence that goes on with the last thing that was wrong.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Unparsable => "the agent gave no readable action",
            Self::Refusal => "the agent's model refused to act",
            Self::InventedIds => "the agent named elements that the page does not have",
            Self::ContextLength => "the agent's model cannot take as much as it must see",
            Self::Broken => "the agent failed",
            Self::PageDied => {
                "the page died, or could not be read any more, after the agent had acted on it"
            }
        }
    }
}

named_values! {
    /// Where a submission stands.
    SubmissionStatus {
        /// Accepted, waiting for a worker.
        Queued = "queued",
        /// An episode is under way.
        Running = "running",
        /// Scored.
        Completed = "completed",
        /// Could not be scored, after all retries.
        Failed = "failed",
        /// Stopped by someone.
        Cancelled = "cancelled",
    }
}

impl SubmissionStatus {
    /// Whether nothing more will happen to the submission.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

named_values! {
    /// Which service executed a submission. Mock results are simulated and never ranked.
    PlaygroundKind {
        /// A real browser.
        Real = "real",
        /// A simulated page.
        Mock = "mock",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_round_trips_as_text() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.as_str().parse::<Outcome>().as_ref(), Ok(outcome));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_right_ones() {
        let error = "crashed".parse::<SubmissionStatus>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`crashed` is not one of: queued, running, completed, failed, cancelled"
        );
    }

    #[test]
    fn infrastructure_faults_and_cancellations_are_unscored() {
        let unscored: Vec<_> = Outcome::ALL
            .iter()
            .filter(|outcome| !outcome.is_scored())
            .collect();
        assert_eq!(unscored, [&Outcome::InfraError, &Outcome::Cancelled]);
    }
}
