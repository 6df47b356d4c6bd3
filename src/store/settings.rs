//! Values that the arena keeps for itself, as JSON by key.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use super::sql::Json;
use crate::domain::time::Timestamp;

/// The value under a key; none when nothing is stored there.
pub fn get<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    Ok(db
        .prepare_cached("SELECT value FROM settings WHERE key = :key")?
        .query_row(named_params! {":key": key}, |row| row.get::<_, Json<T>>(0))
        .optional()?
        .map(|json| json.0))
}

/// Stores a value under a key.
pub fn set<T: Serialize>(
    tx: &Transaction,
    key: &str,
    value: &T,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO settings (key, value, updated_at) VALUES (:key, :value, :now)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
    )?
    .execute(named_params! {":key": key, ":value": Json(value), ":now": now})?;
    Ok(())
}

/// Removes the value under a key. Says whether there was one.
pub fn delete(tx: &Transaction, key: &str) -> Result<bool, StoreError> {
    let changed = tx.execute(
        "DELETE FROM settings WHERE key = :key",
        named_params! {":key": key},
    )?;
    Ok(changed > 0)
}
