//! The rows of background work. Knows kinds and subjects as text only.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::error::conflict;
use super::sql::Json;
use crate::domain::ids::{JobId, UserId};
use crate::domain::time::Timestamp;

/// A unit of background work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: JobId,
    /// Which handler runs it.
    pub kind: String,
    /// What it is about, e.g. a submission's id. One job per kind and subject.
    pub subject_id: String,
    /// Whose turn it takes; none: the arena's own.
    pub user_id: Option<UserId>,
    /// Higher goes first among one person's jobs.
    pub priority: i32,
    /// How many times it was claimed; a claim that was released is not counted.
    pub attempts: u32,
}

/// A job to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob<'a> {
    /// Which handler runs it.
    pub kind: &'a str,
    /// What it is about. One job per kind and subject.
    pub subject_id: &'a str,
    /// Whose turn it takes; none: the arena's own.
    pub user_id: Option<UserId>,
    /// Higher goes first among one person's jobs.
    pub priority: i32,
    /// Not before this time.
    pub run_after: Timestamp,
}

/// How full the queue is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// Waiting.
    pub queued: u64,
    /// Claimed.
    pub running: u64,
    /// When the oldest waiting job was stored.
    pub oldest_queued_at: Option<Timestamp>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStatus {
    /// The work is done.
    Done,
    /// The work cannot be done.
    Failed,
    /// Nobody wants it done any more.
    Cancelled,
}

impl JobStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Stores a job. [`StoreError::Conflict`] names `subject` when one of that kind has it.
pub fn enqueue(tx: &Transaction, job: &NewJob, now: Timestamp) -> Result<JobId, StoreError> {
    let id = JobId::new();
    tx.prepare_cached(
        "INSERT INTO jobs (id, kind, subject_id, user_id, priority, status, run_after, created_at)
         VALUES (:id, :kind, :subject, :user, :priority, 'queued', :run_after, :now)",
    )?
    .execute(named_params! {
        ":id": id,
        ":kind": job.kind,
        ":subject": job.subject_id,
        ":user": job.user_id,
        ":priority": job.priority,
        ":run_after": job.run_after,
        ":now": now,
    })
    .map_err(conflict(&[("jobs.subject_id", "subject")]))?;
    Ok(id)
}

// Whose turn it is: among those with a job that may run, the one with the fewest jobs running,
// then the one who waited longest since a job of theirs was started.
pub(super) const NEXT: &str = "
    WITH waiting AS (
        SELECT DISTINCT user_id FROM jobs
        WHERE status = 'queued' AND run_after <= :now
          AND kind IN (SELECT value FROM json_each(:kinds))
    ), turn AS (
        SELECT user_id FROM waiting
        ORDER BY (SELECT count(*) FROM jobs r WHERE r.user_id IS waiting.user_id AND r.status = 'running'),
                 coalesce((SELECT max(l.started_at) FROM jobs l WHERE l.user_id IS waiting.user_id), 0)
        LIMIT 1
    )
    SELECT j.id FROM turn CROSS JOIN jobs j ON j.user_id IS turn.user_id
    WHERE j.status = 'queued' AND j.run_after <= :now
      AND j.kind IN (SELECT value FROM json_each(:kinds))
    ORDER BY j.priority DESC, j.created_at, j.id LIMIT 1";

/// Claims one job that may run now, of the given kinds: fair between people, then by priority,
/// then by age. None when nothing may run.
pub fn claim(
    tx: &Transaction,
    owner: &str,
    kinds: &[&str],
    lease_until: Timestamp,
    now: Timestamp,
) -> Result<Option<Job>, StoreError> {
    let next: Option<JobId> = tx
        .prepare_cached(NEXT)?
        .query_row(named_params! {":now": now, ":kinds": Json(kinds)}, |row| {
            row.get(0)
        })
        .optional()?;
    let Some(id) = next else { return Ok(None) };
    Ok(tx
        .prepare_cached(
            "UPDATE jobs SET status = 'running', claimed_by = :owner, lease_until = :lease,
                    attempts = attempts + 1, started_at = :now
             WHERE id = :id
             RETURNING id, kind, subject_id, user_id, priority, attempts",
        )?
        .query_row(
            named_params! {":id": id, ":owner": owner, ":lease": lease_until, ":now": now},
            read,
        )
        .optional()?)
}

/// Prolongs the leases of everything that an owner has claimed. How many.
pub fn renew_leases(
    tx: &Transaction,
    owner: &str,
    lease_until: Timestamp,
) -> Result<usize, StoreError> {
    Ok(tx
        .prepare_cached(
            "UPDATE jobs SET lease_until = :lease WHERE status = 'running' AND claimed_by = :owner",
        )?
        .execute(named_params! {":owner": owner, ":lease": lease_until})?)
}

