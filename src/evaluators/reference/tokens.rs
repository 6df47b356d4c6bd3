//! Words of a text as the references cut it: NLTK's `word_tokenize` (3.10.4), which is a splitter
//! of sentences followed by the Penn Treebank's rules for words. The rules are NLTK's
//! (`nltk/tokenize/destructive.py`), written again; each names what it sets apart.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::sentences::{self, is_marked_word};
use crate::domain::python::{is_blank, is_word};

/// A pattern and what takes its place.
struct Rule {
    pattern: Regex,
    replacement: &'static str,
    edges: Edges,
}

/// Where a match must begin or end a word. Python's words are not those of the regular expressions
/// here: a fraction is a part of one, a combining mark is not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edges {
    Anywhere,
    Before,
    After,
    Both,
}

fn rules(list: &[(&str, &'static str)]) -> Vec<Rule> {
    let rule = |(pattern, replacement): &(&str, &'static str)| {
        let inner = pattern.strip_prefix(r"\b").unwrap_or(pattern);
        let after = inner.strip_suffix(r"\b").unwrap_or(inner);
        Rule {
            pattern: Regex::new(after).expect("a pattern that a test compiles"),
            replacement,
            edges: match (inner != *pattern, after != inner) {
                (false, false) => Edges::Anywhere,
                (true, false) => Edges::Before,
                (false, true) => Edges::After,
                (true, true) => Edges::Both,
            },
        }
    };
    list.iter().map(rule).collect()
}

/// Quotes that open.
static OPENING: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    rules(&[
        (r"([«“‘„]|`+)", " $1 "),
        (r#"^""#, "``"),
        (r"(``)", " $1 "),
        (r#"([ (\[{<])("|'')"#, "$1 `` "),
    ])
});

/// Signs, brackets and dashes.
static SIGNS: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    rules(&[
        // The full stop at the end, also before what closes.
        (r#"([^.])(\.)([\])}>"'»”’ ]*)\s*$"#, "$1 $2 $3 "),
        // A colon or comma that is not before a digit.
        (r"([:,])([^\d])", " $1 $2"),
        (r"([:,])$", " $1 "),
        (r"(\.{2,})", " $1 "),
        (r"([;@#$%&])", " $1 "),
        (r"([\x{2012}-\x{2015}])", " $1 "),
        (r#"([^.])(\.)([\])}>"']*)\s*$"#, "$1 $2$3 "),
        (r"([?!])", " $1 "),
        (r"([^'])' ", "$1 ' "),
        (r"([*])", " $1 "),
        (r"([\]\[(){}<>])", " $1 "),
        (r"--", " -- "),
    ])
});

/// Quotes that close, endings such as `'s`, and words that stand for two.
static CLOSING: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    rules(&[
        (r"([»”’])", " $1 "),
        (r"''", " '' "),
        (r#"""#, " '' "),
        (r"\s+", " "),
        (r"([^' ])('[sS]|'[mM]|'[dD]|') ", "$1 $2 "),
        (r"([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", "$1 $2 "),
        (r"\b(?i)(can)(not)\b", " $1 $2 "),
        (r"\b(?i)(d)('ye)\b", " $1 $2 "),
        (r"\b(?i)(gim|lem)(me)\b", " $1 $2 "),
        (r"\b(?i)(gon)(na)\b", " $1 $2 "),
        (r"\b(?i)(got)(ta)\b", " $1 $2 "),
        (r"\b(?i)(more)('n)\b", " $1 $2 "),
        // Also before what is white space only for the library of this rule.
        (r"\b(?i)(wan)(na)([\s\x1C-\x1F])", " $1 $2 $3"),
        (r"(?i) ('t)(is|was)\b", " $1 $2 "),
    ])
});

/// The words of a text.
pub fn words(text: &str) -> Vec<String> {
    let sentences = sentences::split(text);
    sentences
        .iter()
        .flat_map(|sentence| words_of_sentence(sentence))
        .collect()
}

fn words_of_sentence(sentence: &str) -> Vec<String> {
    let mut text = apply(&OPENING, sentence.to_owned());
    text = part_opening_apostrophes(&text);
    text = apply(&SIGNS, text);
    text = apply(&CLOSING, format!(" {text} "));
    text.split(is_blank)
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

fn apply(rules: &[Rule], mut text: String) -> String {
    for rule in rules {
        let replace = |found: &Captures<'_>| {
            let whole = &found[0];
            if !rule.fits(
                &text,
                found.get(0).map(|all| all.range()).unwrap_or_default(),
            ) {
                return whole.to_owned();
            }
            let mut put = String::new();
            found.expand(rule.replacement, &mut put);
            put
        };
        text = rule.pattern.replace_all(&text, replace).into_owned();
    }
    text
}

impl Rule {
    /// Whether the edges of a match are edges of words, where the rule asks for it.
    fn fits(&self, text: &str, found: Range<usize>) -> bool {
        let before = text[..found.start].chars().next_back().is_some_and(is_word);
        let after = text[found.end..].chars().next().is_some_and(is_word);
        match self.edges {
            Edges::Anywhere => true,
            Edges::Before => !before,
            Edges::After => !after,
            Edges::Both => !before && !after,
        }
    }
}

/// Endings that keep their apostrophe.
const CLITICS: [&str; 8] = ["re", "ve", "ll", "m", "t", "s", "d", "n"];

/// Sets an apostrophe at the beginning of a word apart from it. For this rule NLTK uses another
/// library than for the words of two parts, with other words.
fn part_opening_apostrophes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for (at, character) in text.char_indices() {
        out.push(character);
        let opens = character == '\'' && !before.is_some_and(is_marked_word);
        if opens {
            let rest = &text[at + 1..];
            let end = rest.find(|c| !is_marked_word(c)).unwrap_or(rest.len());
            let word = rest[..end].to_lowercase();
            if !word.is_empty() && !CLITICS.contains(&word.as_str()) {
                out.push(' ');
            }
        }
        before = Some(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_as_nltk_cuts_them() {
        for (text, expected) in [
            ("there are 6. thanks", "there|are|6.|thanks"),
            ("i spent $0. so nothing", "i|spent|$|0|.|so|nothing"),
            ("(6.)", "(|6|.|)"),
            ("6, 7 and 6,5 count:6", "6|,|7|and|6,5|count:6"),
            ("don't 'quote' it's", "do|n't|'|quote|'|it|'s"),
            ("6–7 -6 6… 6--7 6...", "6|–|7|-6|6…|6|--|7|6|..."),
            ("say \"hi\" cannot", "say|``|hi|''|can|not"),
            ("it is 6. (really) x.", "it|is|6|.|(|really|)|x|."),
            ("it is 6.\u{201D} so 7. 8", "it|is|6|.|”|so|7|.|8"),
            ("6\u{BD}cannot cannot", "6\u{BD}cannot|can|not"),
            ("'\u{BD};", "'\u{BD}|;"),
            ("x '6'\u{1C}b", "x|'|6'|b"),
            ("a wanna wanna\u{1C}b", "a|wan|na|wan|na|b"),
            ("there are 4. etc., x", "there|are|4|.|etc.|,|x"),
            ("", ""),
        ] {
            assert_eq!(words(text).join("|"), expected, "{text}");
        }
    }
}
