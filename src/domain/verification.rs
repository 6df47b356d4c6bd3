//! What the gate found about a task: whether its reference solution passes every time, and
//! whether agents that do not do the task never pass.

use serde::{Deserialize, Serialize};

use crate::domain::agent::BuiltinPolicy;
use crate::domain::ids::TaskId;
use crate::domain::time::Timestamp;

crate::named_values! {
    /// What came of verifying a task. A task that was never verified has none.
    VerificationStatus {
        /// Everything was as it must be.
        Verified = "verified",
        /// Something was not; the task is in no ranking.
        Failed = "failed",
    }
}

crate::named_values! {
    /// What an agent of the gate must do on a task.
    Must {
        /// Pass every time.
        Pass = "pass",
        /// Never pass.
        Fail = "fail",
        /// Nothing: it is counted and shown.
        Report = "report",
    }
}

/// What one agent of the gate came to on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// The agent.
    pub policy: BuiltinPolicy,
    /// What it must do.
    pub must: Must,
    /// Episodes that passed.
    pub passed: u32,
    /// Episodes that were scored.
    pub scored: u32,
    /// Episodes that could not be scored.
    pub unscored: u32,
}

/// What the gate found about one task revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The task revision.
    pub task_id: TaskId,
    /// What came of it.
    pub status: VerificationStatus,
    /// One entry per agent of the gate.
    pub tallies: Vec<Tally>,
    /// What is wrong, in words; for authors, because it may tell of solutions.
    pub problems: Vec<String>,
    /// When.
    pub verified_at: Timestamp,
}
