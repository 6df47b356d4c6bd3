//! Submissions: their rows, their states, and the lists that show them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::sql::{before, surplus};
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{AgentId, SubmissionId, SuiteId, TaskId, UserId};
use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::submission::{Ended, Submission, SubmissionView};
use crate::domain::time::Timestamp;

/// Which submissions are wanted; what is none does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SubmissionFilter {
    /// Of one person.
    pub user_id: Option<UserId>,
    /// In one state.
    pub status: Option<SubmissionStatus>,
    /// That ended in one way.
    pub outcome: Option<Outcome>,
    /// Of one agent, over all its revisions.
    pub agent_id: Option<AgentId>,
    /// Of one task revision.
    pub task_id: Option<TaskId>,
    /// In one suite.
    pub suite_id: Option<SuiteId>,
    /// Scored at least so.
    pub min_score: Option<f64>,
    /// Scored at most so.
    pub max_score: Option<f64>,
}

/// How many submissions stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StatusCounts {
    /// Accepted, waiting.
    pub queued: u64,
    /// Under way.
    pub running: u64,
    /// Scored.
    pub completed: u64,
    /// Could not be scored.
    pub failed: u64,
    /// Stopped.
    pub cancelled: u64,
}

macro_rules! select_view {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.user_id, s.agent_id, s.agent_revision_id, s.task_id, s.suite_id,
                    s.experiment_id, s.seed, s.call_budget_microusd, s.episode_budget_microusd,
                    s.submission_budget_microusd, s.playground, s.status, s.outcome, s.agent_error, s.score, s.reason,
                    s.steps, s.duration_ms, s.input_tokens, s.output_tokens, s.model_calls,
                    s.cost_microusd, s.attempts, s.created_at, s.started_at, s.ended_at,
                    u.username, a.name AS agent_name, json_extract(r.config, '$.kind') AS agent_kind,
                    r.number AS agent_revision, t.key AS task_key, t.revision AS task_revision,
                    t.title AS task_title, t.difficulty, e.name AS suite_name, e.version AS suite_version
             FROM submissions s
             CROSS JOIN users u ON u.id = s.user_id
             CROSS JOIN agents a ON a.id = s.agent_id
             CROSS JOIN agent_revisions r ON r.id = s.agent_revision_id
             CROSS JOIN tasks t ON t.id = s.task_id
             CROSS JOIN suites e ON e.id = s.suite_id ",
            $rest
        )
    };
}

// Each list is led by the index of its first condition; what else narrows it is checked on
// the rows that the index yields in order. The unary plus keeps a condition off the index.
macro_rules! list {
    ($lead:literal) => {
        concat!(
            select_view!("WHERE "),
            $lead,
            "(s.created_at, s.id) < (:at, :id)
             AND (:user IS NULL OR +s.user_id = :user)
             AND (:status IS NULL OR +s.status = :status)
             AND (:agent IS NULL OR +s.agent_id = :agent)
             AND (:task IS NULL OR +s.task_id = :task)
             AND (:suite IS NULL OR +s.suite_id = :suite)
             AND (:outcome IS NULL OR s.outcome = :outcome)
             AND (:min_score IS NULL OR s.score >= :min_score)
             AND (:max_score IS NULL OR s.score <= :max_score)
             ORDER BY s.created_at DESC, s.id DESC LIMIT :limit"
        )
    };
}

pub(super) const LIST: &str = list!("");
pub(super) const LIST_OF_USER: &str = list!("s.user_id = :user AND ");
pub(super) const LIST_OF_USER_BY_STATUS: &str =
    list!("s.user_id = :user AND s.status = :status AND ");
pub(super) const LIST_OF_AGENT: &str = list!("s.agent_id = :agent AND ");
pub(super) const LIST_OF_TASK: &str = list!("s.task_id = :task AND ");

