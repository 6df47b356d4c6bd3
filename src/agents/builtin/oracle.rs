//! Plays the reference solution of a task. It finds elements by role and name as a person would,
//! reads values off the pages, and knows nothing else of the task: a task that it fails is wrong.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::page;
use super::sums;
use crate::agents::{AgentFault, BuildError, Decision, Policy, Turn};
use crate::domain::action::Action;
use crate::domain::observation::Observation;
use crate::domain::outcome::AgentErrorKind;
use crate::domain::solution::{self, Place, Step, Text};

/// The policy that plays a solution.
pub struct Oracle {
    steps: Vec<Step>,
    lines: Vec<String>,
    next: usize,
    values: BTreeMap<String, String>,
}

impl Oracle {
    /// Takes a solution; refuses one that cannot be parsed.
    pub fn new(lines: &[String]) -> Result<Self, BuildError> {
        let steps = solution::parse(lines)
            .map_err(|problem| BuildError(format!("the task's solution is wrong: {problem}")))?;
        Ok(Self {
            steps,
            lines: lines.to_vec(),
            next: 0,
            values: BTreeMap::new(),
        })
    }

    /// Values that were read off the pages so far, by name.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// Carries out what needs no action, then gives the next action.
    fn advance(&mut self, observation: &Observation) -> Result<Action, String> {
        while let Some(step) = self.steps.get(self.next).cloned() {
            let done = self.take(&step, observation);
            let done = done.map_err(|problem| self.at_step(&problem))?;
            self.next += 1;
            if let Some(action) = done {
                return Ok(action);
            }
        }
        Err("the solution is over, but the episode goes on".into())
    }

    fn at_step(&self, problem: &str) -> String {
        let line = self.lines.get(self.next).map_or("", String::as_str);
        format!("step {} `{line}`: {problem}", self.next + 1)
    }

    fn take(&mut self, step: &Step, observation: &Observation) -> Result<Option<Action>, String> {
        let find = |roles: &[&str], target| page::find(observation, roles, target, &self.values);
        let action = match step {
            Step::Goto(path) => Action::Goto {
                url: page::address(&observation.url, &self.fill_in(path))?,
            },
            Step::Click(target) => {
                let role = target.role.as_deref().unwrap_or("button");
                page::click(find(&[role], target)?)
            }
            Step::Fill(target, value) => Action::Fill {
                bid: find(&page::TEXT_FIELDS, target)?,
                value: self.fill_in(value),
                enable_autocomplete_menu: false,
            },
            Step::Select(target, value) => Action::SelectOption {
                bid: find(&page::LIST_BOXES, target)?,
                options: vec![self.fill_in(value)],
            },
            Step::Check(target) => Action::Check {
                bid: find(&page::CHECK_BOXES, target)?,
            },
            Step::Uncheck(target) => Action::Uncheck {
                bid: find(&page::CHECK_BOXES, target)?,
            },
            Step::Choose(target) => Action::Check {
                bid: find(&["radio"], target)?,
            },
            Step::Press(key, target) => Action::Press {
                bid: find(&page::TEXT_FIELDS, target)?,
                key_comb: self.fill_in(key),
            },
            Step::Answer(text) => Action::SendMsgToUser {
                text: self.fill_in(text),
            },
            Step::Done => Action::SendMsgToUser {
                text: "Done.".into(),
            },
            Step::Report(text) => Action::ReportInfeasible {
                reason: self.fill_in(text),
            },
            Step::See(_) | Step::Read { .. } | Step::Set { .. } => {
                self.note(step, observation)?;
                return Ok(None);
            }
        };
        Ok(Some(action))
    }

