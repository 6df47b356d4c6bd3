//! Compares what happened in an episode with what happened when it was run again, step by step,
//! in the order in which it happened.

use serde::Serialize;
use serde_json::{Value, json};

use crate::arena::reproduce::page;
use crate::arena::reproduce::recording::{Call, Step, Trail};
use crate::domain::evidence::{Evidence, JournalEntry};
use crate::domain::verdict::Verdict;

/// Characters that are shown around the first difference of two long texts.
const AROUND: usize = 60;

crate::named_values! {
    /// What of an episode differs.
    Part {
        /// The record itself is damaged.
        Record = "record",
        /// The goal or the first address.
        Start = "start",
        /// The arena's rules as the agent is told them.
        Preamble = "preamble",
        /// The page as the agent saw it.
        Observation = "observation",
        /// What was sent to the agent's model.
        Request = "request",
        /// What the agent decided.
        Action = "action",
        /// What came of it.
        Result = "result",
        /// How the episode ended.
        End = "end",
        /// What the episode left behind.
        State = "state",
        /// What was sent to the model that judges.
        Judge = "judge",
        /// What the evaluators said.
        Verdict = "verdict",
    }
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What of the episode.
    pub part: Part,
    /// Step, from 1; absent outside of the steps.
    pub step: Option<u32>,
    /// Which field of it.
    pub field: String,
    /// The value on record.
    pub recorded: Value,
    /// The value of now.
    pub now: Value,
}

/// What was compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Steps.
    pub steps: u32,
    /// Requests to the agent's model.
    pub requests: u32,
    /// Whether the end and the verdict were.
    pub end: bool,
}

/// Everything that differs, in the order in which it happened. `last` is the last step that can
/// be compared, when the end cannot.
pub fn compare(recorded: &Trail, now: &Trail, last: Option<u32>) -> (Vec<Difference>, Compared) {
    let mut compare = Comparison::default();
    compare.start(recorded, now);
    let steps = |trail: &Trail| {
        let steps = trail.steps.iter().cloned();
        let within = steps.filter(|step| last.is_none_or(|last| step.number <= last));
        within.collect::<Vec<Step>>()
    };
    let (ones, others) = (steps(recorded), steps(now));
    for at in 0..ones.len().max(others.len()) {
        match (ones.get(at), others.get(at)) {
            (Some(one), Some(other)) => compare.step(one, other),
            (one, other) => {
                // Whatever made one of them longer was told in the step before.
                let number = one.or(other).map(|step| step.number);
                let there = |step: Option<&Step>| json!(step.is_some());
                compare.tell(Part::End, number, "another step", there(one), there(other));
                break;
            }
        }
    }
    if last.is_none() {
        compare.end(recorded, now);
        compare.compared.end = true;
    }
    (compare.found, compare.compared)
}

#[derive(Default)]
struct Comparison {
    found: Vec<Difference>,
    compared: Compared,
}

impl Comparison {
    fn tell(&mut self, part: Part, step: Option<u32>, field: &str, recorded: Value, now: Value) {
        if recorded != now {
            let (recorded, now) = shortened(recorded, now);
            self.found.push(Difference {
                part,
                step,
                field: field.to_owned(),
                recorded,
                now,
            });
        }
    }

    fn start(&mut self, recorded: &Trail, now: &Trail) {
        let (Some(one), Some(other)) = (&recorded.started, &now.started) else {
            let there = |trail: &Trail| json!(trail.started.is_some());
            self.tell(Part::Start, None, "begun", there(recorded), there(now));
            return;
        };
        let mut tell =
            |part, field, one: Value, other: Value| self.tell(part, None, field, one, other);
        tell(Part::Start, "goal", json!(one.goal), json!(other.goal));
        tell(
            Part::Start,
            "fields",
            json!(one.fields),
            json!(other.fields),
        );
        tell(
            Part::Start,
            "startUrl",
            json!(one.start_url),
            json!(other.start_url),
        );
        tell(
            Part::Preamble,
            "preamble",
            json!(one.preamble),
            json!(other.preamble),
        );
    }

