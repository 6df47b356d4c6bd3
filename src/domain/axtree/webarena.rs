//! WebArena's form (`browser_env/processors.py`, commit f62e0b9), with its quirks.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{DEEPEST, children, places, properties, text_of};
use crate::domain::python::{repr_of_text, strip, text_of as python_text};

/// Smallest part of a node that must be in view.
const IN_VIEW: f64 = 0.6;

/// Roles that are left out when they have neither name nor properties.
const PLAIN: [&str; 11] = [
    "generic",
    "img",
    "list",
    "strong",
    "paragraph",
    "banner",
    "navigation",
    "Section",
    "LabelText",
    "Legend",
    "listitem",
];

/// The line above the tree: every tab with its title, and which is active.
pub fn tab_line(titles: &[&str], active: usize) -> String {
    let one = |(at, title): (usize, &&str)| {
        let mark = if at == active { " (current)" } else { "" };
        format!("Tab {at}{mark}: {title}")
    };
    titles
        .iter()
        .enumerate()
        .map(one)
        .collect::<Vec<_>>()
        .join(" | ")
}

/// The tree as text, before lines that repeat others are taken out. Nodes are as the browser's
/// `Accessibility.getFullAXTree` gives them, each with its box in `union_bound`; with a screen
/// size, only what is in view is shown.
pub fn text(nodes: &[Value], screen: Option<(f64, f64)>) -> String {
    let mut nodes = nodes.to_vec();
    if let Some(screen) = screen {
        keep_in_view(&mut nodes, screen);
    }
    let mut tree = Tree {
        nodes: &nodes,
        places: places(&nodes),
        lines: Vec::new(),
    };
    if !nodes.is_empty() {
        tree.add(0, 0, 0);
    }
    tree.lines.join("\n")
}

/// The text without static texts that one of the three lines before holds already.
pub fn clean(text: &str) -> String {
    static STATIC_TEXT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[\d+\] StaticText (.+)").expect("a pattern that a test compiles")
    });
    let mut kept: Vec<&str> = Vec::new();
    for line in text.split('\n') {
        if !line.to_lowercase().contains("statictext") {
            kept.push(line);
            continue;
        }
        let Some(found) = STATIC_TEXT.captures(line).and_then(|found| found.get(1)) else {
            continue;
        };
        let mut quoted = found.as_str().chars();
        quoted.next();
        quoted.next_back();
        let shown = quoted.as_str();
        let last = &kept[kept.len().saturating_sub(3)..];
        if !shown.is_empty() && !last.iter().any(|line| line.contains(shown)) {
            kept.push(line);
        }
    }
    kept.join("\n")
}

/// Takes out what has no box or is not in view; children move up to where their parent was.
fn keep_in_view(nodes: &mut Vec<Value>, screen: (f64, f64)) {
    let mut removed = vec![false; nodes.len()];
    for at in 0..nodes.len() {
        if is_in_view(&nodes[at]["union_bound"], screen) {
            continue;
        }
        removed[at] = true;
        let id = nodes[at]["nodeId"].clone();
        let parent_id = nodes[at]["parentId"].clone();
        let moving: Vec<Value> = nodes[at]["childIds"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        for node in nodes.iter_mut() {
            if node["nodeId"] == parent_id
                && let Some(children) = node["childIds"].as_array_mut()
                && let Some(place) = children.iter().position(|child| *child == id)
            {
                children.splice(place..=place, moving.iter().cloned());
            } else if moving.contains(&node["nodeId"]) {
                node["parentId"] = parent_id.clone();
            }
        }
    }
    let mut at = 0;
    nodes.retain(|_| {
        at += 1;
        !removed[at - 1]
    });
}

fn is_in_view(bound: &Value, screen: (f64, f64)) -> bool {
    let number = |index: usize| bound[index].as_f64();
    let (Some(left), Some(top), Some(width), Some(height)) =
        (number(0), number(1), number(2), number(3))
    else {
        return false;
    };
    if width == 0.0 || height == 0.0 {
        return false;
    }
    let overlap = |start: f64, length: f64, limit: f64| {
        ((start + length).min(limit) - start.max(0.0)).max(0.0)
    };
    let area = overlap(left, width, screen.0) * overlap(top, height, screen.1);
    // The reference divides by the width and then multiplies by the height.
    area / width * height >= IN_VIEW
}

struct Tree<'a> {
    nodes: &'a [Value],
    places: std::collections::HashMap<&'a str, usize>,
    lines: Vec<String>,
}

impl Tree<'_> {
    /// Adds a node and what is below it.
    fn add(&mut self, at: usize, depth: usize, level: usize) {
        let node = &self.nodes[at];
        let line = line(node);
        // The reference looks at the number after it has added the line; without one, the node
        // still counts as left out.
        let is_shown = line.is_some() && node.get("backendDOMNodeId").is_some();
        let below = if is_shown { depth + 1 } else { depth };
        if let Some(line) = line {
            self.lines.push(format!("{}{line}", "\t".repeat(depth)));
        }
        if level > DEEPEST {
            return;
        }
        for child in children(node) {
            if let Some(place) = self.places.get(child).copied() {
                self.add(place, below, level + 1);
            }
        }
    }
}

/// A node as a line; none when it is left out.
fn line(node: &Value) -> Option<String> {
    let (role, name) = (text_of(node, "role")?, text_of(node, "name")?);
    let shown: Vec<String> = properties(node)
        .map(|(name, value)| format!("{name}: {}", python_text(value)))
        .collect();
    if strip(name).is_empty() {
        let plain = shown.is_empty() && PLAIN.contains(&role);
        if plain || (!shown.is_empty() && role == "listitem") {
            return None;
        }
    }
    let id = node["nodeId"].as_str().unwrap_or_default();
    let mut line = format!("[{id}] {role} {}", repr_of_text(name));
    for property in shown {
        line.push(' ');
        line.push_str(&property);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_node_without_a_number_in_the_document_indents_nothing() {
        let node = |id: &str, role: &str, below: &[&str]| {
            json!({"nodeId": id, "role": {"value": role}, "name": {"value": "a"},
                   "childIds": below})
        };
        let mut nodes = [
            node("1", "RootWebArea", &["2"]),
            node("2", "StaticText", &["3"]),
            node("3", "InlineTextBox", &[]),
        ];
        nodes[0]["backendDOMNodeId"] = json!(1);
        nodes[2]["backendDOMNodeId"] = json!(3);
        let flat = "[1] RootWebArea 'a'\n\t[2] StaticText 'a'\n\t[3] InlineTextBox 'a'";
        assert_eq!(text(&nodes, None), flat);
        nodes[1]["backendDOMNodeId"] = json!(2);
        let deep = "[1] RootWebArea 'a'\n\t[2] StaticText 'a'\n\t\t[3] InlineTextBox 'a'";
        assert_eq!(text(&nodes, None), deep);
    }
}
