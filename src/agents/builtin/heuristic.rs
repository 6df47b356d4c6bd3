//! A plain word-overlap policy: it follows what shares most words with the goal, fills what the
//! goal quotes, presses the button below, and answers with the first fitting value on the page.
//! It plans nothing, compares nothing and reads no rules, so it solves what needs none of that
//! and fails the rest. A goal that says what to do on the open page itself is followed step by
//! step instead (`instruction`).

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;

use crate::agents::builtin::instruction::{Instruction, is_instruction};
use crate::agents::builtin::words::{names, quoted, tokens, words};
use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};

/// An element is followed only when its words fit at least this well.
const THRESHOLD: f64 = 0.6;

/// An element that fits so well is followed before anything is searched for.
const STRONG: f64 = 1.4;

/// The word-overlap policy. It reads its goal when it is first told, because some places word it
/// only then.
#[derive(Default)]
pub struct Heuristic {
    plan: Option<Plan>,
}

/// How a goal is gone about.
enum Plan {
    /// By following what it says.
    Instruction(Instruction),
    /// By the words that it shares with the pages.
    Overlap(Box<Overlap>),
}

impl Plan {
    fn new(goal: &str) -> Self {
        if is_instruction(goal) {
            Self::Instruction(Instruction::default())
        } else {
            Self::Overlap(Box::new(Overlap::new(goal)))
        }
    }

    fn choose(&mut self, goal: &str, page: &Observation) -> (Action, String) {
        match self {
            Self::Instruction(instruction) => instruction.choose(goal, page),
            Self::Overlap(overlap) => overlap.choose(goal, page),
        }
    }
}

/// What word overlap knows and remembers.
struct Overlap {
    words: BTreeSet<String>,
    names: Vec<String>,
    quotes: Vec<(String, String)>,
    asks: bool,
    /// How often an element (by role and name) was used at an address.
    used: BTreeMap<String, u32>,
    /// Names of the goal that were searched for.
    searched: usize,
    /// The address at which a field was filled or a choice made, and the last of them.
    form: Option<(String, String)>,
    /// Whether a filled form was sent.
    sent: bool,
}

impl Overlap {
    /// For one goal.
    fn new(goal: &str) -> Self {
        let first = tokens(goal).into_iter().next().unwrap_or_default();
        Self {
            words: words(goal),
            names: names(goal),
            quotes: quoted(goal),
            asks: goal.contains('?') || matches!(first.as_str(), "who" | "which" | "what" | "how"),
            used: BTreeMap::new(),
            searched: 0,
            form: None,
            sent: false,
        }
    }

    fn choose(&mut self, goal: &str, page: &Observation) -> (Action, String) {
        if self.sent {
            return say(String::new(), "The form was sent; that should be it.");
        }
        let set = self
            .fill_a_field(goal, page)
            .or_else(|| self.set_a_choice(page));
        if let Some(chosen) = set {
            return chosen;
        }
        if self.asks && self.is_about_a_name(page) {
            let text = answer(goal, page).unwrap_or_default();
            return say(
                text,
                "The page is about what the goal names; this is its first fitting value.",
            );
        }
        let next = self
            .send_the_form(page)
            .or_else(|| self.follow(page, STRONG))
            .or_else(|| self.search(page))
            .or_else(|| self.follow(page, THRESHOLD));
        if let Some(chosen) = next {
            return chosen;
        }
        let text = if self.asks {
            answer(goal, page).unwrap_or_default()
        } else {
            String::new()
        };
        say(text, "Nothing on the page fits the goal any better.")
    }

