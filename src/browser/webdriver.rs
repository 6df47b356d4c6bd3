//! The real browser: a pool of warm workers, kept at a fixed size.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::discover::locate;
use super::driver::{Running, remove_strays};
use super::options::{BrowserOptions, DEVICE_SCALE_FACTOR, LOCALE, TIMEZONE};
use super::page::WebDriverPage;
use super::tracker::Tabs;
use super::worker::{Place, Worker};
use super::{Browser, BrowserError, BrowserHealth, NavigationPolicy, Page};
use crate::domain::manifest::BrowserSetup;
use crate::domain::viewport::Viewport;

/// How often a browser that does not start is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// After so many episodes each, a browser's memory is looked at.
const MEMORY_CHECK_EVERY: u32 = 8;
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
            slots: Arc::new(Semaphore::new(options.places())),
            capacity,
            options,
            workers: Mutex::default(),
            starting: tokio::sync::Mutex::default(),
            running: Mutex::default(),
            status: watch::Sender::new(Status::starting()),
            swept: OnceCell::new(),
            stop: CancellationToken::new(),
        });
        tokio::spawn(keep_trying(Arc::downgrade(&pool), pool.stop.clone()));
        Arc::new(Self { pool })
    }

    /// Waits until no browser is busy with getting ready for an episode to come.
    pub async fn at_rest(&self) {
        let workers: Vec<_> = lock(&self.pool.workers)
            .iter()
            .map(|staffed| Arc::clone(&staffed.worker))
            .collect();
        for worker in workers {
            worker.at_rest().await;
        }
    }

    fn page(
        &self,
        seat: Seat,
        tabs: Tabs,
        window: String,
        policy: NavigationPolicy,
    ) -> Box<dyn Page> {
        let options = &self.pool.options;
        Box::new(WebDriverPage::new(seat, tabs, window, policy, options))
    }
}

impl Drop for WebDriverBrowser {
    fn drop(&mut self) {
        self.pool.stop.cancel();
    }
}

#[async_trait]
impl Browser for WebDriverBrowser {
    async fn open(
        &self,
        policy: NavigationPolicy,
        viewport: Viewport,
    ) -> Result<Box<dyn Page>, BrowserError> {
        let slot = Pool::slot(&self.pool).await?;
        let (seat, fresh) = Pool::seat(&self.pool, slot, &policy).await?;
        match seat.worker.open(&policy, viewport).await {
            Ok((tabs, window)) => Ok(self.page(seat, tabs, window, policy)),
            // A browser may have died since it was last used: then a new one serves.
            Err(BrowserError::Gone(reason)) if !fresh => {
                tracing::warn!(reason, "an idle browser was gone");
                seat.worker.retire();
                let (seat, _) = Pool::seat(&self.pool, seat.leave(), &policy).await?;
                let (tabs, window) = seat.worker.open(&policy, viewport).await?;
                Ok(self.page(seat, tabs, window, policy))
            }
            Err(error) => {
                seat.worker.retire();
                Err(error)
            }
        }
    }

    fn health(&self) -> BrowserHealth {
        let status = self.pool.status.borrow().clone();
        BrowserHealth {
            ok: status.ok,
            version: status.version,
            problem: status.problem,
            capacity: self.pool.capacity,
            in_use: lock(&self.pool.workers)
                .iter()
                .filter(|staffed| staffed.worker.is_acting())
                .count(),
        }
    }

    fn setup(&self) -> BrowserSetup {
        let version = self.pool.status.borrow().version.clone();
        let (browser, driver) = match version.split_once(", ") {
            Some((browser, driver)) => (browser.to_owned(), Some(driver.to_owned())),
            None => (version, None),
        };
        // The clock of a machine elsewhere is its own.
        let is_here = self.pool.options.remote_urls.is_empty();
        BrowserSetup {
            browser: Some(browser).filter(|browser| !browser.is_empty()),
            driver,
            viewport: Some(Viewport::STANDARD),
            device_scale_factor: Some(DEVICE_SCALE_FACTOR),
            locale: Some(LOCALE.to_owned()),
            timezone: is_here.then(|| TIMEZONE.to_owned()),
            user_agent: None,
        }
    }

