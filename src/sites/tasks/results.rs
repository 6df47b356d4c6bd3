//! Results without a browser: what an accepted episode leaves behind, and variants of it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::domain::evidence::{
    Change, ChangeOp, Ending, Evidence, FieldChange, JournalEntry, PageReward, View,
};
use crate::domain::task::{
    AnswerSpec, EvaluatorSpec, ExpectedChange, InfeasibleSpec, TaskSpec, UrlSpec,
};
use crate::domain::verdict::VerdictStatus;

/// A near miss or another right result. It starts from an accepted result and says what differs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What the evaluators must say.
    pub verdict: VerdictStatus,
    /// Who errs so, or why it is right.
    pub why: String,
    /// The final message.
    #[serde(default)]
    pub answer: Option<String>,
    /// The report of infeasibility.
    #[serde(default)]
    pub report: Option<String>,
    /// Nothing was served that shows the obstacle.
    #[serde(default)]
    pub unseen: bool,
    /// Which expected change `set` and `key` differ in, from 0.
    #[serde(default)]
    pub at: usize,
    /// Fields of that change with other values.
    #[serde(default)]
    pub set: BTreeMap<String, Value>,
    /// Another record in its place.
    #[serde(default)]
    pub key: Option<String>,
    /// Expected changes that are missing, by place.
    #[serde(default)]
    pub drop: Vec<usize>,
    /// Further changes, written like expected ones.
    #[serde(default)]
    pub also: Vec<ExpectedChange>,
    /// Another page left open.
    #[serde(default)]
    pub route: Option<String>,
    /// Parameters of that page with other values; `"(none)"` takes one away.
    #[serde(default)]
    pub params: BTreeMap<String, Value>,
}

/// What an episode leaves behind whose result is accepted.
pub fn accepted(spec: &TaskSpec) -> Evidence {
    let mut evidence = Evidence {
        ending: Some(Ending::Answer(String::new())),
        ..Evidence::default()
    };
    for evaluator in &spec.evaluators {
        match evaluator {
            EvaluatorSpec::Answer(answer) => {
                evidence.ending = Some(Ending::Answer(right_answer(answer)));
            }
            EvaluatorSpec::Infeasible(infeasible) => report(infeasible, &mut evidence),
            EvaluatorSpec::Url(url) => open_page(url, &mut evidence),
            EvaluatorSpec::State(state) => {
                evidence.changes = state.expect.iter().flat_map(changes).collect();
            }
            EvaluatorSpec::Reward(_) => {
                evidence.reward = Some(PageReward {
                    raw: 1.0,
                    env: 1.0,
                    done: true,
                    episode_id: 1,
                    ..PageReward::default()
                });
            }
            // What these accept is not known without a browser or model.
            _ => {}
        }
    }
    evidence
}

/// The accepted result with the differences of a check.
pub fn variant(spec: &TaskSpec, check: &Check) -> Result<Evidence, String> {
    let mut evidence = accepted(spec);
    if let Some(answer) = &check.answer {
        evidence.ending = Some(Ending::Answer(answer.clone()));
    }
    if let Some(report) = &check.report {
        evidence.ending = Some(Ending::Infeasible(report.clone()));
    }
    if check.unseen {
        evidence.journal.clear();
    }
    if !check.set.is_empty() || check.key.is_some() {
        let Some(change) = evidence.changes.get_mut(check.at) else {
            return Err(format!("there is no expected change {}", check.at));
        };
        differ(change, check)?;
    }
    let kept = std::mem::take(&mut evidence.changes)
        .into_iter()
        .enumerate();
    evidence.changes = kept
        .filter(|(at, _)| !check.drop.contains(at))
        .map(|(_, change)| change)
        .collect();
    evidence.changes.extend(check.also.iter().flat_map(changes));
    if check.route.is_some() || !check.params.is_empty() {
        leave_open(check, &mut evidence)?;
    }
    Ok(evidence)
}

fn differ(change: &mut Change, check: &Check) -> Result<(), String> {
    for (name, value) in &check.set {
        let Some(field) = change.fields.get_mut(name) else {
            return Err(format!("the expected change has no field `{name}`"));
        };
        field.after = value.clone();
    }
    if let Some(key) = &check.key {
        change.key.clone_from(key);
    }
    Ok(())
}

fn leave_open(check: &Check, evidence: &mut Evidence) -> Result<(), String> {
    let view = evidence
        .final_view
        .as_mut()
        .ok_or("the task asks for no page")?;
    if let Some(route) = &check.route {
        view.route.clone_from(route);
    }
    for (name, value) in &check.params {
        if value == &json!("(none)") {
            view.params.remove(name);
        } else {
            view.params.insert(name.clone(), value.clone());
        }
    }
    evidence.journal = vec![page(view, &[])];
    Ok(())
}

/// The right value as an agent would write it.
pub fn right_answer(spec: &AnswerSpec) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(part) => part.get("expected").map_or_else(String::new, |value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        }),
        other => other.to_string(),
    };
    match &spec.expected {
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("\n"),
        value => text(value),
    }
}

fn report(spec: &InfeasibleSpec, evidence: &mut Evidence) {
    let code = spec.codes.first().map_or("NOT_FOUND", |code| code.as_str());
    evidence.ending = Some(Ending::Infeasible(format!("{code} It cannot be done.")));
    if let Some(seen) = spec.seen.first() {
        let view = View {
            route: seen.route.clone().unwrap_or_else(|| "shop.home".into()),
            params: seen.params.clone(),
            unknown: Vec::new(),
        };
        evidence.journal = vec![page(&view, &seen.shown)];
    }
}

fn open_page(spec: &UrlSpec, evidence: &mut Evidence) {
    let view = View {
        route: spec.route.clone(),
        params: spec.params.clone(),
        unknown: Vec::new(),
    };
    evidence.journal = vec![page(&view, &[])];
    evidence.final_url = Some("http://sites.invalid/".into());
    evidence.final_view = Some(view);
}

/// A page that was served to the run.
pub fn page(view: &View, shown: &[String]) -> JournalEntry {
    JournalEntry {
        n: 1,
        method: "GET".into(),
        path: "/".into(),
        view: Some(view.clone()),
        status: 200,
        document: true,
        shown: shown.to_vec(),
        violation: None,
    }
}

/// The changes that meet a clause.
pub fn changes(expected: &ExpectedChange) -> Vec<Change> {
    (0..expected.count)
        .map(|number| Change {
            op: expected.op,
            collection: expected.collection.clone(),
            key: expected
                .key
                .clone()
                .unwrap_or_else(|| format!("new-{number}")),
            fields: expected
                .fields
                .iter()
                .map(|(name, pattern)| (name.clone(), field(expected.op, pattern)))
                .collect(),
        })
        .collect()
}

fn field(op: ChangeOp, pattern: &Value) -> FieldChange {
    let value = sample(pattern);
    match op {
        ChangeOp::Add | ChangeOp::Change => FieldChange {
            before: Value::Null,
            after: value,
        },
        ChangeOp::Remove => FieldChange {
            before: value,
            after: Value::Null,
        },
    }
}

/// A value that fits a pattern.
fn sample(pattern: &Value) -> Value {
    match pattern {
        Value::Object(fields) if fields.contains_key("any") => json!(""),
        Value::Object(fields) if fields.contains_key("one_of") => {
            fields["one_of"].get(0).map_or(Value::Null, sample)
        }
        Value::Object(fields) if fields.contains_key("set") => sample(&fields["set"]),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), sample(value)))
            .collect(),
        Value::Array(items) => items.iter().map(sample).collect(),
        other => other.clone(),
    }
}