/// Submissions with the names beside them, newest first, in one query.
pub fn list(
    db: &Connection,
    filter: &SubmissionFilter,
    page: &PageRequest,
) -> Result<Page<SubmissionView>, StoreError> {
    let (at, id) = before(page)?;
    let sql = match filter {
        SubmissionFilter {
            task_id: Some(_), ..
        } => LIST_OF_TASK,
        SubmissionFilter {
            agent_id: Some(_), ..
        } => LIST_OF_AGENT,
        SubmissionFilter {
            user_id: Some(_),
            status: Some(_),
            ..
        } => LIST_OF_USER_BY_STATUS,
        SubmissionFilter {
            user_id: Some(_), ..
        } => LIST_OF_USER,
        _ => LIST,
    };
    let rows = db
        .prepare_cached(sql)?
        .query_map(
            named_params! {
                ":at": at, ":id": id, ":limit": surplus(page),
                ":user": filter.user_id, ":status": filter.status, ":agent": filter.agent_id,
                ":task": filter.task_id, ":suite": filter.suite_id, ":outcome": filter.outcome,
                ":min_score": filter.min_score, ":max_score": filter.max_score,
            },
            read_view,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, |view| Cursor::Time {
        at: view.submission.created_at,
        id: view.submission.id.0,
    }))
}

/// Stores a new submission.
pub fn insert(tx: &Transaction, submission: &Submission) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO submissions (id, user_id, agent_id, agent_revision_id, task_id, suite_id,
                                  experiment_id, seed, call_budget_microusd, episode_budget_microusd,
                                  submission_budget_microusd, playground, status, created_at)
         VALUES (:id, :user_id, :agent_id, :agent_revision_id, :task_id, :suite_id,
                 :experiment_id, :seed, :call_budget, :episode_budget,
                 :submission_budget, :playground, :status, :created_at)",
    )?
    .execute(named_params! {
        ":id": submission.id,
        ":user_id": submission.user_id,
        ":agent_id": submission.agent_id,
        ":agent_revision_id": submission.agent_revision_id,
        ":task_id": submission.task_id,
        ":suite_id": submission.suite_id,
        ":experiment_id": submission.experiment_id,
        ":seed": submission.seed,
        ":call_budget": submission.budget.call_microusd,
        ":episode_budget": submission.budget.episode_microusd,
        ":submission_budget": submission.budget.submission_microusd,
        ":playground": submission.playground,
        ":status": submission.status,
        ":created_at": submission.created_at,
    })?;
    Ok(())
}

/// The submission with an id.
pub fn by_id(db: &Connection, id: SubmissionId) -> Result<Option<Submission>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, user_id, agent_id, agent_revision_id, task_id, suite_id, experiment_id, seed,
                    call_budget_microusd, episode_budget_microusd, submission_budget_microusd, playground, status, outcome, agent_error, score, reason, steps, duration_ms, input_tokens,
                    output_tokens, model_calls, cost_microusd, attempts, created_at, started_at, ended_at
             FROM submissions WHERE id = :id",
        )?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// The submission with an id and the names beside it.
pub fn view(db: &Connection, id: SubmissionId) -> Result<Option<SubmissionView>, StoreError> {
    Ok(db
        .prepare_cached(select_view!("WHERE s.id = :id"))?
        .query_row(named_params! {":id": id}, read_view)
        .optional()?)
}

pub(super) const COUNTS: &str = "SELECT status, count(*) FROM submissions GROUP BY status";
pub(super) const COUNTS_OF_USER: &str =
    "SELECT status, count(*) FROM submissions WHERE user_id = :user GROUP BY status";

