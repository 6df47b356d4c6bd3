//! What of a task cannot be scored here, in words. A task with such a part is not imported, and
//! is listed with the reason.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::domain::webarena::{Compat, Helper};

/// A placeholder of a site that was not replaced.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"__[A-Z]+(?:_[A-Z]+)*__").expect("a pattern that a test compiles")
});

/// Why a task cannot be scored; empty when it can. `can_help` says whether the shop's own
/// interface can be asked.
pub(super) fn problems(task: &Value, compat: Compat, can_help: bool) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(placeholder) = PLACEHOLDER.find(&task.to_string()) {
        found.push(format!(
            "the map of sites has no address for {}",
            placeholder.as_str()
        ));
    }
    for key in ["intent", "start_url"] {
        if task[key].as_str().is_none_or(str::is_empty) {
            found.push(format!("it has no {key}"));
        }
    }
    let eval = &task["eval"];
    let types = eval["eval_types"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if types.is_empty() {
        found.push("it has no eval_types, so every end would count as a success".to_owned());
    }
    for kind in types {
        match kind.as_str() {
            Some("string_match") => answers(eval, compat, &mut found),
            Some("url_match") => address(eval, compat, &mut found),
            Some("program_html") => targets(eval, compat, can_help, &mut found),
            _ => found.push(format!("the evaluator {kind} is not known here")),
        }
    }
    found
}

fn answers(eval: &Value, compat: Compat, found: &mut Vec<String>) {
    let Some(references) = eval["reference_answers"].as_object() else {
        found.push("string_match without reference_answers".to_owned());
        return;
    };
    let visual = compat == Compat::Visualwebarena;
    for (rule, value) in references {
        let fits = match rule.as_str() {
            "exact_match" => value.is_string(),
            "fuzzy_match" if value == "N/A" => eval["string_note"].is_string(),
            "must_include" | "fuzzy_match" => is_texts(value),
            "one_of" | "must_exclude" | "required_values" => visual && is_texts(value),
            _ => false,
        };
        if !fits {
            found.push(format!(
                "reference_answers.{rule} is not known in this form: {value}"
            ));
        }
    }
}

fn is_texts(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| items.iter().all(Value::is_string))
}

fn address(eval: &Value, compat: Compat, found: &mut Vec<String>) {
    if eval["reference_url"].as_str().is_none_or(str::is_empty) {
        found.push("url_match without a reference_url".to_owned());
    }
    let known = match &eval["url_note"] {
        Value::Null => true,
        Value::String(note) if note == "EXACT" => compat == Compat::Visualwebarena,
        note => note == "GOLD in PRED",
    };
    if !known {
        found.push(format!(
            "the rule {} of url_note is not known",
            eval["url_note"]
        ));
    }
}

fn targets(eval: &Value, compat: Compat, can_help: bool, found: &mut Vec<String>) {
    let Some(targets) = eval["program_html"]
        .as_array()
        .filter(|targets| !targets.is_empty())
    else {
        found.push("program_html without targets".to_owned());
        return;
    };
    for target in targets {
        let url = target["url"].as_str().unwrap_or_default();
        if url.is_empty() {
            found.push("a target of program_html has no url".to_owned());
        } else if url.starts_with("func") {
            helper(url, can_help, found);
        }
        let locator = target["locator"].as_str().unwrap_or_default();
        if locator.starts_with("func:") {
            helper(locator, can_help, found);
        } else if !is_known_locator(locator, compat) || !target["locator"].is_string() {
            found.push(format!(
                "the locator `{locator}` is of no kind that is known"
            ));
        }
        required(&target["required_contents"], compat, found);
    }
}

fn is_known_locator(locator: &str, compat: Compat) -> bool {
    locator.trim().is_empty()
        || locator.starts_with("document.")
        || locator.starts_with("[...document.")
        || (compat == Compat::Visualwebarena && locator.starts_with("lambda:"))
}

fn helper(code: &str, can_help: bool, found: &mut Vec<String>) {
    match Helper::read(code) {
        Err(problem) => found.push(problem),
        Ok(Helper::RedditPostUrl(_) | Helper::GitlabMemberRole(_)) => {}
        Ok(other) if !can_help => found.push(format!(
            "{} asks the shop's own interface, for which the map of sites names no account \
             (sites.shopping.api)",
            other.name()
        )),
        Ok(_) => {}
    }
}

fn required(required: &Value, compat: Compat, found: &mut Vec<String>) {
    let visual = compat == Compat::Visualwebarena;
    let known = match required.as_object() {
        None => false,
        Some(rules) => {
            rules.iter().all(|(rule, value)| match rule.as_str() {
                "exact_match" => value.is_string(),
                "must_include" => is_texts(value),
                "must_exclude" | "required_values" => visual && is_texts(value),
                "fuzzy_match" => visual && (is_texts(value) || value.is_string()),
                _ => false,
            }) && !rules.is_empty()
        }
    };
    if !known {
        found.push(format!(
            "required_contents is not known in this form: {required}"
        ));
    }
}
