//! A generic durable queue and a bounded pool. Knows no job by name: kinds are text, what they
//! do are [`Handler`]s that the caller passes in.

mod interrupt;
mod pool;
mod run;

use async_trait::async_trait;

pub use interrupt::{Cause, Interrupt};
pub use pool::{Pool, PoolSettings};
pub use run::panic_message;

pub use crate::store::jobs::Job;

/// What came of running a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobEnd {
    /// It is done; the pool stores that.
    Done,
    /// The handler stored the end of the job's row itself, in a transaction of its own.
    Stored,
    /// It shall run again after a while.
    Retry {
        /// How long to wait, in milliseconds.
        after_ms: u64,
        /// What went wrong this time.
        error: String,
    },
    /// It cannot be done.
    Failed {
        /// What went wrong.
        error: String,
    },
    /// It was interrupted and shall run again at once, by whoever comes next.
    Release,
}

/// Does the work of one kind of job.
#[async_trait]
pub trait Handler: Send + Sync {
    /// Runs a job. Must return soon after `interrupt` is raised. A panic is caught by the pool
    /// and stored as [`JobEnd::Failed`].
    async fn run(&self, job: &Job, interrupt: Interrupt) -> JobEnd;

    /// Whether jobs of this kind can run now. While it says no, none is claimed; whoever
    /// changes the answer to yes calls [`Pool::wake`].
    fn ready(&self) -> bool {
        true
    }
}
