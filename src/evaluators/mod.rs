//! Turns what an episode left behind into a verdict: pure functions of task and evidence, so
//! that a stored result can be computed again at any time. One file per evaluator; nothing here
//! reads a clock or a store. What must be looked up in pages, or asked of a model, is gathered once,
//! after the end ([`lookup`], [`judge`]), and is evidence like everything else.
//!
//! `fail` is the agent's, `error` the arena's: nothing that an agent says or does may lead to an
//! error, to a panic or to long work.

pub mod answer;
mod combine;
mod dom;
pub mod infeasible;
pub mod judge;
pub mod live;
pub mod lookup;
mod matching;
mod program_html;
pub mod reference;
mod request;
pub mod reward;
pub mod state;
mod state_words;
mod string_match;
pub mod url;
mod url_match;
mod webarena_strict;

use serde_json::{Value, json};

use self::reference::judging::{Stop, Tally};
use crate::domain::evidence::{Asked, Ending, Evidence, Judgement, Lookup};
use crate::domain::task::{EvaluatorSpec, TaskKind, TaskSpec};
use crate::domain::verdict::{Criterion, Verdict, VerdictStatus};

/// Judges an ended episode. All criteria must be met; the value is their product. An episode
/// that ran into a limit and a feasible task that is reported as
/// infeasible fail whatever the criteria say.
pub fn evaluate(spec: &TaskSpec, evidence: &Evidence) -> Verdict {
    let criteria: Vec<Criterion> = spec
        .evaluators
        .iter()
        .enumerate()
        .map(|(index, evaluator)| {
            let judged = examine(spec, evaluator, &index.to_string(), evidence);
            judged.unwrap_or_else(|question| unasked(&question))
        })
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

/// What a model must be asked before there is a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The evaluator that asks: its place in the task.
    pub evaluator: String,
    /// What it asks.
    pub asked: Asked,
}

/// The next thing that a model must be asked, given what it was asked already. None when there is
/// a verdict. In the references an error ends the evaluation, so there nothing is asked after one.
pub fn next_question(spec: &TaskSpec, evidence: &Evidence) -> Option<Question> {
    for (index, evaluator) in spec.evaluators.iter().enumerate() {
        match examine(spec, evaluator, &index.to_string(), evidence) {
            Err(question) => return Some(question),
            Ok(criterion)
                if criterion.status == VerdictStatus::Error && spec.follows_reference() =>
            {
                return None;
            }
            Ok(_) => {}
        }
    }
    None
}

/// Every criterion that is no combination, with its place in the task.
fn leaves(evaluators: &[EvaluatorSpec]) -> Vec<(String, &EvaluatorSpec)> {
    fn add<'a>(
        prefix: &str,
        evaluators: &'a [EvaluatorSpec],
        found: &mut Vec<(String, &'a EvaluatorSpec)>,
    ) {
        for (index, evaluator) in evaluators.iter().enumerate() {
            let path = format!("{prefix}{index}");
            match parts_of(evaluator) {
                Some(parts) => add(&format!("{path}."), parts, found),
                None => found.push((path, evaluator)),
            }
        }
    }
    let mut found = Vec::new();
    add("", evaluators, &mut found);
    found
}

/// The parts of a combination.
fn parts_of(evaluator: &EvaluatorSpec) -> Option<&[EvaluatorSpec]> {
    match evaluator {
        EvaluatorSpec::All(spec) | EvaluatorSpec::Any(spec) => Some(&spec.of),
        EvaluatorSpec::Weighted(spec) => Some(&spec.of),
        _ => None,
    }
}

