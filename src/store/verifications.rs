//! What the gate found about tasks. A task that failed is in no ranking: when that changes, the
//! suite's rankings are counted anew in the same transaction.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::sql::Json;
use super::{StoreError, leaderboard, tasks};
use crate::domain::ids::{SuiteId, TaskId};
use crate::domain::verification::{Verification, VerificationStatus};

/// Stores what was found, in place of what was found before.
pub fn put(tx: &Transaction, found: &Verification) -> Result<(), StoreError> {
    let task = tasks::by_id(tx, found.task_id)?.ok_or(StoreError::NotFound("task"))?;
    let was_left_out = is_left_out(tx, found.task_id)?;
    tx.prepare_cached(
        "INSERT INTO task_verifications (task_id, status, tallies, problems, verified_at)
         VALUES (:task, :status, :tallies, :problems, :at)
         ON CONFLICT (task_id) DO UPDATE SET
            status = excluded.status, tallies = excluded.tallies, problems = excluded.problems,
            verified_at = excluded.verified_at",
    )?
    .execute(named_params! {
        ":task": found.task_id,
        ":status": found.status,
        ":tallies": Json(&found.tallies),
        ":problems": Json(&found.problems),
        ":at": found.verified_at,
    })?;
    if was_left_out != (found.status == VerificationStatus::Failed) {
        leaderboard::rebuild(tx, task.suite_id)?;
    }
    Ok(())
}

/// What was found about a task revision; none when it was not verified yet.
pub fn of_task(db: &Connection, task_id: TaskId) -> Result<Option<Verification>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT task_id, status, tallies, problems, verified_at FROM task_verifications
             WHERE task_id = :task",
        )?
        .query_row(named_params! {":task": task_id}, read)
        .optional()?)
}

pub(super) const OF_SUITE: &str = "
    SELECT v.task_id, v.status, v.tallies, v.problems, v.verified_at, t.key
    FROM tasks t CROSS JOIN task_verifications v ON v.task_id = t.id
    WHERE t.suite_id = :suite AND t.active = 1 ORDER BY t.key, t.id";

/// What was found about the active tasks of a suite, with their keys, in order of key.
pub fn of_suite(
    db: &Connection,
    suite_id: SuiteId,
) -> Result<Vec<(String, Verification)>, StoreError> {
    let found = db
        .prepare_cached(OF_SUITE)?
        .query_map(named_params! {":suite": suite_id}, |row| {
            Ok((row.get("key")?, read(row)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(found)
}

/// Whether a task is in no ranking.
pub fn is_left_out(db: &Connection, task_id: TaskId) -> Result<bool, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM task_verifications
                            WHERE task_id = :task AND status = 'failed')",
        )?
        .query_row(named_params! {":task": task_id}, |row| row.get(0))?)
}

fn read(row: &Row) -> rusqlite::Result<Verification> {
    Ok(Verification {
        task_id: row.get("task_id")?,
        status: row.get("status")?,
        tallies: row.get::<_, Json<_>>("tallies")?.0,
        problems: row.get::<_, Json<_>>("problems")?.0,
        verified_at: row.get("verified_at")?,
    })
}
