//! What several draws need.

use crate::sites::desk::queries::access::{may, project};
use crate::sites::desk::queries::milestones::of_project;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{
    DeskState, Issue, IssueId, Member, Milestone, MilestoneState, Project, ProjectKey, Right,
};
use crate::sites::folding::fold;

/// The name that two people bear.
pub(super) const TWICE: &str = "Anna Kowalski";

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Projects in which who is signed in has a right.
pub(super) fn projects_with(state: &DeskState, right: Right) -> Vec<&Project> {
    state
        .fixed
        .projects
        .iter()
        .filter(|project| may(state, project.key, right))
        .collect()
}

/// Issues of a project.
pub(super) fn issues_of(state: &DeskState, key: ProjectKey) -> impl Iterator<Item = &Issue> {
    state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(move |issue| issue.id.project == key)
}

/// Open milestones of a project, by last day.
pub(super) fn open_milestones(state: &DeskState, key: ProjectKey) -> Vec<&Milestone> {
    of_project(state, key)
        .into_iter()
        .filter(|milestone| milestone.state == MilestoneState::Open)
        .collect()
}

/// The name of a project.
pub(super) fn project_name(state: &DeskState, key: ProjectKey) -> String {
    project(state, key).map_or_else(String::new, |project| project.name.clone())
}

/// A person as pickers write them.
pub(super) fn pick_label(member: &Member) -> String {
    format!("{} ({}, {})", member.name, member.team, member.username)
}

/// Instructions that lead from anywhere to an issue.
pub(super) fn open_issue(id: IssueId) -> Vec<String> {
    vec![
        format!("fill 'Search issues' '{id}'"),
        "click button 'Search'".to_owned(),
        format!("click link '{id}'"),
    ]
}

/// Instructions that lead from anywhere to a tab of a project.
pub(super) fn open_tab(state: &DeskState, key: ProjectKey, tab: &str) -> Vec<String> {
    let project = project_name(state, key);
    vec![
        format!("click link '{project}' within 'Projects'"),
        format!("click link '{tab}' within '{project}'"),
    ]
}

/// Whether the whole name of somebody means one person only.
pub(super) fn has_own_name(state: &DeskState, username: &str) -> bool {
    let whole = name(state, username);
    let same = state.fixed.members.values().filter(|one| one.name == whole);
    same.count() == 1
}

/// Whether the user name is a word of the name: then a first name alone, or one with another
/// family name, would be read as that person.
pub(super) fn goes_by_first_name(state: &DeskState, username: &str) -> bool {
    let whole = fold(name(state, username));
    whole.split(' ').any(|word| word == username)
}
