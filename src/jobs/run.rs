//! One job in the pool: from its claim to its stored end.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::domain::time::Timestamp;
use crate::jobs::pool::{Pool, Subject};
use crate::jobs::{Cause, Handler, Interrupt, Job, JobEnd};
use crate::store::StoreError;
use crate::store::jobs::{self, JobStatus};

/// Waits before storing an end is tried again.
const STORE_RETRIES_MS: [u64; 3] = [50, 500, 5000];

impl Pool {
    /// Runs a claimed job and stores how it ended.
    pub(super) async fn run_one(&self, job: Job) {
        let Some(handler) = self.handler(&job.kind) else {
            // Only kinds that have a handler are claimed.
            tracing::error!("a job was claimed that nobody handles");
            return;
        };
        let subject = (job.kind.clone(), job.subject_id.clone());
        let _registered = Registered {
            pool: self,
            subject: subject.clone(),
        };
        let interrupt = self.register(subject);
        let end = run_guarded(handler, &job, interrupt).await;
        self.store_end(&job, end).await;
    }

    /// Makes the job known to [`Pool::interrupt`]. One that was cancelled between claim and
    /// start is interrupted from the beginning, and so is one that starts while the pool stops.
    fn register(&self, subject: Subject) -> Interrupt {
        let interrupt = Interrupt::new();
        let mut running = self.running();
        if running.cancelled_early.remove(&subject) {
            interrupt.raise(Cause::Cancelled);
        }
        if running.draining {
            interrupt.raise(Cause::Stopping);
        }
        running.interrupts.insert(subject, interrupt.clone());
        interrupt
    }

    async fn store_end(&self, job: &Job, end: JobEnd) {
        if end == JobEnd::Stored {
            return;
        }
        for wait_ms in STORE_RETRIES_MS {
            match self.try_store_end(job, end.clone()).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(%error, "the end of a job could not be stored; trying again");
                }
            }
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
        if let Err(error) = self.try_store_end(job, end).await {
            // It stays claimed; the next start queues it again.
            tracing::error!(%error, "the end of a job was not stored");
        }
    }

    async fn try_store_end(&self, job: &Job, end: JobEnd) -> Result<(), StoreError> {
        let id = job.id;
        let now = Timestamp::now();
        self.store()
            .write(move |tx| {
                // Each says whether it did; a job that was cancelled meanwhile stays so.
                match end {
                    JobEnd::Stored => false,
                    JobEnd::Done => jobs::finish(tx, id, JobStatus::Done, None, now)?,
                    JobEnd::Failed { error } => {
                        jobs::finish(tx, id, JobStatus::Failed, Some(&error), now)?
                    }
                    JobEnd::Retry { after_ms, error } => {
                        jobs::requeue(tx, id, now.plus_ms(wait_ms(after_ms)), &error)?
                    }
                    JobEnd::Release => jobs::release(tx, id)?,
                };
                Ok(())
            })
            .await
    }
}

fn wait_ms(ms: u64) -> i64 {
    i64::try_from(ms).unwrap_or(i64::MAX)
}

/// Runs the handler; a panic becomes a failure and never reaches the pool.
async fn run_guarded(handler: Arc<dyn Handler>, job: &Job, interrupt: Interrupt) -> JobEnd {
    let run = AssertUnwindSafe(handler.run(job, interrupt));
    match run.catch_unwind().await {
        Ok(end) => end,
        Err(panic) => {
            let error = format!("the job panicked: {}", panic_message(&*panic));
            tracing::error!(error, "a job panicked");
            JobEnd::Failed { error }
        }
    }
}

/// What a panic said.
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

/// Keeps a job known while it runs; forgets it also when the job is dropped in the middle.
struct Registered<'a> {
    pool: &'a Pool,
    subject: Subject,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        let mut running = self.pool.running();
        running.interrupts.remove(&self.subject);
        running.cancelled_early.remove(&self.subject);
    }
}
