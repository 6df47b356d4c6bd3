//! The address of the tab left open against reference addresses, by the rules of WebArena
//! (`evaluation_harness/evaluators.py`, `URLEvaluator`) and VisualWebArena.
//!
//! Cannot see: what the page shows, and how it was reached.

use std::collections::BTreeMap;

use super::reference::address::{self, Address};
use super::reference::judging::{Stop, Tally, error};
use super::string_match::{OR, text_of};
use super::{Finding, Said};
use crate::domain::evidence::{Asked, Found};
use crate::domain::webarena::{Compat, UrlMatchSpec};

/// Judges the address that was looked up after the end.
pub(super) fn judge(spec: &UrlMatchSpec, said: &Said) -> Result<Finding, Asked> {
    let open = said.lookups.first().map(|lookup| &lookup.found);
    let open = match open {
        Some(Found::Text(open)) => Ok(open.clone()),
        Some(Found::Failed(reason)) => Err(reason.clone()),
        Some(Found::Nothing) | None => Err("the address of the open page was not read".to_owned()),
    };
    said.find(open.as_deref().unwrap_or("no page"), |tally| match &open {
        Ok(open) => score(spec, open, tally),
        Err(reason) => error(reason.clone()),
    })
}

/// Compares one address.
pub(super) fn score(spec: &UrlMatchSpec, open: &str, tally: &mut Tally) -> Result<(), Stop> {
    let reference = text_of("reference_url", &spec.reference_url)?;
    let rule = match &spec.url_note {
        Some(note) => Some(text_of("url_note", note)?),
        None => None,
    };
    let met = match (spec.compat, rule) {
        (Compat::Visualwebarena, None | Some("EXACT")) => {
            let open = visual(open);
            reference.split(OR).any(|one| visual(one) == open)
        }
        (Compat::Visualwebarena, Some("GOLD in PRED")) => {
            let open = visual(open);
            reference.split(OR).any(|one| open.contains(&visual(one)))
        }
        (Compat::Strict, None | Some("GOLD in PRED")) => {
            let open = split(open)?;
            let alternatives: Result<Vec<Address>, Stop> = reference.split(OR).map(split).collect();
            alternatives?.iter().any(|wanted| same_place(wanted, &open))
        }
        (_, None | Some("GOLD in PRED")) => contained(reference, open)?,
        (_, Some(other)) => return error(format!("url_note `{other}` is no rule")),
    };
    tally.part("url_match", reference, open, met);
    Ok(())
}

/// WebArena: any reference is a part of the open page's host and path, and the pooled query values
/// of all references are there.
fn contained(reference: &str, open: &str) -> Result<bool, Stop> {
    let open = split(open)?;
    let mut references = Vec::new();
    for one in reference.split(OR) {
        references.push(split(one)?);
    }
    let mut pooled: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, values) in references.iter().flat_map(|reference| &reference.query) {
        pooled
            .entry(key)
            .or_default()
            .extend(values.iter().map(String::as_str));
    }
    let place = references
        .iter()
        .any(|reference| open.base.contains(&reference.base));
    let query = pooled.iter().all(|(key, values)| {
        let given = open.query.get(*key);
        given.is_some_and(|given| given.iter().any(|one| values.contains(&one.as_str())))
    });
    Ok(place && query)
}

fn split(url: &str) -> Result<Address, Stop> {
    address::split(url.trim_end_matches('/')).map_err(Stop::Error)
}

/// VisualWebArena's cleaning: one name for this machine, one slash less.
fn visual(url: &str) -> String {
    let url = url.replace("localhost", "127.0.0.1");
    url.strip_suffix('/').unwrap_or(&url).to_owned()
}

/// Strict: the same host, the reference's path by whole segments, and the query of this one
/// alternative. The reference takes `order_id/1800` for `order_id/180`, another host whose address
/// holds the text, and one alternative's query for another's (WebArena pull request 77); a slash
/// before the query makes a difference there, and here none.
fn same_place(wanted: &Address, open: &Address) -> bool {
    let (wanted_host, wanted_path) = parts(&wanted.base);
    let (open_host, open_path) = parts(&open.base);
    let has = |key: &String, value: &String| {
        open.query
            .get(key)
            .is_some_and(|given| given.contains(value))
    };
    wanted_host == open_host
        && open_path.starts_with(&wanted_path)
        && wanted
            .query
            .iter()
            .all(|(key, values)| values.iter().all(|value| has(key, value)))
}

fn parts(base: &str) -> (String, Vec<String>) {
    let (host, path) = base.split_at(base.find('/').unwrap_or(base.len()));
    let host = host.rsplit('@').next().unwrap_or(host).to_lowercase();
    let host = host.replace("localhost", "127.0.0.1");
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    (
        host.trim_end_matches(":80").to_owned(),
        segments.map(str::to_owned).collect(),
    )
}
