//! The final message against reference answers, by the rules of WebArena
//! (`evaluation_harness/evaluators.py`, `StringEvaluator`) and VisualWebArena.
//!
//! `compat = "strict"` corrects what is known to be wrong; each correction names its source.
//!
//! Cannot see: how the agent came to the answer, and whether a text that holds the reference means
//! it.

use serde_json::Value;

use super::reference::clean::{clean, clean_unstripped};
use super::reference::judging::{Stop, Tally, error};
use super::reference::tokens;
use super::webarena_strict as strict;
use super::{Finding, Said};
use crate::domain::evidence::{Asked, Ending, JudgeRule};
use crate::domain::python;
use crate::domain::webarena::{Compat, StringMatchSpec};

/// Between alternatives.
pub(super) const OR: &str = " |OR| ";

/// What stands for "this cannot be done".
const NOT_ACHIEVABLE: &str = "N/A";

/// Judges the final message.
pub(super) fn judge(spec: &StringMatchSpec, said: &Said) -> Result<Finding, Asked> {
    let answer = answer_of(said.ending);
    said.find(&answer, |tally| score(spec, &answer, said.ending, tally))
}

/// The text that is compared. BrowserGym takes a report that it cannot be done for `N/A`.
fn answer_of(ending: Option<&Ending>) -> String {
    match ending {
        Some(Ending::Answer(text)) => text.clone(),
        Some(Ending::Infeasible(_)) => NOT_ACHIEVABLE.to_owned(),
        Some(Ending::Place(_)) | None => String::new(),
    }
}

/// Goes through the reference answers in the order of the file.
pub(super) fn score(
    spec: &StringMatchSpec,
    answer: &str,
    ending: Option<&Ending>,
    tally: &mut Tally,
) -> Result<(), Stop> {
    let Value::Object(references) = &spec.reference_answers else {
        return error("reference_answers is no object");
    };
    let predicted = cleaned(spec.compat, answer);
    let mut was_number = false;
    for (rule, value) in references {
        if was_number && matches!(rule.as_str(), "must_include" | "must_exclude" | "one_of") {
            return error(format!(
                "{rule} after required_values compares a number with texts"
            ));
        }
        was_number |= rule == "required_values" && spec.compat == Compat::Visualwebarena;
        match (rule.as_str(), spec.compat) {
            ("exact_match", compat) => exact(compat, text_of(rule, value)?, &predicted, tally),
            ("must_include", compat) => must_include(compat, value, &predicted, tally)?,
            ("fuzzy_match", Compat::Strict) if value == NOT_ACHIEVABLE => {
                // WebArena-Verified asks for an explicit status instead of a wording, and a
                // refusal must not wipe out what failed before.
                let reported = matches!(ending, Some(Ending::Infeasible(_)));
                let met = reported || predicted == "n/a";
                tally.part(rule, NOT_ACHIEVABLE, answer, met);
            }
            ("fuzzy_match", _) => fuzzy(spec, value, &predicted, tally)?,
            (_, Compat::Visualwebarena) => visual(rule, value, &predicted, tally)?,
            // WebArena leaves keys that it does not know out.
            _ => {}
        }
    }
    Ok(())
}

fn cleaned(compat: Compat, text: &str) -> String {
    if compat == Compat::Visualwebarena {
        clean_unstripped(text)
    } else {
        clean(text)
    }
}

/// A text, which the rule needs.
pub(super) fn text_of<'a>(rule: &str, value: &'a Value) -> Result<&'a str, Stop> {
    value
        .as_str()
        .map_or_else(|| error(format!("{rule} is no text: {value}")), Ok)
}

/// A list, which the rule needs.
pub(super) fn list_of<'a>(rule: &str, value: &'a Value) -> Result<&'a Vec<Value>, Stop> {
    value
        .as_array()
        .map_or_else(|| error(format!("{rule} is no list: {value}")), Ok)
}

/// Equal after cleaning both.
pub(super) fn exact(compat: Compat, reference: &str, predicted: &str, tally: &mut Tally) {
    let equal = cleaned(compat, predicted) == cleaned(compat, reference);
    // Reference answers that are numbers are compared as such (WebArena issue 211).
    let met = equal || (compat == Compat::Strict && strict::same_number(reference, predicted));
    tally.part("exact_match", reference, predicted, met);
}

