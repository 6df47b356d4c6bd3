//! A final message as text: what may stand around an answer, and what makes a sentence unfit to
//! be one.

use std::ops::Range;

use super::{doubt, json};

/// An answer in a sentence may have this many words.
const MAX_WORDS: usize = 25;

/// Labels that may stand before an answer, folded.
const LABELS: [&str; 6] = [
    "the final answer is",
    "the answer is",
    "final answer",
    "answer",
    "result",
    "the result is",
];

/// The message as it is, then with one layer after the other taken off: code fence, Markdown
/// marks, quotes, label, final full stop. Empty layers are left out.
pub(super) fn forms(text: &str) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    let mut current = text.trim().to_owned();
    for _ in 0..12 {
        if current.is_empty() {
            break;
        }
        let next = peel(&current);
        forms.push(std::mem::take(&mut current));
        match next {
            Some(next) => current = next,
            None => break,
        }
    }
    forms
}

fn peel(text: &str) -> Option<String> {
    let peeled = unfence(text)
        .or_else(|| unwrap_json(text))
        .or_else(|| unlink(text))
        .or_else(|| unwrap_marks(text))
        .or_else(|| strip_lead(text))
        .or_else(|| strip_label(text))
        .or_else(|| text.strip_suffix(['.', '!']).map(str::to_owned))?;
    let peeled = peeled.trim().to_owned();
    (peeled != text).then_some(peeled)
}

fn unfence(text: &str) -> Option<String> {
    let inner = text.strip_prefix("```")?.strip_suffix("```")?;
    let (first, rest) = inner.split_once('\n').unwrap_or(("", inner));
    let is_language = first.chars().all(|c| c.is_ascii_alphanumeric());
    Some(if is_language {
        rest.into()
    } else {
        inner.into()
    })
}

/// A JSON string, or an object with one entry whose value is text, a number or an array.
fn unwrap_json(text: &str) -> Option<String> {
    if !text.starts_with(['"', '{']) {
        return None;
    }
    match json::read(text)? {
        serde_json::Value::String(inner) => Some(inner),
        serde_json::Value::Object(fields) if fields.len() == 1 => {
            match fields.into_iter().next()?.1 {
                serde_json::Value::String(inner) => Some(inner),
                serde_json::Value::Number(number) => Some(number.to_string()),
                list @ serde_json::Value::Array(_) => Some(list.to_string()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Links of Markdown as what is shown of them: `[ann@example.com](mailto:ann@example.com)`.
fn unlink(text: &str) -> Option<String> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((shown, behind)) = rest.split_once("](") {
        let (before, shown) = shown.rsplit_once('[')?;
        let (_, behind) = behind.split_once(')')?;
        plain.push_str(before);
        plain.push_str(shown);
        rest = behind;
    }
    plain.push_str(rest);
    (plain != text).then_some(plain)
}

fn unwrap_marks(text: &str) -> Option<String> {
    const PAIRS: [(&str, &str); 9] = [
        ("**", "**"),
        ("__", "__"),
        ("*", "*"),
        ("_", "_"),
        ("`", "`"),
        ("\"", "\""),
        ("'", "'"),
        ("\u{201c}", "\u{201d}"),
        ("\u{2018}", "\u{2019}"),
    ];
    PAIRS.iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.is_empty() && !inner.contains(open) && !inner.contains(close))
            .then(|| inner.to_owned())
    })
}

fn strip_lead(text: &str) -> Option<String> {
    ["# ", "## ", "### ", "> ", "- ", "* "]
        .iter()
        .find_map(|lead| text.strip_prefix(lead))
        .map(str::to_owned)
}

fn strip_label(text: &str) -> Option<String> {
    let bare = text.trim_start_matches(['*', '_']);
    LABELS.iter().find_map(|label| {
        let head = bare.get(..label.len())?;
        if !head.eq_ignore_ascii_case(label) {
            return None;
        }
        let rest = bare[label.len()..].trim_start_matches(['*', '_']);
        let rest = match rest.strip_prefix([':', '=']) {
            Some(rest) => rest.trim_start_matches(['*', '_']),
            None if label.ends_with(" is") && rest.starts_with(' ') => rest,
            None => return None,
        };
        Some(rest.to_owned())
    })
}

/// The text with spans blanked out, so that words inside a name do not count as doubt.
pub(super) fn mask<'a>(text: &str, spans: impl Iterator<Item = &'a Range<usize>>) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut spans: Vec<&Range<usize>> = spans.collect();
    spans.sort_by_key(|span| span.start);
    let mut at = 0;
    for span in spans {
        if span.start < at {
            continue;
        }
        masked.push_str(&text[at..span.start]);
        masked.push_str(" 0 ");
        at = span.end;
    }
    masked.push_str(&text[at..]);
    masked
}

/// Why a message cannot be taken as an answer in one sentence; absent when it can. `masked` is
/// the same text with its candidates blanked out; it may be so many sentences.
pub(super) fn objection(sentence: &str, masked: &str, sentences: usize) -> Option<String> {
    if sentence.starts_with(['[', '{']) {
        return Some("the message is JSON of another shape than was asked for".into());
    }
    let words = sentence.split_whitespace().count();
    if words > MAX_WORDS {
        return Some(format!(
            "the message is neither the value alone nor a sentence of at most {MAX_WORDS} words"
        ));
    }
    if stops(masked) >= sentences {
        return Some("the message is neither the value alone nor one sentence".into());
    }
    doubt::word(masked)
        .map(|word| format!("the message hedges, negates or leaves a choice: `{word}`"))
}

/// How many sentences of a text others follow.
fn stops(masked: &str) -> usize {
    let text = masked.trim_end_matches(|c: char| c.is_whitespace() || ".!`*\"')".contains(c));
    let text = text.replace("no. ", "no ");
    [". ", "! ", "? ", "\n", "; "]
        .iter()
        .map(|stop| text.matches(stop).count())
        .sum()
}

/// A message of several lines as one sentence.
pub(super) fn joined(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.trim().trim_end_matches(['.', ',', ';']));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    match *lines {
        [_] => text.to_owned(),
        _ => lines.join(", "),
    }
}
