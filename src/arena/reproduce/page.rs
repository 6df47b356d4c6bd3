//! Compares two observations of a page: what an agent can tell apart of them. Boxes, scrolling
//! and what is in view follow from fonts and are left out.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::domain::observation::{Node, Observation};

/// A field of the page that differs: its name and both values.
pub type Differing = (String, Value, Value);

/// Dates, times of day and ages, in the forms that pages write.
static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    let month = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?";
    let weekday = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,?";
    Regex::new(&format!(
        r"(?ix)
          \b\d{{4}}-\d{{2}}-\d{{2}}(?:[T\ ]\d{{2}}:\d{{2}}(?::\d{{2}})?(?:\.\d+)?Z?)?\b
        | \b\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?:\ ?[ap]m)?\b
        | \b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b
        | \b(?:{weekday}\ )?\d{{1,2}}(?:st|nd|rd|th)?\ {month}(?:\ \d{{4}})?\b
        | \b(?:{weekday}\ )?{month}\ \d{{1,2}}(?:,?\ \d{{4}})?\b
        | \b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b
        | \b\d+\ (?:ms|seconds?|minutes?|hours?|days?|weeks?|months?|years?)(?:\ ago)?\b
        "
    ))
    .expect("the pattern is right")
});

/// Every field that differs, in the order of reading; of the elements the first only.
pub fn differences(recorded: &Observation, now: &Observation) -> Vec<Differing> {
    let mut found = Vec::new();
    let mut compare = |name: &str, recorded: Value, now: Value| {
        if recorded != now {
            found.push((name.to_owned(), recorded, now));
        }
    };
    compare("url", json!(recorded.url), json!(now.url));
    compare("title", json!(recorded.title), json!(now.title));
    compare("tabs", json!(recorded.tabs), json!(now.tabs));
    let count = recorded.nodes.len().max(now.nodes.len());
    let first = (0..count).find(|at| {
        let [one, other] = [recorded, now].map(|page| page.nodes.get(*at).map(seen));
        one != other
    });
    if let Some(at) = first {
        let [one, other] = [recorded, now].map(|page| page.nodes.get(at));
        let (name, recorded, now) = of_node(at, one, other);
        compare(&name, recorded, now);
    }
    compare("focus", json!(recorded.focus), json!(now.focus));
    compare("truncated", json!(recorded.truncated), json!(now.truncated));
    found
}

/// What counts of an element.
fn seen(node: &Node) -> Node {
    Node {
        bbox: None,
        in_view: false,
        ..node.clone()
    }
}

/// The one field of an element that differs, or the whole element.
fn of_node(at: usize, recorded: Option<&Node>, now: Option<&Node>) -> Differing {
    let line = |node: Option<&Node>| node.map_or(Value::Null, |node| json!(node.to_line()));
    let whole = (format!("nodes[{at}]"), line(recorded), line(now));
    let (Some(one), Some(other)) = (recorded, now) else {
        return whole;
    };
    let fields = |node: &Node| {
        [
            ("depth", json!(node.depth)),
            ("bid", json!(node.bid)),
            ("role", json!(node.role)),
            ("name", json!(node.name)),
            ("value", json!(node.value)),
            ("states", json!(node.states)),
            ("options", json!(node.options)),
        ]
    };
    let (ones, others) = (fields(one), fields(other));
    let mut differing = ones
        .into_iter()
        .zip(others)
        .filter(|((_, one), (_, other))| one != other);
    match (differing.next(), differing.next()) {
        (Some(((name, one), (_, other))), None) => (format!("nodes[{at}].{name}"), one, other),
        _ => whole,
    }
}

/// Whether two pages differ in dates and times alone.
pub fn differ_by_the_clock(recorded: &Observation, now: &Observation) -> bool {
    let masked = |page: &Observation| {
        let nodes: Vec<Node> = page.nodes.iter().map(seen).collect();
        let text = json!([page.url, page.title, page.tabs, nodes, page.focus]).to_string();
        CLOCK.replace_all(&text, "(time)").into_owned()
    };
    masked(recorded) == masked(now)
}

/// Whether two pages are the same to an agent, but laid out differently.
pub fn differ_in_layout(recorded: &Observation, now: &Observation) -> bool {
    recorded != now && differences(recorded, now).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(names: &[&str]) -> Observation {
        let node = |(n, name): (usize, &&str)| Node {
            bid: Some(n.to_string()),
            role: "link".into(),
            name: (*name).into(),
            bbox: Some([0.0, 0.0, 10.0, 10.0]),
            ..Node::default()
        };
        Observation {
            url: "{place}/shop/".into(),
            nodes: names.iter().enumerate().map(node).collect(),
            ..Observation::default()
        }
    }

    #[test]
    fn the_first_element_that_differs_is_named_with_its_field() {
        let recorded = page(&["Home", "Orders"]);
        let found = differences(&recorded, &page(&["Home", "My orders"]));
        assert_eq!(
            found,
            [(
                "nodes[1].name".to_owned(),
                json!("Orders"),
                json!("My orders")
            )]
        );
        let found = differences(&recorded, &page(&["Home"]));
        assert_eq!(
            found,
            [(
                "nodes[1]".to_owned(),
                json!("[1] link \"Orders\""),
                json!(null)
            )]
        );
        let mut moved = recorded.clone();
        moved.nodes[0].bbox = None;
        assert_eq!(differences(&recorded, &moved), []);
        assert!(differ_in_layout(&recorded, &moved));
    }

    #[test]
    fn dates_and_times_alone_are_told_from_other_text() {
        for (recorded, now, by_the_clock) in [
            ("Now 10:24:01", "Now 23:59", true),
            ("18 March 2026", "3 Apr 2027", true),
            ("Monday, 2026-03-18T10:24:00Z", "Friday, 2026-03-18", true),
            ("5 minutes ago", "12 days ago", true),
            ("Order 18", "Order 19", false),
            ("Mar 18, 2026: 3 items", "Mar 19, 2026: 4 items", false),
            ("May", "June", false),
        ] {
            let found = differ_by_the_clock(&page(&[recorded]), &page(&[now]));
            assert_eq!(found, by_the_clock, "{recorded} / {now}");
        }
    }
}
