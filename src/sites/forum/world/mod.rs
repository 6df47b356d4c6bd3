//! Makes the base state from the number of a world and its people: the same number gives the
//! same state, to the byte, on every machine. No clock, no randomness but the seeded generator.

mod board;
mod messages;
mod mistakes;
mod own;
mod plan;
mod planted;
mod posts;
mod swap;
mod talk;
mod words;
mod writer;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::forum::queries::thread::threads_of;
use crate::sites::forum::state::{
    Comment, CommentNo, CommunityId, ForumState, Incidental, Post, PostNo, ReportNo,
};
use crate::sites::people::People;

pub(super) use mistakes::corrections;
pub(super) use words::TOWNS;

/// Number before the first post, comment, message and report.
const POST_ZERO: PostNo = 20_400;
const COMMENT_ZERO: CommentNo = 71_000;
const REPORT_ZERO: ReportNo = 900;

/// A post that has no number yet.
struct Draft {
    post: Post,
    /// The thing that it is about.
    thing: &'static str,
    talk: Talk,
    part: Part,
}

/// How much is said under a post.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Talk {
    /// Nothing, or a few comments.
    Some,
    /// At least one comment.
    Few,
    /// Sixty and more, with two members of similar names in front.
    Much(usize),
    /// Hundreds.
    Endless,
    /// Nothing.
    None,
}

/// What a post is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// One of many.
    Plain,
    /// An offer that was reported; the number says what is wrong with it.
    Reported(usize),
}

/// What comments of a community are about.
pub(super) fn aspects_of(community: &CommunityId) -> &'static [&'static str] {
    writer::lexicon(community).aspects
}

/// Whether at most two letters tell two names apart; names that begin otherwise or are much
/// longer are not compared, because every pair of members is.
pub(super) fn differ_by_two(one: &str, other: &str) -> bool {
    one.len().abs_diff(other.len()) <= 2
        && one.get(..2) == other.get(..2)
        && strsim::osa_distance(one, other) <= 2
}

/// The base state of a world.
pub fn base(people: &People, world: u32) -> ForumState {
    let stream = |number: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(0x466f_7275_6d00_0000 | u64::from(world));
        rng.set_stream(number);
        rng
    };
    let board = board::board(&mut stream(1), people, world);
    let mut drafts = posts::posts(&mut stream(2), &board);
    drafts.extend(planted::posts(&mut stream(3), &board));
    drafts.extend(swap::posts(&mut stream(4), &board));
    drafts.sort_by_key(|draft| draft.post.written_at);
    number_posts(&mut stream(5), &mut drafts);
    let comments = talk::comments(&mut stream(6), &board, &drafts);
    let reports = swap::reports(&mut stream(7), &board, &drafts);
    let posts: BTreeMap<PostNo, Arc<Post>> = drafts
        .into_iter()
        .map(|draft| (draft.post.no, Arc::new(draft.post)))
        .collect();
    let comments: BTreeMap<CommentNo, Arc<Comment>> = comments
        .into_iter()
        .map(|comment| (comment.no, Arc::new(comment)))
        .collect();
    let messages = messages::messages(&mut stream(8), &board, &posts);
    let own = own::own(&mut stream(9), &board, &posts, &comments);
    let next = |last: Option<&u32>| last.copied().unwrap_or(0) + 1;
    let incidental = Incidental {
        flash: None,
        deleted: None,
        read: own.read(&board, &messages),
        next_post: next(posts.keys().last()),
        next_comment: next(comments.keys().last()),
        next_message: next(messages.keys().last()),
        next_report: next(reports.keys().last()),
        next_saved: u32::try_from(own.saved.len()).unwrap_or(0) + 1,
    };
    ForumState {
        threads: Arc::new(threads_of(&posts, &comments)),
        posts: Arc::new(posts),
        comments: Arc::new(comments),
        votes: Arc::new(own.votes),
        joined: Arc::new(own.joined),
        saved: Arc::new(own.saved),
        mutes: Arc::new(own.mutes),
        blocks: Arc::new(own.blocks),
        messages: Arc::new(messages),
        reports: Arc::new(reports),
        board: Arc::new(board),
        incidental,
    }
}

/// Numbers rise with time, with gaps.
fn number_posts(rng: &mut ChaCha8Rng, drafts: &mut [Draft]) {
    let count = drafts.len();
    let mut gaps: Vec<u32> = (0..count)
        .map(|at| u32::try_from(at % 4).unwrap_or(0) + 1)
        .collect();
    gaps.shuffle(rng);
    let mut no = POST_ZERO;
    for (draft, gap) in drafts.iter_mut().zip(gaps) {
        no += gap;
        draft.post.no = no;
    }
}

#[cfg(test)]
mod tests;
