//! Acts at random, by seed: the floor that luck alone reaches.

use async_trait::async_trait;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::Action;
use crate::domain::observation::{Node, Observation};

/// One decision in this many ends the episode with something read off the page.
const ENDS_ONE_IN: u32 = 25;

/// The policy that acts at random.
pub struct Random {
    rng: ChaCha8Rng,
}

impl Random {
    /// The same seed on the same pages gives the same actions.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
        }
    }

    fn choose(&mut self, goal: &str, observation: &Observation) -> Action {
        if self.rng.random_ratio(1, ENDS_ONE_IN) {
            return Action::SendMsgToUser {
                text: self.some_text(observation),
            };
        }
        let usable: Vec<&Node> = observation
            .nodes
            .iter()
            .filter(|node| is_usable(node))
            .collect();
        let Some(node) = usable.choose(&mut self.rng) else {
            return Action::GoBack;
        };
        let bid = node.bid.clone().unwrap_or_default();
        match node.role.as_str() {
            "textbox" | "searchbox" | "spinbutton" => Action::Fill {
                bid,
                value: self.some_word(goal),
                enable_autocomplete_menu: false,
            },
            "combobox" | "listbox" if !node.options.is_empty() => {
                let option = node
                    .options
                    .choose(&mut self.rng)
                    .cloned()
                    .unwrap_or_default();
                Action::SelectOption {
                    bid,
                    options: vec![option],
                }
            }
            _ => click(bid),
        }
    }

    fn some_text(&mut self, observation: &Observation) -> String {
        let texts: Vec<&Node> = observation
            .nodes
            .iter()
            .filter(|node| !node.name.is_empty())
            .collect();
        texts
            .choose(&mut self.rng)
            .map(|node| node.name.clone())
            .unwrap_or_default()
    }

    fn some_word(&mut self, goal: &str) -> String {
        let words: Vec<&str> = goal.split_whitespace().collect();
        words
            .choose(&mut self.rng)
            .map(ToString::to_string)
            .unwrap_or_default()
    }
}

fn is_usable(node: &Node) -> bool {
    node.bid.is_some() && !node.states.iter().any(|state| state == "disabled")
}

fn click(bid: String) -> Action {
    Action::Click {
        bid,
        button: crate::domain::action::MouseButton::Left,
        modifiers: Vec::new(),
    }
}

#[async_trait]
impl Policy for Random {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let action = self.choose(turn.goal, turn.observation);
        Ok(Decision {
            action,
            reasoning: None,
            calls: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Observation {
        let node = |bid: &str, role: &str| Node {
            bid: Some(bid.to_owned()),
            role: role.to_owned(),
            name: role.to_owned(),
            ..Node::default()
        };
        Observation {
            nodes: vec![node("1", "link"), node("2", "textbox"), node("3", "button")],
            ..Default::default()
        }
    }

    #[test]
    fn the_same_seed_acts_the_same_and_another_does_not() {
        let run = |seed| {
            let mut policy = Random::new(seed);
            (0..40)
                .map(|_| policy.choose("buy a kettle", &page()))
                .collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
    }
}
