//! What was requested of the sites: method, route, typed parameters, status, as the sites' own
//! journal has it.
//!
//! Cannot see: why it was requested, what the request changed, and requests to other hosts.

use serde_json::json;

use super::url::same;
use super::{Finding, status_of};
use crate::domain::criteria::RequestSpec;
use crate::domain::evidence::{Evidence, JournalEntry};

/// Judges the journal.
pub(super) fn judge(spec: &RequestSpec, evidence: &Evidence) -> Finding {
    let matching: Vec<u32> = evidence
        .journal
        .iter()
        .filter(|entry| fits(spec, entry))
        .map(|entry| entry.n)
        .collect();
    let count = u32::try_from(matching.len()).unwrap_or(u32::MAX);
    let too_many = spec.at_most.is_some_and(|most| count > most);
    let met = count >= spec.at_least && !too_many;
    let near = evidence
        .journal
        .iter()
        .rev()
        .find(|entry| has_route(spec, entry));
    Finding {
        status: status_of(met),
        expected: expected(spec),
        found: match (count, near) {
            (0, Some(near)) => {
                format!(
                    "none; the last of this route was {} {}, status {}",
                    near.method,
                    super::shorten(&near.path, 300),
                    near.status
                )
            }
            _ => format!("{count} such requests"),
        },
        reason: if met {
            "the sites answered such requests".to_owned()
        } else if too_many {
            "there were more such requests than may be".to_owned()
        } else {
            "there were too few such requests".to_owned()
        },
        evidence: json!({"matching": matching, "requests": evidence.journal.len()}),
    }
}

fn has_route(spec: &RequestSpec, entry: &JournalEntry) -> bool {
    entry
        .view
        .as_ref()
        .is_some_and(|view| view.route == spec.route)
}

fn fits(spec: &RequestSpec, entry: &JournalEntry) -> bool {
    let method = spec.method.as_ref();
    let has = |name: &String, wanted: &serde_json::Value| {
        let view = entry.view.as_ref();
        view.and_then(|view| view.params.get(name))
            .is_some_and(|value| same(wanted, value))
    };
    has_route(spec, entry)
        && method.is_none_or(|method| method.eq_ignore_ascii_case(&entry.method))
        && spec
            .status
            .map_or(entry.status < 400, |status| status == entry.status)
        && spec.params.iter().all(|(name, wanted)| has(name, wanted))
}

fn expected(spec: &RequestSpec) -> String {
    let params: Vec<String> = spec
        .params
        .iter()
        .map(|(name, value)| format!(" {name}={value}"))
        .collect();
    let method = spec.method.as_deref().unwrap_or("any method");
    let most = spec
        .at_most
        .map_or_else(String::new, |most| format!(", at most {most}"));
    format!(
        "{method} {}{}: at least {}{most}",
        spec.route,
        params.concat(),
        spec.at_least
    )
}
