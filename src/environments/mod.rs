//! Where a task happens: prepare, reset, dispose.

pub mod site;

use async_trait::async_trait;

use crate::browser::NavigationPolicy;
use crate::domain::evidence::Evidence;
use crate::domain::task::EnvironmentSpec;

/// Makes places to work in.
#[async_trait]
pub trait Environments: Send + Sync {
    /// A fresh place for one episode.
    async fn prepare(&self, spec: &EnvironmentSpec) -> Result<Box<dyn Place>, EnvironmentError>;
}

/// A fresh place for one episode.
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

    /// Attempts at what the arena forbids that the place itself saw since the last call.
    fn violations(&mut self) -> Vec<crate::browser::Violation>;

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
}

/// A place could not be made or read: never the agent's fault.
#[derive(Debug, thiserror::Error)]
#[error("the environment failed: {0}")]
pub struct EnvironmentError(pub String);
