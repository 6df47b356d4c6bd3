//! Calls to models: tokens, money and errors, one row each, with the prices that they were booked
//! with.

use rusqlite::{Connection, Row, Transaction, named_params};

use super::StoreError;
use crate::domain::event::{CallPurpose, Usage};
use crate::domain::ids::{AgentId, EpisodeId, RowId, SubmissionId, UserId};
use crate::domain::price::{Booked, Price};
use crate::domain::time::Timestamp;

/// One call to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct LlmCall {
    /// Id.
    pub id: RowId,
    /// For whom it was made; none only where an earlier version left that open.
    pub user_id: Option<UserId>,
    /// The agent; none when it was for no stored agent.
    pub agent_id: Option<AgentId>,
    /// The submission; none when something was only tried.
    pub submission_id: Option<SubmissionId>,
    /// The episode; none when something was only tried.
    pub episode_id: Option<EpisodeId>,
    /// What it was made for.
    pub purpose: CallPurpose,
    /// Step, from 1; of a call to judge the last one.
    pub step: u32,
    /// Which try of the step's decision, from 1.
    pub attempt: u32,
    /// Which interface, e.g. `openai`.
    pub provider: String,
    /// Model as asked for.
    pub model: String,
    /// Model as the provider named it; none when it did not.
    pub returned_model: Option<String>,
    /// HTTP status; none when no answer came.
    pub status: Option<u16>,
    /// Whether it never reached the provider.
    pub unsent: bool,
    /// What went wrong; none when nothing did.
    pub error: Option<String>,
    /// Tokens and money.
    pub usage: Usage,
    /// The prices that the cost was computed with.
    pub booked: Booked,
    /// Time for the call.
    pub duration_ms: u64,
    /// When it was made.
    pub at: Timestamp,
}

/// Stores calls.
pub fn insert(tx: &Transaction, calls: &[LlmCall]) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(
        "INSERT INTO llm_calls (id, user_id, agent_id, submission_id, episode_id, purpose, step, attempt, provider, model,
                                returned_model, status, unsent, error, usage_reported, input_tokens, output_tokens, cache_read_tokens,
                                cache_write_tokens, reasoning_tokens, cost_microusd, price_version, input_price,
                                output_price, cache_read_price, cache_write_price, duration_ms, at)
         VALUES (:id, :user_id, :agent_id, :submission_id, :episode_id, :purpose, :step, :attempt, :provider, :model,
                 :returned_model, :status, :unsent, :error, :usage_reported, :input_tokens, :output_tokens, :cache_read_tokens,
                 :cache_write_tokens, :reasoning_tokens, :cost_microusd, :price_version, :input_price,
                 :output_price, :cache_read_price, :cache_write_price, :duration_ms, :at)",
    )?;
    for call in calls {
        let price = call.booked.price;
        insert.execute(named_params! {
            ":id": call.id,
            ":user_id": call.user_id,
            ":agent_id": call.agent_id,
            ":submission_id": call.submission_id,
            ":episode_id": call.episode_id,
            ":purpose": call.purpose,
            ":step": call.step,
            ":attempt": call.attempt,
            ":provider": call.provider,
            ":model": call.model,
            ":returned_model": call.returned_model,
            ":status": call.status,
            ":unsent": call.unsent,
            ":error": call.error,
            ":usage_reported": call.usage.reported,
            ":input_tokens": call.usage.input_tokens,
            ":output_tokens": call.usage.output_tokens,
            ":cache_read_tokens": call.usage.cache_read_tokens,
            ":cache_write_tokens": call.usage.cache_write_tokens,
            ":reasoning_tokens": call.usage.reasoning_tokens,
            ":cost_microusd": call.usage.cost_microusd,
            ":price_version": call.booked.version,
            ":input_price": price.input_microusd_per_mtok,
            ":output_price": price.output_microusd_per_mtok,
            ":cache_read_price": price.cache_read_microusd_per_mtok,
            ":cache_write_price": price.cache_write_microusd_per_mtok,
            ":duration_ms": call.duration_ms,
            ":at": call.at,
        })?;
    }
    Ok(())
}

macro_rules! select_call {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, agent_id, submission_id, episode_id, purpose, step, attempt, provider, model, returned_model,
                    status, unsent, error, usage_reported, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
                    reasoning_tokens, cost_microusd, price_version, input_price, output_price,
                    cache_read_price, cache_write_price, duration_ms, at
             FROM llm_calls ",
            $rest
        )
    };
}

pub(super) const LIST: &str =
    select_call!("WHERE submission_id = :submission ORDER BY at, id LIMIT :limit");

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

pub(super) const LIST_ALL: &str = select_call!("WHERE id > :after ORDER BY id LIMIT :limit");

/// All calls in the order of their ids, at most `limit` of those behind `after`.
pub fn all(db: &Connection, after: Option<RowId>, limit: u32) -> Result<Vec<LlmCall>, StoreError> {
    let after = after.map_or_else(String::new, |id| id.to_string());
    let calls = db
        .prepare_cached(LIST_ALL)?
        .query_map(named_params! {":after": after, ":limit": limit}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(calls)
}

fn read(row: &Row) -> rusqlite::Result<LlmCall> {
    Ok(LlmCall {
        id: row.get("id")?,
        user_id: row.get("user_id")?,
        agent_id: row.get("agent_id")?,
        submission_id: row.get("submission_id")?,
        episode_id: row.get("episode_id")?,
        purpose: row.get("purpose")?,
        step: row.get("step")?,
        attempt: row.get("attempt")?,
        provider: row.get("provider")?,
        model: row.get("model")?,
        returned_model: row.get("returned_model")?,
        status: row.get("status")?,
        unsent: row.get("unsent")?,
        error: row.get("error")?,
        usage: Usage {
            reported: row.get("usage_reported")?,
            input_tokens: row.get("input_tokens")?,
            output_tokens: row.get("output_tokens")?,
            cache_read_tokens: row.get("cache_read_tokens")?,
            cache_write_tokens: row.get("cache_write_tokens")?,
            reasoning_tokens: row.get("reasoning_tokens")?,
            cost_microusd: row.get("cost_microusd")?,
        },
        booked: Booked {
            price: Price {
                input_microusd_per_mtok: row.get("input_price")?,
                output_microusd_per_mtok: row.get("output_price")?,
                cache_read_microusd_per_mtok: row.get("cache_read_price")?,
                cache_write_microusd_per_mtok: row.get("cache_write_price")?,
            },
            version: row.get("price_version")?,
        },
        duration_ms: row.get("duration_ms")?,
        at: row.get("at")?,
    })
}
