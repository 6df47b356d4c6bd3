//! Keys of model providers: only ciphertext is ever stored or read here.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::StoreError;
use super::error::{conflict, found};
use crate::domain::agent::Provider;
use crate::domain::ids::{ProviderKeyId, UserId};
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

pub(super) const LIST: &str = "
    SELECT id, user_id, provider, name, hint, created_at FROM provider_keys
    WHERE user_id = :user ORDER BY name LIMIT 200";

/// A person's keys by name.
pub fn list(db: &Connection, user_id: UserId) -> Result<Vec<ProviderKey>, StoreError> {
    let keys = db
        .prepare_cached(LIST)?
        .query_map(named_params! {":user": user_id}, |row| {
            Ok(ProviderKey {
                id: row.get("id")?,
                user_id: row.get("user_id")?,
                provider: row.get("provider")?,
                name: row.get("name")?,
                hint: row.get("hint")?,
                created_at: row.get("created_at")?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(keys)
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
