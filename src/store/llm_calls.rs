//! Calls to models: tokens, money and errors, one row each.

use rusqlite::{Connection, Row, Transaction, named_params};

use super::StoreError;
use crate::domain::event::Usage;
use crate::domain::ids::{EpisodeId, RowId, SubmissionId};
use crate::domain::time::Timestamp;

/// One call to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmCall {
    /// The submission.
    pub submission_id: SubmissionId,
    /// The episode.
    pub episode_id: EpisodeId,
    /// Step, from 1.
    pub step: u32,
    /// Which interface, e.g. `openai`.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// HTTP status; none when no answer came.
    pub status: Option<u16>,
    /// What went wrong; none when nothing did.
    pub error: Option<String>,
    /// Tokens and money.
    pub usage: Usage,
    /// Time for the call.
    pub duration_ms: u64,
    /// When it was made.
    pub at: Timestamp,
}

/// Stores calls.
pub fn insert(tx: &Transaction, calls: &[LlmCall]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO llm_calls (id, submission_id, episode_id, step, provider, model, status, error,
                                usage_reported, input_tokens, output_tokens, cache_read_tokens, reasoning_tokens,
                                cost_microusd, duration_ms, at)
         VALUES (:id, :submission_id, :episode_id, :step, :provider, :model, :status, :error,
                 :usage_reported, :input_tokens, :output_tokens, :cache_read_tokens, :reasoning_tokens,
                 :cost_microusd, :duration_ms, :at)",
    )?;
    for call in calls {
        insert.execute(named_params! {
            ":id": RowId::new(),
            ":submission_id": call.submission_id,
            ":episode_id": call.episode_id,
            ":step": call.step,
            ":provider": call.provider,
            ":model": call.model,
            ":status": call.status,
            ":error": call.error,
            ":usage_reported": call.usage.reported,
            ":input_tokens": call.usage.input_tokens,
            ":output_tokens": call.usage.output_tokens,
            ":cache_read_tokens": call.usage.cache_read_tokens,
            ":reasoning_tokens": call.usage.reasoning_tokens,
            ":cost_microusd": call.usage.cost_microusd,
            ":duration_ms": call.duration_ms,
            ":at": call.at,
        })?;
    }
    Ok(())
}

pub(super) const LIST: &str = "
    SELECT submission_id, episode_id, step, provider, model, status, error, usage_reported,
           input_tokens, output_tokens, cache_read_tokens, reasoning_tokens, cost_microusd, duration_ms, at
    FROM llm_calls WHERE submission_id = :submission ORDER BY at, id LIMIT :limit";

/// A submission's calls in order, at most `limit` of them.
pub fn of_submission(
    db: &Connection,
    submission_id: SubmissionId,
    limit: u32,
) -> Result<Vec<LlmCall>, StoreError> {
    let calls = db
        .prepare_cached(LIST)?
        .query_map(
            named_params! {":submission": submission_id, ":limit": limit},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(calls)
}

fn read(row: &Row) -> rusqlite::Result<LlmCall> {
    Ok(LlmCall {
        submission_id: row.get("submission_id")?,
        episode_id: row.get("episode_id")?,
        step: row.get("step")?,
        provider: row.get("provider")?,
        model: row.get("model")?,
        status: row.get("status")?,
        error: row.get("error")?,
        usage: Usage {
            reported: row.get("usage_reported")?,
            input_tokens: row.get("input_tokens")?,
            output_tokens: row.get("output_tokens")?,
            cache_read_tokens: row.get("cache_read_tokens")?,
            reasoning_tokens: row.get("reasoning_tokens")?,
            cost_microusd: row.get("cost_microusd")?,
        },
        duration_ms: row.get("duration_ms")?,
        at: row.get("at")?,
    })
}
