//! Members and what they wrote.

use std::cmp::Reverse;

use crate::sites::forum::queries::Paged;
use crate::sites::forum::queries::feed::{is_visible, may_read};
use crate::sites::forum::state::{Comment, ForumState, Member, MemberId, Post, Standing};

/// Posts or comments on a page of a profile.
pub const ROWS_PER_PAGE: usize = 20;

/// A member by name.
pub fn member<'a>(state: &'a ForumState, id: &str) -> Option<&'a Member> {
    state.board.members.get(id)
}

/// Whether the persona blocked a member.
pub fn is_blocked(state: &ForumState, member: &MemberId) -> bool {
    state.blocks.contains(member)
}

/// Posts of a member that the persona can see, latest first.
pub fn all_posts_of<'a>(state: &'a ForumState, member: &str) -> Vec<&'a Post> {
    let mut posts: Vec<&Post> = state
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| post.author.as_str() == member && is_visible(state, post))
        .collect();
    posts.sort_by_key(|post| Reverse((post.written_at, post.no)));
    posts
}

/// A page of them.
pub fn posts_of<'a>(state: &'a ForumState, member: &str, page: u32) -> Paged<&'a Post> {
    Paged::cut(all_posts_of(state, member), page, ROWS_PER_PAGE)
}

/// Comments of a member that the persona can see, latest first.
pub fn comments_of<'a>(
    state: &'a ForumState,
    member: &str,
    page: u32,
) -> Paged<(&'a Comment, &'a Post)> {
    let mut comments: Vec<(&Comment, &Post)> = state
        .comments
        .values()
        .map(AsRef::as_ref)
        .filter(|comment| comment.author.as_str() == member && comment.standing == Standing::Up)
        .filter_map(|comment| Some((comment, state.posts.get(&comment.post)?.as_ref())))
        .filter(|(comment, post)| {
            post.standing == Standing::Up
                && may_read(state, &post.community)
                && !is_blocked(state, &comment.author)
        })
        .collect();
    comments.sort_by_key(|(comment, _)| Reverse((comment.written_at, comment.no)));
    Paged::cut(comments, page, ROWS_PER_PAGE)
}
