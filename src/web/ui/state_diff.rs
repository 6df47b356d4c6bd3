//! The change of an environment's state against its base, line by line, with a mark on what the
//! task does not allow.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::evidence::{Change, ChangeOp, Evidence};
use crate::domain::verdict::Verdict;
use crate::web::ui::format;

/// Longest value on one line.
const LONGEST_VALUE: usize = 400;

/// The whole difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StateDiff {
    /// One block per record.
    pub records: Vec<Record>,
    /// How many records are not shown.
    pub omitted: u64,
    /// Expected changes that are not there, in words.
    pub missing: Vec<String>,
}

/// One record that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Collection and key, and whether the change is expected.
    pub head: String,
    /// Whether the task allows it.
    pub allowed: bool,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// One line of the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `+` or `−`.
    pub sign: char,
    /// Field and value.
    pub text: String,
    /// Class: `add` or `del`. A change that is not allowed has the ground of a removal even if
    /// something was added.
    pub class: &'static str,
}

#[derive(Deserialize)]
struct StateEvidence {
    changes: Vec<JudgedChange>,
    #[serde(default)]
    omitted: u64,
    #[serde(default)]
    missing: Vec<String>,
}

#[derive(Deserialize)]
struct JudgedChange {
    #[serde(flatten)]
    change: Change,
    claim: String,
}

impl StateDiff {
    /// From the verdict's criterion over state, which says of every change whether the task
    /// allows it; without such a criterion, every change of the evidence stands as not judged.
    pub fn of(verdict: &Verdict, evidence: Option<&Evidence>) -> Option<Self> {
        let judged = verdict
            .criteria
            .iter()
            .filter(|criterion| criterion.evidence.get("changes").is_some())
            .find_map(|criterion| StateEvidence::deserialize(&criterion.evidence).ok());
        if let Some(judged) = judged {
            return Some(Self {
                records: judged.changes.iter().map(judged_record).collect(),
                omitted: judged.omitted,
                missing: judged.missing,
            });
        }
        evidence.map(|evidence| Self {
            records: evidence
                .changes
                .iter()
                .map(|change| record(change, "not judged", true))
                .collect(),
            ..Self::default()
        })
    }

    /// How many changes are not allowed.
    pub fn not_allowed(&self) -> usize {
        self.records.iter().filter(|record| !record.allowed).count()
    }

    /// `3 changes, 1 not allowed`.
    pub fn summary(&self) -> String {
        let total = self.records.len() as u64 + self.omitted;
        match (total, self.not_allowed()) {
            (0, _) => "no change".to_owned(),
            (_, 0) => format!("{}, all allowed", format::counted(total, "change")),
            (_, bad) => format!("{}, {bad} not allowed", format::counted(total, "change")),
        }
    }
}

fn judged_record(judged: &JudgedChange) -> Record {
    match judged.claim.as_str() {
        "not_allowed" => record(&judged.change, "not allowed by the task", false),
        claim => record(&judged.change, claim, true),
    }
}

fn record(change: &Change, claim: &str, allowed: bool) -> Record {
    let what = match change.op {
        ChangeOp::Add => "added",
        ChangeOp::Remove => "removed",
        ChangeOp::Change => "changed",
    };
    let mut lines = Vec::new();
    for (name, field) in &change.fields {
        if change.op != ChangeOp::Add {
            lines.push(line('−', name, &field.before, allowed));
        }
        if change.op != ChangeOp::Remove {
            lines.push(line('+', name, &field.after, allowed));
        }
    }
    Record {
        head: format!("{} / {} {what}, {claim}", change.collection, change.key),
        allowed,
        lines,
    }
}

fn line(sign: char, name: &str, value: &Value, allowed: bool) -> Line {
    Line {
        sign,
        text: format::shortened(&format!("{name}: {value}"), LONGEST_VALUE),
        class: if allowed && sign == '+' { "add" } else { "del" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::verdict::{Criterion, VerdictStatus};
    use serde_json::json;

    fn verdict(evidence: Value) -> Verdict {
        let criterion = Criterion {
            evaluator: "state".to_owned(),
            status: VerdictStatus::Fail,
            value: 0.0,
            description: String::new(),
            expected: String::new(),
            found: String::new(),
            reason: String::new(),
            evidence,
        };
        Verdict {
            status: VerdictStatus::Fail,
            value: 0.0,
            summary: String::new(),
            criteria: vec![criterion],
        }
    }

    #[test]
    fn an_addition_outside_the_task_has_the_ground_of_a_fault() {
        let evidence = json!({
            "changes": [
                {"op": "change", "collection": "shop.cart", "key": "mara", "claim": "expected",
                 "fields": {"voucher": {"before": null, "after": "SPRING10"}}},
                {"op": "add", "collection": "shop.newsletter", "key": "1", "claim": "not_allowed",
                 "fields": {"email": {"before": null, "after": "mara@example.test"}}}],
            "omitted": 0, "missing": ["add shop.orders {}"], "brokenInvariants": []
        });
        let diff = StateDiff::of(&verdict(evidence), None).unwrap();
        assert_eq!(diff.summary(), "2 changes, 1 not allowed");
        assert_eq!(
            diff.records[0].lines[1],
            Line {
                sign: '+',
                text: "voucher: \"SPRING10\"".to_owned(),
                class: "add"
            }
        );
        assert_eq!(diff.records[1].lines[0].class, "del");
        assert_eq!(
            diff.records[1].head,
            "shop.newsletter / 1 added, not allowed by the task"
        );
        assert_eq!(diff.missing.len(), 1);
    }

    #[test]
    fn without_a_criterion_over_state_the_changes_are_not_judged() {
        assert_eq!(StateDiff::of(&verdict(Value::Null), None), None);
        let diff = StateDiff::of(&verdict(Value::Null), Some(&Evidence::default())).unwrap();
        assert_eq!(diff.summary(), "no change");
    }
}
