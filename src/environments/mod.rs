//! Where a task happens: prepare, open, start, watch, dispose.

mod all;
pub mod site;
pub mod static_pages;
pub mod web;

use async_trait::async_trait;

use crate::browser::{ActionResult, BrowserError, NavigationPolicy, Page};
use crate::domain::evidence::Evidence;
use crate::domain::task::EnvironmentSpec;
use crate::domain::webarena::Helper;

pub use all::AllEnvironments;

/// Makes places to work in.
#[async_trait]
pub trait Environments: Send + Sync {
    /// A fresh place for one episode.
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError>;
}

/// A fresh place for one episode. `open` and `start` are called once each, in this order, before
/// the first step; `after_action` after every action; `leave` once, before the page is closed.
#[async_trait]
pub trait Place: Send {
    /// The address to open first: enters the place and ends at the task's start page.
    fn entry_url(&self) -> &str;

    /// The task's start address as the agent sees it, without anything secret.
    fn start_url(&self) -> &str;

    /// What the arena's preamble says about this place.
    fn briefing(&self) -> Briefing;

    /// Where the agent may go.
    fn policy(&self) -> NavigationPolicy;

    /// Opens the place in an empty page. Depends on nothing but the place, so that it can be
    /// done before it is known which submission comes.
    async fn open(&mut self, page: &mut dyn Page) -> Result<(), EnvironmentError> {
        page.navigate(self.entry_url()).await?;
        Ok(page.settle().await?)
    }

    /// Starts the episode in the opened page with the submission's seed, and says what is known
    /// of the goal only now.
    async fn start(
        &mut self,
        _page: &mut dyn Page,
        _seed: u64,
    ) -> Result<Instruction, EnvironmentError> {
        Ok(Instruction::default())
    }

    /// Looks at the page after an action. A reason means that the place ends the episode.
    async fn after_action(
        &mut self,
        _page: &mut dyn Page,
        _result: &ActionResult,
    ) -> Result<Option<String>, EnvironmentError> {
        Ok(None)
    }

    /// Looks at the page for the last time, when the episode has ended in whatever way.
    async fn leave(&mut self, _page: &mut dyn Page) -> Result<(), EnvironmentError> {
        Ok(())
    }

    /// What one of WebArena's helpers says, where the place can ask its sites.
    async fn help(&mut self, helper: &Helper) -> Result<String, EnvironmentError> {
        Err(EnvironmentError(format!(
            "{} asks a site of WebArena, and this place has none",
            helper.name()
        )))
    }

    /// Enters the place once more, in a page that shares nothing with the agent's.
    async fn enter_again(&mut self, _page: &mut dyn Page) -> Result<(), EnvironmentError> {
        Err(EnvironmentError(
            "this place cannot be entered a second time".to_owned(),
        ))
    }

    /// Attempts at what the arena forbids that the place itself saw since the last call.
    fn violations(&mut self) -> Vec<crate::browser::Violation>;

    /// Hash of the data that the place begins with; none where the arena cannot know them.
    fn data_hash(&self) -> Option<String> {
        None
    }

    /// What the episode left behind, given the address of the active tab at the end. The
    /// agent's ending is filled in by the caller.
    async fn evidence(&mut self, final_url: Option<&str>) -> Result<Evidence, EnvironmentError>;

    /// Throws the place away.
    async fn dispose(self: Box<Self>);
}

/// What an agent is told about a place before it starts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Briefing {
    /// Date and time of the place's clock in words; empty when the place has no clock of its own.
    pub today: String,
    /// Who the user is that the agent works for, in words; empty when nobody in particular.
    pub user: String,
    /// Whether the place judges by itself and ends the episode when it is over.
    pub ends_itself: bool,
}

/// What is known of a goal only when the episode has started.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Instruction {
    /// The goal as the place words it; absent when the task's own wording stands.
    pub goal: Option<String>,
    /// What the goal names, as pairs of key and value, where a benchmark says so.
    pub fields: Vec<(String, String)>,
}

/// A place could not be made or read: never the agent's fault.
#[derive(Debug, thiserror::Error)]
#[error("the environment failed: {0}")]
pub struct EnvironmentError(pub String);

impl From<BrowserError> for EnvironmentError {
    fn from(error: BrowserError) -> Self {
        Self(error.to_string())
    }
}
