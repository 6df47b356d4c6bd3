//! What the calls to models of a submission, or of an agent, came to: `.../spend`.

use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::arena::spends;
use crate::domain::event::CallPurpose;
use crate::domain::ids::{AgentId, SubmissionId};
use crate::domain::spend::{ModelSpend, Spend};
use crate::web::api::envelope::{One, Resource};
use crate::web::error::ApiError;
use crate::web::extract::{AgentsRead, ApiId, ApiQuery, Authorized, State, SubmissionsRead};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/submissions/{submissionId}/spend").route(get().to(of_submission)))
        .service(resource("/agents/{agentId}/spend").route(get().to(of_agent)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SpendAttributes {
    purpose: CallPurpose,
    provider: String,
    model: String,
    returned_model: Option<String>,
    calls: u64,
    later_calls: u64,
    failed_calls: u64,
    input_tokens: u64,
    cache_read_tokens: u64,
    cache_write_tokens: u64,
    output_tokens: u64,
    reasoning_tokens: u64,
    cost_microusd: Option<u64>,
    known_cost_microusd: u64,
    unpriced_calls: u64,
    unreported_calls: u64,
}

fn attributes(of: ModelSpend) -> SpendAttributes {
    let spend: Spend = of.spend;
    SpendAttributes {
        purpose: of.purpose,
        provider: of.provider,
        model: of.model,
        returned_model: of.returned_model,
        calls: spend.calls,
        later_calls: spend.later,
        failed_calls: spend.failed,
        input_tokens: spend.input_tokens,
        cache_read_tokens: spend.cache_read_tokens,
        cache_write_tokens: spend.cache_write_tokens,
        output_tokens: spend.output_tokens,
        reasoning_tokens: spend.reasoning_tokens,
        cost_microusd: spend.cost_microusd(),
        known_cost_microusd: spend.known_microusd,
        unpriced_calls: spend.unpriced,
        unreported_calls: spend.unreported,
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SubmissionSpend {
    models: Vec<SpendAttributes>,
}

async fn of_submission(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<SubmissionSpend>, ApiError> {
    let models = spends::of_submission(&state.store, &person, id.0).await?;
    let attributes = SubmissionSpend {
        models: models.into_iter().map(attributes).collect(),
    };
    Ok(One::ok(Resource::new("spend", &id.0, attributes)))
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AgentSpend {
    submissions: u64,
    episodes: u64,
    scored: u64,
    passed: u64,
    cost_microusd: Option<u64>,
    known_cost_microusd: u64,
    unpriced_submissions: u64,
    models: Vec<SpendAttributes>,
}

async fn of_agent(
    state: State,
    person: Authorized<AgentsRead>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<AgentSpend>, ApiError> {
    let (models, results) = spends::of_agent(&state.store, &person, id.0).await?;
    let attributes = AgentSpend {
        submissions: results.submissions,
        episodes: results.episodes,
        scored: results.scored,
        passed: results.passed,
        cost_microusd: (results.unpriced == 0).then_some(results.cost_microusd),
        known_cost_microusd: results.cost_microusd,
        unpriced_submissions: results.unpriced,
        models: models.into_iter().map(attributes).collect(),
    };
    Ok(One::ok(Resource::new("spend", &id.0, attributes)))
}