/// Whether one reference is in a text, by the rule of the benchmark.
pub(super) fn includes(compat: Compat, reference: &str, predicted: &str, tokenize: bool) -> bool {
    let (wanted, text) = (cleaned(compat, reference), cleaned(compat, predicted));
    let as_word = match compat {
        Compat::Strict => return strict::holds(&text, &wanted),
        Compat::Visualwebarena => tokens::words(&wanted).len() == 1,
        // One code point, in a list that holds nothing else.
        Compat::Webarena | Compat::Libwebarena => {
            tokenize && wanted.chars().nth(1).is_none() && tokens::words(&wanted).len() == 1
        }
    };
    if as_word {
        tokens::words(&text).contains(&wanted)
    } else {
        text.contains(&wanted)
    }
}

fn must_include(
    compat: Compat,
    value: &Value,
    predicted: &str,
    tally: &mut Tally,
) -> Result<(), Stop> {
    let items = list_of("must_include", value)?;
    for item in items {
        let item = text_of("must_include", item)?;
        // WebArena asks for the literal text `65 |or| 3` in task 386; VisualWebArena and
        // WebArena-Verified read it as alternatives.
        let splits = matches!(compat, Compat::Visualwebarena | Compat::Strict);
        let met = if splits {
            item.split(OR)
                .any(|one| includes(compat, one, predicted, items.len() == 1))
        } else {
            includes(compat, item, predicted, items.len() == 1)
        };
        tally.part("must_include", item, predicted, met);
    }
    Ok(())
}

fn fuzzy(
    spec: &StringMatchSpec,
    value: &Value,
    predicted: &str,
    tally: &mut Tally,
) -> Result<(), Stop> {
    if value == NOT_ACHIEVABLE {
        exact(spec.compat, NOT_ACHIEVABLE, predicted, tally);
        if !tally.met {
            let Some(note) = &spec.string_note else {
                return error("the task has no string_note");
            };
            let note = text_of("string_note", note)?;
            let met = tally.ask(asked(JudgeRule::UaMatch, spec, note, predicted))?;
            tally.part("ua_match", note, predicted, met);
            // The reference puts the judge's verdict in the place of everything before it.
            tally.met = met;
        }
        return Ok(());
    }
    let Value::Array(references) = value else {
        return error(format!("fuzzy_match is neither a list nor N/A: {value}"));
    };
    for reference in references {
        let reference = text_of("fuzzy_match", reference)?;
        let met = tally.ask(asked(JudgeRule::FuzzyMatch, spec, reference, predicted))?;
        tally.part("fuzzy_match", reference, predicted, met);
    }
    Ok(())
}

fn asked(rule: JudgeRule, spec: &StringMatchSpec, reference: &str, predicted: &str) -> Asked {
    Asked {
        rule,
        prediction: predicted.to_owned(),
        reference: reference.to_owned(),
        question: spec.intent.clone(),
    }
}

/// The rules that only VisualWebArena has.
pub(super) fn visual(
    rule: &str,
    value: &Value,
    predicted: &str,
    tally: &mut Tally,
) -> Result<(), Stop> {
    let compat = Compat::Visualwebarena;
    match rule {
        "one_of" => {
            let mut met = false;
            for item in list_of(rule, value)? {
                met |= predicted.contains(&clean_unstripped(text_of(rule, item)?));
            }
            tally.part(rule, &value.to_string(), predicted, met);
        }
        "must_exclude" => {
            for item in list_of(rule, value)? {
                let item = text_of(rule, item)?;
                tally.part(
                    rule,
                    item,
                    predicted,
                    !includes(compat, item, predicted, true),
                );
            }
        }
        "required_values" => {
            let number = python::whole_number(&predicted.replace(',', ""));
            for item in list_of(rule, value)? {
                let item = text_of(rule, item)?;
                let met = match number {
                    None => false,
                    Some(number) => {
                        let held: Result<Vec<bool>, Stop> =
                            item.split(OR).map(|one| inequality(number, one)).collect();
                        held?.contains(&true)
                    }
                };
                tally.part(rule, item, predicted, met);
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether `>= 12` and the like hold of a number. The tolerance makes `700 > 700` true, as in the
/// reference.
fn inequality(number: f64, text: &str) -> Result<bool, Stop> {
    const TOLERANCE: f64 = 1e-8;
    let sign = ["<=", ">=", "==", "<", ">"]
        .into_iter()
        .find(|sign| text.contains(sign));
    let parts = sign.and_then(|sign| Some((sign, text.split_once(sign)?.1)));
    let bound = parts.and_then(|(sign, bound)| Some((sign, python::float(bound)?)));
    match bound {
        Some(("<=" | "<", bound)) => Ok(number <= bound + TOLERANCE),
        Some((">=" | ">", bound)) => Ok(number >= bound - TOLERANCE),
        Some((_, bound)) => Ok((number - bound).abs() <= TOLERANCE),
        None => error(format!("`{text}` is no comparison with a number")),
    }
}
