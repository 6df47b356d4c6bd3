//! A local model provider that speaks OpenAI's chat completions and Anthropic's Messages API over
//! real HTTP, faults included.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::stream;
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
    /// 200 with a body that is not of the type JSON.
    Typed(&'static str, &'static str),
    /// 200 with the beginning of a body, and then a cut connection.
    Cut(&'static str),
    /// 200 with the beginning of a body, and nothing more until the caller gives up.
    Stall(&'static str),
    /// Nothing, until the caller gives up.
    Hang,
}

/// A request as the provider saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub authorization: Option<String>,
    pub api_key: Option<String>,
    pub version: Option<String>,
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
                .route("/v1/messages", web::post().to(answer))
                .route("/v1/models", web::get().to(answer))
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
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let body: Value = if body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&body).unwrap()
    };
    state.seen.lock().unwrap().push(Seen {
        authorization: header("authorization"),
        api_key: header("x-api-key"),
        version: header("anthropic-version"),
        body: body.clone(),
        at: std::time::Instant::now(),
    });
    let next = state.script.lock().unwrap().pop_front();
    let next = next.unwrap_or_else(|| state.last.clone());
    let settled = settle(next, &body).await;
    match settled {
        reply @ (Answer::Tool(..) | Answer::Text(_) | Answer::Refusal(_)) => {
            if request.path().ends_with("/messages") {
                message(reply, &body)
            } else {
                completion(reply, &body)
            }
        }
        fault => fail(fault).await,
    }
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

async fn fail(fault: Answer) -> HttpResponse {
    match fault {
        Answer::Status(status, body, retry_after) => {
            let mut builder =
                HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap());
            if let Some(when) = retry_after {
                builder.insert_header(("retry-after", when));
            }
            builder.content_type("application/json").body(body)
        }
        Answer::Body(body) => HttpResponse::Ok()
            .content_type("application/json")
            .body(body),
        Answer::Typed(kind, body) => HttpResponse::Ok().content_type(kind).body(body),
        // What was written must be on its way before the connection is cut.
        Answer::Cut(beginning) => partly(beginning, Duration::from_millis(50)),
        Answer::Stall(beginning) => partly(beginning, Duration::from_mins(10)),
        _ => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            HttpResponse::Ok().finish()
        }
    }
}

/// The beginning of a body that says it is longer; the connection is cut after a while.
fn partly(beginning: &'static str, then: Duration) -> HttpResponse {
    let parts = stream::unfold(Some(beginning), move |left| async move {
        if let Some(beginning) = left {
            return Some((Ok(web::Bytes::from_static(beginning.as_bytes())), None));
        }
        tokio::time::sleep(then).await;
        Some((Err(std::io::Error::other("cut")), None))
    });
    HttpResponse::Ok()
        .content_type("application/json")
        .no_chunking(1_000)
        .streaming(Box::pin(parts))
}

/// A chat completion of OpenAI's: 1,200 tokens in, 1,000 of them from cache; 30 out.
fn completion(reply: Answer, request: &Value) -> HttpResponse {
    let message = match reply {
        Answer::Tool(name, arguments) => {
            json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": "call_1", "type": "function", "function": { "name": name, "arguments": arguments.to_string() } }] })
        }
        Answer::Text(text) => json!({ "role": "assistant", "content": text }),
        Answer::Refusal(text) => json!({ "role": "assistant", "content": null, "refusal": text }),
        _ => unreachable!("settled before"),
    };
    HttpResponse::Ok().json(json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": request["model"],
        "choices": [{ "index": 0, "finish_reason": "stop", "message": message }],
        "usage": { "prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230,
            "prompt_tokens_details": { "cached_tokens": 1000 },
            "completion_tokens_details": { "reasoning_tokens": 12 } }
    }))
}

/// A message of Anthropic's: 1,200 tokens in, 900 of them from cache and 100 to it; 30 out.
fn message(reply: Answer, request: &Value) -> HttpResponse {
    let text = |text: &str| json!([{ "type": "text", "text": text }]);
    let (content, stop_reason) = match reply {
        Answer::Tool(name, arguments) => (
            json!([
                { "type": "thinking", "thinking": "", "signature": "c2ln" },
                { "type": "text", "text": "I click." },
                { "type": "tool_use", "id": "toolu_1", "name": name, "input": arguments },
            ]),
            "tool_use",
        ),
        Answer::Text("") => (json!([]), "end_turn"),
        Answer::Text(said) => (text(said), "end_turn"),
        Answer::Refusal(said) => (text(said), "refusal"),
        _ => unreachable!("settled before"),
    };
    let model = request["model"].as_str().unwrap();
    HttpResponse::Ok().json(json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": format!("{model}-20261007"),
        "content": content, "stop_reason": stop_reason, "stop_sequence": null,
        "usage": { "input_tokens": 200, "cache_read_input_tokens": 900,
            "cache_creation_input_tokens": 100, "output_tokens": 30, "service_tier": "standard" }
    }))
}
