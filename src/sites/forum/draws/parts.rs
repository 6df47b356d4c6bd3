//! What several draws need.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::sites::forum::queries::feed::{is_visible, may_read};
use crate::sites::forum::queries::search::{self, RESULTS_PER_PAGE};
use crate::sites::forum::queries::thread::{THREADS_PER_LOAD, tree};
use crate::sites::forum::state::{Community, ForumState, MemberId, Post};
use crate::sites::forum::view::{CommentSort, Search};
use crate::sites::forum::world::differ_by_two;

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Posts that the persona can read, in order of number.
pub(super) fn visible(state: &ForumState) -> impl Iterator<Item = &Post> {
    state
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| is_visible(state, post))
}

/// Communities that the persona can read.
pub(super) fn readable(state: &ForumState) -> impl Iterator<Item = &Community> {
    state
        .board
        .communities
        .values()
        .filter(|community| may_read(state, &community.id))
}

/// Posts of this title that the persona can read.
pub(super) fn titled<'a>(state: &'a ForumState, title: &str) -> Vec<&'a Post> {
    state
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| post.title == title && is_visible(state, post))
        .collect()
}

/// Posts in the order in which a search for their title shows them.
pub(super) fn found(state: &ForumState, title: &str) -> Vec<u32> {
    let search = Search {
        q: Some(title.to_owned()),
        page: 1,
        ..Search::default()
    };
    search::all(state, &search)
        .into_iter()
        .map(|post| post.no)
        .collect()
}

/// Instructions that lead from anywhere to a post: search for its title, then the one of its
/// author.
pub(super) fn find_post(state: &ForumState, post: &Post) -> Result<Vec<String>, String> {
    let place = found(state, &post.title)
        .iter()
        .position(|no| *no == post.no)
        .unwrap_or(usize::MAX);
    ensure(
        place < RESULTS_PER_PAGE,
        "the post is not on the first page of results",
    )?;
    let by_author = titled(state, &post.title)
        .into_iter()
        .filter(|other| other.author == post.author)
        .count();
    ensure(by_author == 1, "its author has two of that title")?;
    let title = quoted(&post.title);
    Ok(vec![
        format!("fill 'Search the forum' '{title}'"),
        "click button 'Search'".to_owned(),
        format!(
            "click link '{title}' within '{}'",
            quoted(post.author.as_str())
        ),
    ])
}

/// Instructions that show all comments of an open post.
pub(super) fn unfold(state: &ForumState, post: &Post) -> Vec<String> {
    let mut steps = vec!["click link 'Expand all replies'".to_owned()];
    let threads = tree(state, post.no, CommentSort::Best).len();
    for _ in 1..threads.div_ceil(THREADS_PER_LOAD) {
        steps.push("click link 'Load more comments'".to_owned());
    }
    steps
}

/// Instructions that lead from anywhere to a community.
pub(super) fn find_community(state: &ForumState, community: &Community) -> Vec<String> {
    let name = quoted(&community.name);
    if state.joined.contains(&community.id) {
        return vec![format!("click link '{name}' within 'Your communities'")];
    }
    vec![
        "click link 'Communities' within 'Forum'".to_owned(),
        format!("click link '{name}'"),
    ]
}

/// Whether two names are easily taken for one another.
pub(super) fn are_near(one: &MemberId, other: &MemberId) -> bool {
    one != other
        && one.as_str().len() >= 4
        && (differ_by_two(one.as_str(), other.as_str())
            || one.as_str().get(..4) == other.as_str().get(..4))
}

/// Names with how often they occur, most first; ties by name.
pub(super) fn ranking<'a>(names: impl Iterator<Item = &'a MemberId>) -> Vec<(&'a MemberId, usize)> {
    let mut counts: BTreeMap<&MemberId, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut ranking: Vec<_> = counts.into_iter().collect();
    ranking.sort_by_key(|(name, count)| (Reverse(*count), *name));
    ranking
}
