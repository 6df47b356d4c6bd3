//! Keys of model providers: stored encrypted, shown never again, opened only to call a model
//! on the owner's behalf.

use std::sync::Arc;

use serde_json::json;

use crate::arena::ArenaError;
use crate::auth::Principal;
use crate::domain::agent::Provider;
use crate::domain::ids::{AgentId, ProviderKeyId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::validation::{FieldError, Invalid};
use crate::store::audit::NewEntry;
use crate::store::provider_keys::ProviderKey;
use crate::store::{self, Store, StoreError};
use crate::vault::Vault;

/// Most characters of a key's name.
pub const MAX_NAME: usize = 100;

/// Shortest and longest key that is taken, in bytes.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 8..=512;

/// A key as its owner hands it in.
#[derive(Clone)]
pub struct NewProviderKey {
    /// 1 to [`MAX_NAME`] characters, unique among the owner's keys.
    pub name: String,
    /// Which interface it is for.
    pub provider: Provider,
    /// The key.
    pub secret: String,
}

impl std::fmt::Debug for NewProviderKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewProviderKey({:?}, {})", self.name, self.provider)
    }
}

/// Lists the person's keys by name, without the keys.
pub async fn list(store: &Store, principal: &Principal) -> Result<Vec<ProviderKey>, ArenaError> {
    let user_id = principal.user_id;
    let listed = store.read(move |db| store::provider_keys::list(db, user_id));
    Ok(listed.await?)
}

/// Stores a key of the person's.
pub async fn create(
    store: &Store,
    vault: &Vault,
    principal: &Principal,
    new: NewProviderKey,
) -> Result<ProviderKey, ArenaError> {
    let new = checked(&new)?;
    let id = ProviderKeyId::new();
    let ciphertext = vault
        .seal(&context(principal.user_id, id), new.secret.as_bytes())
        .map_err(|error| ArenaError::Internal(error.into()))?;
    let key = ProviderKey {
        id,
        user_id: principal.user_id,
        provider: new.provider,
        hint: hint(&new.secret),
        name: new.name,
        created_at: Timestamp::now(),
        rotated_at: None,
    };
    store
        .try_write(move |tx| {
            store::provider_keys::insert(tx, &key, &ciphertext).map_err(name_taken)?;
            record(tx, key.user_id, "provider_key.created", key.id)?;
            Ok(key)
        })
        .await
}

/// A key of the person's, without the key, and their agents that use it: id and name.
pub async fn get(
    store: &Store,
    principal: &Principal,
    id: ProviderKeyId,
) -> Result<(ProviderKey, Vec<(AgentId, String)>), ArenaError> {
    let user_id = principal.user_id;
    let read = store.read(move |db| {
        let key = store::provider_keys::by_id(db, user_id, id)?;
        Ok((key, store::provider_keys::agents(db, user_id, id)?))
    });
    let (key, agents) = read.await?;
    let key = key.ok_or_else(|| ArenaError::not_found("provider key", id))?;
    Ok((key, agents))
}

/// Puts another secret in the place of a key's. Agents that use the key go on with the new one
/// from their next episode on.
pub async fn rotate(
    store: &Store,
    vault: &Vault,
    principal: &Principal,
    id: ProviderKeyId,
    secret: &str,
) -> Result<ProviderKey, ArenaError> {
    let secret = secret.trim();
    Invalid::check(check_secret(secret).into_iter().collect())?;
    let user_id = principal.user_id;
    let ciphertext = vault
        .seal(&context(user_id, id), secret.as_bytes())
        .map_err(|error| ArenaError::Internal(error.into()))?;
    let hint = hint(secret);
    store
        .try_write(move |tx| {
            let now = Timestamp::now();
            store::provider_keys::rotate(tx, user_id, id, &ciphertext, &hint, now)
                .map_err(|error| no_such_key(error, id))?;
            record(tx, user_id, "provider_key.rotated", id)?;
            store::provider_keys::by_id(tx, user_id, id)?
                .ok_or_else(|| ArenaError::not_found("provider key", id))
        })
        .await
}

