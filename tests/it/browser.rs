//! The real browser: pages, actions, isolation and faults in Chromium through ChromeDriver.

#[path = "browser/acting.rs"]
mod acting;
#[path = "browser/guarding.rs"]
mod guarding;
#[path = "browser/hands.rs"]
mod hands;
#[path = "browser/hostile.rs"]
mod hostile;
#[path = "browser/isolation.rs"]
mod isolation;
#[path = "browser/living.rs"]
mod living;
#[path = "browser/refusals.rs"]
mod refusals;
#[path = "browser/remote.rs"]
mod remote;
#[path = "browser/seeing.rs"]
mod seeing;
#[path = "browser/site.rs"]
mod site;
#[path = "browser/turbulence.rs"]
mod turbulence;

use std::sync::Arc;

use agentarena::browser::{
    ActionResult, Browser, BrowserOptions, NavigationPolicy, Page, WebDriverBrowser, discover,
};
use agentarena::domain::action::Action;
use agentarena::domain::observation::{Node, Observation};
use agentarena::domain::viewport::Viewport;
use site::Site;

/// What an agent may visit of the fixture pages.
const PATHS: [&str; 18] = [
    "/plain",
    "/form",
    "/events",
    "/shapes",
    "/storage",
    "/slow",
    "/leaks",
    "/guard",
    "/hang",
    "/cached",
    "/planted",
    "/worker.js",
    "/shared.js",
    "/redirect",
    "/kinds",
    "/hands",
    "/turbulence",
    "/restless",
];

/// A browser with a folder of its own, and the fixture pages. Dropping it ends everything.
struct Stage {
    browser: Arc<WebDriverBrowser>,
    site: Site,
    profiles: tempfile::TempDir,
}

impl Stage {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut BrowserOptions)) -> Self {
        let profiles = tempfile::tempdir().expect("a temporary folder");
        let mut options = BrowserOptions::new(profiles.path().join("browser"));
        change(&mut options);
        let found = discover(&options).await;
        assert!(
            found.problem.is_empty(),
            "these tests need a browser: {}",
            found.problem
        );
        Self {
            browser: WebDriverBrowser::start(options),
            site: Site::start().await,
            profiles,
        }
    }

    fn policy(&self) -> NavigationPolicy {
        NavigationPolicy {
            allowed_origins: vec![self.site.origin.clone()],
            allowed_paths: PATHS.map(str::to_owned).to_vec(),
        }
    }

    async fn open(&self, path: &str) -> Tab {
        let mut page = self
            .browser
            .open(self.policy(), Viewport::STANDARD)
            .await
            .expect("a page");
        page.navigate(&self.site.url(path))
            .await
            .expect("a loaded page");
        Tab { page }
    }
}

/// An open page with shorthands for tests.
struct Tab {
    page: Box<dyn Page>,
}

impl Tab {
    async fn see(&mut self) -> Observation {
        self.page.observe().await.expect("an observation")
    }

    /// Carries out an action in which `{name}` stands for the id of the element of that name.
    async fn act(&mut self, call: &str) -> ActionResult {
        let mut text = call.to_owned();
        while let Some((before, rest)) = text.split_once('{') {
            let (name, after) = rest.split_once('}').expect("a closing brace");
            let bid = bid(&self.see().await, name);
            text = format!("{before}{bid}{after}");
        }
        let action = Action::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.page.act(&action).await.expect("a result")
    }

    /// The same, and it must work.
    async fn does(&mut self, call: &str) -> ActionResult {
        let result = self.act(call).await;
        assert!(result.ok, "{call}: {}", result.message);
        result
    }

    async fn close(self) {
        self.page.close().await.expect("a closed page");
    }
}

fn named<'a>(observation: &'a Observation, name: &str) -> &'a Node {
    let mut found = observation.nodes.iter().filter(|node| node.name == name);
    found
        .next()
        .unwrap_or_else(|| panic!("no {name:?} in\n{}", observation.tree_text()))
}

fn bid(observation: &Observation, name: &str) -> String {
    let mut found = observation.nodes.iter().filter(|node| node.name == name);
    found
        .find_map(|node| node.bid.clone())
        .unwrap_or_else(|| panic!("no {name:?} to act on in\n{}", observation.tree_text()))
}
