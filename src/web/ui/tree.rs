//! The observation as a nested list, one line per element, with what changed since the step
//! before.

use std::collections::HashMap;

use crate::domain::observation::{Node, Observation};

/// What happened to an element since the step before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It is as it was, or nothing is compared.
    Same,
    /// It is new.
    New,
    /// Its name, value or states differ.
    Changed,
    /// It is gone.
    Gone,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The element's id within the page.
    pub bid: Option<String>,
    /// Role.
    pub role: String,
    /// Name in quotes; empty when it has none.
    pub name: String,
    /// Value, states and options.
    pub states: String,
    /// What happened to it.
    pub mark: Mark,
    /// Whether the step acts on it.
    pub acted: bool,
    /// Whether a nested list begins after it.
    pub opens: bool,
    /// How many nested lists end after it.
    pub closes: usize,
    level: usize,
}

impl Line {
    /// Classes of the line.
    pub fn classes(&self) -> &'static str {
        match (self.mark, self.acted) {
            (Mark::Same, false) => "ln",
            (Mark::Same, true) => "ln act",
            (Mark::New, false) => "ln new",
            (Mark::New, true) => "ln new act",
            (Mark::Changed, false) => "ln chg",
            (Mark::Changed, true) => "ln chg act",
            (Mark::Gone, _) => "ln gone",
        }
    }
}

/// The observation of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    /// Lines in order.
    pub lines: Vec<Line>,
    /// Whether it was compared with the step before: only within one page.
    pub compared: bool,
    /// Number of new elements.
    pub new: usize,
    /// Number of changed elements.
    pub changed: usize,
    /// Number of elements that are gone.
    pub gone: usize,
    /// Whether the size limit cut it.
    pub truncated: bool,
}

impl Tree {
    /// The tree of `now`, compared with `before` when both are the same page.
    pub fn of(now: &Observation, before: Option<&Observation>, acted: Option<&str>) -> Self {
        let before = before.filter(|before| page(&before.url) == page(&now.url));
        let mut lines = vec![root(now)];
        match before {
            Some(before) => compare(&mut lines, &now.nodes, &before.nodes),
            None => lines.extend(now.nodes.iter().map(|node| line(node, Mark::Same))),
        }
        for line in &mut lines {
            line.acted = acted.is_some() && line.bid.as_deref() == acted && line.mark != Mark::Gone;
        }
        nest(&mut lines);
        let count = |mark| lines.iter().filter(|line| line.mark == mark).count();
        Self {
            new: count(Mark::New),
            changed: count(Mark::Changed),
            gone: count(Mark::Gone),
            compared: before.is_some(),
            truncated: now.truncated,
            lines,
        }
    }
}

fn page(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

fn root(observation: &Observation) -> Line {
    Line {
        bid: None,
        role: "RootWebArea".to_owned(),
        name: format!("{:?}", observation.title),
        states: String::new(),
        mark: Mark::Same,
        acted: false,
        opens: false,
        closes: 0,
        level: 0,
    }
}

fn line(node: &Node, mark: Mark) -> Line {
    let value = node.value.iter().map(|value| format!("value={value:?}"));
    let options = (!node.options.is_empty()).then(|| format!("options={:?}", node.options));
    let states: Vec<_> = value
        .chain(node.states.iter().cloned())
        .chain(options)
        .collect();
    Line {
        bid: node.bid.clone(),
        role: node.role.clone(),
        name: if node.name.is_empty() {
            String::new()
        } else {
            format!("{:?}", node.name)
        },
        states: states.join(" "),
        mark,
        acted: false,
        opens: false,
        closes: 0,
        level: usize::from(node.depth) + 1,
    }
}

/// What makes two nodes the same element: the id, else role and text.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Bid(&'a str),
    Text(&'a str, &'a str),
}

fn key(node: &Node) -> Key<'_> {
    node.bid
        .as_deref()
        .map_or_else(|| Key::Text(&node.role, &node.name), Key::Bid)
}

