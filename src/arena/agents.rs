//! Agents: list, show, create, change, delete. A person sees their own and the built-in ones,
//! an administrator sees all; only the owner changes one.

use crate::arena::ArenaError;
use crate::arena::agent_config::check_config;
use crate::auth::{Permission, Principal};
use crate::domain::agent::{Agent, AgentConfig, AgentRevision, Provider};
use crate::domain::ids::{AgentId, ProviderKeyId, UserId};
use crate::domain::model_proxy::ModelProxyConfig;
use crate::domain::page::{Page, PageRequest};
use crate::domain::time::Timestamp;
use crate::domain::validation::{FieldError, Invalid};
use crate::store::{self, Connection, Store, StoreError};

/// Most characters of an agent's name.
pub const MAX_NAME: usize = 100;

/// Most characters of an agent's description.
pub const MAX_DESCRIPTION: usize = 2_000;

/// What a person says about an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentInput {
    /// 1 to [`MAX_NAME`] characters, unique among the owner's agents.
    pub name: String,
    /// At most [`MAX_DESCRIPTION`] characters.
    pub description: String,
    /// How it decides.
    pub config: AgentConfig,
}

/// What shall be different about an agent; what is none stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AgentChange {
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// How it decides. Another configuration makes a new revision.
    pub config: Option<AgentConfig>,
}

/// Which agents are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AgentScope {
    /// The person's own and the built-in ones.
    #[default]
    Usable,
    /// The person's own.
    Own,
    /// Everybody's; for administrators.
    All,
}

/// Lists agents, newest first.
pub async fn list(
    store: &Store,
    principal: &Principal,
    scope: AgentScope,
    page: PageRequest,
) -> Result<Page<Agent>, ArenaError> {
    let user_id = principal.user_id;
    if scope == AgentScope::All && !principal.may(Permission::ViewAllAgents) {
        return Err(ArenaError::Forbidden {
            message: "Only administrators list everybody's agents.".to_owned(),
        });
    }
    let listed = store.read(move |db| match scope {
        AgentScope::Usable => store::agents::list_visible(db, user_id, &page),
        AgentScope::Own => store::agents::list_own(db, user_id, &page),
        AgentScope::All => store::agents::list_all(db, &page),
    });
    Ok(listed.await?)
}

/// The agents that ship with the arena.
pub async fn builtin(store: &Store) -> Result<Vec<Agent>, ArenaError> {
    Ok(store.read(store::agents::list_builtin).await?)
}

/// Shows one agent in use.
pub async fn get(store: &Store, principal: &Principal, id: AgentId) -> Result<Agent, ArenaError> {
    let found = store.read(move |db| store::agents::by_id(db, id)).await?;
    found
        .filter(|agent| may_see(principal, agent))
        .ok_or_else(|| not_found(id))
}

/// An agent's revisions, newest first.
pub async fn revisions(
    store: &Store,
    principal: &Principal,
    id: AgentId,
) -> Result<Vec<AgentRevision>, ArenaError> {
    get(store, principal, id).await?;
    let listed = store.read(move |db| store::agents::revisions(db, id));
    Ok(listed.await?)
}

/// Stores a new agent with its first revision.
pub async fn create(
    store: &Store,
    principal: &Principal,
    input: AgentInput,
) -> Result<Agent, ArenaError> {
    let input = checked(input)?;
    let user_id = principal.user_id;
    let agent = Agent::new(Some(user_id), input.name, input.description, input.config);
    store
        .try_write(move |tx| {
            check_keys(tx, user_id, &agent.revision.config)?;
            store::agents::insert(tx, &agent).map_err(name_taken)?;
            Ok(agent)
        })
        .await
}

