//! Comments in trees.

use jiff::civil::DateTime;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::writer::{self, lexicon, pick};
use super::{COMMENT_ZERO, Draft, Talk};
use crate::sites::clock::NOW;
use crate::sites::forum::state::{Board, Comment, MemberId, Standing};

/// Deepest answer.
const DEEPEST: usize = 7;

/// A comment whose parent is a place in its thread.
struct Said {
    parent: Option<usize>,
    depth: usize,
    comment: Comment,
}

/// Comments of all posts, numbered by time.
pub(super) fn comments(rng: &mut ChaCha8Rng, board: &Board, drafts: &[Draft]) -> Vec<Comment> {
    let pairs = near_names(board);
    let mut all: Vec<(usize, usize, Said)> = Vec::new();
    for (thread, draft) in drafts.iter().enumerate() {
        let said = thread_of(rng, board, draft, &pairs);
        all.extend(
            said.into_iter()
                .enumerate()
                .map(|(place, said)| (thread, place, said)),
        );
    }
    all.sort_by_key(|(thread, place, said)| (said.comment.written_at, *thread, *place));
    let mut numbers = std::collections::BTreeMap::new();
    let mut comments = Vec::with_capacity(all.len());
    for ((thread, place, said), no) in all.into_iter().zip(COMMENT_ZERO + 1..) {
        numbers.insert((thread, place), no);
        comments.push(Comment {
            no,
            parent: said
                .parent
                .and_then(|parent| numbers.get(&(thread, parent)).copied()),
            ..said.comment
        });
    }
    comments
}

/// Members whose names are easily taken for one another.
fn near_names(board: &Board) -> Vec<(MemberId, MemberId)> {
    let members: Vec<&MemberId> = board
        .members
        .values()
        .filter(|member| !member.deactivated && member.id != board.me)
        .map(|member| &member.id)
        .collect();
    let mut pairs = Vec::new();
    for (at, one) in members.iter().enumerate() {
        for other in &members[at + 1..] {
            let long = one.as_str().len() >= 5 && other.as_str().len() >= 5;
            if long && super::differ_by_two(one.as_str(), other.as_str()) {
                pairs.push(((*one).clone(), (*other).clone()));
            }
        }
    }
    pairs
}

fn thread_of(
    rng: &mut ChaCha8Rng,
    board: &Board,
    draft: &Draft,
    pairs: &[(MemberId, MemberId)],
) -> Vec<Said> {
    let community = &board.communities[&draft.post.community];
    let mut authors: Vec<MemberId> = community.others.iter().cloned().collect();
    authors.shuffle(rng);
    let count = match draft.talk {
        Talk::None => 0,
        Talk::Some if rng.random_range(0..8) == 0 => 0,
        Talk::Some | Talk::Few => rng.random_range(1..8),
        Talk::Endless => 340,
        Talk::Much(number) => 62 + number * 5,
    };
    let voices = match draft.talk {
        Talk::Much(number) if !pairs.is_empty() => {
            let pair = &pairs[number % pairs.len()];
            in_front(rng, &authors, pair, number, count)
        }
        _ => (0..count)
            .map(|_| authors[rng.random_range(0..authors.len())].clone())
            .collect(),
    };
    let is_long = matches!(draft.talk, Talk::Much(_) | Talk::Endless);
    let mut said = say(rng, draft, &voices, is_long);
    if is_long {
        spread_points(rng, draft, &mut said);
    }
    said
}

/// Who speaks in a long thread: one member most, one of a similar name nearly as often.
fn in_front(
    rng: &mut ChaCha8Rng,
    authors: &[MemberId],
    (one, other): &(MemberId, MemberId),
    number: usize,
    count: usize,
) -> Vec<MemberId> {
    let (first, second) = if number.is_multiple_of(2) {
        (one, other)
    } else {
        (other, one)
    };
    let most = 9 + number % 3;
    let mut voices = vec![first.clone(); most];
    voices.extend(vec![second.clone(); most - 1 - number % 2]);
    let others = authors
        .iter()
        .filter(|author| *author != first && *author != second)
        .take(26)
        .cycle();
    voices.extend(others.take(count.saturating_sub(voices.len())).cloned());
    voices.shuffle(rng);
    voices
}

