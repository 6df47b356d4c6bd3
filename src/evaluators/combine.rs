//! Several criteria as one: all, any, or weighted. Every part is judged and shown, and an error of
//! a part that could decide is an error of the whole.

use serde_json::json;

use super::{Finding, status_of};
use crate::domain::criteria::WeightedSpec;
use crate::domain::verdict::{Criterion, VerdictStatus};

fn is(part: &Criterion, status: VerdictStatus) -> bool {
    part.status == status
}

/// All parts must be met.
pub(super) fn all(parts: &[Criterion]) -> (Finding, f64) {
    let status = if parts.is_empty() || parts.iter().any(|part| is(part, VerdictStatus::Error)) {
        VerdictStatus::Error
    } else {
        status_of(parts.iter().all(|part| is(part, VerdictStatus::Pass)))
    };
    let value = parts.iter().map(|part| part.value).product();
    (finding(parts, status, "all of these"), value)
}

/// One part must be met; then an error of another does not matter.
pub(super) fn any(parts: &[Criterion]) -> (Finding, f64) {
    let status = if parts.iter().any(|part| is(part, VerdictStatus::Pass)) {
        VerdictStatus::Pass
    } else if parts.is_empty() || parts.iter().any(|part| is(part, VerdictStatus::Error)) {
        VerdictStatus::Error
    } else {
        VerdictStatus::Fail
    };
    let value = parts.iter().map(|part| part.value).fold(0.0, f64::max);
    (finding(parts, status, "one of these"), value)
}

/// The weight of what is met, by the whole weight.
pub(super) fn weighted(spec: &WeightedSpec, parts: &[Criterion]) -> (Finding, f64) {
    let sound = !parts.is_empty()
        && spec.weights.len() == parts.len()
        && spec
            .weights
            .iter()
            .all(|weight| weight.is_finite() && *weight > 0.0)
        && spec.pass_at > 0.0
        && spec.pass_at <= 1.0;
    let total: f64 = spec.weights.iter().sum();
    let met: f64 = parts
        .iter()
        .zip(&spec.weights)
        .map(|(part, weight)| part.value * weight)
        .sum();
    let value = if sound { met / total } else { 0.0 };
    let status = if !sound || parts.iter().any(|part| is(part, VerdictStatus::Error)) {
        VerdictStatus::Error
    } else {
        // Weights such as 0.1 do not add up exactly.
        status_of(value + 1e-9 >= spec.pass_at)
    };
    let what = format!("{} of the weight of these", spec.pass_at);
    let mut finding = finding(parts, status, &what);
    finding.found = format!("{value:.3} of the weight");
    if !sound {
        finding.reason = "the weights are not one number above 0 for each part, or pass_at is not \
                          between 0 and 1"
            .to_owned();
    }
    (finding, value)
}

fn finding(parts: &[Criterion], status: VerdictStatus, what: &str) -> Finding {
    let met = parts
        .iter()
        .filter(|part| is(part, VerdictStatus::Pass))
        .count();
    let named = |wanted| {
        let mut parts = parts.iter();
        parts
            .find(|part| is(part, wanted))
            .map(|part| format!("{}: {}", part.evaluator, part.reason))
    };
    let expected: Vec<String> = parts
        .iter()
        .map(|part| format!("{}: {}", part.evaluator, part.expected))
        .collect();
    Finding {
        status,
        expected: format!("{what}: {}", expected.join("; ")),
        found: format!("{met} of {} are met", parts.len()),
        reason: match status {
            VerdictStatus::Pass => "enough of the criteria are met".to_owned(),
            VerdictStatus::Fail => named(VerdictStatus::Fail).unwrap_or_default(),
            VerdictStatus::Error => {
                named(VerdictStatus::Error).unwrap_or_else(|| "there are no criteria".to_owned())
            }
        },
        evidence: json!({"parts": parts}),
    }
}
