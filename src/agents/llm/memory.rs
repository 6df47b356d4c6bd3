//! What an agent keeps of an episode beside what each turn tells it: the pages that it saw, its
//! plan, its notes, and what its own checks found.

use super::page::Page;
use crate::agents::Turn;

/// What an agent keeps.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// The pages of the steps, the newest last; as many as steps were seen.
    pages: Vec<Seen>,
    /// The plan.
    pub(super) plan: Option<String>,
    /// Notes of the steps that left the prompt.
    pub(super) notes: Option<String>,
    /// How many of the oldest steps stand in the notes.
    pub(super) noted: usize,
    /// What the last check of the agent's own work found.
    pub(super) found: Option<String>,
    /// How often it went on after a check.
    pub(super) went_on: u32,
}

/// A page as it was in one step.
#[derive(Debug)]
pub(super) struct Seen {
    /// The step, from 1.
    step: u32,
    /// The page.
    pub(super) page: Page,
    /// Its difference to the page of the step before, where that is shorter.
    pub(super) difference: Option<String>,
}

impl Memory {
    /// Takes in the page of a turn, once.
    pub(super) fn see(&mut self, turn: &Turn<'_>) {
        if self.pages.last().is_some_and(|seen| seen.step >= turn.step) {
            return;
        }
        let page = Page::of(turn.observation);
        let before = self.pages.last().filter(|seen| seen.step + 1 == turn.step);
        let difference = before.and_then(|before| page.difference(&before.page));
        self.pages.push(Seen {
            step: turn.step,
            page,
            difference,
        });
    }

    /// The page of a step; none when it was not seen.
    pub(super) fn page(&self, step: usize) -> Option<&Seen> {
        let found = self.pages.iter().rev();
        let mut found = found.filter(|seen| usize::try_from(seen.step).is_ok_and(|at| at == step));
        found.next()
    }
}
