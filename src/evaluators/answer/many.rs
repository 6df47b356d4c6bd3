//! Answers of several values: list (in order), set (any order), record (named parts).

use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{Canon, Found, Reader, without_goal};
use super::{Reading, doubt, goal_words, json, message, names, number, order};
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
        self.in_sentence(goal, &names::fold(last))
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
                    _ => None,
                })
                .collect();
        }
        let pieces = pieces(text);
        let items: Option<Vec<Canon>> = pieces.iter().map(|piece| self.item(piece)).collect();
        items.filter(|items| !items.is_empty() && items.len() <= MAX_ITEMS)
    }

    fn item(&self, piece: &str) -> Option<Canon> {
        let forms = message::forms(piece);
        let whole = forms.iter().find_map(|form| self.reader.whole(form));
        whole.or_else(|| self.name_with_figures(forms.last()?))
    }

    /// A name with the figures that speak for it: `Ann Lee - 1,240.00 USD`.
    fn name_with_figures(&self, piece: &str) -> Option<Canon> {
        if self.reader.kind() != AnswerType::Entity {
            return None;
        }
        let folded = names::fold(piece);
        let [name] = <[Found; 1]>::try_from(self.reader.candidates(&folded)).ok()?;
        let rest = &folded[name.span.end..];
        let words = doubt::words(rest);
        let is_figure = |word: &&str| {
            word.bytes().all(|byte| byte.is_ascii_digit()) || number::currency(word).is_some()
        };
        // A small number alone may be a place.
        let is_place = matches!(*words, [word] if word.len() < 3);
        let are_figures = !words.is_empty() && words.iter().all(is_figure) && !is_place;
        let is_sure = doubt::word(rest).is_none();
        (name.span.start == 0 && are_figures && is_sure).then_some(name.value)
    }

    /// For names only: a sentence whose names, in order, are the items.
    fn in_sentence(&self, goal: &str, folded: &str) -> Reading {
        let found = self.reader.candidates(folded);
        if self.reader.kind() != AnswerType::Entity || found.is_empty() {
            return Reading::none("no items could be read");
        }
        let spans: Vec<_> = found.iter().map(|found| found.span.clone()).collect();
        let said = goal_words::said_by_goal(goal, folded, &spans);
        let masked = message::mask(folded, spans.iter().chain(&said));
        if let Some(objection) = message::objection(&masked, &masked) {
            return Reading::none(objection);
        }
        if self.ordered
            && let Some(words) = order::contradiction(goal, &masked, found.len())
        {
            return Reading::none(format!("`{words}` says another order than the goal's"));
        }
        let mut bounds = spans
            .iter()
            .filter_map(|span| doubt::bound(self.reader.kind(), folded, span));
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
fn numbered(text: &str) -> Option<Vec<&str>> {
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

/// The digits in front of an item: `2. Ann`, `2) Ann`.
fn number_before(item: &str) -> Option<&str> {
    let (number, rest) = item.split_once(['.', ')'])?;
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    (is_number && rest.starts_with(' ')).then_some(number)
}

/// A line without bullet or number in front.
fn unnumbered(line: &str) -> &str {
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

/// Reads a record.
pub(super) struct Record {
    parts: Vec<(String, AnswerSpec)>,
}

impl Record {
    /// The parts are given as objects: `name`, and the fields of an answer.
    pub(super) fn of(spec: &AnswerSpec) -> Result<Self, String> {
        let parts = spec
            .expected
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        if parts.len() < 2 {
            return Err("a record needs an array of at least two parts".into());
        }
        let parts = parts
            .iter()
            .map(|part| {
                let mut fields = part
                    .as_object()
                    .cloned()
                    .ok_or("a part must be an object")?;
                let Some(Value::String(name)) = fields.remove("name") else {
                    return Err("a part needs a name".to_owned());
                };
                let part: AnswerSpec = serde_json::from_value(Value::Object(fields))
                    .map_err(|problem| format!("part {name}: {problem}"))?;
                match part.answer {
                    AnswerType::List | AnswerType::Set | AnswerType::Record => {
                        Err(format!("part {name} must be a single value"))
                    }
                    _ => Ok((name, part)),
                }
            })
            .collect::<Result<_, String>>()?;
        Ok(Self { parts })
    }

    pub(super) fn expected(&self) -> Result<Canon, String> {
        let parts = self
            .parts
            .iter()
            .map(|(name, spec)| Ok((name.clone(), Reader::of(spec).expected(&spec.expected)?)))
            .collect::<Result<_, String>>()?;
        Ok(Canon::Record(parts))
    }

    pub(super) fn read(&self, goal: &str, expected: &Canon, text: &str) -> Reading {
        let forms = message::forms(text);
        for form in &forms {
            if let Some(parts) = self.read_json(form).or_else(|| self.in_order(form)) {
                return Reading::whole(Canon::Record(parts));
            }
        }
        match forms.last() {
            None => Reading::none("the message is empty"),
            Some(last) => self.in_sentence(goal, expected, last),
        }
    }

    /// An object with these names, or an array in the asked order.
    fn read_json(&self, text: &str) -> Option<BTreeMap<String, Canon>> {
        if !text.starts_with(['{', '[']) {
            return None;
        }
        let given: Vec<(Option<String>, Value)> = match json::read(text)? {
            Value::Object(fields) => fields
                .into_iter()
                .map(|(name, value)| (Some(names::fold(&name)), value))
                .collect(),
            Value::Array(values) => values.into_iter().map(|value| (None, value)).collect(),
            _ => return None,
        };
        if given.len() != self.parts.len() {
            return None;
        }
        self.parts
            .iter()
            .enumerate()
            .map(|(place, (name, spec))| {
                let (_, value) = given
                    .iter()
                    .enumerate()
                    .find(|(at, (key, _))| match key {
                        Some(key) => same_label(key, name),
                        None => *at == place,
                    })?
                    .1;
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => number.to_string(),
                    _ => return None,
                };
                Some((name.clone(), Reader::of(spec).whole(&text)?))
            })
            .collect()
    }

    /// Pieces in the asked order, on lines or separated, each perhaps with its label.
    fn in_order(&self, text: &str) -> Option<BTreeMap<String, Canon>> {
        if let Some(items) = numbered(text) {
            return self.in_pieces(items);
        }
        let separators = ["\n", ";", " | ", "\t", ", ", " - ", " \u{2013} ", ": "];
        separators.iter().find_map(|separator| {
            let pieces = text.split(separator).map(str::trim);
            self.in_pieces(pieces.filter(|piece| !piece.is_empty()).collect())
        })
    }

    fn in_pieces(&self, pieces: Vec<&str>) -> Option<BTreeMap<String, Canon>> {
        if pieces.len() != self.parts.len() {
            return None;
        }
        self.parts
            .iter()
            .zip(pieces)
            .map(|((name, spec), piece)| Some((name.clone(), read_part(name, spec, piece)?)))
            .collect()
    }

    /// One sentence with one candidate for each part.
    fn in_sentence(&self, goal: &str, expected: &Canon, text: &str) -> Reading {
        let joined = text
            .lines()
            .map(|line| unnumbered(line.trim()).trim_end_matches(['.', ',', ';']))
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        let folded = names::fold(&joined);
        let Canon::Record(wanted) = expected else {
            return Reading::none("the task asks for no record");
        };
        let mut masked = folded.clone();
        let mut parts = BTreeMap::new();
        let mut spans = Vec::new();
        for (name, spec) in self.by_precedence() {
            let reader = Reader::of(spec);
            let all = reader.candidates(&masked);
            let kept = without_goal(reader.candidates(&masked), &reader, goal, &wanted[name]);
            masked = blank_out(&masked, &all);
            match <[Found; 1]>::try_from(kept) {
                Ok([only]) => {
                    let bounds = doubt::bound(reader.kind(), &folded, &only.span);
                    if let Some(words) = bounds {
                        return Reading::none(doubt::told(&words));
                    }
                    spans.push(only.span);
                    parts.insert(name.clone(), only.value)
                }
                Err(kept) if kept.is_empty() => {
                    return Reading::none(format!("no {} could be read for {name}", reader.noun()));
                }
                Err(kept) => {
                    return Reading::none(format!(
                        "the message holds {} possible values for {name}; one was asked for",
                        kept.len()
                    ));
                }
            };
        }
        let masked = message::mask(
            &masked,
            goal_words::said_by_goal(goal, &folded, &spans).iter(),
        );
        match message::objection(&folded, &masked) {
            Some(objection) => Reading::none(objection),
            None => Reading::sentence(Canon::Record(parts)),
        }
    }

    /// Names and dates first, since they may hold digits that are no numbers.
    fn by_precedence(&self) -> Vec<&(String, AnswerSpec)> {
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by_key(|(_, spec)| match spec.answer {
            AnswerType::Entity => 0,
            AnswerType::DateTime => 1,
            AnswerType::Date => 2,
            AnswerType::Time => 3,
            AnswerType::Duration | AnswerType::Money => 4,
            _ => 5,
        });
        parts
    }

    pub(super) fn all_in(&self, folded: &str, expected: &Canon) -> bool {
        let Canon::Record(wanted) = expected else {
            return false;
        };
        self.parts.iter().all(|(name, spec)| {
            Reader::of(spec)
                .candidates(folded)
                .iter()
                .any(|candidate| Some(&candidate.value) == wanted.get(name))
        })
    }
}

fn read_part(name: &str, spec: &AnswerSpec, piece: &str) -> Option<Canon> {
    let reader = Reader::of(spec);
    let bare = unnumbered(piece);
    let labelled = bare
        .split_once(':')
        .filter(|(label, _)| same_label(&names::fold(label), name))
        .map(|(_, rest)| rest.trim());
    let text = labelled.unwrap_or(bare);
    message::forms(text)
        .iter()
        .find_map(|form| reader.whole(form))
}

/// Whether a folded label names the part: equal, or the part's name is a word of it.
fn same_label(label: &str, name: &str) -> bool {
    let label = label.trim_matches(|c: char| !c.is_alphanumeric());
    label == name
        || label
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word == name)
}

/// The text with found values replaced by blanks of the same length, so that spans stay valid.
fn blank_out(text: &str, found: &[Found]) -> String {
    let mut bytes = text.to_owned();
    for candidate in found {
        let blanks = " ".repeat(candidate.span.len());
        bytes.replace_range(candidate.span.clone(), &blanks);
    }
    bytes
}
