//! Computes stored verdicts again from their stored evidence, with neither browser nor sites: the
//! same task and evidence give the same bytes. Where they do not, an evaluator has changed;
//! what follows is shown first and written only on request.

use serde::Serialize;
use serde_json::{Value, json};

use crate::arena::ArenaError;
use crate::domain::evidence::Evidence;
use crate::domain::ids::{SubmissionId, SuiteId};
use crate::domain::outcome::{Outcome, SubmissionStatus};
use crate::domain::submission::Submission;
use crate::domain::task::Task;
use crate::domain::time::Timestamp;
use crate::domain::verdict::{Verdict, VerdictStatus};
use crate::evaluators;
use crate::store::audit::{self, NewEntry};
use crate::store::results::{self, EvaluationResult, StoredVerdict};
use crate::store::submissions::Regrade;
use crate::store::{Connection, Store, StoreError, leaderboard, submissions, tasks};

/// Submissions that are read at a time.
const BATCH: u32 = 100;

/// Differing places that are shown of one verdict.
const MOST_PLACES: usize = 8;

/// What came of computing verdicts again.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Verdicts that were computed again.
    pub checked: u64,
    /// Those that differ from what is stored.
    pub differing: Vec<Difference>,
    /// Those whose evidence is missing or cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// Whether the differences were stored.
    pub written: bool,
}

impl Report {
    /// Whether every stored verdict follows from its evidence, to the byte.
    pub const fn is_clean(&self) -> bool {
        self.differing.is_empty() && self.unreadable.is_empty()
    }
}

/// A verdict that comes out otherwise.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The task's key.
    pub task: String,
    /// The task's revision.
    pub task_revision: u32,
    /// How the submission ended.
    pub outcome_before: Option<Outcome>,
    /// How it would have ended.
    pub outcome_after: Option<Outcome>,
    /// Its score.
    pub score_before: Option<f64>,
    /// The score that it would have had.
    pub score_after: Option<f64>,
    /// The stored verdict's sentence.
    pub summary_before: String,
    /// The sentence of the verdict as it comes out now.
    pub summary_after: String,
    /// Where the two verdicts differ, e.g. `criteria.0.status: "fail", now "pass"`; the first few.
    pub places: Vec<String>,
    #[serde(skip)]
    change: Change,
}

/// A verdict that cannot be computed again.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// The submission.
    pub submission_id: SubmissionId,
    /// Why not.
    pub problem: String,
}

/// What writing a difference takes.
#[derive(Debug, Clone)]
struct Change {
    suite_id: SuiteId,
    result: EvaluationResult,
    regrade: Option<Regrade>,
}

/// Which submissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every one that has a verdict.
    All,
    /// This one.
    One(SubmissionId),
}

/// Computes verdicts again, and stores what differs when asked to.
pub async fn rescore(store: &Store, scope: Scope, write: bool) -> Result<Report, ArenaError> {
    let mut report = Report::default();
    match scope {
        Scope::One(id) => {
            let found = store.read(move |db| stored(db, id)).await?;
            let found =
                found.ok_or_else(|| ArenaError::not_found("verdict on a submission", id))?;
            compare(store, found, &mut report).await?;
        }
        Scope::All => {
            let mut after = None;
            loop {
                let (last, batch) = store.read(move |db| next_batch(db, after)).await?;
                if last.is_none() {
                    break;
                }
                after = last;
                for found in batch {
                    compare(store, found, &mut report).await?;
                }
            }
        }
    }
    if write && !report.differing.is_empty() {
        write_all(store, &report).await?;
        report.written = true;
    }
    Ok(report)
}

/// A stored verdict with what it was computed from.
struct Stored {
    submission: Submission,
    task: Task,
    verdict: StoredVerdict,
}

/// The next stored verdicts in order of submission, and the last submission among them; none
/// when there are no more.
fn next_batch(
    db: &Connection,
    after: Option<SubmissionId>,
) -> Result<(Option<SubmissionId>, Vec<Stored>), StoreError> {
    let ids = results::submissions_after(db, after, BATCH)?;
    let mut batch = Vec::with_capacity(ids.len());
    for id in &ids {
        batch.extend(stored(db, *id)?);
    }
    Ok((ids.last().copied(), batch))
}

fn stored(db: &Connection, id: SubmissionId) -> Result<Option<Stored>, StoreError> {
    let Some(verdict) = results::text_of_submission(db, id)? else {
        return Ok(None);
    };
    let submission = submissions::by_id(db, id)?.ok_or(StoreError::NotFound("submission"))?;
    let task = tasks::by_id(db, submission.task_id)?.ok_or(StoreError::NotFound("task"))?;
    Ok(Some(Stored {
        submission,
        task,
        verdict,
    }))
}

async fn compare(store: &Store, found: Stored, report: &mut Report) -> Result<(), ArenaError> {
    report.checked += 1;
    let id = found.submission.id;
    let evidence = match evidence(store, &found.verdict).await? {
        Ok(evidence) => evidence,
        Err(problem) => {
            let submission_id = id;
            report.unreadable.push(Unreadable {
                submission_id,
                problem,
            });
            return Ok(());
        }
    };
    let again = evaluators::evaluate(&found.task.spec, &evidence);
    let text = serde_json::to_string(&again).map_err(StoreError::from)?;
    if text != found.verdict.text {
        report.differing.push(difference(found, &evidence, again));
    }
    Ok(())
}

