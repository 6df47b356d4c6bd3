//! People of a project, and the picker that chooses among them.

use crate::sites::desk::queries::access::membership;
use crate::sites::desk::queries::search;
use crate::sites::desk::state::{DeskState, Member, Membership, ProjectKey, Role};
use crate::sites::folding::fold;

/// How many people or labels a picker offers at once.
pub const PICKER_SIZE: usize = 8;

/// Somebody's whole name; the short name itself when there is no such account.
pub fn name<'a>(state: &'a DeskState, username: &'a str) -> &'a str {
    state
        .fixed
        .members
        .get(username)
        .map_or(username, |member| member.name.as_str())
}

/// Name and team, which tell people of the same name apart.
pub fn full_name(state: &DeskState, username: &str) -> String {
    state.fixed.members.get(username).map_or_else(
        || username.to_owned(),
        |member| format!("{} ({})", member.name, member.team),
    )
}

/// Members of a project: the highest role first, then by name.
pub fn of_project(state: &DeskState, key: ProjectKey) -> Vec<(&Member, &Membership)> {
    let mut members: Vec<(&Member, &Membership)> = state
        .memberships
        .iter()
        .filter(|((project, _), _)| *project == key)
        .filter_map(|((_, username), membership)| {
            Some((state.fixed.members.get(username)?, membership))
        })
        .collect();
    members.sort_by_key(|(member, membership)| {
        (
            std::cmp::Reverse(membership.role),
            fold(&member.name),
            member.username.clone(),
        )
    });
    members
}

/// What a search for people brings on a page of a project.
#[derive(Debug, Default)]
pub struct Picked<'a> {
    /// Who can be chosen.
    pub found: Vec<&'a Member>,
    /// How many more there are.
    pub more: usize,
    /// Who has the name but does not belong to the project.
    pub outsiders: Vec<&'a Member>,
}

/// Searches people to work on or watch issues of a project.
pub fn pick<'a>(state: &'a DeskState, key: ProjectKey, q: &str) -> Picked<'a> {
    let (mut found, outsiders): (Vec<&Member>, Vec<&Member>) = search::people(state, q)
        .into_iter()
        .filter(|member| !member.deactivated)
        .partition(|member| membership(state, key, &member.username).is_some());
    let more = found.len().saturating_sub(PICKER_SIZE);
    found.truncate(PICKER_SIZE);
    let outsiders = if q.trim().is_empty() {
        Vec::new()
    } else {
        outsiders
    };
    Picked {
        found,
        more,
        outsiders,
    }
}

/// Projects of a person with their role, as far as who is signed in belongs to them too.
pub fn projects_of(state: &DeskState, username: &str) -> Vec<(ProjectKey, Role)> {
    state
        .fixed
        .projects
        .iter()
        .filter(|project| membership(state, project.key, &state.fixed.me).is_some())
        .filter_map(|project| {
            membership(state, project.key, username)
                .map(|membership| (project.key, membership.role))
        })
        .collect()
}
