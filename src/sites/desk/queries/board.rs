//! Boards: open issues in columns by status, in the order that the team gave them.

use crate::sites::desk::queries::access::sees;
use crate::sites::desk::state::{DeskState, Issue, IssueId, ProjectKey, Status};

/// All issues of a column, top first, including those that who is signed in may not see.
pub fn column(state: &DeskState, project: ProjectKey, status: Status) -> Vec<IssueId> {
    let order = state.order.get(&project);
    in_order(state, order.map_or(&[], |order| order.as_slice()), status)
}

fn in_order(state: &DeskState, order: &[IssueId], status: Status) -> Vec<IssueId> {
    order
        .iter()
        .copied()
        .filter(|id| {
            state
                .issues
                .get(id)
                .is_some_and(|issue| issue.status == status)
        })
        .collect()
}

/// The order of a column if nobody had moved a card: that of the base state, new issues last.
pub fn natural(state: &DeskState, project: ProjectKey, status: Status) -> Vec<IssueId> {
    let base = state.fixed.base_order.get(&project);
    let base = base.map_or(&[][..], |order| order.as_slice());
    let mut ids = in_order(state, base, status);
    let mut new: Vec<IssueId> = column(state, project, status)
        .into_iter()
        .filter(|id| !base.contains(id))
        .collect();
    new.sort();
    ids.extend(new);
    ids
}

/// Cards of a column that who is signed in may see.
pub fn cards(state: &DeskState, project: ProjectKey, status: Status) -> Vec<&Issue> {
    column(state, project, status)
        .into_iter()
        .filter_map(|id| state.issues.get(&id).map(AsRef::as_ref))
        .filter(|issue| sees(state, issue))
        .collect()
}
