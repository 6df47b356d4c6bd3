//! The pool: bounded, fair, durable; no wake-up is lost, no panic ends it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use agentarena::domain::ids::UserId;
use agentarena::domain::time::Timestamp;
use agentarena::jobs::{Cause, Handler, Interrupt, Job, JobEnd, Pool, PoolSettings};
use agentarena::store::Store;
use agentarena::store::jobs::{self, NewJob};
use async_trait::async_trait;
use tokio::sync::{Notify, mpsc};

use crate::support::arena::{open_store, person, within};

const KIND: &str = "test";

/// What the handler does with a job.
type Work =
    dyn Fn(&Job, Interrupt) -> futures_util::future::BoxFuture<'static, JobEnd> + Send + Sync;

/// Runs a closure and keeps what it saw.
struct Recording {
    work: Box<Work>,
    ready: AtomicBool,
    running: Arc<AtomicUsize>,
    most: AtomicUsize,
    seen: mpsc::UnboundedSender<String>,
}

#[async_trait]
impl Handler for Recording {
    async fn run(&self, job: &Job, interrupt: Interrupt) -> JobEnd {
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(running, Ordering::SeqCst);
        let _guard = Leaves(Arc::clone(&self.running));
        // The test may have stopped listening.
        let _ = self.seen.send(job.subject_id.clone());
        (self.work)(job, interrupt).await
    }

    fn ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }
}

struct Leaves(Arc<AtomicUsize>);

