//! Approving, merging and closing merge requests.

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::desk::actions::life::shut;
use crate::sites::desk::actions::{Refusal, need};
use crate::sites::desk::queries::access::may;
use crate::sites::desk::queries::merges::{closes, merge_refused};
use crate::sites::desk::state::{
    DeskState, IssueId, Merge, MergeId, MergeState, Resolution, Right,
};

fn visible(state: &DeskState, id: MergeId) -> Result<&Merge, Refusal> {
    state
        .merges
        .get(&id)
        .filter(|_| may(state, id.project, Right::View))
        .map(AsRef::as_ref)
        .ok_or_else(|| Refusal::not_found(format!("There is no merge request {id}.")))
}

fn write(state: &mut DeskState, id: MergeId) -> Result<&mut Merge, Refusal> {
    Arc::make_mut(&mut state.merges)
        .get_mut(&id)
        .map(Arc::make_mut)
        .ok_or_else(|| Refusal::not_found(format!("There is no merge request {id}.")))
}

/// Merges, and closes the issues that the description names behind a closing word. Answers
/// which were closed.
pub fn merge(
    state: &mut DeskState,
    id: MergeId,
    squash: bool,
    delete_branch: bool,
) -> Result<Vec<IssueId>, Refusal> {
    let request = visible(state, id)?;
    need(state, id.project, Right::Merge)?;
    if let Some(reason) = merge_refused(state, request) {
        return Err(Refusal::not_allowed(reason));
    }
    let mut closing = closes(request);
    closing.retain(|issue| state.issues.get(issue).is_some_and(|issue| issue.is_open()));
    let me = state.fixed.me.clone();
    let request = write(state, id)?;
    request.state = MergeState::Merged;
    request.squashed = squash;
    request.branch_deleted = delete_branch;
    request.ended = Some((NOW, me));
    for issue in &closing {
        shut(state, *issue, Resolution::Done)?;
    }
    Ok(closing)
}

/// Gives a merge request up.
pub fn close(state: &mut DeskState, id: MergeId) -> Result<(), Refusal> {
    let request = visible(state, id)?;
    need(state, id.project, Right::Merge)?;
    if request.state != MergeState::Open {
        return Err(Refusal::not_allowed(format!(
            "It is {} already.",
            request.state
        )));
    }
    let me = state.fixed.me.clone();
    let request = write(state, id)?;
    request.state = MergeState::Closed;
    request.ended = Some((NOW, me));
    Ok(())
}

/// Takes a merge request up again that was given up.
pub fn reopen(state: &mut DeskState, id: MergeId) -> Result<(), Refusal> {
    let request = visible(state, id)?;
    need(state, id.project, Right::Merge)?;
    if request.state != MergeState::Closed {
        return Err(Refusal::not_allowed(format!("It is {}.", request.state)));
    }
    let request = write(state, id)?;
    request.state = MergeState::Open;
    request.ended = None;
    Ok(())
}

/// Approves a merge request, or takes the approval back.
pub fn approve(state: &mut DeskState, id: MergeId, on: bool) -> Result<(), Refusal> {
    let request = visible(state, id)?;
    need(state, id.project, Right::Merge)?;
    let me = state.fixed.me.clone();
    if request.state != MergeState::Open {
        return Err(Refusal::not_allowed(format!(
            "It is {} already.",
            request.state
        )));
    }
    if request.author == me {
        return Err(Refusal::not_allowed("You cannot approve your own request."));
    }
    let request = write(state, id)?;
    request.approved_by.retain(|one| *one != me);
    if on {
        request.approved_by.push(me);
        request.approved_by.sort();
    }
    Ok(())
}
