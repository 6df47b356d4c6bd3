//! Trying an agent: one step on a page that ships with the program.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::agents;
use crate::arena::trial::{self, fixture};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::ids::AgentId;
use crate::web::error::{Code, Failure, PageError};
use crate::web::extract::{AgentsRead, AgentsWrite, PageAuthorized, PageId, PageQuery};
use crate::web::pages::frame::Frame;
use crate::web::pages::trial_view::TrialView;
use crate::web::query::NoQuery;
use crate::web::ui::page::page_with;
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/agents/fixture.png").route(get().to(picture)))
        .service(
            resource("/agents/{agentId}/try")
                .route(get().to(show))
                .route(actix_web::web::post().to(run)),
        );
}

#[derive(Template)]
#[template(path = "pages/agent_try.html")]
struct AgentTryPage {
    shell: Shell,
    id: String,
    name: String,
    revision: u32,
    what: &'static str,
    goal: &'static str,
    tree: String,
    rules: String,
    trial: Option<TrialView>,
}

/// What happens when an agent of a kind is tried.
pub const fn what_happens(config: &AgentConfig) -> &'static str {
    match config {
        AgentConfig::Builtin { .. } => {
            "The policy decides here. It calls no model and costs nothing."
        }
        AgentConfig::Llm(_) => {
            "Its model is called for real, with your key, and your account at the provider pays. \
             The call is held to your budgets and counts in no score."
        }
        AgentConfig::Webhook(_) => {
            "One real, signed message goes to its address, and one that says that it is over."
        }
        AgentConfig::Remote(_) => {
            "The step is offered for 10 seconds: start your agent first, so that it can claim it. \
             The command agentarena agents check tries an agent in more detail."
        }
        AgentConfig::Command(_) => {
            "The program is started for one step, where the operator allows programs."
        }
    }
}

fn page_of(frame: &Frame, agent: Agent, trial: Option<TrialView>) -> Result<AgentTryPage, Failure> {
    let page = fixture::page().map_err(Failure::internal)?;
    Ok(AgentTryPage {
        shell: frame.shell(Section::Agents, format!("Try {}", agent.name)),
        id: agent.id.to_string(),
        revision: agent.revision.number,
        what: what_happens(&agent.revision.config),
        name: agent.name,
        goal: fixture::GOAL,
        tree: page.tree_text(),
        rules: fixture::rules(),
        trial,
    })
}

/// An agent that the person may try: one of their own, or a built-in one.
async fn own_agent(frame: &Frame, person: &Principal, id: AgentId) -> Result<Agent, Failure> {
    let agent = agents::get(&frame.state.store, person, id).await?;
    if agent.user_id.is_none_or(|owner| owner == person.user_id) {
        return Ok(agent);
    }
    let message = "Only its owner tries an agent: its calls are made with the owner's key.";
    Err(Failure::new(Code::Forbidden, message))
}

async fn show(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
    _query: PageQuery<NoQuery>,
) -> Result<HttpResponse, PageError> {
    let agent = own_agent(&frame, &person, id.0).await?;
    page_with(StatusCode::OK, &page_of(&frame, agent, None)?)
}

async fn run(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
) -> Result<HttpResponse, PageError> {
    let agent = own_agent(&frame, &person, id.0).await?;
    frame.state.rate_limits().count_try(person.user_id)?;
    let tried = trial::run(&frame.state.policies, &person, agent.clone(), true).await?;
    let view = TrialView::new(&tried);
    page_with(StatusCode::OK, &page_of(&frame, agent, Some(view))?)
}

/// The picture of the page that tried agents see.
async fn picture(_person: PageAuthorized<AgentsRead>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/png"))
        .insert_header((header::CACHE_CONTROL, "private, max-age=3600"))
        .body(fixture::PICTURE)
}
