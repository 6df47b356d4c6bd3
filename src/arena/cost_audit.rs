//! Computes the cost of every stored call to a model again, from its tokens and the prices that it
//! was booked with. What differs was changed after it was booked, or booked wrongly.

use serde::Serialize;

use crate::arena::ArenaError;
use crate::domain::event::CallPurpose;
use crate::domain::ids::{EpisodeId, RowId, SubmissionId};
use crate::store::llm_calls::{self, LlmCall};
use crate::store::{Store, StoreError};

/// Calls that are read at a time.
const BATCH: u32 = 1_000;

/// What came of computing costs again.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Calls that were computed again: the four kinds below together.
    pub calls: u64,
    /// Those with a cost.
    pub priced: u64,
    /// Those whose tokens are known and a price that they need is not.
    pub unpriced: u64,
    /// Those that the provider answered without saying how many tokens it counted, or not at all:
    /// what they cost is not known.
    pub unreported: u64,
    /// Those that the provider refused with an error status, which it does not charge for.
    pub refused: u64,
    /// Of all costs together, in millionths of a dollar.
    pub booked_microusd: u64,
    /// Where booked and computed differ.
    pub differing: Vec<Difference>,
}

/// A call whose cost comes out otherwise.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The call.
    pub call_id: RowId,
    /// Its submission; absent when something was only tried.
    pub submission_id: Option<SubmissionId>,
    /// Its episode; absent when something was only tried.
    pub episode_id: Option<EpisodeId>,
    /// What it was made for.
    pub purpose: CallPurpose,
    /// Its step, from 1.
    pub step: u32,
    /// Which try of the step's decision, from 1.
    pub attempt: u32,
    /// Which interface.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// Where its prices are from; absent: no price was known.
    pub price_version: Option<String>,
    /// What stands there, in millionths of a dollar; absent: unpriced.
    pub booked_microusd: Option<u64>,
    /// What it comes to; absent: it cannot be known.
    pub recomputed_microusd: Option<u64>,
}

impl Report {
    /// Whether every call costs what is booked.
    pub const fn is_clean(&self) -> bool {
        self.differing.is_empty()
    }

    fn take(&mut self, call: LlmCall) {
        let booked = call.usage.cost_microusd;
        self.calls += 1;
        let kind = if booked.is_some() {
            &mut self.priced
        } else if call.status.is_some_and(|status| status >= 400) {
            &mut self.refused
        } else if call.usage.reported {
            &mut self.unpriced
        } else {
            &mut self.unreported
        };
        *kind += 1;
        self.booked_microusd = self.booked_microusd.saturating_add(booked.unwrap_or(0));
        let recomputed = call.booked.price.cost_microusd(&call.usage);
        if recomputed != booked {
            self.differing.push(Difference {
                call_id: call.id,
                submission_id: call.submission_id,
                episode_id: call.episode_id,
                purpose: call.purpose,
                step: call.step,
                attempt: call.attempt,
                provider: call.provider,
                model: call.model,
                price_version: call.booked.version,
                booked_microusd: booked,
                recomputed_microusd: recomputed,
            });
        }
    }
}

/// Computes the cost of every stored call again.
pub async fn audit(store: &Store) -> Result<Report, ArenaError> {
    let mut report = Report::default();
    let mut after = None;
    loop {
        let calls: Result<Vec<LlmCall>, StoreError> =
            store.read(move |db| llm_calls::all(db, after, BATCH)).await;
        let calls = calls?;
        let Some(last) = calls.last() else {
            return Ok(report);
        };
        after = Some(last.id);
        for call in calls {
            report.take(call);
        }
    }
}
