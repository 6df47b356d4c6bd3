//! Rankings, kept in step with submissions in the transaction that ends one.

use std::collections::BTreeSet;

use rusqlite::{Connection, Row, Transaction, named_params};

use super::sql::surplus;
use super::{StoreError, verifications};
use crate::domain::ids::{AgentRevisionId, RowId, SuiteId, TaskId};
use crate::domain::leaderboard::LeaderboardRow;
use crate::domain::outcome::{Outcome, PlaygroundKind};
use crate::domain::page::{Cursor, InvalidCursor, Page, PageRequest};
use crate::domain::submission::{Ended, Submission};

/// Counts the end of a submission in the rows of its suite and of its task, and ranks both
/// anew. A simulated result (mock playground) and one on a task that failed its verification
/// count nowhere; an unscored one is counted beside, never in a score. Call it once per submission, after `submissions::finish` said
/// that it was this call that ended it.
pub fn apply(tx: &Transaction, submission: &Submission, end: &Ended) -> Result<(), StoreError> {
    if submission.playground == PlaygroundKind::Mock
        || verifications::is_left_out(tx, submission.task_id)?
    {
        return Ok(());
    }
    for task_id in [None, Some(submission.task_id)] {
        count(tx, submission, task_id, end)?;
        rank(tx, submission.suite_id, task_id)?;
    }
    Ok(())
}

/// Counts a suite's rankings anew from its submissions, as [`apply`] would have counted them one
/// by one. For when what counts has changed: a verification, a verdict.
pub fn rebuild(tx: &Transaction, suite_id: SuiteId) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM leaderboard WHERE suite_id = :suite",
        named_params! {":suite": suite_id},
    )?;
    for by_task in [false, true] {
        let ids: Vec<(Option<TaskId>, AgentRevisionId)> = tx
            .prepare_cached(COUNTABLE)?
            .query_map(
                named_params! {":suite": suite_id, ":by_task": by_task},
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?
            .collect::<Result<_, _>>()?;
        let mut scopes = BTreeSet::new();
        for (task_id, revision) in ids {
            tx.prepare_cached(COUNT_ANEW)?.execute(named_params! {
                ":id": RowId::new(), ":suite": suite_id, ":task": task_id, ":revision": revision,
            })?;
            scopes.insert(task_id);
        }
        for task_id in scopes {
            rank(tx, suite_id, task_id)?;
        }
    }
    Ok(())
}

/// Which rows a suite's rankings have: over the whole suite, or by task.
const COUNTABLE: &str = "
    SELECT DISTINCT CASE WHEN :by_task THEN s.task_id END, s.agent_revision_id
    FROM submissions s
    WHERE s.suite_id = :suite AND s.playground = 'real'
      AND s.status IN ('completed', 'failed', 'cancelled')
      AND NOT EXISTS (SELECT 1 FROM task_verifications v
                      WHERE v.task_id = s.task_id AND v.status = 'failed')";

/// Counts one row from its submissions.
const COUNT_ANEW: &str = "
    INSERT INTO leaderboard (id, suite_id, task_id, agent_id, agent_revision_id, rank, score, passed,
            scored, unscored, score_sum, duration_ms_sum, steps_sum, cost_microusd_sum, unpriced,
            best_submission_id, achieved_at)
    SELECT :id, :suite, :task, agent_id, :revision, 0, avg(score),
           count(*) FILTER (WHERE score IS NOT NULL AND outcome = 'passed'),
           count(score), count(*) - count(score), coalesce(sum(score), 0.0),
           coalesce(sum(duration_ms) FILTER (WHERE score IS NOT NULL), 0),
           coalesce(sum(steps) FILTER (WHERE score IS NOT NULL), 0),
           coalesce(sum(min(cost_microusd, 1000000000000000)) FILTER (WHERE score IS NOT NULL), 0),
           count(*) FILTER (WHERE score IS NOT NULL AND cost_microusd IS NULL),
           max(id) FILTER (WHERE score IS NOT NULL AND place = 1), max(ended_at)
    FROM (SELECT s.id, s.agent_id, s.outcome, s.score, s.duration_ms, s.steps, s.cost_microusd, s.ended_at,
                 row_number() OVER (ORDER BY s.score DESC, s.steps, s.ended_at, s.id) AS place
          FROM submissions s
          WHERE s.suite_id = :suite AND s.agent_revision_id = :revision
            AND (:task IS NULL OR s.task_id = :task) AND s.playground = 'real'
            AND s.status IN ('completed', 'failed', 'cancelled')
            AND NOT EXISTS (SELECT 1 FROM task_verifications v
                            WHERE v.task_id = s.task_id AND v.status = 'failed'))
    GROUP BY agent_id";

