//! One's own budget: what calls to models may cost, and have cost.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::budgets::{self, BudgetReport};
use crate::domain::budget::{Spent, UserBudget, dollars, read_dollars};
use crate::web::error::{Code, PageError};
use crate::web::extract::{BudgetManage, PageAuthorized, PageQuery};
use crate::web::pages::frame::Frame;
use crate::web::pages::notice::Done;
use crate::web::ui::form::{Faults, Fields};
use crate::web::ui::format::{self, Cost};
use crate::web::ui::page::{page_with, see_other};
use crate::web::ui::shell::{Section, Shell};

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        resource("/account/budget")
            .route(get().to(show))
            .route(post().to(save)),
    );
}

#[derive(Template)]
#[template(path = "pages/budget.html")]
struct BudgetPage {
    shell: Shell,
    notice: Option<&'static str>,
    faults: Faults,
    rows: [Row; 2],
    month: String,
    month_budget: String,
    total_budget: String,
}

/// What was spent in a time.
struct Row {
    name: &'static str,
    spent: Cost,
    limit: Option<Cost>,
    calls: String,
    uncounted: Option<String>,
}

impl Row {
    fn new(name: &'static str, spent: Spent, limit: Option<u64>) -> Self {
        let uncounted = (spent.uncounted > 0)
            .then(|| format!("{} without a known cost", format::count(spent.uncounted)));
        Self {
            name,
            spent: Cost::exact(Some(spent.microusd)),
            limit: limit.map(|limit| Cost::exact(Some(limit))),
            calls: format::count(spent.calls),
            uncounted,
        }
    }
}

fn page_of(
    frame: &Frame,
    report: BudgetReport,
    typed: Option<(String, String)>,
    faults: Faults,
    notice: Option<&'static str>,
) -> BudgetPage {
    let budget = report.budget;
    let stored = |limit: Option<u64>| limit.map(dollars).unwrap_or_default();
    let (month_budget, total_budget) =
        typed.unwrap_or_else(|| (stored(budget.month_microusd), stored(budget.total_microusd)));
    BudgetPage {
        shell: frame.shell(Section::Other, "Budget"),
        notice,
        faults,
        rows: [
            Row::new("This month", report.month, budget.month_microusd),
            Row::new("Ever", report.total, budget.total_microusd),
        ],
        month: report.month_name,
        month_budget,
        total_budget,
    }
}

async fn show(
    frame: Frame,
    person: PageAuthorized<BudgetManage>,
    done: PageQuery<Done>,
) -> Result<HttpResponse, PageError> {
    let report = budgets::own(&frame.state.store, &person).await?;
    let page = page_of(&frame, report, None, Faults::default(), done.0.0);
    page_with(StatusCode::OK, &page)
}

async fn save(
    frame: Frame,
    person: PageAuthorized<BudgetManage>,
    body: Bytes,
) -> Result<HttpResponse, PageError> {
    let fields = Fields::parse(&body);
    let (month, total) = (fields.text("month_budget"), fields.text("total_budget"));
    let mut faults = Faults::default();
    let mut amount = |field: &'static str, text: &str| {
        let read = read_dollars(text);
        if read.is_none() && !text.is_empty() {
            faults.add(
                field,
                "Enter dollars such as 25 or 0.50, or leave it empty.",
            );
        }
        read
    };
    let budget = UserBudget {
        month_microusd: amount("month_budget", &month),
        total_microusd: amount("total_budget", &total),
    };
    let store = &frame.state.store;
    if faults.is_empty() {
        match budgets::set_own(store, &person, budget).await {
            Ok(_) => return Ok(see_other("/account/budget?done=saved")),
            Err(error) => {
                let failure: crate::web::error::Failure = error.into();
                if failure.code() != Code::ValidationError {
                    return Err(PageError(failure));
                }
                faults = Faults::of(&failure, |field| match field {
                    "monthMicrousd" => "month_budget",
                    _ => "total_budget",
                });
            }
        }
    }
    let report = budgets::own(store, &person).await?;
    let page = page_of(&frame, report, Some((month, total)), faults, None);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
