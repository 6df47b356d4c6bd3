//! Idempotency keys: a repeated request gets the submission that the first one made.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::StoreError;
use super::error::conflict;
use crate::domain::ids::{SubmissionId, UserId};
use crate::domain::time::Timestamp;

/// What a key was used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// SHA-256 of the request that used it, lower-case hex: another request may not.
    pub request_hash: String,
    /// The submission that it made.
    pub submission_id: SubmissionId,
}

/// What a person's key was used for; none when it is fresh.
pub fn find(db: &Connection, user_id: UserId, key: &str) -> Result<Option<Remembered>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT request_hash, submission_id FROM idempotency_keys
             WHERE user_id = :user AND key = :key",
        )?
        .query_row(named_params! {":user": user_id, ":key": key}, |row| {
            Ok(Remembered {
                request_hash: row.get("request_hash")?,
                submission_id: row.get("submission_id")?,
            })
        })
        .optional()?)
}

/// Remembers what a key was used for. [`StoreError::Conflict`] names `idempotencyKey` when it
/// was used before.
pub fn insert(
    tx: &Transaction,
    user_id: UserId,
    key: &str,
    remembered: &Remembered,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO idempotency_keys (user_id, key, request_hash, submission_id, created_at)
         VALUES (:user, :key, :request_hash, :submission_id, :now)",
    )?
    .execute(named_params! {
        ":user": user_id,
        ":key": key,
        ":request_hash": remembered.request_hash,
        ":submission_id": remembered.submission_id,
        ":now": now,
    })
    .map_err(conflict(&[("idempotency_keys.key", "idempotencyKey")]))?;
    Ok(())
}

/// Forgets keys that were used before a point in time. How many.
pub fn delete_before(tx: &Transaction, before: Timestamp) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "DELETE FROM idempotency_keys WHERE created_at < :before",
        named_params! {":before": before},
    )?)
}