/// The stored evidence, or why it cannot be read.
async fn evidence(
    store: &Store,
    stored: &StoredVerdict,
) -> Result<Result<Evidence, String>, StoreError> {
    let hash = &stored.evidence;
    let Some((_, bytes)) = store.read_artifact(hash).await? else {
        return Ok(Err(format!("its evidence {hash} is not there any more")));
    };
    Ok(serde_json::from_slice(&bytes)
        .map_err(|problem| format!("its evidence {hash} cannot be read: {problem}")))
}

fn difference(found: Stored, evidence: &Evidence, again: Verdict) -> Difference {
    let Stored {
        submission,
        task,
        verdict: stored,
    } = found;
    let before: Value = serde_json::from_str(&stored.text).unwrap_or_default();
    let mut places = Vec::new();
    let after = serde_json::to_value(&again).unwrap_or_default();
    differing_places("", &before, &after, &mut places);
    let summary_before = before["summary"]
        .as_str()
        .unwrap_or(&stored.text)
        .to_owned();
    let regrade = regrade(&submission, evidence, &again);
    let summary_after = again.summary.clone();
    Difference {
        submission_id: submission.id,
        task: task.key,
        task_revision: task.revision,
        outcome_before: submission.outcome,
        outcome_after: regrade
            .as_ref()
            .map_or(submission.outcome, |regrade| Some(regrade.outcome)),
        score_before: submission.score,
        score_after: regrade
            .as_ref()
            .map_or(submission.score, |regrade| regrade.score),
        summary_before,
        summary_after,
        places,
        change: Change {
            suite_id: submission.suite_id,
            result: EvaluationResult {
                submission_id: submission.id,
                episode_id: stored.episode_id,
                verdict: again,
                evidence: stored.evidence,
                time_taken_ms: stored.time_taken_ms,
                completed_at: Timestamp::now(),
            },
            regrade,
        },
    }
}

/// Places at which two values differ, at most a few.
fn differing_places(path: &str, before: &Value, after: &Value, places: &mut Vec<String>) {
    if before == after || places.len() >= MOST_PLACES {
        return;
    }
    let at = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let names: std::collections::BTreeSet<&String> =
                one.keys().chain(other.keys()).collect();
            for name in names {
                let (one, other) = (one.get(name), other.get(name));
                let null = Value::Null;
                let (one, other) = (one.unwrap_or(&null), other.unwrap_or(&null));
                differing_places(&at(name), one, other, places);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differing_places(&at(&index.to_string()), one, other, places);
            }
        }
        _ => {
            let short = |value: &Value| value.to_string().chars().take(120).collect::<String>();
            places.push(format!("{path}: {}, now {}", short(before), short(after)));
        }
    }
}

/// What follows for the submission. Only an episode that ended by itself is decided by its
/// verdict; one that ran into a limit or broke a rule stays what it is, and so does one that
/// someone cancelled.
fn regrade(submission: &Submission, evidence: &Evidence, verdict: &Verdict) -> Option<Regrade> {
    if evidence.ending.is_none() || submission.outcome == Some(Outcome::Cancelled) {
        return None;
    }
    let (outcome, score, status) = match verdict.status {
        VerdictStatus::Pass => (
            Outcome::Passed,
            Some(verdict.value),
            SubmissionStatus::Completed,
        ),
        VerdictStatus::Fail => (
            Outcome::Failed,
            Some(verdict.value),
            SubmissionStatus::Completed,
        ),
        VerdictStatus::Error => (Outcome::InfraError, None, SubmissionStatus::Failed),
    };
    Some(Regrade {
        status,
        outcome,
        score,
        reason: verdict.summary.clone(),
    })
}

/// Stores all differences and counts the rankings anew, in one transaction.
async fn write_all(store: &Store, report: &Report) -> Result<(), ArenaError> {
    let changes: Vec<Change> = report
        .differing
        .iter()
        .map(|difference| difference.change.clone())
        .collect();
    store
        .write(move |tx| {
            let now = Timestamp::now();
            let mut suites: Vec<SuiteId> = changes.iter().map(|change| change.suite_id).collect();
            suites.sort_unstable();
            suites.dedup();
            for change in &changes {
                results::insert(tx, &change.result)?;
                let id = change.result.submission_id;
                if let Some(regrade) = &change.regrade {
                    submissions::regrade(tx, id, regrade)?;
                }
                let entry = NewEntry {
                    user_id: None,
                    action: "submission.rescore",
                    subject: &format!("submission/{id}"),
                    details: json!({"verdict": change.result.verdict.status}),
                };
                audit::append(tx, &entry, now)?;
            }
            suites
                .into_iter()
                .try_for_each(|suite_id| leaderboard::rebuild(tx, suite_id))
        })
        .await?;
    Ok(())
}
