//! The registry of runs: who works on which state, and what the sites served to them. Opened,
//! read and closed by the arena only; nothing on the sites' listener can do that.

use std::sync::Arc;

use crate::domain::evidence::{Change, JournalEntry, View};
use crate::domain::ids::RunId;
use crate::sites::shop::state::{Incidental, ShopState};

/// What a run is opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRun {
    /// Who is signed in, e.g. `mara`.
    pub persona: String,
    /// Seed of the world.
    pub world: u32,
    /// Sites that may be visited, e.g. `["shop"]`.
    pub sites: Vec<String>,
    /// Path at which it starts, e.g. `/shop/`.
    pub start: String,
}

/// How to enter a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunTicket {
    /// The run.
    pub run_id: RunId,
    /// One-time path on the sites' listener, e.g. `/enter/<128 bits in hex>`.
    pub entry_path: String,
}

/// The run cannot be opened or is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The base state cannot be made.
    #[error("there is no persona `{0}`; the bundled sites know: mara")]
    UnknownPersona(String),
    /// A site that does not exist.
    #[error("there is no site `{0}`; the bundled sites are: shop")]
    UnknownSite(String),
    /// The run was closed or never opened.
    #[error("there is no run {0}; it was closed or never opened")]
    NoSuchRun(RunId),
}

/// The registry. Cheap to share behind an `Arc`; all methods take `&self`.
#[derive(Debug, Default)]
pub struct SiteRuns {}

impl SiteRuns {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a run on a fresh clone of the base state.
    pub fn open(&self, _spec: &OpenRun) -> Result<RunTicket, RunError> {
        unimplemented!("lands within minutes")
    }

    /// The base state that runs of this persona and world start from.
    pub fn base(&self, _persona: &str, _world: u32) -> Result<Arc<ShopState>, RunError> {
        unimplemented!("lands within minutes")
    }

    /// Every difference of primary state to the base, in order of collection and key.
    pub fn changes(&self, _run: RunId) -> Result<Vec<Change>, RunError> {
        unimplemented!("lands within minutes")
    }

    /// What was served to the run so far.
    pub fn journal(&self, _run: RunId) -> Result<Vec<JournalEntry>, RunError> {
        unimplemented!("lands within minutes")
    }

    /// Broken invariants of derived state, in words; empty when the site is sound.
    pub fn broken_invariants(&self, _run: RunId) -> Result<Vec<String>, RunError> {
        unimplemented!("lands within minutes")
    }

    /// What an address means to the sites; absent when it is none of theirs. Scheme and host
    /// are not looked at.
    pub fn view(&self, _url: &str) -> Option<View> {
        unimplemented!("lands within minutes")
    }

    /// Forgets the run. Its cookie is worth nothing afterwards.
    pub fn close(&self, _run: RunId) {
        unimplemented!("lands within minutes")
    }
}

/// The part of a run that requests work on.
#[derive(Debug)]
pub struct Run {
    state: std::sync::Mutex<ShopState>,
    form_token: String,
}

impl Run {
    /// A snapshot of the state; costs a few pointer copies.
    pub fn snapshot(&self) -> ShopState {
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }

    /// The hidden value that every form of this run must send as `form_token`.
    pub fn form_token(&self) -> &str {
        &self.form_token
    }

    /// Writes by the shop's rules. Reached through `visit::Posted` only.
    pub(in crate::sites) fn write<T>(&self, act: impl FnOnce(&mut ShopState) -> T) -> T {
        act(&mut self
            .state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Writes what is never compared, e.g. recently viewed products.
    pub(in crate::sites) fn remember<T>(&self, note: impl FnOnce(&mut Incidental) -> T) -> T {
        self.write(|state| note(&mut state.incidental))
    }
}
