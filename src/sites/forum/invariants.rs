//! Derived state is recomputed from primary state and compared, and references must lead
//! somewhere. A sound forum never breaks one; a broken one is a fault of the site, never the
//! agent's.

use crate::sites::forum::queries::thread::threads_of;
use crate::sites::forum::state::{ForumState, ReportStatus, Standing, Target};

/// Every broken invariant, in words; empty when all hold.
pub fn broken(base: &ForumState, state: &ForumState) -> Vec<String> {
    let mut broken = Vec::new();
    if *state.threads != threads_of(&state.posts, &state.comments) {
        broken.push("the comments of posts differ from what the comments say".to_owned());
    }
    posts(base, state, &mut broken);
    comments(state, &mut broken);
    messages(state, &mut broken);
    reports(state, &mut broken);
    for target in state.votes.keys().chain(state.saved.keys()) {
        if !exists(state, *target) {
            broken.push(format!("{target} is voted on or saved, and does not exist"));
        }
    }
    broken
}

fn exists(state: &ForumState, target: Target) -> bool {
    match target {
        Target::Post(no) => state.posts.contains_key(&no),
        Target::Comment(no) => state.comments.contains_key(&no),
    }
}

/// Nobody but the persona changed what they wrote.
fn posts(base: &ForumState, state: &ForumState, broken: &mut Vec<String>) {
    for post in state.posts.values() {
        if !state.board.communities.contains_key(&post.community)
            || !state.board.members.contains_key(&post.author)
        {
            broken.push(format!("post {} has no community or no author", post.no));
        }
        let before = base.posts.get(&post.no);
        let rewritten =
            before.is_some_and(|before| before.title != post.title || before.text != post.text);
        if rewritten && post.author != state.board.me {
            broken.push(format!("post {} was rewritten by someone else", post.no));
        }
    }
}

fn comments(state: &ForumState, broken: &mut Vec<String>) {
    for comment in state.comments.values() {
        let fits = comment.parent.is_none_or(|parent| {
            state
                .comments
                .get(&parent)
                .is_some_and(|parent| parent.post == comment.post && parent.no < comment.no)
        });
        if !fits || !state.posts.contains_key(&comment.post) {
            broken.push(format!("comment {} answers nothing", comment.no));
        }
    }
}

fn messages(state: &ForumState, broken: &mut Vec<String>) {
    for message in state.messages.values() {
        let is_mine = message.from == state.board.me || message.to == state.board.me;
        let first = message.thread.map(|no| state.messages.get(&no));
        let fits = first.is_none_or(|first| {
            first.is_some_and(|first| first.thread.is_none() && first.subject == message.subject)
        });
        if !is_mine || !fits {
            broken.push(format!("message {} belongs to no thread", message.no));
        }
    }
}

/// What was removed for a report is gone; only moderators of the place settle reports.
fn reports(state: &ForumState, broken: &mut Vec<String>) {
    for report in state.reports.values() {
        let removed = report.status == ReportStatus::Removed;
        let standing = match report.target {
            Target::Post(no) => state.posts.get(&no).map(|post| post.standing),
            Target::Comment(no) => state.comments.get(&no).map(|comment| comment.standing),
        };
        if removed != report.removed_for.is_some()
            || (removed && standing == Some(Standing::Up))
            || standing.is_none()
        {
            broken.push(format!("report {} and what it names disagree", report.no));
        }
    }
}
