//! Carries requests and answers between actix-web and the SDK, which speaks `http` and
//! `http-body`.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{Stream, StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};

use crate::web::error::{Code, Failure};

/// The type of a stream of events, as the MCP specification has it for answers that take long.
const EVENTS: &str = "text/event-stream";

/// What the SDK answers with.
pub(super) type Answer = http::Response<BoxBody<Bytes, Infallible>>;

/// An answer that is still to come.
pub(super) type Answering = Pin<Box<dyn Future<Output = Answer>>>;

/// The request as the SDK takes it, without what proves who asks.
pub(super) fn request(
    asked: &HttpRequest,
    body: Full<Bytes>,
) -> Result<http::Request<Full<Bytes>>, Failure> {
    let mut request = http::Request::builder()
        .method(asked.method().as_str())
        .uri(super::PATH);
    for (name, value) in asked.headers() {
        if *name != AUTHORIZATION && *name != COOKIE {
            request = request.header(name.as_str(), value.as_bytes());
        }
    }
    request
        .body(body)
        .map_err(|error| Failure::new(Code::MalformedRequest, error.to_string()))
}

/// The answer as actix-web sends it. One that takes longer than `keep_alive` becomes a stream of
/// events in which a comment says every so often that it still comes.
pub(super) async fn response(mut answering: Answering, keep_alive: Duration) -> HttpResponse {
    match tokio::time::timeout(keep_alive, &mut answering).await {
        Ok(answer) => at_once(answer),
        Err(_) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, EVENTS))
            .streaming(in_time(answering, keep_alive)),
    }
}

fn at_once(answer: Answer) -> HttpResponse {
    let (parts, body) = answer.into_parts();
    let status = StatusCode::from_u16(parts.status.as_u16());
    let mut response = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for (name, value) in &parts.headers {
        let name = HeaderName::from_bytes(name.as_str().as_bytes());
        let value = HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            response.append_header((name, value));
        }
    }
    response.streaming(body.into_data_stream())
}

/// Comments until the answer is there, then the answer as an event. Its status was decided when
/// the first comment was sent; an error is one in JSON-RPC's own terms.
fn in_time(
    answering: Answering,
    keep_alive: Duration,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    let comments = stream::unfold(Some(answering), move |waiting| async move {
        let mut answering = waiting?;
        match tokio::time::timeout(keep_alive, &mut answering).await {
            Err(_) => Some((Bytes::from_static(b":\n\n"), Some(answering))),
            Ok(answer) => Some((as_event(answer).await, None)),
        }
    });
    comments.map(Ok)
}

async fn as_event(answer: Answer) -> Bytes {
    let is_event = answer
        .headers()
        .get(http::header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(EVENTS.as_bytes()));
    let Ok(body) = answer.into_body().collect().await;
    let body = body.to_bytes();
    if is_event {
        return body;
    }
    // JSON as the SDK writes it holds no line break.
    let mut event = b"event: message\ndata: ".to_vec();
    event.extend_from_slice(&body);
    event.extend_from_slice(b"\n\n");
    event.into()
}
