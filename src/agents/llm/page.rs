//! A page as lines of text, and the difference of two pages in a form that a model can read. The
//! difference is exact: with the page before it, it says all that the page itself would.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::domain::observation::Observation;

/// A page as it stands in a prompt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Page {
    lines: Vec<Line>,
    /// Address without what follows `#`, which leads to places within a page.
    address: String,
    /// The active tab, by its place, and how many there are.
    tabs: (usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Elements are the same when their ids are, texts when they read the same.
    bid: Option<String>,
    text: String,
}

impl Line {
    fn key(&self) -> (Option<&str>, &str) {
        match &self.bid {
            Some(bid) => (Some(bid), ""),
            None => (None, &self.text),
        }
    }
}

impl Page {
    /// The page of an observation.
    pub(super) fn of(observation: &Observation) -> Self {
        // The lines of the tree are the root, one for each node, and perhaps a remark.
        let tree = observation.tree_text();
        let bids = std::iter::once(None)
            .chain(observation.nodes.iter().map(|node| node.bid.clone()))
            .chain(std::iter::repeat(None));
        let lines = tree.lines().zip(bids);
        let active = observation.tabs.iter().position(|tab| tab.active);
        let address = observation.url.split('#').next();
        Self {
            lines: lines
                .map(|(text, bid)| Line {
                    bid,
                    text: text.to_owned(),
                })
                .collect(),
            address: address.unwrap_or_default().to_owned(),
            tabs: (active.unwrap_or_default(), observation.tabs.len()),
        }
    }

    /// The whole page.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }

    /// The first lines of the page, as many as these bytes hold, with a remark that there are more.
    pub(super) fn cut(&self, most_bytes: usize) -> String {
        const MORE: &str = "  (truncated: the page has more than fits here)\n";
        if self.text().len() <= most_bytes {
            return self.text();
        }
        let mut text = String::new();
        for line in &self.lines {
            if text.len() + line.text.len() + 1 + MORE.len() > most_bytes {
                text.push_str(MORE);
                break;
            }
            text.push_str(&line.text);
            text.push('\n');
        }
        text
    }

