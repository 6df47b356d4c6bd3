//! Words of a message that say the opposite of what the goal asks for: `the longest` where the
//! shortest is wanted, `delivery excluded` where it is to be included. The right value beside
//! them is the answer to another question.

use super::{doubt, goal_words, order};

const MOST: [&str; 7] = [
    "most", "highest", "largest", "longest", "biggest", "greatest", "dearest",
];
const LEAST: [&str; 6] = [
    "least", "fewest", "lowest", "smallest", "shortest", "cheapest",
];

/// Words of which a goal asks for one side.
const SIDES: [(&[&str], &[&str]); 7] = [
    (
        &["added", "inserted", "put", "restored"],
        &["removed", "deleted", "took"],
    ),
    (&["opened"], &["began", "begun", "begin", "started"]),
    (&["open"], &["closed"]),
    (&["gross"], &["net"]),
    (&["assigned", "assignee"], &["reported", "reporter"]),
    (&["larger", "bigger"], &["smaller"]),
    (&["longer"], &["shorter"]),
];

/// Words before what is counted in, and before what is not.
const WITH: [&str; 5] = ["including", "include", "includes", "counting", "with"];
const WITHOUT: [&str; 4] = ["excluding", "without", "minus", "before"];

/// Words behind the same.
const COUNTED: [&str; 2] = ["included", "counted"];
const NOT_COUNTED: [&str; 2] = ["excluded", "extra"];

/// The word of a message that is the opposite of the goal's. `masked` is the message with its
/// values and what the goal says itself blanked out.
pub(super) fn found(goal: &str, folded: &str, masked: &str) -> Option<String> {
    let goal = super::names::fold(goal);
    // A title may hold any word.
    let unquoted: String = goal.split('"').step_by(2).collect();
    let asked = doubt::words(&unquoted);
    let said = doubt::words(masked);
    other_side(&asked, &said)
        .or_else(|| other_rank(&asked, &said))
        .or_else(|| other_sum(&goal, &unquoted, &doubt::words(folded)))
}

/// What is told of such words.
pub(super) fn told(words: &str) -> String {
    format!("`{words}` is not what the goal asks for")
}

fn other_side(asked: &[&str], said: &[&str]) -> Option<String> {
    let has = |words: &[&str], set: &[&str]| words.iter().any(|word| set.contains(word));
    let sides = SIDES
        .iter()
        .flat_map(|(one, other)| [(*one, *other), (*other, *one)]);
    let mut opposed = sides.filter(|(this, other)| {
        has(said, this) && !has(said, other) && has(asked, other) && !has(asked, this)
    });
    let (this, _) = opposed.next()?;
    let word = said.iter().find(|word| this.contains(word))?;
    Some((*word).to_owned())
}

/// `second most` as 2 and true, `fewest` as 1 and false.
fn ranks(words: &[&str]) -> Vec<(usize, bool)> {
    let rank = |(at, word): (usize, &&str)| {
        let is_most = MOST.contains(word);
        if !is_most && !LEAST.contains(word) {
            return None;
        }
        let before = at.checked_sub(1).and_then(|at| order::place(words[at]));
        Some((before.unwrap_or(1), is_most))
    };
    words.iter().enumerate().filter_map(rank).collect()
}

fn other_rank(asked: &[&str], said: &[&str]) -> Option<String> {
    let asked = ranks(asked);
    let told = ranks(said);
    if asked.is_empty() || told.iter().any(|rank| asked.contains(rank)) {
        return None;
    }
    if let Some((place, is_most)) = told.first() {
        let end = if *is_most { "most" } else { "least" };
        return Some(match place {
            1 => end.to_owned(),
            place => format!("{end}, place {place}"),
        });
    }
    // `came first`, where the second is asked for.
    let places = said.iter().filter(|word| order::place(word).is_some());
    let mut others = places.filter(|word| {
        let place = order::place(word);
        !asked.iter().any(|(wanted, _)| Some(*wanted) == place)
    });
    let is_second_asked = asked.iter().all(|(place, _)| *place > 1);
    others
        .next()
        .filter(|_| is_second_asked)
        .map(|word| (*word).to_owned())
}

/// What the goal leaves out is counted in, or the other way round.
fn other_sum(goal: &str, unquoted: &str, said: &[&str]) -> Option<String> {
    let goal = doubt::words(goal);
    let left_out = goal_words::left_out(&goal);
    let left_out: Vec<&str> = left_out
        .iter()
        .filter_map(|run| run.first().copied())
        .collect();
    let counted = counted(&doubt::words(unquoted));
    let told = |words: &[&str]| Some(words.join(" "));
    for (at, word) in said.iter().enumerate() {
        let is_denied = at > 0 && matches!(said[at - 1], "not" | "without");
        let near = |set: &[&str]| {
            let behind = &said[at + 1..];
            // `with A, not B` counts nothing of B in.
            let told = behind.iter().take(3);
            let mut told = told.take_while(|word| !matches!(**word, "not" | "without" | "except"));
            told.any(|word| set.contains(word))
        };
        if WITH.contains(word) && !is_denied && near(&left_out) {
            return told(&["counting in what the goal leaves out:", word]);
        }
        if WITHOUT.contains(word) && near(&counted) {
            return told(&["leaving out what the goal counts:", word]);
        }
        let before = &said[at.saturating_sub(3)..at];
        let stands_before = |set: &[&str]| before.iter().any(|word| set.contains(word));
        if COUNTED.contains(word) && stands_before(&left_out) && !before.contains(&"not") {
            return told(&["counting in what the goal leaves out:", word]);
        }
        if NOT_COUNTED.contains(word) && stands_before(&counted) {
            return told(&["leaving out what the goal counts:", word]);
        }
    }
    None
}

/// What the goal says to be counted in: `delivery included`, `with packing`.
fn counted<'a>(goal: &[&'a str]) -> Vec<&'a str> {
    let word = |(at, word): (usize, &&'a str)| match *word {
        "included" if at > 0 && !goal[..at].ends_with(&["not"]) => Some(goal[at - 1]),
        "including" | "with" if !goal[..at].ends_with(&["not"]) => goal.get(at + 1).copied(),
        _ => None,
    };
    goal.iter().enumerate().filter_map(word).collect()
}
