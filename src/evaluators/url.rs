//! The page left open: route, record and filters as typed values. The active tab's address and
//! the last page that the sites served must both be it, so an address that was only typed, or
//! never answered, does not count.
//!
//! Cannot see: what is scrolled into view, unsaved forms, anything that the browser alone knows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Finding, shorten, status_of};
use crate::domain::evidence::{Evidence, JournalEntry, View};
use crate::domain::task::UrlSpec;
use crate::domain::verdict::Criterion;

/// Judges the page left open.
pub fn judge(spec: &UrlSpec, evidence: &Evidence) -> Criterion {
    let served = evidence.journal.iter().rev().find(|entry| entry.document);
    let reason = objection(spec, evidence.final_view.as_ref(), served);
    Finding {
        status: status_of(reason.is_none()),
        expected: view_text(&spec.route, &spec.params),
        found: evidence.final_view.as_ref().map_or_else(
            || "no page of the sites".into(),
            |view| shorten(&view_text(&view.route, &view.params), 2000),
        ),
        reason: reason.unwrap_or_else(|| "the page asked for is open and was served last".into()),
        evidence: json!({
            "finalUrl": evidence.final_url.as_deref().map(|url| shorten(url, 2000)),
            "finalView": evidence.final_view,
            "lastDocument": served,
        }),
    }
    .into_criterion("url", "The page asked for is the one left open.")
}

fn objection(spec: &UrlSpec, open: Option<&View>, served: Option<&JournalEntry>) -> Option<String> {
    let Some(open) = open else {
        return Some("the page left open is not one of the sites' pages".into());
    };
    if let Some(difference) = difference(spec, open) {
        return Some(difference);
    }
    let Some(served) = served else {
        return Some("the sites served no page to this run".into());
    };
    if served.status != 200 {
        return Some(format!(
            "the last page was answered with status {}",
            served.status
        ));
    }
    match &served.view {
        Some(view) if difference(spec, view).is_none() => None,
        _ => Some("the page left open is not the one that the sites served last".into()),
    }
}

/// In what a view is not the one asked for; absent when it is.
fn difference(spec: &UrlSpec, view: &View) -> Option<String> {
    if view.route != spec.route {
        return Some(format!(
            "the open page is {}, not {}",
            view.route, spec.route
        ));
    }
    if let Some(unknown) = view.unknown.first() {
        return Some(format!(
            "the address has a parameter that the page does not know: {}",
            shorten(unknown, 80)
        ));
    }
    let asked = spec.params.iter().filter_map(|(name, wanted)| {
        let Some(value) = view.params.get(name) else {
            return Some(format!(
                "{name} is not set or has its default, expected {wanted}"
            ));
        };
        (!same(wanted, value)).then(|| {
            let value = shorten(&value.to_string(), 200);
            format!("{name} is {value}, expected {wanted}")
        })
    });
    let beyond = view
        .params
        .iter()
        .filter(|(name, _)| !spec.params.contains_key(*name))
        .map(|(name, value)| {
            let value = shorten(&value.to_string(), 200);
            format!("{name} is {value}, which was not asked for")
        });
    let all: Vec<String> = asked.chain(beyond).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// Typed equality: numbers by value, arrays as sets.
pub(super) fn same(wanted: &Value, value: &Value) -> bool {
    match (wanted, value) {
        (Value::Number(left), Value::Number(right)) => {
            left == right
                || left
                    .as_f64()
                    .is_some_and(|number| Some(number) == right.as_f64())
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|item| right.iter().any(|other| same(item, other)))
                && right
                    .iter()
                    .all(|item| left.iter().any(|other| same(item, other)))
        }
        _ => wanted == value,
    }
}

fn view_text(route: &str, params: &BTreeMap<String, Value>) -> String {
    let params = params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(" ");
    format!("{route} {params}").trim_end().into()
}
