//! Who may see and do what. Rights come from the role in a project and from nothing else.

use crate::sites::clock::TODAY;
use crate::sites::desk::state::{
    Comment, DeskState, Issue, IssueId, Membership, Project, ProjectKey, Right, Role, Subject,
};

/// The project of this key.
pub fn project(state: &DeskState, key: ProjectKey) -> Option<&Project> {
    state
        .fixed
        .projects
        .iter()
        .find(|project| project.key == key)
}

/// That somebody belongs to a project, unless it is over.
pub fn membership<'a>(
    state: &'a DeskState,
    key: ProjectKey,
    username: &str,
) -> Option<&'a Membership> {
    state
        .memberships
        .get(&(key, username.into()))
        .filter(|membership| membership.until.is_none_or(|until| until >= TODAY))
}

/// What who is signed in is in a project.
pub fn my_role(state: &DeskState, key: ProjectKey) -> Option<Role> {
    membership(state, key, &state.fixed.me).map(|membership| membership.role)
}

/// Whether a role has a right in a project.
pub fn allows(project: &Project, role: Role, right: Right) -> bool {
    project
        .rights
        .get(&right)
        .is_some_and(|least| role >= *least)
}

/// Whether who is signed in has a right in a project.
pub fn may(state: &DeskState, key: ProjectKey, right: Right) -> bool {
    match (project(state, key), my_role(state, key)) {
        (Some(project), Some(role)) => allows(project, role, right),
        _ => false,
    }
}

/// Whether who is signed in may see an issue.
pub fn sees(state: &DeskState, issue: &Issue) -> bool {
    let project = issue.id.project;
    may(state, project, Right::View)
        && (!issue.confidential
            || may(state, project, Right::Confidential)
            || issue.reporter == state.fixed.me
            || issue.assignees.contains(&state.fixed.me))
}

/// The issue of this key, if who is signed in may see it.
pub fn visible(state: &DeskState, id: IssueId) -> Option<&Issue> {
    state
        .issues
        .get(&id)
        .map(AsRef::as_ref)
        .filter(|issue| sees(state, issue))
}

/// Whether who is signed in may see a comment of a subject that they see.
pub fn reads(state: &DeskState, comment: &Comment) -> bool {
    let project = match comment.on {
        Subject::Issue(id) => id.project,
        Subject::Merge(id) => id.project,
    };
    !comment.internal || may(state, project, Right::Edit)
}

/// Comments that who is signed in may read, oldest first.
pub fn comments(state: &DeskState, on: Subject) -> Vec<&Comment> {
    let mut comments: Vec<&Comment> = state
        .comments
        .values()
        .map(AsRef::as_ref)
        .filter(|comment| comment.on == on && reads(state, comment))
        .collect();
    comments.sort_by_key(|comment| (comment.at, comment.no));
    comments
}

/// Projects that who is signed in belongs to.
pub fn my_projects(state: &DeskState) -> Vec<&Project> {
    state
        .fixed
        .projects
        .iter()
        .filter(|project| my_role(state, project.key).is_some())
        .collect()
}

/// Why who is signed in may not do something, in words.
pub fn refusal(state: &DeskState, key: ProjectKey, right: Right) -> Option<String> {
    if may(state, key, right) {
        return None;
    }
    let least = project(state, key)
        .and_then(|project| project.rights.get(&right))
        .map_or("member", |role| role.as_str());
    let mine = my_role(state, key).map_or_else(
        || "you are no member".to_owned(),
        |role| format!("you are {}", role.label()),
    );
    Some(format!(
        "This needs the role of a {least} in {key}; {mine}."
    ))
}
