//! The final message, read as a typed value. First the whole message is read as the type; if that
//! fails, one sentence passes that holds exactly one candidate of the type and no word of
//! negation, hedging or choice. What would pass under a laxer reading fails, and is marked as a
//! failure of format only.
//!
//! Cannot see: how the agent came to the value.

mod clock;
mod date;
mod direction;
mod doubt;
mod goal_words;
mod json;
mod many;
mod message;
mod money;
mod names;
mod number;
mod opposites;
mod order;
mod record;
mod value;

use serde_json::{Value, json};

use self::value::{Canon, Reader};
use super::{Finding, shorten, status_of};
use crate::domain::evidence::Ending;
use crate::domain::task::{AnswerSpec, AnswerType};
use crate::domain::verdict::{Criterion, VerdictStatus};

/// No answer needs more; a longer message is not read.
const MAX_MESSAGE_BYTES: usize = 16_000;

/// Judges the final message.
pub fn judge(goal: &str, spec: &AnswerSpec, ending: Option<&Ending>) -> Criterion {
    finding(goal, spec, ending).into_criterion("answer", "The final message is the right value.")
}

fn finding(goal: &str, spec: &AnswerSpec, ending: Option<&Ending>) -> Finding {
    let expected = expected_text(spec);
    let text = match ending {
        Some(Ending::Answer(text)) => text,
        Some(Ending::Infeasible(_)) => {
            return failed(
                expected,
                "a report of infeasibility",
                "the agent reported that it cannot be done, and gave no answer",
            );
        }
        Some(Ending::Place(_)) | None => {
            return failed(expected, "no message", "the agent gave no answer");
        }
    };
    if text.len() > MAX_MESSAGE_BYTES {
        let reason = "the message is longer than any answer and was not read";
        return failed(expected, &shorten(text, 200), reason);
    }
    let mut finding = match Expected::of(spec) {
        Err(problem) => Finding {
            status: VerdictStatus::Error,
            expected,
            found: String::new(),
            reason: format!("the task's expected value cannot be read: {problem}"),
            evidence: Value::Null,
        },
        Ok(wanted) => compare(goal, &wanted, expected, text),
    };
    finding.found = shorten(text, 2000);
    finding
}

fn compare(goal: &str, wanted: &Expected<'_>, expected: String, text: &str) -> Finding {
    let reading = wanted.read(goal, text);
    let met = reading.value.as_ref() == Some(&wanted.value);
    let format_only = !met && wanted.is_somewhere_in(text);
    let reason = match (&reading.value, met) {
        (_, true) => format!("read as {}", wanted.value),
        (Some(value), false) => format!("read as {value}, expected {}", wanted.value),
        (None, false) => reading.objection.clone(),
    };
    Finding {
        status: status_of(met),
        expected,
        found: String::new(),
        reason: if format_only {
            format!("{reason} (the right value is in the message, but not as an answer)")
        } else {
            reason
        },
        evidence: json!({
            "reading": reading.how,
            "value": reading.value.map(|value| value.to_string()),
            "formatOnly": format_only,
        }),
    }
}

fn failed(expected: String, found: &str, reason: &str) -> Finding {
    Finding {
        status: VerdictStatus::Fail,
        expected,
        found: found.into(),
        reason: reason.into(),
        evidence: json!({ "reading": null, "value": null, "formatOnly": false }),
    }
}

/// The right value for people; of the fields of a record, without the names that could be meant.
fn expected_text(spec: &AnswerSpec) -> String {
    match (&spec.expected, &spec.unit) {
        (Value::Array(fields), _) if spec.answer == AnswerType::Record => {
            let plain = |value: &Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            let fields: Vec<String> = fields
                .iter()
                .map(|field| format!("{}: {}", plain(&field["name"]), plain(&field["expected"])))
                .collect();
            fields.join("; ")
        }
        (Value::String(text), _) => text.clone(),
        (value, Some(unit)) => format!("{value} {unit}"),
        (value, None) => value.to_string(),
    }
}

/// What came of reading a message.
pub(super) struct Reading {
    value: Option<Canon>,
    /// `whole` or `sentence`; absent when nothing was read.
    how: Option<&'static str>,
    objection: String,
}

impl Reading {
    fn whole(value: Canon) -> Self {
        Self {
            value: Some(value),
            how: Some("whole"),
            objection: String::new(),
        }
    }

