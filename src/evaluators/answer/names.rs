//! Names of a closed collection in a text: folded for case, accents, dashes, quotes and blanks;
//! the longest name at a place wins.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::domain::task::Candidate;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+").expect("the pattern is fixed and tested")
});

/// Lower case without accents, plain dashes and quotes, runs of blanks as one. Line breaks stay
/// line breaks, since a new line is a new sentence.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut blank = None;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        if c.is_whitespace() || c.is_control() {
            let kind = if c == '\n' || blank == Some('\n') {
                '\n'
            } else {
                ' '
            };
            blank = Some(kind);
            continue;
        }
        if let Some(kind) = blank.take()
            && !folded.is_empty()
        {
            folded.push(kind);
        }
        push_folded(c, &mut folded);
    }
    folded
}

fn push_folded(c: char, folded: &mut String) {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.push('-'),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '`' | '\u{b4}' => folded.push('\''),
        '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => folded.push('"'),
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {}
        'ø' | 'Ø' => folded.push('o'),
        'ł' | 'Ł' => folded.push('l'),
        'æ' | 'Æ' => folded.push_str("ae"),
        'ß' => folded.push_str("ss"),
        _ => folded.extend(c.to_lowercase()),
    }
}

/// Names of a collection, folded once.
pub(super) struct Names {
    /// Folded spelling and place in the collection, longest first.
    spellings: Vec<(String, usize)>,
    shown: Vec<String>,
}

impl Names {
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let mut spellings: Vec<(String, usize)> = candidates
            .iter()
            .enumerate()
            .flat_map(|(place, candidate)| {
                std::iter::once(fold(&candidate.name))
                    .chain(candidate.aliases.iter().map(|alias| fold_key(alias)))
                    .filter(|spelling| !spelling.is_empty())
                    .map(move |spelling| (spelling, place))
            })
            .collect();
        spellings.sort_by(|left, right| {
            right
                .0
                .len()
                .cmp(&left.0.len())
                .then_with(|| left.cmp(right))
        });
        Self {
            spellings,
            shown: candidates
                .iter()
                .map(|candidate| candidate.name.clone())
                .collect(),
        }
    }

    /// The name as the pages show it.
    pub(super) fn shown(&self, place: usize) -> &str {
        &self.shown[place]
    }

    /// The place whose name or alias is exactly this text.
    pub(super) fn exact(&self, text: &str) -> Option<usize> {
        let name = fold(text);
        let key = fold_key(text);
        self.spellings
            .iter()
            .find(|(spelling, _)| *spelling == name || *spelling == key)
            .map(|(_, place)| *place)
    }

    /// Every name in a folded text, longest first at each place, in order of position. Where the
    /// names are mail addresses, another address is a name of nobody.
    pub(super) fn find_in(&self, folded: &str) -> Vec<(Range<usize>, Option<usize>)> {
        let mut taken = vec![false; folded.len()];
        let mut found = Vec::new();
        for (spelling, place) in &self.spellings {
            for (start, _) in folded.match_indices(spelling.as_str()) {
                let span = start..start + spelling.len();
                if stands_alone(folded, &span) && !taken[span.clone()].contains(&true) {
                    taken[span.clone()].fill(true);
                    found.push((span, Some(*place)));
                }
            }
        }
        if self.spellings.iter().any(|(name, _)| name.contains('@')) {
            let others = ADDRESS.find_iter(folded).map(|found| found.range());
            let others = others.filter(|span| !taken[span.clone()].contains(&true));
            found.extend(others.map(|span| (span, None)));
        }
        found.sort_by_key(|(span, _)| span.start);
        with_other_name(folded, found)
    }
}

/// Names with another name of the same behind them in brackets as one: `Ann Lee (ann_lee)`.
fn with_other_name(
    folded: &str,
    found: Vec<(Range<usize>, Option<usize>)>,
) -> Vec<(Range<usize>, Option<usize>)> {
    let mut joined: Vec<(Range<usize>, Option<usize>)> = Vec::with_capacity(found.len());
    for (span, place) in found {
        match joined.last_mut() {
            Some((before, same))
                if place.is_some()
                    && *same == place
                    && matches!(&folded[before.end..span.start], " (" | " (@")
                    && folded[span.end..].starts_with(')') =>
            {
                before.end = span.end + 1;
            }
            _ => joined.push((span, place)),
        }
    }
    joined
}

/// Whether no letter or digit touches the span; nor, for an identifier such as an address, over
/// one of the signs that such names are made of.
fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let before = &text[..span.start];
    let after = &text[span.end..];
    if before.ends_with(char::is_alphanumeric) || after.starts_with(char::is_alphanumeric) {
        return false;
    }
    if text[span.clone()].contains(' ') {
        return true;
    }
    let goes_on = after
        .strip_prefix(JOINTS)
        .is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let comes_from = before
        .strip_suffix(JOINTS)
        .is_some_and(|rest| rest.ends_with(char::is_alphabetic));
    !goes_on && !comes_from
}

/// Signs that identifiers are made of.
const JOINTS: [char; 6] = ['.', '-', '_', '/', '@', '+'];

/// A key: folded, and leading zeros do not count.
fn fold_key(text: &str) -> String {
    let folded = fold(text);
    if !folded.is_empty() && folded.chars().all(|c| c.is_ascii_digit()) {
        let bare = folded.trim_start_matches('0');
        return if bare.is_empty() {
            "0".into()
        } else {
            bare.into()
        };
    }
    folded
}
