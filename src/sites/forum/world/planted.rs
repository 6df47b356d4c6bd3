//! Posts that tell a story which the others do not: equal titles, posts that were removed,
//! things said wrong, things posted twice, meetups, welcomes.

use jiff::civil::{Date, date};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::plan::{FLAIRS, MEETUPS, MODERATED, PLANS, Plan};
use super::posts::{draft, minutes_ago, plan_of, someone};
use super::writer::pick;
use super::{Draft, Part, Talk};
use crate::sites::clock::{day_text, plus_days, weekday_name};
use crate::sites::forum::state::{Board, MemberId, Standing};

/// Titles that two members chose, each with the communities where they stand.
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

/// Of those, how many have one post that moderators removed.
const REMOVED: usize = 7;

/// Things said wrong: title, wrong, right, the persona's text and somebody else's, with where
/// they stand. `{}` stands for what is wrong.
const WRONG: [(&str, &str, &str, &str, &str, &str, &str); 8] = [
    (
        "Descaling, step by step",
        "40 minutes",
        "14 minutes",
        "Fill the tank, add the powder, wait {} and rinse twice. Then pull two shots and throw them away.",
        "I let the mixture stand for {} and rinse with three tanks of water. No taste left afterwards.",
        "espresso-bar",
        "fix-it-bench",
    ),
    (
        "A rye loaf for beginners",
        "260 degrees",
        "220 degrees",
        "Knead, wait, shape, wait again. Bake it at {} on the lower shelf until it sounds hollow.",
        "Mine goes in at {} with a bowl of water below it. The crust is thin and crisp.",
        "sourdough-table",
        "tolland-baking-circle",
    ),
    (
        "Seasoning a pan in one evening",
        "two spoons",
        "two drops",
        "Warm the pan, rub in {} of oil with a cloth, and heat it until it stops smoking.",
        "The secret is to use {} of oil and a lot of rubbing. More only makes it sticky.",
        "cast-iron-care",
        "knife-block",
    ),
    (
        "Lentils for the freezer",
        "nine litres",
        "nine portions",
        "This makes {} and keeps for three months. Leave out the lemon until you warm it up.",
        "I cook {} on the first Sunday of the month and freeze them in old jam jars.",
        "one-pot-suppers",
        "brae-kitchens",
    ),
    (
        "How I store beans",
        "in the fridge",
        "in a dark jar",
        "Keep them {} and grind what you need. Two weeks is the most that I would wait.",
        "After years of trying I keep them {} on the shelf above the machine.",
        "harrow-bay-coffee",
        "home-roasters",
    ),
    (
        "Folding without tears",
        "six folds",
        "three folds",
        "Butter and dough should be equally cold. After {} it goes back into the fridge for the night.",
        "My teacher stopped after {} and so do I. The layers are still there.",
        "tolland-baking-circle",
        "pastry-night",
    ),
    (
        "Setting up a hand grinder",
        "clockwise",
        "anticlockwise",
        "Turn the nut {} until it stops, then back by twelve clicks. Write the number down.",
        "To open it for cleaning turn the nut {} and pull. Nothing can fall out.",
        "grinder-lab",
        "pour-over-club",
    ),
    (
        "Barley soup in two pots",
        "a cup of salt",
        "a pinch of salt",
        "Soak the barley, fry the onions, join them, add {} and leave it alone for an hour.",
        "The second pot only needs {} because the stock brings its own.",
        "brae-kitchens",
        "night-shift-cooks",
    ),
];

/// Things that the persona posted twice: title, wrong, right, text, community.
const TWICE: [(&str, &str, &str, &str, &str); 6] = [
    (
        "Spare gaskets to give away",
        "54 mm",
        "58 mm",
        "I ordered too many. They are {} and fit most machines of that size. First come, first served.",
        "espresso-bar",
    ),
    (
        "Starter to share on Saturday",
        "rye",
        "wheat",
        "I have fed it twice a day all week. It is a {} starter and very lively. Bring a jar with a lid.",
        "sourdough-table",
    ),
    (
        "Who joins the stew exchange?",
        "Thursday",
        "Tuesday",
        "Cook a double portion, swap half of it. I will put up a list on {} so that nobody cooks the same.",
        "one-pot-suppers",
    ),
    (
        "Rust on the inside of the lid",
        "vinegar",
        "salt water",
        "I scrubbed it with {} and dried it on the stove. The spots came back after two days.",
        "cast-iron-care",
    ),
    (
        "Lift to the April meetup",
        "two seats",
        "three seats",
        "I drive from Tolland and have {} left. We start at nine and are back by six.",
        "harrow-bay-coffee",
    ),
    (
        "Burrs after two years",
        "600 kg",
        "60 kg",
        "About {} of beans have gone through them. The edges still feel sharp and the grounds look even.",
        "grinder-lab",
    ),
];

/// What the base world holds for corrections, for draws: title, wrong, right.
pub(in crate::sites::forum) fn corrections() -> Vec<(&'static str, &'static str, &'static str)> {
    let said = WRONG
        .iter()
        .map(|(title, wrong, right, ..)| (*title, *wrong, *right));
    let twice = TWICE
        .iter()
        .map(|(title, wrong, right, ..)| (*title, *wrong, *right));
    said.chain(twice).collect()
}

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
    for (number, (title, one, other)) in titles.into_iter().enumerate() {
        let first = someone(rng, &board.communities[one]).clone();
        let mut second = someone(rng, &board.communities[other]).clone();
        while second == first {
            second = someone(rng, &board.communities[other]).clone();
        }
        let days = rng.random_range(20..300);
        let mut earlier = told(rng, one, &first, days, title);
        if number < REMOVED {
            earlier.post.standing = Standing::Removed;
        }
        drafts.push(earlier);
        let sooner = rng.random_range(2..days);
        drafts.push(told(rng, other, &second, sooner, title));
    }
}

fn said_wrong(rng: &mut ChaCha8Rng, board: &Board, drafts: &mut Vec<Draft>) {
    for (title, wrong, _, own, others, here, there) in WRONG {
        let days = rng.random_range(10..200);
        let mut mine = told(rng, here, &board.me, days, title);
        mine.post.text = own.replace("{}", wrong);
        drafts.push(mine);
        let author = someone(rng, &board.communities[there]).clone();
        let days = rng.random_range(10..200);
        let mut theirs = told(rng, there, &author, days, title);
        theirs.post.text = others.replace("{}", wrong);
        drafts.push(theirs);
    }
}

fn posted_twice(rng: &mut ChaCha8Rng, board: &Board, drafts: &mut Vec<Draft>) {
    for (title, wrong, _, text, community) in TWICE {
        let days = rng.random_range(4..60);
        let mut first = told(rng, community, &board.me, days, title);
        first.post.text = text.replace("{}", wrong);
        let mut second = told(rng, community, &board.me, days, title);
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
