//! Answers of several values of a kind: list (in order), set (any order).

use std::ops::Range;

use serde_json::Value;

use super::value::{Canon, Reader};
use super::{Reading, doubt, goal_words, message, names, opposites, order};
use crate::domain::task::{AnswerSpec, AnswerType};

/// More items than any answer has.
const MAX_ITEMS: usize = 200;

/// Reads a list or a set.
pub(super) struct Items<'a> {
    reader: Reader<'a>,
    ordered: bool,
}

impl<'a> Items<'a> {
    /// Items are names when the task gives a collection, numbers when the expected items are
    /// numbers, else text.
    pub(super) fn of(spec: &'a AnswerSpec) -> Result<Self, String> {
        let Some(expected) = spec.expected.as_array() else {
            return Err("a list or set needs an array".into());
        };
        let kind = if !spec.candidates.is_empty() {
            AnswerType::Entity
        } else if !expected.is_empty() && expected.iter().all(Value::is_number) {
            AnswerType::Number
        } else {
            AnswerType::Text
        };
        Ok(Self {
            reader: Reader::of_items(kind, spec),
            ordered: spec.answer == AnswerType::List,
        })
    }

    pub(super) fn expected(&self, expected: &Value) -> Result<Canon, String> {
        let items = expected.as_array().map(Vec::as_slice).unwrap_or_default();
        if items.is_empty() {
            return Err("a list or set needs at least one item".into());
        }
        let items = items
            .iter()
            .map(|item| self.reader.expected(item))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(self.canon(items))
    }

    fn canon(&self, mut items: Vec<Canon>) -> Canon {
        if self.ordered {
            return Canon::List(items);
        }
        items.sort_by_key(ToString::to_string);
        Canon::Set(items)
    }

    pub(super) fn read(&self, goal: &str, text: &str) -> Reading {
        let forms = message::forms(text);
        if forms.last().is_some_and(|form| is_misnumbered(form)) {
            return Reading::none("the numbers before the items are not in order");
        }
        for form in &forms {
            if let Some(items) = self.whole(form) {
                return Reading::whole(self.canon(items));
            }
        }
        let Some(last) = forms.last() else {
            return Reading::none("the message is empty");
        };
        self.in_sentence(
            goal,
            &names::fold(&message::joined(last).replace("; ", ", ")),
        )
    }

    /// A message that is the items and nothing else: JSON, lines, or separated by commas.
    fn whole(&self, text: &str) -> Option<Vec<Canon>> {
        if text.starts_with('[') {
            let parsed: Vec<Value> = serde_json::from_str(text).ok()?;
            return parsed
                .iter()
                .take(MAX_ITEMS)
                .map(|item| match item {
                    Value::String(text) => self.reader.whole(text),
                    Value::Number(number) => self.reader.whole(&number.to_string()),
                    Value::Object(fields) => self.reader.among(fields.values()),
                    _ => None,
                })
                .collect();
        }
        let pieces = pieces(text);
        let items: Option<Vec<Canon>> = pieces.iter().map(|piece| self.item(piece)).collect();
        items.filter(|items| !items.is_empty() && items.len() <= MAX_ITEMS)
    }

    fn item(&self, piece: &str) -> Option<Canon> {
        message::forms(piece)
            .iter()
            .find_map(|form| self.reader.whole(form))
    }

    /// For names only: a sentence whose names, in order, are the items.
    fn in_sentence(&self, goal: &str, folded: &str) -> Reading {
        let found = self.reader.candidates(folded);
        let excluded = goal_words::excluded(goal, folded, &found);
        let found = goal_words::without(found, &excluded);
        if self.reader.kind() != AnswerType::Entity || found.is_empty() {
            return Reading::none("no items could be read");
        }
        let spans: Vec<_> = found.iter().map(|found| found.span.clone()).collect();
        let numbers: Vec<_> = spans
            .iter()
            .filter_map(|span| number_of(folded, span))
            .collect();
        let are_in_order = numbers
            .iter()
            .map(|(number, _)| *number)
            .eq(1..=spans.len());
        if !numbers.is_empty() && !are_in_order {
            return Reading::none("the numbers before the items are not in order");
        }
        let said = goal_words::said_by_goal(goal, folded, &spans);
        let blanks = numbers.iter().map(|(_, place)| place);
        let blanks = excluded.iter().chain(blanks).chain(&spans).chain(&said);
        let masked = message::mask(folded, blanks);
        if let Some(objection) = message::objection(&masked, &masked, 1) {
            return Reading::none(objection);
        }
        if let Some(words) = opposites::found(goal, folded, &masked) {
            return Reading::none(opposites::told(&words));
        }
        if self.ordered
            && let Some(words) = order::contradiction(goal, &masked, found.len())
        {
            return Reading::none(format!("`{words}` says another order than the goal's"));
        }
        let mut bounds = spans
            .iter()
            .filter_map(|span| doubt::bound(self.reader.kind(), goal, folded, span));
        if let Some(words) = bounds.next() {
            return Reading::none(doubt::told(&words));
        }
        Reading::sentence(self.canon(found.into_iter().map(|candidate| candidate.value).collect()))
    }

