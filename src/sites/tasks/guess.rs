//! How often the best guess is right: an agent that always says the same must gain nothing.

use std::collections::BTreeMap;

use serde_json::Value;

use super::TaskFileError;
use super::draw::Draws;
use super::instance::Library;
use super::template::File;
use crate::domain::task::{EvaluatorSpec, TaskSpec};

/// One answer may fit one of so many draws of a template.
const ONE_OF: usize = 20;

/// What is wrong with a template one of whose answers fits too many of its draws.
pub(super) fn problem(
    library: &Library,
    file: &File,
    draws: &Draws,
) -> Result<Option<String>, TaskFileError> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..draws.valid.len() {
        let number = u32::try_from(number).unwrap_or(u32::MAX);
        match answer(&library.instance(file, draws, number)?.spec) {
            Some(answer) => *times.entry(answer).or_default() += 1,
            None => return Ok(None),
        }
    }
    Ok(too_often(&times))
}

/// The answer that is asked for, if one is.
fn answer(spec: &TaskSpec) -> Option<String> {
    spec.evaluators
        .iter()
        .find_map(|evaluator| match evaluator {
            EvaluatorSpec::Answer(answer) => Some(without_candidates(&answer.expected).to_string()),
            _ => None,
        })
}

/// The right value; of a record, those of its parts.
fn without_candidates(expected: &Value) -> Value {
    let part = |part: &Value| part.get("expected").unwrap_or(part).clone();
    match expected {
        Value::Array(parts) => parts.iter().map(part).collect(),
        value => value.clone(),
    }
}

fn too_often(times: &BTreeMap<String, usize>) -> Option<String> {
    let all: usize = times.values().sum();
    let (answer, most) = times.iter().max_by_key(|(_, times)| **times)?;
    (*most > 1 && most * ONE_OF > all).then(|| {
        format!(
            "the answer {answer} fits {most} of {all} draws in this world; at most one of \
             {ONE_OF} is right"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(counts: &[usize]) -> BTreeMap<String, usize> {
        let named = counts.iter().enumerate();
        named.map(|(at, count)| (at.to_string(), *count)).collect()
    }

    #[test]
    fn an_answer_may_fit_one_of_twenty_draws() {
        assert_eq!(too_often(&times(&[1; 10])), None);
        assert_eq!(too_often(&times(&[2; 20])), None);
        let problem = too_often(&times(&[1, 2, 1, 1])).unwrap();
        assert!(
            problem.contains("the answer 1 fits 2 of 5 draws"),
            "{problem}"
        );
        assert_eq!(too_often(&times(&[])), None);
    }
}
