//! Scores by the references' rules: every part is asked, the score is the product of the parts,
//! and a part that cannot be read is an error of the task, never a failure of the agent.

use serde_json::{Value, json};

use crate::domain::evidence::{Asked, Judgement};
use crate::evaluators::judge;

/// Why there is no score yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    /// A model must be asked first.
    Ask(Asked),
    /// The rules give no score.
    Error(String),
}

/// An error with these words.
pub fn error<T>(message: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Error(message.into()))
}

/// A running score with the parts that it came from.
pub struct Tally<'a> {
    /// The product so far: 1 or 0.
    pub met: bool,
    parts: Vec<Value>,
    replies: std::slice::Iter<'a, Judgement>,
}

impl<'a> Tally<'a> {
    /// A score of 1, and what a model has said so far.
    pub fn new(replies: &'a [Judgement]) -> Self {
        Self {
            met: true,
            parts: Vec::new(),
            replies: replies.iter(),
        }
    }

    /// Multiplies by a part.
    pub fn part(&mut self, rule: &str, expected: &str, found: &str, met: bool) {
        let short = |text: &str| super::super::shorten(text, 300);
        self.parts.push(json!({
            "rule": rule, "expected": short(expected), "found": short(found), "met": met,
        }));
        self.met &= met;
    }

    /// What a model says, as the rule reads its reply.
    pub fn ask(&mut self, asked: Asked) -> Result<bool, Stop> {
        let Some(judgement) = self.replies.next() else {
            return Err(Stop::Ask(asked));
        };
        if judgement.asked != asked {
            return error("the model was asked something else");
        }
        let Some(reply) = &judgement.reply else {
            let problem = judgement.problem.as_deref().unwrap_or("no reason is known");
            return error(format!("the model gave no reply: {problem}"));
        };
        judge::read_verdict(asked.rule, reply).map_or_else(error, |verdict| Ok(verdict.met))
    }

    /// Everything that was compared.
    pub fn into_parts(self) -> Vec<Value> {
        self.parts
    }

    /// What was expected and found in the first part that was not met, else in the first.
    pub fn headline(&self) -> (String, String) {
        let unmet = self.parts.iter().find(|part| part["met"] == false);
        let text = |part: &Value, key: &str| part[key].as_str().unwrap_or_default().to_owned();
        unmet
            .or_else(|| self.parts.first())
            .map_or_else(Default::default, |part| {
                (
                    format!("{} {}", text(part, "rule"), text(part, "expected")),
                    text(part, "found"),
                )
            })
    }
}