/// Judges one criterion, unless a model must be asked first.
fn examine(
    spec: &TaskSpec,
    evaluator: &EvaluatorSpec,
    path: &str,
    evidence: &Evidence,
) -> Result<Criterion, Question> {
    let said = Said::of(path, evidence);
    let asks = |asked| Question {
        evaluator: path.to_owned(),
        asked,
    };
    Ok(match evaluator {
        EvaluatorSpec::Answer(answer) => {
            answer::judge(&spec.goal, answer, evidence.ending.as_ref())
        }
        EvaluatorSpec::Infeasible(infeasible) => infeasible::judge(infeasible, evidence),
        EvaluatorSpec::Url(url) => url::judge(url, evidence),
        EvaluatorSpec::State(state) => state::judge(state, evidence),
        EvaluatorSpec::Reward(_) => reward::judge(evidence),
        EvaluatorSpec::StringMatch(spec) => string_match::judge(spec, &said)
            .map_err(asks)?
            .into_criterion("string_match", "The answer matches the reference answers."),
        EvaluatorSpec::UrlMatch(spec) => url_match::judge(spec, &said)
            .map_err(asks)?
            .into_criterion("url_match", "The page left open has a reference address."),
        EvaluatorSpec::ProgramHtml(spec) => program_html::judge(spec, &said)
            .map_err(asks)?
            .into_criterion("program_html", "Pages show what they must."),
        EvaluatorSpec::Judge(spec) => judge::judge(spec, &said).map_err(asks)?.into_criterion(
            "judge",
            "A model finds that the message meets the criterion.",
        ),
        EvaluatorSpec::Dom(spec) => {
            dom::judge(spec, &said).into_criterion("dom", "A page shows what it must.")
        }
        EvaluatorSpec::Request(spec) => request::judge(spec, evidence)
            .into_criterion("request", "The sites were asked for what they must."),
        EvaluatorSpec::All(_) | EvaluatorSpec::Any(_) | EvaluatorSpec::Weighted(_) => {
            return combined(spec, evaluator, path, evidence);
        }
    })
}

fn combined(
    spec: &TaskSpec,
    evaluator: &EvaluatorSpec,
    path: &str,
    evidence: &Evidence,
) -> Result<Criterion, Question> {
    let parts = parts_of(evaluator).unwrap_or_default().iter().enumerate();
    let parts: Result<Vec<Criterion>, Question> = parts
        .map(|(index, part)| examine(spec, part, &format!("{path}.{index}"), evidence))
        .collect();
    let parts = parts?;
    let ((finding, value), name, description) = match evaluator {
        EvaluatorSpec::Any(_) => (
            combine::any(&parts),
            "any",
            "One of several criteria is met.",
        ),
        EvaluatorSpec::Weighted(spec) => {
            let description = "Enough of several weighted criteria is met.";
            (combine::weighted(spec, &parts), "weighted", description)
        }
        _ => (
            combine::all(&parts),
            "all",
            "Several criteria are met together.",
        ),
    };
    let mut criterion = finding.into_criterion(name, description);
    criterion.value *= value;
    Ok(criterion)
}

fn unasked(question: &Question) -> Criterion {
    Finding {
        status: VerdictStatus::Error,
        expected: question.asked.reference.clone(),
        found: shorten(&question.asked.prediction, 2000),
        reason: "a model must be asked, and none was; name one in the settings under [judge]"
            .to_owned(),
        evidence: json!({"asked": question.asked}),
    }
    .into_criterion("judge", "A model is asked about the final message.")
}

/// What is known for one criterion.
struct Said<'a> {
    ending: Option<&'a Ending>,
    lookups: Vec<&'a Lookup>,
    judgements: Vec<Judgement>,
}

impl<'a> Said<'a> {
    fn of(path: &str, evidence: &'a Evidence) -> Self {
        let judgements = evidence
            .judgements
            .iter()
            .filter(|one| one.evaluator == path);
        Self {
            ending: evidence.ending.as_ref(),
            lookups: evidence
                .lookups
                .iter()
                .filter(|one| one.evaluator == path)
                .collect(),
            judgements: judgements.cloned().collect(),
        }
    }

    /// A finding from a score by the references' rules.
    fn find(
        &self,
        found: &str,
        score: impl FnOnce(&mut Tally) -> Result<(), Stop>,
    ) -> Result<Finding, Asked> {
        let mut tally = Tally::new(&self.judgements);
        let reason = match score(&mut tally) {
            Ok(()) => None,
            Err(Stop::Error(reason)) => Some(reason),
            Err(Stop::Ask(asked)) => return Err(asked),
        };
        let (expected, unmet) = tally.headline();
        let status = match &reason {
            Some(_) => VerdictStatus::Error,
            None => status_of(tally.met),
        };
        Ok(Finding {
            status,
            expected,
            found: shorten(if unmet.is_empty() { found } else { &unmet }, 2000),
            reason: reason.unwrap_or_else(|| {
                if tally.met {
                    "every part is met"
                } else {
                    "a part is not met"
                }
                .to_owned()
            }),
            evidence: json!({"parts": tally.into_parts()}),
        })
    }
}

/// What forbids a pass apart from the criteria.
fn objection(spec: &TaskSpec, evidence: &Evidence, criteria: &[Criterion]) -> Option<String> {
    if spec.follows_reference() {
        // There, every end is scored, and only by what the criteria say.
        return None;
    }
    if criteria.is_empty() {
        return Some("the task has no criterion".into());
    }
    match &evidence.ending {
        None => Some("the agent did not end the episode itself".into()),
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
