//! Suites and tasks as people see them. What a task expects, its reference solution and the
//! values that filled it stay inside: whoever owns an agent may want to cheat.

use crate::arena::ArenaError;
use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::suite::Suite;
use crate::domain::task::{Difficulty, EnvironmentSpec, EvaluatorSpec, Limits, Task, TaskKind};
use crate::domain::time::Timestamp;
use crate::store::suites::SuiteView;
use crate::store::tasks::TaskFilter;
use crate::store::{self, Store};

/// A task without anything that helps to cheat.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicTask {
    /// Id of this revision.
    pub id: TaskId,
    /// The suite it belongs to.
    pub suite_id: SuiteId,
    /// Name within the suite.
    pub key: String,
    /// Counts from 1.
    pub revision: u32,
    /// The template that it is an instance of.
    pub template: String,
    /// For lists.
    pub title: String,
    /// What the agent is told.
    pub goal: String,
    /// What the result is.
    pub kind: TaskKind,
    /// How hard.
    pub difficulty: Difficulty,
    /// Points by feature letter.
    pub points: std::collections::BTreeMap<String, u32>,
    /// Skill tags.
    pub skills: Vec<String>,
    /// Where it happens.
    pub environment: EnvironmentSpec,
    /// The evaluators' types, in order, without what they expect.
    pub evaluators: Vec<&'static str>,
    /// Bounds on one episode.
    pub limits: Limits,
    /// Whether it takes submissions.
    pub active: bool,
    /// When this revision was made.
    pub created_at: Timestamp,
}

impl From<Task> for PublicTask {
    fn from(task: Task) -> Self {
        let spec = task.spec;
        Self {
            id: task.id,
            suite_id: task.suite_id,
            key: task.key,
            revision: task.revision,
            template: spec.template,
            title: spec.title,
            goal: spec.goal,
            kind: spec.kind,
            difficulty: spec.difficulty,
            points: spec.points,
            skills: spec.skills,
            environment: spec.environment,
            evaluators: spec.evaluators.iter().map(evaluator_type).collect(),
            limits: spec.limits,
            active: task.active,
            created_at: task.created_at,
        }
    }
}

const fn evaluator_type(spec: &EvaluatorSpec) -> &'static str {
    match spec {
        EvaluatorSpec::Answer(_) => "answer",
        EvaluatorSpec::Infeasible(_) => "infeasible",
        EvaluatorSpec::Url(_) => "url",
        EvaluatorSpec::State(_) => "state",
        EvaluatorSpec::Reward(_) => "reward",
        EvaluatorSpec::StringMatch(_) => "string_match",
        EvaluatorSpec::UrlMatch(_) => "url_match",
        EvaluatorSpec::ProgramHtml(_) => "program_html",
        EvaluatorSpec::Dom(_) => "dom",
        EvaluatorSpec::Request(_) => "request",
        EvaluatorSpec::Judge(_) => "judge",
        EvaluatorSpec::All(_) => "all",
        EvaluatorSpec::Any(_) => "any",
        EvaluatorSpec::Weighted(_) => "weighted",
    }
}

/// Lists suites with how many active tasks each has.
pub async fn list_suites(store: &Store) -> Result<Vec<SuiteView>, ArenaError> {
    Ok(store.read(store::suites::list).await?)
}

/// Shows one suite, by id or by name; of several versions of a name the newest.
pub async fn get_suite(store: &Store, id_or_name: &str) -> Result<SuiteView, ArenaError> {
    let given = id_or_name.to_owned();
    let found = store
        .read(move |db| match given.parse::<SuiteId>() {
            Ok(id) => store::suites::by_id(db, id),
            Err(_) => store::suites::by_name(db, &given),
        })
        .await?;
    found.ok_or_else(|| ArenaError::NotFound {
        what: "suite",
        id: id_or_name.to_owned(),
    })
}

/// Lists active tasks, in order of key.
pub async fn list_tasks(
    store: &Store,
    filter: TaskFilter,
    page: PageRequest,
) -> Result<Page<PublicTask>, ArenaError> {
    let listed = store.read(move |db| store::tasks::list(db, &filter, &page));
    Ok(listed.await?.map(PublicTask::from))
}

/// Shows one revision of a task with its suite.
pub async fn get_task(store: &Store, id: TaskId) -> Result<(PublicTask, Suite), ArenaError> {
    let found = store
        .read(move |db| {
            let Some(task) = store::tasks::by_id(db, id)? else {
                return Ok(None);
            };
            let suite = store::suites::by_id(db, task.suite_id)?;
            Ok(suite.map(|view| (PublicTask::from(task), view.suite)))
        })
        .await?;
    found.ok_or_else(|| ArenaError::NotFound {
        what: "task",
        id: id.to_string(),
    })
}
