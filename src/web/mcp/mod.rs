//! `/mcp`: the arena as an MCP server over streamable HTTP, for remote agents that are MCP
//! clients (`docs/agent-protocol.md`). Whoever asks is an agent with its token. No request
//! depends on one before it: what is open for an agent's worker is known where episodes wait.

mod guard;
mod relay;
mod server;

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::web::{Bytes, Data, Payload, ServiceConfig, resource, route};
use actix_web::{HttpRequest, HttpResponse};
use http_body_util::Full;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::agents::foreign::tools::door::{Door, HubDoor};
use crate::web::api::body::read_bytes;
use crate::web::api::remote::{MAX_WORKER, RemoteAgent};
use crate::web::error::ApiError;
use crate::web::extract::{ApiQuery, State};
use crate::web::mcp::server::{Caller, McpServer};
use crate::web::query::{Params, QueryParams};

/// The address.
pub const PATH: &str = "/mcp";

/// Most bytes of a request.
const MAX_REQUEST_BYTES: usize = 512 * 1024;

/// Who calls when the address names no worker.
const ONLY_WORKER: &str = "mcp";

/// How often a client that waits for an answer is told that it still comes: less than the five
/// seconds after which some HTTP clients give up when nothing is said.
const KEEP_ALIVE: Duration = Duration::from_secs(2);

/// The SDK's side of the transport. It keeps nothing between requests.
type McpService = StreamableHttpService<McpServer, NeverSessionManager>;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    let mut settings = StreamableHttpServerConfig::default()
        // `guard` has checked both, knowing where the arena is reached.
        .disable_allowed_hosts()
        .disable_allowed_origins();
    settings.legacy_session_mode = false;
    settings.json_response = true;
    settings.max_request_body_bytes = MAX_REQUEST_BYTES;
    let sessions = Arc::new(NeverSessionManager::default());
    let service = McpService::new(|| Ok(McpServer::default()), sessions, settings);
    config.service(
        resource(PATH)
            .app_data(Data::new(service))
            .route(route().to(answer)),
    );
}

/// Serves one client over standard input and output, until its input ends.
pub async fn serve_stdio(door: Arc<dyn Door>) -> anyhow::Result<()> {
    let server = McpServer::of_one(door);
    let running = rmcp::serve_server(server, rmcp::transport::stdio()).await?;
    running.waiting().await?;
    Ok(())
}

struct WorkerQuery {
    worker: Option<String>,
}

impl QueryParams for WorkerQuery {
    const NAMES: &'static [&'static str] = &["worker"];

    fn read(params: &mut Params) -> Self {
        Self {
            worker: params.bounded_text("worker", MAX_WORKER),
        }
    }
}

/// What JSON-RPC has for a body that is no message: the SDK would answer with a bare text.
fn unreadable(body: &[u8]) -> Option<HttpResponse> {
    let (code, message) = match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(_)) => return None,
        Ok(_) => (-32600, "a request is one JSON object"),
        Err(_) => (-32700, "the body is not JSON"),
    };
    let answer = json!({"jsonrpc": "2.0", "id": null, "error": {"code": code, "message": message}});
    Some(HttpResponse::BadRequest().json(answer))
}

async fn answer(
    state: State,
    service: Data<McpService>,
    agent: RemoteAgent,
    query: ApiQuery<WorkerQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    guard::check(request.headers(), &state)?;
    let body = read_bytes(&mut payload.into_inner(), MAX_REQUEST_BYTES).await?;
    if request.method() == Method::POST
        && let Some(refused) = unreadable(&body)
    {
        return Ok(refused);
    }
    let gone = CancellationToken::new();
    let door = HubDoor {
        hub: Arc::clone(&state.remote),
        agent: agent.0,
        worker: query.0.worker.unwrap_or_else(|| ONLY_WORKER.to_owned()),
        gone: gone.clone(),
    };
    let mut asked = relay::request(&request, Full::new(Bytes::from(body)))?;
    asked.extensions_mut().insert(Caller(Arc::new(door)));
    let service = service.into_inner();
    // The SDK answers in a task of its own, which does not end with the connection.
    let hung_up = gone.drop_guard();
    let answering = Box::pin(async move {
        let answer = service.handle(asked).await;
        drop(hung_up);
        answer
    });
    Ok(relay::response(answering, KEEP_ALIVE).await)
}
