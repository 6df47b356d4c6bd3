//! Isolated pages of a real browser behind one trait. Knows nothing of tasks, agents or scores.

mod act;
mod answers;
mod compare;
mod devtools;
mod discover;
mod driver;
mod edit;
pub mod fake;
mod input;
mod keyboard;
mod keys;
mod launch;
mod marks;
mod options;
mod page;
mod point;
mod policy;
mod script;
mod settle;
mod tracker;
mod webdriver;
mod wire;
mod worker;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::domain::action::Action;
use crate::domain::manifest::BrowserSetup;
use crate::domain::observation::Observation;
use crate::domain::viewport::Viewport;

pub use compare::{Comparison, Difference, DifferenceKind, LEAST_PERCENT, ROLE_WORDS, Tally};
pub use discover::{Discovery, Program, discover};
pub use driver::remove_left_behind;
pub use marks::{MarkError, draw_marks};
pub use options::BrowserOptions;
pub use webdriver::WebDriverBrowser;

/// Opens isolated pages. One page serves one episode and shares nothing with any other.
#[async_trait]
pub trait Browser: Send + Sync {
    /// An isolated page, empty. Waits while all places are taken: as many pages as act at once,
    /// and as many that are prepared meanwhile.
    async fn open(
        &self,
        policy: NavigationPolicy,
        viewport: Viewport,
    ) -> Result<Box<dyn Page>, BrowserError>;

    /// How the browser stands now.
    fn health(&self) -> BrowserHealth;

    /// Product and version of browser and driver, and what pages are told to be unless they are
    /// opened in a viewport of another size.
    fn setup(&self) -> BrowserSetup;

    /// Ends driver and browsers and removes their profiles.
    async fn shutdown(&self);
}

/// One isolated page with all the tabs that come from it.
#[async_trait]
pub trait Page: Send {
    /// Waits until the page may act. A page that was opened ahead loads what it needs and then
    /// waits here for its turn; the first action does so in any case.
    async fn begin(&mut self) -> Result<(), BrowserError>;

    /// Opens an address that the arena chose (not the agent) in the active tab, and waits until
    /// it has loaded.
    async fn navigate(&mut self, url: &str) -> Result<(), BrowserError>;

    /// Waits, within bounds, until the page neither loads nor changes.
    async fn settle(&mut self) -> Result<(), BrowserError>;

    /// Reads the page in one round trip.
    async fn observe(&mut self) -> Result<Observation, BrowserError>;

    /// Carries out an action by trusted input and waits until the page is quiet. What the agent
    /// did wrong is in the result; an error is a fault of the infrastructure.
    async fn act(&mut self, action: &Action) -> Result<ActionResult, BrowserError>;

    /// Runs code of the arena's own (never the agent's) among the page's scripts in the active
    /// tab and gives its value; a promise is awaited.
    async fn evaluate(&mut self, expression: &str) -> Result<serde_json::Value, BrowserError>;

    /// Gives the episode's pages a function of this name that calls the arena. A call ends the
    /// wait for a quiet page at once: there is something to look at.
    async fn bind(&mut self, name: &str) -> Result<(), BrowserError>;

    /// Compares what `observe` gives with the browser's own accessibility tree.
    async fn compare(&mut self) -> Result<Comparison, BrowserError> {
        Err(BrowserError::Protocol(
            "this page has no accessibility tree to compare with".to_owned(),
        ))
    }

    /// Begins to take a picture of the viewport. It is done when what is returned resolves; until
    /// then the page may be read, but not acted on.
    async fn screenshot(&mut self) -> Result<Picture, BrowserError>;

    /// Closes the page and forgets all it stored.
    async fn close(self: Box<Self>) -> Result<(), BrowserError>;
}

/// A picture that is being taken: PNG bytes.
pub type Picture = futures_util::future::BoxFuture<'static, Result<Vec<u8>, BrowserError>>;

/// Where an agent may go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NavigationPolicy {
    /// Origins such as `http://127.0.0.1:8081`; anything else is refused.
    pub allowed_origins: Vec<String>,
    /// Path prefixes within those origins, e.g. `/shop/`; empty: every path.
    pub allowed_paths: Vec<String>,
}

/// What came of an action.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionResult {
    /// Whether it was carried out.
    pub ok: bool,
    /// What happened, or why not and what to do instead: what the agent is told.
    pub message: String,
    /// Time for acting, in milliseconds.
    pub act_ms: f64,
    /// Time until the page was quiet, in milliseconds.
    pub settle_ms: f64,
    /// Address afterwards.
    pub url: String,
    /// Attempts at what the policy forbids: rule and detail.
    pub violations: Vec<Violation>,
    /// Dialogs that opened, and how they were answered.
    pub dialogs: Vec<Dialog>,
    /// Downloads that the page began; all are refused.
    pub downloads: Vec<Download>,
    /// Requests of the page that were blocked: addresses that are not part of the task.
    pub blocked: Vec<String>,
    /// How often a script of the page had to be stopped because it ran without end.
    pub hangs: u32,
}

/// A download that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Download {
    /// Where from.
    pub url: String,
    /// The name it would have had.
    pub file: String,
}

/// An attempt at what the policy forbids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The rule, e.g. `origin`.
    pub rule: String,
    /// What was tried.
    pub detail: String,
}

/// A dialog of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialog {
    /// `alert`, `confirm`, `prompt` or `beforeunload`.
    pub kind: String,
    /// What it said.
    pub message: String,
    /// Whether it was accepted.
    pub accepted: bool,
}

/// How the browser stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrowserHealth {
    /// Whether pages can be opened.
    pub ok: bool,
    /// Product and version of browser and driver; empty when unknown.
    pub version: String,
    /// What is wrong and what to do; empty when nothing is.
    pub problem: String,
    /// Pages that can act at once.
    pub capacity: usize,
    /// Pages that act now.
    pub in_use: usize,
}

/// A fault of the infrastructure: never the agent's.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// No browser or no driver was found, or they do not start.
    #[error("the browser is not available: {0}")]
    Unavailable(String),
    /// The driver or the browser went away.
    #[error("the browser went away: {0}")]
    Gone(String),
    /// The page's own process died; the browser lives on.
    #[error("the page crashed")]
    Crashed,
    /// The page is such that it cannot be read.
    #[error("the page cannot be read: {0}")]
    Unreadable(String),
    /// A command was not answered in time.
    #[error("the browser did not answer in time: {0}")]
    Timeout(String),
    /// The driver answered with an error that it should not.
    #[error("the driver answered with an error: {0}")]
    Protocol(String),
}
