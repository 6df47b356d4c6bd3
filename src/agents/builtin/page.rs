//! Finds elements and texts in an observation as a person names them.

use std::collections::BTreeMap;

use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};
use crate::domain::solution::{Target, fill_in};

pub(super) const TEXT_FIELDS: [&str; 4] = ["textbox", "searchbox", "spinbutton", "combobox"];
pub(super) const LIST_BOXES: [&str; 2] = ["combobox", "listbox"];
pub(super) const CHECK_BOXES: [&str; 2] = ["checkbox", "switch"];

pub(super) fn click(bid: String) -> Action {
    Action::Click {
        bid,
        button: MouseButton::Left,
        modifiers: Vec::new(),
    }
}

/// The address of a path on the site that is open.
pub(super) fn address(open: &str, path: &str) -> Result<String, String> {
    url::Url::parse(open)
        .and_then(|base| base.join(path))
        .map(String::from)
        .map_err(|problem| format!("`{path}` is no address from `{open}`: {problem}"))
}

/// The id of the one element that a target means.
pub(super) fn find(
    observation: &Observation,
    roles: &[&str],
    target: &Target,
    values: &BTreeMap<String, String>,
) -> Result<String, String> {
    let node = find_node(observation, roles, target, values)?;
    node.bid
        .clone()
        .ok_or_else(|| format!("`{}` cannot be acted on", node.name))
}

/// The whole name of the one element that a target means.
pub(super) fn whole_name(
    observation: &Observation,
    role: &str,
    target: &Target,
    values: &BTreeMap<String, String>,
) -> Result<String, String> {
    find_node(observation, &[role], target, values).map(|node| plain(&node.name))
}

fn find_node<'a>(
    observation: &'a Observation,
    roles: &[&str],
    target: &Target,
    values: &BTreeMap<String, String>,
) -> Result<&'a Node, String> {
    let name = fill_in(&target.name, values);
    let within = target.within.as_ref().map(|text| fill_in(text, values));
    let nodes = &observation.nodes;
    let what = format!("{} named `{name}`", roles.join(" or "));
    let least = target.nth.unwrap_or(1);
    let found = in_scope(nodes, within.as_deref(), least, &what, |range| {
        by_name(nodes, range, &name, |node| {
            roles.contains(&node.role.as_str())
        })
    })?;
    pick(&found, target.nth, &what).map(|index| &nodes[index])
}

/// Elements with exactly this name; else those whose name starts with it; else those whose name
/// holds it.
fn by_name(
    nodes: &[Node],
    range: std::ops::Range<usize>,
    name: &str,
    fits: impl Fn(&Node) -> bool,
) -> Vec<usize> {
    let wanted = plain(name);
    let select = |matches: &dyn Fn(&str) -> bool| -> Vec<usize> {
        range
            .clone()
            .filter(|&at| fits(&nodes[at]) && matches(&plain(&nodes[at].name)))
            .collect()
    };
    let exact = select(&|found| found == wanted);
    if !exact.is_empty() {
        return exact;
    }
    let starting = select(&|found| found.starts_with(&wanted));
    if starting.is_empty() {
        select(&|found| found.contains(&wanted))
    } else {
        starting
    }
}

fn pick(found: &[usize], nth: Option<usize>, what: &str) -> Result<usize, String> {
    match (found, nth) {
        ([], _) => Err(format!("there is no {what}")),
        (found, Some(nth)) => found
            .get(nth - 1)
            .copied()
            .ok_or_else(|| format!("there are only {} elements of {what}", found.len())),
        ([only], None) => Ok(*only),
        (found, None) => Err(format!(
            "there are {} elements of {what}; say which",
            found.len()
        )),
    }
}

