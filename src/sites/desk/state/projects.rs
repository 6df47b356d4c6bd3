//! Projects, their rights, their milestones, and people.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::{MilestoneId, Username};

/// Three capital letters, e.g. `HLP`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectKey([u8; 3]);

impl ProjectKey {
    /// The letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl fmt::Display for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ProjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ProjectKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|byte| byte.is_ascii_uppercase()) => {
                Ok(Self([*a, *b, *c]))
            }
            _ => Err(format!("`{text}` is no key of a project such as HLP")),
        }
    }
}

crate::named_values! {
    /// What a member may do in a project; each has the rights of those before it.
    Role {
        /// Looks on.
        Guest = "guest",
        /// Reports.
        Reporter = "reporter",
        /// Works.
        Developer = "developer",
        /// Leads.
        Maintainer = "maintainer",
    }
}

impl Role {
    /// In words.
    pub fn label(self) -> String {
        super::issues::capital(self.as_str())
    }
}

crate::named_values! {
    /// Something that a role allows.
    Right {
        /// See issues, boards and merge requests.
        View = "view",
        /// Comment.
        Comment = "comment",
        /// Set labels.
        Label = "label",
        /// Report issues.
        Create = "create",
        /// See confidential issues.
        Confidential = "confidential",
        /// Edit, assign, move and close issues, log work.
        Edit = "edit",
        /// Approve, merge and close merge requests.
        Merge = "merge",
        /// Make and change milestones.
        Milestones = "milestones",
        /// Add, change and remove members.
        Members = "members",
    }
}

impl Right {
    /// The row of the rights table.
    pub const fn label(self) -> &'static str {
        match self {
            Self::View => "See issues, boards and merge requests",
            Self::Comment => "Comment",
            Self::Label => "Set labels",
            Self::Create => "Report issues",
            Self::Confidential => "See confidential issues",
            Self::Edit => "Edit, assign, move and close issues; log work",
            Self::Merge => "Approve, merge and close merge requests",
            Self::Milestones => "Create and change milestones",
            Self::Members => "Add, change and remove members",
        }
    }
}

/// A project. All fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Key.
    pub key: ProjectKey,
    /// Its name, e.g. `Help desk`.
    pub name: String,
    /// One sentence.
    pub about: String,
    /// Who leads it.
    pub lead: Username,
    /// Its parts, each with who answers for it.
    pub components: Vec<Component>,
    /// Labels that its issues may bear, sorted by name.
    pub labels: Vec<Label>,
    /// The least role that has each right.
    pub rights: BTreeMap<Right, Role>,
}

/// A part of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Who gets new issues of it unless somebody else is chosen.
    pub owner: Username,
}

/// A label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its name, e.g. `needs design`.
    pub name: String,
    /// What it is for.
    pub about: String,
}

/// A person with an account. All fixed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Key.
    pub username: Username,
    /// Whole name; not unique.
    pub name: String,
    /// Team, e.g. `Logistics`.
    pub team: String,
    /// What they do there.
    pub title: String,
    /// Mail address.
    pub email: String,
    /// Whether there is a picture; without one pages show the first letters.
    pub has_picture: bool,
    /// Has left; cannot be assigned.
    pub deactivated: bool,
}

/// That somebody belongs to a project. All primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// As what.
    pub role: Role,
    /// Last day; absent: without end.
    pub until: Option<Date>,
}

crate::named_values! {
    /// Whether a milestone is being worked on.
    MilestoneState {
        /// It is.
        Open = "open",
        /// It is over.
        Closed = "closed",
    }
}

/// A milestone. All primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// Key.
    pub id: MilestoneId,
    /// Whose.
    pub project: ProjectKey,
    /// Its title, unique within the project, e.g. `Spring 2026`.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// First day.
    pub start: Date,
    /// Last day.
    pub due: Date,
    /// Whether it is over.
    pub state: MilestoneState,
}
