//! Posts as people write them: some in every community, many in a few months.

use jiff::civil::{DateTime, date};
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use super::plan::{FLAIRS, MODERATED, PLANS, Plan};
use super::writer::{self, pick};
use super::{Draft, Part, Talk};
use crate::sites::clock::NOW;
use crate::sites::forum::state::{Board, Community, CommunityId, MemberId, Post, Standing};

/// Communities that were busy in a month, with how many posts it had.
const BUSY: [(&str, i16, i8, usize); 6] = [
    ("espresso-bar", 2025, 11, 52),
    ("sourdough-table", 2025, 12, 61),
    ("one-pot-suppers", 2025, 12, 47),
    ("cast-iron-care", 2026, 1, 49),
    ("grinder-lab", 2026, 2, 55),
    ("pour-over-club", 2025, 11, 46),
];

/// Posts of the three members who wrote most in a busy month, and of the fourth.
const FRONT: [usize; 4] = [9, 7, 6, 4];

/// Threads with two members of similar names in front.
const LONG_THREADS: usize = 10;

/// All posts that nobody planned.
pub(super) fn posts(rng: &mut ChaCha8Rng, board: &Board) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for plan in PLANS.iter().filter(|plan| plan.id != MODERATED) {
        let community = &board.communities[plan.id];
        let authors: Vec<&MemberId> = community.others.iter().collect();
        for _ in 0..rng.random_range(17..27) {
            let author = pick(rng, &authors);
            let at = minutes_ago(rng.random_range(90..430 * 24 * 60));
            drafts.push(draft(rng, plan, author, at));
        }
    }
    make_long(rng, &mut drafts);
    for (id, year, month, count) in BUSY {
        busy_month(rng, board, (id, year, month, count), &mut drafts);
    }
    drafts
}

/// A time before the present.
pub(super) fn minutes_ago(minutes: i64) -> DateTime {
    NOW.checked_sub(jiff::SignedDuration::from_mins(minutes))
        .unwrap_or(NOW)
}

/// A post with title and text of its own.
pub(super) fn draft(rng: &mut ChaCha8Rng, plan: &Plan, author: &MemberId, at: DateTime) -> Draft {
    let situation = rng.random_range(0..6);
    let thing = pick(rng, plan.lexicon.things);
    let (title, text) = writer::post(rng, plan.lexicon, thing, situation);
    let flair = match rng.random_range(0..100) {
        0..=9 => None,
        10..=16 => Some(rng.random_range(0..6)),
        _ => Some(situation),
    };
    let points: i32 = rng.random_range(0..14);
    Draft {
        post: Post {
            no: 0,
            community: CommunityId::from(plan.id),
            author: author.clone(),
            title,
            text,
            flair: flair.map(|at| FLAIRS[plan.flairs][at].to_owned()),
            picture: (situation == 2).then(|| format!("The {thing} on the kitchen table")),
            pinned: false,
            standing: match rng.random_range(0..100) {
                0..=1 => Standing::Deleted,
                2 => Standing::Removed,
                _ => Standing::Up,
            },
            written_at: at,
            edited_at: None,
            others_score: points * points + rng.random_range(-3..12),
        },
        thing,
        talk: Talk::Some,
        part: Part::Plain,
    }
}

/// The plan of a community.
pub(super) fn plan_of(id: &str) -> &'static Plan {
    PLANS.iter().find(|plan| plan.id == id).unwrap_or(&PLANS[0])
}

/// Some older posts that everybody talks about.
fn make_long(rng: &mut ChaCha8Rng, drafts: &mut [Draft]) {
    let old = minutes_ago(20 * 24 * 60);
    let mut fitting: Vec<usize> = (0..drafts.len())
        .filter(|at| {
            let post = &drafts[*at].post;
            post.written_at < old
                && post.standing == Standing::Up
                && !plan_of(post.community.as_str()).members_only
        })
        .collect();
    fitting.shuffle(rng);
    for (number, at) in fitting.into_iter().take(LONG_THREADS + 1).enumerate() {
        drafts[at].talk = if number < LONG_THREADS {
            Talk::Much(number)
        } else {
            Talk::Endless
        };
    }
}

fn busy_month(
    rng: &mut ChaCha8Rng,
    board: &Board,
    (id, year, month, count): (&str, i16, i8, usize),
    drafts: &mut Vec<Draft>,
) {
    let plan = plan_of(id);
    let community: &Community = &board.communities[id];
    let mut authors: Vec<&MemberId> = community.others.iter().collect();
    authors.shuffle(rng);
    // The month has its own people in front: whoever wrote there before takes a break.
    let in_month = |post: &Post| {
        post.community.as_str() == id
            && (post.written_at.year(), post.written_at.month()) == (year, month)
    };
    drafts.retain(|draft| !in_month(&draft.post) || draft.talk != Talk::Some);
    let (front, rest) = authors.split_at(FRONT.len().min(authors.len()));
    let mut writers: Vec<&MemberId> = front
        .iter()
        .zip(FRONT)
        .flat_map(|(author, posts)| vec![*author; posts])
        .collect();
    let others = count.saturating_sub(writers.len());
    writers.extend(rest.iter().cycle().take(others).copied());
    writers.shuffle(rng);
    let days = i64::from(date(year, month, 1).days_in_month());
    let start = date(year, month, 1).at(0, 0, 0, 0);
    for author in writers {
        let minute = rng.random_range(60..days * 24 * 60 - 60);
        drafts.push(certain(rng, plan, author, after(start, minute)));
    }
    // The fourth writes in the last minutes of the month and again in the first of the next.
    if let Some(fourth) = front.get(3) {
        for minute in [days * 24 * 60 - 2, days * 24 * 60 + 1, days * 24 * 60 + 6] {
            drafts.push(certain(rng, plan, fourth, after(start, minute)));
        }
    }
}

/// A post of a busy month; it can be read.
fn certain(rng: &mut ChaCha8Rng, plan: &Plan, author: &MemberId, at: DateTime) -> Draft {
    let mut draft = draft(rng, plan, author, at);
    draft.post.standing = Standing::Up;
    draft
}

fn after(start: DateTime, minutes: i64) -> DateTime {
    start
        .checked_add(jiff::SignedDuration::from_mins(minutes))
        .unwrap_or(start)
}

/// A member of a community who is not the persona.
pub(super) fn someone<'a>(rng: &mut ChaCha8Rng, community: &'a Community) -> &'a MemberId {
    let all: Vec<&MemberId> = community.others.iter().collect();
    all.choose(rng).copied().unwrap_or(&community.moderators[0])
}