fn count(
    tx: &Transaction,
    submission: &Submission,
    task_id: Option<TaskId>,
    end: &Ended,
) -> Result<(), StoreError> {
    let score = end.score.filter(|_| end.outcome.is_scored());
    let counted = u64::from(score.is_some());
    tx.prepare_cached(
        "INSERT INTO leaderboard (id, suite_id, task_id, agent_id, agent_revision_id, rank, score, passed,
                scored, unscored, score_sum, duration_ms_sum, steps_sum, cost_microusd_sum, unpriced,
                best_submission_id, achieved_at)
         VALUES (:id, :suite, :task, :agent, :revision, 0, :score, :passed,
                :scored, 1 - :scored, coalesce(:score, 0.0), :duration_ms, :steps, :cost, :unpriced,
                :best, :at)
         ON CONFLICT (suite_id, coalesce(task_id, ''), agent_revision_id) DO UPDATE SET
            passed = leaderboard.passed + excluded.passed,
            scored = leaderboard.scored + excluded.scored,
            unscored = leaderboard.unscored + excluded.unscored,
            score_sum = leaderboard.score_sum + excluded.score_sum,
            score = CASE WHEN leaderboard.scored + excluded.scored > 0
                THEN (leaderboard.score_sum + excluded.score_sum) / (leaderboard.scored + excluded.scored)
                END,
            duration_ms_sum = leaderboard.duration_ms_sum + excluded.duration_ms_sum,
            steps_sum = leaderboard.steps_sum + excluded.steps_sum,
            cost_microusd_sum = min(leaderboard.cost_microusd_sum + excluded.cost_microusd_sum,
                1000000000000000000),
            unpriced = leaderboard.unpriced + excluded.unpriced,
            best_submission_id = CASE
                WHEN excluded.best_submission_id IS NULL THEN leaderboard.best_submission_id
                WHEN leaderboard.best_submission_id IS NULL THEN excluded.best_submission_id
                WHEN EXISTS (SELECT 1 FROM submissions old WHERE old.id = leaderboard.best_submission_id
                             AND (old.score, -old.steps) < (:score, -:steps_taken))
                THEN excluded.best_submission_id
                ELSE leaderboard.best_submission_id END,
            achieved_at = excluded.achieved_at",
    )?
    .execute(named_params! {
        ":id": RowId::new(),
        ":suite": submission.suite_id,
        ":task": task_id,
        ":agent": submission.agent_id,
        ":revision": submission.agent_revision_id,
        ":score": score,
        ":passed": counted * u64::from(end.outcome == Outcome::Passed),
        ":scored": counted,
        ":duration_ms": counted * end.duration_ms,
        ":steps": counted * u64::from(end.steps),
        ":cost": counted * end.cost_microusd.unwrap_or(0),
        ":unpriced": counted * u64::from(end.cost_microusd.is_none()),
        ":best": score.map(|_| submission.id),
        ":steps_taken": end.steps,
        ":at": end.at,
    })?;
    Ok(())
}

