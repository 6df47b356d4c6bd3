//! One's own budget: what calls to models may cost, and have cost.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, ServiceConfig, get, post, resource};
use askama::Template;

use crate::arena::budgets::{self, BudgetReport};
use crate::domain::budget::{BudgetState, Held, Spent, UserBudget, dollars, read_dollars};
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
    warnings: Vec<Warning>,
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
    held: Option<String>,
    limit: Option<Cost>,
    left: Option<Cost>,
    /// Spent and bound for a bar.
    bar: Option<(u64, u64)>,
    near: bool,
    calls: String,
    uncounted: Option<String>,
}

/// What a person should know before more is spent.
pub struct Warning {
    /// Outcome whose colours are borrowed.
    pub state: &'static str,
    /// What is so.
    pub heading: String,
    /// What follows, and what to do.
    pub text: &'static str,
}

/// A warning for each budget that is nearly or wholly spent, the worst first.
pub fn warnings(report: &BudgetReport) -> Vec<Warning> {
    let budgets = [
        (
            "Your budget for this month",
            report.month,
            report.budget.month_microusd,
        ),
        ("Your budget", report.total, report.budget.total_microusd),
    ];
    let mut warnings = Vec::new();
    for (name, spent, limit) in budgets {
        let amounts = |limit: u64| format!("${} of ${}", dollars(spent.microusd), dollars(limit));
        match (BudgetState::of(spent.microusd, limit), limit) {
            (BudgetState::Spent, Some(limit)) => warnings.insert(
                0,
                Warning {
                    state: "budget_limit",
                    heading: format!("{name} is spent: {}.", amounts(limit)),
                    text: "Agents that call models are not accepted, and episodes end \
                           budget_limit at their next call, unscored, until you raise it.",
                },
            ),
            (BudgetState::Near, Some(limit)) => warnings.push(Warning {
                state: "budget_limit",
                heading: format!("{name} is nearly spent: {}.", amounts(limit)),
                text: "A call is made only when the most that it can cost fits into what is left.",
            }),
            _ => {}
        }
    }
    warnings
}

impl Row {
    fn new(name: &'static str, spent: Spent, held: Held, limit: Option<u64>) -> Self {
        let uncounted = (spent.uncounted > 0)
            .then(|| format!("{} without a known cost", format::count(spent.uncounted)));
        Self {
            name,
            spent: Cost::exact(Some(spent.microusd)),
            held: (held.calls > 0).then(|| {
                let calls = format::counted(held.calls, "call");
                format!("${} of it held for {calls}", dollars(held.microusd))
            }),
            limit: limit.map(|limit| Cost::exact(Some(limit))),
            left: limit.map(|limit| Cost::exact(Some(limit.saturating_sub(spent.microusd)))),
            bar: limit.map(|limit| (spent.microusd.min(limit), limit.max(1))),
            near: BudgetState::of(spent.microusd, limit) != BudgetState::Fine,
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
        warnings: warnings(&report),
        notice,
        faults,
        rows: [
            Row::new(
                "This month",
                report.month,
                report.held_month,
                budget.month_microusd,
            ),
            Row::new(
                "Ever",
                report.total,
                report.held_total,
                budget.total_microusd,
            ),
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
