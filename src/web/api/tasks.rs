//! `/api/v1/tasks`. Shows nobody what a task expects.

use std::collections::BTreeMap;

use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::arena::catalogue::{self, PublicTask};
use crate::arena::verify;
use crate::domain::ids::TaskId;
use crate::domain::page::PageRequest;
use crate::domain::task::{Difficulty, EnvironmentSpec, TaskKind};
use crate::domain::verification::{Tally, Verification, VerificationStatus};
use crate::store::tasks::TaskFilter;
use crate::web::api::envelope::{Many, One, Resource};
use crate::web::api::list::{many, page_request};
use crate::web::error::ApiError;
use crate::web::extract::{ApiId, ApiQuery, Authorized, State, TasksRead};
use crate::web::query::{NoQuery, Params, QueryParams};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/tasks").route(get().to(list)))
        .service(resource("/tasks/{taskId}").route(get().to(show)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskAttributes {
    key: String,
    revision: u32,
    template: String,
    title: String,
    goal: String,
    kind: TaskKind,
    difficulty: Difficulty,
    points: BTreeMap<String, u32>,
    skills: Vec<String>,
    environment: EnvironmentSpec,
    evaluators: Vec<&'static str>,
    max_steps: u32,
    max_time_ms: u64,
    active: bool,
    /// What the gate found; absent when it was not verified yet, and in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<VerificationAttributes>,
    created_at: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VerificationAttributes {
    status: VerificationStatus,
    ranked: bool,
    tallies: Vec<Tally>,
    verified_at: String,
}

impl From<Verification> for VerificationAttributes {
    fn from(found: Verification) -> Self {
        Self {
            status: found.status,
            ranked: found.status != VerificationStatus::Failed,
            tallies: found.tallies,
            verified_at: found.verified_at.to_rfc3339(),
        }
    }
}

fn listed(task: PublicTask) -> Resource<TaskAttributes> {
    resource_of(task, None)
}

fn resource_of(task: PublicTask, found: Option<Verification>) -> Resource<TaskAttributes> {
    let attributes = TaskAttributes {
        key: task.key,
        revision: task.revision,
        template: task.template,
        title: task.title,
        goal: task.goal,
        kind: task.kind,
        difficulty: task.difficulty,
        points: task.points,
        skills: task.skills,
        environment: task.environment,
        evaluators: task.evaluators,
        max_steps: task.limits.steps,
        max_time_ms: task.limits.time_ms,
        active: task.active,
        verification: found.map(VerificationAttributes::from),
        created_at: task.created_at.to_rfc3339(),
    };
    let suite = Some(task.suite_id.to_string());
    Resource::new("task", &task.id, attributes).related([("suite", "suite", suite)])
}

struct ListQuery {
    page: PageRequest,
    suite: Option<String>,
    filter: TaskFilter,
}

impl QueryParams for ListQuery {
    const NAMES: &'static [&'static str] =
        &["suite", "kind", "difficulty", "text", "limit", "cursor"];

    fn read(params: &mut Params) -> Self {
        Self {
            page: page_request(params),
            suite: params.bounded_text("suite", 100),
            filter: TaskFilter {
                suite_id: None,
                kind: params.named("kind"),
                difficulty: params.named("difficulty"),
                text: params.bounded_text("text", 200),
            },
        }
    }
}

async fn list(
    state: State,
    _person: Authorized<TasksRead>,
    query: ApiQuery<ListQuery>,
) -> Result<Many<TaskAttributes>, ApiError> {
    let ListQuery {
        page,
        suite,
        mut filter,
    } = query.0;
    if let Some(suite) = suite {
        let found = catalogue::get_suite(&state.store, &suite).await?;
        filter.suite_id = Some(found.suite.id);
    }
    let limit = page.limit;
    let tasks = catalogue::list_tasks(&state.store, filter, page).await?;
    Ok(many(tasks, limit, listed))
}

async fn show(
    state: State,
    _person: Authorized<TasksRead>,
    id: ApiId<TaskId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<TaskAttributes>, ApiError> {
    let (task, _suite) = catalogue::get_task(&state.store, id.0).await?;
    let found = verify::of_task(&state.store, id.0).await?;
    Ok(One::ok(resource_of(task, found)))
}
