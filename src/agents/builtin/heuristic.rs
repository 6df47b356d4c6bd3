//! A plain word-overlap policy: it follows what shares most words with the goal, fills what the
//! goal quotes, and answers with the first fitting value on the page. It plans nothing, compares
//! nothing and reads no rules, so it solves what needs none of that and fails the rest.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use crate::agents::builtin::words::{names, quoted, tokens, words};
use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};

/// An element is followed only when its words fit at least this well.
const THRESHOLD: f64 = 0.34;

/// The word-overlap policy.
pub struct Heuristic {
    words: BTreeSet<String>,
    names: Vec<String>,
    quotes: Vec<(String, String)>,
    asks: bool,
    /// How often an element (by role and name) was used on an address.
    used: BTreeMap<String, u32>,
    searched: usize,
}

impl Heuristic {
    /// A policy for one goal.
    pub fn new(goal: &str) -> Self {
        let first = tokens(goal).into_iter().next().unwrap_or_default();
        let asks = goal.contains('?') || matches!(first.as_str(), "who" | "which" | "what" | "how");
        Self {
            words: words(goal),
            names: names(goal),
            quotes: quoted(goal),
            asks,
            used: BTreeMap::new(),
            searched: 0,
        }
    }

    fn choose(&mut self, goal: &str, page: &Observation) -> (Action, String) {
        if let Some(chosen) = self
            .fill_a_field(goal, page)
            .or_else(|| self.set_a_choice(page))
        {
            return chosen;
        }
        if let Some(found) = self.follow(page) {
            return found;
        }
        if let Some(search) = self.search(page) {
            return search;
        }
        if self.asks {
            let text = answer(goal, page).unwrap_or_default();
            return (
                Action::SendMsgToUser { text },
                "Nothing fits better; this is the first fitting value.".to_owned(),
            );
        }
        (
            Action::SendMsgToUser {
                text: String::new(),
            },
            "Nothing on the page fits the goal any more.".to_owned(),
        )
    }

    /// Whether an element may be used (once more), and notes it.
    fn take(&mut self, page: &Observation, node: &Node, most: u32) -> bool {
        let place = page.url.split(['?', '#']).next().unwrap_or_default();
        let used = self
            .used
            .entry(format!("{place} {} {}", node.role, node.name))
            .or_default();
        *used += 1;
        *used <= most
    }

    /// Fills a field whose label stands before a quotation in the goal, or a quantity.
    fn fill_a_field(&mut self, goal: &str, page: &Observation) -> Option<(Action, String)> {
        for node in
            usable(page).filter(|node| matches!(node.role.as_str(), "textbox" | "spinbutton"))
        {
            let label = tokens(&node.name);
            let quote = self
                .quotes
                .iter()
                .find(|(before, _)| label.contains(before))
                .map(|(_, text)| text.clone());
            let number = || {
                label
                    .contains(&"quantity".to_owned())
                    .then(|| small_number(goal))
                    .flatten()
            };
            let Some(value) = quote.or_else(number) else {
                continue;
            };
            if node.value.as_deref() != Some(value.as_str()) && self.take(page, node, 1) {
                let why = format!("The goal gives {:?} for {:?}.", value, node.name);
                return Some((
                    Action::Fill {
                        bid: bid(node),
                        value,
                    },
                    why,
                ));
            }
        }
        None
    }

    /// Chooses a radio button, check box or option all of whose words stand in the goal.
    fn set_a_choice(&mut self, page: &Observation) -> Option<(Action, String)> {
        for node in usable(page) {
            let is_set = node
                .states
                .iter()
                .any(|state| state == "checked" || state == "selected");
            if matches!(node.role.as_str(), "radio" | "checkbox")
                && !is_set
                && self.fits(&node.name) >= 0.99
            {
                if self.take(page, node, 1) {
                    return Some((
                        Action::Check { bid: bid(node) },
                        format!("{:?} stands in the goal.", node.name),
                    ));
                }
            } else if let Some(option) =
                node.options.iter().find(|option| self.fits(option) >= 0.99)
                && node.value.as_deref() != Some(option.as_str())
                && self.take(page, node, 1)
            {
                let action = Action::SelectOption {
                    bid: bid(node),
                    options: vec![option.clone()],
                };
                return Some((action, format!("{option:?} stands in the goal.")));
            }
        }
        None
    }

    /// Clicks what shares most words with the goal and was not clicked here before.
    fn follow(&mut self, page: &Observation) -> Option<(Action, String)> {
        let mut scored: Vec<(f64, &Node)> = usable(page)
            .filter(|node| matches!(node.role.as_str(), "link" | "button" | "tab" | "menuitem"))
            .map(|node| (self.fits(&node.name), node))
            .filter(|(fit, _)| *fit >= THRESHOLD)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (fit, node) in scored {
            if self.take(page, node, 1) {
                let action = Action::Click {
                    bid: bid(node),
                    button: MouseButton::Left,
                    modifiers: Vec::new(),
                };
                return Some((
                    action,
                    format!(
                        "{:?} shares most words with the goal ({fit:.2}).",
                        node.name
                    ),
                ));
            }
        }
        None
    }

