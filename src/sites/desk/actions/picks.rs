//! Who works on an issue, who watches it, which labels it bears.

use crate::sites::desk::actions::issues::say_changes;
use crate::sites::desk::actions::{Refusal, issue_with, write_issue};
use crate::sites::desk::queries::access::{membership, project};
use crate::sites::desk::queries::people::full_name;
use crate::sites::desk::state::{DeskState, Issue, IssueId, MOST_ASSIGNEES, Right, Username};

/// Sets who works on an issue: members of the project, at most three. Field: `people`.
pub fn assign(state: &mut DeskState, id: IssueId, people: &[&str]) -> Result<(), Refusal> {
    let had = issue_with(state, id, Right::Edit)?.assignees.clone();
    let chosen = chosen(state, id, people, &had)?;
    if chosen.len() > MOST_ASSIGNEES {
        return Err(Refusal::field(
            "people",
            format!("An issue has at most {MOST_ASSIGNEES} assignees."),
        ));
    }
    change(state, id, |issue| issue.assignees = chosen)
}

/// Sets who watches an issue: members of the project. Field: `people`.
pub fn set_watchers(state: &mut DeskState, id: IssueId, people: &[&str]) -> Result<(), Refusal> {
    let had = issue_with(state, id, Right::Edit)?.watchers.clone();
    let chosen = chosen(state, id, people, &had)?;
    change(state, id, |issue| issue.watchers = chosen)
}

/// Begins or ends watching an issue oneself.
pub fn watch(state: &mut DeskState, id: IssueId, on: bool) -> Result<(), Refusal> {
    issue_with(state, id, Right::View)?;
    let me = state.fixed.me.clone();
    change(state, id, |issue| {
        issue.watchers.retain(|one| *one != me);
        if on {
            issue.watchers.push(me);
            issue.watchers.sort();
        }
    })
}

/// Sets the labels of an issue: labels of the project. Field: `labels`.
pub fn set_labels(state: &mut DeskState, id: IssueId, labels: &[&str]) -> Result<(), Refusal> {
    issue_with(state, id, Right::Label)?;
    let known = |label: &str| {
        project(state, id.project)
            .is_some_and(|project| project.labels.iter().any(|one| one.name == label))
    };
    if let Some(unknown) = labels.iter().find(|label| !known(label)) {
        return Err(Refusal::field(
            "labels",
            format!("{} has no label \"{unknown}\".", id.project),
        ));
    }
    let mut chosen: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
    chosen.sort();
    chosen.dedup();
    change(state, id, |issue| issue.labels = chosen)
}

/// Reads short names: members of the project, or those who were chosen before.
fn chosen(
    state: &DeskState,
    id: IssueId,
    people: &[&str],
    had: &[Username],
) -> Result<Vec<Username>, Refusal> {
    let mut chosen: Vec<Username> = Vec::new();
    for username in people {
        let belongs = membership(state, id.project, username).is_some()
            && !state
                .fixed
                .members
                .get(*username)
                .is_none_or(|member| member.deactivated);
        if !belongs && !had.iter().any(|one| &**one == *username) {
            return Err(Refusal::field(
                "people",
                format!(
                    "{} is no member of {}.",
                    full_name(state, username),
                    id.project
                ),
            ));
        }
        chosen.push((*username).into());
    }
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

fn change(state: &mut DeskState, id: IssueId, act: impl FnOnce(&mut Issue)) -> Result<(), Refusal> {
    let me = state.fixed.me.clone();
    let issue = write_issue(state, id)?;
    let before = issue.clone();
    act(issue);
    say_changes(&before, issue, &me);
    Ok(())
}