    fn step(&mut self, one: &Step, other: &Step) {
        self.compared.steps += 1;
        let step = Some(one.number);
        if let (Some(page), Some(page_now)) = (&one.observation, &other.observation) {
            for (field, recorded, now) in page::differences(page, page_now) {
                self.tell(Part::Observation, step, &field, recorded, now);
            }
        }
        self.calls(step, &one.calls, &other.calls);
        let mut tell =
            |part, field, one: Value, other: Value| self.tell(part, step, field, one, other);
        tell(
            Part::Action,
            "action",
            json!(one.action),
            json!(other.action),
        );
        let acted = |step: &Step| match &step.acted {
            Some(acted) => [json!(acted.ok), json!(acted.message), json!(acted.url)],
            None => [Value::Null, Value::Null, Value::Null],
        };
        let fields = ["ok", "message", "url"];
        for ((field, one), other) in fields.into_iter().zip(acted(one)).zip(acted(other)) {
            tell(Part::Result, field, one, other);
        }
        tell(
            Part::Result,
            "dialogs",
            json!(one.dialogs),
            json!(other.dialogs),
        );
        tell(
            Part::Result,
            "violations",
            json!(one.violations),
            json!(other.violations),
        );
        tell(Part::End, "ending", json!(one.ended), json!(other.ended));
    }

    fn calls(&mut self, step: Option<u32>, ones: &[Call], others: &[Call]) {
        for (one, other) in ones.iter().zip(others) {
            if one.request.is_null() {
                continue;
            }
            self.compared.requests += 1;
            self.request(Part::Request, step, one, other);
        }
        let count = |calls: &[Call]| json!(calls.len());
        self.tell(
            Part::Request,
            step,
            "number of requests",
            count(ones),
            count(others),
        );
    }

    fn request(&mut self, part: Part, step: Option<u32>, one: &Call, other: &Call) {
        let (one, other) = (
            without_pictures(&one.request),
            without_pictures(&other.request),
        );
        if let Some((field, recorded, now)) = first_difference("", &one, &other) {
            self.tell(part, step, &field, recorded, now);
        }
    }

    fn end(&mut self, recorded: &Trail, now: &Trail) {
        if let (Some(one), Some(other)) = (&recorded.evidence, &now.evidence) {
            let (one, other) = (state(one), state(other));
            if let Some((field, recorded, now)) = first_difference("", &one, &other) {
                self.tell(Part::State, None, &field, recorded, now);
            }
        }
        for (one, other) in recorded.judged.iter().zip(&now.judged) {
            self.request(Part::Judge, None, one, other);
        }
        match (&recorded.verdict, &now.verdict) {
            (Some(one), Some(other)) => self.verdict(one, other),
            (one, other) => {
                self.tell(
                    Part::Verdict,
                    None,
                    "evaluated",
                    json!(one.is_some()),
                    json!(other.is_some()),
                );
            }
        }
        let end = |trail: &Trail| match &trail.ended {
            Some(end) => [json!(end.outcome), json!(end.steps), json!(end.reason)],
            None => [Value::Null, Value::Null, Value::Null],
        };
        let fields = ["outcome", "steps", "reason"];
        for ((field, one), other) in fields.into_iter().zip(end(recorded)).zip(end(now)) {
            self.tell(Part::End, None, field, one, other);
        }
    }

    fn verdict(&mut self, one: &Verdict, other: &Verdict) {
        let count = one.criteria.len().max(other.criteria.len());
        for at in 0..count {
            let criterion = |verdict: &Verdict| {
                verdict.criteria.get(at).map_or(Value::Null, |criterion| {
                    json!({
                        "evaluator": criterion.evaluator, "status": criterion.status,
                        "value": criterion.value, "expected": criterion.expected,
                        "found": criterion.found, "reason": criterion.reason,
                    })
                })
            };
            let path = format!("criteria[{at}]");
            let found = first_difference(&path, &criterion(one), &criterion(other));
            if let Some((field, recorded, now)) = found {
                self.tell(Part::Verdict, None, &field, recorded, now);
            }
        }
        let mut tell =
            |field, one: Value, other: Value| self.tell(Part::Verdict, None, field, one, other);
        tell("status", json!(one.status), json!(other.status));
        tell("value", json!(one.value), json!(other.value));
        tell("summary", json!(one.summary), json!(other.summary));
    }
}