/// Ends a job that has not ended. Says whether it did.
pub fn finish(
    tx: &Transaction,
    id: JobId,
    status: JobStatus,
    error: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE jobs SET status = :status, last_error = coalesce(:error, last_error),
                    claimed_by = NULL, lease_until = NULL, ended_at = :now
             WHERE id = :id AND status IN ('queued', 'running')",
        )?
        .execute(named_params! {
            ":id": id, ":status": status.as_str(), ":error": error, ":now": now,
        })?;
    Ok(changed > 0)
}

/// Ends the job about a subject, if it has not ended: for cancelling from outside. Says
/// whether it did.
pub fn finish_subject(
    tx: &Transaction,
    kind: &str,
    subject_id: &str,
    status: JobStatus,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE jobs SET status = :status, claimed_by = NULL, lease_until = NULL, ended_at = :now
             WHERE kind = :kind AND subject_id = :subject AND status IN ('queued', 'running')",
        )?
        .execute(named_params! {
            ":kind": kind, ":subject": subject_id, ":status": status.as_str(), ":now": now,
        })?;
    Ok(changed > 0)
}

/// Puts a claimed job back to run again after a fault; the attempt counts. Says whether it was
/// claimed.
pub fn requeue(
    tx: &Transaction,
    id: JobId,
    run_after: Timestamp,
    error: &str,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE jobs SET status = 'queued', run_after = :run_after, last_error = :error,
                    claimed_by = NULL, lease_until = NULL
             WHERE id = :id AND status = 'running'",
        )?
        .execute(named_params! {":id": id, ":run_after": run_after, ":error": error})?;
    Ok(changed > 0)
}

/// Puts a claimed job back for whoever comes next, as if it had not been claimed. Says whether
/// it was claimed.
pub fn release(tx: &Transaction, id: JobId) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE jobs SET status = 'queued', attempts = attempts - 1,
                    claimed_by = NULL, lease_until = NULL
             WHERE id = :id AND status = 'running'",
        )?
        .execute(named_params! {":id": id})?;
    Ok(changed > 0)
}

/// Puts back every job that someone other than `owner` has claimed: one process owns a data
/// directory, so that someone is dead. The attempts do not count. Returns what was put back.
pub fn recover(tx: &Transaction, owner: &str) -> Result<Vec<Job>, StoreError> {
    let jobs = tx
        .prepare(
            "UPDATE jobs SET status = 'queued', attempts = attempts - 1, claimed_by = NULL,
                    lease_until = NULL, last_error = 'interrupted: the process that ran it ended'
             WHERE status = 'running' AND claimed_by IS NOT :owner
             RETURNING id, kind, subject_id, user_id, priority, attempts",
        )?
        .query_map(named_params! {":owner": owner}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(jobs)
}

pub(super) const COUNTS: &str = "
    SELECT (SELECT count(*) FROM jobs WHERE status = 'queued'),
           (SELECT count(*) FROM jobs WHERE status = 'running'),
           (SELECT min(created_at) FROM jobs INDEXED BY jobs_queue WHERE status = 'queued')";

/// How full the queue is.
pub fn counts(db: &Connection) -> Result<QueueCounts, StoreError> {
    Ok(db.prepare_cached(COUNTS)?.query_one([], |row| {
        Ok(QueueCounts {
            queued: row.get(0)?,
            running: row.get(1)?,
            oldest_queued_at: row.get(2)?,
        })
    })?)
}

/// When the next waiting job may run; none when none waits. It may lie in the past.
pub fn next_due(db: &Connection) -> Result<Option<Timestamp>, StoreError> {
    Ok(db
        .prepare_cached("SELECT min(run_after) FROM jobs WHERE status = 'queued'")?
        .query_one([], |row| row.get(0))?)
}

/// When the first waiting job that may not run yet may run; none when there is no such job.
pub fn next_due_after(db: &Connection, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT min(run_after) FROM jobs WHERE status = 'queued' AND run_after > :now",
        )?
        .query_one(named_params! {":now": now}, |row| row.get(0))?)
}

/// The job about a subject and whether it is waiting, running or over.
pub fn status_of(
    db: &Connection,
    kind: &str,
    subject_id: &str,
) -> Result<Option<(Job, String)>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, kind, subject_id, user_id, priority, attempts, status FROM jobs
             WHERE kind = :kind AND subject_id = :subject",
        )?
        .query_row(
            named_params! {":kind": kind, ":subject": subject_id},
            |row| Ok((read(row)?, row.get("status")?)),
        )
        .optional()?)
}

fn read(row: &Row) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject_id: row.get("subject_id")?,
        user_id: row.get("user_id")?,
        priority: row.get("priority")?,
        attempts: row.get("attempts")?,
    })
}