    /// What differs from the page before, where that is shorter than the page itself. After a
    /// navigation it is never told so: the ids of another page mean other elements.
    pub(super) fn difference(&self, before: &Self) -> Option<String> {
        if self.address != before.address || self.tabs != before.tabs {
            return None;
        }
        let told = tell(&changes(&before.lines, &self.lines));
        (told.len() < self.text().len()).then_some(told)
    }
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change<'a> {
    /// It is as it was.
    Same(&'a Line),
    /// It is gone.
    Gone(&'a Line),
    /// It is new.
    New(&'a Line),
    /// The element was there, and its line reads so now.
    Changed(&'a Line),
}

/// Every line of both pages, in order.
fn changes<'a>(before: &'a [Line], now: &'a [Line]) -> Vec<Change<'a>> {
    let keys = |lines: &'a [Line]| lines.iter().map(Line::key).collect::<Vec<_>>();
    let mut found = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &keys(before), &keys(now)) {
        if let DiffOp::Equal { .. } = op {
            let pairs = before[op.old_range()].iter().zip(&now[op.new_range()]);
            found.extend(pairs.map(|(old, new)| {
                if old == new {
                    Change::Same(new)
                } else {
                    Change::Changed(new)
                }
            }));
        } else {
            found.extend(before[op.old_range()].iter().map(Change::Gone));
            found.extend(now[op.new_range()].iter().map(Change::New));
        }
    }
    found
}

fn tell(changes: &[Change<'_>]) -> String {
    let mut told = String::new();
    let mut place: Option<&Line> = None;
    let mut is_placed = false;
    for change in changes {
        let (sign, line) = match change {
            Change::Same(line) => {
                place = Some(line);
                is_placed = false;
                continue;
            }
            Change::Gone(line) => ('-', line),
            Change::New(line) => ('+', line),
            Change::Changed(line) => ('~', line),
        };
        // A changed element says itself where it is.
        if !is_placed && sign != '~' {
            let after = place.map_or("the beginning", |line| line.text.trim());
            told.push_str(&format!("@ {after}\n"));
            is_placed = true;
        }
        told.push_str(&format!("{sign} {}\n", line.text));
        if let Change::Changed(line) = change {
            place = Some(line);
            is_placed = false;
        }
    }
    if told.is_empty() {
        told.push_str("(nothing)\n");
    }
    told
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::observation::{Node, Tab};

    fn node(depth: u16, bid: &str, name: &str) -> Node {
        Node {
            depth,
            bid: Some(bid.to_owned()).filter(|bid| !bid.is_empty()),
            role: if bid.is_empty() { "text" } else { "link" }.to_owned(),
            name: name.to_owned(),
            ..Node::default()
        }
    }

    fn page(url: &str, nodes: Vec<Node>) -> Page {
        Page::of(&Observation {
            url: url.to_owned(),
            title: "Larder".to_owned(),
            nodes,
            ..Observation::default()
        })
    }

    const SHOP: &str = "http://shop.test/";

    fn shelf() -> Vec<Node> {
        let mut nodes = vec![node(0, "1", "Home"), node(0, "", "Shelf")];
        nodes.extend((2..12).map(|n| node(1, &n.to_string(), &format!("Kettle number {n}"))));
        nodes
    }

    #[test]
    fn a_difference_names_what_is_gone_new_and_changed_and_where() {
        let before = page(SHOP, shelf());
        let mut nodes = shelf();
        nodes[4].name = "Kettle, sold out".to_owned();
        nodes.remove(6);
        nodes.insert(8, node(1, "20", "Basket (1)"));
        nodes.insert(0, node(0, "", "Added."));
        let told = page(&format!("{SHOP}#shelf"), nodes).difference(&before);
        let expected = [
            "@ the beginning",
            "- RootWebArea \"Larder\" url=http://shop.test/",
            "+ RootWebArea \"Larder\" url=http://shop.test/#shelf",
            "+   text \"Added.\"",
            "~     [4] link \"Kettle, sold out\"",
            "@ [5] link \"Kettle number 5\"",
            "-     [6] link \"Kettle number 6\"",
            "@ [8] link \"Kettle number 8\"",
            "+     [20] link \"Basket (1)\"",
            "",
        ];
        assert_eq!(told.unwrap(), expected.join("\n"));
    }

    #[test]
    fn a_page_is_told_whole_after_a_navigation_and_where_that_is_shorter() {
        let before = page(SHOP, shelf());
        assert_eq!(
            page(SHOP, shelf()).difference(&before).unwrap(),
            "(nothing)\n"
        );
        let elsewhere = page("http://shop.test/basket", shelf());
        assert_eq!(elsewhere.difference(&before), None);
        let other = page(SHOP, vec![node(0, "50", "Sorry")]);
        assert_eq!(other.difference(&before), None, "longer than the page");
        let mut observation = Observation {
            url: SHOP.to_owned(),
            nodes: shelf(),
            ..Observation::default()
        };
        let tab = |active| Tab {
            active,
            ..Tab::default()
        };
        observation.tabs = vec![tab(true), tab(false)];
        let first = Page::of(&observation);
        observation.tabs = vec![tab(false), tab(true)];
        assert_eq!(
            Page::of(&observation).difference(&first),
            None,
            "another tab"
        );
    }

    #[test]
    fn a_cut_page_ends_with_whole_lines_and_says_so() {
        let cut = page(SHOP, shelf()).cut(120);
        assert!(
            cut.len() <= 120 && cut.ends_with("more than fits here)\n"),
            "{cut}"
        );
        assert!(!page(SHOP, shelf()).cut(10_000).contains("truncated"));
    }

    /// What a reader makes of a page and a difference.
    fn apply(before: &[Line], changes: &[Change<'_>]) -> Vec<Line> {
        let mut old = before.iter();
        let mut now = Vec::new();
        for change in changes {
            match change {
                Change::Same(line) | Change::Gone(line) => assert_eq!(old.next(), Some(*line)),
                Change::Changed(line) => assert_eq!(old.next().unwrap().bid, line.bid),
                Change::New(_) => {}
            }
            if let Change::Same(line) | Change::New(line) | Change::Changed(line) = change {
                now.push((*line).clone());
            }
        }
        assert_eq!(old.next(), None);
        now
    }

    proptest! {
        #[test]
        fn a_difference_says_all_that_the_page_says(
            one in prop::collection::vec((0u16..3, 0u8..9, "[a-c]{0,2}"), 0..25),
            other in prop::collection::vec((0u16..3, 0u8..9, "[a-c]{0,2}"), 0..25),
        ) {
            let lines = |nodes: Vec<(u16, u8, String)>| {
                let bid = |n: u8| if n < 3 { String::new() } else { n.to_string() };
                let nodes = nodes.iter().map(|(depth, n, name)| node(*depth, &bid(*n), name));
                page(SHOP, nodes.collect()).lines
            };
            let (one, other) = (lines(one), lines(other));
            prop_assert_eq!(apply(&one, &changes(&one, &other)), other);
        }
    }
}
