//! Stores how an attempt ended. The last events, the verdict, the calls, the end of submission
//! and job, and the leaderboard are one transaction: all of it is there, or nothing.

use std::sync::Arc;

use crate::agents::ModelCall;
use crate::arena::execute::{Begun, Executor, RetrySettings};
use crate::arena::ledger::{self, whole_ms};
use crate::arena::{manifest, recover};
use crate::domain::agent::{AgentConfig, AgentKind, Metering};
use crate::domain::event::{CallPurpose, Event};
use crate::domain::ids::{EpisodeId, JobId, SubmissionId};
use crate::domain::manifest::Manifest;
use crate::domain::outcome::{AgentErrorKind, Outcome, SubmissionStatus};
use crate::domain::submission::{Ended, Submission};
use crate::domain::time::Timestamp;
use crate::jobs::{Cause, Job, JobEnd};
use crate::playground::Report;
use crate::playground::hub::QueueChange;
use crate::store::jobs::JobStatus;
use crate::store::llm_calls::LlmCall;
use crate::store::results::EvaluationResult;
use crate::store::{
    StoreError, Transaction, episodes, jobs, leaderboard, llm_calls, manifests, results,
    submissions,
};

/// What becomes of the submission after an attempt.
#[derive(Debug, Clone, PartialEq)]
enum Next {
    /// It is over.
    Over(Ended),
    /// It waits for another attempt, which counts.
    Again { after_ms: u64 },
    /// It waits for the next start of the arena; the attempt does not count.
    Later,
}

impl Executor {
    /// Stores the end of an attempt and tells the watchers.
    pub(super) async fn end(
        &self,
        job: &Job,
        begun: &Begun,
        report: Report,
        may_retry: bool,
        closing: Vec<Event>,
    ) -> Result<JobEnd, StoreError> {
        let next = next(&report, begun, job, self.retry, may_retry);
        let at = Timestamp::now();
        let manifest = manifest::complete(begun.manifest.clone(), &report.calls, &begun.origin, at);
        let attempt = Attempt {
            job_id: job.id,
            submission: begun.submission.clone(),
            episode_id: begun.episode_id,
            at,
            manifest,
            report,
            closing,
            next,
        };
        let (attempt, change) = self
            .store
            .write(move |tx| {
                let change = attempt.store(tx)?;
                Ok((attempt, change))
            })
            .await?;
        metrics::counter!(
            "playground_executions_total", "outcome" => attempt.report.outcome.as_str()
        )
        .increment(1);
        for event in attempt.closing {
            self.hub.publish(Arc::new(event));
        }
        if let Some(change) = change {
            self.hub.publish_change(change);
        }
        Ok(JobEnd::Stored)
    }

    /// Ends a submission whose attempts are used up and whose last one could not be stored, with
    /// nothing but that: whatever kept the result out of the database is left out.
    pub(super) async fn give_up(&self, job: &Job, id: SubmissionId) -> Result<JobEnd, StoreError> {
        let (job_id, attempts) = (job.id, job.attempts);
        let give_up = move |tx: &Transaction<'_>| give_up(tx, job_id, id, attempts);
        if let Some(change) = self.store.write(give_up).await? {
            self.hub.publish_change(change);
        }
        Ok(JobEnd::Stored)
    }
}

fn give_up(
    tx: &Transaction,
    job_id: JobId,
    id: SubmissionId,
    attempts: u32,
) -> Result<Option<QueueChange>, StoreError> {
    let at = Timestamp::now();
    let submission = submissions::by_id(tx, id)?.ok_or(StoreError::NotFound("submission"))?;
    recover::close_episodes(tx, id, &recover::UNSTORED)?;
    let mut reason = recover::UNSTORED.reason.to_owned();
    if attempts > 1 {
        reason = format!("{reason} (tried {attempts} times)");
    }
    jobs::finish(tx, job_id, JobStatus::Failed, Some(&reason), at)?;
    let end = Ended::unscored(Outcome::InfraError, reason, at);
    if !submissions::finish(tx, id, &end)? {
        return Ok(None);
    }
    leaderboard::apply(tx, &submission, &end)?;
    Ok(Some(QueueChange {
        submission_id: id,
        status: end.status(),
        outcome: Some(end.outcome),
    }))
}

/// A page that dies after the agent has acted on it is tried again like any fault. When that
/// happens in the last attempt too, it is what the agent does to the page: otherwise an agent that
/// is losing could make a task drop out by killing its page.
pub(super) fn blame(report: &mut Report, attempts: u32, retry: RetrySettings) {
    let is_last = attempts > retry.infra_retries && attempts > 1;
    if report.page_died && report.outcome == Outcome::InfraError && is_last {
        report.outcome = Outcome::AgentError;
        report.agent_error = Some(AgentErrorKind::PageDied);
        report.score = Some(0.0);
        report.reason = format!(
            "{} after the agent had acted on it, in the last of {attempts} attempts",
            report.reason
        );
    }
}

