//! Refresh tokens: stored hashed, one family per sign-in, rotated on every use.

use rusqlite::{OptionalExtension, Transaction, named_params};

use super::StoreError;
use crate::domain::ids::{RowId, TokenFamilyId, UserId};
use crate::domain::time::Timestamp;

/// A refresh token as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// Whose it is.
    pub user_id: UserId,
    /// The sign-in that it comes from.
    pub family_id: TokenFamilyId,
    /// SHA-256 of the token, lower-case hex.
    pub token_hash: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it stops being accepted.
    pub expires_at: Timestamp,
}

/// What came of presenting a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// Accepted and replaced by the new one.
    Rotated {
        /// Whose it is.
        user_id: UserId,
        /// The family, which goes on.
        family_id: TokenFamilyId,
    },
    /// Exchanged a moment ago, by a request that was sent at the same time: nothing is changed.
    Raced {
        /// Whose it is.
        user_id: UserId,
        /// The family, which goes on.
        family_id: TokenFamilyId,
    },
    /// Nobody was ever given this token.
    Unknown,
    /// Expired, or its family was revoked (signed out).
    Ended,
    /// It was used before: someone else has a copy. The whole family is revoked now.
    Reused {
        /// Whose it is.
        user_id: UserId,
        /// The family that was revoked.
        family_id: TokenFamilyId,
    },
}

impl Rotation {
    /// Whose token it is, when that is known and the family goes on.
    pub const fn user_id(&self) -> Option<UserId> {
        match self {
            Self::Rotated { user_id, .. } | Self::Raced { user_id, .. } => Some(*user_id),
            Self::Unknown | Self::Ended | Self::Reused { .. } => None,
        }
    }
}

/// Stores the first token of a family.
pub fn insert(tx: &Transaction, token: &RefreshToken) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, expires_at, used_at, revoked_at)
         VALUES (:id, :user_id, :family_id, :token_hash, :created_at, :expires_at, NULL, NULL)",
    )?
    .execute(named_params! {
        ":id": RowId::new(),
        ":user_id": token.user_id,
        ":family_id": token.family_id,
        ":token_hash": token.token_hash,
        ":created_at": token.created_at,
        ":expires_at": token.expires_at,
    })?;
    Ok(())
}

/// Exchanges a token for a new one of the same family. A token that was exchanged before
/// revokes its family: either the owner or a thief holds a copy, and nobody can tell which.
/// Within `race_ms` of the exchange it does not, for callers that cannot help sending a token
/// twice at once; 0: always.
pub fn rotate(
    tx: &Transaction,
    presented_hash: &str,
    new_hash: &str,
    new_expires_at: Timestamp,
    race_ms: i64,
    now: Timestamp,
) -> Result<Rotation, StoreError> {
    let found = tx
        .prepare_cached(
            "SELECT id, user_id, family_id, expires_at, used_at, revoked_at FROM refresh_tokens
             WHERE token_hash = :hash",
        )?
        .query_row(named_params! {":hash": presented_hash}, |row| {
            Ok((
                row.get::<_, RowId>("id")?,
                row.get::<_, UserId>("user_id")?,
                row.get::<_, TokenFamilyId>("family_id")?,
                row.get::<_, Timestamp>("expires_at")?,
                row.get::<_, Option<Timestamp>>("used_at")?,
                row.get::<_, Option<Timestamp>>("revoked_at")?,
            ))
        })
        .optional()?;
    let Some((id, user_id, family_id, expires_at, used_at, revoked_at)) = found else {
        return Ok(Rotation::Unknown);
    };
    if revoked_at.is_some() || expires_at <= now {
        return Ok(Rotation::Ended);
    }
    if let Some(used_at) = used_at {
        if now.ms_since(used_at) < race_ms {
            return Ok(Rotation::Raced { user_id, family_id });
        }
        revoke_family(tx, family_id, now)?;
        return Ok(Rotation::Reused { user_id, family_id });
    }
    tx.prepare_cached("UPDATE refresh_tokens SET used_at = :now WHERE id = :id")?
        .execute(named_params! {":id": id, ":now": now})?;
    insert(
        tx,
        &RefreshToken {
            user_id,
            family_id,
            token_hash: new_hash.to_owned(),
            created_at: now,
            expires_at: new_expires_at,
        },
    )?;
    Ok(Rotation::Rotated { user_id, family_id })
}

/// The family and owner of a token, whatever its state.
pub fn family_of(
    tx: &Transaction,
    token_hash: &str,
) -> Result<Option<(UserId, TokenFamilyId)>, StoreError> {
    Ok(tx
        .prepare_cached("SELECT user_id, family_id FROM refresh_tokens WHERE token_hash = :hash")?
        .query_row(named_params! {":hash": token_hash}, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?)
}

/// Whether a family has a token that is neither revoked nor expired: whether that sign-in lasts.
pub fn is_family_alive(
    db: &rusqlite::Connection,
    family_id: TokenFamilyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM refresh_tokens
             WHERE family_id = :family AND revoked_at IS NULL AND used_at IS NULL AND expires_at > :now)",
        )?
        .query_one(named_params! {":family": family_id, ":now": now}, |row| {
            row.get(0)
        })?)
}

/// Ends one sign-in. How many tokens were revoked.
pub fn revoke_family(
    tx: &Transaction,
    family_id: TokenFamilyId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE refresh_tokens SET revoked_at = :now
             WHERE family_id = :family AND revoked_at IS NULL",
        )?
        .execute(named_params! {":family": family_id, ":now": now})?)
}

/// Ends every sign-in of a person, but for one family when given. How many tokens were revoked.
pub fn revoke_user(
    tx: &Transaction,
    user_id: UserId,
    keep: Option<TokenFamilyId>,
    now: Timestamp,
) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "UPDATE refresh_tokens SET revoked_at = :now
         WHERE user_id = :user AND revoked_at IS NULL AND family_id IS NOT :keep",
        named_params! {":user": user_id, ":keep": keep, ":now": now},
    )?)
}

/// Removes tokens that expired before a point in time. How many.
pub fn delete_expired(tx: &Transaction, before: Timestamp) -> Result<usize, StoreError> {
    Ok(tx.execute(
        "DELETE FROM refresh_tokens WHERE expires_at < :before",
        named_params! {":before": before},
    )?)
}