/// The person's own agent of a name with a configuration: made, or given a new revision when it
/// was another one.
pub async fn keep(
    store: &Store,
    principal: &Principal,
    name: String,
    config: AgentConfig,
) -> Result<Agent, ArenaError> {
    let (user_id, wanted) = (principal.user_id, name.trim().to_owned());
    let known = store
        .read(move |db| store::agents::own_by_name(db, user_id, &wanted))
        .await?;
    match known {
        Some(agent) => {
            let with = AgentChange {
                config: Some(config),
                ..AgentChange::default()
            };
            change(store, principal, agent.id, with).await
        }
        None => {
            let input = AgentInput {
                name,
                description: String::new(),
                config,
            };
            create(store, principal, input).await
        }
    }
}

/// Changes an agent of the person's own.
pub async fn change(
    store: &Store,
    principal: &Principal,
    id: AgentId,
    change: AgentChange,
) -> Result<Agent, ArenaError> {
    let principal = principal.clone();
    store
        .try_write(move |tx| {
            let agent = own(tx, &principal, id)?;
            let input = checked(AgentInput {
                name: change.name.unwrap_or(agent.name),
                description: change.description.unwrap_or(agent.description),
                config: change.config.unwrap_or(agent.revision.config),
            })?;
            check_keys(tx, principal.user_id, &input.config)?;
            store::agents::update(
                tx,
                id,
                &input.name,
                &input.description,
                &input.config,
                Timestamp::now(),
            )
            .map_err(name_taken)
        })
        .await
}

/// An agent as it would be with these settings, not stored: a new one, or another revision of one
/// of the person's own. Refused for what making or changing it would be refused for.
pub async fn draft(
    store: &Store,
    principal: &Principal,
    of: Option<AgentId>,
    input: AgentInput,
) -> Result<Agent, ArenaError> {
    let input = checked(input)?;
    let principal = principal.clone();
    let read = store.read(move |db| {
        let known = of.map(|id| store::agents::by_id(db, id)).transpose()?;
        let keys = check_keys(db, principal.user_id, &input.config);
        Ok((principal, input, known.flatten(), keys))
    });
    let (principal, input, known, keys) = read.await?;
    keys?;
    let known = match of {
        Some(id) => Some(own_of(known, &principal, id)?),
        None => None,
    };
    let owner = Some(principal.user_id);
    let mut agent = Agent::new(owner, input.name, input.description, input.config);
    if let Some(known) = known {
        agent.id = known.id;
        agent.revision.agent_id = known.id;
        agent.revision.number = known.revision.number + 1;
    }
    Ok(agent)
}

/// Takes an agent of the person's own out of use. Its results stay.
pub async fn delete(store: &Store, principal: &Principal, id: AgentId) -> Result<(), ArenaError> {
    let principal = principal.clone();
    store
        .try_write(move |tx| {
            own(tx, &principal, id)?;
            Ok(store::agents::delete(tx, id, Timestamp::now())?)
        })
        .await
}

/// Whether a person may see an agent.
pub fn may_see(principal: &Principal, agent: &Agent) -> bool {
    agent.user_id.is_none()
        || agent.user_id == Some(principal.user_id)
        || principal.may(Permission::ViewAllAgents)
}

fn own(
    tx: &store::Transaction<'_>,
    principal: &Principal,
    id: AgentId,
) -> Result<Agent, ArenaError> {
    own_of(store::agents::by_id(tx, id)?, principal, id)
}

fn own_of(found: Option<Agent>, principal: &Principal, id: AgentId) -> Result<Agent, ArenaError> {
    let agent = found
        .filter(|agent| may_see(principal, agent))
        .ok_or_else(|| not_found(id))?;
    if agent.user_id == Some(principal.user_id) {
        return Ok(agent);
    }
    let message = match agent.user_id {
        None => "Built-in agents cannot be changed; create an agent of your own.",
        Some(_) => "Only its owner changes an agent.",
    };
    Err(ArenaError::Forbidden {
        message: message.to_owned(),
    })
}