/// Ranks by score; rows with nothing scored come behind all others (no value sorts lowest).
fn rank(tx: &Transaction, suite_id: SuiteId, task_id: Option<TaskId>) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE leaderboard SET rank = fresh.rank
         FROM (SELECT id, rank() OVER (ORDER BY score DESC) AS rank FROM leaderboard
               WHERE suite_id = :suite AND task_id IS :task) AS fresh
         WHERE leaderboard.id = fresh.id AND leaderboard.rank <> fresh.rank",
    )?
    .execute(named_params! {":suite": suite_id, ":task": task_id})?;
    Ok(())
}

pub(super) const LIST: &str = "
    SELECT l.id, l.suite_id, l.task_id, l.agent_id, l.agent_revision_id, l.rank, l.score, l.passed,
           l.scored, l.unscored, l.score_sum, l.duration_ms_sum, l.steps_sum, l.cost_microusd_sum,
           l.unpriced, l.best_submission_id, l.achieved_at,
           a.name AS agent_name, json_extract(r.config, '$.kind') AS agent_kind,
           r.number AS agent_revision, u.username
    FROM leaderboard l
    CROSS JOIN agents a ON a.id = l.agent_id
    CROSS JOIN agent_revisions r ON r.id = l.agent_revision_id
    LEFT JOIN users u ON u.id = a.user_id
    WHERE l.suite_id = :suite AND l.task_id IS :task AND (l.rank, l.id) > (:rank, :id)
    ORDER BY l.rank, l.id LIMIT :limit";

/// The ranking over a whole suite, best first.
pub fn of_suite(
    db: &Connection,
    suite_id: SuiteId,
    page: &PageRequest,
) -> Result<Page<LeaderboardRow>, StoreError> {
    list(db, suite_id, None, page)
}

/// The ranking on one task, best first.
pub fn of_task(
    db: &Connection,
    suite_id: SuiteId,
    task_id: TaskId,
    page: &PageRequest,
) -> Result<Page<LeaderboardRow>, StoreError> {
    list(db, suite_id, Some(task_id), page)
}

fn list(
    db: &Connection,
    suite_id: SuiteId,
    task_id: Option<TaskId>,
    page: &PageRequest,
) -> Result<Page<LeaderboardRow>, StoreError> {
    let (rank, id) = match &page.after {
        None => (0, String::new()),
        Some(Cursor::Rank { rank, id }) => (*rank, id.to_string()),
        Some(_) => return Err(InvalidCursor.into()),
    };
    let rows = db
        .prepare_cached(LIST)?
        .query_map(
            named_params! {
                ":suite": suite_id, ":task": task_id, ":rank": rank, ":id": id, ":limit": surplus(page),
            },
            |row| Ok((row.get("rank")?, row.get::<_, RowId>("id")?, read(row)?)),
        )?
        .collect::<Result<Vec<_>, _>>()?;
    let page = Page::from_surplus(rows, page.limit, |(rank, id, _)| Cursor::Rank {
        rank: *rank,
        id: id.0,
    });
    Ok(page.map(|(_, _, row)| row))
}

fn read(row: &Row) -> rusqlite::Result<LeaderboardRow> {
    let score: Option<f64> = row.get("score")?;
    let rank = row.get("rank")?;
    Ok(LeaderboardRow {
        suite_id: row.get("suite_id")?,
        task_id: row.get("task_id")?,
        agent_id: row.get("agent_id")?,
        agent_revision_id: row.get("agent_revision_id")?,
        agent_name: row.get("agent_name")?,
        agent_kind: row.get("agent_kind")?,
        agent_revision: row.get("agent_revision")?,
        username: row.get("username")?,
        rank: score.map(|_| rank),
        score,
        passed: row.get("passed")?,
        scored: row.get("scored")?,
        unscored: row.get("unscored")?,
        score_sum: row.get("score_sum")?,
        duration_ms_sum: row.get("duration_ms_sum")?,
        steps_sum: row.get("steps_sum")?,
        cost_microusd_sum: row.get("cost_microusd_sum")?,
        unpriced: row.get("unpriced")?,
        best_submission_id: row.get("best_submission_id")?,
        achieved_at: row.get("achieved_at")?,
    })
}
