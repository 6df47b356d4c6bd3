//! Tasks that an author tries out: kept in a suite of their own, apart from all rankings of
//! others.

use serde_json::json;

use crate::arena::ArenaError;
use crate::domain::ids::SuiteId;
use crate::domain::suite::Suite;
use crate::domain::task::{Task, TaskSpec};
use crate::domain::time::Timestamp;
use crate::store::{Store, suites, tasks};

/// Short name of the suite.
pub const SUITE: &str = "drafts";

/// Stores a draft under its key; another version of it becomes a new revision.
pub async fn put(store: &Store, key: String, spec: TaskSpec) -> Result<Task, ArenaError> {
    let suite = Suite {
        id: SuiteId::new(),
        name: SUITE.to_owned(),
        version: "1".to_owned(),
        title: "Drafts".to_owned(),
        description: "Tasks that their authors try out. Nothing here counts elsewhere.".to_owned(),
    };
    let task = store
        .write(move |tx| {
            let now = Timestamp::now();
            let suite = suites::upsert(tx, &suite, now)?;
            let environment =
                suites::upsert_environment(tx, "site", "drafts", "1", &json!({}), now)?;
            tasks::upsert(tx, suite.id, environment, &key, &spec, now)
        })
        .await?;
    Ok(task)
}
