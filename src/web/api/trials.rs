//! `/api/v1/agents/{id}/try`: one step of an agent on a page that ships with the program.

use actix_web::web::{ServiceConfig, post, resource};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::agents::ModelCall;
use crate::agents::foreign::watch::Exchange;
use crate::arena::agent_config::read_config;
use crate::arena::agents::{self, AgentInput};
use crate::arena::trial::{self, Trial, fixture};
use crate::domain::event::Usage;
use crate::domain::ids::AgentId;
use crate::domain::spend::why_unpriced;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{One, Resource};
use crate::web::error::ApiError;
use crate::web::extract::{AgentsWrite, ApiId, ApiQuery, Authorized, State};
use crate::web::query::NoQuery;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/agents/{agentId}/try").route(post().to(run)));
}

#[derive(Deserialize)]
struct TrialRequest {
    configuration: Option<Value>,
}

impl Attributes for TrialRequest {
    const TYPE: &'static str = "trial";
    const FIELDS: &'static [(&'static str, bool)] = &[("configuration", false)];
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TrialAttributes {
    goal: &'static str,
    outcome: &'static str,
    message: Option<String>,
    action: Option<String>,
    target: Option<String>,
    missing_element: Option<String>,
    reasoning: Option<String>,
    calls: Vec<CallAttributes>,
    turns: Vec<TurnAttributes>,
    usage: Usage,
    duration_ms: f64,
}

/// A call to a model as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallAttributes {
    provider: String,
    model: String,
    returned_model: Option<String>,
    attempt: u32,
    status: Option<u16>,
    error: Option<String>,
    usage: Usage,
    price_version: Option<String>,
    unpriced_because: Option<String>,
    duration_ms: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<Value>,
}

impl CallAttributes {
    /// A call with request and reply.
    pub fn new(call: &ModelCall) -> Self {
        Self {
            exchange: Some(call.exchange.clone()),
            ..Self::without_exchange(call)
        }
    }

    /// The same without them.
    pub fn without_exchange(call: &ModelCall) -> Self {
        let version = call.booked.version.clone();
        Self {
            provider: call.provider.clone(),
            model: call.model.clone(),
            returned_model: call.returned_model.clone(),
            attempt: call.attempt,
            status: call.status,
            error: call.error.clone(),
            usage: call.usage,
            unpriced_because: why_unpriced(&call.usage, call.status, version.as_deref()),
            price_version: version,
            duration_ms: call.duration_ms,
            exchange: None,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TurnAttributes {
    sent: Value,
    reply: Option<String>,
    error: Option<String>,
    duration_ms: f64,
}

fn turn(exchange: &Exchange) -> TurnAttributes {
    TurnAttributes {
        sent: serde_json::from_str(&exchange.sent)
            .unwrap_or_else(|_| Value::String(exchange.sent.clone())),
        reply: exchange.reply.clone().ok(),
        error: exchange.reply.clone().err(),
        duration_ms: exchange.took.as_secs_f64() * 1000.0,
    }
}

async fn run(
    state: State,
    person: Authorized<AgentsWrite>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
    body: Body<TrialRequest>,
) -> Result<One<TrialAttributes>, ApiError> {
    state.rate_limits().count_try(person.user_id)?;
    let stored = agents::get(&state.store, &person, id.0).await?;
    let agent = match body.0.configuration {
        None => stored,
        Some(value) => {
            let input = AgentInput {
                name: stored.name,
                description: stored.description,
                config: read_config(value).map_err(in_body)?,
            };
            let draft = agents::draft(&state.store, &person, Some(id.0), input).await;
            draft.map_err(in_body)?
        }
    };
    let trial = trial::run(&state.policies, &person, agent, true).await?;
    Ok(One::ok(Resource::new("trial", &id.0, attributes(&trial))))
}

fn attributes(trial: &Trial) -> TrialAttributes {
    let chosen = trial.result.as_ref().ok();
    let fault = trial.result.as_ref().err();
    TrialAttributes {
        goal: fixture::GOAL,
        outcome: fault.map_or("decided", |fault| fault.kind.as_str()),
        message: fault.map(|fault| fault.message.clone()),
        action: chosen.map(|chosen| chosen.action.clone()),
        target: chosen.and_then(|chosen| chosen.target.clone()),
        missing_element: chosen.and_then(|chosen| chosen.missing.clone()),
        reasoning: chosen.and_then(|chosen| chosen.reasoning.clone()),
        calls: trial.calls.iter().map(CallAttributes::new).collect(),
        turns: trial.turns.iter().map(turn).collect(),
        usage: trial.usage,
        duration_ms: trial.duration_ms,
    }
}
