//! Follows twenty links at random, then reports that it cannot be done: what a report is worth
//! when pages were looked at, but not for a reason.

use async_trait::async_trait;
use rand::SeedableRng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use super::infeasible::report;
use crate::agents::{AgentFault, Decision, Policy, Turn};
use crate::domain::action::{Action, MouseButton};
use crate::domain::observation::{Node, Observation};
use crate::domain::task::InfeasibleCode;

/// Pages that it looks at, unless the episode is shorter.
const PAGES: u32 = 20;

/// The policy that wanders and reports.
pub struct Wanderer {
    rng: ChaCha8Rng,
    code: InfeasibleCode,
}

impl Wanderer {
    /// Seed 1 takes the first code, and so on around; each seed takes its own way.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: ChaCha8Rng::seed_from_u64(seed),
            code: super::by_seed(InfeasibleCode::ALL, seed),
        }
    }

    fn next(&mut self, observation: &Observation) -> Action {
        let links: Vec<&Node> = observation
            .nodes
            .iter()
            .filter(|node| node.role == "link" && node.bid.is_some())
            .collect();
        match links.choose(&mut self.rng) {
            Some(link) => Action::Click {
                bid: link.bid.clone().unwrap_or_default(),
                button: MouseButton::Left,
                modifiers: Vec::new(),
            },
            None => Action::GoBack,
        }
    }
}

#[async_trait]
impl Policy for Wanderer {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let is_over = turn.step > PAGES || turn.step >= turn.max_steps;
        Ok(super::only(if is_over {
            report(self.code)
        } else {
            self.next(turn.observation)
        }))
    }
}
