//! A browser around the real one that notes how long its pages take. It changes nothing but what
//! a row is about: without pictures it gives an empty one, and for equal content it asks the
//! browser for more at every observation.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use agentarena::browser::{
    ActionResult, Browser, BrowserError, BrowserHealth, NavigationPolicy, Page, Picture,
    WebDriverBrowser,
};
use agentarena::domain::action::Action;
use agentarena::domain::manifest::BrowserSetup;
use agentarena::domain::observation::Observation;
use agentarena::domain::viewport::Viewport;
use async_trait::async_trait;
use serde_json::Value;

use crate::extra::Extra;

/// What a page did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Open,
    Navigate,
    Evaluate,
    Observe,
    Act,
    Picture,
    Close,
}

/// All that one page did, in order, in milliseconds.
#[derive(Debug, Clone)]
pub struct PageLog {
    pub url: String,
    pub calls: Vec<(Kind, f64)>,
}

/// The logs of all pages, in the order of their opening.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    pages: Arc<Mutex<Vec<PageLog>>>,
}

impl Watch {
    /// What was noted so far.
    pub fn pages(&self) -> Vec<PageLog> {
        self.lock().clone()
    }

    fn begin(&self, opened_ms: f64) -> usize {
        let mut pages = self.lock();
        pages.push(PageLog {
            url: String::new(),
            calls: vec![(Kind::Open, opened_ms)],
        });
        pages.len() - 1
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<PageLog>> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The real browser, watched.
pub struct WatchedBrowser {
    pub inner: Arc<WebDriverBrowser>,
    pub watch: Watch,
    pub png: bool,
    pub extra: Option<Arc<Extra>>,
}

#[async_trait]
impl Browser for WatchedBrowser {
    async fn open(
        &self,
        policy: NavigationPolicy,
        viewport: Viewport,
    ) -> Result<Box<dyn Page>, BrowserError> {
        let begun = Instant::now();
        let inner = self.inner.open(policy, viewport).await?;
        Ok(Box::new(WatchedPage {
            inner,
            log: self.watch.begin(ms(begun)),
            watch: self.watch.clone(),
            png: self.png,
            extra: self.extra.clone(),
        }))
    }

    fn health(&self) -> BrowserHealth {
        self.inner.health()
    }

    fn setup(&self) -> BrowserSetup {
        self.inner.setup()
    }

    async fn shutdown(&self) {
        self.inner.shutdown().await;
    }
}

struct WatchedPage {
    inner: Box<dyn Page>,
    log: usize,
    watch: Watch,
    png: bool,
    extra: Option<Arc<Extra>>,
}

impl WatchedPage {
    fn note(&self, kind: Kind, begun: Instant) {
        if let Some(log) = self.watch.lock().get_mut(self.log) {
            log.calls.push((kind, ms(begun)));
        }
    }
}

#[async_trait]
impl Page for WatchedPage {
    async fn navigate(&mut self, url: &str) -> Result<(), BrowserError> {
        let begun = Instant::now();
        self.inner.navigate(url).await?;
        self.note(Kind::Navigate, begun);
        if let Some(log) = self.watch.lock().get_mut(self.log) {
            url.clone_into(&mut log.url);
        }
        Ok(())
    }

    async fn observe(&mut self) -> Result<Observation, BrowserError> {
        let begun = Instant::now();
        let seen = self.inner.observe().await?;
        if let Some(extra) = &self.extra {
            extra.take(&seen.url).await?;
        }
        self.note(Kind::Observe, begun);
        Ok(seen)
    }

    async fn act(&mut self, action: &Action) -> Result<ActionResult, BrowserError> {
        let begun = Instant::now();
        let result = self.inner.act(action).await?;
        self.note(Kind::Act, begun);
        Ok(result)
    }

    async fn evaluate(&mut self, expression: &str) -> Result<Value, BrowserError> {
        let begun = Instant::now();
        let value = self.inner.evaluate(expression).await?;
        self.note(Kind::Evaluate, begun);
        Ok(value)
    }

    async fn settle(&mut self) -> Result<(), BrowserError> {
        self.inner.settle().await
    }

    async fn bind(&mut self, name: &str) -> Result<(), BrowserError> {
        self.inner.bind(name).await
    }

    async fn begin(&mut self) -> Result<(), BrowserError> {
        self.inner.begin().await
    }

    async fn screenshot(&mut self) -> Result<Picture, BrowserError> {
        if !self.png {
            return Ok(Box::pin(async { Ok(Vec::new()) }));
        }
        let begun = Instant::now();
        let picture = self.inner.screenshot().await?;
        let (watch, log) = (self.watch.clone(), self.log);
        Ok(Box::pin(async move {
            let picture = picture.await?;
            if let Some(log) = watch.lock().get_mut(log) {
                log.calls.push((Kind::Picture, ms(begun)));
            }
            Ok(picture)
        }))
    }

    async fn close(self: Box<Self>) -> Result<(), BrowserError> {
        let begun = Instant::now();
        let Self {
            inner, watch, log, ..
        } = *self;
        inner.close().await?;
        if let Some(log) = watch.lock().get_mut(log) {
            log.calls.push((Kind::Close, ms(begun)));
        }
        Ok(())
    }
}

/// Milliseconds since then.
pub fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1000.0
}
