//! The bounded pool: claims due jobs, runs them, stores how they ended, renews leases.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinError, JoinHandle, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::domain::time::Timestamp;
use crate::jobs::{Cause, Handler, Interrupt, Job};
use crate::store::jobs::JobStatus;
use crate::store::{self, Store, StoreError};

/// How long the pool waits before it asks a database that failed again.
const AFTER_STORE_ERROR: Duration = Duration::from_secs(1);

/// How long jobs have to return once they were interrupted, before they are dropped.
const AFTER_INTERRUPT: Duration = Duration::from_secs(10);

/// Bounds of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSettings {
    /// Jobs that run at once; at least 1.
    pub parallel: usize,
    /// How long a claim holds without being renewed.
    pub lease_ms: u64,
    /// How long running jobs may go on after [`Pool::stop`].
    pub shutdown_grace_ms: u64,
}

/// A bounded pool over the durable queue. Clones are the same pool.
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    owner: String,
    settings: PoolSettings,
    handlers: HashMap<String, Arc<dyn Handler>>,
    wake: Notify,
    stopping: CancellationToken,
    running: Mutex<Running>,
    dispatcher: Mutex<Option<JoinHandle<()>>>,
}

/// What is running in this process, by kind and subject.
#[derive(Default)]
pub(super) struct Running {
    pub(super) interrupts: HashMap<Subject, Interrupt>,
    /// Cancelled between the claim in the database and the start in this process.
    pub(super) cancelled_early: HashSet<Subject>,
    /// The grace period is over: whatever still begins is interrupted at once.
    pub(super) draining: bool,
}

/// Kind and subject of a job.
pub(super) type Subject = (String, String);

/// How long the dispatcher goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    Stopped,
    Idle,
}