/// Removes a key of the person's. Agents that use it fail from then on, saying so.
pub async fn delete(
    store: &Store,
    principal: &Principal,
    id: ProviderKeyId,
) -> Result<(), ArenaError> {
    let user_id = principal.user_id;
    store
        .try_write(move |tx| {
            store::provider_keys::delete(tx, user_id, id)
                .map_err(|error| no_such_key(error, id))?;
            record(tx, user_id, "provider_key.deleted", id)
        })
        .await
}

/// Opens a key to call a model on its owner's behalf; none when the owner has no such key.
pub async fn reveal(
    store: &Store,
    vault: &Arc<Vault>,
    owner: UserId,
    id: ProviderKeyId,
) -> Result<Option<String>, ArenaError> {
    let read = store.read(move |db| store::provider_keys::ciphertext(db, owner, id));
    let Some(ciphertext) = read.await? else {
        return Ok(None);
    };
    let opened = vault
        .open_sealed(&context(owner, id), &ciphertext)
        .map_err(|error| ArenaError::Internal(error.into()))?;
    let secret = String::from_utf8(opened)
        .map_err(|_| ArenaError::Internal(anyhow::anyhow!("the provider key {id} is not text")))?;
    Ok(Some(secret))
}

/// What a ciphertext is bound to, so that it opens in its own row only.
fn context(owner: UserId, id: ProviderKeyId) -> String {
    format!("provider_key/{owner}/{id}")
}

/// The last four characters of a key that is long enough to stay secret without them.
fn hint(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    if characters.len() < 16 {
        return String::new();
    }
    characters[characters.len() - 4..].iter().collect()
}

fn checked(new: &NewProviderKey) -> Result<NewProviderKey, ArenaError> {
    let new = NewProviderKey {
        name: new.name.trim().to_owned(),
        secret: new.secret.trim().to_owned(),
        provider: new.provider,
    };
    let mut faults = Vec::new();
    let length = new.name.chars().count();
    if length == 0 {
        faults.push(FieldError::new(
            "name",
            "required",
            "A key needs a name to tell it by.",
        ));
    } else if length > MAX_NAME {
        let message = format!("The name has {length} characters; at most {MAX_NAME} are taken.");
        faults.push(FieldError::new("name", "too_long", message));
    } else if new.name.chars().any(char::is_control) {
        let message = "The name has control characters such as line breaks; remove them.";
        faults.push(FieldError::new("name", "invalid", message));
    }
    faults.extend(check_secret(&new.secret));
    Invalid::check(faults)?;
    Ok(new)
}

fn check_secret(secret: &str) -> Option<FieldError> {
    let (least, most) = (KEY_BYTES.start(), KEY_BYTES.end());
    if !KEY_BYTES.contains(&secret.len()) {
        let message = format!("A key has {least} to {most} characters.");
        return Some(FieldError::new("key", "invalid", message));
    }
    if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        let message = "A key has visible ASCII characters only, without spaces.";
        return Some(FieldError::new("key", "invalid", message));
    }
    None
}

fn no_such_key(error: StoreError, id: ProviderKeyId) -> ArenaError {
    match error {
        StoreError::NotFound(_) => ArenaError::not_found("provider key", id),
        error => error.into(),
    }
}

fn name_taken(error: StoreError) -> ArenaError {
    match error {
        StoreError::Conflict(_) => ArenaError::Taken {
            field: "name",
            message: "You have a key of this name already; choose another name.".to_owned(),
        },
        error => error.into(),
    }
}

fn record(
    tx: &store::Transaction<'_>,
    user_id: UserId,
    action: &str,
    id: ProviderKeyId,
) -> Result<(), ArenaError> {
    let entry = NewEntry {
        user_id: Some(user_id),
        action,
        subject: &format!("provider_key/{id}"),
        details: json!({}),
    };
    Ok(store::audit::append(tx, &entry, Timestamp::now())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_never_gives_a_short_key_away() {
        assert_eq!(hint("sk-0123456789abcdef"), "cdef");
        assert_eq!(hint("shortkey"), "");
    }

    #[test]
    fn a_key_is_not_printed() {
        let new = NewProviderKey {
            name: "mine".to_owned(),
            provider: Provider::OpenAi,
            secret: "sk-0123456789abcdef".to_owned(),
        };
        assert!(!format!("{new:?}").contains("0123"));
    }
}
