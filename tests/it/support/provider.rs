//! A local model provider that speaks OpenAI's chat completions and Anthropic's Messages API over
//! real HTTP, streamed where a request asks for it, faults included.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};

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
    /// A text in pieces, of which so many come; then what follows.
    Pieces(&'static str, usize, Then),
    /// A status, and a body that tells the key that came; with 200 and where a stream was asked
    /// for, as a stream.
    Echo(u16),
}

/// What follows the first pieces of a streamed reply.
#[derive(Clone)]
pub enum Then {
    /// The rest, once the test gives a permit.
    Rest(Arc<Semaphore>),
    /// A cut connection.
    Cut,
    /// Nothing more until the caller gives up.
    Stall,
    /// The end of the body, as if all had come.
    End,
    /// The same, once the test gives a permit.
    After(Arc<Semaphore>, Box<Then>),
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
    /// Requests whose answer is not over.
    open: watch::Sender<usize>,
}

/// A request whose answer is not over; over when it is dropped.
struct Open(Arc<State>);

impl Open {
    fn new(state: &Arc<State>) -> Self {
        state.open.send_modify(|open| *open += 1);
        Self(Arc::clone(state))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.send_modify(|open| *open -= 1);
    }
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
            open: watch::Sender::new(0),
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
        .h1_allow_half_closed(false)
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

    /// Listens no more.
    pub async fn stop(&self) {
        self.handle.stop(false).await;
    }

    /// Waits until so many requests are open: asked, and not answered to the end.
    pub async fn open(&self, number: usize) {
        let mut open = self.state.open.subscribe();
        open.wait_for(|open| *open == number).await.unwrap();
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
    let seen = Seen {
        authorization: header("authorization"),
        api_key: header("x-api-key"),
        version: header("anthropic-version"),
        body: body.clone(),
        at: std::time::Instant::now(),
    };
    let key = format!("{:?} {:?}", seen.authorization, seen.api_key);
    state.seen.lock().unwrap().push(seen);
    let open = Open::new(&state);
    let next = state.script.lock().unwrap().pop_front();
    let next = next.unwrap_or_else(|| state.last.clone());
    let settled = settle(next, &body).await;
    let is_message = request.path().ends_with("/messages");
    let streams = body["stream"] == true;
    let whole = |reply| {
        if is_message {
            message(reply, &body)
        } else {
            completion(reply, &body)
        }
    };
    if let Answer::Pieces(text, number, then) = settled {
        let events = events(&whole(Answer::Text(text)), &body, is_message);
        return streamed(events, number, then, open);
    }
    match settled {
        Answer::Echo(status) => {
            let body = json!({ "error": { "message": format!("you sent {key}") } }).to_string();
            if status == 200 && streams {
                let events = vec![format!("data: {body}\n\n"), format!(": {key}\n\n")];
                return streamed(events, usize::MAX, Then::End, open);
            }
            HttpResponse::build(actix_web::http::StatusCode::from_u16(status).unwrap())
                .insert_header(("request-id", key.replace('"', "")))
                .content_type("application/json")
                .body(body)
        }
        reply @ (Answer::Tool(..) | Answer::Text(_) | Answer::Refusal(_)) => {
            let reply = whole(reply);
            if streams {
                return streamed(
                    events(&reply, &body, is_message),
                    usize::MAX,
                    Then::End,
                    open,
                );
            }
            HttpResponse::Ok().json(reply)
        }
        fault => fail(fault, open).await,
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

async fn fail(fault: Answer, open: Open) -> HttpResponse {
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
        Answer::Cut(beginning) => partly(beginning, Duration::from_millis(50), open),
        Answer::Stall(beginning) => partly(beginning, Duration::from_mins(10), open),
        _ => {
            tokio::time::sleep(Duration::from_mins(10)).await;
            HttpResponse::Ok().finish()
        }
    }
}

/// The beginning of a body that says it is longer; the connection is cut after a while.
fn partly(beginning: &'static str, then: Duration, open: Open) -> HttpResponse {
    let parts = stream::unfold((Some(beginning), open), move |(left, open)| async move {
        if let Some(beginning) = left {
            let bytes = web::Bytes::from_static(beginning.as_bytes());
            return Some((Ok(bytes), (None, open)));
        }
        tokio::time::sleep(then).await;
        Some((Err(std::io::Error::other("cut")), (None, open)))
    });
    HttpResponse::Ok()
        .content_type("application/json")
        .no_chunking(1_000)
        .streaming(Box::pin(parts))
}

/// A chat completion of OpenAI's: 1,200 tokens in, 1,000 of them from cache; 30 out.
fn completion(reply: Answer, request: &Value) -> Value {
    let message = match reply {
        Answer::Tool(name, arguments) => {
            json!({ "role": "assistant", "content": null, "tool_calls": [
            { "id": "call_1", "type": "function", "function": { "name": name, "arguments": arguments.to_string() } }] })
        }
        Answer::Text(text) => json!({ "role": "assistant", "content": text }),
        Answer::Refusal(text) => json!({ "role": "assistant", "content": null, "refusal": text }),
        _ => unreachable!("settled before"),
    };
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": request["model"],
        "choices": [{ "index": 0, "finish_reason": "stop", "message": message }],
        "usage": { "prompt_tokens": 1200, "completion_tokens": 30, "total_tokens": 1230,
            "prompt_tokens_details": { "cached_tokens": 1000 },
            "completion_tokens_details": { "reasoning_tokens": 12 } }
    })
}

