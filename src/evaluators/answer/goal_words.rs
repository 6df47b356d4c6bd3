//! What a message says in the words of the goal. A title between quotes may hold any word, and
//! whoever repeats what was asked, or says what the goal leaves out, does not doubt the answer.

use std::ops::Range;

use super::doubt;
use super::value::{Canon, Found};

/// Words that take something out of what counts.
const DENIALS: [&str; 3] = ["not", "without", "except"];

/// Words between such a word and what it takes out: `not counting the cancelled orders`.
const BETWEEN: [&str; 14] = [
    "counting",
    "including",
    "carrying",
    "bearing",
    "have",
    "having",
    "for",
    "with",
    "the",
    "a",
    "an",
    "any",
    "label",
    "those",
];

/// Words behind the denial of what stands before it: `delivery not included`.
const BEHIND: [&str; 3] = ["included", "counted", "count"];

/// Words before somebody who is left out, where the goal leaves somebody out.
const APART_FROM: [&[&str]; 9] = [
    &["apart", "from"],
    &["excluding"],
    &["not", "counting"],
    &["not", "including"],
    &["except"],
    &["except", "for"],
    &["other", "than"],
    &["besides"],
    &["leaving", "out"],
];

/// Words behind somebody who is.
const LEFT_OUT: [&str; 3] = ["left out", "excluded", "not counted"];

/// Most words between `leave` and `out`.
const MAX_LEFT_OUT: usize = 4;

/// What of a folded message the goal says itself. `values` are the spans of the answer, which no
/// goal takes back: a choice between two of them stays one, though the goal offers it.
pub(super) fn said_by_goal(goal: &str, folded: &str, values: &[Range<usize>]) -> Vec<Range<usize>> {
    let goal = super::names::fold(goal);
    let mut spans = quotes(&goal, folded);
    spans.extend(doubts(&goal, folded, values));
    spans
}

fn quotes(goal: &str, folded: &str) -> Vec<Range<usize>> {
    let quotes = goal.split('"').skip(1).step_by(2);
    quotes
        .filter(|quote| quote.split_whitespace().count() > 1)
        .flat_map(|quote| folded.match_indices(quote))
        .map(|(start, quote)| start..start + quote.len())
        .collect()
}

/// The words of doubt that are the goal's: those between the same two words as in the goal, and
/// those that deny what the goal leaves out.
fn doubts(goal: &str, folded: &str, values: &[Range<usize>]) -> Vec<Range<usize>> {
    let goal = doubt::words(goal);
    let left_out = left_out(&goal);
    let all = doubt::words(folded);
    let places = places(folded, &all);
    let is_value = |at: usize| {
        let place = &places[at];
        let mut values = values.iter();
        values.any(|value| value.start < place.end && place.start < value.end)
    };
    let repeats = |at: usize| {
        let first = if at == 0 { 0 } else { at - 1 };
        all.get(first..first + 3)
            .is_some_and(|run| goal.windows(3).any(|said| said == run))
            && !(first..first + 3).any(is_value)
    };
    let denies = |at: usize| {
        if !DENIALS.contains(&all[at]) {
            return false;
        }
        let behind = &all[at + 1..];
        let skipped = behind.iter().take_while(|word| BETWEEN.contains(word));
        let skipped = skipped.count();
        let names = |run: &&[&str]| {
            behind[skipped..].starts_with(run)
                || (all[..at].ends_with(run)
                    && behind.first().is_some_and(|word| BEHIND.contains(word)))
        };
        let names_it = left_out.iter().any(|run| names(&run.as_slice()));
        let next = at + 1 + skipped;
        names_it && !(next < all.len() && is_value(next))
    };
    // `between May and June`, both of them the goal's.
    let is_period = |at: usize| {
        let asked = |word: Option<&&str>| word.is_some_and(|word| goal.contains(word));
        let end = all[at + 1..].iter().take(4).position(|word| *word == "and");
        all[at] == "between"
            && asked(all.get(at + 1))
            && end.is_some_and(|end| asked(all.get(at + end + 2)))
    };
    let is_doubt = |at: usize| doubt::is_word(&all, at) || doubt::is_phrase(&all, at);
    (0..all.len())
        .filter(|at| is_doubt(*at) && (repeats(*at) || denies(*at) || is_period(*at)))
        .map(|at| places[at].clone())
        .collect()
}

/// What the goal takes out of what counts, each as the words that name it.
pub(super) fn left_out<'a>(goal: &[&'a str]) -> Vec<Vec<&'a str>> {
    let bare = |words: &[&'a str]| -> Vec<&'a str> {
        let words = words.iter().copied();
        words.filter(|word| !BETWEEN.contains(word)).collect()
    };
    let mut left_out = Vec::new();
    for (at, word) in goal.iter().enumerate() {
        let behind = &goal[at + 1..];
        if *word == "leave" {
            if let ["out", rest @ ..] = behind {
                left_out.extend(bare(rest).first().map(|word| vec![*word]));
                continue;
            }
            let end = behind.iter().take(MAX_LEFT_OUT + 1);
            if let Some(end) = end.into_iter().position(|word| *word == "out") {
                left_out.push(bare(&behind[..end]));
            }
        } else if DENIALS.contains(word) {
            let is_behind = behind.first().is_some_and(|word| BEHIND.contains(word));
            let named = if is_behind {
                let before = goal[..at].iter().rev();
                let mut before = before.filter(|word| !matches!(**word, "do" | "does"));
                before.next().copied()
            } else {
                bare(behind).first().copied()
            };
            left_out.extend(named.map(|word| vec![word]));
        }
    }
    left_out.retain(|run| !run.is_empty());
    left_out
}

/// Somebody whom a message leaves out, together with the words that say so, where the goal leaves
/// somebody out: `Apart from Ann it was Ben`.
pub(super) fn excluded(goal: &str, folded: &str, found: &[Found]) -> Vec<Range<usize>> {
    let goal = super::names::fold(goal);
    let goal = doubt::words(&goal);
    let leaves_out = goal.windows(2).any(|pair| pair == ["apart", "from"]);
    if !leaves_out && left_out(&goal).is_empty() {
        return Vec::new();
    }
    let names = found
        .iter()
        .filter(|found| matches!(found.value, Canon::Name(_)));
    let excluded = names.filter_map(|name| {
        let head = &folded[..name.span.start];
        let mut before = doubt::words(head);
        while before
            .last()
            .is_some_and(|word| matches!(*word, "the" | "user" | "member"))
        {
            before.pop();
        }
        let behind = folded[name.span.end..].trim_start_matches([' ', ',', '(']);
        if LEFT_OUT.iter().any(|words| behind.starts_with(words)) {
            return Some(name.span.clone());
        }
        let mut phrases = APART_FROM.iter().filter(|phrase| before.ends_with(phrase));
        let first = phrases.next()?.first()?;
        Some(head.rfind(first)?..name.span.end)
    });
    excluded.collect()
}

/// What was found outside of some spans.
pub(super) fn without(found: Vec<Found>, spans: &[Range<usize>]) -> Vec<Found> {
    let is_in = |found: &Found| spans.iter().any(|span| span.contains(&found.span.start));
    found.into_iter().filter(|found| !is_in(found)).collect()
}

/// Where each word of a text stands.
fn places(text: &str, words: &[&str]) -> Vec<Range<usize>> {
    let mut end = 0;
    let place = |word: &&str| {
        let start = text[end..].find(*word).map_or(end, |at| end + at);
        end = start + word.len();
        start..end
    };
    words.iter().map(place).collect()
}
