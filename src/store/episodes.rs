//! Episodes and their append-only event log.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::sql::Json;
use crate::domain::event::Event;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::outcome::Outcome;
use crate::domain::submission::Episode;
use crate::domain::time::Timestamp;

/// Stores that an episode began.
pub fn start(
    tx: &Transaction,
    id: EpisodeId,
    submission_id: SubmissionId,
    attempt: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO episodes (id, submission_id, attempt, outcome, reason, steps, started_at, ended_at)
         VALUES (:id, :submission_id, :attempt, NULL, NULL, 0, :now, NULL)",
    )?
    .execute(named_params! {
        ":id": id, ":submission_id": submission_id, ":attempt": attempt, ":now": now,
    })?;
    Ok(())
}

/// Closes an episode. Says whether it was open.
pub fn close(
    tx: &Transaction,
    id: EpisodeId,
    outcome: Outcome,
    reason: &str,
    steps: u32,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE episodes SET outcome = :outcome, reason = :reason, steps = :steps, ended_at = :now
             WHERE id = :id AND ended_at IS NULL",
        )?
        .execute(named_params! {
            ":id": id, ":outcome": outcome, ":reason": reason, ":steps": steps, ":now": now,
        })?;
    Ok(changed > 0)
}

pub(super) const OPEN: &str = "
    SELECT id, submission_id, attempt, outcome, reason, steps, started_at, ended_at FROM episodes
    WHERE ended_at IS NULL ORDER BY id";

/// Every episode that is not closed: at start, those that a dead process left.
pub fn open(db: &Connection) -> Result<Vec<Episode>, StoreError> {
    let episodes = db
        .prepare_cached(OPEN)?
        .query_map([], read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(episodes)
}

pub(super) const LIST: &str = "
    SELECT id, submission_id, attempt, outcome, reason, steps, started_at, ended_at FROM episodes
    WHERE submission_id = :submission ORDER BY attempt";

/// A submission's episodes in order.
pub fn list(db: &Connection, submission_id: SubmissionId) -> Result<Vec<Episode>, StoreError> {
    let episodes = db
        .prepare_cached(LIST)?
        .query_map(named_params! {":submission": submission_id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(episodes)
}

/// One episode.
pub fn by_id(db: &Connection, id: EpisodeId) -> Result<Option<Episode>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, submission_id, attempt, outcome, reason, steps, started_at, ended_at FROM episodes
             WHERE id = :id",
        )?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// Appends events. Their numbers must go on from [`last_seq`].
pub fn append(tx: &Transaction, events: &[Event]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO events (submission_id, seq, episode_id, at, type, body)
         VALUES (:submission_id, :seq, :episode_id, :at, :type, :body)",
    )?;
    for event in events {
        insert.execute(named_params! {
            ":submission_id": event.submission_id,
            ":seq": event.seq,
            ":episode_id": event.episode_id,
            ":at": event.at,
            ":type": event.body.name(),
            ":body": Json(&event.body),
        })?;
    }
    Ok(())
}

/// The number of a submission's last event; 0 before the first.
pub fn last_seq(db: &Connection, submission_id: SubmissionId) -> Result<u32, StoreError> {
    Ok(db
        .prepare_cached("SELECT max(seq) FROM events WHERE submission_id = :submission")?
        .query_one(named_params! {":submission": submission_id}, |row| {
            row.get::<_, Option<u32>>(0)
        })?
        .unwrap_or(0))
}

pub(super) const EVENTS: &str = "
    SELECT submission_id, seq, episode_id, at, body FROM events
    WHERE submission_id = :submission AND seq > :after ORDER BY seq LIMIT :limit";

/// A submission's events after a number, in order, at most `limit` of them.
pub fn events(
    db: &Connection,
    submission_id: SubmissionId,
    after: u32,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let events = db
        .prepare_cached(EVENTS)?
        .query_map(
            named_params! {":submission": submission_id, ":after": after, ":limit": limit},
            |row| {
                Ok(Event {
                    submission_id: row.get("submission_id")?,
                    seq: row.get("seq")?,
                    episode_id: row.get("episode_id")?,
                    at: row.get("at")?,
                    body: row.get::<_, Json<_>>("body")?.0,
                })
            },
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(events)
}

/// Whether a submission's log names an artifact: who may see the submission may see that file.
pub fn names_artifact(
    db: &Connection,
    submission_id: SubmissionId,
    hash: &str,
) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT 1 FROM events, json_each(events.body) AS field
             WHERE events.submission_id = :submission AND field.type = 'text' AND field.value = :hash
             LIMIT 1",
        )?
        .query_row(
            named_params! {":submission": submission_id, ":hash": hash},
            |_| Ok(()),
        )
        .optional()?
        .is_some())
}

fn read(row: &Row) -> rusqlite::Result<Episode> {
    Ok(Episode {
        id: row.get("id")?,
        submission_id: row.get("submission_id")?,
        attempt: row.get("attempt")?,
        outcome: row.get("outcome")?,
        reason: row.get("reason")?,
        steps: row.get("steps")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
    })
}
