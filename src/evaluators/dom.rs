//! What a page shows when the arena opens it itself, after the end, in a session of its own, where
//! nothing that the agent left in its browser can be.
//!
//! Cannot see: what the site does not show on that page; text that only another user would see.

use serde_json::json;

use super::webarena_strict::holds;
use super::{Finding, Said, shorten, status_of};
use crate::domain::criteria::{DomExpectation, DomRead, DomSpec};
use crate::domain::evidence::Found;
use crate::domain::verdict::VerdictStatus;

/// Judges what was found.
pub(super) fn judge(spec: &DomSpec, said: &Said) -> Finding {
    let lookup = said.lookups.first();
    let found = lookup.map(|lookup| &lookup.found);
    let text = match found {
        Some(Found::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let failure = match found {
        Some(Found::Failed(reason)) => Some(reason.clone()),
        None => Some("the page was not looked at".to_owned()),
        Some(Found::Text(_) | Found::Nothing) => None,
    };
    let met = meets(spec, text);
    let reason = match (&failure, met) {
        (Some(reason), _) => reason.clone(),
        (None, true) => "the page shows it".to_owned(),
        (None, false) if text.is_none() => {
            "the page has no such element, or several of them".to_owned()
        }
        (None, false) => "the page shows something else".to_owned(),
    };
    Finding {
        status: if failure.is_some() {
            VerdictStatus::Error
        } else {
            status_of(met)
        },
        expected: expected(spec),
        found: text.map_or_else(|| "nothing".to_owned(), |text| shorten(text, 2000)),
        reason,
        evidence: json!({
            "url": lookup.and_then(|lookup| lookup.url.as_deref()).unwrap_or(&spec.url),
            "locator": spec.locator, "read": spec.read, "found": found,
        }),
    }
}

fn meets(spec: &DomSpec, text: Option<&str>) -> bool {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match (&spec.expect, text) {
        (DomExpectation::Present(wanted), text) => {
            let counted = spec.read == DomRead::Count && text == Some("0");
            *wanted == (text.is_some() && !counted)
        }
        (DomExpectation::Equals(wanted), Some(text)) => folded(text) == folded(wanted),
        (DomExpectation::Includes(items), Some(text)) => {
            let text = folded(text).to_lowercase();
            items
                .iter()
                .all(|item| holds(&text, &folded(item).to_lowercase()))
        }
        (_, None) => false,
    }
}

fn expected(spec: &DomSpec) -> String {
    let what = match &spec.expect {
        DomExpectation::Equals(text) => format!("is {text:?}"),
        DomExpectation::Includes(items) => format!("includes {}", items.join(", ")),
        DomExpectation::Present(true) => "is there".to_owned(),
        DomExpectation::Present(false) => "is not there".to_owned(),
    };
    format!("{} on {} {what}", spec.locator, spec.url)
}
