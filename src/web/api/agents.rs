//! `/api/v1/agents`.

use actix_web::web::ServiceConfig;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::arena::agent_config::read_config as read_agent_config;
use crate::arena::agent_secrets;
use crate::arena::agents::{self, AgentChange, AgentInput, AgentScope};
use crate::domain::agent::{Agent, AgentConfig, AgentKind, AgentRevision};
use crate::domain::ids::AgentId;
use crate::domain::page::PageRequest;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, NoContent, One, Resource};
use crate::web::api::list::{all, many, page_request};
use crate::web::error::{ApiError, Failure};
use crate::web::extract::{AgentsRead, AgentsWrite, ApiId, ApiQuery, Authorized, State};
use crate::web::query::{NoQuery, Params, QueryParams};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    use actix_web::web::{delete, get, patch, post, put, resource};
    config
        .service(
            resource("/agents")
                .route(get().to(list))
                .route(post().to(create)),
        )
        .service(
            resource("/agents/{agentId}")
                .route(get().to(show))
                .route(patch().to(change))
                .route(put().to(change))
                .route(delete().to(remove)),
        )
        .service(resource("/agents/{agentId}/revisions").route(get().to(revisions)))
        .service(resource("/agents/{agentId}/secret").route(get().to(secret)));
}

/// An agent as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentAttributes {
    name: String,
    description: String,
    kind: AgentKind,
    configuration: AgentConfig,
    revision: u32,
    revision_id: String,
    built_in: bool,
    created_at: String,
    updated_at: String,
}

/// An agent as a resource.
pub fn resource_of(agent: Agent) -> Resource<AgentAttributes> {
    let owner = agent.user_id.map(|id| id.to_string());
    let attributes = AgentAttributes {
        kind: agent.revision.config.kind(),
        configuration: agent.revision.config,
        revision: agent.revision.number,
        revision_id: agent.revision.id.to_string(),
        built_in: agent.user_id.is_none(),
        name: agent.name,
        description: agent.description,
        created_at: agent.created_at.to_rfc3339(),
        updated_at: agent.updated_at.to_rfc3339(),
    };
    Resource::new("agent", &agent.id, attributes).related([("owner", "user", owner)])
}

/// A revision as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RevisionAttributes {
    number: u32,
    configuration: AgentConfig,
    created_at: String,
}

fn resource_of_revision(revision: AgentRevision) -> Resource<RevisionAttributes> {
    let attributes = RevisionAttributes {
        number: revision.number,
        configuration: revision.config,
        created_at: revision.created_at.to_rfc3339(),
    };
    let agent = Some(revision.agent_id.to_string());
    Resource::new("agentRevision", &revision.id, attributes).related([("agent", "agent", agent)])
}

struct ListQuery {
    page: PageRequest,
    scope: AgentScope,
}

impl QueryParams for ListQuery {
    const NAMES: &'static [&'static str] = &["scope", "limit", "cursor"];

    fn read(params: &mut Params) -> Self {
        let scope = match params.text("scope") {
            None | Some("usable") => AgentScope::Usable,
            Some("own") => AgentScope::Own,
            Some("all") => AgentScope::All,
            Some(_) => {
                params.refuse("scope", "`scope` is one of: usable, own, all.");
                AgentScope::Usable
            }
        };
        Self {
            page: page_request(params),
            scope,
        }
    }
}

#[derive(Debug, Deserialize)]
struct NewAgent {
    name: String,
    #[serde(default)]
    description: String,
    configuration: Value,
}

impl Attributes for NewAgent {
    const TYPE: &'static str = "agent";
    const FIELDS: &'static [(&'static str, bool)] = &[
        ("name", true),
        ("description", false),
        ("configuration", true),
    ];
}

#[derive(Debug, Deserialize)]
struct ChangedAgent {
    name: Option<String>,
    description: Option<String>,
    configuration: Option<Value>,
}

impl Attributes for ChangedAgent {
    const TYPE: &'static str = "agent";
    const FIELDS: &'static [(&'static str, bool)] = &[
        ("name", false),
        ("description", false),
        ("configuration", false),
    ];
}

fn read_config(value: Value) -> Result<AgentConfig, Failure> {
    read_agent_config(value).map_err(in_body)
}

async fn list(
    state: State,
    person: Authorized<AgentsRead>,
    query: ApiQuery<ListQuery>,
) -> Result<Many<AgentAttributes>, ApiError> {
    let ListQuery { page, scope } = query.0;
    let limit = page.limit;
    let listed = agents::list(&state.store, &person, scope, page).await?;
    Ok(many(listed, limit, resource_of))
}

async fn create(
    state: State,
    person: Authorized<AgentsWrite>,
    _query: ApiQuery<NoQuery>,
    body: Body<NewAgent>,
) -> Result<One<AgentAttributes>, ApiError> {
    let input = AgentInput {
        config: read_config(body.0.configuration)?,
        name: body.0.name,
        description: body.0.description,
    };
    let agent = agents::create(&state.store, &person, input)
        .await
        .map_err(in_body)?;
    let location = format!("/api/v1/agents/{}", agent.id);
    Ok(One::created(resource_of(agent), location))
}

async fn show(
    state: State,
    person: Authorized<AgentsRead>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<AgentAttributes>, ApiError> {
    let agent = agents::get(&state.store, &person, id.0).await?;
    Ok(One::ok(resource_of(agent)))
}

async fn revisions(
    state: State,
    person: Authorized<AgentsRead>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
) -> Result<Many<RevisionAttributes>, ApiError> {
    let revisions = agents::revisions(&state.store, &person, id.0).await?;
    Ok(all(revisions, resource_of_revision))
}

/// What an agent of one's own is proven with, or proves itself with.
#[derive(Debug, Serialize)]
struct SecretAttributes {
    secret: String,
}

async fn secret(
    state: State,
    person: Authorized<AgentsWrite>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<SecretAttributes>, ApiError> {
    let secret = agent_secrets::reveal(&state.store, &state.vault, &person, id.0).await?;
    Ok(One::ok(Resource::new(
        "agentSecret",
        &id.0,
        SecretAttributes { secret },
    )))
}

async fn change(
    state: State,
    person: Authorized<AgentsWrite>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
    body: Body<ChangedAgent>,
) -> Result<One<AgentAttributes>, ApiError> {
    let change = AgentChange {
        config: body.0.configuration.map(read_config).transpose()?,
        name: body.0.name,
        description: body.0.description,
    };
    let changed = agents::change(&state.store, &person, id.0, change).await;
    Ok(One::ok(resource_of(changed.map_err(in_body)?)))
}

async fn remove(
    state: State,
    person: Authorized<AgentsWrite>,
    id: ApiId<AgentId>,
    _query: ApiQuery<NoQuery>,
) -> Result<NoContent, ApiError> {
    agents::delete(&state.store, &person, id.0).await?;
    Ok(NoContent)
}
