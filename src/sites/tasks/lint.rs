//! What can be said about a task by reading it: its goal, its size, its limits, its records.

use std::collections::BTreeMap;

use super::instance::Instance;
use crate::domain::evidence::ChangeOp;
use crate::domain::solution;
use crate::domain::task::{AnswerType, EvaluatorSpec, ExpectedChange, TaskKind, TaskSpec};
use crate::domain::verdict::VerdictStatus;
use crate::sites::diff::Records;

const MAX_GOAL_WORDS: usize = 60;

/// Words of evaluators, not of colleagues and customers.
const EVALUATOR_WORDS: [&str; 14] = [
    "exactly",
    "evaluator",
    "evaluate",
    "criterion",
    "verdict",
    "nothing else",
    "json",
    "url",
    "database",
    "infeasible",
    "do not change",
    "agent",
    "task",
    "webpage",
];

const FEATURES: [&str; 9] = ["S", "P", "W", "L", "F", "C", "M", "R", "I"];

/// Everything that is wrong with a task as it stands.
pub fn problems(instance: &Instance<'_>, base: &Records) -> Vec<String> {
    let mut problems = Vec::new();
    goal(instance, &mut problems);
    checks(instance, &mut problems);
    solution_and_limits(&instance.spec, &mut problems);
    evaluators(&instance.spec, base, &mut problems);
    if let Some(feature) = instance
        .spec
        .points
        .keys()
        .find(|feature| !FEATURES.contains(&feature.as_str()))
    {
        problems.push(format!("points: there is no feature {feature}"));
    }
    problems
}

fn goal(instance: &Instance<'_>, problems: &mut Vec<String>) {
    let goal = &instance.spec.goal;
    let words = goal.split_whitespace().count();
    if words == 0 || words > MAX_GOAL_WORDS {
        problems.push(format!(
            "goal: {words} words; 1 to {MAX_GOAL_WORDS} are right"
        ));
    }
    if goal.contains(['{', '}']) {
        problems.push("goal: holds braces".into());
    }
    let folded = goal.to_lowercase();
    let spoken: String = folded
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let spoken = format!(
        " {} ",
        spoken.split_whitespace().collect::<Vec<_>>().join(" ")
    );
    for word in EVALUATOR_WORDS {
        if spoken.contains(&format!(" {word} ")) {
            problems.push(format!("goal: `{word}` is an evaluator's word"));
        }
    }
    if !instance.file.template.answer_in_goal {
        for answer in answers(&instance.spec) {
            if folded.contains(&answer.to_lowercase()) {
                problems.push(format!("goal: holds the answer `{answer}`"));
            }
        }
    }
}

fn answers(spec: &TaskSpec) -> Vec<String> {
    spec.evaluators
        .iter()
        .filter_map(|evaluator| match evaluator {
            EvaluatorSpec::Answer(answer) if answer.answer != AnswerType::Record => {
                Some(super::results::right_answer(answer))
            }
            _ => None,
        })
        .collect()
}

fn checks(instance: &Instance<'_>, problems: &mut Vec<String>) {
    let count = |verdict| {
        instance
            .checks
            .iter()
            .filter(|check| check.verdict == verdict)
            .count()
    };
    if count(VerdictStatus::Fail) < 3 {
        problems.push("check: at least 3 near misses that fail are needed".into());
    }
    if count(VerdictStatus::Pass) < 2 {
        problems.push("check: at least 2 other right results that pass are needed".into());
    }
}

fn solution_and_limits(spec: &TaskSpec, problems: &mut Vec<String>) {
    let steps = match solution::parse(&spec.solution) {
        Ok(steps) => steps,
        Err(problem) => {
            problems.push(format!("solution: {problem}"));
            return;
        }
    };
    let actions = steps.iter().filter(|step| step.is_action()).count();
    let least = u32::try_from((actions * 5).div_ceil(2))
        .unwrap_or(u32::MAX)
        .max(15);
    if spec.limits.steps < least {
        problems.push(format!(
            "limits: {} steps; at least {least} are right for a solution of {actions}",
            spec.limits.steps
        ));
    }
    let ends_with_report = matches!(steps.last(), Some(solution::Step::Report(_)));
    if ends_with_report != (spec.kind == TaskKind::Infeasible) {
        problems.push("solution: `report` ends infeasible tasks, and no others".into());
    }
}

fn evaluators(spec: &TaskSpec, base: &Records, problems: &mut Vec<String>) {
    let has = |wanted: fn(&EvaluatorSpec) -> bool| spec.evaluators.iter().any(wanted);
    let fits = match spec.kind {
        TaskKind::Info => has(|one| matches!(one, EvaluatorSpec::Answer(_))),
        TaskKind::Navigation => has(|one| matches!(one, EvaluatorSpec::Url(_))),
        TaskKind::Infeasible => has(|one| matches!(one, EvaluatorSpec::Infeasible(_))),
        TaskKind::State => true,
        TaskKind::Reward => false,
    };
    if !fits {
        problems.push(format!(
            "evaluate: a task of kind {} needs its own evaluator",
            spec.kind
        ));
    }
    let states: Vec<_> = spec
        .evaluators
        .iter()
        .filter_map(|evaluator| match evaluator {
            EvaluatorSpec::State(state) => Some(state),
            _ => None,
        })
        .collect();
    let [state] = states.as_slice() else {
        problems.push("evaluate: every task needs one state evaluator".into());
        return;
    };
    if (spec.kind == TaskKind::State) == state.expect.is_empty() {
        problems.push("evaluate: tasks of kind state expect changes, others do not".into());
    }
    for (at, expected) in state.expect.iter().enumerate() {
        if let Some(problem) = against_base(expected, base) {
            problems.push(format!("evaluate: expect[{at}]: {problem}"));
        }
    }
    for allowed in &state.allow {
        let covers = state.expect.iter().any(|expected| {
            expected.op == allowed.op
                && expected.collection == allowed.collection
                && allowed
                    .key
                    .as_ref()
                    .is_none_or(|key| expected.key.as_ref() == Some(key))
        });
        if covers {
            problems.push(format!(
                "evaluate: allow covers expected changes of {}",
                allowed.collection
            ));
        }
    }
}

/// Whether an expected change can happen to the base state, and is not there already.
fn against_base(expected: &ExpectedChange, base: &Records) -> Option<String> {
    let sibling = base
        .iter()
        .find(|((name, _), _)| *name == expected.collection);
    let names =
        |fields: &BTreeMap<String, _>| fields.keys().cloned().collect::<Vec<_>>().join(", ");
    if expected.op == ChangeOp::Add {
        let (_, fields) = sibling?;
        return (!fields.keys().eq(expected.fields.keys())).then(|| {
            let given = expected
                .fields
                .keys()
                .cloned()
                .collect::<Vec<_>>()
                .join(", ");
            format!(
                "a record has the fields {}; given are {given}",
                names(fields)
            )
        });
    }
    let Some(key) = &expected.key else {
        return Some("a changed or removed record needs its key".into());
    };
    let Some(record) = base.get(&(expected.collection.clone(), key.clone())) else {
        return Some(format!(
            "{}/{key} is not in the base state",
            expected.collection
        ));
    };
    expected
        .fields
        .iter()
        .find_map(|(name, value)| match record.get(name) {
            None => Some(format!("{}/{key} has no field {name}", expected.collection)),
            Some(old) if old == value && expected.op == ChangeOp::Change => {
                Some(format!("{name} is {value} already"))
            }
            Some(_) => None,
        })
}
