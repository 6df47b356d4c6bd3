//! `/api/v1/submissions`: hand in, list, show, follow, cancel.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{ServiceConfig, get, post, resource};
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use crate::arena::cancel::Canceller;
use crate::arena::submissions::{self, MAX_EVENTS, SubmissionDetail};
use crate::arena::submit::Submit;
use crate::arena::{ArenaError, catalogue, manifest as manifests};
use crate::auth::Permission;
use crate::domain::budget::SubmissionBudget;
use crate::domain::ids::{AgentId, SubmissionId, TaskId};
use crate::domain::manifest::Manifest;
use crate::domain::page::PageRequest;
use crate::store::submissions::SubmissionFilter;
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, One, Resource};
use crate::web::api::list::{many, page_request};
use crate::web::api::submission_view::{
    DetailAttributes, EventAttributes, SubmissionAttributes, resource_of, resource_of_detail,
    resource_of_event,
};
use crate::web::error::{ApiError, Code, Failure};
use crate::web::extract::{ApiId, ApiQuery, Authorized, State, SubmissionsRead, SubmissionsWrite};
use crate::web::query::{NoQuery, Params, QueryParams};

/// Events of one answer when nothing else is said.
const DEFAULT_EVENTS: u32 = 200;

/// Most characters of an idempotency key.
const MAX_KEY: usize = 200;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(
            resource("/submissions")
                .route(get().to(list))
                .route(post().to(create)),
        )
        .service(resource("/submissions/{submissionId}").route(get().to(show)))
        .service(resource("/submissions/{submissionId}/cancel").route(post().to(cancel)))
        .service(resource("/submissions/{submissionId}/events").route(get().to(events)))
        .service(resource("/submissions/{submissionId}/manifest").route(get().to(manifest)))
        .service(
            resource("/submissions/{submissionId}/artifacts/{hash}").route(get().to(artifact)),
        );
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewSubmission {
    agent_id: String,
    task_id: String,
    #[serde(default)]
    seed: u32,
    call_budget_microusd: Option<u64>,
    episode_budget_microusd: Option<u64>,
    submission_budget_microusd: Option<u64>,
}

impl Attributes for NewSubmission {
    const TYPE: &'static str = "submission";
    const FIELDS: &'static [(&'static str, bool)] = &[
        ("agentId", true),
        ("taskId", true),
        ("seed", false),
        ("callBudgetMicrousd", false),
        ("episodeBudgetMicrousd", false),
        ("submissionBudgetMicrousd", false),
    ];
}

struct ListQuery {
    page: PageRequest,
    suite: Option<String>,
    filter: SubmissionFilter,
}

impl QueryParams for ListQuery {
    const NAMES: &'static [&'static str] = &[
        "status", "outcome", "agentId", "taskId", "userId", "suite", "minScore", "maxScore",
        "limit", "cursor",
    ];

    fn read(params: &mut Params) -> Self {
        Self {
            page: page_request(params),
            suite: params.bounded_text("suite", 100),
            filter: SubmissionFilter {
                user_id: params.named("userId"),
                status: params.named("status"),
                outcome: params.named("outcome"),
                agent_id: params.named("agentId"),
                task_id: params.named("taskId"),
                suite_id: None,
                min_score: params.number("minScore", 0.0, 1.0),
                max_score: params.number("maxScore", 0.0, 1.0),
            },
        }
    }
}

struct EventsQuery {
    after: u32,
    limit: u32,
}

impl QueryParams for EventsQuery {
    const NAMES: &'static [&'static str] = &["after", "limit"];

    fn read(params: &mut Params) -> Self {
        let after = params.number("after", 0, u32::MAX);
        let limit = params.number("limit", 1, MAX_EVENTS);
        Self {
            after: after.unwrap_or(0),
            limit: limit.unwrap_or(DEFAULT_EVENTS),
        }
    }
}

async fn list(
    state: State,
    person: Authorized<SubmissionsRead>,
    query: ApiQuery<ListQuery>,
) -> Result<Many<SubmissionAttributes>, ApiError> {
    let ListQuery {
        page,
        suite,
        mut filter,
    } = query.0;
    if let Some(suite) = suite {
        let found = catalogue::get_suite(&state.store, &suite).await?;
        filter.suite_id = Some(found.suite.id);
    }
    let limit = page.limit;
    let listed = submissions::list(&state.store, &person, filter, page).await?;
    Ok(many(listed, limit, resource_of))
}

