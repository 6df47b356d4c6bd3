//! Secrets between the arena and the agents that other people wrote: what signs the messages to a
//! webhook, and what a remote agent proves itself with. Both follow from the arena's key, the agent
//! and a number in its settings: nothing is stored, and another number ends the old secret.

use uuid::Uuid;

use crate::arena::{ArenaError, agents};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig};
use crate::domain::ids::AgentId;
use crate::store::{self, Store};
use crate::vault::Vault;

/// What tokens of remote agents begin with.
const TOKEN_PREFIX: &str = "aat_";

/// What keeps these tags from serving for anything else.
const PURPOSE: &str = "remote agent";

/// The secret of an agent of the person's own.
pub async fn reveal(
    store: &Store,
    vault: &Vault,
    principal: &Principal,
    id: AgentId,
) -> Result<String, ArenaError> {
    let agent = agents::get(store, principal, id).await?;
    if agent.user_id != Some(principal.user_id) {
        return Err(ArenaError::Forbidden {
            message: "Only its owner gets an agent's secret.".to_owned(),
        });
    }
    of(vault, &agent).ok_or_else(|| ArenaError::not_found("secret of agent", id))
}

/// The secret of an agent; none for kinds that need none.
pub fn of(vault: &Vault, agent: &Agent) -> Option<String> {
    match &agent.revision.config {
        AgentConfig::Webhook(config) => {
            let secret = vault.webhook_secret(&agent.id.to_string(), config.secret_number);
            Some(secret.reveal())
        }
        AgentConfig::Remote(config) => {
            let tag = vault.tag(PURPOSE, &numbered(agent.id, config.secret_number));
            Some(format!("{TOKEN_PREFIX}{}_{tag}", agent.id.0.simple()))
        }
        AgentConfig::Builtin { .. } | AgentConfig::Llm(_) | AgentConfig::Command(_) => None,
    }
}

/// The remote agent that a token belongs to, while it and its owner are in use.
pub async fn remote_agent(
    store: &Store,
    vault: &Vault,
    token: &str,
) -> Result<Option<Agent>, ArenaError> {
    let Some((id, tag)) = token
        .strip_prefix(TOKEN_PREFIX)
        .and_then(|rest| rest.split_once('_'))
    else {
        return Ok(None);
    };
    let Ok(id) = Uuid::parse_str(id) else {
        return Ok(None);
    };
    let found = store.read(move |db| {
        let Some(agent) = store::agents::by_id(db, AgentId(id))? else {
            return Ok(None);
        };
        let owner = match agent.user_id {
            Some(user_id) => store::users::by_id(db, user_id)?,
            None => None,
        };
        Ok(owner.is_some_and(|owner| owner.active).then_some(agent))
    });
    let Some(agent) = found.await? else {
        return Ok(None);
    };
    let AgentConfig::Remote(config) = &agent.revision.config else {
        return Ok(None);
    };
    let wanted = numbered(agent.id, config.secret_number);
    Ok(vault.tag_matches(PURPOSE, &wanted, tag).then_some(agent))
}

fn numbered(id: AgentId, number: u32) -> String {
    format!("{id}/{number}")
}
