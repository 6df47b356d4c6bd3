//! What can be done before an episode's turn: a fresh place, an isolated page, the start page
//! loaded in it.

use std::sync::Arc;
use std::time::Instant;

use crate::browser::{NavigationPolicy, Page};
use crate::domain::task::EnvironmentSpec;
use crate::domain::viewport::Viewport;
use crate::environments::Place;
use crate::jobs::Interrupt;
use crate::playground::BrowserPlayground;
use crate::playground::finish::Finish;
use crate::playground::gather::origin_of;
use crate::playground::preamble::preamble;
use crate::playground::steps::elapsed_ms;

/// An episode whose turn has come, ready to begin; or why it cannot.
pub struct Prepared(pub(super) Result<Ready, Finish>);

/// A place and a page that shows its beginning.
pub(super) struct Ready {
    pub(super) place: Box<dyn Place>,
    pub(super) page: Box<dyn Page>,
    /// Time for making both, in milliseconds.
    pub(super) prepared_ms: f64,
}

impl Prepared {
    /// Why no episode can begin; the message is for a report.
    pub fn failed(reason: impl Into<String>) -> Self {
        Self(Err(Finish::Infra(reason.into())))
    }

    /// What is known of the place; none when there is no place.
    pub fn place(&self) -> Option<PlaceFacts> {
        let ready = self.0.as_ref().ok()?;
        let place = ready.place.as_ref();
        Some(PlaceFacts {
            origin: origin_of(place.start_url()),
            preamble: preamble(&place.briefing(), &place.policy()),
            data_hash: place.data_hash(),
        })
    }

    /// Closes what was prepared for an episode that is not wanted any more.
    pub async fn discard(self) {
        if let Ok(ready) = self.0 {
            close(ready.page).await;
            ready.place.dispose().await;
        }
    }
}

/// What is known of a place before its episode begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceFacts {
    /// Scheme, host and port of its start; empty when it has none.
    pub origin: String,
    /// The arena's rules for it, as agents are told them.
    pub preamble: String,
    /// Hash of the data that it begins with; none where the arena cannot know them.
    pub data_hash: Option<String>,
}

/// How often a page that died while it waited for its turn is prepared again.
const TRIES: u32 = 3;

impl BrowserPlayground {
    /// Prepares an episode and waits for its turn.
    pub(super) async fn take_turn(
        &self,
        spec: &EnvironmentSpec,
        interrupt: &Interrupt,
    ) -> Prepared {
        let mut tries = 1;
        loop {
            let mut ready = match self.make_ready(spec, interrupt).await {
                Ok(ready) => ready,
                Err(finish) => return Prepared(Err(finish)),
            };
            let begun = tokio::select! {
                biased;
                cause = interrupt.raised() => Err(Finish::Interrupted(cause)),
                begun = ready.page.begin() => begun.map_err(Finish::from),
            };
            match begun {
                Ok(()) => return Prepared(Ok(ready)),
                Err(Finish::Infra(reason)) if tries < TRIES => {
                    tracing::debug!(reason, "a page died while it waited for its turn");
                    tries += 1;
                    Prepared(Ok(ready)).discard().await;
                }
                Err(finish) => {
                    Prepared(Ok(ready)).discard().await;
                    return Prepared(Err(finish));
                }
            }
        }
    }

    async fn make_ready(
        &self,
        spec: &EnvironmentSpec,
        interrupt: &Interrupt,
    ) -> Result<Ready, Finish> {
        let started = Instant::now();
        let mut place = tokio::select! {
            biased;
            cause = interrupt.raised() => return Err(Finish::Interrupted(cause)),
            place = self.environments.prepare(spec) => place?,
        };
        let mut page = match self.open(interrupt, place.policy(), spec.viewport()).await {
            Ok(page) => page,
            Err(finish) => {
                place.dispose().await;
                return Err(finish);
            }
        };
        let opened = tokio::select! {
            biased;
            cause = interrupt.raised() => Err(Finish::Interrupted(cause)),
            opened = place.open(page.as_mut()) => opened.map_err(Finish::from),
        };
        let ready = Ready {
            place,
            page,
            prepared_ms: elapsed_ms(started),
        };
        match opened {
            Ok(()) => Ok(ready),
            Err(finish) => {
                Prepared(Ok(ready)).discard().await;
                Err(finish)
            }
        }
    }

    /// Waits for a page. Opening goes on in a job of its own when the wait is interrupted, so
    /// that a half-opened page is closed and not lost.
    async fn open(
        &self,
        interrupt: &Interrupt,
        policy: NavigationPolicy,
        viewport: Viewport,
    ) -> Result<Box<dyn Page>, Finish> {
        let browser = Arc::clone(&self.browser);
        let (sender, receiver) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            let opened = browser.open(policy, viewport).await;
            if let Err(Ok(unclaimed)) = sender.send(opened) {
                close(unclaimed).await;
            }
        });
        tokio::select! {
            biased;
            cause = interrupt.raised() => Err(Finish::Interrupted(cause)),
            opened = receiver => match opened {
                Ok(opened) => opened.map_err(Finish::from),
                Err(_) => Err(Finish::Infra("opening a page broke off".to_owned())),
            },
        }
    }
}

/// A page that does not close is the browser's to clear up; the episode's result stands.
pub(super) async fn close(page: Box<dyn Page>) {
    if let Err(error) = page.close().await {
        tracing::warn!(%error, "an episode's page did not close");
    }
}
