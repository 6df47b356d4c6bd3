//! Issues and what hangs on them: comments, links, logged work, events.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};

use super::{CommentNo, MergeId, MilestoneId, ProjectKey, Username};

/// A project's key and a number, e.g. `HLP-482`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IssueId {
    /// The project that it belongs to.
    pub project: ProjectKey,
    /// Its number there.
    pub no: u32,
}

impl fmt::Display for IssueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.project, self.no)
    }
}

impl FromStr for IssueId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem = || format!("`{text}` is no key of an issue such as HLP-482");
        let (project, no) = text.split_once('-').ok_or_else(problem)?;
        let plain = !no.is_empty() && no.bytes().all(|digit| digit.is_ascii_digit());
        Ok(Self {
            project: project.parse().map_err(|_| problem())?,
            no: no
                .parse()
                .ok()
                .filter(|no| plain && *no > 0)
                .ok_or_else(problem)?,
        })
    }
}

crate::named_values! {
    /// What an issue is.
    IssueKind {
        /// Something does not work.
        Bug = "bug",
        /// Something to be done.
        Task = "task",
        /// Something new.
        Feature = "feature",
        /// Somebody asks.
        Question = "question",
    }
}

crate::named_values! {
    /// How far an issue is: its column on the board, except for what is closed.
    Status {
        /// Nobody works on it yet.
        Todo = "todo",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// Somebody reads the change.
        InReview = "in_review",
        /// It waits for the customer or another team.
        Waiting = "waiting",
        /// It is over.
        Closed = "closed",
    }
}

impl Status {
    /// The columns of a board, from left to right.
    pub const COLUMNS: [Self; 4] = [Self::Todo, Self::InProgress, Self::InReview, Self::Waiting];

    /// In words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Todo => "To do",
            Self::InProgress => "In progress",
            Self::InReview => "In review",
            Self::Waiting => "Waiting",
            Self::Closed => "Closed",
        }
    }
}

crate::named_values! {
    /// How soon it should be done; in the order of urgency.
    Priority {
        /// At once.
        Urgent = "urgent",
        /// Next.
        High = "high",
        /// In its turn.
        Normal = "normal",
        /// When there is time.
        Low = "low",
    }
}

crate::named_values! {
    /// How bad a bug is.
    Severity {
        /// Work stops.
        Critical = "critical",
        /// Work is hindered.
        Major = "major",
        /// It is a nuisance.
        Minor = "minor",
    }
}

crate::named_values! {
    /// Why an issue was closed.
    Resolution {
        /// It was done.
        Done = "done",
        /// Another issue is the same.
        Duplicate = "duplicate",
        /// It will not be done.
        Declined = "declined",
    }
}

/// Words of a value, with a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}

impl IssueKind {
    /// In words.
    pub fn label(self) -> String {
        capital(self.as_str())
    }
}

impl Priority {
    /// In words.
    pub fn label(self) -> String {
        capital(self.as_str())
    }
}

impl Severity {
    /// In words.
    pub fn label(self) -> String {
        capital(self.as_str())
    }
}

impl Resolution {
    /// In words.
    pub fn label(self) -> String {
        capital(self.as_str())
    }
}

/// One issue.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// Key.
    pub id: IssueId,
    /// Primary.
    pub title: String,
    /// Primary: paragraphs, lists, tables and tick lists in plain marks.
    pub description: String,
    /// Primary.
    pub kind: IssueKind,
    /// Primary.
    pub status: Status,
    /// Primary: of a closed issue.
    pub resolution: Option<Resolution>,
    /// Primary.
    pub priority: Priority,
    /// Primary: of a bug.
    pub severity: Option<Severity>,
    /// Primary: name of one of the project's components.
    pub component: Option<String>,
    /// Primary: names of the project's labels, sorted.
    pub labels: Vec<String>,
    /// Primary.
    pub milestone: Option<MilestoneId>,
    /// Primary: at most [`super::MOST_ASSIGNEES`], sorted.
    pub assignees: Vec<Username>,
    /// Primary: sorted.
    pub watchers: Vec<Username>,
    /// Primary.
    pub due: Option<Date>,
    /// Primary.
    pub points: Option<u32>,
    /// Primary: expected work in minutes.
    pub estimate_min: Option<u32>,
    /// Primary: only roles with the right see it.
    pub confidential: bool,
    /// Fixed: who reported it.
    pub reporter: Username,
    /// Fixed: when.
    pub created_at: DateTime,
    /// Incidental: when it last changed.
    pub updated_at: DateTime,
    /// Incidental: what happened to it, oldest first.
    pub events: Vec<Event>,
}