    pub(super) fn all_in(&self, folded: &str, expected: &Canon) -> bool {
        let (Canon::List(wanted) | Canon::Set(wanted)) = expected else {
            return false;
        };
        let found: Vec<Canon> = self
            .reader
            .candidates(folded)
            .into_iter()
            .map(|candidate| candidate.value)
            .collect();
        wanted.iter().all(|item| found.contains(item))
    }
}

/// The items of a text as people write them: a line each, or separated by semicolons, or by
/// commas and `and`.
fn pieces(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let parts: Vec<String> = if lines.len() > 1 {
        lines
            .iter()
            .map(|line| unnumbered(line).to_owned())
            .collect()
    } else if let Some(items) = numbered(text.trim()) {
        items.into_iter().map(str::to_owned).collect()
    } else if text.contains(';') {
        text.split(';').map(str::to_owned).collect()
    } else {
        text.replace(", and ", ", ")
            .replace(" and ", ", ")
            .replace(" & ", ", ")
            .split(", ")
            .map(|part| unnumbered(part.trim()).to_owned())
            .collect()
    };
    parts
        .into_iter()
        .map(|part| part.trim().trim_end_matches([',', ';']).to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// The items of a list that is numbered in one line: `1. Ann 2. Ben`.
pub(super) fn numbered(text: &str) -> Option<Vec<&str>> {
    let mut rest = text.strip_prefix("1. ").or(text.strip_prefix("1) "))?;
    let mut items = Vec::new();
    for number in 2..=MAX_ITEMS + 1 {
        let next = [format!(" {number}. "), format!(" {number}) ")]
            .into_iter()
            .find_map(|mark| rest.split_once(&mark));
        let Some((item, behind)) = next else { break };
        items.push(item);
        rest = behind;
    }
    items.push(rest);
    (items.len() > 1).then_some(items)
}

/// Whether all items, a line each or between commas, bear numbers that do not count from 1.
fn is_misnumbered(text: &str) -> bool {
    let items = text.lines().flat_map(|line| line.split(", "));
    let items = items.map(str::trim).filter(|item| !item.is_empty());
    let numbers: Option<Vec<&str>> = items.map(number_before).collect();
    let Some(numbers) = numbers.filter(|numbers| numbers.len() > 1) else {
        return false;
    };
    let wanted = (1..=numbers.len()).map(|number| number.to_string());
    !wanted.eq(numbers)
}

/// The number before a name in a sentence, with its place: `1. Ann, 2. Ben`.
fn number_of(folded: &str, name: &Range<usize>) -> Option<(usize, Range<usize>)> {
    let head = folded[..name.start].trim_end_matches('*');
    let mark = head.strip_suffix(' ')?.strip_suffix(['.', ')'])?;
    let digits = mark.len() - mark.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let start = mark.len() - digits;
    let number = mark[start..].parse().ok()?;
    Some((number, start..name.start))
}

/// The digits in front of an item: `2. Ann`, `2) Ann`.
fn number_before(item: &str) -> Option<&str> {
    let (number, rest) = item.split_once(['.', ')'])?;
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    (is_number && rest.starts_with(' ')).then_some(number)
}

/// A line without bullet or number in front.
pub(super) fn unnumbered(line: &str) -> &str {
    let bare = line.trim_start_matches(['-', '*', '\u{2022}', ' ']);
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match bare[digits..]
        .strip_prefix(". ")
        .or_else(|| bare[digits..].strip_prefix(") "))
    {
        Some(rest) if digits > 0 && digits <= 3 => rest,
        _ => bare,
    }
}
