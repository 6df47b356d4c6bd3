//! The scored unit: a submission, its episodes, and what a list shows of it.

use serde::{Deserialize, Serialize};

use crate::domain::agent::AgentKind;
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{
    AgentId, AgentRevisionId, EpisodeId, ExperimentId, SubmissionId, SuiteId, TaskId, UserId,
};
use crate::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind, SubmissionStatus};
use crate::domain::task::Difficulty;
use crate::domain::time::Timestamp;

/// One agent revision on one task revision with one seed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    /// Id.
    pub id: SubmissionId,
    /// Who submitted it.
    pub user_id: UserId,
    /// The agent.
    pub agent_id: AgentId,
    /// The agent as it was.
    pub agent_revision_id: AgentRevisionId,
    /// The task revision.
    pub task_id: TaskId,
    /// The task's suite.
    pub suite_id: SuiteId,
    /// The experiment that it belongs to; none when submitted alone.
    pub experiment_id: Option<ExperimentId>,
    /// Feeds everything that is drawn at random.
    pub seed: u32,
    /// What its calls to models may cost.
    #[serde(default)]
    pub budget: SubmissionBudget,
    /// What executes it.
    pub playground: PlaygroundKind,
    /// Where it stands.
    pub status: SubmissionStatus,
    /// How it ended; none while it has not.
    pub outcome: Option<Outcome>,
    /// What the agent did wrong; none when the outcome is another, or of a version that did not tell.
    #[serde(default)]
    pub agent_error: Option<AgentErrorKind>,
    /// 0 to 1; none when it is not scored.
    pub score: Option<f64>,
    /// Why it ended so, in one sentence; none while it has not.
    pub reason: Option<String>,
    /// Steps taken; none while it has not ended.
    pub steps: Option<u32>,
    /// From the first observation to the end; none while it has not ended.
    pub duration_ms: Option<u64>,
    /// Tokens sent to models.
    pub input_tokens: u64,
    /// Tokens received from models.
    pub output_tokens: u64,
    /// Calls to models, failed ones included.
    pub model_calls: u32,
    /// Millionths of a dollar; none when it has not ended, or when a price is unknown.
    pub cost_microusd: Option<u64>,
    /// Episodes so far. More than one only when the infrastructure failed.
    pub attempts: u32,
    /// When it was accepted.
    pub created_at: Timestamp,
    /// When its newest episode began; none before the first.
    pub started_at: Option<Timestamp>,
    /// When it ended; none while it has not.
    pub ended_at: Option<Timestamp>,
}

/// A submission with the names that a list or a page shows beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubmissionView {
    /// The submission.
    pub submission: Submission,
    /// Who submitted it.
    pub username: String,
    /// The agent's name.
    pub agent_name: String,
    /// What kind of agent it is.
    pub agent_kind: AgentKind,
    /// The agent's revision, from 1.
    pub agent_revision: u32,
    /// The task's key, e.g. `shop-001`.
    pub task_key: String,
    /// The task's revision, from 1.
    pub task_revision: u32,
    /// The task's title.
    pub task_title: String,
    /// How hard the task is.
    pub difficulty: Difficulty,
    /// The suite's short name.
    pub suite_name: String,
    /// The suite's version.
    pub suite_version: String,
}

/// One execution of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Episode {
    /// Id.
    pub id: EpisodeId,
    /// The submission.
    pub submission_id: SubmissionId,
    /// Counts from 1.
    pub attempt: u32,
    /// How it ended; none while it is under way.
    pub outcome: Option<Outcome>,
    /// Why it ended so; none while it is under way.
    pub reason: Option<String>,
    /// Steps taken.
    pub steps: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; none while it is under way.
    pub ended_at: Option<Timestamp>,
}

/// How a submission ended, as it is written in the transaction that ends it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    /// How.
    pub outcome: Outcome,
    /// What the agent did wrong, where the outcome is that it did.
    pub agent_error: Option<AgentErrorKind>,
    /// 0 to 1; none when it is not scored.
    pub score: Option<f64>,
    /// Why, in one sentence.
    pub reason: String,
    /// Steps taken.
    pub steps: u32,
    /// From the first observation to the end.
    pub duration_ms: u64,
    /// Tokens sent to models.
    pub input_tokens: u64,
    /// Tokens received from models.
    pub output_tokens: u64,
    /// Calls to models, failed ones included.
    pub model_calls: u32,
    /// Millionths of a dollar; none when a price is unknown. 0 when no model was called.
    pub cost_microusd: Option<u64>,
    /// When.
    pub at: Timestamp,
}

impl Ended {
    /// An end that says nothing about the agent, without any figures.
    pub fn unscored(outcome: Outcome, reason: impl Into<String>, at: Timestamp) -> Self {
        Self {
            outcome,
            agent_error: None,
            score: None,
            reason: reason.into(),
            steps: 0,
            duration_ms: 0,
            input_tokens: 0,
            output_tokens: 0,
            model_calls: 0,
            cost_microusd: None,
            at,
        }
    }

    /// The status that the submission has from then on.
    pub const fn status(&self) -> SubmissionStatus {
        match self.outcome {
            Outcome::Cancelled => SubmissionStatus::Cancelled,
            // A result without a score says nothing about the agent, whatever ended it.
            Outcome::InfraError => SubmissionStatus::Failed,
            _ if self.score.is_none() => SubmissionStatus::Failed,
            _ => SubmissionStatus::Completed,
        }
    }
}
