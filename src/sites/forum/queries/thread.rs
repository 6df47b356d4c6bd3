//! A post with its comments as a tree, and points.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sites::forum::queries::people::is_blocked;
use crate::sites::forum::state::{
    Comment, CommentNo, ForumState, Post, PostNo, Standing, Target, Vote,
};
use crate::sites::forum::view::CommentSort;

/// Comments to the post itself that a page starts with, and that "Load more" adds.
pub const THREADS_PER_LOAD: usize = 50;
/// Answers from this depth on are collapsed; comments to the post itself have depth 1.
pub const COLLAPSED_FROM: usize = 3;

/// Comments of each post; posts without any have none.
pub fn threads_of(
    posts: &BTreeMap<PostNo, Arc<Post>>,
    comments: &BTreeMap<CommentNo, Arc<Comment>>,
) -> BTreeMap<PostNo, Vec<CommentNo>> {
    let mut threads: BTreeMap<PostNo, Vec<CommentNo>> =
        posts.keys().map(|no| (*no, Vec::new())).collect();
    for comment in comments.values() {
        threads.entry(comment.post).or_default().push(comment.no);
    }
    threads
}

/// Points of a post, with the persona's vote.
pub fn post_score(state: &ForumState, post: &Post) -> i32 {
    post.others_score + own_points(state, Target::Post(post.no))
}

/// Points of a comment, with the persona's vote.
pub fn comment_score(state: &ForumState, comment: &Comment) -> i32 {
    comment.others_score + own_points(state, Target::Comment(comment.no))
}

fn own_points(state: &ForumState, target: Target) -> i32 {
    match state.votes.get(&target) {
        Some(Vote::Up) => 1,
        Some(Vote::Down) => -1,
        None => 0,
    }
}

/// Comments of a post that can be read.
pub fn readable(state: &ForumState, post: PostNo) -> impl Iterator<Item = &Comment> {
    comments(state, post).filter(|comment| comment.standing == Standing::Up)
}

/// All comments of a post in the order of their numbers.
pub fn comments(state: &ForumState, post: PostNo) -> impl Iterator<Item = &Comment> {
    state
        .threads
        .get(&post)
        .into_iter()
        .flatten()
        .filter_map(|no| state.comments.get(no).map(AsRef::as_ref))
}

/// Number of comments that can be read.
pub fn comment_count(state: &ForumState, post: PostNo) -> usize {
    readable(state, post).count()
}

/// A comment with what answers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch<'a> {
    /// The comment.
    pub comment: &'a Comment,
    /// 1 for comments to the post itself.
    pub depth: usize,
    /// Answers in order.
    pub answers: Vec<Branch<'a>>,
}

impl Branch<'_> {
    /// Comments below this one.
    pub fn size(&self) -> usize {
        self.answers.iter().map(|answer| 1 + answer.size()).sum()
    }
}

/// The tree of a post's comments. A comment that was deleted or removed stays as long as
/// something answers it; comments of blocked members go with what answers them.
pub fn tree(state: &ForumState, post: PostNo, sort: CommentSort) -> Vec<Branch<'_>> {
    let mut by_parent: BTreeMap<Option<CommentNo>, Vec<&Comment>> = BTreeMap::new();
    for comment in comments(state, post) {
        if !is_blocked(state, &comment.author) {
            by_parent.entry(comment.parent).or_default().push(comment);
        }
    }
    for siblings in by_parent.values_mut() {
        match sort {
            CommentSort::Best => {
                siblings
                    .sort_by_key(|comment| (Reverse(comment_score(state, comment)), comment.no));
            }
            CommentSort::New => siblings.sort_by_key(|comment| Reverse(comment.no)),
            CommentSort::Old => {}
        }
    }
    branches(&by_parent, None, 1)
}

fn branches<'a>(
    by_parent: &BTreeMap<Option<CommentNo>, Vec<&'a Comment>>,
    parent: Option<CommentNo>,
    depth: usize,
) -> Vec<Branch<'a>> {
    by_parent
        .get(&parent)
        .into_iter()
        .flatten()
        .map(|comment| Branch {
            comment,
            depth,
            answers: branches(by_parent, Some(comment.no), depth + 1),
        })
        .filter(|branch| branch.comment.standing == Standing::Up || !branch.answers.is_empty())
        .collect()
}

/// The branch that a comment begins, wherever it stands.
pub fn find<'t, 'a>(tree: &'t [Branch<'a>], no: CommentNo) -> Option<&'t Branch<'a>> {
    tree.iter().find_map(|branch| {
        if branch.comment.no == no {
            Some(branch)
        } else {
            find(&branch.answers, no)
        }
    })
}

/// How deep a comment stands; 1 for comments to the post itself.
pub fn depth_of(state: &ForumState, comment: &Comment) -> usize {
    let mut depth = 1;
    let mut parent = comment.parent;
    while let Some(above) = parent.and_then(|no| state.comments.get(&no)) {
        depth += 1;
        parent = above.parent;
    }
    depth
}
