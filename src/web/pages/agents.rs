//! The agents that a person may use: their own and the built-in ones.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;

use crate::arena::agents::{self, AgentScope};
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::page::{Cursor, DEFAULT_PAGE_LIMIT, PageRequest};
use crate::domain::time::Timestamp;
use crate::web::error::PageError;
use crate::web::extract::{AgentsRead, PageAuthorized, PageQuery};
use crate::web::pages::frame::Frame;
use crate::web::query::{Params, QueryParams};
use crate::web::ui::format::{self, Moment};
use crate::web::ui::page::page;
use crate::web::ui::pager::Pager;
use crate::web::ui::shell::{Section, Shell};

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/agents").route(get().to(show)));
}

#[derive(Template)]
#[template(path = "pages/agents.html")]
struct AgentsPage {
    shell: Shell,
    summary: String,
    own: Vec<Row>,
    builtin: Vec<Row>,
    pager: Pager,
}

struct Row {
    href: String,
    submit: String,
    name: String,
    revision: u32,
    kind: String,
    description: String,
    at: Moment,
}

struct Query(Option<Cursor>);

impl QueryParams for Query {
    const NAMES: &'static [&'static str] = &["after"];

    fn read(params: &mut Params) -> Self {
        Self(params.named("after"))
    }
}

async fn show(
    frame: Frame,
    person: PageAuthorized<AgentsRead>,
    query: PageQuery<Query>,
) -> Result<HttpResponse, PageError> {
    let store = &frame.state.store;
    let request = PageRequest::after(DEFAULT_PAGE_LIMIT, query.0.0.clone());
    let own = agents::list(store, &person, AgentScope::Own, request).await?;
    let builtin = agents::builtin(store).await?;
    let now = Timestamp::now();
    let rows = |agents: &[Agent]| {
        agents
            .iter()
            .map(|agent| row(agent, now))
            .collect::<Vec<_>>()
    };
    page(&AgentsPage {
        summary: format!("{} built in", builtin.len()),
        own: rows(&own.items),
        builtin: rows(&builtin),
        pager: Pager::newest_first(
            query.0.0.map(|_| "/agents".to_owned()),
            own.next.map(|next| format!("/agents?after={next}")),
        ),
        shell: frame.shell(Section::Agents, "Agents"),
    })
}

fn row(agent: &Agent, now: Timestamp) -> Row {
    Row {
        href: format!("/agents/{}", agent.id),
        submit: format!("/submissions/new?agent={}", agent.id),
        name: agent.name.clone(),
        revision: agent.revision.number,
        kind: kind_words(&agent.revision.config),
        description: format::shortened(&agent.description, 120),
        at: Moment::new(agent.updated_at, now),
    }
}

/// Kind and model, or kind and policy.
pub(super) fn kind_words(config: &AgentConfig) -> String {
    match config {
        AgentConfig::Builtin { policy } => format!("builtin · {policy}"),
        AgentConfig::Llm(llm) => format!("llm · {}", llm.model),
        AgentConfig::Webhook(webhook) => format!("webhook · {}", webhook.url),
        AgentConfig::Remote(_) => "remote".to_owned(),
        AgentConfig::Command(program) => format!("command · {}", program.command.join(" ")),
    }
}
