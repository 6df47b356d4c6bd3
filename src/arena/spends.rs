//! What calls to models came to, for those who may see the submission or the agent.

use crate::arena::{ArenaError, agents, submissions};
use crate::auth::Principal;
use crate::domain::ids::{AgentId, SubmissionId};
use crate::domain::spend::ModelSpend;
use crate::store::Store;
use crate::store::spends::{self, AgentResults};

/// A submission's calls over all its episodes, by purpose and model. Calls are stored when an
/// episode ends.
pub async fn of_submission(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
) -> Result<Vec<ModelSpend>, ArenaError> {
    submissions::get(store, principal, id).await?;
    Ok(store.read(move |db| spends::of_submission(db, id)).await?)
}

/// An agent's calls by purpose and model, and what its submissions came to, over all its
/// revisions and whoever submitted it: sums, which name nobody.
pub async fn of_agent(
    store: &Store,
    principal: &Principal,
    id: AgentId,
) -> Result<(Vec<ModelSpend>, AgentResults), ArenaError> {
    agents::get(store, principal, id).await?;
    let read = store.read(move |db| {
        let results = spends::results_of_agent(db, id)?;
        Ok((spends::of_agent(db, id)?, results))
    });
    Ok(read.await?)
}
