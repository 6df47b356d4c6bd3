//! The complete change of primary state: every difference to the base is claimed by exactly one
//! expected or allowed change, and every expected change is there. That nothing else changed is
//! always part of it and cannot be switched off.
//!
//! Cannot see: what left no trace in primary state, in which order things were done, and what
//! was done and undone, unless the site keeps a record of the act.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::state_words::{clause_text, expected_text, found_text, reason};
use super::{Finding, matching, status_of};
use crate::domain::evidence::{Change, ChangeOp, Evidence};
use crate::domain::task::{AllowedChange, ExpectedChange, StateSpec};
use crate::domain::verdict::{Criterion, VerdictStatus};

/// How many differences are kept as evidence.
const SHOWN_CHANGES: usize = 200;
/// How many slots one clause may take; a count beyond that is a mistake of the author.
const MAX_COUNT: u32 = 500;

/// Judges the difference between the base and the end.
pub fn judge(spec: &StateSpec, evidence: &Evidence) -> Criterion {
    let description = if spec.expect.is_empty() {
        "Nothing of the sites' state has changed."
    } else {
        "The sites' state has changed as expected, and nothing else has."
    };
    finding(spec, evidence).into_criterion("state", description)
}

fn finding(spec: &StateSpec, evidence: &Evidence) -> Finding {
    let changes = &evidence.changes;
    let claims = Claims::find(spec, changes);
    let missing = claims.missing(spec);
    let stray: Vec<&Change> = (0..changes.len())
        .filter(|&item| claims.of(item) == Claim::NotAllowed)
        .map(|item| &changes[item])
        .collect();
    let (status, reason) = if let Some(broken) = evidence.broken_invariants.first() {
        (
            VerdictStatus::Error,
            format!("the site's own bookkeeping is broken: {broken}"),
        )
    } else {
        (
            status_of(missing.is_empty() && stray.is_empty()),
            reason(spec, &missing, &stray),
        )
    };
    let missing: Vec<&String> = missing.iter().map(|(_, text)| text).collect();
    Finding {
        status,
        expected: expected_text(spec),
        found: found_text(changes),
        reason,
        evidence: json!({
            "changes": shown(changes, &claims),
            "omitted": changes.len().saturating_sub(SHOWN_CHANGES),
            "missing": missing,
            "brokenInvariants": evidence.broken_invariants,
        }),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Expected,
    Allowed,
    NotAllowed,
}

/// Which clause claims which change. Slots are the expected changes, each as often as its count,
/// then the allowed ones.
struct Claims {
    matching: matching::Matching,
    clause_of_slot: Vec<usize>,
    required: usize,
}

impl Claims {
    fn find(spec: &StateSpec, changes: &[Change]) -> Self {
        let mut fits = Vec::new();
        let mut clause_of_slot = Vec::new();
        for (clause, expected) in spec.expect.iter().enumerate() {
            let fitting = positions(changes, |change| expected_fits(expected, change));
            for _ in 0..expected.count.min(MAX_COUNT) {
                fits.push(fitting.clone());
                clause_of_slot.push(clause);
            }
        }
        let required = fits.len();
        for (clause, allowed) in spec.allow.iter().enumerate() {
            let fitting = positions(changes, |change| allowed_fits(allowed, change));
            for _ in 0..allowed.at_most.min(MAX_COUNT) {
                fits.push(fitting.clone());
                clause_of_slot.push(clause);
            }
        }
        Self {
            matching: matching::maximum(&fits, required, changes.len()),
            clause_of_slot,
            required,
        }
    }

    fn of(&self, item: usize) -> Claim {
        match self.matching.slot_of[item] {
            Some(slot) if slot < self.required => Claim::Expected,
            Some(_) => Claim::Allowed,
            None => Claim::NotAllowed,
        }
    }

    /// The expected changes that are not there: which clause, and in words.
    fn missing(&self, spec: &StateSpec) -> Vec<(usize, String)> {
        let mut lacking: BTreeMap<usize, u32> = BTreeMap::new();
        for slot in 0..self.required {
            if self.matching.item_of[slot].is_none() {
                *lacking.entry(self.clause_of_slot[slot]).or_default() += 1;
            }
        }
        lacking
            .into_iter()
            .map(|(clause, times)| {
                let text = clause_text(&spec.expect[clause]);
                if spec.expect[clause].count > 1 {
                    let count = spec.expect[clause].count;
                    (clause, format!("{text} ({times} of {count} missing)"))
                } else {
                    (clause, text)
                }
            })
            .collect()
    }
}

fn positions(changes: &[Change], fits: impl Fn(&Change) -> bool) -> Vec<usize> {
    (0..changes.len())
        .filter(|&item| fits(&changes[item]))
        .collect()
}

/// Whether a change is what the clause expects. All fields of an added record and all changed
/// fields of a changed one are compared, so a field that the clause does not name does not fit.
fn expected_fits(expected: &ExpectedChange, change: &Change) -> bool {
    if expected.op != change.op
        || expected.collection != change.collection
        || expected.key.as_ref().is_some_and(|key| *key != change.key)
    {
        return false;
    }
    match expected.op {
        ChangeOp::Add | ChangeOp::Change => {
            expected.fields.len() == change.fields.len()
                && expected.fields.iter().all(|(name, pattern)| {
                    change
                        .fields
                        .get(name)
                        .is_some_and(|field| value_fits(pattern, &field.after))
                })
        }
        ChangeOp::Remove => expected.fields.iter().all(|(name, pattern)| {
            change
                .fields
                .get(name)
                .is_some_and(|field| value_fits(pattern, &field.before))
        }),
    }
}

fn allowed_fits(allowed: &AllowedChange, change: &Change) -> bool {
    allowed.op == change.op
        && allowed.collection == change.collection
        && allowed.key.as_ref().is_none_or(|key| *key == change.key)
        && (allowed.op != ChangeOp::Change
            || change
                .fields
                .keys()
                .all(|name| allowed.fields.contains(name)))
}

/// Whether a value is what a pattern asks for. `{"any": true}`, `{"one_of": [..]}` and
/// `{"set": [..]}` may stand at any depth; text is compared after trimming and normalising line
/// ends and runs of blanks; missing is never equal to empty.
pub fn value_fits(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Object(fields), _)
            if fields.len() == 1 && fields.get("any") == Some(&json!(true)) =>
        {
            true
        }
        (Value::Object(fields), _) if fields.len() == 1 && fields.contains_key("one_of") => fields
            ["one_of"]
            .as_array()
            .is_some_and(|options| options.iter().any(|option| value_fits(option, value))),
        (Value::Object(fields), _) if fields.len() == 1 && fields.contains_key("set") => {
            set_fits(fields["set"].as_array(), value.as_array())
        }
        (Value::Object(wanted), Value::Object(given)) => {
            wanted.len() == given.len()
                && wanted.iter().all(|(name, pattern)| {
                    given
                        .get(name)
                        .is_some_and(|value| value_fits(pattern, value))
                })
        }
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len()
                && wanted
                    .iter()
                    .zip(given)
                    .all(|(pattern, value)| value_fits(pattern, value))
        }
        (Value::String(wanted), Value::String(given)) => plain(wanted) == plain(given),
        (Value::Number(wanted), Value::Number(given)) => {
            wanted == given
                || wanted
                    .as_f64()
                    .is_some_and(|number| Some(number) == given.as_f64())
        }
        _ => pattern == value,
    }
}

fn set_fits(wanted: Option<&Vec<Value>>, given: Option<&Vec<Value>>) -> bool {
    let (Some(wanted), Some(given)) = (wanted, given) else {
        return false;
    };
    if wanted.len() != given.len() {
        return false;
    }
    let fits: Vec<Vec<usize>> = wanted
        .iter()
        .map(|pattern| {
            (0..given.len())
                .filter(|&item| value_fits(pattern, &given[item]))
                .collect()
        })
        .collect();
    let matching = matching::maximum(&fits, fits.len(), given.len());
    matching.item_of.iter().all(Option::is_some)
}

fn plain(text: &str) -> String {
    let lines: Vec<String> = text
        .trim()
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    lines.join("\n")
}

fn shown(changes: &[Change], claims: &Claims) -> Vec<Value> {
    changes
        .iter()
        .enumerate()
        .take(SHOWN_CHANGES)
        .map(|(item, change)| {
            let claim = match claims.of(item) {
                Claim::Expected => "expected",
                Claim::Allowed => "allowed",
                Claim::NotAllowed => "not_allowed",
            };
            json!({
                "op": change.op,
                "collection": change.collection,
                "key": change.key,
                "fields": change.fields,
                "claim": claim,
            })
        })
        .collect()
}
