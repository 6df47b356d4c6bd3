//! The ledger of an episode, or of something that is tried: holds money for its calls to models in
//! the store, on the account of whoever submitted or tries it.

use async_trait::async_trait;

use crate::domain::budget::{Account, MostCost};
use crate::domain::ids::RowId;
use crate::domain::time::Timestamp;
use crate::llm::ledger::{HoldError, Ledger, LedgerError};
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