/// How many submissions stand where: of one person, or of all.
pub fn counts(db: &Connection, user_id: Option<UserId>) -> Result<StatusCounts, StoreError> {
    let read = |row: &Row| Ok((row.get(0)?, row.get(1)?));
    let rows: Vec<(SubmissionStatus, u64)> = match user_id {
        Some(user) => db
            .prepare_cached(COUNTS_OF_USER)?
            .query_map(named_params! {":user": user}, read)?
            .collect::<Result<_, _>>()?,
        None => db
            .prepare_cached(COUNTS)?
            .query_map([], read)?
            .collect::<Result<_, _>>()?,
    };
    let mut counts = StatusCounts::default();
    for (status, count) in rows {
        match status {
            SubmissionStatus::Queued => counts.queued = count,
            SubmissionStatus::Running => counts.running = count,
            SubmissionStatus::Completed => counts.completed = count,
            SubmissionStatus::Failed => counts.failed = count,
            SubmissionStatus::Cancelled => counts.cancelled = count,
        }
    }
    Ok(counts)
}

/// What a person's submissions of a time came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Ended with a score.
    pub scored: u64,
    /// Of them, passed.
    pub passed: u64,
    /// Ended without a score.
    pub unscored: u64,
    /// Sum of the known costs, in millionths of a dollar.
    pub cost_microusd: u64,
    /// Ended after calls to models whose cost is unknown.
    pub unpriced: u64,
}

pub(super) const TOTALS: &str = "
    SELECT count(*) FILTER (WHERE status = 'completed') AS scored,
           count(*) FILTER (WHERE outcome = 'passed') AS passed,
           count(*) FILTER (WHERE status IN ('failed', 'cancelled')) AS unscored,
           coalesce(sum(min(cost_microusd, 1000000000000000)), 0) AS cost_microusd,
           count(*) FILTER (WHERE ended_at IS NOT NULL AND model_calls > 0 AND cost_microusd IS NULL)
               AS unpriced
    FROM submissions WHERE user_id = :user AND created_at >= :since";

/// What a person's submissions since a time came to.
pub fn totals(db: &Connection, user_id: UserId, since: Timestamp) -> Result<Totals, StoreError> {
    Ok(db.prepare_cached(TOTALS)?.query_one(
        named_params! {":user": user_id, ":since": since},
        |row| {
            Ok(Totals {
                scored: row.get("scored")?,
                passed: row.get("passed")?,
                unscored: row.get("unscored")?,
                cost_microusd: row.get("cost_microusd")?,
                unpriced: row.get("unpriced")?,
            })
        },
    )?)
}

/// Marks a waiting submission as running and counts the attempt. Returns the attempt, from 1.
/// [`StoreError::WrongState`] when it is not waiting, e.g. cancelled meanwhile.
pub fn mark_running(tx: &Transaction, id: SubmissionId, now: Timestamp) -> Result<u32, StoreError> {
    tx.prepare_cached(
        "UPDATE submissions SET status = 'running', attempts = attempts + 1, started_at = :now
         WHERE id = :id AND status = 'queued' RETURNING attempts",
    )?
    .query_row(named_params! {":id": id, ":now": now}, |row| row.get(0))
    .optional()?
    .ok_or(StoreError::WrongState(
        "only a queued submission can start to run",
    ))
}

/// Ends a submission. Says whether it did: a submission that has ended keeps its first end, so
/// that none ends twice.
pub fn finish(tx: &Transaction, id: SubmissionId, end: &Ended) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE submissions
             SET status = :status, outcome = :outcome, agent_error = :agent_error, score = :score,
                 reason = :reason, steps = :steps, duration_ms = :duration_ms, input_tokens = :input_tokens,
                 output_tokens = :output_tokens, model_calls = :model_calls,
                 cost_microusd = :cost_microusd, ended_at = :at
             WHERE id = :id AND status IN ('queued', 'running')",
        )?
        .execute(named_params! {
            ":id": id,
            ":status": end.status(),
            ":outcome": end.outcome,
            ":agent_error": end.agent_error,
            ":score": end.score,
            ":reason": end.reason,
            ":steps": end.steps,
            ":duration_ms": end.duration_ms,
            ":input_tokens": end.input_tokens,
            ":output_tokens": end.output_tokens,
            ":model_calls": end.model_calls,
            ":cost_microusd": end.cost_microusd,
            ":at": end.at,
        })?;
    Ok(changed > 0)
}

