//! The report queue of a community, for its moderators.

use crate::sites::forum::state::{
    Comment, Community, ForumState, Post, Report, ReportStatus, Target,
};

/// Communities that the persona moderates.
pub fn moderated(state: &ForumState) -> Vec<&Community> {
    state
        .board
        .communities
        .values()
        .filter(|community| community.moderators.contains(&state.board.me))
        .collect()
}

/// Reports of a community in order of arrival: open ones, or those that were settled.
pub fn queue<'a>(state: &'a ForumState, community: &str, open: bool) -> Vec<&'a Report> {
    state
        .reports
        .values()
        .filter(|report| report.community.as_str() == community)
        .filter(|report| (report.status == ReportStatus::Open) == open)
        .collect()
}

/// Reports that wait for the persona.
pub fn open_count(state: &ForumState) -> usize {
    moderated(state)
        .iter()
        .map(|community| queue(state, community.id.as_str(), true).len())
        .sum()
}

/// What a report names: the post, and the comment under it when it is one.
pub fn reported<'a>(
    state: &'a ForumState,
    report: &Report,
) -> Option<(&'a Post, Option<&'a Comment>)> {
    match report.target {
        Target::Post(no) => Some((state.posts.get(&no)?.as_ref(), None)),
        Target::Comment(no) => {
            let comment = state.comments.get(&no)?.as_ref();
            Some((state.posts.get(&comment.post)?.as_ref(), Some(comment)))
        }
    }
}