async fn create(
    state: State,
    person: Authorized<SubmissionsWrite>,
    request: HttpRequest,
    _query: ApiQuery<NoQuery>,
    body: Body<NewSubmission>,
) -> Result<One<SubmissionAttributes>, ApiError> {
    let submit = Submit {
        user_id: person.user_id,
        agent_id: read_id::<AgentId>("agentId", &body.0.agent_id)?,
        task_id: read_id::<TaskId>("taskId", &body.0.task_id)?,
        seed: body.0.seed,
        budget: SubmissionBudget {
            call_microusd: body.0.call_budget_microusd,
            episode_microusd: body.0.episode_budget_microusd,
            submission_microusd: body.0.submission_budget_microusd,
        },
        idempotency_key: idempotency_key(&request)?,
    };
    let submitted = state.intake.submit(submit).await.map_err(refused)?;
    let id = submitted.submission.id;
    let view = submissions::get(&state.store, &person, id).await?;
    let location = format!("/api/v1/submissions/{id}");
    Ok(One::created(resource_of(view), location))
}

/// What the body names and is not there is a fault of that field.
fn refused(error: ArenaError) -> Failure {
    let failure = Failure::from(error);
    match failure.code() {
        Code::NotFound => failure.coded(Code::ValidationError).in_body(),
        _ => failure.in_body(),
    }
}

fn read_id<I: std::str::FromStr<Err: std::fmt::Display>>(
    name: &str,
    text: &str,
) -> Result<I, Failure> {
    text.parse::<I>()
        .map_err(|error| in_body(Failure::invalid(name, format!("{error}."))))
}

fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Failure> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let key = value.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > MAX_KEY {
        let message =
            format!("The key is 1 to {MAX_KEY} visible ASCII characters; a UUID will do.");
        return Err(Failure::invalid("Idempotency-Key", message));
    }
    Ok(Some(key.to_owned()))
}

async fn show(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<DetailAttributes>, ApiError> {
    let detail: SubmissionDetail = submissions::detail(&state.store, &person, id.0).await?;
    Ok(One::ok(resource_of_detail(detail)))
}

async fn cancel(
    state: State,
    person: Authorized<SubmissionsWrite>,
    id: ApiId<SubmissionId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<SubmissionAttributes>, ApiError> {
    let canceller = Canceller {
        user_id: person.user_id,
        may_cancel_any: person.may(Permission::CancelAnySubmission),
    };
    state.intake.cancel(id.0, canceller).await?;
    let view = submissions::get(&state.store, &person, id.0).await?;
    Ok(One::ok(resource_of(view)))
}

async fn events(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    query: ApiQuery<EventsQuery>,
) -> Result<Many<EventAttributes>, ApiError> {
    let EventsQuery { after, limit } = query.0;
    let events = submissions::events(&state.store, &person, id.0, after, limit).await?;
    let full = u32::try_from(events.len()).is_ok_and(|count| count == limit);
    let next = events.last().filter(|_| full).map(|event| event.seq);
    let items: Vec<Resource<EventAttributes>> = events.into_iter().map(resource_of_event).collect();
    Ok(Many {
        items,
        next_cursor: next.map(|seq| seq.to_string()),
        limit,
    })
}

async fn manifest(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<Manifest>, ApiError> {
    let found = manifests::of_submission(&state.store, &person, id.0).await?;
    let found = found.ok_or_else(|| ArenaError::not_found("manifest of submission", id.0))?;
    Ok(One::ok(Resource::new(
        "manifest",
        &found.episode_id.clone(),
        found,
    )))
}

async fn artifact(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    request: HttpRequest,
    _query: ApiQuery<NoQuery>,
) -> Result<HttpResponse, ApiError> {
    let hash = request.match_info().get("hash").unwrap_or_default();
    let (artifact, bytes) = submissions::artifact(&state.store, &person, id.0, hash).await?;
    Ok(artifact_response(&artifact.media_type, bytes))
}

/// An artifact for a browser. What is neither a picture nor JSON is a download; the page's own
/// policy keeps it from running anything either way.
pub fn artifact_response(media_type: &str, bytes: Vec<u8>) -> HttpResponse {
    let shown = match media_type {
        "image/png" | "image/jpeg" | "image/webp" | "application/json" => media_type,
        _ => "application/octet-stream",
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, shown))
        .insert_header((CACHE_CONTROL, "private, max-age=31536000, immutable"));
    if shown == "application/octet-stream" {
        response.insert_header((CONTENT_DISPOSITION, "attachment"));
    }
    response.body(bytes)
}
