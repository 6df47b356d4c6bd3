//! A member of the forum with a run of their own.

use std::ops::Deref;

use agentarena::sites::forum::state::ForumState;

pub use crate::support::visitor::{Page, select};

use crate::support::visitor::Visitor as SiteVisitor;

/// A member of the forum with a run of their own.
pub struct Visitor(SiteVisitor);

impl Deref for Visitor {
    type Target = SiteVisitor;

    fn deref(&self) -> &SiteVisitor {
        &self.0
    }
}

impl Visitor {
    pub async fn enter() -> Self {
        Self(SiteVisitor::enter("forum", "/forum/messages/new").await)
    }

    /// The state that the run began with.
    pub fn base(&self) -> &ForumState {
        &self.start.forum
    }
}