/// What `search` finds on the whole page, or in the smallest part of it that holds the text and
/// at least so many of what is searched for.
fn in_scope(
    nodes: &[Node],
    within: Option<&str>,
    least: usize,
    what: &str,
    search: impl Fn(std::ops::Range<usize>) -> Vec<usize>,
) -> Result<Vec<usize>, String> {
    let Some(within) = within else {
        return Ok(search(0..nodes.len()));
    };
    let wanted = plain(within);
    let exact: Vec<usize> = (0..nodes.len())
        .filter(|&at| plain(&nodes[at].name) == wanted)
        .collect();
    let anchors: Vec<usize> = if exact.is_empty() {
        (0..nodes.len())
            .filter(|&at| plain(&nodes[at].name).contains(&wanted))
            .collect()
    } else {
        exact
    };
    if anchors.is_empty() {
        return Err(format!("the page does not show `{within}`"));
    }
    anchors
        .into_iter()
        .filter_map(|anchor| {
            enclosing(nodes, anchor)
                .into_iter()
                .map(|range| (range.len(), search(range)))
                .find(|(_, found)| found.len() >= least)
        })
        .min_by_key(|(size, _)| *size)
        .map(|(_, found)| found)
        .ok_or_else(|| match least {
            1 => format!("there is no {what} at `{within}`"),
            _ => format!("there are no {least} of {what} at `{within}`"),
        })
}

/// The parts of the page around a node, from the smallest to the whole page.
fn enclosing(nodes: &[Node], anchor: usize) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    ranges.push(anchor..subtree_end(nodes, anchor));
    let mut depth = nodes[anchor].depth;
    for at in (0..anchor).rev() {
        if nodes[at].depth < depth {
            depth = nodes[at].depth;
            ranges.push(at..subtree_end(nodes, at));
        }
    }
    ranges.push(0..nodes.len());
    ranges
}

fn subtree_end(nodes: &[Node], root: usize) -> usize {
    nodes[root + 1..]
        .iter()
        .position(|node| node.depth <= nodes[root].depth)
        .map_or(nodes.len(), |length| root + 1 + length)
}

/// The first text behind a label.
pub(super) fn text_after(
    observation: &Observation,
    label: &str,
    within: Option<&str>,
    nth: Option<usize>,
) -> Result<String, String> {
    let nodes = &observation.nodes;
    let what = format!("label `{label}`");
    let wanted = plain(label);
    let least = nth.unwrap_or(1);
    let found = in_scope(nodes, within, least, &what, |range| {
        range
            .filter(|&at| {
                plain(&nodes[at].name).trim_end_matches(':') == wanted.trim_end_matches(':')
            })
            // An element and the text inside it are one label.
            .filter(|&at| at == 0 || plain(&nodes[at - 1].name) != plain(&nodes[at].name))
            .collect()
    })?;
    let index = pick(&found, nth, &what)?;
    nodes[index + 1..]
        .iter()
        .map(|node| {
            plain(if node.name.is_empty() {
                node.value.as_deref().unwrap_or("")
            } else {
                &node.name
            })
        })
        .find(|text| !text.is_empty() && *text != plain(&nodes[index].name))
        .ok_or_else(|| format!("there is no text behind the {what}"))
}

/// The name of an element by role and place.
pub(super) fn name_of(
    observation: &Observation,
    role: &str,
    nth: usize,
    within: Option<&str>,
) -> Result<String, String> {
    let nodes = &observation.nodes;
    let what = format!("{role} with a name");
    let found = in_scope(nodes, within, nth, &what, |range| {
        range
            .filter(|&at| nodes[at].role == role && !nodes[at].name.trim().is_empty())
            .collect()
    })?;
    pick(&found, Some(nth), &what).map(|index| plain(&nodes[index].name))
}

/// Whether the page shows a text.
pub(super) fn see(observation: &Observation, text: &str) -> Result<(), String> {
    let wanted = plain(text);
    let shown = observation
        .nodes
        .iter()
        .any(|node| plain(&node.name).contains(&wanted));
    if shown {
        Ok(())
    } else {
        Err(format!("the page does not show `{text}`"))
    }
}

/// Runs of blanks as one, and none before a colon: words that only screen readers get stand as
/// blocks of their own, so `Save for later: Kettle` may come as `Save for later : Kettle`.
fn plain(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" :", ":")
}
