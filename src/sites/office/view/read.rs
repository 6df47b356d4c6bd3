//! Reads addresses of the back office.

use std::collections::BTreeMap;

use super::table::{PAGES, Spec};
use super::{Arg, Parsed, Route, inner};
use crate::sites::address::Address;

/// Reads a path and query such as `/office/orders?status=new`. None when it is no page of the
/// office. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let address = Address::read(path_and_query, "/office")?;
    let (spec, mut args) = PAGES
        .iter()
        .find_map(|spec| Some((spec, of_path(spec, &address.segments)?)))?;
    let mut unknown = Vec::new();
    for (name, values) in grouped(address.query) {
        let param = spec.param(&name).filter(|param| !spec.in_path(param.name));
        match param.and_then(|param| Some((param, param.read(&values)?))) {
            Some((param, arg)) => {
                if !param.is_default(&arg) {
                    args.insert(param.name, arg);
                }
            }
            None => unknown.push(name),
        }
    }
    let route = Route {
        page: spec.page,
        args,
    };
    Some(Parsed { route, unknown })
}

/// The parameters in a path; none when it is not a path of this page.
fn of_path(spec: &Spec, segments: &[String]) -> Option<BTreeMap<&'static str, Arg>> {
    let parts: Vec<&str> = spec
        .path
        .split('/')
        .filter(|part| !part.is_empty())
        .skip(1)
        .collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut args = BTreeMap::new();
    for (part, segment) in parts.iter().zip(segments) {
        let Some(name) = inner(part) else {
            if part != segment {
                return None;
            }
            continue;
        };
        let suffix = part.split('}').nth(1).unwrap_or("");
        let value = segment.strip_suffix(suffix)?;
        let param = spec.param(name)?;
        args.insert(param.name, param.read(&[value.to_owned()])?);
    }
    Some(args)
}

/// Values of the query by name, in order of name. Empty values count as not given, because
/// browsers send every field of a filter form.
fn grouped(query: &str) -> BTreeMap<String, Vec<String>> {
    let mut pairs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let value = value.trim();
        if !value.is_empty() {
            pairs
                .entry(name.into_owned())
                .or_default()
                .push(value.to_owned());
        }
    }
    pairs
}
