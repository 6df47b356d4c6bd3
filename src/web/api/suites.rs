//! `/api/v1/suites`.

use actix_web::HttpRequest;
use actix_web::web::{ServiceConfig, get, resource};
use serde::Serialize;

use crate::arena::catalogue;
use crate::store::suites::SuiteView;
use crate::web::api::envelope::{Many, One, Resource};
use crate::web::api::list::all;
use crate::web::error::ApiError;
use crate::web::extract::{ApiQuery, Authorized, State, TasksRead};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/suites").route(get().to(list)))
        .service(resource("/suites/{suite}").route(get().to(show)));
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SuiteAttributes {
    name: String,
    version: String,
    title: String,
    description: String,
    active_tasks: u32,
}

fn resource_of(view: SuiteView) -> Resource<SuiteAttributes> {
    let attributes = SuiteAttributes {
        name: view.suite.name,
        version: view.suite.version,
        title: view.suite.title,
        description: view.suite.description,
        active_tasks: view.tasks,
    };
    Resource::new("suite", &view.suite.id, attributes)
}

async fn list(
    state: State,
    _person: Authorized<TasksRead>,
    _query: ApiQuery<NoQuery>,
) -> Result<Many<SuiteAttributes>, ApiError> {
    let suites = catalogue::list_suites(&state.store).await?;
    Ok(all(suites, resource_of))
}

async fn show(
    state: State,
    _person: Authorized<TasksRead>,
    request: HttpRequest,
    _query: ApiQuery<NoQuery>,
) -> Result<One<SuiteAttributes>, ApiError> {
    let given = request.match_info().get("suite").unwrap_or_default();
    let suite = catalogue::get_suite(&state.store, given).await?;
    Ok(One::ok(resource_of(suite)))
}