/// What an episode left behind, without what is otherwise in every run: links with a token, the
/// order of pictures and style sheets, a reward that falls with time.
pub fn state(evidence: &Evidence) -> Value {
    let pages = evidence.journal.iter().filter(|entry| entry.document);
    let page = |entry: &JournalEntry| {
        let path = if entry.path.starts_with("/enter/") {
            "/enter/"
        } else {
            &entry.path
        };
        json!({"method": entry.method, "path": path, "status": entry.status,
               "shown": entry.shown, "violation": entry.violation})
    };
    let reward = evidence.reward.as_ref().map(|reward| {
        json!({"raw": reward.raw, "done": reward.done, "reason": reward.reason, "void": reward.void})
    });
    json!({
        "ending": evidence.ending, "finalUrl": evidence.final_url, "finalView": evidence.final_view,
        "changes": evidence.changes, "brokenInvariants": evidence.broken_invariants,
        "pages": pages.map(page).collect::<Vec<_>>(), "reward": reward,
        "lookups": evidence.lookups,
        "judgements": evidence.judgements,
    })
}

/// A request without its pictures, which are not compared.
fn without_pictures(value: &Value) -> Value {
    const PICTURE: &str = "(picture)";
    match value {
        Value::String(text) if text.starts_with("data:image/") => json!(PICTURE),
        Value::Array(items) => items.iter().map(without_pictures).collect(),
        Value::Object(fields) => {
            let media = fields.get("media_type").and_then(Value::as_str);
            let is_picture = media.is_some_and(|media| media.starts_with("image/"));
            let field = |(name, value): (&String, &Value)| {
                let value = if is_picture && name == "data" {
                    json!(PICTURE)
                } else {
                    without_pictures(value)
                };
                (name.clone(), value)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        other => other.clone(),
    }
}

/// Where two values differ first, by the order of the first.
fn first_difference(path: &str, one: &Value, other: &Value) -> Option<page::Differing> {
    if one == other {
        return None;
    }
    let at = |name: &str| match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    };
    match (one, other) {
        (Value::Object(ones), Value::Object(others)) => {
            let names = ones.keys().chain(others.keys());
            names.into_iter().find_map(|name| {
                let value = |fields: &serde_json::Map<String, Value>| {
                    fields.get(name).cloned().unwrap_or_default()
                };
                first_difference(&at(name), &value(ones), &value(others))
            })
        }
        (Value::Array(ones), Value::Array(others)) => {
            (0..ones.len().max(others.len())).find_map(|index| {
                let value = |items: &[Value]| items.get(index).cloned().unwrap_or_default();
                first_difference(&format!("{path}[{index}]"), &value(ones), &value(others))
            })
        }
        _ => Some((path.to_owned(), one.clone(), other.clone())),
    }
}

/// Two values to show: of long texts the part in which they first differ.
fn shortened(one: Value, other: Value) -> (Value, Value) {
    let (Value::String(first), Value::String(second)) = (&one, &other) else {
        return (one, other);
    };
    if first.chars().count() <= 4 * AROUND && second.chars().count() <= 4 * AROUND {
        return (one, other);
    }
    let same = first
        .chars()
        .zip(second.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let from = same.saturating_sub(AROUND);
    let part = |text: &str| {
        let shown: String = text.chars().skip(from).take(2 * AROUND).collect();
        let before = if from > 0 { "..." } else { "" };
        let after = if text.chars().count() > from + 2 * AROUND {
            "..."
        } else {
            ""
        };
        json!(format!("{before}{shown}{after}"))
    };
    (part(first), part(second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_is_found_and_long_texts_are_cut_around_it() {
        let one = json!({"a": [1, {"b": "x"}], "c": 1});
        let other = json!({"a": [1, {"b": "y"}], "c": 2});
        let found = first_difference("", &one, &other);
        assert_eq!(found, Some(("a[1].b".to_owned(), json!("x"), json!("y"))));
        let long = "x".repeat(500);
        let (one, other) = shortened(
            json!(format!("{long}A{long}")),
            json!(format!("{long}B{long}")),
        );
        let (one, other) = (one.as_str().unwrap(), other.as_str().unwrap());
        assert!(one.contains('A') && other.contains('B'));
        assert!(one.len() < 150 && one.starts_with("...") && one.ends_with("..."));
    }

    #[test]
    fn pictures_in_requests_are_left_out() {
        let request = |data: &str| {
            json!({"messages": [
                {"content": [{"type": "image_url", "image_url": {"url": format!("data:image/png;base64,{data}")}}]},
                {"content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}]},
            ]})
        };
        assert_eq!(
            without_pictures(&request("aa")),
            without_pictures(&request("bb"))
        );
    }
}
