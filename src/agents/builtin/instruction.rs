//! Follows a goal that says what to do on the page that is open: "Enter "Ann" into the text field
//! and press Submit." It fills what is quoted, chooses and clicks what is named, in the order in
//! which the goal names it, opens what is folded, and presses the button at the end. It knows no
//! task and no page; what needs reading, counting, drawing or dragging it cannot do.

use std::collections::BTreeSet;

use crate::agents::builtin::words::{quoted, tokens};
use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};

/// Words that speak of a page's parts, wherever they stand.
const PARTS: [&str; 5] = ["click", "submit", "textbox", "button", "checkbox"];

/// Words that speak of acting on a page when a goal begins with them.
const VERBS: [&str; 8] = [
    "select", "enter", "type", "focus", "choose", "check", "press", "expand",
];

/// Names of buttons that end something.
const FINAL: [&str; 6] = ["submit", "login", "log in", "ok", "search", "done"];

/// What is chosen by a click on it.
const CHOICES: [&str; 4] = ["checkbox", "radio", "switch", "option"];

/// What opens or shows something else.
const FOLDED: [&str; 4] = ["tab", "button", "heading", "treeitem"];

/// Whether a goal says what to do on the page itself.
pub(super) fn is_instruction(goal: &str) -> bool {
    let words = tokens(goal);
    let first = words.first().map_or("", String::as_str);
    VERBS.contains(&first) || words.iter().any(|word| PARTS.contains(&word.as_str()))
}

/// Follows one goal.
#[derive(Debug, Default)]
pub(super) struct Instruction {
    /// What was done, so that nothing is done twice: the act, and role and name of its target.
    done: BTreeSet<String>,
}

impl Instruction {
    /// The next action, and why.
    pub(super) fn choose(&mut self, goal: &str, page: &Observation) -> (Action, String) {
        self.fill(goal, page)
            .or_else(|| self.pick(goal, page))
            .or_else(|| self.click_named(goal, page))
            .or_else(|| self.click_kind(goal, page))
            .or_else(|| self.unfold(page))
            .or_else(|| self.finish(goal, page))
            .unwrap_or_else(|| {
                let text = String::new();
                let why = "Nothing on the page is named in the goal any more.";
                (Action::SendMsgToUser { text }, why.to_owned())
            })
    }

    /// Whether an act on an element is still to be done, and notes it.
    fn once(&mut self, act: &str, node: &Node) -> bool {
        let target = node.bid.as_deref().unwrap_or_default();
        let key = format!("{act} {target} {} {}", node.role, node.name);
        self.done.insert(key)
    }

    /// Fills the fields in their order with what the goal gives, the last value again and again
    /// when there are more fields; a field whose label the goal names gets the value behind it.
    fn fill(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        let fields: Vec<&Node> = fields(page).collect();
        if tokens(goal).first().is_some_and(|word| word == "focus") {
            let nth = ordinal(goal).unwrap_or(1);
            let field = fields
                .get(nth - 1)
                .filter(|field| self.once("focus", field))?;
            let bid = bid(field);
            return Some((Action::Focus { bid }, "The goal asks for it.".to_owned()));
        }
        let values = values(goal, page);
        for (n, field) in fields.iter().enumerate() {
            let label = tokens(&field.name);
            let labelled = values.iter().find(|(before, _)| label.contains(before));
            let Some((_, value)) = labelled.or_else(|| values.get(n)).or(values.last()) else {
                break;
            };
            let is_filled = field.value.as_deref() == Some(value.as_str());
            let is_source = field.value.as_deref().is_some_and(|text| !text.is_empty());
            if !is_filled && !is_source && self.once("fill", field) {
                let (bid, value) = (bid(field), value.clone());
                let why = format!("The goal gives {value:?}.");
                let action = Action::Fill {
                    bid,
                    value,
                    enable_autocomplete_menu: false,
                };
                return Some((action, why));
            }
        }
        None
    }

    /// Chooses the options, boxes and buttons that the goal names.
    fn pick(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        for node in usable(page) {
            let named = node
                .options
                .iter()
                .filter(|option| named_at(goal, option).is_some());
            // Of two names that begin alike the longer one says more.
            let option = named.max_by_key(|option| option.len());
            if let Some(option) = option.filter(|_| self.once("select", node)) {
                let (bid, options) = (bid(node), vec![option.clone()]);
                return Some((Action::SelectOption { bid, options }, said(option)));
            }
            let is_set = has(node, "checked") || has(node, "selected");
            let is_choice = CHOICES.contains(&node.role.as_str());
            if is_choice
                && !is_set
                && named_at(goal, &node.name).is_some()
                && self.once("pick", node)
            {
                return Some((click(node), said(&node.name)));
            }
        }
        None
    }

