//! Rankings over a suite or a task: the counts behind them, never a rounded figure.

use serde::{Deserialize, Serialize};

use crate::domain::agent::AgentKind;
use crate::domain::ids::{AgentId, AgentRevisionId, SubmissionId, SuiteId, TaskId};
use crate::domain::time::Timestamp;

/// One agent revision in the ranking of a suite or of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LeaderboardRow {
    /// The suite.
    pub suite_id: SuiteId,
    /// The task; none: the row is for the whole suite.
    pub task_id: Option<TaskId>,
    /// The agent.
    pub agent_id: AgentId,
    /// The agent as it was.
    pub agent_revision_id: AgentRevisionId,
    /// The agent's name.
    pub agent_name: String,
    /// What kind of agent it is.
    pub agent_kind: AgentKind,
    /// The agent's revision, from 1.
    pub agent_revision: u32,
    /// Who owns the agent; none: built in.
    pub username: Option<String>,
    /// 1 is best, equal scores share the smaller number; none while nothing is scored.
    pub rank: Option<u32>,
    /// Mean score over scored submissions, 0 to 1; none while nothing is scored.
    pub score: Option<f64>,
    /// Submissions that passed.
    pub passed: u32,
    /// Submissions that are scored: the denominator.
    pub scored: u32,
    /// Submissions that ended without a score: shown beside, never counted.
    pub unscored: u32,
    /// Sum of the scores.
    pub score_sum: f64,
    /// Sum of the durations of scored submissions.
    pub duration_ms_sum: u64,
    /// Sum of the steps of scored submissions.
    pub steps_sum: u64,
    /// Sum of the known costs of scored submissions, in millionths of a dollar.
    pub cost_microusd_sum: u64,
    /// Scored submissions whose cost is unknown.
    pub unpriced: u32,
    /// The scored submission with the highest score, of those the one with the fewest steps.
    pub best_submission_id: Option<SubmissionId>,
    /// When the row last changed.
    pub achieved_at: Timestamp,
}
