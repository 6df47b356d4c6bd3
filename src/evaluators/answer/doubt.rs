//! Words that keep a sentence from being an answer: those that deny it, hedge or leave a choice
//! wherever they stand, and those that say another value when they stand beside the value.

use std::ops::Range;

use crate::domain::task::AnswerType;

/// Words of negation, hedging and choice, folded.
const DOUBTS: [&str; 57] = [
    "circa",
    "formerly",
    "previously",
    "originally",
    "thereabouts",
    "not",
    "cannot",
    "never",
    "neither",
    "nor",
    "except",
    "without",
    "either",
    "or",
    "between",
    "about",
    "maybe",
    "perhaps",
    "probably",
    "possibly",
    "approximately",
    "approx",
    "roughly",
    "around",
    "nearly",
    "almost",
    "guess",
    "might",
    "unsure",
    "unless",
    "instead",
    "likely",
    "could",
    "otherwise",
    "else",
    "alternatively",
    "uncertain",
    "unclear",
    "estimate",
    "wrong",
    "wrongly",
    "incorrect",
    "incorrectly",
    "false",
    "untrue",
    "mistaken",
    "hardly",
    "scarcely",
    "barely",
    "presumably",
    "supposedly",
    "allegedly",
    "seemingly",
    "assuming",
    "rather",
    "another",
    "etc",
];

/// Words one behind the other that do the same.
const PHRASES: [&[&str]; 37] = [
    &["i", "think"],
    &["i", "believe"],
    &["i", "suppose"],
    &["i", "assume"],
    &["i", "doubt"],
    &["should", "be"],
    &["seems", "to"],
    &["as", "far", "as"],
    &["made", "up"],
    &["made", "this", "up"],
    &["used", "to"],
    &["at", "the", "earliest"],
    &["at", "the", "latest"],
    &["and", "a", "half"],
    &["anyone", "but"],
    &["anybody", "but"],
    &["anything", "but"],
    &["everyone", "but"],
    &["everybody", "but"],
    &["everything", "but"],
    &["all", "but"],
    &["nobody", "but"],
    &["nothing", "but"],
    &["none", "but"],
    &["et", "al"],
    &["and", "co"],
    &["and", "more"],
    &["and", "up"],
    &["and", "above"],
    &["and", "over"],
    &["and", "counting"],
    &["and", "so", "on"],
    &["if", "i"],
    &["if", "i'm"],
    &["if", "anything"],
    &["if", "pressed"],
    &["if", "forced"],
];

/// Signs of the same.
const MARKS: &str = "~?\u{2248}\u{b1}\u{2264}\u{2265}";

/// Words before a colon that announce several answers to choose from.
const CHOICES: [&str; 8] = [
    "candidates:",
    "options:",
    "possibilities:",
    "choices:",
    "contenders:",
    "suspects:",
    "guesses:",
    "shortlist:",
];

/// Words right before a value that say another one, whatever its type.
const NOT_THIS: [&[&str]; 15] = [
    &["exclude"],
    &["excludes"],
    &["excluding"],
    &["ignore"],
    &["ignoring"],
    &["disregard"],
    &["avoid"],
    &["skip"],
    &["besides"],
    &["unlike"],
    &["than"],
    &["versus"],
    &["vs"],
    &["half"],
    &["half", "of"],
];

/// Words right before a number or a length of time that make it a bound or a part of a sum.
const BOUNDS: [&[&str]; 20] = [
    &["under"],
    &["over"],
    &["above"],
    &["below"],
    &["beyond"],
    &["exceeds"],
    &["exceeding"],
    &["at", "least"],
    &["at", "most"],
    &["no", "more", "than"],
    &["is", "up", "to"],
    &["costs", "up", "to"],
    &["pay", "up", "to"],
    &["times"],
    &["twice"],
    &["thrice"],
    &["double"],
    &["triple"],
    &["upwards", "of"],
    &["close", "to"],
];

