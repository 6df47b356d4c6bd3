//! Accessibility trees, as the browser gives them, as the text that the reference benchmarks show
//! to their agents: each in its own form, line for line.

mod browsergym;
mod webarena;

use std::collections::HashMap;

use serde_json::Value;

pub use browsergym::{Options, text as browsergym_text};
pub use webarena::{clean as clean_webarena_text, tab_line, text as webarena_text};

/// Properties that neither form shows.
const IGNORED: [&str; 7] = [
    "focusable",
    "editable",
    "readonly",
    "level",
    "settable",
    "multiline",
    "invalid",
];

/// Deepest nesting that is shown; no page that people use comes near it.
const DEEPEST: usize = 1_000;

/// Places of nodes by their id.
fn places(nodes: &[Value]) -> HashMap<&str, usize> {
    nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| Some((node["nodeId"].as_str()?, at)))
        .collect()
}

/// The text that a node has under `role` or `name`.
fn text_of<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node.get(key)?.get("value")?.as_str()
}

/// The properties of a node that are shown, with their values.
fn properties(node: &Value) -> impl Iterator<Item = (&str, &Value)> {
    node["properties"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|property| {
            let name = property["name"].as_str()?;
            let value = property.get("value")?.get("value")?;
            (!IGNORED.contains(&name)).then_some((name, value))
        })
}

/// The ids of a node's children.
fn children(node: &Value) -> impl Iterator<Item = &str> {
    node["childIds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}
