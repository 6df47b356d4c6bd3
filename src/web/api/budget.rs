//! `/api/v1/budget`: what one's own submissions may spend on calls to models, and have spent.

use actix_web::web::{ServiceConfig, get, put, resource};
use serde::{Deserialize, Serialize};

use crate::arena::budgets::{self, BudgetReport};
use crate::domain::budget::UserBudget;
use crate::domain::ids::UserId;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{One, Resource};
use crate::web::error::{ApiError, Failure};
use crate::web::extract::{ApiQuery, Authorized, BudgetManage, State};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        resource("/budget")
            .route(get().to(show))
            .route(put().to(replace)),
    );
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BudgetAttributes {
    total_microusd: Option<u64>,
    month_microusd: Option<u64>,
    spent_total_microusd: u64,
    spent_month_microusd: u64,
    held_total_microusd: u64,
    held_month_microusd: u64,
    held_calls: u64,
    month: String,
    uncounted_calls: u64,
}

fn resource_of(user_id: UserId, report: BudgetReport) -> Resource<BudgetAttributes> {
    let attributes = BudgetAttributes {
        total_microusd: report.budget.total_microusd,
        month_microusd: report.budget.month_microusd,
        spent_total_microusd: report.total.microusd,
        spent_month_microusd: report.month.microusd,
        held_total_microusd: report.held_total.microusd,
        held_month_microusd: report.held_month.microusd,
        held_calls: report.held_total.calls,
        month: report.month_name,
        uncounted_calls: report.total.uncounted,
    };
    Resource::new("budget", &user_id, attributes)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewBudget {
    total_microusd: Option<u64>,
    month_microusd: Option<u64>,
}

impl Attributes for NewBudget {
    const TYPE: &'static str = "budget";
    const FIELDS: &'static [(&'static str, bool)] =
        &[("totalMicrousd", false), ("monthMicrousd", false)];
}

async fn show(
    state: State,
    person: Authorized<BudgetManage>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<BudgetAttributes>, ApiError> {
    let report = budgets::own(&state.store, &person).await?;
    Ok(One::ok(resource_of(person.user_id, report)))
}

async fn replace(
    state: State,
    person: Authorized<BudgetManage>,
    _query: ApiQuery<NoQuery>,
    body: Body<NewBudget>,
) -> Result<One<BudgetAttributes>, ApiError> {
    let budget = UserBudget {
        total_microusd: body.0.total_microusd,
        month_microusd: body.0.month_microusd,
    };
    let report = budgets::set_own(&state.store, &person, budget).await;
    let report = report.map_err(|error| in_body(Failure::from(error)))?;
    Ok(One::ok(resource_of(person.user_id, report)))
}