    /// Clicks what the goal names, in the order of naming; what it quotes comes first.
    fn click_named(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        let quotes = quoted(goal);
        let is_quoted = |name: &str| quotes.iter().any(|(_, text)| text == name);
        let mut named: Vec<(bool, usize, &Node)> = page
            .nodes
            .iter()
            .filter(|node| !has(node, "disabled") && node.bbox.is_some())
            .filter(|node| !is_field(node) && !CHOICES.contains(&node.role.as_str()))
            .filter(|node| node.bid.is_some() || is_quoted(&node.name))
            .filter(|node| !is_final(&node.name) || is_quoted(&node.name))
            .filter_map(|node| {
                let at = named_at(goal, &node.name)?;
                Some((!is_quoted(&node.name), at, node))
            })
            .collect();
        named.sort_by_key(|(unquoted, at, node)| (*unquoted, *at, node.bid.is_none()));
        let (_, _, node) = named
            .into_iter()
            .find(|(_, _, node)| self.once("click", node))?;
        Some((click(node), said(&node.name)))
    }

    /// Clicks the first element of the kind that the goal names when it names no other.
    fn click_kind(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        const KINDS: [(&str, &str); 6] = [
            ("button", "button"),
            ("link", "link"),
            ("checkbox", "checkbox"),
            ("radio", "radio"),
            ("text", "textbox"),
            ("textarea", "textbox"),
        ];
        let words = tokens(goal);
        let is_asked = words.first().is_some_and(|word| word == "click") && self.done.is_empty();
        let (word, role) = KINDS
            .iter()
            .find(|(word, _)| is_asked && words.iter().any(|own| own == word))?;
        let node = usable(page).find(|node| node.role == *role && self.once("click", node))?;
        Some((click(node), format!("The goal asks for a {word}.")))
    }

    /// Opens what is folded or not shown yet.
    fn unfold(&mut self, page: &Observation) -> Option<(Action, String)> {
        let folded = usable(page).find(|node| {
            let is_folded = has(node, "expanded=false") || has(node, "collapsed");
            let is_hidden_tab = node.role == "tab" && !has(node, "selected");
            (is_folded && FOLDED.contains(&node.role.as_str()) || is_hidden_tab)
                && self.once("unfold", node)
        })?;
        Some((click(folded), "It may be behind this.".to_owned()))
    }

    /// Presses the button that ends it: the one that the goal names last, or any.
    fn finish(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        let mut finals: Vec<&Node> = usable(page)
            .filter(|node| node.role == "button" && is_final(&node.name))
            .collect();
        finals.sort_by_key(|node| std::cmp::Reverse(named_at(goal, &node.name)));
        let button = finals.into_iter().find(|node| self.once("finish", node))?;
        Some((click(button), "That should be it.".to_owned()))
    }
}

/// The values that a goal gives, each with the word before it: what it quotes; else what stands
/// between "Enter" and "as" or "into"; else, to be copied, what another field holds.
fn values(goal: &str, page: &Observation) -> Vec<(String, String)> {
    let mut values = quoted(goal);
    values
        .retain(|(_, text)| !usable(page).any(|node| node.role == "button" && node.name == *text));
    let lower = goal.to_lowercase();
    if values.is_empty()
        && let Some(rest) = goal.strip_prefix("Enter ")
        && let Some(end) = [" as ", " into "]
            .iter()
            .filter_map(|word| rest.find(word))
            .min()
    {
        values.push((String::new(), rest[..end].to_owned()));
    }
    if values.is_empty() && lower.starts_with("copy ") {
        let held = fields(page).find_map(|node| node.value.clone().filter(|text| !text.is_empty()));
        values.extend(held.map(|text| (String::new(), text)));
    }
    for (_, value) in &mut values {
        if lower.contains("upper case") {
            *value = value.to_uppercase();
        } else if lower.contains("lower case") {
            *value = value.to_lowercase();
        }
    }
    values
}

/// Where a goal names a text: as whole words, whatever their case.
fn named_at(goal: &str, name: &str) -> Option<usize> {
    let (goal, name) = (goal.to_lowercase(), name.trim().to_lowercase());
    if name.is_empty() {
        return None;
    }
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    goal.match_indices(&name).map(|(at, _)| at).find(|at| {
        let (before, after) = (
            goal[..*at].chars().last(),
            goal[at + name.len()..].chars().next(),
        );
        let begins = !is_word(before) || !is_word(name.chars().next());
        let ends = !is_word(after) || !is_word(name.chars().last());
        begins && ends
    })
}