impl Issue {
    /// Whether it is not closed.
    pub fn is_open(&self) -> bool {
        self.status != Status::Closed
    }

    /// The last time that it was closed, if it is closed now.
    pub fn closing(&self) -> Option<&Event> {
        if self.is_open() {
            return None;
        }
        self.events
            .iter()
            .rev()
            .find(|event| event.what == Happening::Closed)
    }
}

/// One entry of an issue's history.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When.
    pub at: DateTime,
    /// Who.
    pub by: Username,
    /// What.
    pub what: Happening,
}

/// What happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It was reported.
    Reported,
    /// It was closed.
    Closed,
    /// It was opened again.
    Reopened,
    /// It came from another project, where it had this number.
    MovedFrom(IssueId),
    /// Anything else, in words.
    Changed(String),
}

/// What a comment stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// An issue.
    Issue(IssueId),
    /// A merge request.
    Merge(MergeId),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Issue(id) => id.fmt(f),
            Self::Merge(id) => id.fmt(f),
        }
    }
}

/// A comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// Key.
    pub no: CommentNo,
    /// Primary.
    pub on: Subject,
    /// Primary.
    pub author: Username,
    /// Primary.
    pub text: String,
    /// Primary: only staff with the right to edit see it.
    pub internal: bool,
    /// Primary: its author took it back; it was sent to the watchers all the same.
    pub deleted: bool,
    /// Incidental.
    pub at: DateTime,
}

crate::named_values! {
    /// How two issues hang together.
    LinkKind {
        /// The first must be done before the second.
        Blocks = "blocks",
        /// The first is the same as the second, which is kept.
        Duplicates = "duplicates",
        /// They have to do with each other.
        Relates = "relates",
    }
}

/// A link between issues. All primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The first.
    pub from: IssueId,
    /// How.
    pub kind: LinkKind,
    /// The second; of [`LinkKind::Relates`] the greater key.
    pub to: IssueId,
}

impl Link {
    /// A link; the ends of one without direction are ordered.
    pub fn new(from: IssueId, kind: LinkKind, to: IssueId) -> Self {
        if kind == LinkKind::Relates && to < from {
            return Self {
                from: to,
                kind,
                to: from,
            };
        }
        Self { from, kind, to }
    }

    /// Its key in records, e.g. `WEB-3 blocks WEB-9`.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.from, self.kind, self.to)
    }
}

/// Work that somebody logged on an issue. All primary but the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkEntry {
    /// On which issue.
    pub issue: IssueId,
    /// Who worked.
    pub member: Username,
    /// On which day.
    pub day: Date,
    /// How long.
    pub minutes: u32,
    /// On what; empty for nothing.
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_written() {
        let id: IssueId = "HLP-482".parse().unwrap();
        assert_eq!(id.to_string(), "HLP-482");
        for wrong in [
            "HLP", "HLP-", "HLP-0", "hlp-1", "HLP-+1", "HELP-1", "HLP-1x",
        ] {
            assert!(wrong.parse::<IssueId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_without_direction_has_one_form() {
        let (one, two) = ("WEB-9".parse().unwrap(), "WEB-3".parse().unwrap());
        let relates = Link::new(one, LinkKind::Relates, two);
        assert_eq!(relates, Link::new(two, LinkKind::Relates, one));
        assert_eq!(
            Link::new(one, LinkKind::Blocks, two).key(),
            "WEB-9 blocks WEB-3"
        );
    }
}
