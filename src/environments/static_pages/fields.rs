//! What a MiniWoB++ goal names, as pairs of key and value: the benchmark's own reading of its
//! goals, which it passes to agents. Most tasks have a fixed wording (`goals.txt`); a few need
//! a rule of their own.

use regex::{Captures, Regex};
use serde_json::{Map, Value};

/// The wordings of the tasks.
const GOALS: &str = include_str!("goals.txt");

/// Pairs of key and value.
pub type Fields = Vec<(String, String)>;

/// What a goal of a task names. A goal that is not worded as the task words its goals names
/// nothing.
pub fn read(task: &str, goal: &str) -> Fields {
    let by_rule = match task {
        "click-checkboxes" | "click-checkboxes-large" | "click-checkboxes-transfer" => {
            between(goal, "Select ", " and click Submit.").map(checkboxes)
        }
        "click-checkboxes-soft" => {
            between(goal, "Select words similar to ", " and click Submit.").map(checkboxes)
        }
        "click-shape" => goal.strip_prefix("Click on a ").map(shape),
        "count-shape" => between(goal, "How many ", "s are there?").map(shape),
        "order-food" => order(goal),
        "sign-agreement" => sign(goal),
        _ if task.starts_with("flight.") => flight(goal),
        _ => wordings(task).find_map(|wording| read_wording(wording, goal)),
    };
    by_rule.unwrap_or_default()
}

/// How a task words its goal, with `<name>` for what differs; none for a task that words it
/// freely.
pub fn wording(task: &str) -> Option<String> {
    let by_rule = match task {
        "click-checkboxes" | "click-checkboxes-large" | "click-checkboxes-transfer" => {
            "Select <targets> and click Submit."
        }
        "click-checkboxes-soft" => "Select words similar to <targets> and click Submit.",
        "click-shape" => "Click on a <shape>",
        "count-shape" => "How many <shape>s are there?",
        "order-food" => "Order one of each item: <targets>",
        "sign-agreement" => {
            "Scroll to the bottom of the textarea, enter the name \"<name>\" then press \"<button>\""
        }
        _ => {
            let wording = wordings(task).next()?;
            let shown = parts(wording).map(|part| match part {
                Part::Text(text) => text.to_owned(),
                Part::Name { name, .. } => format!("<{name}>"),
            });
            return Some(shown.collect());
        }
    };
    Some(by_rule.to_owned())
}

/// The wordings of a task, in order.
fn wordings(task: &str) -> impl Iterator<Item = &'static str> {
    let mut is_of_task = false;
    GOALS.lines().filter_map(move |line| {
        if line.starts_with('#') {
            return None;
        }
        let Some(wording) = line.strip_prefix("  ") else {
            is_of_task = line.split(' ').any(|name| name == task);
            return None;
        };
        is_of_task.then_some(wording)
    })
}

/// A part of a wording.
enum Part<'a> {
    /// What stands there word for word.
    Text(&'a str),
    /// What differs.
    Name { name: &'a str, form: &'a str },
}

fn parts(wording: &str) -> impl Iterator<Item = Part<'_>> {
    wording.split_inclusive('}').flat_map(|piece| {
        let (text, name) = match piece.strip_suffix('}').and_then(|p| p.split_once('{')) {
            Some((text, name)) => (text, Some(name)),
            None => (piece, None),
        };
        let name = name.map(|name| {
            let at = name.find(['#', '=', '^']).unwrap_or(name.len());
            let (name, form) = name.split_at(at);
            Part::Name { name, form }
        });
        [Some(Part::Text(text)), name].into_iter().flatten()
    })
}

fn read_wording(wording: &str, goal: &str) -> Option<Fields> {
    let mut pattern = String::from("^");
    let mut names = Vec::new();
    for part in parts(wording) {
        match part {
            Part::Text(text) => pattern.push_str(&regex::escape(text)),
            Part::Name { name, form } => {
                names.push((name, form));
                match form {
                    "#" => pattern.push_str(r"0*(\d*)"),
                    "#th" => pattern.push_str(r"(\d+).."),
                    "^" => pattern.push_str(r#"([^"]*)"#),
                    "" | "=" => pattern.push_str("(.*)"),
                    words => pattern.extend(["(", words.trim_start_matches('='), ")"]),
                }
            }
        }
    }
    let found: Captures = Regex::new(&pattern).ok()?.captures(goal)?;
    let value = |at: usize| found.get(at + 1).map_or("", |value| value.as_str());
    let fields = names.iter().enumerate().map(|(at, (name, form))| {
        let value = match *form {
            "=" => value(at).replace(' ', ""),
            _ => value(at).to_owned(),
        };
        ((*name).to_owned(), value)
    });
    Some(fields.collect())
}

/// The longest text between a beginning and what stands last.
fn between<'a>(goal: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = goal.strip_prefix(before)?;
    rest.rfind(after).map(|end| &rest[..end])
}

fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

