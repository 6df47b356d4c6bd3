//! `/api/v1/leaderboard`: the ranking over a suite or on one task.

use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::arena::catalogue;
use crate::arena::leaderboard::{self, Cost, Standing};
use crate::domain::agent::AgentKind;
use crate::domain::ids::TaskId;
use crate::domain::page::PageRequest;
use crate::web::api::envelope::{Many, Resource};
use crate::web::api::list::{many, page_request};
use crate::web::error::{ApiError, Failure};
use crate::web::extract::{ApiQuery, Authorized, LeaderboardRead, State};
use crate::web::query::{Params, QueryParams};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/leaderboard").route(get().to(list)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct StandingAttributes {
    rank: Option<u32>,
    agent_name: String,
    agent_kind: AgentKind,
    agent_revision: u32,
    owner: Option<String>,
    score: Option<f64>,
    rate: Option<f64>,
    rate_low: Option<f64>,
    rate_high: Option<f64>,
    passed: u32,
    scored: u32,
    unscored: u32,
    mean_duration_ms: Option<f64>,
    mean_steps: Option<f64>,
    cost_microusd: u64,
    unpriced: u32,
    achieved_at: String,
}

fn resource_of(standing: Standing) -> Resource<StandingAttributes> {
    let row = standing.row;
    let (cost_microusd, unpriced) = match standing.cost {
        Cost::Known(cost) => (cost, 0),
        Cost::Unpriced {
            known_microusd,
            unpriced,
        } => (known_microusd, unpriced),
    };
    let attributes = StandingAttributes {
        rank: row.rank,
        agent_name: row.agent_name,
        agent_kind: row.agent_kind,
        agent_revision: row.agent_revision,
        owner: row.username,
        score: row.score,
        rate: standing.rate,
        rate_low: standing.interval.map(|interval| interval.low),
        rate_high: standing.interval.map(|interval| interval.high),
        passed: row.passed,
        scored: row.scored,
        unscored: row.unscored,
        mean_duration_ms: standing.mean_duration_ms,
        mean_steps: standing.mean_steps,
        cost_microusd,
        unpriced,
        achieved_at: row.achieved_at.to_rfc3339(),
    };
    Resource::new("standing", &row.agent_revision_id, attributes).related([
        ("agent", "agent", Some(row.agent_id.to_string())),
        (
            "bestSubmission",
            "submission",
            row.best_submission_id.map(|id| id.to_string()),
        ),
    ])
}

struct ListQuery {
    page: PageRequest,
    suite: Option<String>,
    task_id: Option<TaskId>,
}

impl QueryParams for ListQuery {
    const NAMES: &'static [&'static str] = &["suite", "taskId", "limit", "cursor"];

    fn read(params: &mut Params) -> Self {
        let suite = params.bounded_text("suite", 100);
        let task_id = params.named("taskId");
        if suite.is_none() && params.text("taskId").is_none() {
            params.refuse(
                "suite",
                "Say which ranking: `suite` by name or id, or `taskId`.",
            );
        }
        Self {
            page: page_request(params),
            suite,
            task_id,
        }
    }
}

async fn list(
    state: State,
    _person: Authorized<LeaderboardRead>,
    query: ApiQuery<ListQuery>,
) -> Result<Many<StandingAttributes>, ApiError> {
    let ListQuery {
        page,
        suite,
        task_id,
    } = query.0;
    let limit = page.limit;
    let suite = match suite {
        Some(suite) => Some(catalogue::get_suite(&state.store, &suite).await?.suite.id),
        None => None,
    };
    let standings = match (task_id, suite) {
        (Some(task_id), suite) => {
            let (task, _) = catalogue::get_task(&state.store, task_id).await?;
            if suite.is_some_and(|suite| suite != task.suite_id) {
                let message = "This task belongs to another suite; leave `suite` out.";
                return Err(Failure::invalid("suite", message).into());
            }
            leaderboard::of_task(&state.store, task_id, page).await?
        }
        (None, Some(suite)) => leaderboard::of_suite(&state.store, suite, page).await?,
        (None, None) => {
            let message = "Say which ranking: `suite` by name or id, or `taskId`.";
            return Err(Failure::invalid("suite", message).into());
        }
    };
    Ok(many(standings, limit, resource_of))
}