/// What follows from a report.
fn next(report: &Report, begun: &Begun, job: &Job, retry: RetrySettings, may_retry: bool) -> Next {
    if report.interrupted == Some(Cause::Stopping) {
        return Next::Later;
    }
    let infra_error = report.outcome == Outcome::InfraError;
    let may_retry = may_retry && !report.refused;
    if infra_error && may_retry && job.attempts <= retry.infra_retries {
        let doublings = job.attempts.saturating_sub(1).min(16);
        let after_ms = retry.backoff_ms.saturating_mul(1 << doublings);
        return Next::Again { after_ms };
    }
    let mut end = figures(report, &begun.agent.revision.config);
    if infra_error && job.attempts > 1 {
        end.reason = format!("{} (tried {} times)", end.reason, job.attempts);
    }
    Next::Over(end)
}

/// The figures of a submission are those of the episode that ended it; what earlier attempts
/// cost stands in their model calls. A cost is known only when every part of it is.
fn figures(report: &Report, config: &AgentConfig) -> Ended {
    let calls = || report.calls.iter().map(|(_, call)| call);
    let cut_off = config.kind() == AgentKind::Llm && report.decision_cut_off;
    let is_known = match config.metering() {
        Metering::Whole => !cut_off,
        // It may have called its models elsewhere; what it called here is at least a part.
        Metering::Proxied => calls().any(|call| call.usage.cost_microusd.is_some()),
        Metering::Nothing => false,
    };
    let cost_microusd = calls().map(ModelCall::charge).sum();
    Ended {
        outcome: report.outcome,
        agent_error: report.agent_error,
        score: report.score,
        reason: report.reason.clone(),
        steps: report.steps,
        duration_ms: whole_ms(report.duration_ms),
        input_tokens: calls().map(|call| call.usage.input_tokens).sum(),
        output_tokens: calls().map(|call| call.usage.output_tokens).sum(),
        model_calls: u32::try_from(report.calls.len())
            .unwrap_or(u32::MAX)
            .saturating_add(u32::from(cut_off)),
        cost_microusd: if is_known { cost_microusd } else { None },
        at: Timestamp::now(),
    }
}

/// Everything that one transaction stores.
struct Attempt {
    job_id: JobId,
    submission: Submission,
    episode_id: EpisodeId,
    at: Timestamp,
    manifest: Manifest,
    report: Report,
    closing: Vec<Event>,
    next: Next,
}

impl Attempt {
    /// Returns the change of the submission that watchers are told, when there is one.
    fn store(&self, tx: &Transaction) -> Result<Option<QueueChange>, StoreError> {
        episodes::append(tx, &self.closing)?;
        episodes::close(
            tx,
            self.episode_id,
            self.report.outcome,
            &self.report.reason,
            self.report.steps,
            self.at,
        )?;
        manifests::put(tx, &self.manifest)?;
        llm_calls::insert(tx, &self.calls())?;
        if let Some(evaluation) = &self.report.evaluation {
            let result = EvaluationResult {
                submission_id: self.submission.id,
                episode_id: self.episode_id,
                verdict: evaluation.verdict.clone(),
                evidence: evaluation.evidence_hash.clone(),
                time_taken_ms: whole_ms(self.report.duration_ms),
                completed_at: self.at,
            };
            results::insert(tx, &result)?;
        }
        match &self.next {
            Next::Over(end) => self.store_over(tx, end),
            Next::Again { after_ms } => {
                let run_after = self
                    .at
                    .plus_ms(i64::try_from(*after_ms).unwrap_or(i64::MAX));
                jobs::requeue(tx, self.job_id, run_after, &self.report.reason)?;
                self.queue_again(tx)
            }
            Next::Later => {
                jobs::release(tx, self.job_id)?;
                self.queue_again(tx)
            }
        }
    }

    /// Ends the submission, unless it has ended meanwhile: a cancellation stays.
    fn store_over(&self, tx: &Transaction, end: &Ended) -> Result<Option<QueueChange>, StoreError> {
        let status = match end.outcome {
            Outcome::InfraError => JobStatus::Failed,
            Outcome::Cancelled => JobStatus::Cancelled,
            _ => JobStatus::Done,
        };
        jobs::finish(tx, self.job_id, status, None, self.at)?;
        if !submissions::finish(tx, self.submission.id, end)? {
            return Ok(None);
        }
        leaderboard::apply(tx, &self.submission, end)?;
        Ok(Some(self.change(end.status(), Some(end.outcome))))
    }

    fn queue_again(&self, tx: &Transaction) -> Result<Option<QueueChange>, StoreError> {
        let queued = submissions::requeue(tx, self.submission.id)?;
        Ok(queued.then(|| self.change(SubmissionStatus::Queued, None)))
    }

    fn change(&self, status: SubmissionStatus, outcome: Option<Outcome>) -> QueueChange {
        QueueChange {
            submission_id: self.submission.id,
            status,
            outcome,
        }
    }

    /// The agent's calls, then those of the model that judged.
    fn calls(&self) -> Vec<LlmCall> {
        let row = |purpose, step, call: &ModelCall| LlmCall {
            user_id: Some(self.submission.user_id),
            agent_id: Some(self.submission.agent_id),
            submission_id: Some(self.submission.id),
            episode_id: Some(self.episode_id),
            ..ledger::row(call, purpose, step, self.at)
        };
        let report = &self.report;
        let acted = report.calls.iter();
        let acted = acted.map(|(step, call)| row(CallPurpose::Act, *step, call));
        let judged = report.evaluation.iter().flat_map(|done| &done.calls);
        let judged = judged.map(|call| row(CallPurpose::Judge, report.steps, call));
        acted.chain(judged).collect()
    }
}