/// What another verdict makes of a submission that has ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Regrade {
    /// Where it stands.
    pub status: SubmissionStatus,
    /// How it ended.
    pub outcome: Outcome,
    /// 0 to 1; none when it is not scored.
    pub score: Option<f64>,
    /// Why, in one sentence.
    pub reason: String,
}

/// Gives a submission that has ended another end, after its verdict was computed again.
pub fn regrade(tx: &Transaction, id: SubmissionId, regrade: &Regrade) -> Result<(), StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE submissions
             SET status = :status, outcome = :outcome, score = :score, reason = :reason
             WHERE id = :id AND status IN ('completed', 'failed')",
        )?
        .execute(named_params! {
            ":id": id,
            ":status": regrade.status,
            ":outcome": regrade.outcome,
            ":score": regrade.score,
            ":reason": regrade.reason,
        })?;
    if changed == 0 {
        return Err(StoreError::WrongState(
            "only a submission that has ended can be given another end",
        ));
    }
    Ok(())
}

/// Puts a running submission back among the waiting ones. Says whether it was running.
pub fn requeue(tx: &Transaction, id: SubmissionId) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE submissions SET status = 'queued' WHERE id = :id AND status = 'running'",
        )?
        .execute(named_params! {":id": id})?;
    Ok(changed > 0)
}

/// Cancels a submission that has not ended. Says whether it did.
pub fn cancel(
    tx: &Transaction,
    id: SubmissionId,
    reason: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = tx
        .prepare_cached(
            "UPDATE submissions
             SET status = 'cancelled', outcome = 'cancelled', reason = :reason, ended_at = :now
             WHERE id = :id AND status IN ('queued', 'running')",
        )?
        .execute(named_params! {":id": id, ":reason": reason, ":now": now})?;
    Ok(changed > 0)
}

pub(super) const RUNNING: &str = "SELECT id FROM submissions WHERE status = 'running'";

/// Every submission that stands as running: at start, those that a dead process left.
pub fn running(db: &Connection) -> Result<Vec<SubmissionId>, StoreError> {
    let ids = db
        .prepare_cached(RUNNING)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ids)
}

fn read(row: &Row) -> rusqlite::Result<Submission> {
    Ok(Submission {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        agent_id: row.get("agent_id")?,
        agent_revision_id: row.get("agent_revision_id")?,
        task_id: row.get("task_id")?,
        suite_id: row.get("suite_id")?,
        experiment_id: row.get("experiment_id")?,
        seed: row.get("seed")?,
        budget: SubmissionBudget {
            call_microusd: row.get("call_budget_microusd")?,
            episode_microusd: row.get("episode_budget_microusd")?,
            submission_microusd: row.get("submission_budget_microusd")?,
        },
        playground: row.get("playground")?,
        status: row.get("status")?,
        outcome: row.get("outcome")?,
        agent_error: row.get("agent_error")?,
        score: row.get("score")?,
        reason: row.get("reason")?,
        steps: row.get("steps")?,
        duration_ms: row.get("duration_ms")?,
        input_tokens: row.get("input_tokens")?,
        output_tokens: row.get("output_tokens")?,
        model_calls: row.get("model_calls")?,
        cost_microusd: row.get("cost_microusd")?,
        attempts: row.get("attempts")?,
        created_at: row.get("created_at")?,
        started_at: row.get("started_at")?,
        ended_at: row.get("ended_at")?,
    })
}

fn read_view(row: &Row) -> rusqlite::Result<SubmissionView> {
    Ok(SubmissionView {
        submission: read(row)?,
        username: row.get("username")?,
        agent_name: row.get("agent_name")?,
        agent_kind: row.get("agent_kind")?,
        agent_revision: row.get("agent_revision")?,
        task_key: row.get("task_key")?,
        task_revision: row.get("task_revision")?,
        task_title: row.get("task_title")?,
        difficulty: row.get("difficulty")?,
        suite_name: row.get("suite_name")?,
        suite_version: row.get("suite_version")?,
    })
}
