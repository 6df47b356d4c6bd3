//! Builders: a store in a directory of its own, and rows to fill it with.

use agentarena::domain::agent::{Agent, AgentConfig, AgentRevision, BuiltinPolicy};
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::ids::{AgentId, AgentRevisionId, SubmissionId, SuiteId, UserId};
use agentarena::domain::outcome::{Outcome, PlaygroundKind, SubmissionStatus};
use agentarena::domain::submission::{Ended, Submission};
use agentarena::domain::suite::Suite;
use agentarena::domain::task::{
    Difficulty, EnvironmentSpec, EvaluatorSpec, Limits, StateSpec, Task, TaskKind, TaskSpec,
};
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::{Role, User};
use agentarena::store::{self, Store, StoreError, Transaction};
use tempfile::TempDir;

/// A store in a directory that is removed with it.
pub struct TempStore {
    /// The store.
    pub store: Store,
    /// Its directory.
    pub dir: TempDir,
}

impl TempStore {
    /// An empty store.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path()).unwrap();
        Self { store, dir }
    }
}

/// A person who is stored.
pub fn user(tx: &Transaction, name: &str, at: i64) -> Result<User, StoreError> {
    let user = User {
        id: UserId::new(),
        username: name.to_owned(),
        email: format!("{name}@example.org"),
        role: Role::User,
        active: true,
        theme: None,
        created_at: Timestamp(at),
    };
    store::users::insert(tx, &user, "hash")?;
    Ok(user)
}

/// A built-in kind of agent that is stored; without an owner it is the arena's own.
pub fn agent(
    tx: &Transaction,
    owner: Option<UserId>,
    name: &str,
    at: i64,
) -> Result<Agent, StoreError> {
    let id = AgentId::new();
    let agent = Agent {
        id,
        user_id: owner,
        name: name.to_owned(),
        description: String::new(),
        revision: AgentRevision {
            id: AgentRevisionId::new(),
            agent_id: id,
            number: 1,
            config: AgentConfig::Builtin {
                policy: BuiltinPolicy::Null,
            },
            created_at: Timestamp(at),
        },
        created_at: Timestamp(at),
        updated_at: Timestamp(at),
    };
    store::agents::insert(tx, &agent)?;
    Ok(agent)
}

/// A suite that is stored.
pub fn suite(tx: &Transaction, name: &str) -> Result<Suite, StoreError> {
    let suite = Suite {
        id: SuiteId::new(),
        name: name.to_owned(),
        version: "1".to_owned(),
        title: name.to_owned(),
        description: String::new(),
    };
    store::suites::upsert(tx, &suite, Timestamp(1))
}

/// A specification that differs by its goal.
pub fn spec(goal: &str) -> TaskSpec {
    TaskSpec {
        template: "T01".to_owned(),
        draw: 0,
        title: format!("Title of {goal}"),
        goal: goal.to_owned(),
        kind: TaskKind::State,
        difficulty: Difficulty::Easy,
        points: std::collections::BTreeMap::new(),
        skills: Vec::new(),
        environment: EnvironmentSpec::Site {
            sites: vec!["shop".to_owned()],
            persona: "emma".to_owned(),
            world: 1,
            start: "/shop/".to_owned(),
        },
        evaluators: vec![EvaluatorSpec::State(StateSpec::default())],
        limits: Limits {
            steps: 10,
            time_ms: 60_000,
        },
        solution: vec!["scripted by the test".to_owned()],
        draw_values: serde_json::Value::Null,
    }
}

/// A task that is stored.
pub fn task(
    tx: &Transaction,
    suite_id: SuiteId,
    key: &str,
    goal: &str,
) -> Result<Task, StoreError> {
    let config = serde_json::json!({});
    let now = Timestamp(1);
    let environment = store::suites::upsert_environment(tx, "site", "shop", "1", &config, now)?;
    store::tasks::upsert(tx, suite_id, environment, key, &spec(goal), now)
}

/// A waiting submission that is stored.
pub fn submission(
    tx: &Transaction,
    user: &User,
    agent: &Agent,
    task: &Task,
    at: i64,
) -> Result<Submission, StoreError> {
    let submission = Submission {
        id: SubmissionId::new(),
        user_id: user.id,
        agent_id: agent.id,
        agent_revision_id: agent.revision.id,
        task_id: task.id,
        suite_id: task.suite_id,
        experiment_id: None,
        budget: SubmissionBudget::default(),
        seed: 7,
        playground: PlaygroundKind::Real,
        status: SubmissionStatus::Queued,
        outcome: None,
        agent_error: None,
        score: None,
        reason: None,
        steps: None,
        duration_ms: None,
        input_tokens: 0,
        output_tokens: 0,
        model_calls: 0,
        cost_microusd: None,
        attempts: 0,
        created_at: Timestamp(at),
        started_at: None,
        ended_at: None,
    };
    store::submissions::insert(tx, &submission)?;
    Ok(submission)
}

/// An end with a score.
pub fn scored(outcome: Outcome, score: f64, steps: u32) -> Ended {
    Ended {
        score: Some(score),
        steps,
        duration_ms: 1_000,
        cost_microusd: Some(0),
        ..Ended::unscored(outcome, "It ended.", Timestamp(100))
    }
}

/// Imported pages of a data directory that has none.
pub fn no_library() -> std::sync::Arc<agentarena::sites::Library> {
    let nowhere = std::path::Path::new("/nonexistent");
    std::sync::Arc::new(agentarena::sites::Library::new(nowhere))
}
