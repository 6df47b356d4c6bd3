//! `/api/v1/remote`: agents that call us (`docs/agent-protocol.md`). Whoever asks is an agent with
//! its token, which opens nothing else of the API.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::{Data, Path, ServiceConfig, get, post, resource};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use serde_json::Value;
use uuid::Uuid;

use crate::agents::foreign::MAX_REPLY_BYTES;
use crate::agents::foreign::remote::{Handed, RemoteError};
use crate::arena::agent_secrets;
use crate::domain::ids::AgentId;
use crate::web::api::body::read_bytes;
use crate::web::error::{ApiError, Code, Failure};
use crate::web::extract::{ApiQuery, State};
use crate::web::query::{Params, QueryParams};
use crate::web::state::AppState;

/// Longest wait for a message, in seconds.
const MAX_WAIT_S: u64 = 60;

/// Where episodes are claimed.
pub const CLAIM_PATH: &str = "/api/v1/remote/claim";

/// Most characters of a worker's name.
pub const MAX_WORKER: usize = 100;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/remote/claim").route(post().to(claim)))
        .service(resource("/remote/episodes/{episode}").route(get().to(next)))
        .service(resource("/remote/episodes/{episode}/heartbeat").route(post().to(heartbeat)))
        .service(resource("/remote/episodes/{episode}/turns/{turn}").route(post().to(reply)));
}

/// The remote agent behind a request, by its token.
pub struct RemoteAgent(pub AgentId);

impl FromRequest for RemoteAgent {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<AppState>>().cloned();
        let header = request.headers().get(AUTHORIZATION);
        let token = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        Box::pin(async move {
            let state = state.ok_or_else(|| {
                Failure::internal(anyhow::anyhow!("the application has no state"))
            })?;
            let agent = match &token {
                Some(token) => {
                    agent_secrets::remote_agent(&state.store, &state.vault, token).await?
                }
                None => None,
            };
            let agent = agent.ok_or_else(|| {
                Failure::new(
                    Code::Unauthenticated,
                    "This needs the token of a remote agent: send `Authorization: Bearer aat_...`; \
                     its owner gets it by `agentarena agents secret`.",
                )
            })?;
            Ok(Self(agent.id))
        })
    }
}

struct ClaimQuery {
    worker: Option<String>,
    wait: Option<u64>,
}

impl QueryParams for ClaimQuery {
    const NAMES: &'static [&'static str] = &["worker", "wait"];

    fn read(params: &mut Params) -> Self {
        Self {
            worker: params.bounded_text("worker", MAX_WORKER),
            wait: params.number("wait", 0, MAX_WAIT_S),
        }
    }
}

struct NextQuery {
    after: Option<u32>,
    wait: Option<u64>,
}

impl QueryParams for NextQuery {
    const NAMES: &'static [&'static str] = &["after", "wait"];

    fn read(params: &mut Params) -> Self {
        Self {
            after: params.number("after", 0, u32::MAX),
            wait: params.number("wait", 0, MAX_WAIT_S),
        }
    }
}

struct WaitQuery {
    wait: Option<u64>,
}

impl QueryParams for WaitQuery {
    const NAMES: &'static [&'static str] = &["wait"];

    fn read(params: &mut Params) -> Self {
        Self {
            wait: params.number("wait", 0, MAX_WAIT_S),
        }
    }
}

/// `{episode, turn, message}`, or 204 when there was no message in time.
fn handed(handed: Option<&Handed>) -> HttpResponse {
    let Some(handed) = handed else {
        return HttpResponse::NoContent().finish();
    };
    // The message is JSON already: it is not read and written once more.
    let Handed {
        episode,
        turn,
        message,
    } = handed;
    let episode = Value::from(episode.as_str());
    let body = format!("{{\"episode\":{episode},\"turn\":{turn},\"message\":{message}}}");
    HttpResponse::Ok()
        .content_type("application/json")
        .body(body)
}

fn seconds(wait: Option<u64>) -> Duration {
    Duration::from_secs(wait.unwrap_or(0))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
fn refused(error: RemoteError) -> ApiError {
    let message = format!("{error}.");
    let code = match error {
        RemoteError::NoEpisode(_) => Code::NotFound,
        RemoteError::NotOpen { .. } => Code::Conflict,
    };
    ApiError(Failure::new(code, message))
}

async fn claim(
    state: State,
    agent: RemoteAgent,
    query: ApiQuery<ClaimQuery>,
) -> Result<HttpResponse, ApiError> {
    let worker = query.0.worker;
    // Without a name nothing is handed over again.
    let worker = worker.unwrap_or_else(|| Uuid::now_v7().to_string());
    let claimed = state.remote.claim(agent.0, &worker, seconds(query.0.wait));
    Ok(handed(claimed.await.as_ref()))
}

async fn next(
    state: State,
    agent: RemoteAgent,
    episode: Path<String>,
    query: ApiQuery<NextQuery>,
) -> Result<HttpResponse, ApiError> {
    let (after, wait) = (query.0.after.unwrap_or(0), seconds(query.0.wait));
    let found = state.remote.next(agent.0, &episode, after, wait).await;
    Ok(handed(found.map_err(refused)?.as_ref()))
}

async fn heartbeat(
    state: State,
    agent: RemoteAgent,
    episode: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let noted = state.remote.heartbeat(agent.0, &episode);
    noted.map_err(refused)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn reply(
    state: State,
    agent: RemoteAgent,
    path: Path<(String, u32)>,
    query: ApiQuery<WaitQuery>,
    payload: actix_web::web::Payload,
) -> Result<HttpResponse, ApiError> {
    let (episode, turn) = path.into_inner();
    let bytes = read_bytes(&mut payload.into_inner(), MAX_REPLY_BYTES).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let remote = Arc::clone(&state.remote);
    remote
        .reply(agent.0, &episode, turn, text)
        .map_err(refused)?;
    let wait = seconds(query.0.wait);
    let found = remote.next(agent.0, &episode, turn, wait).await;
    Ok(handed(found.map_err(refused)?.as_ref()))
}
