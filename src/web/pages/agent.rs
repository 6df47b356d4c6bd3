//! One agent: its settings, its revisions, what it did lately. Deleting it.

use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::agents;
use crate::arena::{prices, provider_keys, spends, submissions};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig, LlmConfig, Metering};
use crate::domain::ids::{AgentId, ProviderKeyId};
use crate::domain::page::PageRequest;
use crate::domain::price::{Price, Tariff};
use crate::domain::time::Timestamp;
use crate::store::Store;
use crate::store::submissions::SubmissionFilter;
use crate::web::error::{Failure, PageError};
use crate::web::extract::{AgentsRead, AgentsWrite, PageAuthorized, PageId, PageQuery};
use crate::web::pages::agent_behaviour;
use crate::web::pages::agent_spend::AgentSpendView;
use crate::web::pages::agents::kind_words;
use crate::web::pages::frame::Frame;
use crate::web::pages::notice::Done;
use crate::web::ui::format::{self, Cost, Moment};
use crate::web::ui::page::{page, see_other};
use crate::web::ui::shell::{Section, Shell};
use crate::web::ui::submission_rows::Table;

/// Cost of an agent whose model calls do not go through the arena.
const NOT_METERED: &str = "unpriced: its model calls do not go through the arena";

/// Cost of an agent that can call models through the arena.
const PROXIED: &str = "what it calls through the arena; what it may call elsewhere is not known";

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/agents/{agentId}").route(get().to(show)))
        .service(resource("/agents/{agentId}/delete").route(post().to(delete)));
}

