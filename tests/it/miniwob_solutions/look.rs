//! Finding things in an observation and words in a goal. Knows no task and no browser.

use agentarena::domain::action::{Action, MouseButton};
use agentarena::domain::observation::{Node, Observation};

/// The nodes with a role that can be acted on, in document order.
pub fn with_role<'a>(seen: &'a Observation, role: &str) -> Vec<&'a Node> {
    let found = seen.nodes.iter();
    found
        .filter(|node| node.bid.is_some() && node.role == role)
        .collect()
}

/// The first node with a role and a name that can be acted on.
pub fn by_role_and_name<'a>(seen: &'a Observation, role: &str, name: &str) -> Option<&'a Node> {
    with_role(seen, role)
        .into_iter()
        .find(|node| node.name == name)
}

/// The first node with a name that can be acted on.
pub fn by_name<'a>(seen: &'a Observation, name: &str) -> Option<&'a Node> {
    seen.nodes
        .iter()
        .find(|node| node.bid.is_some() && node.name == name)
}

/// What stands between double quotes in a goal, in order.
pub fn quoted(goal: &str) -> Vec<&str> {
    goal.split('"').skip(1).step_by(2).collect()
}

/// What stands between two phrases of a goal.
pub fn between<'a>(goal: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = goal.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

/// The id of a node that has one.
pub fn bid(node: &Node) -> String {
    node.bid.clone().unwrap_or_default()
}

/// A click on a node.
pub fn click(node: &Node) -> Action {
    Action::Click {
        bid: bid(node),
        button: MouseButton::Left,
        modifiers: Vec::new(),
    }
}

/// Text into a field.
pub fn fill(node: &Node, value: &str) -> Action {
    Action::Fill {
        bid: bid(node),
        value: value.to_owned(),
        enable_autocomplete_menu: false,
    }
}

/// A click at a point.
pub const fn click_at(x: f64, y: f64) -> Action {
    Action::MouseClick {
        x,
        y,
        button: MouseButton::Left,
    }
}
