//! Money for calls to models: what may be spent, what is held, what was spent. A hold and its
//! check are one transaction, so that calls at the same time cannot spend the same money.

use rusqlite::{Connection, OptionalExtension as _, Transaction, named_params};

use super::StoreError;
use crate::domain::budget::{
    Account, BudgetScope, Held, MostCost, OverBudget, Spent, SubmissionBudget, UserBudget, month,
};
use crate::domain::ids::{ExperimentId, RowId, SubmissionId, UserId};
use crate::domain::time::Timestamp;

/// The budget of a user; without bounds when none was ever set.
pub fn of_user(db: &Connection, user_id: UserId) -> Result<UserBudget, StoreError> {
    let budget = db
        .prepare_cached(
            "SELECT total_microusd, month_microusd FROM user_budgets WHERE user_id = :user",
        )?
        .query_row(named_params! {":user": user_id}, |row| {
            Ok(UserBudget {
                total_microusd: row.get(0)?,
                month_microusd: row.get(1)?,
            })
        })
        .optional()?;
    Ok(budget.unwrap_or_default())
}

/// Sets the budget of a user.
pub fn set_of_user(
    tx: &Transaction,
    user_id: UserId,
    budget: UserBudget,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO user_budgets (user_id, total_microusd, month_microusd, updated_at)
         VALUES (:user, :total, :month, :now)
         ON CONFLICT (user_id) DO UPDATE SET total_microusd = excluded.total_microusd,
            month_microusd = excluded.month_microusd, updated_at = excluded.updated_at",
    )?
    .execute(named_params! {
        ":user": user_id, ":total": budget.total_microusd, ":month": budget.month_microusd,
        ":now": now,
    })?;
    Ok(())
}

fn of_submission(db: &Connection, id: SubmissionId) -> Result<SubmissionBudget, StoreError> {
    let budget = db
        .prepare_cached(
            "SELECT call_budget_microusd, episode_budget_microusd, submission_budget_microusd
             FROM submissions WHERE id = :id",
        )?
        .query_row(named_params! {":id": id}, |row| {
            Ok(SubmissionBudget {
                call_microusd: row.get(0)?,
                episode_microusd: row.get(1)?,
                submission_microusd: row.get(2)?,
            })
        })
        .optional()?;
    budget.ok_or(StoreError::NotFound("submission"))
}

fn of_experiment(db: &Connection, id: Option<ExperimentId>) -> Result<Option<u64>, StoreError> {
    let budget = db
        .prepare_cached("SELECT budget_microusd FROM experiments WHERE id = :id")?
        .query_row(named_params! {":id": id}, |row| row.get(0))
        .optional()?;
    Ok(budget.flatten())
}

/// What was spent in a scope.
pub fn spent(db: &Connection, scope: BudgetScope, subject: &str) -> Result<Spent, StoreError> {
    let spent = db
        .prepare_cached(
            "SELECT microusd, calls, uncounted FROM spent WHERE scope = :scope AND subject = :subject",
        )?
        .query_row(named_params! {":scope": scope, ":subject": subject}, |row| {
            Ok(Spent {
                microusd: row.get(0)?,
                calls: row.get(1)?,
                uncounted: row.get(2)?,
            })
        })
        .optional()?;
    Ok(spent.unwrap_or_default())
}

pub(super) const HELD: &str = "
    SELECT coalesce(sum(min(held_microusd, 1000000000000000)), 0) AS microusd, count(*) AS calls
    FROM spending INDEXED BY spending_open
    WHERE cost_microusd IS NULL AND user_id = :user AND held_microusd > 0
      AND (:month IS NULL OR month = :month)";

/// What is held for a user's calls of a month, or of all months, that no cost is known of.
pub fn held(db: &Connection, user_id: UserId, month: Option<&str>) -> Result<Held, StoreError> {
    let held = db.prepare_cached(HELD)?.query_row(
        named_params! {":user": user_id, ":month": month},
        |row| {
            Ok(Held {
                microusd: row.get("microusd")?,
                calls: row.get("calls")?,
            })
        },
    )?;
    Ok(held)
}

