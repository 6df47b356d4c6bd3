//! What an agent came to: tokens by model, and what an episode and a submission cost in the mean.

use crate::domain::agent::AgentKind;
use crate::domain::event::CallPurpose;
use crate::domain::spend::ModelSpend;
use crate::store::spends::AgentResults;
use crate::web::ui::format::{self, Cost};
use crate::web::ui::spend::SpendTable;

/// The card of an agent's page.
pub struct AgentSpendView {
    /// Sums and means, each with what it is over.
    pub figures: Vec<Figure>,
    /// By model.
    pub table: SpendTable,
    /// Why a cost is not known.
    pub why: Option<String>,
    /// What stands in place of the table when it is empty.
    pub empty: &'static str,
}

/// One figure.
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// The cost; none when there is nothing that it could be of.
    pub cost: Option<Cost>,
    /// What it is over.
    pub of: String,
}

impl AgentSpendView {
    /// The card of an agent of a kind.
    pub fn new(kind: AgentKind, models: &[ModelSpend], results: &AgentResults) -> Self {
        let all_known = results.unpriced == 0;
        let scored_known = results.scored_unpriced == 0;
        let mean = |sum: u64, count: u64, known: bool| {
            (count > 0).then(|| Cost::mean(known.then(|| share(sum, count))))
        };
        let figures = vec![
            Figure {
                name: "All submissions",
                cost: (results.submissions > 0)
                    .then(|| Cost::exact(all_known.then_some(results.cost_microusd))),
                of: format!("n = {}", format::counted(results.submissions, "submission")),
            },
            Figure {
                name: "Mean per episode",
                cost: mean(results.cost_microusd, results.episodes, all_known),
                of: format!("n = {}", format::counted(results.episodes, "episode")),
            },
            Figure {
                name: "Mean per scored submission",
                cost: mean(results.scored_cost_microusd, results.scored, scored_known),
                of: format!("n = {} scored", format::count(results.scored)),
            },
            Figure {
                name: "Mean per passed submission",
                cost: mean(results.scored_cost_microusd, results.passed, scored_known),
                of: format!("n = {} passed", format::count(results.passed)),
            },
        ];
        Self {
            figures,
            table: SpendTable::new(
                "Tokens and cost by model, over all revisions",
                models,
                &[CallPurpose::Act, CallPurpose::Try],
            ),
            why: why(kind, results),
            empty: match kind {
                AgentKind::Builtin => "It calls no model.",
                AgentKind::Llm => "No model was called yet.",
                AgentKind::Webhook | AgentKind::Remote | AgentKind::Command => {
                    "It called no model through the arena."
                }
            },
        }
    }
}

fn why(kind: AgentKind, results: &AgentResults) -> Option<String> {
    if results.unpriced == 0 {
        return None;
    }
    if kind.is_foreign() {
        return Some(
            "Unpriced where it called no model with a price through the arena: what it calls \
             elsewhere, nobody here knows."
                .to_owned(),
        );
    }
    let unknown = format!(
        "Unpriced: the cost of {} of {} is not known",
        format::count(results.unpriced),
        format::counted(results.submissions, "submission"),
    );
    if results.unpriced >= results.submissions {
        return Some(format!("{unknown}."));
    }
    let known = Cost::exact(Some(results.cost_microusd)).text();
    Some(format!("{unknown}; the others cost {known}."))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sums of costs stay far below 2^52 millionths"
)]
fn share(sum: u64, count: u64) -> f64 {
    sum as f64 / count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(view: &AgentSpendView) -> Vec<String> {
        let costs = view.figures.iter().map(|figure| figure.cost);
        costs
            .map(|cost| cost.map_or_else(|| "no result".to_owned(), |cost| cost.text()))
            .collect()
    }

    #[test]
    fn means_are_over_what_they_say_and_one_unknown_makes_them_unknown() {
        let results = AgentResults {
            submissions: 4,
            episodes: 5,
            scored: 3,
            passed: 1,
            cost_microusd: 500_000,
            scored_cost_microusd: 300_000,
            ..AgentResults::default()
        };
        let view = AgentSpendView::new(AgentKind::Llm, &[], &results);
        assert_eq!(texts(&view), ["$0.5000", "$0.100", "$0.100", "$0.300"]);
        assert_eq!(view.figures[1].of, "n = 5 episodes");
        assert_eq!(view.why, None);
        let unknown = AgentResults {
            unpriced: 1,
            ..results
        };
        let view = AgentSpendView::new(AgentKind::Llm, &[], &unknown);
        assert_eq!(texts(&view), ["unpriced", "unpriced", "$0.100", "$0.300"]);
        assert!(view.why.unwrap().contains("the cost of 1 of 4 submissions"));
        let view = AgentSpendView::new(AgentKind::Llm, &[], &AgentResults::default());
        assert_eq!(texts(&view), ["no result"; 4]);
    }
}