    fn sentence(value: Canon) -> Self {
        Self {
            value: Some(value),
            how: Some("sentence"),
            objection: String::new(),
        }
    }

    fn none(objection: impl Into<String>) -> Self {
        Self {
            value: None,
            how: None,
            objection: objection.into(),
        }
    }
}

/// The expected value with how it is read.
struct Expected<'a> {
    value: Canon,
    shape: Shape<'a>,
}

enum Shape<'a> {
    One(Reader<'a>),
    Many(many::Items<'a>),
    Record(record::Record),
}

impl<'a> Expected<'a> {
    fn of(spec: &'a AnswerSpec) -> Result<Self, String> {
        Ok(match spec.answer {
            AnswerType::List | AnswerType::Set => {
                let items = many::Items::of(spec)?;
                Self {
                    value: items.expected(&spec.expected)?,
                    shape: Shape::Many(items),
                }
            }
            AnswerType::Record => {
                let record = record::Record::of(spec)?;
                Self {
                    value: record.expected()?,
                    shape: Shape::Record(record),
                }
            }
            _ => {
                let reader = Reader::of(spec);
                Self {
                    value: reader.expected(&spec.expected)?,
                    shape: Shape::One(reader),
                }
            }
        })
    }

    fn read(&self, goal: &str, text: &str) -> Reading {
        match &self.shape {
            Shape::One(reader) => read_one(reader, goal, &self.value, text),
            Shape::Many(items) => items.read(goal, text),
            Shape::Record(record) => record.read(goal, &self.value, text),
        }
    }

    /// Whether a lax reader would find the right value anywhere in the message.
    fn is_somewhere_in(&self, text: &str) -> bool {
        let folded = names::fold(text);
        match &self.shape {
            Shape::One(reader) => reader
                .candidates(&folded)
                .iter()
                .any(|found| found.value == self.value),
            Shape::Many(items) => items.all_in(&folded, &self.value),
            Shape::Record(record) => record.all_in(&folded, &self.value),
        }
    }
}

/// Reads one value: the whole message first, then by the rule of the one sentence.
fn read_one(reader: &Reader<'_>, goal: &str, wanted: &Canon, text: &str) -> Reading {
    let forms = message::forms(text);
    for form in &forms {
        if let Some(value) = reader.whole(form).or_else(|| reader.in_object(form)) {
            return Reading::whole(value);
        }
    }
    let Some(last) = forms.last() else {
        return Reading::none("the message is empty");
    };
    let sentence = names::fold(&message::joined(last));
    let all = reader.candidates(&sentence);
    let excluded = goal_words::excluded(goal, &sentence, &all);
    let found = value::without_goal(all.clone(), reader, goal, &sentence, wanted);
    let found = goal_words::without(found, &excluded);
    let spans: Vec<_> = found
        .iter()
        .map(|candidate| candidate.span.clone())
        .collect();
    let quotes = goal_words::said_by_goal(goal, &sentence, &spans);
    let names = all.iter().map(|candidate| &candidate.span);
    let masked = message::mask(&sentence, excluded.iter().chain(names).chain(&quotes));
    let mut values: Vec<Canon> = found.into_iter().map(|candidate| candidate.value).collect();
    if reader.kind() == AnswerType::Entity || last.contains('\n') {
        // Somebody may be called by both of their names, and a last line may say it again.
        values.dedup();
    }
    if spans.is_empty() {
        return Reading::none(format!("no {} could be read", reader.noun()));
    }
    if let Some(objection) = message::objection(&sentence, &masked, 1) {
        return Reading::none(objection);
    }
    let mut bounds = spans
        .iter()
        .filter_map(|span| doubt::bound(reader.kind(), goal, &sentence, span));
    if let Some(words) = bounds.next() {
        return Reading::none(doubt::told(&words));
    }
    if let Some(rank) = doubt::rank(&masked, goal) {
        return Reading::none(doubt::told(&rank));
    }
    if let Some(words) = opposites::found(goal, &sentence, &masked) {
        return Reading::none(opposites::told(&words));
    }
    if values.len() > 1 {
        return Reading::none(format!(
            "the message holds {} possible values; one was asked for",
            values.len()
        ));
    }
    values.pop().map_or_else(
        || Reading::none(format!("no {} could be read", reader.noun())),
        Reading::sentence,
    )
}
