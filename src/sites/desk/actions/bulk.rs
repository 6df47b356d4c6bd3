//! Changes of several issues at once, and their undoing.

use std::sync::Arc;

use crate::sites::desk::actions::issues::{milestone, say_changes};
use crate::sites::desk::actions::{Refusal, Wrong, issue_with, write_issue};
use crate::sites::desk::queries::access::{project, visible};
use crate::sites::desk::state::{DeskState, IssueId, Priority, Right, Status, Undo};
use crate::sites::desk::view::NONE;

/// What is changed. An empty field leaves things as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Change {
    /// Field `to_milestone`: an id, or [`NONE`].
    pub milestone: String,
    /// Field `to_status`: any but closed.
    pub status: String,
    /// Field `to_priority`.
    pub priority: String,
    /// Field `add_label`.
    pub add_label: String,
    /// Field `remove_label`.
    pub remove_label: String,
}

/// Changes issues: all of them or none. Answers how many differ.
pub fn apply(state: &mut DeskState, ids: &[IssueId], change: &Change) -> Result<usize, Refusal> {
    if ids.is_empty() {
        return Err(Refusal::field("issue", "Tick the issues to change."));
    }
    if *change == Change::default() {
        return Err(Refusal::field("to_milestone", "Choose what to change."));
    }
    let mut trial = state.clone();
    let me = state.fixed.me.clone();
    let mut before = Vec::new();
    for id in ids {
        let issue = issue_with(state, *id, Right::Edit)?;
        let mut wrong = Wrong::default();
        let had = issue.milestone.clone();
        let to = match change.milestone.as_str() {
            "" => had.clone(),
            NONE => None,
            wanted => milestone(state, id.project, wanted, had.as_ref(), &mut wrong),
        };
        let status: Option<Status> = wrong.perhaps("to_status", &change.status, "Choose a status.");
        if status == Some(Status::Closed) || (status.is_some() && !issue.is_open()) {
            wrong.say(
                "to_status",
                format!("{id} cannot be closed or opened here; open the issue itself."),
            );
        }
        let priority: Option<Priority> =
            wrong.perhaps("to_priority", &change.priority, "Choose a priority.");
        let mut labels = issue.labels.clone();
        labels.retain(|label| *label != change.remove_label);
        if !change.add_label.is_empty() {
            let known = project(state, id.project).is_some_and(|project| {
                project
                    .labels
                    .iter()
                    .any(|one| one.name == change.add_label)
            });
            if !known {
                wrong.say("add_label", format!("{} has no such label.", id.project));
            }
            labels.push(change.add_label.clone());
            labels.sort();
            labels.dedup();
        }
        wrong.none()?;
        let old = state.issues.get(id).cloned();
        let new = write_issue(&mut trial, *id)?;
        let was = new.clone();
        new.milestone = to;
        new.status = status.unwrap_or(new.status);
        new.priority = priority.unwrap_or(new.priority);
        new.labels = labels;
        if *new != was {
            say_changes(&was, new, &me);
            before.extend(old);
        }
    }
    let changed = before.len();
    *state = trial;
    if changed > 0 {
        state.incidental.undo = Some(Undo {
            text: format!(
                "{changed} {} changed.",
                if changed == 1 {
                    "issue was"
                } else {
                    "issues were"
                }
            ),
            before,
        });
    }
    Ok(changed)
}

/// Takes back the last change of several issues.
pub fn undo(state: &mut DeskState) -> Result<usize, Refusal> {
    let Some(undo) = state.incidental.undo.take() else {
        return Err(Refusal::not_allowed("There is nothing to undo."));
    };
    let count = undo.before.len();
    for issue in undo.before {
        if visible(state, issue.id).is_some() {
            Arc::make_mut(&mut state.issues).insert(issue.id, issue);
        }
    }
    Ok(count)
}
