//! A report that the task cannot be done: the right code as its first word, and the blocking fact
//! on a page that the sites served to this run. That nothing changed is a `state` criterion of
//! its own.
//!
//! Cannot see: whether the agent understood what it was served.

use std::collections::BTreeSet;

use serde_json::json;

use super::url::same;
use super::{Finding, shorten, status_of};
use crate::domain::evidence::{Ending, Evidence, View};
use crate::domain::task::{InfeasibleCode, InfeasibleSpec, Sighting};
use crate::domain::verdict::Criterion;

/// Judges a report of infeasibility.
pub fn judge(spec: &InfeasibleSpec, evidence: &Evidence) -> Criterion {
    let code = match &evidence.ending {
        Some(Ending::Infeasible(report)) => read_code(report),
        Some(Ending::Answer(_)) => Err("the agent ended as if the task were done".into()),
        Some(Ending::Place(_)) | None => Err("the agent made no report".into()),
    };
    let sighting = spec.seen.iter().position(|seen| was_seen(seen, evidence));
    let objection = match &code {
        Err(reason) => Some(reason.clone()),
        Ok(code) if !spec.codes.contains(code) => {
            Some(format!("{code} is not why it cannot be done"))
        }
        Ok(_) if sighting.is_none() => {
            Some("no page that shows the obstacle was opened before the report".into())
        }
        Ok(_) => None,
    };
    let codes: Vec<&str> = spec.codes.iter().map(|code| code.as_str()).collect();
    Finding {
        status: status_of(objection.is_none()),
        expected: format!("{}, after its reason was on a page", codes.join(" or ")),
        found: match &evidence.ending {
            Some(Ending::Infeasible(text)) => shorten(text, 2000),
            Some(Ending::Answer(text)) => format!("an answer: {}", shorten(text, 2000)),
            Some(Ending::Place(_)) | None => "no report".into(),
        },
        reason: objection
            .unwrap_or_else(|| "the code is right, and its reason was on a page".into()),
        evidence: json!({
            "code": code.ok(),
            "acceptedCodes": codes,
            "seen": spec.seen,
            "sighting": sighting,
        }),
    }
    .into_criterion(
        "infeasible",
        "The agent reports, with the right reason, that the task cannot be done.",
    )
}

/// The code that a report starts with. A second, different code makes it ambiguous.
fn read_code(report: &str) -> Result<InfeasibleCode, String> {
    let word = |text: &str| -> Option<InfeasibleCode> {
        text.trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_ascii_uppercase()
            .parse()
            .ok()
    };
    let mut words = report
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter(|part| !part.is_empty());
    let names = || {
        InfeasibleCode::ALL
            .iter()
            .map(|code| code.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let Some(code) = words.next().and_then(word) else {
        return Err(format!(
            "the report does not start with one of: {}",
            names()
        ));
    };
    if words.filter_map(word).any(|other| other != code) {
        return Err("the report names more than one code".into());
    }
    Ok(code)
}

/// Whether the pages that match route and parameters showed all the records, together.
fn was_seen(seen: &Sighting, evidence: &Evidence) -> bool {
    let pages: Vec<_> = evidence
        .journal
        .iter()
        .filter(|entry| entry.status == seen.status)
        .filter(|entry| {
            entry.view.as_ref().is_some_and(|view| {
                seen.route.as_ref().is_none_or(|route| *route == view.route)
                    && (!seen.exact || narrowed_no_further(seen, view))
                    && seen.params.iter().all(|(name, wanted)| {
                        view.params
                            .get(name)
                            .is_some_and(|value| same(wanted, value))
                    })
            })
        })
        .collect();
    let shown: BTreeSet<&str> = pages
        .iter()
        .flat_map(|entry| entry.shown.iter().map(String::as_str))
        .collect();
    !pages.is_empty()
        && seen
            .shown
            .iter()
            .all(|record| shown.contains(record.as_str()))
}

fn narrowed_no_further(seen: &Sighting, view: &View) -> bool {
    view.unknown.is_empty()
        && view
            .params
            .keys()
            .all(|name| seen.params.contains_key(name) || name == "sort" || name == "page")
}
