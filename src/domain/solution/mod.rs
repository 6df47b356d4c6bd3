//! The language of reference solutions: what a person would do, by role and name as on the page.
//! Parsed here, so that `tasks check` finds mistakes and the oracle only has to look and act.
//!
//! One instruction a line; texts stand in single quotes, `\'` is a quote within; `$name` stands
//! for a value read before. `docs/tasks.md` describes every instruction.

mod parse;

use std::collections::{BTreeMap, BTreeSet};

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// `goto '/shop/'`: opens an address that a person would type.
    Goto(Text),
    /// `click link 'Orders'`: clicks the one element of this role and name.
    Click(Target),
    /// `fill 'Search' 'kettle'`: replaces the text of a field.
    Fill(Target, Text),
    /// `select 'Sort by' 'Price'`: chooses an option of a list box.
    Select(Target, Text),
    /// `check 'Gift wrap'`: ticks a check box.
    Check(Target),
    /// `uncheck 'Newsletter'`: unticks a check box.
    Uncheck(Target),
    /// `choose 'Original payment'`: picks a radio button.
    Choose(Target),
    /// `press 'Enter' 'Search'`: presses a key on a field.
    Press(Text, Target),
    /// `see 'Shipped'`: the page must show this text. No action.
    See(Text),
    /// `read total after 'Total'`: takes the text behind a label. No action.
    Read {
        /// Name of the value.
        name: String,
        /// Where it stands.
        place: Place,
    },
    /// `set total sum $a $b`: computes a value from others. No action.
    Set {
        /// Name of the value.
        name: String,
        /// How.
        function: Function,
        /// From what.
        arguments: Vec<Text>,
    },
    /// `answer '$total'`: says it is done, with this message.
    Answer(Text),
    /// `done`: says it is done.
    Done,
    /// `report ACTION_NOT_ALLOWED 'It has been shipped.'`: says that it cannot be done.
    Report(Text),
}

impl Step {
    /// Whether the instruction costs a step of the episode.
    pub const fn is_action(&self) -> bool {
        !matches!(self, Self::See(_) | Self::Read { .. } | Self::Set { .. })
    }
}

/// A text that may hold `$name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub String);

/// An element of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Role as in the observation, e.g. `link`; absent where the instruction implies it.
    pub role: Option<String>,
    /// Its name.
    pub name: Text,
    /// `within 'text'`: inside the smallest part of the page that holds this text and such an
    /// element.
    pub within: Option<Text>,
    /// `nth 2`: which of several, from 1.
    pub nth: Option<usize>,
}

/// Where a value stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `after 'Total'`: the first text behind the label.
    After {
        /// The label.
        label: Text,
        /// Inside the smallest part of the page that holds this text and such a label.
        within: Option<Text>,
        /// Which of several labels, from 1.
        nth: Option<usize>,
    },
    /// `radio 'Sage'`: the whole name of the element that a shorter one stands for.
    Named(Target),
    /// `link 1 within 'Results'`: the name of an element, by role and place.
    Element {
        /// Role as in the observation.
        role: String,
        /// Which, from 1.
        nth: usize,
        /// Inside the smallest part of the page that holds this text and such an element.
        within: Option<Text>,
    },
}

crate::named_values! {
    /// What can be computed from values that were read.
    Function {
        /// The sum of amounts of money, e.g. `$45.20`.
        Sum = "sum",
        /// A weight in grams, from `1.25 kg` or `850 g`.
        Grams = "grams",
        /// Of pairs `name amount`, the name with the greatest amount; times in months and years.
        Longest = "longest",
        /// Of pairs `name amount`, the name with the greatest amount of money.
        Dearest = "dearest",
        /// The first amount of money in a text.
        Money = "money",
        /// By how many percent the second amount of money differs from the first, with one
        /// decimal.
        Change = "change",
        /// Of pairs `key value`, the value of the key that equals the first argument.
        Pick = "pick",
        /// Of texts, those that occur most often, most first: `most '3' $a $b ...` gives three.
        Most = "most",
        /// How often the first text occurs among the others.
        Times = "times",
        /// Of pairs `name text`, the name whose text holds the greatest whole number.
        Greatest = "greatest",
        /// Of pairs `name number`, the name with the least number.
        Lowest = "lowest",
        /// How far the least of several numbers is below zero.
        Fall = "fall",
    }
}

