//! Keys of model providers: only ciphertext is ever stored or read here.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::error::{conflict, found};
use crate::domain::agent::Provider;
use crate::domain::ids::{AgentId, ProviderKeyId, UserId};
use crate::domain::time::Timestamp;

/// A stored key, without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderKey {
    /// Id.
    pub id: ProviderKeyId,
    /// Whose it is.
    pub user_id: UserId,
    /// Which interface it is for.
    pub provider: Provider,
    /// Unique among the owner's keys, without regard to case.
    pub name: String,
    /// Its last four characters, for recognition.
    pub hint: String,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When the secret was last replaced; none: never.
    pub rotated_at: Option<Timestamp>,
}

/// Stores a key. [`StoreError::Conflict`] names `name` when the owner has one of that name.
pub fn insert(tx: &Transaction, key: &ProviderKey, ciphertext: &[u8]) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO provider_keys (id, user_id, provider, name, ciphertext, hint, created_at)
         VALUES (:id, :user_id, :provider, :name, :ciphertext, :hint, :created_at)",
        named_params! {
            ":id": key.id,
            ":user_id": key.user_id,
            ":provider": key.provider,
            ":name": key.name,
            ":ciphertext": ciphertext,
            ":hint": key.hint,
            ":created_at": key.created_at,
        },
    )
    .map_err(conflict(&[("provider_keys.name", "name")]))?;
    Ok(())
}

/// The columns of a key without the key.
macro_rules! select_key {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, provider, name, hint, created_at, rotated_at FROM provider_keys
             WHERE user_id = :user ",
            $rest
        )
    };
}

pub(super) const LIST: &str = select_key!("ORDER BY name LIMIT 200");

/// A person's keys by name.
pub fn list(db: &Connection, user_id: UserId) -> Result<Vec<ProviderKey>, StoreError> {
    let keys = db
        .prepare_cached(LIST)?
        .query_map(named_params! {":user": user_id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(keys)
}

/// One of a person's keys; none when that person has no such key.
pub fn by_id(
    db: &Connection,
    user_id: UserId,
    id: ProviderKeyId,
) -> Result<Option<ProviderKey>, StoreError> {
    Ok(db
        .prepare_cached(select_key!("AND id = :id"))?
        .query_row(named_params! {":user": user_id, ":id": id}, read)
        .optional()?)
}

fn read(row: &Row) -> rusqlite::Result<ProviderKey> {
    Ok(ProviderKey {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        provider: row.get("provider")?,
        name: row.get("name")?,
        hint: row.get("hint")?,
        created_at: row.get("created_at")?,
        rotated_at: row.get("rotated_at")?,
    })
}

/// Puts another secret in the place of a key's: agents that use the key go on with it.
pub fn rotate(
    tx: &Transaction,
    user_id: UserId,
    id: ProviderKeyId,
    ciphertext: &[u8],
    hint: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE provider_keys SET ciphertext = :ciphertext, hint = :hint, rotated_at = :now
         WHERE id = :id AND user_id = :user",
        named_params! {
            ":ciphertext": ciphertext, ":hint": hint, ":now": now, ":id": id, ":user": user_id,
        },
    )?;
    found(changed, "provider key")
}

pub(super) const AGENTS: &str = "
    SELECT a.id, a.name FROM agents a
    JOIN agent_revisions r ON r.agent_id = a.id AND r.number = a.revision
    WHERE a.user_id = :user AND a.deleted_at IS NULL
      AND json_extract(r.config, '$.providerKeyId') = :id
    ORDER BY a.created_at DESC, a.id DESC LIMIT 1000";

/// The person's agents in use whose newest revision uses a key: id and name, newest first.
pub fn agents(
    db: &Connection,
    user_id: UserId,
    id: ProviderKeyId,
) -> Result<Vec<(AgentId, String)>, StoreError> {
    let agents = db
        .prepare_cached(AGENTS)?
        .query_map(named_params! {":user": user_id, ":id": id}, |row| {
            Ok((row.get("id")?, row.get("name")?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(agents)
}

/// The ciphertext of a person's key; none when that person has no such key.
pub fn ciphertext(
    db: &Connection,
    user_id: UserId,
    id: ProviderKeyId,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(db
        .prepare_cached("SELECT ciphertext FROM provider_keys WHERE id = :id AND user_id = :user")?
        .query_row(named_params! {":id": id, ":user": user_id}, |row| {
            row.get(0)
        })
        .optional()?)
}

/// Which interface a person's key is for; none when that person has no such key.
pub fn provider(
    db: &Connection,
    user_id: UserId,
    id: ProviderKeyId,
) -> Result<Option<Provider>, StoreError> {
    Ok(db
        .prepare_cached("SELECT provider FROM provider_keys WHERE id = :id AND user_id = :user")?
        .query_row(named_params! {":id": id, ":user": user_id}, |row| {
            row.get(0)
        })
        .optional()?)
}

/// Removes a person's key.
pub fn delete(tx: &Transaction, user_id: UserId, id: ProviderKeyId) -> Result<(), StoreError> {
    let changed = tx.execute(
        "DELETE FROM provider_keys WHERE id = :id AND user_id = :user",
        named_params! {":id": id, ":user": user_id},
    )?;
    found(changed, "provider key")
}
