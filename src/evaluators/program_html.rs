//! What pages show after the end, by the rules of WebArena (`evaluation_harness/evaluators.py`,
//! `HTMLContentEvaluator`) and VisualWebArena. The pages were looked at before ([`super::lookup`]);
//! here the texts are compared.
//!
//! Cannot see: HTTP status, what else changed, and who changed it.

use serde_json::Value;

use super::reference::judging::{Stop, Tally, error};
use super::reference::unescape::unescape;
use super::string_match::{OR, exact, includes, list_of, text_of, visual};
use super::{Finding, Said};
use crate::domain::evidence::{Asked, Found, JudgeRule};
use crate::domain::webarena::{Compat, ProgramHtmlSpec};

/// Judges what was found at the targets.
pub(super) fn judge(spec: &ProgramHtmlSpec, said: &Said) -> Result<Finding, Asked> {
    let looked = said.lookups.len();
    said.find(&format!("{looked} looks at pages"), |tally| {
        score(spec, said, tally)
    })
}

fn score(spec: &ProgramHtmlSpec, said: &Said, tally: &mut Tally) -> Result<(), Stop> {
    for (index, target) in list_of("program_html", &spec.targets)?.iter().enumerate() {
        let text = match said.lookups.get(index).map(|lookup| &lookup.found) {
            Some(Found::Text(text)) => text,
            Some(Found::Failed(reason)) => return error(reason.clone()),
            None => return error("a page of the task was not looked at"),
            Some(Found::Nothing) => {
                let wanted = target["required_contents"].to_string();
                tally.part("program_html", &wanted, "nothing is there", false);
                // The reference gives up at the first target without a value.
                return Ok(());
            }
        };
        // VisualWebArena alone compares the text as it is.
        let text = if spec.compat == Compat::Visualwebarena {
            text.clone()
        } else {
            unescape(text)
        };
        compare(spec, &target["required_contents"], &text, tally)?;
    }
    Ok(())
}

/// Compares one text. Where several rules are given, the first of them counts.
fn compare(
    spec: &ProgramHtmlSpec,
    required: &Value,
    text: &str,
    tally: &mut Tally,
) -> Result<(), Stop> {
    let is_visual = spec.compat == Compat::Visualwebarena;
    if let Some(reference) = required.get("exact_match") {
        let reference = text_of("exact_match", reference)?;
        exact(spec.compat, reference, text, tally);
        return Ok(());
    }
    if let Some(items) = required.get("must_include") {
        for item in list_of("must_include", items)? {
            let item = text_of("must_include", item)?;
            let met = item
                .split(OR)
                .any(|one| includes(spec.compat, one, text, false));
            tally.part("must_include", item, text, met);
        }
        return Ok(());
    }
    if is_visual && let Some(items) = required.get("must_exclude") {
        let splits = |item: &Value| item.as_str().is_some_and(|item| item.contains(OR));
        if list_of("must_exclude", items)?.iter().any(splits) {
            return error("must_exclude has no alternatives in program_html");
        }
        return visual("must_exclude", items, text, tally);
    }
    if is_visual && let Some(value) = required.get("required_values") {
        return visual("required_values", value, text, tally);
    }
    if is_visual && let Some(value) = required.get("fuzzy_match") {
        return fuzzy(text_of("fuzzy_match", value)?, text, tally);
    }
    error(format!(
        "required_contents holds no rule that is known: {required}"
    ))
}

/// VisualWebArena alone has it: one text with alternatives, which must all be met, and a question
/// that says nothing.
fn fuzzy(references: &str, text: &str, tally: &mut Tally) -> Result<(), Stop> {
    for reference in references.split(OR) {
        let met = tally.ask(Asked {
            rule: JudgeRule::FuzzyMatch,
            prediction: text.to_owned(),
            reference: reference.to_owned(),
            question: "NOT USED".to_owned(),
        })?;
        tally.part("fuzzy_match", reference, text, met);
    }
    Ok(())
}