/// A solution is not written as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("step {number} `{line}`: {problem}")]
pub struct SolutionError {
    /// The step, from 1.
    pub number: usize,
    /// The step as written, shortened.
    pub line: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// Parses a solution and checks that it ends, that nothing stands behind its end, and that each
/// value is read before it is used.
pub fn parse(lines: &[String]) -> Result<Vec<Step>, SolutionError> {
    let fault = |number: usize, problem: String| SolutionError {
        number: number + 1,
        line: lines
            .get(number)
            .map(|line| line.chars().take(120).collect())
            .unwrap_or_default(),
        problem,
    };
    let mut known = BTreeSet::new();
    let mut steps = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        let step = parse::step(line).map_err(|problem| fault(number, problem))?;
        for name in used_names(&step) {
            if !known.contains(&name) {
                return Err(fault(
                    number,
                    format!("${name} is used before it is read or set"),
                ));
            }
        }
        if let Step::Read { name, .. } | Step::Set { name, .. } = &step {
            known.insert(name.clone());
        }
        let ends = matches!(step, Step::Answer(_) | Step::Done | Step::Report(_));
        if ends != (number + 1 == lines.len()) {
            let problem = "a solution ends with one `answer`, `done` or `report`";
            return Err(fault(number, problem.into()));
        }
        steps.push(step);
    }
    if steps.is_empty() {
        return Err(fault(0, "a solution needs at least one step".into()));
    }
    Ok(steps)
}

/// A text with its values filled in.
pub fn fill_in(text: &Text, values: &BTreeMap<String, String>) -> String {
    let mut filled = String::new();
    let mut rest = text.0.as_str();
    while let Some(at) = rest.find('$') {
        filled.push_str(&rest[..at]);
        let name = variable_at(&rest[at + 1..]);
        match values.get(name) {
            Some(value) if !name.is_empty() => filled.push_str(value),
            _ => filled.push_str(&rest[at..=at + name.len()]),
        }
        rest = &rest[at + 1 + name.len()..];
    }
    filled.push_str(rest);
    filled
}

/// The name of a value at the start of a text: a letter, then letters, digits and `_`.
fn variable_at(text: &str) -> &str {
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return "";
    }
    let end = text.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

fn variables(text: &str) -> Vec<String> {
    text.match_indices('$')
        .map(|(at, _)| variable_at(&text[at + 1..]).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn used_names(step: &Step) -> Vec<String> {
    let mut texts: Vec<&Text> = Vec::new();
    let target = |target: &'_ Target| -> Vec<Text> {
        std::iter::once(&target.name)
            .chain(target.within.as_ref())
            .cloned()
            .collect()
    };
    let owned: Vec<Text> = match step {
        Step::Click(one) | Step::Check(one) | Step::Uncheck(one) | Step::Choose(one) => target(one),
        Step::Fill(one, text) | Step::Select(one, text) | Step::Press(text, one) => {
            texts.push(text);
            target(one)
        }
        Step::Goto(text) | Step::See(text) | Step::Answer(text) | Step::Report(text) => {
            texts.push(text);
            Vec::new()
        }
        Step::Read { place, .. } => match place {
            Place::After { label, within, .. } => std::iter::once(label)
                .chain(within.as_ref())
                .cloned()
                .collect(),
            Place::Named(one) => target(one),
            Place::Element { within, .. } => within.iter().cloned().collect(),
        },
        Step::Set { arguments, .. } => arguments.clone(),
        Step::Done => Vec::new(),
    };
    owned
        .iter()
        .chain(texts)
        .flat_map(|text| variables(&text.0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(lines: &[&str]) -> Result<Vec<Step>, SolutionError> {
        parse(
            &lines
                .iter()
                .map(|line| (*line).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn reads_every_instruction() {
        let steps = parsed(&[
            "goto '/shop/'",
            "click link 'Siobh\u{e1}n O\\'Brien' within 'Orders' nth 2",
            "fill 'Search' 'kettle'",
            "select 'Sort by' 'Price'",
            "check 'Gift'",
            "uncheck 'News'",
            "choose 'Card'",
            "press 'Enter' 'Search'",
            "see 'Kettles'",
            "read first after 'Total' within 'Summary'",
            "read second link 1",
            "set total sum $first $second",
            "answer '$total'",
        ])
        .unwrap();
        assert_eq!(steps.len(), 13);
        assert_eq!(steps.iter().filter(|step| step.is_action()).count(), 9);
        assert!(matches!(&steps[1], Step::Click(target)
            if target.name.0 == "Siobh\u{e1}n O'Brien" && target.nth == Some(2)));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let problem = |lines: &[&str]| parsed(lines).unwrap_err().to_string();
        assert!(
            problem(&["jump 'x'", "done"]).contains("step 1 `jump 'x'`: `jump` is no instruction")
        );
        assert!(problem(&["answer '$total'"]).contains("$total is used before"));
        assert!(problem(&["click link 'x'"]).contains("ends with one"));
        assert!(problem(&["done", "done"]).contains("ends with one"));
        assert!(problem(&["click link 'x"]).contains("does not end"));
        assert!(problem(&["report BROKEN 'x'"]).contains("NOT_FOUND"));
    }

    #[test]
    fn fills_in_values_and_leaves_prices_alone() {
        let values = BTreeMap::from([("a".to_owned(), "7".to_owned())]);
        assert_eq!(
            fill_in(&Text("$a and $45.20 and $b".into()), &values),
            "7 and $45.20 and $b"
        );
    }
}
