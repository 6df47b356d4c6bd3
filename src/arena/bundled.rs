//! Brings what ships with the arena into the store at every start: the bundled suite with its
//! environment and tasks, and the built-in agents. Doing it again changes nothing; a task
//! that differs becomes a new revision, one that is gone is withdrawn.

use std::collections::HashSet;

use serde_json::json;

use crate::domain::agent::{Agent, AgentConfig, BuiltinPolicy};
use crate::domain::ids::SuiteId;
use crate::domain::suite::Suite;
use crate::domain::task::TaskSpec;
use crate::domain::time::Timestamp;
use crate::store::{Store, StoreError, Transaction, agents, suites, tasks};

/// Short name of the bundled suite.
pub const SUITE: &str = "arena";

/// Version of the bundled suite.
pub const SUITE_VERSION: &str = "0.1";

/// What is in the store afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundled {
    /// The bundled suite.
    pub suite: Suite,
    /// The built-in agents.
    pub agents: Vec<Agent>,
}

/// Brings the bundled tasks (key and specification) and the built-in agents into the store.
pub async fn sync(store: &Store, tasks: Vec<(String, TaskSpec)>) -> Result<Bundled, StoreError> {
    store
        .write(move |tx| {
            let now = Timestamp::now();
            let suite = sync_suite(tx, &tasks, now)?;
            let agents = BuiltinPolicy::ALL
                .iter()
                .map(|policy| sync_agent(tx, *policy, now))
                .collect::<Result<_, _>>()?;
            Ok(Bundled { suite, agents })
        })
        .await
}

fn sync_suite(
    tx: &Transaction,
    bundled: &[(String, TaskSpec)],
    now: Timestamp,
) -> Result<Suite, StoreError> {
    let suite = Suite {
        id: SuiteId::new(),
        name: SUITE.to_owned(),
        version: SUITE_VERSION.to_owned(),
        title: "Arena".to_owned(),
        description: "Everyday work in the bundled web applications, from looking something up \
                      to changing it without touching anything else."
            .to_owned(),
    };
    let suite = suites::upsert(tx, &suite, now)?;
    let environment =
        suites::upsert_environment(tx, "site", "bundled-sites", SUITE_VERSION, &json!({}), now)?;
    let mut keys = HashSet::new();
    for (key, spec) in bundled {
        tasks::upsert(tx, suite.id, environment, key, spec, now)?;
        keys.insert(key.as_str());
    }
    for task in tasks::all_of_suite(tx, suite.id)? {
        if task.active && !keys.contains(task.key.as_str()) {
            tasks::deactivate(tx, suite.id, &task.key)?;
        }
    }
    Ok(suite)
}

fn sync_agent(
    tx: &Transaction,
    policy: BuiltinPolicy,
    now: Timestamp,
) -> Result<Agent, StoreError> {
    let config = AgentConfig::Builtin { policy };
    let (name, description) = (policy.as_str(), describe(policy));
    let Some(agent) = agents::builtin_by_name(tx, name)? else {
        let agent = Agent::new(None, name.to_owned(), description.to_owned(), config);
        agents::insert(tx, &agent)?;
        return Ok(agent);
    };
    if agent.revision.config == config && agent.description == description {
        return Ok(agent);
    }
    agents::update(tx, agent.id, name, description, &config, now)
}

const fn describe(policy: BuiltinPolicy) -> &'static str {
    match policy {
        BuiltinPolicy::Oracle => {
            "Plays each task's reference solution. Shows that the tasks can be done; not a contender."
        }
        BuiltinPolicy::Null => "Does nothing and says it is done. Whatever it passes is too easy.",
        BuiltinPolicy::Random => "Acts at random, by seed.",
        BuiltinPolicy::Heuristic => {
            "Picks what shares the most words with the goal. Knows no task and no model."
        }
        BuiltinPolicy::Spam => {
            "Answers with everything that it saw. For the gate: it must never pass."
        }
        BuiltinPolicy::Constant => {
            "Gives an answer that is always the same. For the gate: it must never pass."
        }
        BuiltinPolicy::Infeasible => {
            "Reports every task as infeasible at once. For the gate: it must never pass."
        }
        BuiltinPolicy::Wanderer => {
            "Looks at twenty pages at random, then reports that it cannot be done. For the gate: shows what a report is worth."
        }
    }
}
