//! What one run of Signal Desk holds. Collections are shared until written, so that a new run is
//! a clone of pointers. The doc of a field says which kind it is: **primary** (compared),
//! **incidental** (never compared) or **fixed** (no action changes it). What pages compute from
//! these (who closed an issue, burndown, counts) is not stored.
//!
//! Times are in UTC, lengths of work in minutes, estimates of effort in points.

mod issues;
mod merges;
mod projects;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(crate) use issues::capital;
pub use issues::{
    Comment, Event, Happening, Issue, IssueId, IssueKind, Link, LinkKind, Priority, Resolution,
    Severity, Status, Subject, WorkEntry,
};
pub use merges::{Checks, Merge, MergeId, MergeState};
pub use projects::{
    Component, Label, Member, Membership, Milestone, MilestoneState, Project, ProjectKey, Right,
    Role,
};

/// A member's short name, e.g. `jonas.weil`.
pub type Username = Arc<str>;
/// A milestone's id, e.g. `web-spring-2026`.
pub type MilestoneId = Arc<str>;
/// A comment's number.
pub type CommentNo = u32;
/// Number of an entry of logged work.
pub type WorkNo = u32;
/// A saved filter's number.
pub type FilterNo = u32;

/// The most assignees of an issue.
pub const MOST_ASSIGNEES: usize = 3;

/// Everything that one run of the desk holds.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskState {
    /// Fixed: projects, members, who is signed in.
    pub fixed: Arc<Fixed>,
    /// Primary (`desk.issues`).
    pub issues: Arc<BTreeMap<IssueId, Arc<Issue>>>,
    /// Primary (`desk.board`): every issue of a project in the order of its board.
    pub order: Arc<BTreeMap<ProjectKey, Arc<Vec<IssueId>>>>,
    /// Primary (`desk.comments`), on issues and merge requests.
    pub comments: Arc<BTreeMap<CommentNo, Arc<Comment>>>,
    /// Primary (`desk.links`).
    pub links: Arc<BTreeSet<Link>>,
    /// Primary (`desk.work`).
    pub work: Arc<BTreeMap<WorkNo, WorkEntry>>,
    /// Primary (`desk.milestones`).
    pub milestones: Arc<BTreeMap<MilestoneId, Milestone>>,
    /// Primary (`desk.merge_requests`).
    pub merges: Arc<BTreeMap<MergeId, Arc<Merge>>>,
    /// Primary (`desk.members`): who belongs to which project.
    pub memberships: Arc<BTreeMap<(ProjectKey, Username), Membership>>,
    /// Primary (`desk.filters`): saved filters of who is signed in.
    pub filters: Arc<BTreeMap<FilterNo, SavedFilter>>,
    /// Incidental.
    pub incidental: Incidental,
}

/// What no action changes.
#[derive(Debug, PartialEq)]
pub struct Fixed {
    /// The seed of the world.
    pub world: u32,
    /// Who is signed in.
    pub me: Username,
    /// Projects in the order of the side bar.
    pub projects: Vec<Project>,
    /// Everyone with an account.
    pub members: BTreeMap<Username, Member>,
    /// Old numbers of issues that moved to another project.
    pub moved: BTreeMap<IssueId, IssueId>,
    /// Groups of issues that report the same problem in other words; no page tells.
    pub families: Vec<[IssueId; 3]>,
    /// The order of each project's board in the base state.
    pub base_order: BTreeMap<ProjectKey, Arc<Vec<IssueId>>>,
}

/// A filter of the issue list under a name. All primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFilter {
    /// What it is called.
    pub name: String,
    /// The query of the list's address, e.g. `project=WEB&priority=urgent`.
    pub query: String,
}

/// What is remembered and never compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Incidental {
    /// A message to show once on the next page.
    pub flash: Option<String>,
    /// What "Undo" would take back.
    pub undo: Option<Undo>,
    /// Next number of an issue, by project.
    pub next_issue: BTreeMap<ProjectKey, u32>,
    /// Next number of a comment.
    pub next_comment: CommentNo,
    /// Next number of an entry of logged work.
    pub next_work: WorkNo,
    /// Next number of a milestone's id.
    pub next_milestone: u32,
    /// Next number of a saved filter.
    pub next_filter: FilterNo,
}

/// The last change of several issues at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    /// What was done, in words.
    pub text: String,
    /// The issues as they were.
    pub before: Vec<Arc<Issue>>,
}
