//! What a model is asked beside its actions, each in a call of its own that is booked like any
//! other: a plan, notes of steps that leave the prompt, and a check of its own work.

use super::prompts::Prompt;
use super::{LlmPolicy, Stop, in_words};
use crate::agents::Turn;
use crate::domain::action::Action;
use crate::llm::{ChatReply, ModelCall};

/// Signs that models put around words.
const MARKUP: [char; 5] = ['*', '#', '`', ':', ' '];

/// The word by which a check says that something is missing.
const RETRY: &str = "RETRY";

impl LlmPolicy {
    /// Asks for a plan. Without one the agent goes on without.
    pub(super) async fn make_plan(
        &mut self,
        turn: &Turn<'_>,
        calls: &mut Vec<ModelCall>,
    ) -> Result<(), Stop> {
        let asked = self.prompts.plain(Prompt::Plan);
        let reply = self
            .ask_words(|maker| maker.aside(turn, &asked), calls)
            .await?;
        self.memory.plan = said(&reply);
        Ok(())
    }

    /// Asks for notes when more steps stand beside them than are remembered word for word; then the
    /// older half of those goes into them. A model that gives none has the plain list of the steps.
    pub(super) async fn take_notes(
        &mut self,
        turn: &Turn<'_>,
        calls: &mut Vec<ModelCall>,
    ) -> Result<(), Stop> {
        let newest = self.config.memory_steps as usize;
        if turn.history.len().saturating_sub(self.memory.noted) <= newest {
            return Ok(());
        }
        let until = turn.history.len() - newest.div_ceil(2);
        let make = |maker: &super::Maker<'_>| Ok(maker.notes(turn, until));
        let reply = self.ask_words(make, calls).await?;
        let notes = said(&reply).unwrap_or_else(|| self.listed(turn, until));
        self.memory.notes = Some(notes);
        self.memory.noted = until;
        Ok(())
    }

    fn listed(&self, turn: &Turn<'_>, until: usize) -> String {
        let old = self.memory.notes.iter().cloned();
        let steps = turn.history.iter().enumerate();
        let steps = steps.take(until).skip(self.memory.noted);
        let steps = steps.map(|(at, past)| {
            let result = if past.ok { "done" } else { "error" };
            format!("{}. {} -> {result}: {}", at + 1, past.action, past.message)
        });
        old.chain(steps).collect::<Vec<_>>().join("\n")
    }

    /// Asks the model to check its work before it ends the episode. Gives what it finds missing.
    /// Nothing that an evaluator knows goes into it: it sees what the agent saw.
    pub(super) async fn check(
        &mut self,
        turn: &Turn<'_>,
        ending: &Action,
        calls: &mut Vec<ModelCall>,
    ) -> Result<Option<String>, Stop> {
        let ending = ending.to_string();
        let asked = self.prompts.fill(Prompt::Check, &[("ending", &ending)]);
        let reply = self
            .ask_words(|maker| maker.aside(turn, &asked), calls)
            .await?;
        Ok(said(&reply).and_then(|said| missing(&said)))
    }
}

/// What a reply says; none when it is empty or a refusal.
fn said(reply: &ChatReply) -> Option<String> {
    if reply.refusal.is_some() || reply.text.trim().is_empty() {
        return None;
    }
    let text = in_words(reply);
    let (_, text) = text.rsplit_once("</think>").unwrap_or(("", &text));
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// What a check finds missing; none when no line of it begins with the word that says so.
fn missing(said: &str) -> Option<String> {
    let mut lines = said.split_inclusive('\n');
    let first = lines.find_map(|line| line.trim_start_matches(MARKUP).strip_prefix(RETRY))?;
    let found = format!("{first}{}", lines.collect::<String>());
    let found = found.trim_start_matches(MARKUP).trim();
    Some(if found.is_empty() { said } else { found }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_says_what_is_missing_or_nothing() {
        for fine in [
            "OK",
            "OK. No RETRY: all is there.",
            "All of it is right.",
            "",
        ] {
            assert_eq!(missing(fine), None, "{fine}");
        }
        for found in [
            "RETRY: add the tax",
            "**RETRY:** add the tax",
            "Hm.\nRETRY add the tax\n",
        ] {
            assert_eq!(missing(found).as_deref(), Some("add the tax"), "{found}");
        }
        assert_eq!(missing("RETRY").as_deref(), Some("RETRY"));
    }
}
