//! What people allow to be spent on calls to models: their own budget, and whether a submission's
//! can be kept.

use serde_json::json;

use crate::arena::{ArenaError, prices};
use crate::auth::Principal;
use crate::domain::agent::{Agent, AgentConfig, LlmConfig, Metering};
use crate::domain::budget::{
    BudgetScope, Held, MostCost, Spent, SubmissionBudget, UserBudget, month, month_subject,
};
use crate::domain::ids::UserId;
use crate::domain::model_proxy::{ModelProxyConfig, ProxiedProvider};
use crate::domain::time::Timestamp;
use crate::domain::validation::{FieldError, Invalid};
use crate::store::audit::{self, NewEntry};
use crate::store::{Connection, Store, budgets};

/// The highest budget that is taken: a million dollars.
pub const MAX_MICROUSD: u64 = 1_000_000_000_000;

/// A user's budget and what was spent of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetReport {
    /// What may be spent.
    pub budget: UserBudget,
    /// What was spent, ever.
    pub total: Spent,
    /// What was spent this month.
    pub month: Spent,
    /// What of all that is only held: no cost is known of these calls.
    pub held_total: Held,
    /// The same of this month.
    pub held_month: Held,
    /// The month, e.g. `2026-11`, in UTC.
    pub month_name: String,
}

/// A person's own budget.
pub async fn own(store: &Store, principal: &Principal) -> Result<BudgetReport, ArenaError> {
    let user_id = principal.user_id;
    let report = store.read(move |db| {
        let now = Timestamp::now();
        Ok(BudgetReport {
            budget: budgets::of_user(db, user_id)?,
            total: budgets::spent(db, BudgetScope::User, &user_id.to_string())?,
            month: budgets::spent(db, BudgetScope::Month, &month_subject(user_id, now))?,
            held_total: budgets::held(db, user_id, None)?,
            held_month: budgets::held(db, user_id, Some(&month(now)))?,
            month_name: month(now),
        })
    });
    Ok(report.await?)
}

/// Sets a person's own budget. Calls that are under way are made; the next ones are held to it.
pub async fn set_own(
    store: &Store,
    principal: &Principal,
    budget: UserBudget,
) -> Result<BudgetReport, ArenaError> {
    check_amounts(&[
        ("totalMicrousd", budget.total_microusd),
        ("monthMicrousd", budget.month_microusd),
    ])?;
    let user_id = principal.user_id;
    store
        .try_write(move |tx| {
            let now = Timestamp::now();
            budgets::set_of_user(tx, user_id, budget, now)?;
            let entry = NewEntry {
                user_id: Some(user_id),
                action: "budget.set",
                subject: &format!("user/{user_id}"),
                details: json!({"total": budget.total_microusd, "month": budget.month_microusd}),
            };
            audit::append(tx, &entry, now)?;
            Ok::<_, ArenaError>(())
        })
        .await?;
    own(store, principal).await
}

fn check_amounts(amounts: &[(&'static str, Option<u64>)]) -> Result<(), ArenaError> {
    let too_much: Vec<_> = amounts
        .iter()
        .filter(|(_, amount)| amount.is_some_and(|amount| amount > MAX_MICROUSD))
        .map(|(field, _)| {
            let message = format!("At most {MAX_MICROUSD}, a million dollars.");
            FieldError::new(*field, "invalid", message)
        })
        .collect();
    Ok(Invalid::check(too_much)?)
}

/// Refuses a submission whose budget, or whose owner's, cannot be kept or has nothing left.
pub(super) fn check(
    db: &Connection,
    budget: &SubmissionBudget,
    agent: &Agent,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), ArenaError> {
    let amounts = [
        ("callBudgetMicrousd", budget.call_microusd),
        ("episodeBudgetMicrousd", budget.episode_microusd),
        ("submissionBudgetMicrousd", budget.submission_microusd),
    ];
    check_amounts(&amounts)?;
    let set = amounts.iter().find(|(_, amount)| amount.is_some());
    let config = &agent.revision.config;
    match (config, config.metering(), set) {
        (AgentConfig::Llm(config), _, _) => {
            check_model(db, config, agent.user_id, set.is_some(), user_id, now)
        }
        (_, Metering::Proxied, _) => check_proxied(db, config, set.is_some(), user_id, now),
        (_, Metering::Nothing, Some((field, _))) => Err(ArenaError::Invalid {
            field,
            message: format!(
                "{} calls its models itself, so the arena cannot hold it to a budget. Leave it out, \
                 or let the agent call them through the arena's model proxy.",
                agent.name
            ),
        }),
        // Built-in agents call no model.
        (_, Metering::Whole | Metering::Nothing, _) => Ok(()),
    }
}

/// An agent that calls its models through the arena names them call by call. What is known before
/// is whether any can have a price at all.
fn check_proxied(
    db: &Connection,
    config: &AgentConfig,
    of_submission: bool,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), ArenaError> {
    let is_bounded = check_owner(db, user_id, now)? || of_submission;
    let may_have_price = |provider: &ProxiedProvider| {
        // The price list holds for the providers' own addresses only.
        provider.base_url.is_none() || !provider.prices.is_empty()
    };
    let mut providers = config
        .model_proxy()
        .into_iter()
        .flat_map(ModelProxyConfig::providers);
    if !is_bounded || providers.any(|(_, provider)| may_have_price(provider)) {
        return Ok(());
    }
    Err(ArenaError::Invalid {
        field: "agentId",
        message:
            "There is a budget, and no model that this agent may call has a price: enter prices \
                  in its model proxy, or take the budget away."
                .to_owned(),
    })
}

fn check_model(
    db: &Connection,
    config: &LlmConfig,
    owner: Option<UserId>,
    of_submission: bool,
    user_id: UserId,
    now: Timestamp,
) -> Result<(), ArenaError> {
    let is_bounded = check_owner(db, user_id, now)? || of_submission;
    if !is_bounded {
        return Ok(());
    }
    let tariff = prices::with_list(prices::personal(db, owner, config)?, config)?;
    let most = config
        .max_output_tokens
        .or(config.provider.max_output_tokens());
    let message = match MostCost::of(&tariff, 1, most.map(u64::from)) {
        MostCost::Known(_) => return Ok(()),
        MostCost::Unpriced => {
            "There is a budget, and this agent's model has no price: enter prices of input and \
             output in the agent or under Prices, or take the budget away."
        }
        MostCost::Unbounded => {
            "There is a budget, and nothing bounds a reply of this agent's model: set the most \
             tokens of a reply in the agent, or take the budget away."
        }
    };
    Err(ArenaError::Invalid {
        field: "agentId",
        message: message.to_owned(),
    })
}

/// Refuses when a budget of the person's is spent. Says whether the person has one.
fn check_owner(db: &Connection, user_id: UserId, now: Timestamp) -> Result<bool, ArenaError> {
    let own = budgets::of_user(db, user_id)?;
    let limits = [
        (BudgetScope::User, own.total_microusd, user_id.to_string()),
        (
            BudgetScope::Month,
            own.month_microusd,
            month_subject(user_id, now),
        ),
    ];
    let mut is_bounded = false;
    for (scope, limit, subject) in limits {
        let Some(limit) = limit else { continue };
        is_bounded = true;
        if budgets::spent(db, scope, &subject)?.microusd >= limit {
            let which = match scope {
                BudgetScope::Month => "budget for this month",
                _ => "budget",
            };
            return Err(ArenaError::Conflict {
                message: format!(
                    "Your {which} is spent. Raise it under Budget, then submit again."
                ),
            });
        }
    }
    Ok(is_bounded)
}