/// Numbered targets of a list with commas, and the button.
fn checkboxes(list: &str) -> Fields {
    let items = list
        .split(',')
        .map(|item| item.strip_prefix(' ').unwrap_or(item))
        .enumerate()
        .filter(|_| list != "nothing")
        .map(|(n, item)| (format!("target {n}"), item.to_owned()));
    items.chain([pair("button", "submit")]).collect()
}

/// Size, colour and kind of a shape, in the order in which they are first said; of two words for
/// the same the last counts.
fn shape(description: &str) -> Fields {
    let mut fields = Fields::new();
    for word in description.split_whitespace() {
        let key = match word {
            "large" | "small" => "size",
            "red" | "green" | "blue" | "aqua" | "black" | "magenta" | "yellow" => "color",
            "shape" | "digit" | "letter" | "item" => "type",
            _ => "target",
        };
        match fields.iter_mut().find(|(known, _)| known == key) {
            Some((_, value)) => word.clone_into(value),
            None => fields.push(pair(key, word)),
        }
    }
    fields
}

fn order(goal: &str) -> Option<Fields> {
    if let Some(list) = goal.strip_prefix("Order one of each item: ") {
        let targets = list
            .split(", ")
            .enumerate()
            .map(|(n, item)| (format!("target {n}"), item.to_owned()));
        return Some(
            [pair("criterion", "name")]
                .into_iter()
                .chain(targets)
                .collect(),
        );
    }
    let rest = goal.strip_prefix("Order ")?;
    let (amount, kind) = rest
        .rsplit_once(" items that are ")
        .or_else(|| rest.rsplit_once(" item that are "))?;
    Some(vec![
        pair("criterion", "type"),
        pair("amount", amount),
        pair("type", kind),
    ])
}

fn sign(goal: &str) -> Option<Fields> {
    if goal == "Click the cancel button." {
        return Some(vec![pair("button", "Cancel")]);
    }
    let beginning = "Scroll to the bottom of the textarea, enter the name \"";
    let (name, button) = between(goal, beginning, "\"")?.rsplit_once("\" then press \"")?;
    Some(vec![pair("button", button), pair("name", name)])
}

/// A flight task's goal is a JSON object of what is asked for.
fn flight(goal: &str) -> Option<Fields> {
    let object: Map<String, Value> = serde_json::from_str(goal).ok()?;
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Some(
        object
            .into_iter()
            .map(|(key, value)| (key, text(value)))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(task: &str, goal: &str, fields: &[(&str, &str)]) {
        let wanted: Fields = fields.iter().map(|(key, value)| pair(key, value)).collect();
        assert_eq!(read(task, goal), wanted, "{task}: {goal}");
    }

    #[test]
    fn a_goal_is_read_as_its_task_words_it() {
        check("click-test", "Click the button.", &[]);
        check(
            "choose-date",
            "Select 02/07/2016 as the date and hit submit.",
            &[("month", "2"), ("day", "7"), ("year", "2016")],
        );
        check(
            "copy-paste-2",
            "Copy the text from the 3rd text area below and paste it into the text input, then press Submit.",
            &[("target", "3")],
        );
        check(
            "enter-time",
            "Enter 12:34 AM as the time and press submit.",
            &[("target", "12:34AM")],
        );
        check(
            "email-inbox",
            "Find the email by Ann and forward that email to Bo.",
            &[("by", "Ann"), ("task", "forward"), ("to", "Bo")],
        );
        check(
            "use-autocomplete",
            "Enter an item that starts with \"Cyp\".",
            &[("start", "Cyp")],
        );
        check(
            "generate-number",
            "Generate a number less than 5, then press submit.",
            &[("criterion", "less than"), ("number", "5")],
        );
    }

    #[test]
    fn lists_shapes_and_orders_have_rules_of_their_own() {
        check(
            "click-checkboxes",
            "Select a, bc and click Submit.",
            &[("target 0", "a"), ("target 1", "bc"), ("button", "submit")],
        );
        check(
            "click-checkboxes",
            "Select nothing and click Submit.",
            &[("button", "submit")],
        );
        check(
            "click-shape",
            "Click on a large red letter",
            &[("size", "large"), ("color", "red"), ("type", "letter")],
        );
        check("count-shape", "How many is are there?", &[("target", "i")]);
        check(
            "order-food",
            "Order 2 items that are vegan",
            &[("criterion", "type"), ("amount", "2"), ("type", "vegan")],
        );
        check(
            "sign-agreement",
            "Scroll to the bottom of the textarea, enter the name \"Al\" then press \"Agree\"",
            &[("button", "Agree"), ("name", "Al")],
        );
        check(
            "flight.AA",
            "{\"From\":\"A\",\"n\":2}",
            &[("From", "A"), ("n", "2")],
        );
    }

    #[test]
    fn another_wording_names_nothing_and_every_wording_can_be_shown() {
        check("click-link", "Press on the link \"a\".", &[]);
        check("flight.AA", "no object", &[]);
        check("unknown", "Do it.", &[]);
        assert_eq!(
            wording("click-link").as_deref(),
            Some("Click on the link \"<target>\".")
        );
        assert_eq!(wording("email-inbox-nl-turk"), None);
    }
}
