//! What evaluators say.

use serde::{Deserialize, Serialize};
use serde_json::Value;

crate::named_values! {
    /// What one criterion, or all together, came to.
    VerdictStatus {
        /// Met.
        Pass = "pass",
        /// Not met.
        Fail = "fail",
        /// Could not be decided; a fault of the arena, never the agent's.
        Error = "error",
    }
}

/// The result over all criteria of a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Pass only when every criterion passed.
    pub status: VerdictStatus,
    /// The product of the criteria's values, 0 to 1.
    pub value: f64,
    /// One sentence with the cause.
    pub summary: String,
    /// One entry per criterion, in the task's order.
    pub criteria: Vec<Criterion>,
}

/// The result of one criterion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// The evaluator's type, e.g. `state`.
    pub evaluator: String,
    /// What it came to.
    pub status: VerdictStatus,
    /// 0 to 1.
    pub value: f64,
    /// What is required, in words.
    pub description: String,
    /// What was expected, as text.
    pub expected: String,
    /// What was found, as text.
    pub found: String,
    /// Why, in one sentence.
    pub reason: String,
    /// Anything a page may draw from, e.g. the state's differences with a mark on those that
    /// are not allowed.
    pub evidence: Value,
}
