//! A local model provider that speaks the chat completions format over real HTTP, faults included.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

/// One scripted answer.
#[derive(Clone)]
pub enum Answer {
    /// Another answer, once the test gives a permit.
    After(Arc<Semaphore>, Box<Answer>),
    /// What a function makes of the request.
    To(fn(&Value) -> Answer),
    /// A tool call with these arguments.
    Tool(&'static str, Value),
    /// A text.
    Text(&'static str),
    /// A refusal.
    Refusal(&'static str),
    /// A status with a body and perhaps `Retry-After`.
    Status(u16, &'static str, Option<&'static str>),
    /// 200 with this body.
    Body(String),
    /// Nothing, until the caller gives up.
    Hang,
}

/// A request as the provider saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub authorization: Option<String>,
    pub body: Value,
    pub at: std::time::Instant,
}

struct State {
    script: Mutex<VecDeque<Answer>>,
    last: Answer,
    seen: Mutex<Vec<Seen>>,
}

/// The provider; stops when dropped.
pub struct Provider {
    pub base_url: String,
    state: Arc<State>,
    handle: actix_web::dev::ServerHandle,
}

impl Provider {
    /// Answers with the script in order, then with `last` for ever.
    pub fn start(script: impl IntoIterator<Item = Answer>, last: Answer) -> Self {
        let state = Arc::new(State {
            script: Mutex::new(script.into_iter().collect()),
            last,
            seen: Mutex::new(Vec::new()),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let data = web::Data::from(Arc::clone(&state));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/v1/chat/completions", web::post().to(answer))
        })
        .workers(1)
        .disable_signals()
        .shutdown_timeout(0)
        .listen(listener)
        .unwrap()
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self {
            base_url,
            state,
            handle,
        }
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.state.seen.lock().unwrap().clone()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let handle = self.handle.clone();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { handle.stop(false).await });
        }
    }
}

async fn answer(request: HttpRequest, state: web::Data<State>, body: web::Bytes) -> HttpResponse {
    let authorization = request
        .headers()
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    let body: Value = serde_json::from_slice(&body).unwrap();
    state.seen.lock().unwrap().push(Seen {
        authorization,
        body: body.clone(),
        at: std::time::Instant::now(),
    });
    let next = state.script.lock().unwrap().pop_front();
    let next = next.unwrap_or_else(|| state.last.clone());
    let settled = settle(next, &body).await;
    respond(settled, &body).await
}

/// The answer itself, after everything that stands before it.
async fn settle(mut answer: Answer, request: &Value) -> Answer {
    loop {
        answer = match answer {
            Answer::After(gate, then) => {
                gate.acquire().await.unwrap().forget();
                *then
            }
            Answer::To(make) => make(request),
            settled => return settled,
        };
    }
}

async fn respond(answer: Answer, request: &Value) -> HttpResponse {
    let message = match answer {
        Answer::After(..) | Answer::To(_) => unreachable!("settled before"),
        Answer::Tool(name, arguments) => {
            json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": "call_1", "type": "function", "function": { "name": name, "arguments": arguments.to_string() } }] })
        }
        Answer::Text(text) => json!({ "role": "assistant", "content": text }),
        Answer::Refusal(text) => json!({ "role": "assistant", "content": null, "refusal": text }),
        Answer::Status(status, body, retry_after) => {
            let mut builder =
                HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap());
            if let Some(seconds) = retry_after {
                builder.insert_header(("retry-after", seconds));
            }
            return builder.content_type("application/json").body(body);
        }
        Answer::Body(body) => {
            return HttpResponse::Ok()
                .content_type("application/json")
                .body(body);
        }
        Answer::Hang => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            return HttpResponse::Ok().finish();
        }
    };
    HttpResponse::Ok().json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": request["model"],
        "choices": [{ "index": 0, "finish_reason": "stop", "message": message }],
        "usage": { "prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230,
            "prompt_tokens_details": { "cached_tokens": 1000 },
            "completion_tokens_details": { "reasoning_tokens": 12 } }
    }))
}
