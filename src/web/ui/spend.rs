//! Tokens and money by model, as tables: submission and agent show the same.

use crate::domain::event::CallPurpose;
use crate::domain::spend::{ModelSpend, Spend};
use crate::web::ui::format::{self, Cost};

/// A table of what calls came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SpendTable {
    /// For screen readers.
    pub caption: &'static str,
    /// A row for each purpose and model, then their sums.
    pub rows: Vec<SpendRow>,
}

/// The calls of one purpose to one model, or all of one purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct SpendRow {
    /// Model as asked for, or `All models`.
    pub model: String,
    /// Model as the provider named it, where that is another name, and the interface.
    pub note: String,
    /// What the calls were for.
    pub purpose: &'static str,
    /// Whether it is a sum over several rows.
    pub is_sum: bool,
    /// How many calls.
    pub calls: String,
    /// How many of them were not the first of their step, and how many failed.
    pub calls_note: Option<String>,
    /// Tokens sent.
    pub input: String,
    /// Of these, from and to caches.
    pub cache: String,
    /// Tokens received.
    pub output: String,
    /// Of these, spent on reasoning.
    pub reasoning: String,
    /// What they cost.
    pub cost: Cost,
    /// Why that is not known, and what of it is.
    pub why: Option<String>,
}

impl SpendTable {
    /// A table of the calls of some purposes, with a sum for each purpose of several models.
    pub fn new(caption: &'static str, all: &[ModelSpend], purposes: &[CallPurpose]) -> Self {
        let mut rows = Vec::new();
        for purpose in purposes {
            let of_it = by_model(all.iter().filter(|of| of.purpose == *purpose));
            rows.extend(of_it.iter().map(model_row));
            if of_it.len() > 1 {
                let sum = Spend::sum(of_it.iter().map(|of| &of.spend));
                let name = "All models".to_owned();
                rows.push(row(name, String::new(), *purpose, &sum, true));
            }
        }
        Self { caption, rows }
    }
}

/// Calls that no model answered go with the others to the same model, unless these were answered
/// under several names.
fn by_model<'a>(all: impl Iterator<Item = &'a ModelSpend>) -> Vec<ModelSpend> {
    let (mut rows, silent): (Vec<_>, Vec<_>) =
        all.cloned().partition(|of| of.returned_model.is_some());
    for of in silent {
        let asked = |row: &ModelSpend| (&row.provider, &row.model) == (&of.provider, &of.model);
        let mut same = rows.iter_mut().filter(|row| asked(row));
        match (same.next(), same.next()) {
            (Some(row), None) => row.spend = row.spend.plus(&of.spend),
            _ => rows.push(of),
        }
    }
    rows
}

fn model_row(of: &ModelSpend) -> SpendRow {
    let answered = of
        .returned_model
        .as_ref()
        .filter(|returned| **returned != of.model);
    let note = match answered {
        Some(returned) => format!("{}, answered as {returned}", of.provider),
        None => of.provider.clone(),
    };
    row(of.model.clone(), note, of.purpose, &of.spend, false)
}

fn row(model: String, note: String, purpose: CallPurpose, spend: &Spend, is_sum: bool) -> SpendRow {
    let counts = [(spend.later, "later in a step"), (spend.failed, "failed")];
    let counts: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", format::count(count)))
        .collect();
    SpendRow {
        model,
        note,
        purpose: purpose_words(purpose),
        is_sum,
        calls: format::count(spend.calls),
        calls_note: (!counts.is_empty()).then(|| counts.join(", ")),
        input: format::count(spend.input_tokens),
        cache: format!(
            "{} read, {} written",
            format::count(spend.cache_read_tokens),
            format::count(spend.cache_write_tokens)
        ),
        output: format::count(spend.output_tokens),
        reasoning: format!("{} reasoning", format::count(spend.reasoning_tokens)),
        cost: Cost::exact(spend.cost_microusd()),
        why: why(spend),
    }
}

const fn purpose_words(purpose: CallPurpose) -> &'static str {
    match purpose {
        CallPurpose::Act => "to decide",
        CallPurpose::Judge => "to judge, at the operator's cost",
        CallPurpose::Try => "tried, outside of submissions",
    }
}

/// Why the cost of calls is not known, and which part of it is; none when it is known.
pub fn why(spend: &Spend) -> Option<String> {
    let reasons = [
        (spend.unpriced, "without a price"),
        (spend.unreported, "without counts from the provider"),
    ];
    let reasons: Vec<_> = reasons
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", format::counted(count, "call")))
        .collect();
    if reasons.is_empty() {
        return None;
    }
    if spend.calls <= spend.unpriced.saturating_add(spend.unreported) {
        return Some(reasons.join(", "));
    }
    let known = Cost::exact(Some(spend.known_microusd)).text();
    Some(format!("{}; the others cost {known}", reasons.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spend(model: &str, purpose: CallPurpose, spend: Spend) -> ModelSpend {
        ModelSpend {
            purpose,
            provider: "openai".to_owned(),
            model: model.to_owned(),
            returned_model: Some("m-2026".to_owned()),
            spend,
        }
    }

    #[test]
    fn several_models_have_a_sum_and_an_unknown_part_makes_it_unknown() {
        let priced = Spend {
            calls: 2,
            known_microusd: 40_000,
            ..Spend::default()
        };
        let unpriced = Spend {
            calls: 1,
            failed: 1,
            unpriced: 1,
            ..Spend::default()
        };
        let all = [
            spend("m-2026", CallPurpose::Act, priced),
            spend("m", CallPurpose::Act, unpriced),
            spend("m", CallPurpose::Try, priced),
        ];
        let table = SpendTable::new("Spend", &all, &[CallPurpose::Act, CallPurpose::Judge]);
        let costs: Vec<_> = table.rows.iter().map(|row| row.cost.text()).collect();
        assert_eq!(costs, ["$0.0400", "unpriced", "unpriced"]);
        assert_eq!(table.rows[0].note, "openai");
        assert_eq!(table.rows[1].note, "openai, answered as m-2026");
        let sum = &table.rows[2];
        assert!(sum.is_sum && sum.calls == "3");
        assert_eq!(
            sum.why.as_deref(),
            Some("1 call without a price; the others cost $0.0400")
        );
        assert_eq!(table.rows[1].why.as_deref(), Some("1 call without a price"));
    }

    #[test]
    fn calls_that_nobody_answered_have_no_row_of_their_own_beside_their_model() {
        let calls = Spend {
            calls: 2,
            known_microusd: 40_000,
            ..Spend::default()
        };
        let silent = ModelSpend {
            returned_model: None,
            ..spend("m", CallPurpose::Act, calls)
        };
        let answered = spend("m", CallPurpose::Act, calls);
        let purposes = [CallPurpose::Act];
        let table = SpendTable::new("Spend", &[silent.clone(), answered.clone()], &purposes);
        assert_eq!(table.rows.len(), 1);
        assert_eq!(table.rows[0].calls, "4");
        assert_eq!(table.rows[0].note, "openai, answered as m-2026");
        let other = ModelSpend {
            returned_model: Some("m-2027".to_owned()),
            ..answered.clone()
        };
        let table = SpendTable::new("Spend", &[silent, answered, other], &purposes);
        assert_eq!(table.rows.len(), 4, "nobody knows whose they were");
    }
}
