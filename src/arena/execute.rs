//! Executes a submission: the handler of its job. Every attempt is an episode of its own; the
//! end of the last one is stored exactly once, together with everything that follows from it.

mod end;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::FutureExt;
use tracing::Instrument;

use crate::agents::Policy;
use crate::agents::llm::prompts::Prompts;
use crate::arena::{manifest, recover};
use crate::domain::agent::Agent;
use crate::domain::budget::Account;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::manifest::Manifest;
use crate::domain::outcome::SubmissionStatus;
use crate::domain::submission::Submission;
use crate::domain::task::{Task, TaskSpec};
use crate::domain::time::Timestamp;
use crate::jobs::{Handler, Interrupt, Job, JobEnd, panic_message};
use crate::playground::hub::{EventHub, QueueChange};
use crate::playground::recorder::Recorder;
use crate::playground::{Assignment, Playground, Prepared, Report};
use crate::store::{
    Connection, Store, StoreError, Transaction, agents, episodes, manifests, submissions, suites,
    tasks,
};

/// How long a job waits after the database failed it.
const AFTER_STORE_ERROR_MS: u64 = 5_000;

/// Makes the policies of episodes.
#[async_trait]
pub trait PolicyFactory: Send + Sync {
    /// The prompts of agents that prompt a model; none when it makes no such agents.
    fn prompts(&self) -> Option<&Prompts> {
        None
    }

    /// The policy for one episode.
    async fn build(&self, request: PolicyRequest) -> Result<Box<dyn Policy>, PolicyError>;
}

/// What a policy is made from.
#[derive(Debug, Clone)]
pub struct PolicyRequest {
    /// The agent as it was at the submission's revision; its owner's keys may be used.
    pub agent: Agent,
    /// The task.
    pub spec: Arc<TaskSpec>,
    /// The submission's seed.
    pub seed: u64,
    /// On whose account its calls to models go.
    pub account: Account,
}

/// A policy cannot be made; trying again would not help. Says what to do, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PolicyError(pub String);

/// How often an infrastructure fault is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetrySettings {
    /// Further attempts after the first.
    pub infra_retries: u32,
    /// Wait before the first of them; each further one waits twice as long.
    pub backoff_ms: u64,
}

/// Executes submissions in one playground.
pub struct Executor {
    /// Where everything is stored.
    pub store: Store,
    /// What tells watchers.
    pub hub: EventHub,
    /// What executes.
    pub playground: Arc<dyn Playground>,
    /// What makes policies.
    pub policies: Arc<dyn PolicyFactory>,
    /// How often faults are tried again.
    pub retry: RetrySettings,
}

/// An episode that has begun in the database.
struct Begun {
    submission: Submission,
    agent: Agent,
    task: Task,
    episode_id: EpisodeId,
    attempt: u32,
    last_seq: u32,
    manifest: Manifest,
    /// Where the task's place is, as prompts may name it.
    origin: String,
}

#[async_trait]
impl Handler for Executor {
    async fn run(&self, job: &Job, interrupt: Interrupt) -> JobEnd {
        match self.execute(job, interrupt).await {
            Ok(end) => end,
            Err(error) => {
                // The next attempt closes what this one left half-written.
                tracing::error!(%error, "a submission could not be stored; it is tried again");
                JobEnd::Retry {
                    after_ms: AFTER_STORE_ERROR_MS,
                    error: error.to_string(),
                }
            }
        }
    }

    fn ready(&self) -> bool {
        self.playground.health().ok
    }
}

impl Executor {
    async fn execute(&self, job: &Job, interrupt: Interrupt) -> Result<JobEnd, StoreError> {
        let Ok(id) = job.subject_id.parse::<SubmissionId>() else {
            let error = format!("`{}` is not the id of a submission", job.subject_id);
            return Ok(JobEnd::Failed { error });
        };
        let Some((spec, begun)) = self.store.read(move |db| waiting(db, id)).await? else {
            return Ok(JobEnd::Done);
        };
        let bound = self.retry.infra_retries;
        if begun > bound && job.attempts > bound + 1 {
            // Its last attempt was made, and not even that could be stored.
            return self.give_up(job, id).await;
        }
        let prepared = self.prepare(&spec, &interrupt).await;
        let surroundings = manifest::Surroundings {
            browser: manifest::shown_in(self.playground.setup(), spec.environment.viewport()),
            place: prepared.place(),
        };
        let prompts = self.policies.prompts().map(manifest::prompts_hash);
        let prompts = prompts.transpose()?;
        let begin = move |tx: &Transaction<'_>| begin(tx, id, surroundings, prompts);
        let begun = match self.store.write(begin).await {
            Ok(Some(begun)) => begun,
            // It ended while its job waited, e.g. it was cancelled.
            Ok(None) => {
                prepared.discard().await;
                return Ok(JobEnd::Done);
            }
            Err(error) => {
                prepared.discard().await;
                return Err(error);
            }
        };
        self.hub.publish_change(QueueChange {
            submission_id: id,
            status: SubmissionStatus::Running,
            outcome: None,
        });
        let recorder = Recorder::start(
            self.store.clone(),
            self.hub.clone(),
            id,
            begun.episode_id,
            begun.last_seq,
        );
        let span = tracing::info_span!(
            "episode",
            submission.id = %id,
            episode.id = %begun.episode_id,
            episode.attempt = begun.attempt,
        );
        let run = self.run_episode(prepared, &begun, interrupt, &recorder);
        let (mut report, may_retry) = run.instrument(span.clone()).await;
        end::blame(&mut report, job.attempts, self.retry);
        span.in_scope(|| {
            tracing::info!(
                outcome = %report.outcome,
                score = report.score,
                steps = report.steps,
                duration_ms = report.duration_ms,
                "an episode ended"
            );
        });
        let stored = match recorder.finish(report.closing_events()).await {
            Ok(closing) => self.end(job, &begun, report, may_retry, closing).await,
            Err(error) => Err(error),
        };
        match stored {
            // Another attempt would cost as much again and perhaps end as this one did.
            Err(error) if job.attempts > bound => {
                tracing::error!(%error, "the last attempt of a submission could not be stored");
                self.give_up(job, id).await
            }
            stored => stored,
        }
    }