    /// Whether an element may be used (once more), and notes it.
    fn take(&mut self, place: &str, node: &Node, most: u32) -> bool {
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
                    .then(|| number_of(goal))
                    .flatten()
            };
            let Some(value) = quote.or_else(number) else {
                continue;
            };
            if node.value.as_deref() != Some(value.as_str()) && self.take(place(page), node, 1) {
                self.form = Some((place(page).to_owned(), bid(node)));
                let why = format!("The goal gives {:?} for {:?}.", value, node.name);
                return Some((
                    Action::Fill {
                        bid: bid(node),
                        value,
                        enable_autocomplete_menu: false,
                    },
                    why,
                ));
            }
        }
        None
    }

    /// Chooses the radio button, check box or option that shares a word with the goal which its
    /// siblings do not have.
    fn set_a_choice(&mut self, page: &Observation) -> Option<(Action, String)> {
        let radios: Vec<&Node> = usable(page).filter(|node| node.role == "radio").collect();
        for node in &radios {
            let siblings = radios
                .iter()
                .filter(|other| other.bid != node.bid)
                .map(|other| other.name.as_str());
            let is_set = node.states.iter().any(|state| state == "checked");
            if self.stands_out(&node.name, siblings) && !is_set && self.take(place(page), node, 1) {
                self.form = Some((place(page).to_owned(), bid(node)));
                return Some((
                    Action::Check { bid: bid(node) },
                    format!("{:?} fits the goal.", node.name),
                ));
            }
        }
        for node in usable(page).filter(|node| !node.options.is_empty()) {
            let fitting = node.options.iter().find(|option| {
                let siblings = node
                    .options
                    .iter()
                    .filter(|other| other != option)
                    .map(String::as_str);
                self.fits(option) >= STRONG && self.stands_out(option, siblings)
            });
            let Some(option) = fitting else { continue };
            if node.value.as_deref() != Some(option.as_str()) && self.take(place(page), node, 1) {
                self.form = Some((place(page).to_owned(), bid(node)));
                let action = Action::SelectOption {
                    bid: bid(node),
                    options: vec![option.clone()],
                };
                return Some((action, format!("{option:?} fits the goal.")));
            }
        }
        None
    }

    /// Presses the first button below what was filled or chosen here.
    fn send_the_form(&mut self, page: &Observation) -> Option<(Action, String)> {
        let (_, last) = self
            .form
            .as_ref()
            .filter(|(at, _)| at == place(page) && !self.asks)?;
        let below = page
            .nodes
            .iter()
            .skip_while(|node| node.bid.as_deref() != Some(last.as_str()));
        let button = below
            .filter(|node| is_usable(node))
            .find(|node| node.role == "button")?;
        self.sent = true;
        Some((
            click(button),
            format!("{:?} stands below what was filled.", button.name),
        ))
    }

    /// Clicks what shares most words with the goal and was not clicked before.
    fn follow(&mut self, page: &Observation, threshold: f64) -> Option<(Action, String)> {
        let mut scored: Vec<(f64, &Node)> = usable(page)
            .filter(|node| matches!(node.role.as_str(), "link" | "button" | "tab" | "menuitem"))
            .map(|node| (self.fits(&node.name), node))
            .filter(|(fit, _)| *fit >= threshold)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        for (fit, node) in scored {
            let is_form_button = node.role == "button" && !self.asks;
            if self.take("", node, 1) {
                self.sent |= is_form_button;
                return Some((
                    click(node),
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
        let field = usable(page).find(|node| node.role == "searchbox")?;
        let is_filled = self.searched > 0
            && field.value.as_deref() == Some(self.names[self.searched - 1].as_str());
        if is_filled && self.take(&self.searched.to_string(), field, 1) {
            let action = Action::Press {
                bid: bid(field),
                key_comb: "Enter".to_owned(),
            };
            return Some((action, "The search field is filled.".to_owned()));
        }
        let name = self.names.get(self.searched)?.clone();
        self.searched += 1;
        let why = format!("{name:?} is a name in the goal.");
        Some((
            Action::Fill {
                bid: bid(field),
                value: name,
                enable_autocomplete_menu: false,
            },
            why,
        ))
    }

    /// Weight of the words shared with the goal, less for texts with many other words: a cosine
    /// without the goal's own length. A word with a digit counts threefold; a text with such a
    /// word that the goal does not have is about something else.
    fn fits(&self, text: &str) -> f64 {
        let own = words(text);
        let weight = |word: &String| if has_digit(word) { 3.0 } else { 1.0 };
        if own
            .iter()
            .any(|word| has_digit(word) && !self.words.contains(word))
        {
            return 0.0;
        }
        let shared: f64 = own.intersection(&self.words).map(weight).sum();
        let whole: f64 = own.iter().map(weight).sum();
        if whole > 0.0 {
            shared / whole.sqrt()
        } else {
            0.0
        }
    }

    /// Whether a text shares a word with the goal that none of its siblings has.
    fn stands_out<'a>(&self, text: &str, siblings: impl Iterator<Item = &'a str>) -> bool {
        let others: BTreeSet<String> = siblings.flat_map(words).collect();
        words(text)
            .iter()
            .any(|word| self.words.contains(word) && !others.contains(word))
    }

    /// Whether the page's first heading is a name in the goal.
    fn is_about_a_name(&self, page: &Observation) -> bool {
        let heading = page.nodes.iter().find(|node| node.role == "heading");
        heading.is_some_and(|heading| self.names.contains(&heading.name))
    }
}

fn place(page: &Observation) -> &str {
    page.url.split(['?', '#']).next().unwrap_or_default()
}

fn is_usable(node: &Node) -> bool {
    node.bid.is_some() && !node.states.iter().any(|state| state == "disabled")
}

fn usable(page: &Observation) -> impl Iterator<Item = &Node> {
    page.nodes.iter().filter(|node| is_usable(node))
}

fn bid(node: &Node) -> String {
    node.bid.clone().unwrap_or_default()
}

fn click(node: &Node) -> Action {
    Action::Click {
        bid: bid(node),
        button: MouseButton::Left,
        modifiers: Vec::new(),
    }
}

fn say(text: String, why: &str) -> (Action, String) {
    (Action::SendMsgToUser { text }, why.to_owned())
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

/// The number in "2 of the ..." or "three of the ...".
fn number_of(goal: &str) -> Option<String> {
    const WORDS: [&str; 8] = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let tokens = tokens(goal);
    let number = tokens
        .windows(2)
        .find(|pair| pair[1] == "of")
        .map(|pair| pair[0].clone())?;
    match WORDS.iter().position(|name| *name == number) {
        Some(place) => Some((place + 2).to_string()),
        None => number.chars().all(|c| c.is_ascii_digit()).then_some(number),
    }
}

/// The first value on the page that has the form of what the goal asks for; what is chosen on
/// the page comes first.
fn answer(goal: &str, page: &Observation) -> Option<String> {
    let goal = goal.to_lowercase();
    if !["how much", "price", "cost"]
        .iter()
        .any(|word| goal.contains(word))
    {
        return page
            .nodes
            .iter()
            .find(|node| node.role == "heading")
            .map(|node| node.name.clone());
    }
    let chosen = page
        .nodes
        .iter()
        .filter(|node| node.states.iter().any(|state| state == "checked"));
    let mut texts = chosen.chain(&page.nodes).map(|node| node.name.as_str());
    texts
        .find_map(|text| text.split_whitespace().find(|word| is_price(word)))
        .map(str::to_owned)
}

fn is_price(word: &str) -> bool {
    word.strip_prefix('$')
        .is_some_and(|rest| rest.chars().next().is_some_and(|c| c.is_ascii_digit()))
}

#[async_trait]
impl Policy for Heuristic {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let plan = self.plan.get_or_insert_with(|| Plan::new(turn.goal));
        let (action, reasoning) = plan.choose(turn.goal, turn.observation);
        Ok(Decision {
            action,
            reasoning: Some(reasoning),
            calls: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests;
