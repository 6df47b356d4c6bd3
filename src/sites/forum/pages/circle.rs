//! Buttons that stand on many pages: vote, save, join, block. They go back to where they stood.

use actix_web::HttpResponse;

use super::{Posted, missing};
use crate::sites::forum::actions::{Refusal, circle, writing};
use crate::sites::forum::pages::frame;
use crate::sites::forum::state::{ForumState, Target};

fn target(posted: &Posted) -> Result<Target, Refusal> {
    posted
        .fields
        .text("target")
        .parse()
        .map_err(|_| Refusal::not_found("There is no such post or comment."))
}

/// Acts and goes back, saying what was done.
fn act(
    posted: &Posted,
    known: &[&str],
    done: Option<&str>,
    act: impl FnOnce(&mut ForumState) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, known) {
        return answer;
    }
    match posted.write(act) {
        Ok(()) => match done {
            Some(text) => frame::go_saying(&posted.visit, &frame::back_of(posted), text),
            None => frame::go(&frame::back_of(posted)),
        },
        Err(refusal) => missing::refused(&posted.visit, &refusal),
    }
}

/// Votes on a post or comment.
pub async fn vote(posted: Posted) -> HttpResponse {
    act(&posted, &["target", "vote", "back"], None, |state| {
        let vote = posted.fields.text("vote").parse();
        let vote = vote.map_err(|_| Refusal::field("vote", "A vote is up or down."))?;
        writing::vote(state, target(&posted)?, vote)
    })
}

/// Keeps a post or comment.
pub async fn save(posted: Posted) -> HttpResponse {
    act(&posted, &["target", "back"], Some("Saved."), |state| {
        circle::save(state, target(&posted)?)
    })
}

/// Keeps it no longer.
pub async fn unsave(posted: Posted) -> HttpResponse {
    let done = Some("No longer saved.");
    act(&posted, &["target", "back"], done, |state| {
        circle::unsave(state, target(&posted)?);
        Ok(())
    })
}

/// Joins a community.
pub async fn join(posted: Posted) -> HttpResponse {
    let done = Some("You are a member now.");
    act(&posted, &["community", "back"], done, |state| {
        circle::join(state, posted.fields.text("community"))
    })
}

/// Leaves a community.
pub async fn leave(posted: Posted) -> HttpResponse {
    let done = Some("You have left the community.");
    act(&posted, &["community", "back"], done, |state| {
        circle::leave(state, posted.fields.text("community"))
    })
}

/// Blocks a member from their profile.
pub async fn block(posted: Posted) -> HttpResponse {
    let done = Some("Blocked. You no longer see what this member writes.");
    act(&posted, &["member", "back"], done, |state| {
        circle::block(state, posted.fields.text("member"))
    })
}

/// Unblocks a member.
pub async fn unblock(posted: Posted) -> HttpResponse {
    let done = Some("No longer blocked.");
    act(&posted, &["member", "back"], done, |state| {
        circle::unblock(state, posted.fields.text("member"));
        Ok(())
    })
}
