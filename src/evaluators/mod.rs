//! Turns what an episode left behind into a verdict: pure functions of task and evidence, so
//! that a stored result can be computed again at any time. One file per evaluator; nothing here
//! reads a page, a clock or a store.
//!
//! `fail` is the agent's, `error` the arena's: nothing that an agent says or does may lead to an
//! error, to a panic or to long work.

pub mod answer;
pub mod infeasible;
mod matching;
pub mod reward;
pub mod state;
pub mod url;

use serde_json::Value;

use crate::domain::evidence::{Ending, Evidence};
use crate::domain::task::{EvaluatorSpec, TaskKind, TaskSpec};
use crate::domain::verdict::{Criterion, Verdict, VerdictStatus};

/// Judges an ended episode. All criteria must be met; the value is their product. An episode
/// that ran into a limit and a feasible task that is reported as
/// infeasible fail whatever the criteria say.
pub fn evaluate(spec: &TaskSpec, evidence: &Evidence) -> Verdict {
    let criteria: Vec<Criterion> = spec
        .evaluators
        .iter()
        .map(|evaluator| judge(spec, evaluator, evidence))
        .collect();
    let objection = objection(spec, evidence, &criteria);
    let status = overall(&criteria, objection.is_some());
    let value = match status {
        VerdictStatus::Pass => criteria.iter().map(|criterion| criterion.value).product(),
        VerdictStatus::Fail | VerdictStatus::Error => 0.0,
    };
    let summary = summary(status, objection, &criteria);
    Verdict {
        status,
        value,
        summary,
        criteria,
    }
}

fn judge(spec: &TaskSpec, evaluator: &EvaluatorSpec, evidence: &Evidence) -> Criterion {
    match evaluator {
        EvaluatorSpec::Answer(answer) => {
            answer::judge(&spec.goal, answer, evidence.ending.as_ref())
        }
        EvaluatorSpec::Infeasible(infeasible) => infeasible::judge(infeasible, evidence),
        EvaluatorSpec::Url(url) => url::judge(url, evidence),
        EvaluatorSpec::State(state) => state::judge(state, evidence),
        EvaluatorSpec::Reward(_) => reward::judge(evidence),
    }
}

/// What forbids a pass apart from the criteria.
fn objection(spec: &TaskSpec, evidence: &Evidence, criteria: &[Criterion]) -> Option<String> {
    if criteria.is_empty() {
        return Some("the task has no criterion".into());
    }
    match &evidence.ending {
        None => Some("the episode ended by a limit before it was done".into()),
        Some(Ending::Infeasible(_)) if spec.kind != TaskKind::Infeasible => {
            Some("the agent reported the task as infeasible, but it can be done".into())
        }
        Some(Ending::Answer(_) | Ending::Place(_)) if spec.kind == TaskKind::Infeasible => {
            Some("the agent ended as if the task were done, but it cannot be done".into())
        }
        Some(_) => None,
    }
}

fn overall(criteria: &[Criterion], objected: bool) -> VerdictStatus {
    let any = |status| criteria.iter().any(|criterion| criterion.status == status);
    if any(VerdictStatus::Error) {
        VerdictStatus::Error
    } else if objected || any(VerdictStatus::Fail) {
        VerdictStatus::Fail
    } else {
        VerdictStatus::Pass
    }
}

fn summary(status: VerdictStatus, objection: Option<String>, criteria: &[Criterion]) -> String {
    let first = |wanted| {
        criteria
            .iter()
            .find(|criterion| criterion.status == wanted)
            .map(|criterion| format!("{}: {}", criterion.evaluator, criterion.reason))
            .unwrap_or_default()
    };
    match status {
        VerdictStatus::Pass => "every criterion is met".into(),
        VerdictStatus::Fail => objection.unwrap_or_else(|| first(VerdictStatus::Fail)),
        VerdictStatus::Error => first(VerdictStatus::Error),
    }
}

/// What a criterion says, before it is put into words for the page.
struct Finding {
    status: VerdictStatus,
    expected: String,
    found: String,
    reason: String,
    evidence: Value,
}

impl Finding {
    fn into_criterion(self, evaluator: &str, description: &str) -> Criterion {
        Criterion {
            evaluator: evaluator.into(),
            status: self.status,
            value: if self.status == VerdictStatus::Pass {
                1.0
            } else {
                0.0
            },
            description: description.into(),
            expected: self.expected,
            found: self.found,
            reason: self.reason,
            evidence: self.evidence,
        }
    }
}

fn status_of(met: bool) -> VerdictStatus {
    if met {
        VerdictStatus::Pass
    } else {
        VerdictStatus::Fail
    }
}

/// At most `limit` characters, with a mark where something was cut.
fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.into(),
        Some((at, _)) => format!("{}… ({} characters)", &text[..at], text.chars().count()),
    }
}
