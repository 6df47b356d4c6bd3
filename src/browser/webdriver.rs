//! The real browser: a pool of warm workers, kept at a fixed size.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::discover::locate;
use super::driver::{Running, remove_strays};
use super::options::BrowserOptions;
use super::page::WebDriverPage;
use super::worker::{Place, Worker};
use super::{Browser, BrowserError, BrowserHealth, NavigationPolicy, Page};

/// How often a browser that does not start is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// How long a stop waits for pages to be closed before it ends their browsers.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// Chromium through WebDriver.
pub struct WebDriverBrowser {
    pool: Arc<Pool>,
}

impl WebDriverBrowser {
    /// Begins to run browsers, in the background: returns at once, also on a machine without
    /// any. Then `health` says what is missing and `open` answers `Unavailable`, until it is
    /// there. Must be called inside a tokio runtime.
    pub fn start(options: BrowserOptions) -> Arc<Self> {
        let capacity = options.capacity.max(1);
        let pool = Arc::new(Pool {
            slots: Arc::new(Semaphore::new(capacity)),
            capacity,
            options,
            idle: Mutex::default(),
            last_policy: Mutex::default(),
            running: Mutex::default(),
            status: watch::Sender::new(Status::starting()),
            swept: OnceCell::new(),
            stop: CancellationToken::new(),
        });
        tokio::spawn(keep_trying(Arc::downgrade(&pool), pool.stop.clone()));
        Arc::new(Self { pool })
    }
}

impl Drop for WebDriverBrowser {
    fn drop(&mut self) {
        self.pool.stop.cancel();
    }
}

#[async_trait]
impl Browser for WebDriverBrowser {
    async fn open(&self, policy: NavigationPolicy) -> Result<Box<dyn Page>, BrowserError> {
        let lease = Pool::lease(&self.pool).await?;
        let (mut worker, fresh) = self.pool.take(&policy).await?;
        let window = match worker.open(&policy).await {
            Ok(window) => window,
            // A browser may have died since it was last used: then a new one serves.
            Err(BrowserError::Gone(reason)) if !fresh => {
                tracing::warn!(reason, "an idle browser was gone");
                drop(worker);
                worker = self.pool.start_worker(&policy).await?;
                worker.open(&policy).await?
            }
            Err(error) => return Err(error),
        };
        let options = &self.pool.options;
        let page = WebDriverPage::new(worker, lease, policy, window, options);
        Ok(Box::new(page))
    }

    fn health(&self) -> BrowserHealth {
        let status = self.pool.status.borrow().clone();
        BrowserHealth {
            ok: status.ok,
            version: status.version,
            problem: status.problem,
            capacity: self.pool.capacity,
            in_use: self.pool.capacity - self.pool.slots.available_permits(),
        }
    }

    async fn shutdown(&self) {
        let pool = &self.pool;
        pool.stop.cancel();
        let all = u32::try_from(pool.capacity).unwrap_or(u32::MAX);
        let waiting = pool.slots.acquire_many(all);
        if tokio::time::timeout(STOP_GRACE, waiting).await.is_err() {
            tracing::warn!("pages were still open when their browsers were ended");
        }
        pool.slots.close();
        drop(std::mem::take(&mut *lock(&pool.idle)));
        let running = std::mem::take(&mut *lock(&pool.running));
        for driver in running.iter().filter_map(Weak::upgrade) {
            driver.end();
        }
    }
}

/// How the pool stands.
#[derive(Debug, Clone)]
struct Status {
    ok: bool,
    version: String,
    problem: String,
}

impl Status {
    fn starting() -> Self {
        Self {
            ok: false,
            version: String::new(),
            problem: "the browser is starting".to_owned(),
        }
    }
}

/// Workers, idle and counted.
pub(super) struct Pool {
    options: BrowserOptions,
    capacity: usize,
    slots: Arc<Semaphore>,
    idle: Mutex<Vec<Worker>>,
    last_policy: Mutex<NavigationPolicy>,
    running: Mutex<Vec<Weak<Running>>>,
    status: watch::Sender<Status>,
    swept: OnceCell<()>,
    stop: CancellationToken,
}

/// The right to one worker. Gives the worker back, or only its place when it is lost.
pub(super) struct Lease {
    pool: Arc<Pool>,
    _slot: OwnedSemaphorePermit,
}

impl Lease {
    /// Takes a worker back after an episode: it forgets the episode, prepares the next context
    /// and becomes idle. A worker that is used up is ended.
    pub(super) async fn give_back(self, mut worker: Worker) -> Result<(), BrowserError> {
        let pool = Arc::clone(&self.pool);
        if !worker.makes_contexts() || worker.served >= pool.options.recycle_after.max(1) {
            worker.end().await;
            return Ok(());
        }
        worker.close().await?;
        // The next page waits for this place, so nothing is gained by waiting here.
        tokio::spawn(async move {
            let policy = lock(&pool.last_policy).clone();
            match worker.prepare(&policy).await {
                Ok(()) if !pool.stop.is_cancelled() => lock(&pool.idle).push(worker),
                Ok(()) => drop(worker),
                Err(error) => tracing::warn!(%error, "a browser was lost after its episode"),
            }
            drop(self);
        });
        Ok(())
    }
}