    /// Searches for the next name in the goal.
    fn search(&mut self, page: &Observation) -> Option<(Action, String)> {
        let field = usable(page).find(|node| {
            node.role == "searchbox" || tokens(&node.name).contains(&"search".into())
        })?;
        if !matches!(field.role.as_str(), "searchbox" | "textbox") {
            return None;
        }
        if self.searched > 0
            && field.value.as_deref() == self.names.get(self.searched - 1).map(String::as_str)
        {
            if self.take(page, field, 3) {
                let action = Action::Press {
                    bid: bid(field),
                    key_comb: "Enter".to_owned(),
                };
                return Some((action, "The search field is filled.".to_owned()));
            }
            return None;
        }
        let name = self.names.get(self.searched)?.clone();
        self.searched += 1;
        let why = format!("{name:?} is a name in the goal.");
        Some((
            Action::Fill {
                bid: bid(field),
                value: name,
            },
            why,
        ))
    }

    /// Share of a text's words that stand in the goal, less for texts of few letters and more
    /// for texts that hold many of the goal's words.
    fn fits(&self, text: &str) -> f64 {
        let own = words(text);
        if own.is_empty() {
            return 0.0;
        }
        let shared = own.intersection(&self.words).count();
        #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
        let share = shared as f64 / own.len() as f64;
        #[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
        let bonus = 0.05 * shared.saturating_sub(1) as f64;
        if shared == 0 { 0.0 } else { share + bonus }
    }
}

fn usable(page: &Observation) -> impl Iterator<Item = &Node> {
    page.nodes
        .iter()
        .filter(|node| node.bid.is_some() && !node.states.iter().any(|state| state == "disabled"))
}

fn bid(node: &Node) -> String {
    node.bid.clone().unwrap_or_default()
}

/// The first number from 2 to 9 in the goal, as digit or word.
fn small_number(goal: &str) -> Option<String> {
    const WORDS: [&str; 8] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    tokens(goal).into_iter().find_map(|word| {
        let spelt = WORDS
            .iter()
            .position(|name| *name == word)
            .map(|place| (place + 2).to_string());
        let is_digit = word.len() == 1 && word.chars().all(|c| ('2'..='9').contains(&c));
        spelt.or_else(|| is_digit.then_some(word))
    })
}

/// The first value on the page that has the form of what the goal asks for.
fn answer(goal: &str, page: &Observation) -> Option<String> {
    let goal = goal.to_lowercase();
    let money = goal.contains("how much") || goal.contains("price") || goal.contains("cost");
    let texts = page
        .nodes
        .iter()
        .flat_map(|node| [Some(node.name.as_str()), node.value.as_deref()])
        .flatten();
    if money {
        return texts
            .flat_map(str::split_whitespace)
            .find(|word| is_price(word))
            .map(str::to_owned);
    }
    page.nodes
        .iter()
        .find(|node| node.role == "heading")
        .map(|node| node.name.clone())
}

fn is_price(word: &str) -> bool {
    word.strip_prefix('$')
        .is_some_and(|rest| rest.chars().next().is_some_and(|c| c.is_ascii_digit()))
}

#[async_trait]
impl Policy for Heuristic {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let (action, reasoning) = self.choose(turn.goal, turn.observation);
        Ok(Decision {
            action,
            reasoning: Some(reasoning),
            calls: Vec::new(),
        })
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
            ..Node::default()
        }
    }

    #[test]
    fn it_follows_overlap_then_stops() {
        let mut policy = Heuristic::new("Please cancel order LR-1042, I ordered it by mistake.");
        let page = Observation {
            url: "http://x/account".to_owned(),
            nodes: vec![
                node("1", "link", "Wishlist"),
                node("2", "link", "LR-1042"),
                node("3", "link", "Contact"),
            ],
            ..Observation::default()
        };
        assert!(matches!(policy.choose("", &page).0, Action::Click { bid, .. } if bid == "2"));
        assert!(matches!(
            policy.choose("", &page).0,
            Action::SendMsgToUser { .. }
        ));
    }

    #[test]
    fn it_fills_what_the_goal_quotes() {
        let goal = r#"Give it 4 stars, with the title "Solid" and the text "Works.""#;
        let mut policy = Heuristic::new(goal);
        let page = Observation {
            nodes: vec![
                node("1", "textbox", "Title"),
                node("2", "textbox", "Your text"),
            ],
            ..Observation::default()
        };
        let (action, _) = policy.choose(goal, &page);
        assert_eq!(
            action,
            Action::Fill {
                bid: "1".to_owned(),
                value: "Solid".to_owned()
            }
        );
    }

    #[test]
    fn it_answers_a_price_with_the_first_price() {
        let goal = "How much is it? Just the price.";
        let page = Observation {
            nodes: vec![
                node("1", "heading", "Lumo"),
                node("2", "text", "$189.00 each"),
            ],
            ..Default::default()
        };
        assert_eq!(answer(goal, &page).as_deref(), Some("$189.00"));
    }
}
