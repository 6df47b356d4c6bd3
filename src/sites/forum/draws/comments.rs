//! Draws about the comments of a post: who wrote most, whose is best.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::parts::{are_near, ensure, find_post, ranking, titled, unfold, visible};
use crate::sites::forum::queries::feed;
use crate::sites::forum::queries::thread;
use crate::sites::forum::state::{Comment, ForumState, MemberId, Post};
use crate::sites::tasks::draw::Drawn;

/// What is counted: comments, those that answer another, those that answer the post, what
/// answers them, or all that stands below those that answer the post.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counted {
    All,
    Replies,
    TopLevel,
    Answers,
    Below,
}

impl Counted {
    /// Comments whose authors are counted, without those of the post's author.
    fn of<'a>(self, post: &Post, comments: &[&'a Comment]) -> Vec<&'a Comment> {
        comments
            .iter()
            .copied()
            .filter_map(|comment| match self {
                Self::All => Some(comment),
                Self::Replies => comment.parent.is_some().then_some(comment),
                Self::TopLevel => comment.parent.is_none().then_some(comment),
                Self::Answers => {
                    let parent = comment.parent?;
                    comments.iter().copied().find(|other| other.no == parent)
                }
                Self::Below => {
                    comment.parent?;
                    top_of(comments, comment)
                }
            })
            .filter(|comment| comment.author != post.author)
            .collect()
    }

    fn in_words(self, rank: usize) -> String {
        let most = ["most", "second most", "third most"][rank];
        match self {
            Self::All => format!("wrote the {most} comments"),
            Self::Replies => format!("wrote the {most} replies to other comments"),
            Self::TopLevel => format!("wrote the {most} top-level comments"),
            Self::Answers => format!("got the {most} direct replies to their comments"),
            Self::Below => format!(
                "got the {most} replies to their top-level comments, replies to replies included,"
            ),
        }
    }
}

/// The comment to the post below which a comment stands.
fn top_of<'a>(comments: &[&'a Comment], comment: &'a Comment) -> Option<&'a Comment> {
    let mut top = comment;
    while let Some(parent) = top.parent {
        top = comments.iter().copied().find(|other| other.no == parent)?;
    }
    Some(top)
}

/// The questions about comments, with the rank that is asked for.
const COUNTS: [(Counted, usize); 14] = [
    (Counted::All, 0),
    (Counted::All, 1),
    (Counted::Replies, 0),
    (Counted::TopLevel, 0),
    (Counted::Answers, 0),
    (Counted::Below, 0),
    (Counted::Below, 1),
    (Counted::Below, 2),
    (Counted::Replies, 1),
    (Counted::TopLevel, 1),
    (Counted::Answers, 1),
    (Counted::Replies, 2),
    (Counted::TopLevel, 2),
    (Counted::Answers, 2),
];

/// F01: who wrote most comments under a post, or the next most. No member is the answer twice.
pub(super) fn most_comments(state: &ForumState) -> Vec<Drawn> {
    let mut answers: BTreeSet<MemberId> = BTreeSet::new();
    let mut drawn = Vec::new();
    for (counted, rank) in COUNTS {
        for post in visible(state) {
            drawn.push(
                one_most(state, post, counted, rank).and_then(|(member, values)| {
                    ensure(answers.insert(member), "another draw has that answer")?;
                    Ok(values)
                }),
            );
        }
    }
    drawn
}

/// The comments of a post that many talk about, the only one of its title in its community.
fn long_thread<'a>(
    state: &'a ForumState,
    post: &Post,
    least: usize,
) -> Result<Vec<&'a Comment>, String> {
    let comments: Vec<&Comment> = thread::readable(state, post.no).collect();
    ensure(
        (least..=140).contains(&comments.len()),
        "too few comments, or too many",
    )?;
    let same = titled(state, &post.title)
        .into_iter()
        .filter(|other| other.community == post.community)
        .count();
    ensure(same == 1, "the title is not unique in the community")?;
    Ok(comments)
}

/// The members of a ranking up to a rank, each with more than the next.
fn strict<'a>(ranking: &[(&'a MemberId, usize)], rank: usize) -> Result<&'a MemberId, String> {
    let ranks = ranking.get(..rank + 2).ok_or("too few members")?;
    ensure(
        ranks.windows(2).all(|pair| pair[0].1 > pair[1].1),
        "two members wrote equally many",
    )?;
    Ok(ranks[rank].0)
}

fn one_most(
    state: &ForumState,
    post: &Post,
    counted: Counted,
    rank: usize,
) -> Result<(MemberId, Value), String> {
    let comments = long_thread(state, post, 60)?;
    let those = counted.of(post, &comments);
    let ranked = ranking(those.iter().map(|comment| &comment.author));
    let all = Counted::All.of(post, &comments);
    let all = ranking(all.iter().map(|comment| &comment.author));
    ensure(all.len() >= 12, "fewer than 12 members")?;
    let right = strict(&ranked, rank)?;
    let taken = if counted == Counted::All {
        let near = all[1 - rank].0;
        ensure(are_near(right, near), "the neighbour is no look-alike")?;
        near
    } else {
        ensure(all[rank].0 != right, "it is the same over all comments")?;
        all[rank].0
    };
    let best = comments
        .iter()
        .max_by_key(|comment| comment.others_score)
        .map(|comment| &comment.author)
        .ok_or("no comment")?;
    ensure(best != right, "the best comment is theirs too")?;
    let front: Vec<&MemberId> = ranked.iter().take(rank).map(|(name, _)| *name).collect();
    let mut instructions = find_post(state, post)?;
    instructions.extend(unfold(state, post));
    instructions.extend(counting(&those, &front));
    let values = json!({
        "title": post.title,
        "community": feed::community_name(state, &post.community),
        "did": counted.in_words(rank),
        "member": right,
        "taken": taken,
        "author": post.author,
        "best": best,
        "steps": instructions,
    });
    Ok((right.clone(), values))
}

