//! One value of a type: how it is written down canonically, read from a whole text, and found in
//! a sentence.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::{Date, Time};
use serde_json::Value;

use super::{clock, date, direction, json, money, names, number};
use crate::domain::task::{AnswerSpec, AnswerType, Direction};

/// A value in canonical form: equal values are equal here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Canon {
    Number(number::Decimal),
    /// Minor units and currency.
    Money(i128, &'static str),
    Date(Date),
    Time(Time),
    Moment(Date, Time),
    /// Seconds.
    Length(i128),
    /// The name as the pages show it.
    Name(String),
    Text(String),
    List(Vec<Canon>),
    /// Sorted by text.
    Set(Vec<Canon>),
    Record(BTreeMap<String, Canon>),
    /// Read, but equal to nothing: another unit, a date with two readings.
    Other(String),
}

impl fmt::Display for Canon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let join = |items: &[Self]| {
            items
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Money(minor, currency) => {
                let sign = if *minor < 0 { "-" } else { "" };
                let minor = minor.unsigned_abs();
                write!(f, "{sign}{}.{:02} {currency}", minor / 100, minor % 100)
            }
            Self::Date(date) => write!(f, "{date}"),
            Self::Time(time) => write!(f, "{}", shown_time(*time)),
            Self::Moment(date, time) => write!(f, "{date} {}", shown_time(*time)),
            Self::Length(seconds) => f.write_str(&shown_length(*seconds)),
            Self::Name(text) | Self::Text(text) | Self::Other(text) => f.write_str(text),
            Self::List(items) | Self::Set(items) => f.write_str(&join(items)),
            Self::Record(parts) => {
                let parts: Vec<String> = parts
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect();
                f.write_str(&parts.join(", "))
            }
        }
    }
}

fn shown_time(time: Time) -> String {
    let (hour, minute, second) = (time.hour(), time.minute(), time.second());
    if second == 0 {
        format!("{hour:02}:{minute:02}")
    } else {
        format!("{hour:02}:{minute:02}:{second:02}")
    }
}

/// A length of time as `1 h 30 min`.
fn shown_length(seconds: i128) -> String {
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number != 0)
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    if parts.is_empty() {
        return "0 min".to_owned();
    }
    parts.join(" ")
}

/// A value found in a text.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) span: Range<usize>,
    pub(super) value: Canon,
}

/// Reads values of one type.
pub(super) struct Reader<'a> {
    kind: AnswerType,
    unit: Option<&'a str>,
    direction: Option<Direction>,
    names: names::Names,
}

impl<'a> Reader<'a> {
    pub(super) fn of(spec: &'a AnswerSpec) -> Self {
        Self {
            kind: spec.answer,
            // The sign of a share may stand behind it or not.
            unit: match spec.answer {
                AnswerType::Percent => Some("%"),
                _ => spec.unit.as_deref(),
            },
            direction: spec.direction,
            names: names::Names::of(&spec.candidates),
        }
    }

    /// A reader for the items of a list or set.
    pub(super) fn of_items(kind: AnswerType, spec: &'a AnswerSpec) -> Self {
        Self {
            kind,
            ..Self::of(spec)
        }
    }

    pub(super) fn kind(&self) -> AnswerType {
        self.kind
    }

