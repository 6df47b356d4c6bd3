//! Answers with everything that it saw: the right value is among it wherever it stood on a page.
//! A task that it passes looks for a text, not for an answer.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use async_trait::async_trait;

use super::words::words;
use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};

/// Pages that it reads before it answers, unless the episode is shorter.
const PAGES: u32 = 6;

/// Longest answer, in characters.
const LONGEST: usize = 60_000;

/// The policy that answers with everything.
pub struct Spam {
    form: Form,
    texts: Vec<String>,
    seen: BTreeSet<String>,
    followed: BTreeSet<String>,
}

/// How everything is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// One text a line.
    Lines,
    /// A JSON array.
    Json,
    /// One sentence of alternatives.
    Alternatives,
}

/// In how many forms it answers, each with its own seed.
pub const FORMS: u32 = 3;

impl Spam {
    /// Seed 1 answers in lines, 2 in JSON, 3 with alternatives, and so on around.
    pub fn new(seed: u64) -> Self {
        Self {
            form: super::by_seed(&[Form::Lines, Form::Json, Form::Alternatives], seed),
            texts: Vec::new(),
            seen: BTreeSet::new(),
            followed: BTreeSet::new(),
        }
    }

    fn read(&mut self, observation: &Observation) {
        let values = observation.nodes.iter().flat_map(|node| {
            let value = node.value.clone().into_iter();
            std::iter::once(node.name.clone())
                .chain(value)
                .chain(node.options.iter().cloned())
        });
        for text in values {
            let text = text.trim().to_owned();
            if !text.is_empty() && self.seen.insert(text.clone()) {
                self.texts.push(text);
            }
        }
    }

    /// The link that shares most words with the goal, each name once.
    fn follow(&mut self, goal: &str, observation: &Observation) -> Option<Action> {
        let wanted = words(goal);
        let shared = |node: &Node| words(&node.name).intersection(&wanted).count();
        let link = observation
            .nodes
            .iter()
            .filter(|node| node.role == "link" && node.bid.is_some())
            .filter(|node| !self.followed.contains(&node.name))
            .max_by_key(|node| shared(node))?;
        self.followed.insert(link.name.clone());
        Some(Action::Click {
            bid: link.bid.clone()?,
            button: MouseButton::Left,
            modifiers: Vec::new(),
        })
    }

    fn everything(&self) -> String {
        let mut text = match self.form {
            Form::Lines => self.texts.join("\n"),
            Form::Json => serde_json::Value::from(self.texts.clone()).to_string(),
            Form::Alternatives => {
                let mut text = String::from("It is ");
                let _ = write!(text, "{}.", self.texts.join(" or "));
                text
            }
        };
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
        }
        text
    }
}

#[async_trait]
impl Policy for Spam {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        self.read(turn.observation);
        let reads_on = turn.step < PAGES && turn.step < turn.max_steps;
        let next = reads_on
            .then(|| self.follow(turn.goal, turn.observation))
            .flatten();
        let answer = || Action::SendMsgToUser {
            text: self.everything(),
        };
        Ok(super::only(next.unwrap_or_else(answer)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_was_seen_is_in_every_form_of_the_answer() {
        let page = Observation {
            nodes: ["45.20 USD", "Lumo E15", "45.20 USD"]
                .map(|name| Node {
                    name: name.to_owned(),
                    ..Node::default()
                })
                .to_vec(),
            ..Observation::default()
        };
        for (seed, answer) in [
            (1, "45.20 USD\nLumo E15"),
            (2, r#"["45.20 USD","Lumo E15"]"#),
            (3, "It is 45.20 USD or Lumo E15."),
            (4, "45.20 USD\nLumo E15"),
        ] {
            let mut spam = Spam::new(seed);
            spam.read(&page);
            assert_eq!(spam.everything(), answer);
        }
    }
}
