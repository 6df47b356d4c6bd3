//! Words by which a list says its own order: `lowest first`, `(3rd)`, `#2`.

use super::doubt;

/// Words that begin at the small end, and at the large one.
const UP: [&str; 12] = [
    "fewest",
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
    opposite
        .or_else(|| without_order(&asked, &said))
        .or_else(|| misplaced(masked, items))
}

/// `last to first`, `unordered`.
fn without_order(asked: &[&str], said: &[&str]) -> Option<String> {
    let word = said.iter().find(|word| UNORDERED.contains(word));
    let at = |wanted: &str| said.iter().position(|word| *word == wanted);
    let is_backwards = match (at("last"), at("first")) {
        (Some(last), Some(first)) => last < first,
        (last, None) => last.is_some(),
        _ => false,
    };
    let backwards = (is_backwards && !asked.contains(&"last")).then(|| "last".to_owned());
    word.map(|word| (*word).to_owned()).or(backwards)
}

const UNORDERED: [&str; 4] = ["unordered", "alphabetical", "alphabetically", "random"];

/// Places that do not count up with the items.
fn misplaced(masked: &str, items: usize) -> Option<String> {
    let words = masked.split(|c: char| !(c.is_alphanumeric() || c == '#'));
    let mut places: Vec<usize> = words.filter_map(place).collect();
    if places.is_empty() {
        places = bare_places(masked, items);
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

/// Small numbers that stand for nothing else: `(2)`, or right before an item, which is a `0` here.
fn bare_places(masked: &str, items: usize) -> Vec<usize> {
    let words: Vec<&str> = masked.split_whitespace().collect();
    let bare = words.iter().enumerate().filter_map(|(at, word)| {
        let is_alone =
            word.ends_with([')', ',']) || words.get(at + 1).is_none_or(|next| *next == "0");
        let number = word.trim_matches(['(', ')', ',']).parse().ok()?;
        (is_alone && (1..=items).contains(&number)).then_some(number)
    });
    bare.collect()
}

/// The place that a word gives: `#3`, `3rd`, `third`.
pub(super) fn place(word: &str) -> Option<usize> {
    if let Some(at) = ORDINALS.iter().position(|ordinal| *ordinal == word) {
        return Some(at + 1);
    }
    let digits = word.strip_prefix('#').or_else(|| {
        let mut endings = ["st", "nd", "rd", "th"].into_iter();
        endings.find_map(|ending| word.strip_suffix(ending))
    })?;
    digits.parse().ok()
}