    /// An instruction that costs no step.
    fn note(&mut self, step: &Step, observation: &Observation) -> Result<(), String> {
        match step {
            Step::See(text) => page::see(observation, &self.fill_in(text)),
            Step::Read { name, place } => {
                let value = self.read(place, observation)?;
                self.values.insert(name.clone(), value);
                Ok(())
            }
            Step::Set {
                name,
                function,
                arguments,
            } => {
                let arguments: Vec<String> = arguments
                    .iter()
                    .map(|argument| self.fill_in(argument))
                    .collect();
                let value = sums::compute(*function, &arguments)?;
                self.values.insert(name.clone(), value);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn read(&self, place: &Place, observation: &Observation) -> Result<String, String> {
        let part = |within: &Option<Text>| within.as_ref().map(|text| self.fill_in(text));
        match place {
            Place::After { label, within, nth } => {
                let label = self.fill_in(label);
                page::text_after(observation, &label, part(within).as_deref(), *nth)
            }
            Place::Named(target) => {
                let role = target.role.as_deref().unwrap_or("text");
                page::whole_name(observation, role, target, &self.values)
            }
            Place::Element { role, nth, within } => {
                page::name_of(observation, role, *nth, part(within).as_deref())
            }
        }
    }

    fn fill_in(&self, text: &Text) -> String {
        solution::fill_in(text, &self.values)
    }
}

#[async_trait]
impl Policy for Oracle {
    async fn decide(&mut self, turn: Turn<'_>) -> Result<Decision, AgentFault> {
        let unreadable = |message: String| AgentFault::Unreadable {
            kind: AgentErrorKind::Unparsable,
            message: format!("the reference solution does not fit the page: {message}"),
            calls: Vec::new(),
        };
        if let Some(last) = turn.history.last()
            && !last.ok
        {
            let line = self
                .lines
                .get(self.next.saturating_sub(1))
                .map_or("", String::as_str);
            return Err(unreadable(format!(
                "`{line}` was not carried out: {}",
                last.message
            )));
        }
        let action = self.advance(turn.observation).map_err(unreadable)?;
        let reasoning = self.lines.get(self.next - 1).cloned();
        Ok(Decision {
            action,
            reasoning,
            calls: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observation::Node;

    fn node(depth: u16, role: &str, name: &str, bid: Option<&str>) -> Node {
        Node {
            depth,
            role: role.into(),
            name: name.into(),
            bid: bid.map(Into::into),
            ..Node::default()
        }
    }

    fn page() -> Observation {
        Observation {
            url: "http://127.0.0.1:8081/shop/orders".into(),
            nodes: vec![
                node(0, "list", "", None),
                node(1, "listitem", "", None),
                node(2, "link", "Order 17", Some("1")),
                node(2, "text", "Total", None),
                node(2, "text", "$45.20", None),
                node(2, "button", "Cancel", Some("2")),
                node(1, "listitem", "", None),
                node(2, "link", "Order 18", Some("3")),
                node(2, "text", "Total", None),
                node(2, "text", "$4.80", None),
                node(2, "button", "Cancel", Some("4")),
            ],
            ..Observation::default()
        }
    }

    fn oracle(lines: &[&str]) -> Oracle {
        Oracle::new(
            &lines
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>(),
        )
        .unwrap()
    }

    #[test]
    fn reads_values_computes_and_answers() {
        let mut oracle = oracle(&[
            "read a after 'Total' within 'Order 17'",
            "read b after 'Total' within 'Order 18'",
            "set all sum $a $b",
            "answer '$all'",
        ]);
        let text = "$50.00".to_owned();
        assert_eq!(
            oracle.advance(&page()).unwrap(),
            Action::SendMsgToUser { text }
        );
    }

    #[test]
    fn finds_the_element_of_a_row() {
        let mut oracle = oracle(&["click button 'Cancel' within 'Order 18'", "done"]);
        assert!(
            matches!(oracle.advance(&page()).unwrap(), Action::Click { bid, .. } if bid == "4")
        );
    }

    #[test]
    fn an_ambiguous_or_absent_element_is_named() {
        let problem = oracle(&["click button 'Cancel'", "done"])
            .advance(&page())
            .unwrap_err();
        assert!(problem.contains("2 elements"), "{problem}");
        let problem = oracle(&["click link 'Order 19'", "done"])
            .advance(&page())
            .unwrap_err();
        assert!(problem.contains("no link named `Order 19`"), "{problem}");
        assert!(problem.contains("step 1"), "{problem}");
    }
}
