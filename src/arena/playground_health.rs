//! Watches how the playground stands, tells whoever wants to know, and wakes the pool when
//! submissions that waited can run.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::jobs::Pool;
use crate::playground::{Playground, PlaygroundHealth};

/// Watches a playground until it is dropped.
pub struct PlaygroundMonitor {
    health: watch::Receiver<PlaygroundHealth>,
    probe: JoinHandle<()>,
}

impl PlaygroundMonitor {
    /// Begins to ask the playground how it stands, every `period`. Asking costs no I/O.
    pub fn start(playground: Arc<dyn Playground>, pool: Pool, period: Duration) -> Self {
        let (sender, health) = watch::channel(playground.health());
        let probe = tokio::spawn(probe(playground, pool, period, sender));
        Self { health, probe }
    }

    /// How the playground stood when it was last asked.
    pub fn current(&self) -> PlaygroundHealth {
        self.health.borrow().clone()
    }

    /// For whoever wants to be told of changes.
    pub fn watch(&self) -> watch::Receiver<PlaygroundHealth> {
        self.health.clone()
    }
}

impl Drop for PlaygroundMonitor {
    fn drop(&mut self) {
        self.probe.abort();
    }
}

async fn probe(
    playground: Arc<dyn Playground>,
    pool: Pool,
    period: Duration,
    sender: watch::Sender<PlaygroundHealth>,
) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = playground.health();
        let was_ok = sender.borrow().ok;
        if now.ok && !was_ok {
            tracing::info!(version = now.version, "the playground is ready");
        } else if was_ok && !now.ok {
            tracing::error!(
                problem = now.problem,
                "the playground is not healthy; submissions wait"
            );
        }
        let recovered = now.ok && !was_ok;
        sender.send_if_modified(|health| {
            let changed = *health != now;
            *health = now;
            changed
        });
        if recovered {
            pool.wake();
        }
    }
}