/// A message of Anthropic's: 1,200 tokens in, 900 of them from cache and 100 to it; 30 out.
fn message(reply: Answer, request: &Value) -> Value {
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
    json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": format!("{model}-20261007"),
        "content": content, "stop_reason": stop_reason, "stop_sequence": null,
        "usage": { "input_tokens": 200, "cache_read_input_tokens": 900,
            "cache_creation_input_tokens": 100, "output_tokens": 30, "service_tier": "standard" }
    })
}

/// A reply as the events of a stream.
fn events(reply: &Value, request: &Value, is_message: bool) -> Vec<String> {
    if is_message {
        message_events(reply)
    } else {
        chunks(reply, request)
    }
}

/// OpenAI's: the counts in a chunk of their own, when they are asked for.
fn chunks(reply: &Value, request: &Value) -> Vec<String> {
    let message = &reply["choices"][0]["message"];
    let mut deltas = vec![json!({ "role": "assistant", "content": "" })];
    let text = message["content"].as_str().unwrap_or_default();
    deltas.extend(
        text.split_inclusive(' ')
            .map(|word| json!({ "content": word })),
    );
    if let Some(calls) = message["tool_calls"].as_array() {
        let mut call = calls[0].clone();
        call["index"] = json!(0);
        deltas.push(json!({ "tool_calls": [call] }));
    }
    let chunk = |delta: Value, finish: Value| {
        let mut chunk = json!({ "id": reply["id"], "object": "chat.completion.chunk", "created": 1,
            "model": reply["model"], "choices": [{ "index": 0, "delta": delta, "finish_reason": finish }] });
        if request["stream_options"]["include_usage"] == true {
            chunk["usage"] = Value::Null;
        }
        chunk
    };
    let mut chunks: Vec<Value> = deltas
        .into_iter()
        .map(|delta| chunk(delta, Value::Null))
        .collect();
    chunks.push(chunk(json!({}), json!("stop")));
    if request["stream_options"]["include_usage"] == true {
        let mut counts = chunk(json!({}), Value::Null);
        counts["choices"] = json!([]);
        counts["usage"] = reply["usage"].clone();
        chunks.push(counts);
    }
    let mut events: Vec<String> = chunks
        .iter()
        .map(|chunk| format!("data: {chunk}\n\n"))
        .collect();
    events.push("data: [DONE]\n\n".to_owned());
    events
}

/// Anthropic's: the counts of the input at the beginning, those of the output at the end.
fn message_events(reply: &Value) -> Vec<String> {
    let mut start = reply.clone();
    start["content"] = json!([]);
    start["stop_reason"] = Value::Null;
    start["usage"]["output_tokens"] = json!(1);
    let mut events = vec![json!({ "type": "message_start", "message": start })];
    for (index, block) in reply["content"].as_array().unwrap().iter().enumerate() {
        let (mut empty, deltas): (Value, Vec<Value>) = match block["type"].as_str() {
            Some("text") => {
                let words = block["text"].as_str().unwrap().split_inclusive(' ');
                let deltas = words.map(|word| json!({ "type": "text_delta", "text": word }));
                (json!({ "type": "text", "text": "" }), deltas.collect())
            }
            Some("tool_use") => {
                let input = block["input"].to_string();
                let delta = json!({ "type": "input_json_delta", "partial_json": input });
                (block.clone(), vec![delta])
            }
            _ => (block.clone(), Vec::new()),
        };
        if empty["type"] == "tool_use" {
            empty["input"] = json!({});
        }
        events
            .push(json!({ "type": "content_block_start", "index": index, "content_block": empty }));
        events.extend(
            deltas.into_iter().map(
                |delta| json!({ "type": "content_block_delta", "index": index, "delta": delta }),
            ),
        );
        events.push(json!({ "type": "content_block_stop", "index": index }));
    }
    events.push(json!({ "type": "message_delta",
        "delta": { "stop_reason": reply["stop_reason"], "stop_sequence": null },
        "usage": { "output_tokens": reply["usage"]["output_tokens"] } }));
    events.push(json!({ "type": "message_stop" }));
    let lines = events.iter().map(|event| {
        let name = event["type"].as_str().unwrap();
        format!("event: {name}\ndata: {event}\n\n")
    });
    lines.collect()
}

/// Sends the first events, and then what follows.
fn streamed(events: Vec<String>, number: usize, then: Then, open: Open) -> HttpResponse {
    let queue: VecDeque<String> = events.into();
    let state = (queue, 0_usize, then, open);
    let body = stream::unfold(state, move |(mut queue, sent, then, open)| async move {
        if sent == number {
            let mut now = &then;
            while let Then::After(gate, next) = now {
                gate.acquire().await.unwrap().forget();
                now = next.as_ref();
            }
            match now {
                Then::Rest(gate) => gate.acquire().await.unwrap().forget(),
                Then::Stall => tokio::time::sleep(Duration::from_mins(10)).await,
                Then::Cut => {
                    // What was written must be on its way before the connection is cut.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    let cut = Err(std::io::Error::other("cut"));
                    return Some((cut, (queue, sent, then, open)));
                }
                Then::End => return None,
                Then::After(..) => unreachable!("passed above"),
            }
        }
        let event = queue.pop_front()?;
        Some((Ok(web::Bytes::from(event)), (queue, sent + 1, then, open)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .streaming(Box::pin(body))
}