    async fn shutdown(&self) {
        let pool = &self.pool;
        pool.stop.cancel();
        let all = pool.options.places();
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        let waiting = pool.slots.acquire_many(all);
        if tokio::time::timeout(STOP_GRACE, waiting).await.is_err() {
            tracing::warn!("pages were still open when their browsers were ended");
        }
        pool.slots.close();
        drop(std::mem::take(&mut *lock(&pool.workers)));
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

/// Running browsers and the pages in them.
pub(super) struct Pool {
    options: BrowserOptions,
    capacity: usize,
    slots: Arc<Semaphore>,
    workers: Mutex<Vec<Staffed>>,
    /// Held while a browser starts, so that those who wait for a place can share it.
    starting: tokio::sync::Mutex<()>,
    running: Mutex<Vec<Weak<Running>>>,
    status: watch::Sender<Status>,
    swept: OnceCell<()>,
    stop: CancellationToken,
}

/// A browser and what it serves.
struct Staffed {
    worker: Arc<Worker>,
    /// Pages open now.
    pages: usize,
}

impl Staffed {
    fn has_place(&self, options: &BrowserOptions) -> bool {
        let places = if self.worker.makes_contexts() {
            options.pages_per_browser()
        } else {
            1
        };
        self.pages < places
    }
}

/// A page's place in a browser. Dropping it gives the place back.
pub(super) struct Seat {
    pub(super) worker: Arc<Worker>,
    pool: Arc<Pool>,
    slot: Option<OwnedSemaphorePermit>,
}

impl Seat {
    /// Gives the place in this browser back, but not the right to a page.
    fn leave(mut self) -> Option<OwnedSemaphorePermit> {
        self.slot.take()
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.pool.left(&self.worker);
    }
}

impl Pool {
    async fn slot(pool: &Arc<Self>) -> Result<Option<OwnedSemaphorePermit>, BrowserError> {
        let stopping = || BrowserError::Unavailable("the browser is shutting down".to_owned());
        tokio::select! {
            biased;
            () = pool.stop.cancelled() => Err(stopping()),
            slot = Arc::clone(&pool.slots).acquire_owned() => Ok(Some(slot.map_err(|_| stopping())?)),
        }
    }

    /// A place in a living browser, and whether that was started just now.
    async fn seat(
        pool: &Arc<Self>,
        slot: Option<OwnedSemaphorePermit>,
        policy: &NavigationPolicy,
    ) -> Result<(Seat, bool), BrowserError> {
        let (worker, fresh) = match pool.place() {
            Some(worker) => (worker, false),
            None => pool.place_or_start(policy).await?,
        };
        let pool = Arc::clone(pool);
        Ok((Seat { worker, pool, slot }, fresh))
    }

    async fn place_or_start(
        &self,
        policy: &NavigationPolicy,
    ) -> Result<(Arc<Worker>, bool), BrowserError> {
        let _starting = self.starting.lock().await;
        if let Some(worker) = self.place() {
            return Ok((worker, false));
        }
        let worker = Arc::new(self.start_worker(policy).await?);
        lock(&self.workers).push(Staffed {
            worker: Arc::clone(&worker),
            pages: 1,
        });
        Ok((worker, true))
    }

    /// Takes a place in a browser that runs: an empty one, or the second place of another when
    /// no further browser may start.
    fn place(&self) -> Option<Arc<Worker>> {
        let mut workers = lock(&self.workers);
        let (usable, lost) = std::mem::take(&mut *workers)
            .into_iter()
            .partition(|staffed| staffed.worker.is_usable());
        *workers = usable;
        let full = workers.len() >= self.capacity;
        let free = workers
            .iter_mut()
            .filter(|staffed| staffed.has_place(&self.options) && (full || staffed.pages == 0));
        let taken = free.min_by_key(|staffed| staffed.pages).map(|staffed| {
            staffed.pages += 1;
            Arc::clone(&staffed.worker)
        });
        drop(workers);
        end(lost);
        taken
    }

    /// Notes that a page is gone. A browser that is used up ends with its last page.
    fn left(self: &Arc<Self>, worker: &Arc<Worker>) {
        let mut workers = lock(&self.workers);
        let Some(at) = workers.iter().position(|s| Arc::ptr_eq(&s.worker, worker)) else {
            return;
        };
        let staffed = &mut workers[at];
        staffed.pages -= 1;
        if !worker.makes_contexts() || worker.served() >= self.options.recycle_after.max(1) {
            worker.retire();
        }
        if staffed.pages == 0 && self.options.prepare_ahead {
            worker.keep_spare();
        }
        let check = worker.is_usable() && worker.served().is_multiple_of(MEMORY_CHECK_EVERY);
        let lost = (!worker.is_usable()).then(|| workers.swap_remove(at));
        drop(workers);
        end(lost);
        if check {
            self.check_memory(worker);
        }
    }

    /// Retires a browser that has grown too large.
    fn check_memory(&self, worker: &Arc<Worker>) {
        let Some(running) = worker.running().and_then(|running| running.upgrade()) else {
            return;
        };
        let (worker, limit) = (Arc::clone(worker), self.options.recycle_memory);
        tokio::task::spawn_blocking(move || {
            let bytes = running.memory();
            if bytes > limit {
                tracing::info!(
                    bytes,
                    limit,
                    "a browser has grown too large and is replaced"
                );
                worker.retire();
            }
        });
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
                if let Ok(slot) = Pool::slot(&pool).await {
                    // An episode may have started one while this waited for its turn.
                    if !pool.status.borrow().ok {
                        warm(&pool, slot).await;
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

/// Starts a browser ahead, so that the first episode need not wait for it.
async fn warm(pool: &Arc<Pool>, slot: Option<OwnedSemaphorePermit>) {
    // Errors are in the status already.
    if let Ok((seat, _)) = Pool::seat(pool, slot, &NavigationPolicy::default()).await
        && !seat.worker.makes_contexts()
    {
        seat.worker.end_session().await;
    }
}

/// Ends browsers beside the jobs that run: their profiles are many files.
fn end(lost: impl IntoIterator<Item = Staffed>) {
    let lost: Vec<Staffed> = lost.into_iter().collect();
    if !lost.is_empty() {
        tokio::task::spawn_blocking(move || drop(lost));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