#[derive(Template)]
#[template(path = "pages/agent.html")]
struct AgentPage {
    shell: Shell,
    notice: Option<&'static str>,
    id: String,
    name: String,
    kind: String,
    owner: String,
    revision: u32,
    description: String,
    can_change: bool,
    settings: Vec<(&'static str, String)>,
    prompt: Option<String>,
    revisions: Vec<(u32, Moment)>,
    submissions: Table,
    can_try: bool,
    /// Whether it proves itself with a secret.
    has_secret: bool,
    spend: AgentSpendView,
}

async fn show(
    frame: Frame,
    person: PageAuthorized<AgentsRead>,
    id: PageId<AgentId>,
    done: PageQuery<Done>,
) -> Result<HttpResponse, PageError> {
    let store = &frame.state.store;
    let agent = agents::get(store, &person, id.0).await?;
    let revisions = agents::revisions(store, &person, id.0).await?;
    let filter = SubmissionFilter {
        agent_id: Some(id.0),
        ..SubmissionFilter::default()
    };
    let recent = submissions::list(store, &person, filter, PageRequest::first(10)).await?;
    let (models, results) = spends::of_agent(store, &person, id.0).await?;
    let own = agent.user_id == Some(person.user_id);
    let now = Timestamp::now();
    page(&AgentPage {
        shell: frame.shell(Section::Agents, agent.name.clone()),
        notice: done.0.0,
        id: agent.id.to_string(),
        kind: kind_words(&agent.revision.config),
        owner: owner(&agent, own),
        revision: agent.revision.number,
        can_change: own,
        can_try: own || agent.user_id.is_none(),
        has_secret: matches!(
            agent.revision.config,
            AgentConfig::Webhook(_) | AgentConfig::Remote(_)
        ),
        spend: AgentSpendView::new(agent.revision.config.kind(), &models, &results),
        settings: settings(store, &person, &agent).await?,
        prompt: prompt(&agent.revision.config),
        revisions: revisions
            .iter()
            .map(|revision| (revision.number, Moment::new(revision.created_at, now)))
            .collect(),
        submissions: Table::new("Recent submissions of this agent", &recent.items, now),
        name: agent.name,
        description: agent.description,
    })
}

fn owner(agent: &Agent, own: bool) -> String {
    match (agent.user_id, own) {
        (None, _) => "built in".to_owned(),
        (Some(_), true) => "yours".to_owned(),
        (Some(_), false) => "of another person".to_owned(),
    }
}

fn prompt(config: &AgentConfig) -> Option<String> {
    match config {
        AgentConfig::Llm(llm) => llm.system_prompt.clone(),
        AgentConfig::Builtin { .. }
        | AgentConfig::Webhook(_)
        | AgentConfig::Remote(_)
        | AgentConfig::Command(_) => None,
    }
}

async fn settings(
    store: &Store,
    person: &Principal,
    agent: &Agent,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let mut settings = match &agent.revision.config {
        AgentConfig::Builtin { policy } => vec![
            ("Kind", "builtin".to_owned()),
            ("Policy", policy.to_string()),
            ("Cost", "calls no model".to_owned()),
        ],
        AgentConfig::Llm(llm) => {
            let key = key_words(store, person, llm.provider_key_id).await?;
            let tariff = prices::tariff(store, agent.user_id, llm).await?;
            llm_settings(llm, key, &tariff)
        }
        AgentConfig::Webhook(webhook) => vec![
            ("Kind", "webhook".to_owned()),
            ("Address", webhook.url.clone()),
            ("Pictures", sent(webhook.screenshots)),
            (
                "Time for a turn",
                format!("{} s", webhook.turn_timeout_ms / 1000),
            ),
            ("Signing secret", secret_words(webhook.secret_number)),
            ("Cost", cost_words(&agent.revision.config)),
        ],
        AgentConfig::Remote(remote) => vec![
            ("Kind", "remote".to_owned()),
            ("Pictures", sent(remote.screenshots)),
            (
                "Time for a turn",
                format!("{} s", remote.turn_timeout_ms / 1000),
            ),
            (
                "Time for a claim",
                format!("{} s", remote.claim_timeout_ms / 1000),
            ),
            (
                "Longest silence",
                remote.heartbeat_timeout_ms.map_or_else(
                    || "as long as a turn".to_owned(),
                    |ms| format!("{} s", ms / 1000),
                ),
            ),
            ("Token", secret_words(remote.secret_number)),
            ("Cost", cost_words(&agent.revision.config)),
        ],
        AgentConfig::Command(program) => vec![
            ("Kind", "command".to_owned()),
            ("Program", program.command.join(" ")),
            ("Pictures", sent(program.screenshots)),
            (
                "Time for a turn",
                format!("{} s", program.turn_timeout_ms / 1000),
            ),
            ("Cost", cost_words(&agent.revision.config)),
        ],
    };
    settings.extend(proxy_words(store, person, &agent.revision.config).await?);
    Ok(settings)
}

fn cost_words(config: &AgentConfig) -> String {
    let words = match config.metering() {
        Metering::Proxied => PROXIED,
        Metering::Whole | Metering::Nothing => NOT_METERED,
    };
    words.to_owned()
}

/// The providers that it may call through the arena, each with the key that is used.
async fn proxy_words(
    store: &Store,
    person: &Principal,
    config: &AgentConfig,
) -> Result<Option<(&'static str, String)>, Failure> {
    let Some(proxy) = config.model_proxy() else {
        return Ok(None);
    };
    let mut words = Vec::new();
    for (provider, settings) in proxy.providers() {
        let key = key_words(store, person, settings.provider_key_id).await?;
        let at = settings.base_url.as_deref().unwrap_or("its own address");
        words.push(format!("{provider} at {at}, key: {key}"));
    }
    Ok(Some(("Models through the arena", words.join("; "))))
}

fn secret_words(number: u32) -> String {
    format!("number {number}; only its owner can see it")
}

fn sent(screenshots: bool) -> String {
    let words = if screenshots { "sent" } else { "not sent" };
    words.to_owned()
}

async fn key_words(
    store: &Store,
    person: &Principal,
    id: Option<ProviderKeyId>,
) -> Result<String, Failure> {
    let Some(id) = id else {
        return Ok("none is sent".to_owned());
    };
    let keys = provider_keys::list(store, person).await?;
    let key = keys.iter().find(|key| key.id == id);
    Ok(key.map_or_else(
        || "not among your keys; it may be deleted".to_owned(),
        |key| format!("{}, ends with {}", key.name, key.hint),
    ))
}

fn llm_settings(llm: &LlmConfig, key: String, tariff: &Tariff) -> Vec<(&'static str, String)> {
    let or_default =
        |value: Option<String>| value.unwrap_or_else(|| "the provider's default".to_owned());
    let ours = llm.provider.max_output_tokens();
    let most = llm.max_output_tokens.or(ours);
    let prices = prices_in_words(tariff);
    let mut settings = vec![
        ("Kind", "llm".to_owned()),
        ("Provider", llm.provider.to_string()),
        ("Model", llm.model.clone()),
        (
            "Base URL",
            llm.base_url
                .clone()
                .unwrap_or_else(|| "the provider's own".to_owned()),
        ),
        ("Key", key),
        (
            "Temperature",
            or_default(llm.temperature.map(|value| value.to_string())),
        ),
        (
            "Reply, at most",
            or_default(most.map(|tokens| format::counted(tokens, "token"))),
        ),
        (
            "Time for a call",
            format::duration_ms(i64::try_from(llm.call_timeout_ms).unwrap_or(i64::MAX)),
        ),
    ];
    settings.extend(agent_behaviour::lines(llm));
    settings.extend(prices);
    settings
}

/// What calls are booked with: the agent's own prices, then its owner's, then those of the list.
fn prices_in_words(tariff: &Tariff) -> [(&'static str, String); 4] {
    let listed = tariff.listed.as_ref();
    let version = listed.map_or("", |listed| listed.version.as_str());
    let of_list = listed.map(|listed| listed.price).unwrap_or_default();
    let of_owner = tariff.personal.map(|personal| personal.price);
    let of_owner = of_owner.unwrap_or_default();
    let words = |name, rate: fn(Price) -> Option<u64>| {
        let text = |microusd| format!("{} per million tokens", Cost::exact(Some(microusd)).text());
        let words = match (rate(tariff.own), rate(of_owner), rate(of_list)) {
            (Some(own), ..) => text(own),
            (None, Some(set), _) => format!("{} by its owner's prices", text(set)),
            (None, None, Some(listed)) => {
                format!("{} by the price list of {version}", text(listed))
            }
            (None, None, None) => "unpriced".to_owned(),
        };
        (name, words)
    };
    [
        words("Price, input", |price| price.input_microusd_per_mtok),
        words("Price, output", |price| price.output_microusd_per_mtok),
        words("Price, read from cache", |price| {
            price.cache_read_microusd_per_mtok
        }),
        words("Price, written to cache", |price| {
            price.cache_write_microusd_per_mtok
        }),
    ]
}

async fn delete(
    frame: Frame,
    person: PageAuthorized<AgentsWrite>,
    id: PageId<AgentId>,
) -> Result<HttpResponse, PageError> {
    agents::delete(&frame.state.store, &person, id.0).await?;
    Ok(see_other("/agents"))
}