/// The same before amounts of money only: a time or a year may be what something starts from.
const PRICES: [&[&str]; 5] = [
    &["from"],
    &["starting", "at"],
    &["starts", "at"],
    &["start", "at"],
    &["near"],
];

/// The same before days and times.
const WHEN: [&[&str]; 7] = [
    &["before"],
    &["after"],
    &["later"],
    &["earlier"],
    &["until"],
    &["week", "of"],
    &["week", "from"],
];

/// Words right behind an amount that make it a part of another, where the goal does not say them.
const OF_MONEY: [&str; 7] = [
    "off", "discount", "deposit", "each", "per", "less", "upwards",
];

/// The same behind numbers.
const OF_NUMBER: [&str; 4] = ["fewer", "plus", "minus", "squared"];

/// Words of sums: `adds up to $5` is no bound.
const SUMS: [&str; 8] = [
    "add", "adds", "added", "adding", "sum", "sums", "come", "comes",
];

/// Words that may stand between those and the value.
const FILLERS: [&str; 8] = [
    "the", "a", "an", "just", "only", "user", "member", "customer",
];

/// Words of another place than the first.
const RANKS: [&str; 6] = ["second", "third", "fourth", "fifth", "last", "runner"];

/// Words that give someone a place.
const PLACED: [&str; 10] = [
    "came", "comes", "come", "ranks", "ranked", "placed", "finishes", "finished", "is", "was",
];

/// The word or sign that makes a sentence unfit. `masked` is the text with what may hold any word
/// blanked out.
pub(super) fn word(masked: &str) -> Option<String> {
    if let Some(mark) = masked.chars().find(|c| MARKS.contains(*c)) {
        return Some(mark.to_string());
    }
    if let Some(mark) = ["+/-", "+-"].iter().find(|mark| masked.contains(**mark)) {
        return Some((*mark).to_owned());
    }
    if let Some(choice) = CHOICES.iter().find(|choice| masked.contains(**choice)) {
        return Some((*choice).to_owned());
    }
    let words = words(masked);
    (0..words.len()).find_map(|at| {
        is_word(&words, at)
            .then(|| words[at].to_owned())
            .or_else(|| phrase(&words, at))
    })
}

/// Whether a word alone makes its sentence unfit.
pub(super) fn is_word(words: &[&str], at: usize) -> bool {
    let word = words[at];
    let is_number_sign = || {
        words
            .get(at + 1)
            .is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()))
    };
    DOUBTS.contains(&word)
        || word.ends_with("n't")
        || (word == "no" && !is_number_sign())
        || is_of_another(words, at)
}

/// Whether a phrase that does begins at a word.
pub(super) fn is_phrase(words: &[&str], at: usize) -> bool {
    phrase(words, at).is_some()
}

fn phrase(words: &[&str], at: usize) -> Option<String> {
    let found = PHRASES
        .iter()
        .find(|phrase| words[at..].starts_with(phrase));
    found.map(|phrase| phrase.join(" "))
}

/// `other`, unless it is what the answer is compared with: `more than any other member`.
fn is_of_another(words: &[&str], at: usize) -> bool {
    if !matches!(words[at], "other" | "others") {
        return false;
    }
    let before = &words[at.saturating_sub(2)..at];
    !matches!(before, ["than", "any" | "all" | "every" | "the"])
}

