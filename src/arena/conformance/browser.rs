//! Cases in a real browser: recorded pages, opened and looked at as after an episode.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use super::case::{Case, Manifest};
use super::server::PageServer;
use super::{Checked, ConformanceError, scores};
use crate::browser::{Browser as _, BrowserOptions, NavigationPolicy, WebDriverBrowser, discover};
use crate::domain::viewport::Viewport;
use crate::domain::webarena::{Compat, Helper};
use crate::evaluators::live::{Helpers, LivePage, REFERENCE_WAIT};

/// The wait after opening a page, for cases that do not depend on it.
const SHORT_WAIT: Duration = Duration::from_millis(100);

/// Marks cases that depend on the wait.
const NEEDS_WAIT: &str = "needs_3s_wait";

/// A browser and a server.
pub(super) struct Stage {
    browser: Arc<WebDriverBrowser>,
    server: PageServer,
}

impl Stage {
    pub(super) async fn start(options: &BrowserOptions) -> Result<Self, ConformanceError> {
        let found = discover(options).await;
        if !found.problem.is_empty() {
            return Err(ConformanceError::Stage(found.problem));
        }
        let server = PageServer::start().await.map_err(|error| {
            ConformanceError::Stage(format!("no port of this machine is free: {error}"))
        })?;
        Ok(Self {
            browser: WebDriverBrowser::start(options.clone()),
            server,
        })
    }

    pub(super) async fn check(&self, case: &Case, manifest: &Manifest) -> Checked {
        let mut checked = Checked::default();
        let problems = self
            .run(case, manifest, Compat::Webarena, &case.0["expected_score"])
            .await;
        checked.problems.extend(problems);
        for (compat, expected) in scores::variants_of(case) {
            checked.variants += 1;
            let problems = self.run(case, manifest, compat, &expected).await;
            let named = |what| format!("{}: {what}", compat.as_str());
            checked.problems.extend(problems.into_iter().map(named));
        }
        checked
    }

    async fn run(
        &self,
        case: &Case,
        manifest: &Manifest,
        compat: Compat,
        expected: &Value,
    ) -> Vec<String> {
        let field = |key: &str| manifest.resolve_local(&case.0[key], self.server.port());
        self.server.serve(&field("pages"));
        let policy = NavigationPolicy {
            allowed_origins: vec![format!("http://127.0.0.1:{}", self.server.port())],
            allowed_paths: Vec::new(),
        };
        let mut page = match self.browser.open(policy, Viewport::STANDARD).await {
            Ok(page) => page,
            Err(error) => return vec![format!("no page could be opened: {error}")],
        };
        let final_url = field("final_url");
        let opened = page.navigate(final_url.as_str().unwrap_or_default()).await;
        let told = match opened {
            Err(error) => Err(error.to_string()),
            Ok(()) => {
                let waits = case.texts("tags").contains(&NEEDS_WAIT);
                let wait = if waits { REFERENCE_WAIT } else { SHORT_WAIT };
                let mut none = NoHelpers;
                let mut live = LivePage::new(page.as_mut(), &mut none, wait);
                let answer = case.text("answer").to_owned();
                let told = scores::score(case, &field("task"), compat, answer, &mut live).await;
                told.status
            }
        };
        let mut problems = scores::compare(expected, &told);
        if let Err(error) = page.close().await {
            problems.push(format!("the page did not close: {error}"));
        }
        problems
    }

    pub(super) async fn stop(self) {
        self.server.stop();
        self.browser.shutdown().await;
    }
}

/// Recorded pages have no shop behind them.
struct NoHelpers;

#[async_trait]
impl Helpers for NoHelpers {
    async fn help(&mut self, helper: &Helper) -> Result<String, String> {
        Err(format!("there is no site that {} could ask", helper.name()))
    }
}
