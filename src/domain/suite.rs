//! Named, versioned sets of tasks.

use serde::{Deserialize, Serialize};

use crate::domain::ids::SuiteId;

/// A named, versioned set of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suite {
    /// Id.
    pub id: SuiteId,
    /// Short name, e.g. `arena`.
    pub name: String,
    /// Version, e.g. `0.1`.
    pub version: String,
    /// For people.
    pub title: String,
    /// What the suite measures.
    pub description: String,
}
