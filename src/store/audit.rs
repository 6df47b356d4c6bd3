//! The audit log: append-only, each row carrying a hash over itself and the row before, so
//! that a change or a gap shows.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde_json::Value;

use super::StoreError;
use super::artifacts::sha256_hex;
use super::sql::surplus;
use crate::domain::ids::UserId;
use crate::domain::page::{Cursor, InvalidCursor, Page, PageRequest};
use crate::domain::time::Timestamp;

/// Something that someone did.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry<'a> {
    /// Who; none: the arena itself, or someone unknown.
    pub user_id: Option<UserId>,
    /// What, e.g. `user.sign_in`.
    pub action: &'a str,
    /// To what, e.g. `user/019a...`.
    pub subject: &'a str,
    /// More, for people who investigate. Never a secret.
    pub details: Value,
}

/// One row of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who; none: the arena itself, or someone unknown.
    pub user_id: Option<UserId>,
    /// What.
    pub action: String,
    /// To what.
    pub subject: String,
    /// More, as the JSON text that was hashed.
    pub details: String,
    /// Hash of the row before; empty for the first.
    pub previous_hash: String,
    /// SHA-256 over everything above.
    pub hash: String,
}

impl AuditEntry {
    /// The hash that the row's content gives. The hashed text is a JSON array of all columns
    /// in order, so that no two different rows have the same text.
    fn computed_hash(&self) -> String {
        let text = serde_json::json!([
            self.seq,
            self.at.0,
            self.user_id.map(|id| id.to_string()),
            self.action,
            self.subject,
            self.details,
            self.previous_hash,
        ]);
        sha256_hex(text.to_string().as_bytes())
    }
}

/// What checking the whole log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainCheck {
    /// Every row is as it was written and none is missing in between.
    Sound {
        /// How many rows.
        entries: u64,
        /// The last row's hash; empty for an empty log. Kept elsewhere, it shows when the end
        /// was cut off.
        last_hash: String,
    },
    /// A row was changed, or one before it is missing.
    Broken {
        /// The first row that does not fit.
        seq: u64,
    },
}

/// Appends a row. Must be part of the transaction that does what it tells of.
pub fn append(tx: &Transaction, entry: &NewEntry, now: Timestamp) -> Result<(), StoreError> {
    let last: Option<(u64, String)> = tx
        .prepare_cached("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (last_seq, previous_hash) = last.unwrap_or_default();
    let mut row = AuditEntry {
        seq: last_seq + 1,
        at: now,
        user_id: entry.user_id,
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        details: entry.details.to_string(),
        previous_hash,
        hash: String::new(),
    };
    row.hash = row.computed_hash();
    tx.prepare_cached(
        "INSERT INTO audit_log (seq, at, user_id, action, subject, details, previous_hash, hash)
         VALUES (:seq, :at, :user, :action, :subject, :details, :previous_hash, :hash)",
    )?
    .execute(named_params! {
        ":seq": row.seq,
        ":at": row.at,
        ":user": row.user_id,
        ":action": row.action,
        ":subject": row.subject,
        ":details": row.details,
        ":previous_hash": row.previous_hash,
        ":hash": row.hash,
    })?;
    Ok(())
}

pub(super) const LIST: &str = "
    SELECT seq, at, user_id, action, subject, details, previous_hash, hash FROM audit_log
    WHERE seq < :before ORDER BY seq DESC LIMIT :limit";

/// The log, newest first.
pub fn list(db: &Connection, page: &PageRequest) -> Result<Page<AuditEntry>, StoreError> {
    let before = match &page.after {
        None => i64::MAX,
        Some(Cursor::Rank { rank, .. }) => i64::from(*rank),
        Some(_) => return Err(InvalidCursor.into()),
    };
    let rows = db
        .prepare_cached(LIST)?
        .query_map(
            named_params! {":before": before, ":limit": surplus(page)},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, |row| Cursor::Rank {
        rank: u32::try_from(row.seq).unwrap_or(u32::MAX),
        id: uuid::Uuid::nil(),
    }))
}

/// Checks the whole log, row by row.
pub fn verify(db: &Connection) -> Result<ChainCheck, StoreError> {
    let mut statement = db.prepare(
        "SELECT seq, at, user_id, action, subject, details, previous_hash, hash FROM audit_log
         ORDER BY seq",
    )?;
    let mut entries = 0;
    let mut last_hash = String::new();
    for row in statement.query_map([], read)? {
        let row = row?;
        let follows = row.seq == entries + 1 && row.previous_hash == last_hash;
        if !follows || row.computed_hash() != row.hash {
            return Ok(ChainCheck::Broken { seq: row.seq });
        }
        entries = row.seq;
        last_hash = row.hash;
    }
    Ok(ChainCheck::Sound { entries, last_hash })
}

fn read(row: &Row) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        seq: row.get("seq")?,
        at: row.get("at")?,
        user_id: row.get("user_id")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        details: row.get("details")?,
        previous_hash: row.get("previous_hash")?,
        hash: row.get("hash")?,
    })
}
