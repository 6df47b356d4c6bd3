//! What an agent sees of a page.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A page as an agent sees it, taken in one round trip.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// Address of the active tab.
    pub url: String,
    /// Title of the active tab.
    pub title: String,
    /// All tabs, in order of opening.
    pub tabs: Vec<Tab>,
    /// `bid` of the focused element.
    pub focus: Option<String>,
    /// How far the page is scrolled.
    pub scroll: Scroll,
    /// The accessibility-style tree in document order; `depth` gives the nesting.
    pub nodes: Vec<Node>,
    /// Whether the size limit cut the tree.
    pub truncated: bool,
}

/// An open tab.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Tab {
    /// Title; empty when the tab has none or was not asked.
    pub title: String,
    /// Address.
    pub url: String,
    /// Whether actions go to it.
    pub active: bool,
}

/// How far a page is scrolled, and how far it can be, in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scroll {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Largest `x`.
    pub max_x: f64,
    /// Largest `y`.
    pub max_y: f64,
}

/// One element, or one run of text (`role` is `text`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Node {
    /// Nesting, 0 for the children of the page.
    pub depth: u16,
    /// Stable short id; interactive elements have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bid: Option<String>,
    /// ARIA role, e.g. `link`, `textbox`, `heading`, or `text`.
    pub role: String,
    /// Accessible name, or the text itself.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Current value of a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// States such as `checked`, `disabled`, `expanded`, `required`, `selected`, `level=2`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// Options of a list box, as shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Left, top, width, height in CSS pixels of the viewport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// Whether a part of it is inside the viewport.
    #[serde(default)]
    pub in_view: bool,
}

impl Node {
    /// One line as models and people read it: `[12] link "Orders" expanded value="x"`.
    pub fn to_line(&self) -> String {
        let mut line = String::new();
        if let Some(bid) = &self.bid {
            let _ = write!(line, "[{bid}] ");
        }
        line.push_str(&self.role);
        if !self.name.is_empty() {
            let _ = write!(line, " {:?}", self.name);
        }
        if let Some(value) = &self.value {
            let _ = write!(line, " value={value:?}");
        }
        for state in &self.states {
            let _ = write!(line, " {state}");
        }
        if !self.options.is_empty() {
            let _ = write!(line, " options={:?}", self.options);
        }
        line
    }
}

impl Observation {
    /// The tree as indented text, one element a line.
    pub fn tree_text(&self) -> String {
        let mut text = format!("RootWebArea {:?} url={}\n", self.title, self.url);
        for node in &self.nodes {
            for _ in 0..=node.depth {
                text.push_str("  ");
            }
            text.push_str(&node.to_line());
            text.push('\n');
        }
        if self.truncated {
            text.push_str("  (truncated: the page has more than fits here. Long texts end with \u{2026}; what is far below the visible part, or a screen above it, comes when you scroll there)\n");
        }
        text
    }

    /// The element with this id.
    pub fn node(&self, bid: &str) -> Option<&Node> {
        self.nodes
            .iter()
            .find(|node| node.bid.as_deref() == Some(bid))
    }
}
