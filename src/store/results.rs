//! Verdicts, with the artifact that holds the evidence they were computed from.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::StoreError;
use super::sql::Json;
use crate::domain::event::ArtifactHash;
use crate::domain::ids::{EpisodeId, RowId, SubmissionId};
use crate::domain::time::Timestamp;
use crate::domain::verdict::Verdict;

/// What the evaluators said about one episode.
#[derive(Debug, Clone, PartialEq)]
pub struct EvaluationResult {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// What they said.
    pub verdict: Verdict,
    /// What they looked at; its row must be stored before.
    pub evidence: ArtifactHash,
    /// The episode's time from the first observation to the end.
    pub time_taken_ms: u64,
    /// When they said it.
    pub completed_at: Timestamp,
}

/// Stores a verdict.
pub fn insert(tx: &Transaction, result: &EvaluationResult) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO evaluation_results (id, submission_id, episode_id, status, score, time_taken_ms,
                                         verdict, evidence_hash, completed_at)
         VALUES (:id, :submission_id, :episode_id, :status, :score, :time_taken_ms,
                 :verdict, :evidence_hash, :completed_at)",
    )?
    .execute(named_params! {
        ":id": RowId::new(),
        ":submission_id": result.submission_id,
        ":episode_id": result.episode_id,
        ":status": result.verdict.status,
        ":score": result.verdict.value,
        ":time_taken_ms": result.time_taken_ms,
        ":verdict": Json(&result.verdict),
        ":evidence_hash": result.evidence,
        ":completed_at": result.completed_at,
    })?;
    Ok(())
}

/// A verdict as its text stands in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVerdict {
    /// The verdict as JSON, to the byte.
    pub text: String,
    /// The episode.
    pub episode_id: EpisodeId,
    /// What it was computed from.
    pub evidence: ArtifactHash,
    /// The episode's time from the first observation to the end.
    pub time_taken_ms: u64,
}

/// The newest verdict on a submission as its text stands.
pub fn text_of_submission(
    db: &Connection,
    submission_id: SubmissionId,
) -> Result<Option<StoredVerdict>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT episode_id, verdict, evidence_hash, time_taken_ms FROM evaluation_results
             WHERE submission_id = :submission ORDER BY completed_at DESC, id DESC LIMIT 1",
        )?
        .query_row(named_params! {":submission": submission_id}, |row| {
            Ok(StoredVerdict {
                text: row.get("verdict")?,
                episode_id: row.get("episode_id")?,
                evidence: row.get("evidence_hash")?,
                time_taken_ms: row.get("time_taken_ms")?,
            })
        })
        .optional()?)
}

pub(super) const JUDGED: &str = "
    SELECT DISTINCT submission_id FROM evaluation_results
    WHERE submission_id > :after ORDER BY submission_id LIMIT :limit";

/// Submissions that have a verdict, in order of id, after one of them.
pub fn submissions_after(
    db: &Connection,
    after: Option<SubmissionId>,
    limit: u32,
) -> Result<Vec<SubmissionId>, StoreError> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let ids = db
        .prepare_cached(JUDGED)?
        .query_map(named_params! {":after": after, ":limit": limit}, |row| {
            row.get(0)
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ids)
}

/// The newest verdict on a submission.
pub fn of_submission(
    db: &Connection,
    submission_id: SubmissionId,
) -> Result<Option<EvaluationResult>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT submission_id, episode_id, verdict, evidence_hash, time_taken_ms, completed_at
             FROM evaluation_results WHERE submission_id = :submission
             ORDER BY completed_at DESC, id DESC LIMIT 1",
        )?
        .query_row(named_params! {":submission": submission_id}, |row| {
            Ok(EvaluationResult {
                submission_id: row.get("submission_id")?,
                episode_id: row.get("episode_id")?,
                verdict: row.get::<_, Json<_>>("verdict")?.0,
                evidence: row.get("evidence_hash")?,
                time_taken_ms: row.get("time_taken_ms")?,
                completed_at: row.get("completed_at")?,
            })
        })
        .optional()?)
}
