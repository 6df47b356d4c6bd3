//! Posts that tell a story which the others do not: equal titles, posts that were removed,
//! things said wrong, things posted twice, meetups, welcomes.

use jiff::civil::{Date, date};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::mistakes::{SAID, TWICE};
use super::plan::{FLAIRS, MEETUPS, MODERATED, PLANS, Plan};
use super::posts::{draft, minutes_ago, plan_of, someone};
use super::writer::pick;
use super::{Draft, Part, Talk};
use crate::sites::clock::{day_text, plus_days, weekday_name};
use crate::sites::forum::state::{Board, MemberId, Standing};

/// Titles that two members chose, each with the communities where they stand. Moderators removed
/// the earlier post of each; what members call alike by chance stays.
const SAME_TITLES: [(&str, &str, &str); 20] = [
    (
        "Weekend project: a quieter grinder",
        "grinder-lab",
        "fix-it-bench",
    ),
    ("One scale for everything", "espresso-bar", "pour-over-club"),
    (
        "The kettle that outlived three kitchens",
        "pour-over-club",
        "fix-it-bench",
    ),
    ("Cleaning day, with photos", "espresso-bar", "grinder-lab"),
    ("My grandmother's tin", "cake-corner", "pastry-night"),
    (
        "Flour from the mill in Tolland",
        "sourdough-table",
        "tolland-baking-circle",
    ),
    (
        "Bread for the neighbours",
        "sourdough-table",
        "brae-kitchens",
    ),
    ("What I would buy again", "knife-block", "espresso-bar"),
    (
        "Small kitchen, big pan",
        "cast-iron-care",
        "one-pot-suppers",
    ),
    (
        "A stone, a towel and twenty minutes",
        "knife-block",
        "cast-iron-care",
    ),
    (
        "Supper without a recipe",
        "one-pot-suppers",
        "brae-kitchens",
    ),
    (
        "Beans from last summer",
        "home-roasters",
        "harrow-bay-coffee",
    ),
    ("First roast, be gentle", "home-roasters", "pour-over-club"),
    ("Milk that behaves", "latte-art", "espresso-bar"),
    ("Saved from the skip", "fix-it-bench", "cast-iron-care"),
    (
        "Sunday oven, Monday bread",
        "sourdough-table",
        "pastry-night",
    ),
    ("Too much butter", "pastry-night", "cake-corner"),
    ("Three spoons of patience", "one-pot-suppers", "latte-art"),
    ("A lid for every pot", "one-pot-suppers", "cast-iron-care"),
    (
        "Notes from a power cut",
        "brae-kitchens",
        "harrow-bay-coffee",
    ),
];

/// All planted posts.
pub(super) fn posts(rng: &mut ChaCha8Rng, board: &Board) -> Vec<Draft> {
    let mut drafts = Vec::new();
    same_titles(rng, board, &mut drafts);
    said_wrong(rng, board, &mut drafts);
    posted_twice(rng, board, &mut drafts);
    for plan in PLANS {
        welcome(rng, board, plan, &mut drafts);
        if let Some(place) = plan.meets_at {
            meetups(rng, board, plan, place, &mut drafts);
        }
    }
    drafts
}

/// A post with everything chosen but its text.
fn told(rng: &mut ChaCha8Rng, community: &str, author: &MemberId, days: i64, title: &str) -> Draft {
    let at = minutes_ago(days * 24 * 60 + rng.random_range(1..1400));
    let mut draft = draft(rng, plan_of(community), author, at);
    draft.post.title = title.to_owned();
    draft.post.standing = Standing::Up;
    draft.talk = Talk::Few;
    draft
}

fn same_titles(rng: &mut ChaCha8Rng, board: &Board, drafts: &mut Vec<Draft>) {
    let mut titles = SAME_TITLES;
    titles.shuffle(rng);
    for (title, one, other) in titles {
        let first = someone(rng, &board.communities[one]).clone();
        let mut second = someone(rng, &board.communities[other]).clone();
        while second == first {
            second = someone(rng, &board.communities[other]).clone();
        }
        let days = rng.random_range(20..300);
        let mut earlier = told(rng, one, &first, days, title);
        earlier.post.standing = Standing::Removed;
        drafts.push(earlier);
        let sooner = rng.random_range(2..days);
        drafts.push(told(rng, other, &second, sooner, title));
    }
}

