//! Private messages of the persona: small talk, and questions about meetups.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::DateTime;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::plan::PLANS;
use super::posts::minutes_ago;
use super::words::{COFFEE, SUPPER};
use super::writer::{fill, pick};
use crate::sites::forum::state::{Board, MemberId, Message, MessageNo, Post, PostNo};

/// Threads besides the questions about meetups.
const SMALL_TALK: usize = 32;
/// Questions about the meetups of each community.
const QUESTIONS: usize = 2;

const SUBJECTS: &[&str] = &[
    "Your {thing}",
    "About {aspect}",
    "Thanks for the tip",
    "A question about the {thing}",
    "The {thing} from {town}",
    "Next time in {town}",
];
const FIRST: &[&str] = &[
    "I read your comment about {aspect}. Did you ever write down how you did it?",
    "Is your {thing} still for sale? I would pay ${price} and fetch it in {town}.",
    "Your post about the {thing} helped me a lot. Do you know one for {purpose}?",
    "We met in {town}. You wanted to know what I think about {aspect}.",
];
const ANSWERS: &[&str] = &[
    "Gladly. I will look for my notes at the weekend.",
    "I have not decided yet, I will write to you first.",
    "Try {aspect} first, the rest follows.",
    "Sounds good, see you there.",
    "Not that I know, sorry.",
];

struct Letters {
    all: Vec<(usize, Message)>,
    threads: usize,
}

/// All messages by number, numbered by time.
pub(super) fn messages(
    rng: &mut ChaCha8Rng,
    board: &Board,
    posts: &BTreeMap<PostNo, Arc<Post>>,
) -> BTreeMap<MessageNo, Arc<Message>> {
    let mut letters = Letters {
        all: Vec::new(),
        threads: 0,
    };
    let mut others: Vec<&MemberId> = board
        .members
        .values()
        .filter(|member| member.id != board.me && !member.deactivated)
        .map(|member| &member.id)
        .collect();
    others.shuffle(rng);
    let mut askers = near(&others);
    for plan in PLANS.iter().filter(|plan| plan.meets_at.is_some()) {
        for _ in 0..QUESTIONS {
            let Some((asker, other)) = askers.pop() else {
                break;
            };
            letters.question(rng, board, asker, plan.name);
            letters.talk(rng, board, other);
        }
    }
    for other in others.iter().rev().take(SMALL_TALK) {
        letters.talk(rng, board, other);
    }
    // A thread with somebody who wrote in public about the same.
    if let Some(post) = posts.values().find(|post| post.author != board.me) {
        letters.talk(rng, board, &post.author);
    }
    letters.numbered()
}

/// Members with those whose names are nearest to theirs, each member once.
fn near<'a>(others: &[&'a MemberId]) -> Vec<(&'a MemberId, &'a MemberId)> {
    let mut pairs: Vec<(usize, &MemberId, &MemberId)> = Vec::new();
    for (at, one) in others.iter().enumerate() {
        for other in &others[at + 1..] {
            if one.as_str().get(..3) != other.as_str().get(..3) {
                continue;
            }
            let far = strsim::osa_distance(one.as_str(), other.as_str());
            if far <= 4 {
                pairs.push((far, one, other));
            }
        }
    }
    pairs.sort();
    let mut taken: Vec<&MemberId> = Vec::new();
    let mut near = Vec::new();
    for (_, one, other) in pairs {
        if !taken.contains(&one) && !taken.contains(&other) {
            taken.extend([one, other]);
            near.push((one, other));
        }
    }
    near.reverse();
    near
}

impl Letters {
    fn add(
        &mut self,
        board: &Board,
        other: &MemberId,
        mine: bool,
        subject: &str,
        text: String,
        at: DateTime,
    ) {
        let me = &board.me;
        let (from, to) = if mine { (me, other) } else { (other, me) };
        self.all.push((
            self.threads,
            Message {
                no: 0,
                thread: None,
                from: from.clone(),
                to: to.clone(),
                subject: subject.to_owned(),
                text,
                sent_at: at,
            },
        ));
    }

    /// Somebody asks when the next meetup is; nobody has answered.
    fn question(&mut self, rng: &mut ChaCha8Rng, board: &Board, asker: &MemberId, community: &str) {
        let minutes = rng.random_range(60..6 * 24 * 60);
        let subject = format!("{community} meetup");
        let text = format!(
            "Hello Mara, I lost the list of dates. When is the next {community} meetup that \
             really takes place?"
        );
        self.add(board, asker, false, &subject, text, minutes_ago(minutes));
        self.threads += 1;
    }

    fn talk(&mut self, rng: &mut ChaCha8Rng, board: &Board, other: &MemberId) {
        let lexicon = if rng.random_range(0..2) == 0 {
            &COFFEE
        } else {
            &SUPPER
        };
        let (thing, aspect) = (pick(rng, lexicon.things), pick(rng, lexicon.aspects));
        let subject = pick(rng, SUBJECTS);
        let subject = fill(rng, subject, lexicon, thing, aspect);
        let mut minutes: i64 = rng.random_range(2000..150 * 24 * 60);
        let mut mine = rng.random_range(0..3) == 0;
        for turn in 0..rng.random_range(1..4) {
            let pattern = pick(rng, if turn == 0 { FIRST } else { ANSWERS });
            let text = fill(rng, pattern, lexicon, thing, aspect);
            self.add(board, other, mine, &subject, text, minutes_ago(minutes));
            minutes -= rng.random_range(10..600);
            mine = !mine;
        }
        self.threads += 1;
    }

    fn numbered(mut self) -> BTreeMap<MessageNo, Arc<Message>> {
        self.all.sort_by_key(|(_, message)| message.sent_at);
        let mut first: BTreeMap<usize, MessageNo> = BTreeMap::new();
        let mut messages = BTreeMap::new();
        for ((thread, message), no) in self.all.into_iter().zip(501..) {
            let began = first.get(&thread).copied();
            first.entry(thread).or_insert(no);
            let message = Message {
                no,
                thread: began,
                ..message
            };
            messages.insert(no, Arc::new(message));
        }
        messages
    }
}
