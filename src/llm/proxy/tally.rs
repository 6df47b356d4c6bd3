//! What an episode's agent has called: finished calls until they are fetched, how many are under
//! way, and the budget that did not have one.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::watch;

use crate::domain::budget::OverBudget;
use crate::llm::ModelCall;
use crate::llm::proxy::refusal::{Refusal, Why};

/// Calls that may wait or be under way at once.
const MAX_OPEN: usize = 256;

/// Calls that one episode may make.
const MAX_CALLS: usize = 10_000;

/// How much of requests and replies is kept until it is fetched, in bytes.
const MAX_KEPT_BYTES: usize = 64 * 1024 * 1024;

/// The calls of one episode.
#[derive(Debug)]
pub(super) struct Tally {
    finished: Mutex<Finished>,
    under_way: AtomicUsize,
    made: AtomicUsize,
    over: watch::Sender<Option<OverBudget>>,
}

#[derive(Debug, Default)]
struct Finished {
    calls: Vec<ModelCall>,
    bytes: usize,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            finished: Mutex::default(),
            under_way: AtomicUsize::new(0),
            made: AtomicUsize::new(0),
            over: watch::Sender::new(None),
        }
    }
}

/// A call that counts as under way.
#[derive(Debug)]
pub(super) struct UnderWay<'a>(&'a Tally);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Tally {
    /// Counts a call that begins.
    pub(super) fn begin(&self) -> Result<UnderWay<'_>, Refusal> {
        let before = self.under_way.fetch_add(1, Ordering::Relaxed);
        let counted = UnderWay(self);
        if before >= MAX_OPEN {
            let message = format!("{MAX_OPEN} calls of this episode are under way already.");
            return Err(Refusal::new(Why::Busy, message));
        }
        if self.made.fetch_add(1, Ordering::Relaxed) >= MAX_CALLS {
            let message = format!("An episode makes at most {MAX_CALLS} calls to models.");
            return Err(Refusal::new(Why::Forbidden, message));
        }
        Ok(counted)
    }

    /// Keeps a finished call, whose request and reply are of so many bytes.
    pub(super) fn finish(&self, mut call: ModelCall, bytes: usize) {
        let mut finished = self.lock();
        if finished.bytes.saturating_add(bytes) > MAX_KEPT_BYTES {
            let why = "the calls of this turn were too large to be kept";
            call.exchange = json!({ "request": null, "response": null, "omitted": why });
        } else {
            finished.bytes += bytes;
        }
        finished.calls.push(call);
    }

    pub(super) fn take(&self) -> Vec<ModelCall> {
        std::mem::take(&mut *self.lock()).calls
    }

    /// A budget did not have a call. The first one counts.
    pub(super) fn refuse(&self, over: OverBudget) {
        self.over.send_if_modified(|known| {
            let is_first = known.is_none();
            known.get_or_insert(over);
            is_first
        });
    }

    pub(super) async fn over_budget(&self) -> OverBudget {
        let mut news = self.over.subscribe();
        loop {
            if let Some(over) = *news.borrow_and_update() {
                return over;
            }
            if news.changed().await.is_err() {
                // The sender lives as long as this does.
                return std::future::pending().await;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Finished> {
        self.finished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
