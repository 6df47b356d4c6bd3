//! A colleague with a run of their own.

use std::ops::Deref;

use agentarena::sites::desk::state::DeskState;

pub use crate::support::visitor::select;

use crate::support::visitor::Visitor as SiteVisitor;

/// A colleague with a run of their own.
pub struct Colleague(SiteVisitor);

impl Deref for Colleague {
    type Target = SiteVisitor;

    fn deref(&self) -> &SiteVisitor {
        &self.0
    }
}

impl Colleague {
    pub async fn enter() -> Self {
        Self(SiteVisitor::enter("desk", "/desk/issues/new?project=WEB").await)
    }

    /// The state that the run began with.
    pub fn base(&self) -> &DeskState {
        &self.start.desk
    }

    /// The key of an open issue of a project that everybody there sees.
    pub fn open_issue(&self, project: &str) -> String {
        let found = self.base().issues.values().find(|issue| {
            issue.id.project.as_str() == project && issue.is_open() && !issue.confidential
        });
        found.expect("an open issue").id.to_string()
    }
}
