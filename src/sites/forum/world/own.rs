//! What the persona did before: votes, saved things, mutes, blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, date};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::plan::PLANS;
use crate::sites::forum::state::{
    Board, Comment, CommentNo, CommunityId, MemberId, Message, MessageNo, Post, PostNo, Standing,
    Target, Vote,
};

/// How much of each.
const POST_VOTES: usize = 22;
const COMMENT_VOTES: usize = 16;
const SAVED: usize = 12;

/// What the persona did before.
pub(super) struct Own {
    pub(super) votes: BTreeMap<Target, Vote>,
    pub(super) joined: BTreeSet<CommunityId>,
    pub(super) saved: BTreeMap<Target, u32>,
    pub(super) mutes: BTreeMap<CommunityId, Option<Date>>,
    pub(super) blocks: BTreeSet<MemberId>,
}

/// What the persona did in a world.
pub(super) fn own(
    rng: &mut ChaCha8Rng,
    board: &Board,
    posts: &BTreeMap<PostNo, Arc<Post>>,
    comments: &BTreeMap<CommentNo, Arc<Comment>>,
) -> Own {
    let joined: BTreeSet<CommunityId> = PLANS
        .iter()
        .filter(|plan| plan.joined)
        .map(|plan| CommunityId::from(plan.id))
        .collect();
    let mut seen: Vec<&Arc<Post>> = posts
        .values()
        .filter(|post| joined.contains(&post.community))
        .filter(|post| post.standing == Standing::Up && post.author != board.me && !post.pinned)
        .collect();
    seen.shuffle(rng);
    let seen_nos: BTreeSet<PostNo> = seen.iter().map(|post| post.no).collect();
    let mut heard: Vec<&Arc<Comment>> = comments
        .values()
        .filter(|comment| comment.standing == Standing::Up && seen_nos.contains(&comment.post))
        .collect();
    heard.shuffle(rng);
    let vote = |at: usize| if at % 7 == 6 { Vote::Down } else { Vote::Up };
    let on_posts = seen
        .iter()
        .take(POST_VOTES)
        .map(|post| Target::Post(post.no));
    let on_comments = heard
        .iter()
        .take(COMMENT_VOTES)
        .map(|comment| Target::Comment(comment.no));
    let votes = on_posts
        .chain(on_comments)
        .enumerate()
        .map(|(at, target)| (target, vote(at)))
        .collect();
    let kept = seen.iter().skip(POST_VOTES).take(SAVED - 3);
    let saved = kept
        .map(|post| Target::Post(post.no))
        .chain(
            heard
                .iter()
                .rev()
                .take(3)
                .map(|comment| Target::Comment(comment.no)),
        )
        .zip(1..)
        .collect();
    let quiet = board
        .members
        .values()
        .filter(|member| member.id != board.me && !member.deactivated)
        .filter(|member| !posts.values().any(|post| post.author == member.id))
        .map(|member| member.id.clone());
    Own {
        votes,
        joined,
        saved,
        mutes: BTreeMap::from([(CommunityId::from("latte-art"), Some(date(2026, 5, 31)))]),
        blocks: quiet.take(1).collect(),
    }
}

impl Own {
    /// Threads that were looked at: all but the latest three.
    pub(super) fn read(
        &self,
        board: &Board,
        messages: &BTreeMap<MessageNo, Arc<Message>>,
    ) -> BTreeSet<MessageNo> {
        let mut last: BTreeMap<MessageNo, &Message> = BTreeMap::new();
        for message in messages.values() {
            last.insert(message.thread.unwrap_or(message.no), message);
        }
        let mut unanswered: Vec<(MessageNo, &Message)> = last
            .into_iter()
            .filter(|(_, message)| message.from != board.me)
            .filter(|(_, message)| !self.blocks.contains(&message.from))
            .collect();
        unanswered.sort_by_key(|(_, message)| std::cmp::Reverse(message.sent_at));
        unanswered.into_iter().skip(3).map(|(no, _)| no).collect()
    }
}
