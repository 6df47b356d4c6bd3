//! Tokens and cost of a submission, by model and kind of token.

use crate::domain::agent::AgentKind;
use crate::domain::event::CallPurpose;
use crate::domain::outcome::Outcome;
use crate::domain::spend::{ModelSpend, Spend};
use crate::domain::submission::SubmissionView;
use crate::web::ui::format::{self, Cost};
use crate::web::ui::spend::{self, SpendTable};
use crate::web::ui::submission_rows;

/// The card of a submission's page.
pub struct SpendView {
    /// What the submission cost; none when there is nothing to say.
    pub cost: Option<Cost>,
    /// Why that is not known.
    pub why: Option<String>,
    /// Calls and attempts.
    pub facts: Vec<String>,
    /// By model.
    pub table: SpendTable,
    /// What stands in place of the table when it is empty.
    pub empty: &'static str,
}

impl SpendView {
    /// The card of a submission that has ended; none while it has not, for calls are booked when
    /// an episode ends.
    pub fn new(view: &SubmissionView, models: &[ModelSpend]) -> Option<Self> {
        let submission = &view.submission;
        if !submission.status.is_final() || submission.attempts == 0 {
            return None;
        }
        let acted = models.iter().filter(|of| of.purpose == CallPurpose::Act);
        let acted = Spend::sum(acted.map(|of| &of.spend));
        let cost = submission_rows::cost(view);
        let is_known = cost.is_none_or(|cost| cost.is_priced());
        let facts = [
            Some(format::counted(acted.calls, "call")),
            (acted.later > 0).then(|| format!("{} later in a step", format::count(acted.later))),
            (acted.failed > 0).then(|| format!("{} failed", format::count(acted.failed))),
            Some(format::counted(submission.attempts, "attempt")),
        ];
        Some(Self {
            why: (!is_known).then(|| why(view, &acted)),
            cost,
            facts: facts.into_iter().flatten().collect(),
            table: SpendTable::new(
                "Tokens and cost by model, over all attempts",
                models,
                &[CallPurpose::Act, CallPurpose::Judge],
            ),
            empty: match view.agent_kind {
                AgentKind::Builtin => "It calls no model and costs nothing.",
                AgentKind::Llm => "No call to a model came to an end.",
                AgentKind::Webhook | AgentKind::Remote | AgentKind::Command => {
                    "It called no model through the arena."
                }
            },
        })
    }
}

fn why(view: &SubmissionView, acted: &Spend) -> String {
    if view.agent_kind.is_foreign() && acted.calls == 0 {
        return "The agent called no model through the arena; what it called elsewhere, nobody here \
                knows."
            .to_owned();
    }
    if view.submission.outcome == Some(Outcome::Cancelled) {
        return "It was cancelled while it ran: a call that was under way may be missing below."
            .to_owned();
    }
    match spend::why(acted) {
        Some(why) => format::sentence(&why),
        None if u64::from(view.submission.model_calls) > acted.calls => {
            "A call was cut off before it was answered, so nobody knows what it cost.".to_owned()
        }
        None => "A call of the attempt that counts has no known cost.".to_owned(),
    }
}
