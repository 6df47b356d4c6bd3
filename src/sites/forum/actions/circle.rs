//! Whom and what the persona follows: memberships, saved things, mutes, blocks.

use std::sync::Arc;

use jiff::civil::Date;

use super::{Refusal, author_of};
use crate::sites::clock::TODAY;
use crate::sites::forum::queries::{feed, people};
use crate::sites::forum::state::{CommunityId, ForumState, MemberId, Target};

fn community(state: &ForumState, id: &str) -> Result<CommunityId, Refusal> {
    feed::community(state, id)
        .map(|community| community.id.clone())
        .ok_or_else(|| Refusal::not_found("There is no such community."))
}

/// Joins a community; joining twice is joining once.
pub fn join(state: &mut ForumState, id: &str) -> Result<(), Refusal> {
    let id = community(state, id)?;
    Arc::make_mut(&mut state.joined).insert(id);
    Ok(())
}

/// Leaves a community. Moderators hand over first.
pub fn leave(state: &mut ForumState, id: &str) -> Result<(), Refusal> {
    let id = community(state, id)?;
    if feed::moderates(state, &id) {
        return Err(Refusal::not_allowed(
            "You moderate this community. Ask another moderator to take over before you leave.",
        ));
    }
    Arc::make_mut(&mut state.joined).remove(&id);
    Ok(())
}

/// Keeps a post or comment.
pub fn save(state: &mut ForumState, target: Target) -> Result<(), Refusal> {
    author_of(state, target)?;
    if !state.saved.contains_key(&target) {
        let place = state.incidental.next_saved;
        state.incidental.next_saved += 1;
        Arc::make_mut(&mut state.saved).insert(target, place);
    }
    Ok(())
}

/// Keeps it no longer.
pub fn unsave(state: &mut ForumState, target: Target) {
    Arc::make_mut(&mut state.saved).remove(&target);
}

/// Mutes a community until a day, that day included, or until it is changed.
pub fn mute(state: &mut ForumState, id: &str, until: Option<Date>) -> Result<(), Refusal> {
    let id = community(state, id)?;
    if until.is_some_and(|until| until < TODAY) {
        return Err(Refusal::field("until", "Choose a day that is not over."));
    }
    Arc::make_mut(&mut state.mutes).insert(id, until);
    Ok(())
}

/// Mutes a community no longer.
pub fn unmute(state: &mut ForumState, id: &str) -> Result<(), Refusal> {
    let id = community(state, id)?;
    Arc::make_mut(&mut state.mutes).remove(&id);
    Ok(())
}

/// Hides what a member writes.
pub fn block(state: &mut ForumState, member: &str) -> Result<(), Refusal> {
    let Some(known) = people::member(state, member) else {
        return Err(Refusal::field(
            "member",
            format!("There is no member called \"{member}\"."),
        ));
    };
    if known.id == state.board.me {
        return Err(Refusal::field("member", "You cannot block yourself."));
    }
    let id = known.id.clone();
    Arc::make_mut(&mut state.blocks).insert(id);
    Ok(())
}

/// Shows it again.
pub fn unblock(state: &mut ForumState, member: &str) {
    Arc::make_mut(&mut state.blocks).remove(&MemberId::from(member));
}
