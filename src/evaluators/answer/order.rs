//! Words by which a list says its own order: `lowest first`, `(3rd)`, `#2`.

use super::doubt;

/// Words that begin at the small end, and at the large one.
const UP: [&str; 11] = [
    "ascending",
    "lowest",
    "smallest",
    "least",
    "cheapest",
    "worst",
    "bottom",
    "reverse",
    "reversed",
    "backwards",
    "increasing",
];
const DOWN: [&str; 9] = [
    "descending",
    "highest",
    "largest",
    "biggest",
    "most",
    "best",
    "top",
    "decreasing",
    "greatest",
];

/// Words that begin at the early end, and at the late one.
const EARLY: [&str; 3] = ["oldest", "earliest", "chronological"];
const LATE: [&str; 3] = ["newest", "latest", "recent"];

const ORDINALS: [&str; 10] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// The words of a message, its items blanked out, that say another order than the goal asks for,
/// or than its items stand in.
pub(super) fn contradiction(goal: &str, masked: &str, items: usize) -> Option<String> {
    let goal = super::names::fold(goal);
    let asked = doubt::words(&goal);
    let said = doubt::words(masked);
    let ends: [(&[&str], &[&str]); 4] =
        [(&UP, &DOWN), (&DOWN, &UP), (&EARLY, &LATE), (&LATE, &EARLY)];
    let opposite = ends.iter().find_map(|(these, others)| {
        let asks = |words: &[&str]| asked.iter().any(|word| words.contains(word));
        let word = said.iter().find(|word| these.contains(word))?;
        (asks(others) && !asks(these)).then(|| (*word).to_owned())
    });
    opposite.or_else(|| misplaced(masked, items))
}

/// Places that do not count up with the items.
fn misplaced(masked: &str, items: usize) -> Option<String> {
    let words = masked.split(|c: char| !(c.is_alphanumeric() || c == '#'));
    let mut places: Vec<usize> = words.clone().filter_map(place).collect();
    if places.is_empty() {
        let bare = words.filter_map(|word| word.parse().ok());
        places = bare.filter(|place| (1..=items).contains(place)).collect();
        if places.len() != items {
            return None;
        }
    }
    let rises = places.windows(2).all(|pair| pair[0] < pair[1]);
    let counts = places.len() < items || places.iter().copied().eq(1..=places.len());
    let told = || {
        let places: Vec<String> = places.iter().map(ToString::to_string).collect();
        format!("places {}", places.join(", "))
    };
    (!(rises && counts)).then(told)
}

/// The place that a word gives: `#3`, `3rd`, `third`.
fn place(word: &str) -> Option<usize> {
    if let Some(at) = ORDINALS.iter().position(|ordinal| *ordinal == word) {
        return Some(at + 1);
    }
    let digits = word.strip_prefix('#').or_else(|| {
        let mut endings = ["st", "nd", "rd", "th"].into_iter();
        endings.find_map(|ending| word.strip_suffix(ending))
    })?;
    digits.parse().ok()
}