/// Whether anything bounds what the calls of an account may cost.
fn limits(db: &Connection, account: &Account) -> Result<Vec<(BudgetScope, u64)>, StoreError> {
    let submission = match account.submission_id {
        Some(id) => of_submission(db, id)?,
        None => SubmissionBudget::default(),
    };
    let user = of_user(db, account.user_id)?;
    let limits = [
        (BudgetScope::Call, submission.call_microusd),
        (BudgetScope::Episode, submission.episode_microusd),
        (BudgetScope::Submission, submission.submission_microusd),
        (
            BudgetScope::Experiment,
            of_experiment(db, account.experiment_id)?,
        ),
        (BudgetScope::User, user.total_microusd),
        (BudgetScope::Month, user.month_microusd),
    ];
    let set = limits
        .into_iter()
        .filter_map(|(scope, limit)| Some((scope, limit?)));
    Ok(set.collect())
}

/// Holds the most that a call can cost, or says which budget does not have it. Nothing is written
/// then.
pub fn hold(
    tx: &Transaction,
    account: &Account,
    most: MostCost,
    now: Timestamp,
) -> Result<Result<RowId, OverBudget>, StoreError> {
    let subjects = account.subjects(now);
    for (scope, limit) in limits(tx, account)? {
        let subject = subjects.iter().find(|(known, _)| *known == scope);
        let spent = match subject {
            Some((_, subject)) => spent(tx, scope, subject)?.microusd,
            None => 0,
        };
        let fits = match most {
            MostCost::Known(most) => spent.checked_add(most).is_some_and(|sum| sum <= limit),
            MostCost::Unpriced | MostCost::Unbounded => false,
        };
        if !fits {
            return Ok(Err(OverBudget {
                scope,
                limit_microusd: limit,
                spent_microusd: spent,
                most,
            }));
        }
    }
    let held = match most {
        MostCost::Known(most) => Some(most),
        MostCost::Unpriced | MostCost::Unbounded => None,
    };
    let id = RowId::new();
    tx.prepare_cached(
        "INSERT INTO spending (id, user_id, experiment_id, submission_id, episode_id, month, held_microusd, at)
         VALUES (:id, :user, :experiment, :submission, :episode, :month, :held, :at)",
    )?
    .execute(named_params! {
        ":id": id,
        ":user": account.user_id,
        ":experiment": account.experiment_id,
        ":submission": account.submission_id,
        ":episode": account.episode_id,
        ":month": month(now),
        ":held": held,
        ":at": now,
    })?;
    let mut count = tx.prepare_cached(
        "INSERT INTO spent (scope, subject, microusd, calls, uncounted)
         VALUES (:scope, :subject, :held, 1, :uncounted)
         ON CONFLICT (scope, subject) DO UPDATE SET microusd = min(microusd + excluded.microusd, 1000000000000000000),
            calls = calls + 1, uncounted = uncounted + excluded.uncounted",
    )?;
    for (scope, subject) in &subjects {
        count.execute(named_params! {
            ":scope": scope, ":subject": subject, ":held": held.unwrap_or(0),
            ":uncounted": held.is_none(),
        })?;
    }
    Ok(Ok(id))
}

/// Puts a call's cost in the place of what was held for it. A cost that is not known leaves the
/// hold as it is. Settling twice changes nothing.
pub fn settle(
    tx: &Transaction,
    account: &Account,
    id: RowId,
    cost_microusd: Option<u64>,
) -> Result<(), StoreError> {
    let open: Option<(Option<i64>, Timestamp)> = tx
        .prepare_cached("SELECT held_microusd, at FROM spending WHERE id = :id AND settled = 0")?
        .query_row(named_params! {":id": id}, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let Some((held, at)) = open else {
        return Ok(());
    };
    tx.prepare_cached("UPDATE spending SET cost_microusd = :cost, settled = 1 WHERE id = :id")?
        .execute(named_params! {":id": id, ":cost": cost_microusd})?;
    let Some(cost) = cost_microusd else {
        return Ok(());
    };
    let cost = i64::try_from(cost).unwrap_or(i64::MAX);
    let held_then = held.unwrap_or(0);
    let mut count = tx.prepare_cached(
        "UPDATE spent SET microusd = min(microusd + :more, 1000000000000000000), uncounted = uncounted - :counted
         WHERE scope = :scope AND subject = :subject",
    )?;
    for (scope, subject) in account.subjects(at) {
        count.execute(named_params! {
            ":scope": scope, ":subject": subject, ":more": cost.saturating_sub(held_then),
            ":counted": held.is_none(),
        })?;
    }
    Ok(())
}