/// Whether a character shows nothing of its own: it controls (Cc), formats (Cf), breaks lines (Zl,
/// Zp) or passes for nothing. With such a name an agent could pass for another one. The joiner of
/// emoji and of several scripts (U+200D), and its opposite (U+200C), are part of how words look.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            u32::from(character),
            0x00AD | 0x0600..=0x0605 | 0x061C | 0x06DD | 0x070F | 0x0890..=0x0891 | 0x08E2
                | 0x115F..=0x1160 | 0x180E | 0x200B | 0x200E..=0x200F | 0x2028..=0x202E
                | 0x2060..=0x206F | 0x3164 | 0xFEFF | 0xFFA0 | 0xFFF9..=0xFFFB
                | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3
                | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
        )
}

fn checked(input: AgentInput) -> Result<AgentInput, ArenaError> {
    let input = AgentInput {
        name: input.name.trim().to_owned(),
        description: input.description.trim().to_owned(),
        config: input.config,
    };
    let mut faults = Vec::new();
    let length = input.name.chars().count();
    if length == 0 {
        let message = "An agent needs a name.";
        faults.push(FieldError::new("name", "required", message));
    } else if length > MAX_NAME {
        let message = format!("The name has {length} characters; at most {MAX_NAME} are taken.");
        faults.push(FieldError::new("name", "too_long", message));
    } else if input.name.chars().any(is_unseen) {
        let message = "The name has characters that cannot be seen, such as line breaks or marks \
                       that turn the direction of writing; remove them.";
        faults.push(FieldError::new("name", "invalid", message));
    }
    let length = input.description.chars().count();
    if length > MAX_DESCRIPTION {
        let message = format!(
            "The description has {length} characters; at most {MAX_DESCRIPTION} are taken."
        );
        faults.push(FieldError::new("description", "too_long", message));
    }
    faults.append(&mut check_config(&input.config));
    Invalid::check(faults)?;
    Ok(input)
}

/// The keys that an agent uses must be its owner's, each for its provider.
fn check_keys(db: &Connection, user_id: UserId, config: &AgentConfig) -> Result<(), ArenaError> {
    if let AgentConfig::Llm(config) = config {
        let used = (config.provider, config.provider_key_id);
        check_key(db, user_id, used, "configuration.providerKeyId")?;
    }
    let proxied = config.model_proxy().into_iter();
    for (provider, proxied) in proxied.flat_map(ModelProxyConfig::providers) {
        let field = format!("configuration.modelProxy.{provider}.providerKeyId");
        check_key(db, user_id, (provider, proxied.provider_key_id), &field)?;
    }
    Ok(())
}

fn check_key(
    db: &Connection,
    user_id: UserId,
    (provider, key_id): (Provider, Option<ProviderKeyId>),
    field: &str,
) -> Result<(), ArenaError> {
    let Some(key_id) = key_id else {
        return Ok(());
    };
    let (code, message) = match store::provider_keys::provider(db, user_id, key_id)? {
        Some(of_key) if of_key == provider => return Ok(()),
        Some(of_key) => (
            "invalid",
            format!("This key is for `{of_key}` and the agent calls `{provider}`; choose another."),
        ),
        None => (
            "unknown",
            format!("You have no provider key `{key_id}`; store one first, or leave it out."),
        ),
    };
    Err(Invalid::one(field, code, message).into())
}

fn name_taken(error: StoreError) -> ArenaError {
    match error {
        StoreError::Conflict(_) => ArenaError::Taken {
            field: "name",
            message: "You have an agent of this name already; choose another name.".to_owned(),
        },
        error => error.into(),
    }
}

fn not_found(id: AgentId) -> ArenaError {
    ArenaError::NotFound {
        what: "agent",
        id: id.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_cannot_be_seen_are_found_and_emoji_are_not() {
        let found = [
            '\n', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}', '\u{200B}', '\u{FEFF}',
        ];
        assert!(found.into_iter().all(is_unseen));
        let seen = "Zoë 日本 \u{1F469}\u{200D}\u{1F4BB} \u{2764}\u{FE0F} שלום می\u{200C}خواهم";
        assert!(!seen.chars().any(is_unseen));
    }
}
