//! Lists of posts: what the persona may see, in which order, of which time.

use std::cmp::Reverse;

use jiff::civil::DateTime;

use crate::sites::clock::{NOW, TODAY, plus_days};
use crate::sites::forum::queries::people::is_blocked;
use crate::sites::forum::queries::thread::{comment_count, post_score};
use crate::sites::forum::state::{Community, CommunityId, ForumState, Post, Standing};
use crate::sites::forum::view::{Feed, Period, PostSort};

/// Posts that a list starts with, and that "Load more" adds.
pub const POSTS_PER_LOAD: usize = 25;

/// Communities in order of name.
pub fn communities(state: &ForumState) -> Vec<&Community> {
    let mut all: Vec<&Community> = state.board.communities.values().collect();
    all.sort_by_key(|community| &community.name);
    all
}

/// A community by its id.
pub fn community<'a>(state: &'a ForumState, id: &str) -> Option<&'a Community> {
    state.board.communities.get(id)
}

/// The name of a community; its id when there is none.
pub fn community_name(state: &ForumState, id: &CommunityId) -> String {
    community(state, id.as_str()).map_or_else(|| id.to_string(), |community| community.name.clone())
}

/// Members of a community, with the persona when she joined.
pub fn member_count(state: &ForumState, community: &Community) -> usize {
    community.others.len() + usize::from(state.joined.contains(&community.id))
}

/// All topics, each once, in order.
pub fn topics(state: &ForumState) -> Vec<&str> {
    let mut topics: Vec<&str> = state
        .board
        .communities
        .values()
        .flat_map(|community| community.topics.iter().map(String::as_str))
        .collect();
    topics.sort_unstable();
    topics.dedup();
    topics
}

/// Whether the persona may read what stands in a community.
pub fn may_read(state: &ForumState, id: &CommunityId) -> bool {
    community(state, id.as_str())
        .is_some_and(|community| !community.members_only || state.joined.contains(id))
}

/// Whether the persona moderates a community.
pub fn moderates(state: &ForumState, id: &CommunityId) -> bool {
    community(state, id.as_str())
        .is_some_and(|community| community.moderators.contains(&state.board.me))
}

/// Whether a community is muted today.
pub fn is_muted(state: &ForumState, id: &CommunityId) -> bool {
    state
        .mutes
        .get(id)
        .is_some_and(|until| until.is_none_or(|until| until >= TODAY))
}

/// Whether the persona sees a post at all.
pub fn is_visible(state: &ForumState, post: &Post) -> bool {
    post.standing == Standing::Up
        && may_read(state, &post.community)
        && !is_blocked(state, &post.author)
}

/// All posts of a list in its order; pinned ones first in a community. The start page shows what
/// was joined and is not muted.
pub fn posts<'a>(state: &'a ForumState, feed: &Feed) -> Vec<&'a Post> {
    let mut found: Vec<&Post> = state
        .posts
        .values()
        .map(AsRef::as_ref)
        .filter(|post| is_visible(state, post))
        .filter(|post| match &feed.community {
            Some(community) => post.community.as_str() == community,
            None => state.joined.contains(&post.community) && !is_muted(state, &post.community),
        })
        .filter(|post| feed.flair.is_none() || post.flair == feed.flair)
        .filter(|post| is_in(feed.period, post.written_at))
        .collect();
    sort(state, &mut found, feed.sort);
    if feed.community.is_some() {
        found.sort_by_key(|post| !post.pinned);
    }
    found
}

fn is_in(period: Period, at: DateTime) -> bool {
    match period {
        Period::All => true,
        Period::Week => at.date() > plus_days(TODAY, -7),
        Period::Year => at.date() > plus_days(TODAY, -365),
        Period::Month(year, month) => (at.year(), at.month()) == (year, month),
    }
}

/// Sorts posts; ties by time, latest first.
pub fn sort(state: &ForumState, posts: &mut [&Post], order: PostSort) {
    let latest = |post: &Post| Reverse((post.written_at, post.no));
    match order {
        PostSort::New => posts.sort_by_key(|post| latest(post)),
        PostSort::Top => {
            posts.sort_by_key(|post| (Reverse(post_score(state, post)), latest(post)));
        }
        PostSort::Comments => {
            posts.sort_by_key(|post| (Reverse(comment_count(state, post.no)), latest(post)));
        }
        PostSort::Hot => {
            posts.sort_by_key(|post| (Reverse(heat(state, post)), latest(post)));
        }
    }
}

/// Points fade: a day costs as much as eight of them.
fn heat(state: &ForumState, post: &Post) -> i64 {
    let hours = NOW.duration_since(post.written_at).as_hours();
    i64::from(post_score(state, post)) * 3 - hours
}

/// Months that have posts, latest first.
pub fn months(state: &ForumState) -> Vec<(i16, i8)> {
    let mut months: Vec<(i16, i8)> = state
        .posts
        .values()
        .map(|post| (post.written_at.year(), post.written_at.month()))
        .collect();
    months.sort_unstable();
    months.dedup();
    months.reverse();
    months
}
