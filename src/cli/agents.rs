//! `agentarena agents`: what can be evaluated.

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::arena;
use crate::arena::agent_config::read_config;
use crate::arena::agents::AgentInput;
use crate::auth::Principal;
use crate::cli::output::{self, Side, Table};
use crate::cli::users;
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::page::PageRequest;
use crate::store::{self, Store};

/// Every agent, built-in ones first.
pub(super) async fn all(store: &Store) -> anyhow::Result<Vec<Agent>> {
    let mut agents = store.read(store::agents::list_builtin).await?;
    let mut request = PageRequest::first(crate::domain::page::MAX_PAGE_LIMIT);
    loop {
        let asked = request.clone();
        let page = store
            .read(move |db| store::agents::list_all(db, &asked))
            .await?;
        agents.extend(
            page.items
                .into_iter()
                .filter(|agent| agent.user_id.is_some()),
        );
        match page.next {
            Some(cursor) => request = PageRequest::after(request.limit, Some(cursor)),
            None => return Ok(agents),
        }
    }
}

/// The agent with a name; an owner's agent is preferred to a built-in one of the same name.
pub(super) async fn by_name(store: &Store, name: &str) -> anyhow::Result<Agent> {
    let agents = all(store).await?;
    let found = agents
        .iter()
        .rfind(|agent| agent.name.eq_ignore_ascii_case(name));
    if let Some(agent) = found {
        return Ok(agent.clone());
    }
    let names: Vec<&str> = agents.iter().map(|agent| agent.name.as_str()).collect();
    bail!("there is no agent `{name}`; there is: {}", names.join(", "))
}

/// Lists all agents.
pub(super) async fn list(store: &Store, as_json: bool) -> anyhow::Result<()> {
    let agents = all(store).await?;
    if as_json {
        return output::json(&agents.iter().map(summary).collect::<Vec<_>>());
    }
    let mut table = Table::new(&[
        ("agent", Side::Left),
        ("rev", Side::Right),
        ("kind", Side::Left),
        ("decides by", Side::Left),
        ("owner", Side::Left),
    ]);
    for agent in &agents {
        table.row([
            agent.name.clone(),
            agent.revision.number.to_string(),
            agent.revision.config.kind().to_string(),
            decides_by(&agent.revision.config),
            agent
                .user_id
                .map_or_else(|| "built in".to_owned(), |id| id.to_string()),
        ]);
    }
    table.print();
    Ok(())
}

/// Shows one agent with its settings.
pub(super) async fn show(store: &Store, name: &str, as_json: bool) -> anyhow::Result<()> {
    let agent = by_name(store, name).await?;
    if as_json {
        return output::json(&summary(&agent));
    }
    output::line(&format!(
        "{} revision {}",
        agent.name, agent.revision.number
    ));
    if !agent.description.is_empty() {
        output::line(&agent.description);
    }
    output::json(&agent.revision.config)
}

/// Adds an agent that belongs to someone.
pub(super) async fn add(
    store: &Store,
    name: String,
    owner: &str,
    config: &str,
) -> anyhow::Result<()> {
    let config = match config {
        "-" => std::io::read_to_string(std::io::stdin())
            .context("reading the settings from standard input")?,
        given => given.to_owned(),
    };
    let config = serde_json::from_str(&config).context("--settings is not JSON")?;
    let config = read_config(config)?;
    let user = users::by_email(store, owner).await?;
    let principal = Principal::without_session(user);
    let input = AgentInput {
        name,
        description: String::new(),
        config,
    };
    let agent = arena::agents::create(store, &principal, input).await?;
    output::line(&format!(
        "{} revision {} belongs to {owner}",
        agent.name, agent.revision.number
    ));
    Ok(())
}

fn decides_by(config: &AgentConfig) -> String {
    match config {
        AgentConfig::Builtin { policy } => policy.to_string(),
        AgentConfig::Llm(config) => config.model.clone(),
        AgentConfig::Webhook(config) => config.url.clone(),
        AgentConfig::Remote(_) => "whoever calls with its token".to_owned(),
        AgentConfig::Command(config) => config.command.join(" "),
    }
}

fn summary(agent: &Agent) -> Value {
    json!({
        "id": agent.id, "name": agent.name, "description": agent.description, "ownerId": agent.user_id,
        "revision": agent.revision.number, "revisionId": agent.revision.id, "configuration": agent.revision.config,
        "createdAt": agent.created_at.to_rfc3339(), "updatedAt": agent.updated_at.to_rfc3339(),
    })
}
