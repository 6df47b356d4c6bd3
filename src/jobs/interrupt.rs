//! How a running job is told to end early, and why.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use tokio_util::sync::CancellationToken;

/// Why a job shall end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Someone cancelled it: it shall not run again.
    Cancelled,
    /// The process stops: it shall run again after the next start.
    Stopping,
}

/// Tells a running job to end early. Clones are the same interrupt; the first cause stays.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    token: CancellationToken,
    cause: Arc<OnceLock<Cause>>,
    decided: Arc<AtomicBool>,
}

impl Interrupt {
    /// An interrupt that is not raised.
    pub fn new() -> Self {
        Self::default()
    }

    /// Raises it. Later causes are ignored.
    pub fn raise(&self, cause: Cause) {
        // A second cause changes nothing: the job ends for the first one.
        let _ = self.cause.set(cause);
        self.token.cancel();
    }

    /// Notes that what comes of the job is decided: ending it early would change nothing any more.
    pub fn decide(&self) {
        self.decided.store(true, Ordering::SeqCst);
    }

    /// Whether what comes of the job is decided.
    pub fn is_decided(&self) -> bool {
        self.decided.load(Ordering::SeqCst)
    }

    /// The cause, when it was raised.
    pub fn cause(&self) -> Option<Cause> {
        self.cause.get().copied()
    }

    /// Waits until it is raised.
    pub async fn raised(&self) -> Cause {
        self.token.cancelled().await;
        self.cause().unwrap_or(Cause::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_cause_stays_and_reaches_every_clone() {
        let interrupt = Interrupt::new();
        let clone = interrupt.clone();
        assert_eq!(clone.cause(), None);
        assert!(!clone.is_decided());
        interrupt.raise(Cause::Stopping);
        interrupt.raise(Cause::Cancelled);
        assert_eq!(clone.raised().await, Cause::Stopping);
        interrupt.decide();
        assert!(clone.is_decided());
    }
}