impl Pool {
    async fn lease(pool: &Arc<Self>) -> Result<Lease, BrowserError> {
        let stopping = || BrowserError::Unavailable("the browser is shutting down".to_owned());
        let slot = tokio::select! {
            biased;
            () = pool.stop.cancelled() => return Err(stopping()),
            slot = Arc::clone(&pool.slots).acquire_owned() => slot.map_err(|_| stopping())?,
        };
        Ok(Lease {
            pool: Arc::clone(pool),
            _slot: slot,
        })
    }

    /// A living worker, and whether it was started just now.
    async fn take(&self, policy: &NavigationPolicy) -> Result<(Worker, bool), BrowserError> {
        self.last_policy_is(policy);
        loop {
            let idle = lock(&self.idle).pop();
            let Some(mut worker) = idle else {
                return Ok((self.start_worker(policy).await?, true));
            };
            if worker.is_alive() {
                return Ok((worker, false));
            }
        }
    }

    fn last_policy_is(&self, policy: &NavigationPolicy) {
        let mut last = lock(&self.last_policy);
        if *last != *policy {
            last.clone_from(policy);
        }
    }

    /// Starts a worker and notes how that went.
    async fn start_worker(&self, policy: &NavigationPolicy) -> Result<Worker, BrowserError> {
        let started = self.try_start(policy).await;
        match &started {
            Ok(worker) => {
                if let Some(running) = worker.running() {
                    let mut all = lock(&self.running);
                    all.retain(|driver| driver.strong_count() > 0);
                    all.push(running);
                }
                // Running without contexts works, but costs; it must not go unseen.
                let problem = match &worker.no_socket {
                    Some(reason) if self.options.remote_urls.is_empty() => {
                        format!(
                            "every episode starts a browser of its own, which is slow: {reason}"
                        )
                    }
                    _ => String::new(),
                };
                self.status.send_replace(Status {
                    ok: true,
                    version: worker.version.clone(),
                    problem,
                });
            }
            Err(error) => {
                let problem = error.to_string();
                tracing::warn!(problem, "no browser");
                self.status.send_modify(|status| {
                    status.ok = false;
                    status.problem = problem;
                });
            }
        }
        started
    }

    async fn try_start(&self, policy: &NavigationPolicy) -> Result<Worker, BrowserError> {
        self.swept.get_or_init(|| self.sweep()).await;
        let remote = &self.options.remote_urls;
        if !remote.is_empty() {
            let turn = self.slots.available_permits() % remote.len();
            return Worker::start(Place::Remote(&remote[turn]), &self.options, policy).await;
        }
        let (driver, browser) = locate(&self.options).map_err(BrowserError::Unavailable)?;
        let place = Place::Local {
            driver: Path::new(&driver),
            browser: Path::new(&browser),
        };
        Worker::start(place, &self.options, policy).await
    }

    /// Removes what a killed server left behind, once, before the first browser starts.
    async fn sweep(&self) {
        let profiles = self.options.profiles_dir.clone();
        match tokio::task::spawn_blocking(move || remove_strays(&profiles)).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "removed browsers of an earlier run"),
            Err(error) => tracing::warn!(%error, "looking for stray browsers failed"),
        }
    }
}

/// Starts the first worker, and again whenever no browser could be started.
async fn keep_trying(pool: Weak<Pool>, stop: CancellationToken) {
    let Some(mut status) = pool.upgrade().map(|pool| pool.status.subscribe()) else {
        return;
    };
    let trying = async {
        loop {
            {
                let Some(pool) = pool.upgrade() else { return };
                if let Ok(lease) = Pool::lease(&pool).await {
                    // An episode may have started one while this waited for its turn.
                    if !pool.status.borrow().ok {
                        warm(&pool, lease).await;
                    }
                }
            }
            if status.borrow_and_update().ok {
                let broken = status.wait_for(|status| !status.ok).await;
                if broken.is_err() {
                    return;
                }
            }
            tokio::time::sleep(RETRY).await;
        }
    };
    tokio::select! {
        () = stop.cancelled() => {}
        () = trying => {}
    }
}

async fn warm(pool: &Arc<Pool>, lease: Lease) {
    let policy = lock(&pool.last_policy).clone();
    // Errors are in the status already.
    if let Ok(worker) = pool.start_worker(&policy).await {
        if worker.makes_contexts() && !pool.stop.is_cancelled() {
            lock(&pool.idle).push(worker);
        } else {
            worker.end().await;
        }
    }
    drop(lease);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