impl Pool {
    /// A pool that does not run yet. `owner` names this process in claims and is different at
    /// every start.
    pub fn new(
        store: Store,
        owner: impl Into<String>,
        settings: PoolSettings,
        handlers: HashMap<String, Arc<dyn Handler>>,
    ) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                owner: owner.into(),
                settings,
                handlers,
                wake: Notify::new(),
                stopping: CancellationToken::new(),
                running: Mutex::default(),
                dispatcher: Mutex::default(),
            }),
        }
    }

    /// Queues every job again that a dead process had claimed. Call it before [`Pool::start`];
    /// the caller owns the data directory, so every other claimant is dead. Returns how many.
    pub async fn recover(&self) -> Result<usize, StoreError> {
        let owner = self.inner.owner.clone();
        self.inner
            .store
            .write(move |tx| Ok(store::jobs::recover(tx, &owner)?.len()))
            .await
    }

    /// Begins to run jobs in the background.
    pub fn start(&self) {
        let pool = self.clone();
        let handle = tokio::spawn(async move { pool.dispatch(Until::Stopped).await });
        *self.dispatcher() = Some(handle);
    }

    /// Runs jobs until none is queued or running, waiting for those that are due later. Jobs of
    /// kinds that are not ready are left.
    pub async fn run_until_idle(&self) {
        self.dispatch(Until::Idle).await;
    }

    /// Looks for work: call it after a job was queued, and when a kind has become ready.
    pub fn wake(&self) {
        // One permit is kept when the dispatcher is not waiting, so no wake-up is lost.
        self.inner.wake.notify_one();
    }

    /// Cancels the job about a subject: one that waits never runs, one that runs is
    /// interrupted. Says whether there was one that had not ended.
    pub async fn cancel(&self, kind: &str, subject_id: &str) -> Result<bool, StoreError> {
        let (stored_kind, stored_subject) = (kind.to_owned(), subject_id.to_owned());
        let cancelled = self
            .inner
            .store
            .write(move |tx| {
                store::jobs::finish_subject(
                    tx,
                    &stored_kind,
                    &stored_subject,
                    JobStatus::Cancelled,
                    Timestamp::now(),
                )
            })
            .await?;
        if cancelled {
            self.interrupt(kind, subject_id);
        }
        Ok(cancelled)
    }

    /// Interrupts a job that runs as cancelled, also when it was claimed but has not begun. For
    /// a caller that stored the cancellation in a transaction of its own; see [`Pool::cancel`].
    pub fn interrupt(&self, kind: &str, subject_id: &str) {
        let subject = (kind.to_owned(), subject_id.to_owned());
        let mut running = self.running();
        match running.interrupts.get(&subject) {
            Some(interrupt) => interrupt.raise(Cause::Cancelled),
            None => {
                running.cancelled_early.insert(subject);
            }
        }
    }

    /// Whether a job runs whose outcome is decided and only has to be stored.
    pub fn is_decided(&self, kind: &str, subject_id: &str) -> bool {
        let subject = (kind.to_owned(), subject_id.to_owned());
        let running = self.running();
        let interrupt = running.interrupts.get(&subject);
        interrupt.is_some_and(Interrupt::is_decided)
    }

    /// Stops claiming, lets running jobs finish for the grace period, then interrupts them, so
    /// that they are queued again. Returns when none runs any more.
    pub async fn stop(&self) {
        self.inner.stopping.cancel();
        let dispatcher = self.dispatcher().take();
        if let Some(dispatcher) = dispatcher
            && let Err(error) = dispatcher.await
        {
            tracing::error!(%error, "the job pool broke off");
        }
    }

    pub(super) fn running(&self) -> MutexGuard<'_, Running> {
        // Every operation on the maps is complete in itself, a panic cannot leave them half done.
        self.inner
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn dispatcher(&self) -> MutexGuard<'_, Option<JoinHandle<()>>> {
        self.inner
            .dispatcher
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    async fn dispatch(&self, until: Until) {
        let mut jobs = JoinSet::new();
        let lease = Duration::from_millis(self.inner.settings.lease_ms);
        let mut renew_at = Instant::now() + lease / 3;
        while !self.inner.stopping.is_cancelled() {
            // Registered before the queue is read: what is queued from here on wakes us.
            let woken = self.inner.wake.notified();
            tokio::pin!(woken);
            woken.as_mut().enable();

            let next_due = match self.fill(&mut jobs).await {
                Ok(next_due) => next_due,
                Err(error) => {
                    tracing::error!(%error, "the job queue could not be read");
                    Some(Instant::now() + AFTER_STORE_ERROR)
                }
            };
            if until == Until::Idle && jobs.is_empty() && next_due.is_none() {
                return;
            }
            let timer = next_due.map_or(renew_at, |due| due.min(renew_at));
            tokio::select! {
                () = self.inner.stopping.cancelled() => {}
                () = &mut woken => {}
                Some(ended) = jobs.join_next(), if !jobs.is_empty() => report_join(&ended),
                () = tokio::time::sleep_until(timer) => {}
            }
            if Instant::now() >= renew_at {
                renew_at = Instant::now() + lease / 3;
                self.renew_leases().await;
            }
        }
        self.drain(jobs).await;
    }

    /// Claims as many jobs as there are free places and starts them. Returns when the next
    /// queued job is due, when a place is free for it.
    async fn fill(&self, jobs: &mut JoinSet<()>) -> Result<Option<Instant>, StoreError> {
        while let Some(ended) = jobs.try_join_next() {
            report_join(&ended);
        }
        let free = self.inner.settings.parallel.max(1) - jobs.len();
        let kinds = self.ready_kinds();
        if free == 0 || kinds.is_empty() {
            return Ok(None);
        }
        let now = Timestamp::now();
        let claimed = self.claim(kinds, free, now).await?;
        let full = claimed.len() == free;
        for job in claimed {
            let pool = self.clone();
            let span = tracing::info_span!(
                "job", job.id = %job.id, job.kind = %job.kind, job.subject = %job.subject_id
            );
            jobs.spawn(async move { pool.run_one(job).await }.instrument(span));
        }
        if full {
            return Ok(None);
        }
        let due = self
            .inner
            .store
            .read(move |db| store::jobs::next_due_after(db, now))
            .await?;
        Ok(due.map(|due| {
            let wait = u64::try_from(due.ms_since(Timestamp::now())).unwrap_or(0);
            Instant::now() + Duration::from_millis(wait)
        }))
    }

    /// Claims up to `limit` jobs in one short write. Reads first, so that an empty queue costs
    /// no write.
    async fn claim(
        &self,
        kinds: Vec<String>,
        limit: usize,
        now: Timestamp,
    ) -> Result<Vec<Job>, StoreError> {
        let due = self.inner.store.read(store::jobs::next_due).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(Vec::new());
        }
        let owner = self.inner.owner.clone();
        let lease_until = self.lease_until(now);
        self.inner
            .store
            .write(move |tx| {
                let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
                let mut claimed = Vec::new();
                while claimed.len() < limit
                    && let Some(job) = store::jobs::claim(tx, &owner, &kinds, lease_until, now)?
                {
                    claimed.push(job);
                }
                Ok(claimed)
            })
            .await
    }

    async fn renew_leases(&self) {
        let owner = self.inner.owner.clone();
        let lease_until = self.lease_until(Timestamp::now());
        let renewed = self
            .inner
            .store
            .write(move |tx| store::jobs::renew_leases(tx, &owner, lease_until))
            .await;
        if let Err(error) = renewed {
            tracing::error!(%error, "the leases of running jobs were not renewed");
        }
    }

    fn lease_until(&self, now: Timestamp) -> Timestamp {
        now.plus_ms(i64::try_from(self.inner.settings.lease_ms).unwrap_or(i64::MAX))
    }

    /// Lets running jobs finish for the grace period, then interrupts them and waits for them to
    /// return. What does not return even then is dropped, and queued again at the next start.
    async fn drain(&self, mut jobs: JoinSet<()>) {
        let grace = Duration::from_millis(self.inner.settings.shutdown_grace_ms);
        if tokio::time::timeout(grace, join_all(&mut jobs))
            .await
            .is_ok()
        {
            return;
        }
        self.interrupt_all();
        if tokio::time::timeout(AFTER_INTERRUPT, join_all(&mut jobs))
            .await
            .is_err()
        {
            tracing::error!(
                jobs = jobs.len(),
                "jobs did not return after they were interrupted; the next start queues them again"
            );
        }
    }

    fn interrupt_all(&self) {
        let mut running = self.running();
        running.draining = true;
        for interrupt in running.interrupts.values() {
            interrupt.raise(Cause::Stopping);
        }
    }

    pub(super) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(super) fn handler(&self, kind: &str) -> Option<Arc<dyn Handler>> {
        self.inner.handlers.get(kind).cloned()
    }

    fn ready_kinds(&self) -> Vec<String> {
        let ready = self
            .inner
            .handlers
            .iter()
            .filter(|(_, handler)| handler.ready());
        ready.map(|(kind, _)| kind.clone()).collect()
    }
}

async fn join_all(jobs: &mut JoinSet<()>) {
    while let Some(ended) = jobs.join_next().await {
        report_join(&ended);
    }
}

/// A job's own panics are caught around its handler, so this is a fault of the pool.
fn report_join(ended: &Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a job broke off");
    }
}