    /// What the type is called in a sentence.
    pub(super) fn noun(&self) -> &'static str {
        match self.kind {
            AnswerType::Number => "number",
            AnswerType::Money => "amount of money",
            AnswerType::Percent => "percentage",
            AnswerType::Date => "date with day, month and year",
            AnswerType::Time => "time of day",
            AnswerType::DateTime => "date with a time",
            AnswerType::Duration => "length of time",
            AnswerType::Entity => "name",
            _ => "text",
        }
    }

    /// The expected value, which the task gives in canonical form.
    pub(super) fn expected(&self, value: &Value) -> Result<Canon, String> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            other => return Err(format!("{other} is no {}", self.noun())),
        };
        match self.whole(&text) {
            Some(Canon::Other(_)) | None => Err(format!("`{text}` is no {}", self.noun())),
            Some(canon) => Ok(canon),
        }
    }

    /// The value that a text is, and nothing else.
    pub(super) fn whole(&self, text: &str) -> Option<Canon> {
        let folded = names::fold(text);
        match self.kind {
            AnswerType::Number | AnswerType::Percent => {
                if let Some(value) = number::word(&folded) {
                    return Some(Canon::Number(value));
                }
                self.only_candidate(&folded)
            }
            AnswerType::Money | AnswerType::Time | AnswerType::DateTime | AnswerType::Duration => {
                self.only_candidate(&folded)
            }
            AnswerType::Date => date::whole(&folded).map(Canon::Date),
            AnswerType::Entity => self
                .names
                .exact(text)
                .map(|place| Canon::Name(self.names.shown(place).to_owned()))
                .or_else(|| self.only_candidate(&folded)),
            _ => (!folded.is_empty())
                .then(|| Canon::Text(folded.replace('\n', " ").trim_matches('"').to_owned())),
        }
    }

    /// The one value of a JSON object that is of the type.
    pub(super) fn in_object(&self, text: &str) -> Option<Canon> {
        match json::read(text)? {
            Value::Object(fields) => self.among(fields.values()),
            _ => None,
        }
    }

    /// The one of some JSON values that is of the type; none beside another currency.
    pub(super) fn among<'v>(&self, values: impl Iterator<Item = &'v Value>) -> Option<Canon> {
        let texts = values.map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let mut found = None;
        for text in texts {
            if number::currency(&names::fold(&text)).is_some_and(|currency| currency != "USD") {
                return None;
            }
            if let Some(value) = self.whole(&text)
                && found.replace(value).is_some()
            {
                return None;
            }
        }
        found
    }

    /// The one number or amount that a text consists of.
    fn only_candidate(&self, folded: &str) -> Option<Canon> {
        let mut found = self.candidates(folded);
        let candidate = found.pop()?;
        (found.is_empty() && candidate.span == (0..folded.len())).then_some(candidate.value)
    }

    /// Every value of the type in a folded text, in order.
    pub(super) fn candidates(&self, folded: &str) -> Vec<Found> {
        match self.kind {
            AnswerType::Number | AnswerType::Percent => self.numbers(folded),
            AnswerType::Money => money::amounts(folded),
            AnswerType::Date => found_in(folded, date::find(folded), Canon::Date),
            AnswerType::Time => found_in(folded, clock::times(folded), Canon::Time),
            AnswerType::DateTime => {
                let moment = |(date, time)| Canon::Moment(date, time);
                found_in(folded, clock::moments(folded), moment)
            }
            AnswerType::Duration => {
                found_in(folded, clock::lengths(folded, self.unit), Canon::Length)
            }
            AnswerType::Entity => self
                .names
                .find_in(folded)
                .into_iter()
                .map(|(span, place)| Found {
                    value: place.map_or_else(
                        || Canon::Other(folded[span.clone()].to_owned()),
                        |place| Canon::Name(self.names.shown(place).to_owned()),
                    ),
                    span,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn numbers(&self, folded: &str) -> Vec<Found> {
        let found = number::find(folded);
        let has_digits = found.iter().any(|number| !number.is_word);
        let found: Vec<(number::Found, Found)> = found
            .into_iter()
            // "the cheapest one is 12": the word is a pronoun when digits are there.
            .filter(|number| !(has_digits && &folded[number.span.clone()] == "one"))
            .filter_map(|number| {
                let found = self.with_unit(folded, &number)?;
                Some((number, found))
            })
            .collect();
        let has_unit = |number: &number::Found, found: &Found| {
            matches!(found.value, Canon::Number(_)) && found.span.end > number.span.end
        };
        let measured = found.iter().find(|(number, found)| has_unit(number, found));
        let measured = measured.and_then(|(number, _)| number.value);
        found
            .iter()
            .filter(|(number, found)| {
                let Some(measured) = measured else {
                    return true;
                };
                has_unit(number, found) || !self.is_beside(folded, number, found, measured)
            })
            .map(|(_, found)| self.directed(folded, found.clone()))
            .collect()
    }

    /// Whether a number says something else than the one that bears the asked unit, or the same
    /// again: `of the three`, `2 years`, `5.38 kg` beside `5380 g`.
    fn is_beside(
        &self,
        folded: &str,
        number: &number::Found,
        found: &Found,
        measured: number::Decimal,
    ) -> bool {
        let unit = folded[number.span.end..found.span.end].trim();
        let is_time = |unit: &str| number::is_time(unit);
        let asked = self.unit.map(names::fold).unwrap_or_default();
        let is_same = || {
            let factor = number::factor(unit, &asked)?;
            Some(number.value?.times(factor)? == measured.times(1)?)
        };
        if unit.is_empty() {
            return number.is_word;
        }
        (is_time(unit) && !is_time(&asked)) || is_same() == Some(true)
    }

    /// A number as the words around it mean it, where the task asks which way it went.
    fn directed(&self, folded: &str, found: Found) -> Found {
        let (Some(way), Canon::Number(value)) = (self.direction, &found.value) else {
            return found;
        };
        let value = direction::read(way, folded, &found.span, *value).map_or_else(
            || Canon::Other(folded[found.span.clone()].to_owned()),
            Canon::Number,
        );
        Found { value, ..found }
    }

    /// A number with the unit behind it. Another unit than the asked one makes it another value;
    /// a word that is no unit belongs to the sentence, unless it touches the digits.
    fn with_unit(&self, folded: &str, number: &number::Found) -> Option<Found> {
        let rest = &folded[number.span.end..];
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        let unit = unit_word(&rest[gap..]);
        let head = folded[..number.span.start].trim_end();
        let sign = head
            .char_indices()
            .next_back()
            .filter(|(_, sign)| matches!(sign, '$' | '\u{20ac}' | '\u{a3}'));
        let before_sign = sign.is_some();
        let start = sign.map_or(number.span.start, |(at, _)| at);
        let other = Canon::Other(folded[start..number.span.end].to_owned());
        if number::SCALES.contains(&unit) {
            return Some(Found {
                span: start..number.span.end + gap + unit.len(),
                value: other,
            });
        }
        if unit.is_empty() || !number::is_unit(unit) {
            if gap == 0 && !unit.is_empty() {
                return None;
            }
            let value = number.value.map_or_else(|| other.clone(), Canon::Number);
            let is_other = before_sign || number::is_run_together(unit);
            let value = if is_other { other } else { value };
            return Some(Found {
                span: number.span.clone(),
                value,
            });
        }
        let end = number.span.end + gap + unit.len();
        let wanted = self.unit.map(names::fold);
        let fits = wanted.is_some_and(|wanted| number::same_unit(&wanted, unit)) && !before_sign;
        let value = match (number.value, fits) {
            (Some(value), true) => Canon::Number(value),
            _ => Canon::Other(folded[number.span.start..end].to_owned()),
        };
        Some(Found {
            span: number.span.start..end,
            value,
        })
    }
}

/// What was found in a text, as values; what has no reading is a value that equals nothing.
fn found_in<T>(
    folded: &str,
    found: Vec<(Range<usize>, Option<T>)>,
    canon: impl Fn(T) -> Canon,
) -> Vec<Found> {
    found
        .into_iter()
        .map(|(span, value)| Found {
            value: value.map_or_else(
                || Canon::Other(folded.get(span.clone()).unwrap_or(folded).to_owned()),
                &canon,
            ),
            span,
        })
        .collect()
}

/// The words at the start of a text that may be a unit.
pub(super) fn unit_word(text: &str) -> &str {
    if let Some(unit) = number::long_unit(text) {
        return &text[..unit.len()];
    }
    if let Some(first) = text.chars().next()
        && "%$\u{20ac}\u{a3}\u{a5}".contains(first)
    {
        return &text[..first.len_utf8()];
    }
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

/// Candidates of a folded text without those that the goal itself holds, unless the right value is
/// one of these.
pub(super) fn without_goal(
    found: Vec<Found>,
    reader: &Reader<'_>,
    goal: &str,
    folded: &str,
    wanted: &Canon,
) -> Vec<Found> {
    let goal = names::fold(goal);
    let in_goal = reader.candidates(&goal);
    if in_goal.iter().any(|said| said.value == *wanted) {
        return found;
    }
    let is_said = |candidate: &Found| {
        // What a number means depends on the words around it; the goal's own mean what it asks.
        let as_written = &folded[candidate.span.clone()];
        in_goal
            .iter()
            .any(|said| said.value == candidate.value || goal[said.span.clone()] == *as_written)
    };
    found
        .into_iter()
        .filter(|candidate| !is_said(candidate))
        .collect()
}