/// Walks both trees in order. An element that is gone is shown after the last of its
/// predecessors that is still there.
fn compare(lines: &mut Vec<Line>, now: &[Node], before: &[Node]) {
    let mut places: HashMap<Key<'_>, Vec<usize>> = HashMap::new();
    for (at, node) in before.iter().enumerate().rev() {
        places.entry(key(node)).or_default().push(at);
    }
    let matches: Vec<_> = now
        .iter()
        .map(|node| places.get_mut(&key(node)).and_then(Vec::pop))
        .collect();
    let mut gone = vec![true; before.len()];
    for at in matches.iter().flatten() {
        gone[*at] = false;
    }
    let gone_from = |lines: &mut Vec<Line>, from: usize| {
        let run = gone
            .iter()
            .enumerate()
            .skip(from)
            .take_while(|(_, gone)| **gone);
        lines.extend(run.map(|(at, _)| line(&before[at], Mark::Gone)));
    };
    gone_from(lines, 0);
    for (node, place) in now.iter().zip(matches) {
        let mark = match place {
            None => Mark::New,
            Some(at) if before[at].to_line() != node.to_line() => Mark::Changed,
            Some(_) => Mark::Same,
        };
        lines.push(line(node, mark));
        if let Some(at) = place {
            gone_from(lines, at + 1);
        }
    }
}

/// Turns levels into the opening and closing of nested lists; no line is more than one level
/// deeper than the one before.
fn nest(lines: &mut [Line]) {
    let mut deepest = 0;
    for line in lines.iter_mut() {
        line.level = line.level.min(deepest + 1);
        deepest = line.level;
    }
    if let Some(first) = lines.first_mut() {
        first.level = 0;
    }
    let levels: Vec<_> = lines.iter().map(|line| line.level).collect();
    for (at, line) in lines.iter_mut().enumerate() {
        let next = levels.get(at + 1).copied().unwrap_or(0);
        line.opens = next > line.level;
        line.closes = line.level.saturating_sub(next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(depth: u16, bid: Option<&str>, role: &str, name: &str) -> Node {
        Node {
            depth,
            bid: bid.map(str::to_owned),
            role: role.to_owned(),
            name: name.to_owned(),
            ..Node::default()
        }
    }

    fn page_with(url: &str, nodes: Vec<Node>) -> Observation {
        Observation {
            url: url.to_owned(),
            title: "Cart".to_owned(),
            nodes,
            ..Observation::default()
        }
    }

    #[test]
    fn says_what_is_new_changed_and_gone() {
        let mut apply = node(1, Some("45"), "button", "Apply");
        let before = page_with(
            "/cart",
            vec![
                node(0, None, "main", ""),
                apply.clone(),
                node(1, None, "text", "Hint"),
            ],
        );
        apply.states.push("obscured".to_owned());
        let now = page_with(
            "/cart#x",
            vec![
                node(0, None, "main", ""),
                apply,
                node(0, None, "dialog", "Offer"),
            ],
        );
        let tree = Tree::of(&now, Some(&before), Some("45"));
        assert_eq!((tree.new, tree.changed, tree.gone), (1, 1, 1));
        let classes: Vec<_> = tree.lines.iter().map(Line::classes).collect();
        assert_eq!(classes, ["ln", "ln", "ln chg act", "ln gone", "ln new"]);
    }

    #[test]
    fn another_page_is_not_compared() {
        let tree = Tree::of(
            &page_with("/b", vec![]),
            Some(&page_with("/a", vec![])),
            None,
        );
        assert!(!tree.compared);
    }

    #[test]
    fn lists_that_open_close_again() {
        let nodes = vec![
            node(0, None, "main", ""),
            node(3, None, "text", "a"),
            node(0, None, "contentinfo", ""),
        ];
        let tree = Tree::of(&page_with("/", nodes), None, None);
        let opened = tree.lines.iter().filter(|line| line.opens).count();
        let closed: usize = tree.lines.iter().map(|line| line.closes).sum();
        assert_eq!((opened, closed), (2, 2));
    }
}