/// The number in "the 2nd", "the 11th".
fn ordinal(goal: &str) -> Option<usize> {
    tokens(goal).iter().find_map(|word| {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        let is_ordinal = ["st", "nd", "rd", "th"].contains(&&word[digits.len()..]);
        digits.parse().ok().filter(|_| is_ordinal)
    })
}

fn is_field(node: &Node) -> bool {
    matches!(node.role.as_str(), "textbox" | "searchbox" | "spinbutton")
}

fn fields(page: &Observation) -> impl Iterator<Item = &Node> {
    usable(page).filter(|node| is_field(node) && !has(node, "readonly"))
}

fn usable(page: &Observation) -> impl Iterator<Item = &Node> {
    page.nodes
        .iter()
        .filter(|node| node.bid.is_some() && !has(node, "disabled"))
}

fn has(node: &Node, state: &str) -> bool {
    node.states.iter().any(|own| own == state)
}

fn is_final(name: &str) -> bool {
    FINAL.contains(&name.trim().to_lowercase().as_str())
}

fn bid(node: &Node) -> String {
    node.bid.clone().unwrap_or_default()
}

fn said(name: &str) -> String {
    format!("The goal names {name:?}.")
}

/// A click on an element, or in the middle of a text that is none.
fn click(node: &Node) -> Action {
    let button = MouseButton::Left;
    match (&node.bid, node.bbox) {
        (None, Some([left, top, width, height])) => Action::MouseClick {
            x: left + width / 2.0,
            y: top + height / 2.0,
            button,
        },
        _ => Action::Click {
            bid: bid(node),
            button,
            modifiers: Vec::new(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(bid: &str, role: &str, name: &str) -> Node {
        Node {
            bid: Some(bid.to_owned()),
            role: role.to_owned(),
            name: name.to_owned(),
            bbox: Some([0.0, 0.0, 10.0, 10.0]),
            ..Node::default()
        }
    }

    /// The calls that a goal leads to on a page that never changes.
    fn calls(goal: &str, nodes: Vec<Node>, most: usize) -> Vec<String> {
        let page = Observation {
            nodes,
            ..Observation::default()
        };
        let mut instruction = Instruction::default();
        (0..most)
            .map(|_| instruction.choose(goal, &page).0.to_string())
            .collect()
    }

    #[test]
    fn it_fills_what_is_quoted_and_presses_the_button_at_the_end() {
        let goal = "Enter the username \"ann\" and the password \"x1\" into the text fields and press login.";
        let form = vec![
            node("1", "textbox", "Password"),
            node("2", "textbox", "Username"),
            node("3", "button", "Login"),
        ];
        assert_eq!(
            calls(goal, form, 3),
            ["fill('1', 'x1')", "fill('2', 'ann')", "click('3')"]
        );
    }

    #[test]
    fn it_clicks_in_the_order_of_the_goal_and_only_whole_names() {
        let buttons = vec![
            node("1", "button", "TWO"),
            node("2", "button", "ONE"),
            node("3", "button", "ON"),
        ];
        assert_eq!(
            calls("Click button ONE, then click button TWO.", buttons, 2),
            ["click('2')", "click('1')"]
        );
    }

    #[test]
    fn it_chooses_what_is_named_and_gives_up_when_nothing_is() {
        let mut list = node("1", "combobox", "");
        list.options = vec!["Ann".to_owned(), "Ann Lee".to_owned()];
        let form = vec![
            list,
            node("2", "checkbox", "Bo"),
            node("3", "button", "Submit"),
        ];
        assert_eq!(
            calls("Select Ann Lee, Bo and click Submit.", form, 4),
            [
                "select_option('1', 'Ann Lee')",
                "click('2')",
                "click('3')",
                "send_msg_to_user('')"
            ]
        );
    }

    #[test]
    fn goals_of_other_kinds_are_not_instructions() {
        assert!(is_instruction("Focus into the 2nd input textbox."));
        assert!(is_instruction(
            "Close the dialog box by clicking the button."
        ));
        assert!(!is_instruction(
            "How much is the French press in Sage? Just the price."
        ));
        assert!(!is_instruction(
            "Please cancel order 61793, I ordered it by mistake."
        ));
    }
}
