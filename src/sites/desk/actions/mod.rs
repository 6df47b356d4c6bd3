//! Everything that who is signed in can do on the desk, with its rules. A refusal says why in
//! plain words and leaves the state as it was.

pub mod bulk;
pub mod filters;
pub mod issues;
pub mod life;
pub mod links;
pub mod members;
pub mod merges;
pub mod milestones;
pub mod picks;
pub mod talk;

use std::sync::Arc;

pub use crate::sites::refusal::{FieldError, Refusal, RefusalKind};

use crate::sites::clock::NOW;
use crate::sites::desk::queries::access::{refusal, visible};
use crate::sites::desk::state::{DeskState, Event, Happening, Issue, IssueId, ProjectKey, Right};

/// Collects what is wrong with the fields of a form.
#[derive(Debug, Default)]
struct Wrong(Vec<FieldError>);

impl Wrong {
    fn say(&mut self, field: &'static str, message: impl Into<String>) {
        self.0.push(FieldError {
            field: field.into(),
            message: message.into(),
        });
    }

    /// A text that must be there and be no longer than `most` characters.
    fn needs(&mut self, field: &'static str, text: &str, most: usize) {
        if text.is_empty() {
            self.say(field, format!("Enter a {field}."));
        }
        self.at_most(field, text, most);
    }

    fn at_most(&mut self, field: &'static str, text: &str, most: usize) {
        let length = text.chars().count();
        if length > most {
            self.say(
                field,
                format!("At most {most} characters, please; this has {length}."),
            );
        }
    }

    /// Reads one value of a closed list.
    fn choice<T: std::str::FromStr>(&mut self, field: &'static str, text: &str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.say(field, format!("Choose a {}.", field.replace('_', " ")));
        }
        value
    }

    /// Reads a value that may be left out.
    fn perhaps<T: std::str::FromStr>(
        &mut self,
        field: &'static str,
        text: &str,
        right: &str,
    ) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.say(field, right);
        }
        value
    }

    fn none(self) -> Result<(), Refusal> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Refusal::invalid(self.0))
        }
    }
}

/// How a day has to be written.
const DAY: &str = "Write the day as year, month and day, e.g. 2026-04-01.";

/// Refuses unless who is signed in has a right in a project.
fn need(state: &DeskState, project: ProjectKey, right: Right) -> Result<(), Refusal> {
    refusal(state, project, right).map_or(Ok(()), |reason| Err(Refusal::forbidden(reason)))
}

/// An issue that who is signed in may see and for which they have a right.
fn issue_with(state: &DeskState, id: IssueId, right: Right) -> Result<&Issue, Refusal> {
    let issue =
        visible(state, id).ok_or_else(|| Refusal::not_found(format!("There is no issue {id}.")))?;
    need(state, id.project, right)?;
    Ok(issue)
}

/// The issue of a key, to be written.
fn write_issue(state: &mut DeskState, id: IssueId) -> Result<&mut Issue, Refusal> {
    Arc::make_mut(&mut state.issues)
        .get_mut(&id)
        .map(Arc::make_mut)
        .ok_or_else(|| Refusal::not_found(format!("There is no issue {id}.")))
}

/// Writes down what happened to an issue.
fn note(issue: &mut Issue, by: &crate::sites::desk::state::Username, what: Happening) {
    issue.updated_at = NOW;
    issue.events.push(Event {
        at: NOW,
        by: by.clone(),
        what,
    });
}

#[cfg(test)]
mod tests;