fn said_wrong(rng: &mut ChaCha8Rng, board: &Board, drafts: &mut Vec<Draft>) {
    for said in SAID {
        let days = rng.random_range(10..200);
        let mut mine = told(rng, said.here, &board.me, days, said.title);
        said.own.clone_into(&mut mine.post.text);
        drafts.push(mine);
        let author = someone(rng, &board.communities[said.there]).clone();
        let days = rng.random_range(10..200);
        let mut theirs = told(rng, said.there, &author, days, said.title);
        said.theirs.clone_into(&mut theirs.post.text);
        drafts.push(theirs);
    }
}

fn posted_twice(rng: &mut ChaCha8Rng, board: &Board, drafts: &mut Vec<Draft>) {
    for twice in TWICE {
        let days = rng.random_range(4..60);
        let mut first = told(rng, twice.community, &board.me, days, twice.title);
        twice.text.clone_into(&mut first.post.text);
        let mut second = told(rng, twice.community, &board.me, days, twice.title);
        second.post.text.clone_from(&first.post.text);
        second.post.flair.clone_from(&first.post.flair);
        second.post.picture = None;
        first.post.picture = None;
        second.post.written_at = first
            .post
            .written_at
            .checked_add(jiff::SignedDuration::from_mins(rng.random_range(3..50)))
            .unwrap_or(first.post.written_at);
        second.talk = Talk::None;
        drafts.push(first);
        drafts.push(second);
    }
}

fn welcome(rng: &mut ChaCha8Rng, board: &Board, plan: &Plan, drafts: &mut Vec<Draft>) {
    let community = &board.communities[plan.id];
    let author = community
        .moderators
        .iter()
        .find(|one| **one != board.me)
        .unwrap_or(&community.moderators[0]);
    let days = rng.random_range(300..420);
    let title = format!("Welcome to {}: read this first", plan.name);
    let mut draft = told(rng, plan.id, author, days, &title);
    draft.post.text = format!(
        "{} Please read our rules on the About page before you post, and choose the flair that \
         they ask for. Moderators: {}.",
        plan.tagline,
        community
            .moderators
            .iter()
            .map(MemberId::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    );
    draft.post.flair = Some(FLAIRS[plan.flairs][5].to_owned());
    draft.post.picture = None;
    draft.post.pinned = true;
    if plan.id == MODERATED {
        draft.talk = Talk::None;
    }
    drafts.push(draft);
}

/// The pinned list of meetups: over, called off, and two to come.
fn meetups(rng: &mut ChaCha8Rng, board: &Board, plan: &Plan, place: &str, drafts: &mut Vec<Draft>) {
    let community = &board.communities[plan.id];
    let author = &community.moderators[0];
    let hour = pick(rng, &[10, 11, 14, 15]);
    let shift = rng.random_range(0..3);
    let mut lines = vec![format!(
        "All meetups start at {hour}:00 at this place: {place}."
    )];
    for (at, (year, month, note)) in MEETUPS.into_iter().enumerate() {
        let day = meetup_day(year, month, at, shift);
        let note = match (at, note) {
            (_, Some(note)) => format!(". {note}"),
            (0, None) => ". Over, thank you all.".to_owned(),
            _ => String::new(),
        };
        let weekday = weekday_name(day.weekday());
        lines.push(format!("{weekday} {}{note}", day_text(day)));
    }
    let title = format!("{}: dates of our meetups", plan.name);
    let mut draft = told(rng, plan.id, author, 30, &title);
    draft.post.text = lines.join("\n");
    draft.post.flair = None;
    draft.post.picture = None;
    draft.post.pinned = true;
    draft.thing = "list";
    draft.talk = Talk::None;
    draft.part = Part::Plain;
    drafts.push(draft);
}

/// A Saturday: the first that fits, a week later for each step.
fn meetup_day(year: i16, month: i8, at: usize, shift: i64) -> Date {
    let (from, weeks) = match at {
        0 => (date(year, month, 7), 0),
        1 => (date(year, month, 21), shift % 2),
        _ => (date(year, month, 4), shift),
    };
    let to_saturday = (6 - i64::from(from.weekday().to_sunday_zero_offset())).rem_euclid(7);
    plus_days(from, to_saturday + weeks * 7)
}
