//! What `compat = "strict"` does in the place of WebArena's defects.

use std::sync::LazyLock;

use regex::Regex;

/// A number with an optional currency sign and thousands separators.
static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[$€£]? ?([+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?|[+-]?\.\d+)%?$")
        .expect("a pattern that a test compiles")
});

/// A run of characters that could be a number, with what belongs to it.
static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
        .expect("a pattern that a test compiles")
});

fn number(text: &str) -> Option<f64> {
    let found = NUMBER.captures(text.trim())?;
    found[1].replace(',', "").parse().ok()
}

/// Whether two texts are the same number, however it is written: `$0.00` is `0` (WebArena issue
/// 211).
pub(super) fn same_number(left: &str, right: &str) -> bool {
    match (number(left), number(right)) {
        (Some(left), Some(right)) => (left - right).abs() < 1e-9,
        _ => false,
    }
}

/// Whether a text holds another between the borders of words and numbers. The reference takes any
/// part of a word or number: `yesterday` for `yes`, `1346` for `346` (WebArena issue 139,
/// VisualWebArena issue 71), but not `6. thanks` for `6` (VisualWebArena issue 84).
pub(super) fn holds(text: &str, wanted: &str) -> bool {
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return true;
    }
    if let Some(number) = number(wanted) {
        let is_it = |found: regex::Match| {
            stands_alone(text, &found) && {
                let value: Option<f64> = found.as_str().replace(',', "").parse().ok();
                value.is_some_and(|value| (value - number).abs() < 1e-9)
            }
        };
        return NUMBERS.find_iter(text).any(is_it);
    }
    text.match_indices(wanted).any(|(at, found)| {
        borders(text[..at].chars().next_back(), found.chars().next())
            && borders(
                found.chars().next_back(),
                text[at + found.len()..].chars().next(),
            )
    })
}

/// Whether a word may end between two characters.
fn borders(left: Option<char>, right: Option<char>) -> bool {
    let inner = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !(inner(left) && inner(right))
}

/// Whether a number is not a part of a longer one, of a word, or of a fraction such as `6/10`.
fn stands_alone(text: &str, found: &regex::Match) -> bool {
    let before = text[..found.start()].chars().next_back();
    let mut after = text[found.end()..].chars();
    let (next, second) = (after.next(), after.next());
    let glued = |c: char| c.is_alphanumeric() || "_/".contains(c);
    let is_more =
        matches!(next, Some('.' | ',' | ':')) && second.is_some_and(|c| c.is_ascii_digit());
    !before.is_some_and(|c| glued(c) || c == '.' || c == ',')
        && !next.is_some_and(glued)
        && !is_more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_count_as_a_whole() {
        for (text, wanted, held) in [
            ("there are 6. thanks", "6", true),
            ("i spent $0.00", "0", true),
            ("1346", "346", false),
            ("346.5", "346", false),
            ("6/10", "6", false),
            ("1,300 items", "1300", true),
            ("yesterday", "yes", false),
            ("yes, it is", "yes", true),
            ("914 km away", "914 km", true),
        ] {
            assert_eq!(holds(text, wanted), held, "{text} / {wanted}");
        }
        assert!(same_number("$1,300.00", "1300"));
        assert!(!same_number("13", "130"));
    }
}
