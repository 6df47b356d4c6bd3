//! BrowserGym's form (`browsergym/utils/obs.py`, `flatten_axtree_to_str`, 0.14.3), with its
//! options.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{DEEPEST, children, places, properties, text_of};
use crate::domain::python::{is_true, repr, repr_of_text, strip};

/// What is shown beside role and name, and what is left out. The defaults are BrowserGym's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    missing_docs,
    reason = "the names are BrowserGym's, and its documentation explains them"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are the reference's switches"
)]
pub struct Options {
    pub with_visible: bool,
    pub with_clickable: bool,
    pub with_center_coords: bool,
    pub with_bounding_box_coords: bool,
    pub with_som: bool,
    pub skip_generic: bool,
    pub filter_visible_only: bool,
    pub filter_with_bid_only: bool,
    pub filter_som_only: bool,
    pub coord_decimals: usize,
    pub remove_redundant_static_text: bool,
    pub hide_bid_if_invisible: bool,
    pub hide_all_children: bool,
    pub hide_all_bids: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            with_visible: false,
            with_clickable: false,
            with_center_coords: false,
            with_bounding_box_coords: false,
            with_som: false,
            skip_generic: true,
            filter_visible_only: false,
            filter_with_bid_only: false,
            filter_som_only: false,
            coord_decimals: 0,
            remove_redundant_static_text: true,
            hide_bid_if_invisible: false,
            hide_all_children: false,
            hide_all_bids: false,
        }
    }
}

/// Properties that stand alone, and only when they are true.
const FLAGS: [&str; 3] = ["required", "focused", "atomic"];

/// The tree as text. `extra` holds what is known of elements by their `bid`: visibility, box,
/// whether they can be clicked and are in the set of marks.
pub fn text(nodes: &[Value], extra: &Value, options: &Options) -> String {
    let mut tree = Tree {
        nodes,
        places: places(nodes),
        extra,
        options,
        lines: Vec::new(),
    };
    if !nodes.is_empty() {
        let root = Parent {
            filtered: false,
            name: "",
        };
        tree.add(0, 0, root, 0);
    }
    tree.lines.join("\n")
}

/// What a node must know of the one above it.
#[derive(Clone, Copy)]
struct Parent<'a> {
    filtered: bool,
    name: &'a str,
}

struct Tree<'a> {
    nodes: &'a [Value],
    places: HashMap<&'a str, usize>,
    extra: &'a Value,
    options: &'a Options,
    lines: Vec<String>,
}

impl<'a> Tree<'a> {
    fn add(&mut self, at: usize, depth: usize, parent: Parent, level: usize) {
        let nodes: &'a [Value] = self.nodes;
        let node = &nodes[at];
        let mut filtered = false;
        let mut name = "";
        let mut line = None;
        if let (Some(role), Some(given)) = (text_of(node, "role"), text_of(node, "name"))
            && role != "LineBreak"
        {
            name = given;
            line = self.line(node, role, name, parent, &mut filtered);
        }
        let below = if line.is_some() { depth + 1 } else { depth };
        if let Some(line) = line {
            self.lines.push(format!("{}{line}", "\t".repeat(depth)));
        }
        if level > DEEPEST {
            return;
        }
        for child in children(node) {
            if let Some(place) = self.places.get(child).copied()
                && place != at
            {
                self.add(place, below, Parent { filtered, name }, level + 1);
            }
        }
    }

    /// A node as a line; none when it is left out.
    fn line(
        &self,
        node: &Value,
        role: &str,
        name: &str,
        parent: Parent,
        filtered: &mut bool,
    ) -> Option<String> {
        let bid = node["browsergym_id"].as_str();
        let shown = shown_properties(node);
        let mut skip = self.options.skip_generic && role == "generic" && shown.is_empty();
        skip |= self.options.hide_all_children && parent.filtered;
        let mut attributes = Vec::new();
        if role == "StaticText" {
            let redundant = self.options.remove_redundant_static_text;
            skip |= parent.filtered || (redundant && parent.name.contains(name));
        } else {
            (*filtered, attributes) = self.marks(bid);
            skip |= *filtered;
        }
        attributes.extend(shown);
        if skip {
            return None;
        }
        let mut line = self
            .bid_of(bid)
            .map_or_else(String::new, |bid| format!("[{bid}] "));
        line.push_str(role);
        if role != "generic" || !name.is_empty() {
            line.push(' ');
            line.push_str(&repr_of_text(strip(name)));
        }
        if let Some(value) = node.get("value").and_then(|value| value.get("value"))
            && !value.is_null()
        {
            line.push_str(&format!(" value={}", repr(value)));
        }
        for attribute in attributes {
            line.push_str(", ");
            line.push_str(&attribute);
        }
        Some(line)
    }

    /// The id, where it is shown.
    fn bid_of<'b>(&self, bid: Option<&'b str>) -> Option<&'b str> {
        let options = self.options;
        bid.filter(|bid| {
            let visible = self.extra[*bid]["visibility"].as_f64().unwrap_or(0.0) >= 0.5;
            !options.hide_all_bids && (!options.hide_bid_if_invisible || visible)
        })
    }

    /// Whether a node is filtered out, and what is shown of its element.
    fn marks(&self, bid: Option<&str>) -> (bool, Vec<String>) {
        let options = self.options;
        let Some(bid) = bid else {
            return (
                options.filter_with_bid_only || options.filter_som_only,
                Vec::new(),
            );
        };
        let known = &self.extra[bid];
        if known.is_null() {
            return (false, Vec::new());
        }
        let visible = known["visibility"].as_f64().unwrap_or(0.0) >= 0.5;
        let (clickable, marked) = (known["clickable"] == true, known["set_of_marks"] == true);
        let filtered =
            (options.filter_visible_only && !visible) || (options.filter_som_only && !marked);
        let mut shown = Vec::new();
        if let Ok([x, y, width, height]) = serde_json::from_value::<[f64; 4]>(known["bbox"].clone())
        {
            if options.with_bounding_box_coords {
                let corners = [x, y, x + width, y + height];
                shown.push(format!("box=\"{}\"", self.coordinates(&corners)));
            }
            if options.with_center_coords {
                let center = [x + width / 2.0, y + height / 2.0];
                shown.push(format!("center=\"{}\"", self.coordinates(&center)));
            }
        }
        let flags = [
            (options.with_clickable && clickable, "clickable"),
            (options.with_visible && visible, "visible"),
            (options.with_som && marked, "som"),
        ];
        shown.extend(
            flags
                .iter()
                .filter(|(on, _)| *on)
                .map(|(_, flag)| (*flag).to_owned()),
        );
        (filtered, shown)
    }

    fn coordinates(&self, numbers: &[f64]) -> String {
        let decimals = self.options.coord_decimals;
        let numbers: Vec<String> = numbers
            .iter()
            .map(|number| format!("{number:.decimals$}"))
            .collect();
        format!("({})", numbers.join(","))
    }
}

fn shown_properties(node: &Value) -> Vec<String> {
    properties(node)
        .filter_map(|(name, value)| {
            if FLAGS.contains(&name) {
                return is_true(value).then(|| name.to_owned());
            }
            Some(format!("{name}={}", repr(value)))
        })
        .collect()
}