/// The words beside a value that make it another one: `under 5`, `2 x 5`, `5+`.
pub(super) fn bound(
    kind: AnswerType,
    goal: &str,
    folded: &str,
    span: &Range<usize>,
) -> Option<String> {
    let head = folded[..span.start].trim_end();
    let behind = folded[span.end..].trim_start();
    let is_name = kind == AnswerType::Entity;
    if !is_name && let Some(sign) = sign_beside(head, &folded[span.end..], behind) {
        return Some(sign);
    }
    if let Some(word) = behind_value(kind, goal, behind) {
        return Some(word);
    }
    // A comma or colon ends what the words before it say of the value.
    if head.ends_with([',', ':', ';', ')', '.']) {
        return None;
    }
    let mut before = words(head);
    while before.last().is_some_and(|word| FILLERS.contains(word)) {
        before.pop();
    }
    let of_kind: &[&[&[&str]]] = match kind {
        AnswerType::Entity => &[&NOT_THIS, &[&["before"], &["after"], &["behind"]]],
        AnswerType::Money => &[&NOT_THIS, &BOUNDS, &PRICES],
        AnswerType::Number => &[&NOT_THIS, &BOUNDS, &WHEN],
        AnswerType::Percent | AnswerType::Duration => &[&NOT_THIS, &BOUNDS],
        AnswerType::Date | AnswerType::Time | AnswerType::DateTime => &[&NOT_THIS, &WHEN],
        _ => &[&NOT_THIS],
    };
    let mut phrases = of_kind.iter().flat_map(|phrases| phrases.iter());
    if let Some(found) = phrases.find(|phrase| before.ends_with(phrase)) {
        return Some(found.join(" "));
    }
    let sums = |head: &[&str]| head.last().is_some_and(|word| SUMS.contains(word));
    let is_top = kind == AnswerType::Money
        && before
            .strip_suffix(&["up", "to"])
            .is_some_and(|head| !sums(head));
    is_top.then(|| "up to".to_owned())
}

/// The word right behind a value that makes it a part of another one, unless the goal says it.
fn behind_value(kind: AnswerType, goal: &str, behind: &str) -> Option<String> {
    let of_kind: &[&str] = match kind {
        AnswerType::Money => &OF_MONEY,
        AnswerType::Number => &OF_NUMBER,
        _ => &[],
    };
    let word = *words(behind).first()?;
    let is_next = behind.starts_with(word) && of_kind.contains(&word);
    let goal = super::names::fold(goal);
    (is_next && !words(&goal).contains(&word)).then(|| word.to_owned())
}

/// Signs of comparison and of sums at a value.
fn sign_beside(head: &str, touching: &str, behind: &str) -> Option<String> {
    let is_arrow = head.ends_with("->") || head.ends_with("=>");
    if head.ends_with(['<', '>']) && !is_arrow {
        return head.chars().next_back().map(String::from);
    }
    if touching.starts_with('+') {
        return Some("+".into());
    }
    let is_number = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_digit()) || super::number::word(word).is_some()
    };
    let signs = ["\u{d7}", "*", "x", "times"];
    signs.iter().find_map(|sign| {
        let is_bold = head.ends_with("**");
        let multiplied = head.strip_suffix(sign).filter(|_| !is_bold).map(words);
        let multiplied = multiplied.and_then(|words| words.last().copied());
        let multiplies = behind.strip_prefix(sign).map(str::trim_start);
        let multiplies = multiplies.and_then(|rest| rest.split_whitespace().next());
        let product = multiplied.is_some_and(is_number) || multiplies.is_some_and(is_number);
        product.then(|| (*sign).to_owned())
    })
}

/// `came second`, of a sentence whose question asks for no such place.
pub(super) fn rank(masked: &str, goal: &str) -> Option<String> {
    let goal = super::names::fold(goal);
    let asked = words(&goal);
    let words = words(masked);
    words.iter().enumerate().find_map(|(at, word)| {
        let is_place = match *word {
            "runner" => words.get(at + 1) == Some(&"up"),
            // `was last` may be said of a time.
            "last" => at > 0 && matches!(words[at - 1], "came" | "comes" | "ranks" | "finished"),
            _ => at > 0 && RANKS.contains(word) && PLACED.contains(&words[at - 1]),
        };
        (is_place && !asked.contains(word)).then(|| (*word).to_owned())
    })
}

/// What is told of such words.
pub(super) fn told(words: &str) -> String {
    format!("beside `{words}` the value is not said to be the answer")
}

/// The words of a text, with their apostrophes.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty())
        .collect()
}
