//! Merge requests.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;

use super::{ProjectKey, Username};

/// A project's key and a number, e.g. `WEB!31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MergeId {
    /// The project that it belongs to.
    pub project: ProjectKey,
    /// Its number there.
    pub no: u32,
}

impl fmt::Display for MergeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}!{}", self.project, self.no)
    }
}

impl FromStr for MergeId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let problem = || format!("`{text}` is no merge request such as WEB!31");
        let (project, no) = text.split_once('!').ok_or_else(problem)?;
        Ok(Self {
            project: project.parse().map_err(|_| problem())?,
            no: no
                .parse()
                .ok()
                .filter(|no: &u32| *no > 0 && no.to_string().len() == text.len() - 4)
                .ok_or_else(problem)?,
        })
    }
}

crate::named_values! {
    /// How far a merge request is.
    MergeState {
        /// It waits.
        Open = "open",
        /// It is part of the main branch.
        Merged = "merged",
        /// It was given up.
        Closed = "closed",
    }
}

impl MergeState {
    /// In words.
    pub fn label(self) -> String {
        super::issues::capital(self.as_str())
    }
}

crate::named_values! {
    /// What the automatic checks say.
    Checks {
        /// All is well.
        Passed = "passed",
        /// Something is not.
        Failed = "failed",
    }
}

/// A merge request.
#[derive(Debug, Clone, PartialEq)]
pub struct Merge {
    /// Key.
    pub id: MergeId,
    /// Fixed.
    pub title: String,
    /// Fixed: closing words such as "Closes WEB-12" count when it is merged.
    pub description: String,
    /// Fixed.
    pub branch: String,
    /// Fixed.
    pub author: Username,
    /// Fixed.
    pub assignee: Option<Username>,
    /// Fixed: who is asked to read it, sorted.
    pub reviewers: Vec<Username>,
    /// Fixed: it is not finished.
    pub draft: bool,
    /// Fixed.
    pub checks: Checks,
    /// Fixed: lines added and removed.
    pub lines: (u32, u32),
    /// Fixed.
    pub created_at: DateTime,
    /// Primary.
    pub state: MergeState,
    /// Primary: who approved it, sorted.
    pub approved_by: Vec<Username>,
    /// Primary: its commits were made one; of what is merged.
    pub squashed: bool,
    /// Primary: its branch is gone.
    pub branch_deleted: bool,
    /// Incidental: when and by whom it was merged or closed.
    pub ended: Option<(DateTime, Username)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_and_written() {
        let id: MergeId = "WEB!31".parse().unwrap();
        assert_eq!(id.to_string(), "WEB!31");
        for wrong in ["WEB", "WEB!", "WEB!0", "WEB!031", "WEB-3"] {
            assert!(wrong.parse::<MergeId>().is_err(), "{wrong}");
        }
    }
}
