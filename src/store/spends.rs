//! What calls to models came to: sums over `llm_calls`, and over the submissions that made them.

use rusqlite::{Connection, Row, named_params};

use super::StoreError;
use crate::domain::ids::{AgentId, SubmissionId};
use crate::domain::spend::{ModelSpend, Spend};

/// Sums by purpose and model. A call that the provider refused with an error status, or that never
/// reached it, costs nothing. Old rows may hold counts and costs that no call can have; each is
/// taken for the most that a call can have, so that no sum leaves what the database can hold.
macro_rules! select_spend {
    ($rest:literal) => {
        concat!(
            "SELECT purpose, provider, model, returned_model, count(*) AS calls,
                    count(*) FILTER (WHERE attempt > 1) AS later, count(error) AS failed,
                    sum(min(input_tokens, 1000000000)) AS input_tokens, sum(min(cache_read_tokens, 1000000000)) AS cache_read_tokens,
                    sum(min(cache_write_tokens, 1000000000)) AS cache_write_tokens, sum(min(output_tokens, 1000000000)) AS output_tokens,
                    sum(min(reasoning_tokens, 1000000000)) AS reasoning_tokens,
                    coalesce(sum(min(cost_microusd, 1000000000000)), 0) AS known_microusd,
                    count(*) FILTER (WHERE cost_microusd IS NULL AND usage_reported = 1) AS unpriced,
                    count(*) FILTER (WHERE cost_microusd IS NULL AND usage_reported = 0 AND unsent = 0
                                     AND coalesce(status, 0) < 400) AS unreported
             FROM llm_calls ",
            $rest,
            " GROUP BY purpose, provider, model, returned_model
              ORDER BY purpose, calls DESC, provider, model, returned_model LIMIT 200"
        )
    };
}

pub(super) const OF_SUBMISSION: &str = select_spend!("WHERE submission_id = :submission");
pub(super) const OF_AGENT: &str = select_spend!("WHERE agent_id = :agent");

/// A submission's calls over all its episodes, by purpose and model.
pub fn of_submission(db: &Connection, id: SubmissionId) -> Result<Vec<ModelSpend>, StoreError> {
    let spends = db
        .prepare_cached(OF_SUBMISSION)?
        .query_map(named_params! {":submission": id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(spends)
}

/// An agent's calls over all its revisions and submissions, by purpose and model.
pub fn of_agent(db: &Connection, id: AgentId) -> Result<Vec<ModelSpend>, StoreError> {
    let spends = db
        .prepare_cached(OF_AGENT)?
        .query_map(named_params! {":agent": id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(spends)
}

fn read(row: &Row) -> rusqlite::Result<ModelSpend> {
    Ok(ModelSpend {
        purpose: row.get("purpose")?,
        provider: row.get("provider")?,
        model: row.get("model")?,
        returned_model: row.get("returned_model")?,
        spend: Spend {
            calls: row.get("calls")?,
            later: row.get("later")?,
            failed: row.get("failed")?,
            input_tokens: row.get("input_tokens")?,
            cache_read_tokens: row.get("cache_read_tokens")?,
            cache_write_tokens: row.get("cache_write_tokens")?,
            output_tokens: row.get("output_tokens")?,
            reasoning_tokens: row.get("reasoning_tokens")?,
            known_microusd: row.get("known_microusd")?,
            unpriced: row.get("unpriced")?,
            unreported: row.get("unreported")?,
        },
    })
}

/// What an agent's submissions that have ended in a real browser came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AgentResults {
    /// Submissions that have ended after at least one episode.
    pub submissions: u64,
    /// Their episodes.
    pub episodes: u64,
    /// Scored ones among them.
    pub scored: u64,
    /// Passed ones among these.
    pub passed: u64,
    /// The known costs of all of them together, in millionths of a dollar.
    pub cost_microusd: u64,
    /// Those whose cost is not known.
    pub unpriced: u64,
    /// The known costs of the scored ones.
    pub scored_cost_microusd: u64,
    /// Scored ones whose cost is not known.
    pub scored_unpriced: u64,
}

/// Costs of old submissions are bounded as those of calls are.
pub(super) const RESULTS: &str = "
    SELECT count(*) AS submissions, coalesce(sum(attempts), 0) AS episodes, count(score) AS scored,
           count(*) FILTER (WHERE score IS NOT NULL AND outcome = 'passed') AS passed,
           coalesce(sum(min(cost_microusd, 1000000000000000)), 0) AS cost,
           count(*) FILTER (WHERE cost_microusd IS NULL) AS unpriced,
           coalesce(sum(min(cost_microusd, 1000000000000000)) FILTER (WHERE score IS NOT NULL), 0) AS scored_cost,
           count(*) FILTER (WHERE score IS NOT NULL AND cost_microusd IS NULL) AS scored_unpriced
    FROM submissions
    WHERE agent_id = :agent AND attempts > 0 AND playground = 'real'
      AND status IN ('completed', 'failed', 'cancelled')";

/// The sums over an agent's submissions, all its revisions together.
pub fn results_of_agent(db: &Connection, id: AgentId) -> Result<AgentResults, StoreError> {
    let results = db
        .prepare_cached(RESULTS)?
        .query_row(named_params! {":agent": id}, |row| {
            Ok(AgentResults {
                submissions: row.get("submissions")?,
                episodes: row.get("episodes")?,
                scored: row.get("scored")?,
                passed: row.get("passed")?,
                cost_microusd: row.get("cost")?,
                unpriced: row.get("unpriced")?,
                scored_cost_microusd: row.get("scored_cost")?,
                scored_unpriced: row.get("scored_unpriced")?,
            })
        })?;
    Ok(results)
}