impl Drop for Leaves {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

struct Fixture {
    store: Store,
    pool: Pool,
    handler: Arc<Recording>,
    seen: mpsc::UnboundedReceiver<String>,
}

fn fixture<F, R>(store: &Store, owner: &str, parallel: usize, work: F) -> Fixture
where
    F: Fn(String, u32, Interrupt) -> R + Send + Sync + 'static,
    R: Future<Output = JobEnd> + Send + 'static,
{
    let (seen, received) = mpsc::unbounded_channel();
    let handler = Arc::new(Recording {
        work: Box::new(move |job, interrupt| {
            Box::pin(work(job.subject_id.clone(), job.attempts, interrupt))
        }),
        ready: AtomicBool::new(true),
        running: Arc::default(),
        most: AtomicUsize::new(0),
        seen,
    });
    let settings = PoolSettings {
        parallel,
        lease_ms: 60_000,
        shutdown_grace_ms: 20,
    };
    let handlers: HashMap<String, Arc<dyn Handler>> =
        HashMap::from([(KIND.to_owned(), Arc::clone(&handler) as Arc<dyn Handler>)]);
    Fixture {
        store: store.clone(),
        pool: Pool::new(store.clone(), owner, settings, handlers),
        handler,
        seen: received,
    }
}

async fn enqueue(store: &Store, subject: &str, user: Option<UserId>) {
    let subject = subject.to_owned();
    store
        .write(move |tx| {
            let now = Timestamp::now();
            let job = NewJob {
                kind: KIND,
                subject_id: &subject,
                user_id: user,
                priority: 0,
                run_after: now,
            };
            jobs::enqueue(tx, &job, now)
        })
        .await
        .expect("the job is stored");
}

/// Whether a job waits, runs or how it is over, and how often it was claimed.
async fn state(store: &Store, subject: &str) -> (String, u32) {
    let subject = subject.to_owned();
    let found = store
        .read(move |db| jobs::status_of(db, KIND, &subject))
        .await
        .expect("readable");
    let (job, status) = found.expect("the job is there");
    (status, job.attempts)
}

fn drain(seen: &mut mpsc::UnboundedReceiver<String>) -> Vec<String> {
    let mut subjects = Vec::new();
    while let Ok(subject) = seen.try_recv() {
        subjects.push(subject);
    }
    subjects
}

#[tokio::test]
async fn a_hundred_jobs_run_once_each_and_never_more_than_allowed_at_once() {
    let (_dir, store) = open_store();
    let mut fixture = fixture(&store, "p1", 4, |_, _, _| async {
        tokio::task::yield_now().await;
        JobEnd::Done
    });
    fixture.pool.start();
    let mut finished = Vec::new();
    within("a hundred jobs", async {
        for n in 0..100 {
            enqueue(&store, &format!("job-{n:03}"), None).await;
            fixture.pool.wake();
        }
        while finished.len() < 100 {
            finished.push(fixture.seen.recv().await.expect("the pool lives"));
        }
    })
    .await;
    within("stopping", fixture.pool.stop()).await;
    finished.sort();
    finished.dedup();
    assert_eq!(finished.len(), 100);
    assert!(fixture.handler.most.load(Ordering::SeqCst) <= 4);
    assert_eq!(state(&store, "job-099").await, ("done".to_owned(), 1));
}

#[tokio::test]
async fn a_wake_up_between_two_looks_is_not_lost() {
    let (_dir, store) = open_store();
    let mut fixture = fixture(&store, "p1", 1, |_, _, _| async { JobEnd::Done });
    fixture.pool.start();
    for n in 0..50 {
        enqueue(&store, &format!("job-{n}"), None).await;
        fixture.pool.wake();
        // The pool is about to wait, or waits already, or is looking: all must end here.
        within("the job", fixture.seen.recv())
            .await
            .expect("it ran");
    }
    within("stopping", fixture.pool.stop()).await;
}

#[tokio::test]
async fn people_take_turns_however_many_jobs_one_has() {
    let (_dir, store) = open_store();
    let (ada, bob) = (person(&store, "ada").await, person(&store, "bob").await);
    for n in 0..6 {
        enqueue(&store, &format!("ada-{n}"), Some(ada)).await;
    }
    for n in 0..2 {
        enqueue(&store, &format!("bob-{n}"), Some(bob)).await;
    }
    let mut fixture = fixture(&store, "p1", 1, |_, _, _| async { JobEnd::Done });
    within("running", fixture.pool.run_until_idle()).await;
    let order = drain(&mut fixture.seen);
    let last_of_bob = order.iter().rposition(|subject| subject.starts_with("bob"));
    assert!(last_of_bob.expect("bob had a turn") <= 3, "{order:?}");
}

#[tokio::test]
async fn a_retry_waits_its_time_and_counts() {
    let (_dir, store) = open_store();
    enqueue(&store, "flaky", None).await;
    let mut fixture = fixture(&store, "p1", 2, |_, attempts, _| async move {
        if attempts < 3 {
            JobEnd::Retry {
                after_ms: 5,
                error: "not yet".into(),
            }
        } else {
            JobEnd::Done
        }
    });
    within("running", fixture.pool.run_until_idle()).await;
    assert_eq!(drain(&mut fixture.seen).len(), 3);
    assert_eq!(state(&store, "flaky").await, ("done".to_owned(), 3));
}

#[tokio::test]
async fn a_panic_fails_its_job_and_not_the_pool() {
    let (_dir, store) = open_store();
    enqueue(&store, "a-bad", None).await;
    enqueue(&store, "b-good", None).await;
    let fixture = fixture(&store, "p1", 1, |subject, _, _| async move {
        assert!(subject != "a-bad", "planned");
        JobEnd::Done
    });
    within("running", fixture.pool.run_until_idle()).await;
    assert_eq!(state(&store, "a-bad").await.0, "failed");
    assert_eq!(state(&store, "b-good").await.0, "done");
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_and_a_running_one_is_interrupted() {
    let (_dir, store) = open_store();
    enqueue(&store, "a-running", None).await;
    enqueue(&store, "b-waiting", None).await;
    let told = Arc::new(Notify::new());
    let tell = Arc::clone(&told);
    let mut fixture = fixture(&store, "p1", 1, move |_, _, interrupt| {
        let tell = Arc::clone(&tell);
        async move {
            assert_eq!(interrupt.raised().await, Cause::Cancelled);
            tell.notify_one();
            JobEnd::Done
        }
    });
    fixture.pool.start();
    within("starting", fixture.seen.recv())
        .await
        .expect("it runs");
    assert!(
        fixture
            .pool
            .cancel(KIND, "b-waiting")
            .await
            .expect("stored")
    );
    assert!(
        fixture
            .pool
            .cancel(KIND, "a-running")
            .await
            .expect("stored")
    );
    within("the interrupt", told.notified()).await;
    assert!(
        !fixture
            .pool
            .cancel(KIND, "a-running")
            .await
            .expect("stored")
    );
    within("stopping", fixture.pool.stop()).await;
    assert_eq!(state(&store, "a-running").await.0, "cancelled");
    assert_eq!(
        state(&store, "b-waiting").await,
        ("cancelled".to_owned(), 0)
    );
}

#[tokio::test]
async fn stopping_interrupts_what_outlasts_the_grace_and_leaves_the_rest_queued() {
    let (_dir, store) = open_store();
    enqueue(&store, "a-long", None).await;
    enqueue(&store, "b-next", None).await;
    let mut fixture = fixture(&store, "p1", 1, |_, _, interrupt| async move {
        assert_eq!(interrupt.raised().await, Cause::Stopping);
        JobEnd::Release
    });
    fixture.pool.start();
    within("starting", fixture.seen.recv())
        .await
        .expect("it runs");
    within("stopping", fixture.pool.stop()).await;
    assert_eq!(state(&store, "a-long").await, ("queued".to_owned(), 0));
    assert_eq!(state(&store, "b-next").await, ("queued".to_owned(), 0));
    assert!(
        drain(&mut fixture.seen).is_empty(),
        "nothing began after the stop"
    );
}

#[test]
fn what_a_dead_process_had_claimed_is_queued_again_once() {
    let (dir, store) = open_store();
    let runtime = || tokio::runtime::Runtime::new().expect("a runtime");
    let first = runtime();
    first.block_on(async {
        enqueue(&store, "job", None).await;
        let mut dying = fixture(&store, "p1", 1, |_, _, _| std::future::pending());
        dying.pool.start();
        within("starting", dying.seen.recv())
            .await
            .expect("it runs");
    });
    drop(store);
    first.shutdown_timeout(Duration::from_secs(5));

    runtime().block_on(async {
        let store = crate::support::arena::reopen(dir.path());
        assert_eq!(state(&store, "job").await, ("running".to_owned(), 1));
        let mut next = fixture(&store, "p2", 1, |_, _, _| async { JobEnd::Done });
        assert_eq!(next.pool.recover().await.expect("recovered"), 1);
        assert_eq!(next.pool.recover().await.expect("recovered"), 0);
        within("running", next.pool.run_until_idle()).await;
        assert_eq!(drain(&mut next.seen), ["job"]);
        assert_eq!(state(&store, "job").await, ("done".to_owned(), 1));
    });
}

#[tokio::test]
async fn a_kind_that_is_not_ready_waits_until_someone_wakes_the_pool() {
    let (_dir, store) = open_store();
    let mut fixture = fixture(&store, "p1", 1, |_, _, _| async { JobEnd::Done });
    fixture.handler.ready.store(false, Ordering::SeqCst);
    enqueue(&store, "job", None).await;
    within("looking", fixture.pool.run_until_idle()).await;
    assert_eq!(state(&fixture.store, "job").await, ("queued".to_owned(), 0));
    fixture.pool.start();
    fixture.handler.ready.store(true, Ordering::SeqCst);
    fixture.pool.wake();
    within("the job", fixture.seen.recv())
        .await
        .expect("it ran");
    within("stopping", fixture.pool.stop()).await;
}
