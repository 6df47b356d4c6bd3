//! Arguments that bound what the calls to models may cost.

use clap::Args;

use crate::arena::budgets::MAX_MICROUSD;
use crate::domain::budget::SubmissionBudget;

/// What each submission's calls to models may cost.
#[derive(Debug, Clone, Copy, Default, Args)]
#[expect(clippy::struct_field_names, reason = "they name the options")]
pub struct BudgetArgs {
    /// Most dollars for one call to the agent's model, e.g. 0.05
    #[arg(long, value_name = "DOLLARS", value_parser = microusd)]
    pub call_budget: Option<u64>,
    /// Most dollars for one episode
    #[arg(long, value_name = "DOLLARS", value_parser = microusd)]
    pub episode_budget: Option<u64>,
    /// Most dollars for one submission, all its attempts together
    #[arg(long, value_name = "DOLLARS", value_parser = microusd)]
    pub submission_budget: Option<u64>,
}

impl BudgetArgs {
    /// The budget of each submission.
    pub const fn submission(&self) -> SubmissionBudget {
        SubmissionBudget {
            call_microusd: self.call_budget,
            episode_microusd: self.episode_budget,
            submission_microusd: self.submission_budget,
        }
    }
}

fn microusd(text: &str) -> Result<u64, String> {
    crate::domain::budget::read_dollars(text)
        .filter(|amount| *amount <= MAX_MICROUSD)
        .ok_or_else(|| {
            "give dollars such as 0.25, at most six digits after the point and a million in all"
                .to_owned()
        })
}