    /// Opens what the episode needs and waits for its turn. The submission goes on waiting.
    async fn prepare(&self, spec: &TaskSpec, interrupt: &Interrupt) -> Prepared {
        let preparing = AssertUnwindSafe(self.playground.prepare(spec, interrupt));
        match preparing.catch_unwind().await {
            Ok(prepared) => prepared,
            Err(panic) => {
                let message = panic_message(&*panic);
                tracing::error!(message, "preparing an episode panicked");
                Prepared::failed(format!(
                    "a fault of the arena broke the preparation off: {message}"
                ))
            }
        }
    }

    /// Runs the episode. Also says whether an infrastructure fault is worth another attempt.
    async fn run_episode(
        &self,
        prepared: Prepared,
        begun: &Begun,
        interrupt: Interrupt,
        recorder: &Recorder,
    ) -> (Report, bool) {
        let spec = Arc::new(begun.task.spec.clone());
        let request = PolicyRequest {
            agent: begun.agent.clone(),
            spec: Arc::clone(&spec),
            seed: u64::from(begun.submission.seed),
            account: Account {
                user_id: begun.submission.user_id,
                experiment_id: begun.submission.experiment_id,
                submission_id: Some(begun.submission.id),
                episode_id: Some(begun.episode_id),
            },
        };
        let policy = match self.policies.build(request).await {
            Ok(policy) => policy,
            Err(error) => {
                prepared.discard().await;
                let reason = format!("the agent could not be set up: {error}");
                return (Report::infra_error(reason), false);
            }
        };
        let assignment = Assignment {
            submission_id: begun.submission.id,
            episode_id: begun.episode_id,
            attempt: begun.attempt,
            spec,
            seed: u64::from(begun.submission.seed),
            policy,
            interrupt,
        };
        let run = AssertUnwindSafe(self.playground.run(prepared, assignment, recorder));
        match run.catch_unwind().await {
            Ok(report) => (report, true),
            Err(panic) => {
                let message = panic_message(&*panic);
                tracing::error!(message, submission.id = %begun.submission.id, "an episode panicked");
                let reason = format!("a fault of the arena broke the episode off: {message}");
                (Report::infra_error(reason), true)
            }
        }
    }
}

/// The task of a submission that has not ended, and how many episodes of it have begun.
fn waiting(db: &Connection, id: SubmissionId) -> Result<Option<(TaskSpec, u32)>, StoreError> {
    let submission = submissions::by_id(db, id)?.ok_or(StoreError::NotFound("submission"))?;
    if submission.status.is_final() {
        return Ok(None);
    }
    let task = tasks::by_id(db, submission.task_id)?.ok_or(StoreError::NotFound("task"))?;
    Ok(Some((task.spec, submission.attempts)))
}

/// Begins an episode: none when the submission has ended. What an earlier run left half-written
/// is closed first.
fn begin(
    tx: &Transaction,
    id: SubmissionId,
    surroundings: manifest::Surroundings,
    prompts: Option<String>,
) -> Result<Option<Begun>, StoreError> {
    let submission = submissions::by_id(tx, id)?.ok_or(StoreError::NotFound("submission"))?;
    if submission.status.is_final() {
        return Ok(None);
    }
    if submission.status == SubmissionStatus::Running {
        recover::mend_submission(tx, id)?;
    }
    let now = Timestamp::now();
    let agent = agents::by_revision(tx, submission.agent_revision_id)?
        .ok_or(StoreError::NotFound("agent revision"))?;
    let task = tasks::by_id(tx, submission.task_id)?.ok_or(StoreError::NotFound("task"))?;
    let attempt = submissions::mark_running(tx, id, now)?;
    let episode_id = EpisodeId::new();
    episodes::start(tx, episode_id, id, attempt, now)?;
    let suite = suites::by_id(tx, task.suite_id)?.ok_or(StoreError::NotFound("suite"))?;
    let origin = surroundings.origin().to_owned();
    let manifest = manifest::describe(
        &manifest::Subject {
            submission: &submission,
            agent: &agent,
            task: &task,
            suite: &suite.suite,
            episode_id,
            attempt,
            started_at: now,
            prompts,
        },
        surroundings,
    )?;
    manifests::put(tx, &manifest)?;
    let last_seq = episodes::last_seq(tx, id)?;
    Ok(Some(Begun {
        submission,
        agent,
        task,
        episode_id,
        attempt,
        last_seq,
        manifest,
        origin,
    }))
}