fn say(rng: &mut ChaCha8Rng, draft: &Draft, voices: &[MemberId], is_long: bool) -> Vec<Said> {
    let mut said: Vec<Said> = Vec::new();
    let author = &draft.post.author;
    for voice in voices {
        let parent = parent(rng, &said, voice);
        said.push(one(rng, draft, &said, parent, voice, is_long));
        // Now and then the author of the post answers what was said.
        let answers = rng.random_range(0..100) < if is_long { 9 } else { 16 };
        if answers && voice != author {
            let parent = said.len() - 1;
            if said[parent].depth < DEEPEST {
                said.push(one(rng, draft, &said, Some(parent), author, is_long));
            }
        }
    }
    said
}

/// What a comment answers: the post, or something said before by someone else.
fn parent(rng: &mut ChaCha8Rng, said: &[Said], voice: &MemberId) -> Option<usize> {
    if said.is_empty() || rng.random_range(0..100) < 38 {
        return None;
    }
    let from = said.len().saturating_sub(12);
    let place = rng.random_range(from..said.len());
    (said[place].depth < DEEPEST && said[place].comment.author != *voice).then_some(place)
}

fn one(
    rng: &mut ChaCha8Rng,
    draft: &Draft,
    said: &[Said],
    parent: Option<usize>,
    voice: &MemberId,
    is_long: bool,
) -> Said {
    let lexicon = lexicon(&draft.post.community);
    let aspect = pick(rng, lexicon.aspects);
    let text = if *voice == draft.post.author {
        writer::thanks(rng, lexicon, draft.thing, aspect)
    } else {
        writer::comment(rng, lexicon, draft.thing, aspect)
    };
    let before = parent.map_or(draft.post.written_at, |at| said[at].comment.written_at);
    let standing = match rng.random_range(0..100) {
        0..=1 if !is_long => Standing::Deleted,
        2 if !is_long => Standing::Removed,
        _ => Standing::Up,
    };
    let written_at = later(before, rng.random_range(2..700));
    Said {
        parent,
        depth: parent.map_or(1, |at| said[at].depth + 1),
        comment: Comment {
            no: 0,
            post: draft.post.no,
            parent: None,
            author: voice.clone(),
            text,
            standing,
            written_at,
            edited_at: (rng.random_range(0..40) == 0).then(|| later(written_at, 15)),
            others_score: rng.random_range(-2..25),
        },
    }
}

fn later(at: DateTime, minutes: i64) -> DateTime {
    at.checked_add(jiff::SignedDuration::from_mins(minutes))
        .unwrap_or(at)
        .min(NOW)
}

/// No two comments of a long thread have the same points, and its best was not answered by the
/// author of the post.
fn spread_points(rng: &mut ChaCha8Rng, draft: &Draft, said: &mut [Said]) {
    let mut points: Vec<i32> = (-4..).take(said.len()).collect();
    points.shuffle(rng);
    for (one, points) in said.iter_mut().zip(points) {
        one.comment.others_score = points;
    }
    let author = &draft.post.author;
    let mut ignored = vec![true; said.len()];
    for one in said.iter().filter(|one| one.comment.author == *author) {
        if let Some(parent) = one.parent {
            ignored[parent] = false;
        }
    }
    let best = (0..said.len()).max_by_key(|at| said[*at].comment.others_score);
    let other = (0..said.len()).find(|at| ignored[*at] && said[*at].comment.author != *author);
    if let (Some(best), Some(other)) = (best, other) {
        let points = said[best].comment.others_score;
        if !ignored[best] || said[best].comment.author == *author {
            said[best].comment.others_score = said[other].comment.others_score;
            said[other].comment.others_score = points;
        }
    }
}
