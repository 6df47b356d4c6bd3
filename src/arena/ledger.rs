//! The ledger of an episode, or of something that is tried: holds money for its calls to models in
//! the store, on the account of whoever submitted or tries it.

use async_trait::async_trait;

use crate::domain::budget::{Account, MostCost};
use crate::domain::event::CallPurpose;
use crate::domain::ids::RowId;
use crate::domain::time::Timestamp;
use crate::llm::ModelCall;
use crate::llm::ledger::{HoldError, Ledger, LedgerError};
use crate::store::llm_calls::LlmCall;
use crate::store::{Store, budgets};

/// The ledger of one episode.
pub struct EpisodeLedger {
    /// Where the money is kept.
    pub store: Store,
    /// On whose account the calls go.
    pub account: Account,
}

#[async_trait]
impl Ledger for EpisodeLedger {
    async fn hold(&self, most: MostCost) -> Result<RowId, HoldError> {
        let account = self.account;
        let held = self
            .store
            .write(move |tx| budgets::hold(tx, &account, most, Timestamp::now()))
            .await
            .map_err(|error| LedgerError(error.to_string()))?;
        held.map_err(HoldError::Over)
    }

    async fn settle(&self, held: RowId, cost_microusd: Option<u64>) -> Result<(), LedgerError> {
        let account = self.account;
        self.store
            .write(move |tx| budgets::settle(tx, &account, held, cost_microusd))
            .await
            .map_err(|error| LedgerError(error.to_string()))
    }
}

/// A call as it is stored, of nobody yet.
pub(super) fn row(call: &ModelCall, purpose: CallPurpose, step: u32, at: Timestamp) -> LlmCall {
    LlmCall {
        id: RowId::new(),
        user_id: None,
        agent_id: None,
        submission_id: None,
        episode_id: None,
        purpose,
        step,
        attempt: call.attempt,
        provider: call.provider.clone(),
        model: call.model.clone(),
        returned_model: call.returned_model.clone(),
        status: call.status,
        unsent: call.unsent,
        error: call.error.clone(),
        usage: call.usage,
        booked: call.booked.clone(),
        duration_ms: whole_ms(call.duration_ms),
        at,
    }
}

/// A measured time in whole milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a measured duration is never negative and far below 2^52 ms"
)]
pub(super) fn whole_ms(ms: f64) -> u64 {
    ms.round() as u64
}
