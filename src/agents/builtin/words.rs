//! Words of a text, folded so that two texts can be compared by what they share.

use std::collections::BTreeSet;

/// Words that carry no meaning for matching a page to a goal.
const STOP_WORDS: &[&str] = &[
    "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by",
    "can", "could", "did", "do", "does", "each", "for", "from", "give", "had", "has", "have",
    "how", "i", "if", "in", "into", "is", "it", "its", "just", "kindly", "leave", "me", "more",
    "much", "my", "of", "on", "one", "only", "or", "out", "please", "put", "right", "should", "so",
    "some", "tell", "than", "that", "the", "their", "them", "then", "there", "they", "this", "to",
    "up", "want", "was", "we", "were", "what", "which", "who", "will", "with", "would", "you",
    "your",
];

/// The meaningful words of a text, folded: lower case, without a plural or verbal ending.
pub(super) fn words(text: &str) -> BTreeSet<String> {
    tokens(text)
        .into_iter()
        .filter(|word| !STOP_WORDS.contains(&word.as_str()))
        .map(|word| stem(&word))
        .collect()
}

/// All words of a text in order, lower case; a decimal number is one word.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let joins = |at: usize| {
        let digit = |place: Option<usize>| {
            place
                .and_then(|place| characters.get(place))
                .is_some_and(char::is_ascii_digit)
        };
        characters[at] == '-'
            || (characters[at] == '.' && digit(at.checked_sub(1)) && digit(Some(at + 1)))
    };
    let folded: String = characters
        .iter()
        .enumerate()
        .map(|(at, c)| {
            if c.is_alphanumeric() || joins(at) {
                *c
            } else {
                ' '
            }
        })
        .collect();
    folded
        .split_whitespace()
        .map(|word| word.trim_matches('-').to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

/// A word without its commonest endings; digits stay as they are.
fn stem(word: &str) -> String {
    if word.len() <= 4 || word.chars().any(|c| c.is_ascii_digit()) {
        return word.to_owned();
    }
    for ending in ["ing", "ed", "es", "s"] {
        if let Some(root) = word.strip_suffix(ending)
            && root.len() >= 3
        {
            return root.to_owned();
        }
    }
    word.to_owned()
}

/// Texts between double quotes, each with the word before it.
pub(super) fn quoted(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        let Some(length) = rest[start + 1..].find('"') else {
            break;
        };
        let before = tokens(&rest[..start]).pop().unwrap_or_default();
        found.push((before, rest[start + 1..=start + length].to_owned()));
        rest = &rest[start + length + 2..];
    }
    found
}

/// Runs of capitalised words or words with digits that do not begin a sentence: names.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run: Vec<&str> = Vec::new();
    let mut sentence_begins = true;
    for word in text.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_name = bare
            .chars()
            .next()
            .is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
            && !(sentence_begins && run.is_empty())
            && !(run.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || c == '.'))
            && bare != "I";
        if is_name {
            run.push(bare);
        }
        let ends = word.ends_with(['.', '?', '!', ',', ':', ';']);
        if (!is_name || ends) && !run.is_empty() {
            found.push(run.join(" "));
            run.clear();
        }
        sentence_begins = word.ends_with(['.', '?', '!']);
    }
    if !run.is_empty() {
        found.push(run.join(" "));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_names_and_quotes_are_found() {
        let shared: Vec<_> = words("Please cancel my orders")
            .intersection(&words("Order cancelled"))
            .cloned()
            .collect();
        assert_eq!(shared, ["order"]);
        assert_eq!(
            names("How much is the Lumo E15 Espresso Machine in Sage? Just the price."),
            ["Lumo E15 Espresso Machine", "Sage"]
        );
        assert_eq!(
            quoted(r#"with the title "Good" and the text "It works.""#),
            [
                ("title".to_owned(), "Good".to_owned()),
                ("text".to_owned(), "It works.".to_owned())
            ]
        );
        assert!(quoted("an odd \" quote").is_empty());
    }
}