/// The name of a step's value: who is left when so many in front are left out.
fn without(front: usize) -> String {
    match front {
        0 => "who".to_owned(),
        _ => format!("without{front}"),
    }
}

/// Instructions that read who wrote each of these comments and find who wrote most besides
/// those in front, who are found first.
fn counting(those: &[&Comment], front: &[&MemberId]) -> Vec<String> {
    let mut steps: Vec<String> = those
        .iter()
        .enumerate()
        .map(|(at, comment)| format!("read a{at} after 'Comment by' within '#{}'", comment.no))
        .collect();
    let names = |left_out: &[&MemberId]| -> String {
        let counted = (those.iter().enumerate())
            .filter(|(_, comment)| !left_out.contains(&&comment.author))
            .map(|(at, _)| format!(" $a{at}"));
        counted.collect::<Vec<_>>().concat()
    };
    steps.push(format!(
        "set {} most '1'{}",
        without(front.len()),
        names(front)
    ));
    for (place, member) in front.iter().enumerate().rev() {
        let theirs = those.iter().position(|comment| comment.author == **member);
        let theirs = theirs.unwrap_or_default();
        let (here, next) = (without(place), without(place + 1));
        steps.push(format!(
            "set most{place} most '1'{}",
            names(&front[..place])
        ));
        steps.push(format!("set {here} pick $most{place} $a{theirs} ${next}"));
    }
    steps
}

/// What is asked about the comments that the post's author answered, by place.
const SCORES: [&str; 4] = [
    "highest",
    "second-highest",
    "third-highest",
    "fourth-highest",
];

/// F02: whose comment that the post's author answered has most points, or the next most. No
/// member is the answer twice.
pub(super) fn best_answered(state: &ForumState) -> Vec<Drawn> {
    let mut answers: BTreeSet<MemberId> = BTreeSet::new();
    let mut drawn = Vec::new();
    for rank in 0..SCORES.len() {
        for post in visible(state) {
            drawn.push(
                one_answered(state, post, rank).and_then(|(member, values)| {
                    ensure(answers.insert(member), "another draw has that answer")?;
                    Ok(values)
                }),
            );
        }
    }
    drawn
}

/// Comments that others than the post's author wrote, best first.
fn by_score<'a>(state: &ForumState, post: &Post, comments: &[&'a Comment]) -> Vec<&'a Comment> {
    let mut others: Vec<&Comment> = comments
        .iter()
        .copied()
        .filter(|comment| comment.author != post.author)
        .collect();
    others.sort_by_key(|comment| Reverse(thread::comment_score(state, comment)));
    others
}

fn one_answered(state: &ForumState, post: &Post, rank: usize) -> Result<(MemberId, Value), String> {
    let comments = long_thread(state, post, 40)?;
    let others = by_score(state, post, &comments);
    let answered: Vec<&Comment> = others
        .iter()
        .copied()
        .filter(|comment| {
            comments
                .iter()
                .any(|other| other.parent == Some(comment.no) && other.author == post.author)
        })
        .collect();
    let ranks = answered
        .get(..rank + 2)
        .ok_or("the author answered too few")?;
    ensure(answered.len() >= 3, "the author answered fewer than 3")?;
    let score = |comment: &Comment| thread::comment_score(state, comment);
    ensure(
        ranks
            .windows(2)
            .all(|pair| score(pair[0]) > score(pair[1]) + 1),
        "two have nearly the same points",
    )?;
    let right = &answered[rank].author;
    let unanswered = &others[rank].author;
    ensure(unanswered != right, "it is the same over all comments")?;
    let next = &answered[rank + 1].author;
    ensure(
        ranks.iter().filter(|one| one.author == *right).count() == 1,
        "one nearby is theirs too",
    )?;
    let mut instructions = find_post(state, post)?;
    instructions.extend(unfold(state, post));
    instructions.extend(comparing(&answered, rank));
    let values = json!({
        "title": post.title,
        "community": feed::community_name(state, &post.community),
        "rank": SCORES[rank],
        "member": right,
        "next": next,
        "unanswered": unanswered,
        "author": post.author,
        "steps": instructions,
    });
    Ok((right.clone(), values))
}

/// Instructions that read names and points of comments, best first, and find the rank: those
/// before it are found first and left out.
fn comparing(answered: &[&Comment], rank: usize) -> Vec<String> {
    let mut steps = Vec::new();
    for (at, comment) in answered.iter().enumerate() {
        let no = comment.no;
        steps.push(format!("read n{at} after 'Comment by' within '#{no}'"));
        steps.push(format!("read s{at} after '$n{at}' within '#{no}'"));
    }
    for from in (0..=rank).rev() {
        let pairs = (from..answered.len()).map(|at| format!(" $n{at} $s{at}"));
        let pairs = pairs.collect::<Vec<_>>().concat();
        let here = without(from);
        if from == rank {
            steps.push(format!("set {here} greatest{pairs}"));
        } else {
            let next = without(from + 1);
            steps.push(format!("set best{from} greatest{pairs}"));
            steps.push(format!("set {here} pick $best{from} $n{from} ${next}"));
        }
    }
    steps
}
