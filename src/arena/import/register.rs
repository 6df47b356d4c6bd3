//! Brings the tasks of an import into the store: what is new, what changed, what is gone.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::suite::Suite;
use crate::domain::task::TaskSpec;
use crate::domain::time::Timestamp;
use crate::store::audit::{self, NewEntry};
use crate::store::{self, StoreError, Transaction};

/// What became of the tasks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Registered {
    pub(super) suite_id: SuiteId,
    pub(super) added: usize,
    pub(super) revised: usize,
    pub(super) unchanged: usize,
    pub(super) withdrawn: usize,
}

impl Registered {
    /// Active tasks afterwards.
    pub(super) const fn tasks(&self) -> usize {
        self.added + self.revised + self.unchanged
    }
}

/// Where the tasks of a suite happen.
pub(super) struct Place<'a> {
    pub(super) kind: &'a str,
    /// Where it comes from, as JSON.
    pub(super) config: Value,
}

/// Registers suite and tasks in one transaction. Tasks of the suite that are not among `specs` are
/// withdrawn.
pub(super) fn register(
    tx: &Transaction,
    suite: &Suite,
    place: &Place,
    specs: &[(String, TaskSpec)],
) -> Result<Registered, StoreError> {
    let now = Timestamp::now();
    let (name, version) = (suite.name.as_str(), suite.version.as_str());
    let suite = store::suites::upsert(tx, suite, now)?;
    let environment =
        store::suites::upsert_environment(tx, place.kind, name, version, &place.config, now)?;
    let before: HashMap<String, TaskId> = store::tasks::all_of_suite(tx, suite.id)?
        .into_iter()
        .map(|task| (task.key, task.id))
        .collect();
    let mut registered = Registered {
        suite_id: suite.id,
        added: 0,
        revised: 0,
        unchanged: 0,
        withdrawn: 0,
    };
    for (key, spec) in specs {
        let task = store::tasks::upsert(tx, suite.id, environment, key, spec, now)?;
        match before.get(key) {
            Some(id) if *id == task.id => registered.unchanged += 1,
            Some(_) => registered.revised += 1,
            None => registered.added += 1,
        }
    }
    let known: std::collections::HashSet<&str> =
        specs.iter().map(|(key, _)| key.as_str()).collect();
    for key in before.keys().filter(|key| !known.contains(key.as_str())) {
        store::tasks::deactivate(tx, suite.id, key)?;
        registered.withdrawn += 1;
    }
    note(tx, &registered, place, now)?;
    Ok(registered)
}

/// Leaves an entry in the audit log when anything changed.
fn note(
    tx: &Transaction,
    registered: &Registered,
    place: &Place,
    now: Timestamp,
) -> Result<(), StoreError> {
    if registered.added + registered.revised + registered.withdrawn == 0 {
        return Ok(());
    }
    let entry = NewEntry {
        user_id: None,
        action: "suite.import",
        subject: &format!("suite/{}", registered.suite_id),
        details: json!({
            "source": place.config["source"], "sha256": place.config["sha256"],
            "added": registered.added, "revised": registered.revised,
            "withdrawn": registered.withdrawn,
        }),
    };
    audit::append(tx, &entry, now)
}
