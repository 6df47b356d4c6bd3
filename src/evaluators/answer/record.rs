//! Answers of named parts, each a value of its own type.

use std::collections::BTreeMap;

use serde_json::Value;

use super::many::{numbered, unnumbered};
use super::value::{Canon, Found, Reader, without_goal};
use super::{Reading, doubt, goal_words, json, message, names, opposites};
use crate::domain::task::{AnswerSpec, AnswerType};

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
        let by_name: Option<_> = self
            .parts
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
            .collect();
        by_name.or_else(|| self.by_type(&given.iter().map(|(_, value)| value).collect::<Vec<_>>()))
    }

    /// The parts from values of which each can be one part only.
    fn by_type(&self, given: &[&Value]) -> Option<BTreeMap<String, Canon>> {
        let fits = |value: &Value| {
            let parts = self.parts.iter();
            let fitting = parts.filter(|(_, spec)| {
                let value = std::iter::once(value);
                Reader::of(spec).among(value).is_some()
            });
            fitting.count()
        };
        let part = |(name, spec): &(String, AnswerSpec)| {
            Some((name.clone(), Reader::of(spec).among(given.iter().copied())?))
        };
        let is_plain = given.iter().all(|value| fits(value) == 1);
        self.parts
            .iter()
            .map(part)
            .collect::<Option<_>>()
            .filter(|_| is_plain)
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
            let kept = without_goal(
                reader.candidates(&masked),
                &reader,
                goal,
                &masked,
                &wanted[name],
            );
            masked = blank_out(&masked, &all);
            match <[Found; 1]>::try_from(kept) {
                Ok([only]) => {
                    let bounds = doubt::bound(reader.kind(), goal, &folded, &only.span);
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
        let objection = message::objection(&folded, &masked, self.parts.len()).or_else(|| {
            opposites::found(goal, &folded, &masked).map(|words| opposites::told(&words))
        });
        match objection {
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
