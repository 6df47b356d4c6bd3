//! Writes what a failed request is answered with: JSON for the API, a page for people. Here a
//! fault of the arena's own is logged, once, with its cause; the answer never holds it.

use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorRequestTimeout;
use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpRequest, HttpResponse};
use serde::Serialize;

use crate::web::api::envelope::Meta;
use crate::web::error::{ApiError, Code, ErrorItem, Failure, PageError};
use crate::web::{mcp, pages};

/// Longest time from a request's head to its answer, a slowly sent body included: more than the
/// minute that a remote agent may wait for its turn.
const LONGEST_REQUEST: Duration = Duration::from_secs(90);

/// The middleware.
pub async fn failures<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Ok(answered) = tokio::time::timeout(LONGEST_REQUEST, next.call(request)).await else {
        return Err(ErrorRequestTimeout(
            "The request took too long; send it again.",
        ));
    };
    let response = answered?.map_into_boxed_body();
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return Ok(response);
    }
    let (request, response) = response.into_parts();
    let rendered = match explain(&request, &response) {
        Some((face, failure)) => {
            log(&failure);
            let mut rendered = render(&request, face, &failure);
            keep_headers(&response, &mut rendered);
            rendered
        }
        None => response,
    };
    Ok(ServiceResponse::new(request, rendered))
}

/// Who reads the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Face {
    Program,
    Person,
}

impl Face {
    fn of(request: &HttpRequest) -> Self {
        let path = request.path();
        if path.starts_with("/api/") || path.starts_with("/live/") || path == mcp::PATH {
            Self::Program
        } else {
            Self::Person
        }
    }
}

enum Explained<'a> {
    Ours(&'a Failure),
    Framework(Failure),
}

impl std::ops::Deref for Explained<'_> {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        match self {
            Self::Ours(failure) => failure,
            Self::Framework(failure) => failure,
        }
    }
}

/// What a failed response is about; none for one that a handler has written itself.
fn explain<'a>(
    request: &HttpRequest,
    response: &'a HttpResponse<BoxBody>,
) -> Option<(Face, Explained<'a>)> {
    if let Some(error) = response.error() {
        if let Some(error) = error.as_error::<ApiError>() {
            return Some((Face::Program, Explained::Ours(&error.0)));
        }
        if let Some(error) = error.as_error::<PageError>() {
            return Some((Face::Person, Explained::Ours(&error.0)));
        }
        let failure = framework_failure(request, response.status(), &error.to_string());
        return Some((Face::of(request), Explained::Framework(failure)));
    }
    let empty = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    empty.then(|| {
        let failure = framework_failure(request, response.status(), "no service");
        (Face::of(request), Explained::Framework(failure))
    })
}

fn framework_failure(request: &HttpRequest, status: StatusCode, told: &str) -> Failure {
    let path: String = request.path().chars().take(80).collect();
    match status {
        StatusCode::NOT_FOUND => {
            let message = format!("There is nothing at `{path}`; check the address.");
            Failure::new(Code::NotFound, message)
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            let method: String = request.method().as_str().chars().take(20).collect();
            let message =
                format!("`{path}` does not take {method}; the `Allow` header says what it takes.");
            Failure::new(Code::MethodNotAllowed, message)
        }
        StatusCode::PAYLOAD_TOO_LARGE => Failure::new(
            Code::BodyTooLarge,
            "The request is larger than is taken here.",
        ),
        status if status.is_client_error() => Failure::new(
            Code::MalformedRequest,
            "The request could not be read; check its address, headers and body.",
        ),
        _ => Failure::internal(anyhow::anyhow!("{status}: {told}")),
    }
}

fn log(failure: &Failure) {
    if failure.status() == StatusCode::INTERNAL_SERVER_ERROR {
        let cause = failure.cause().map(|cause| format!("{cause:#}"));
        tracing::error!(
            error = cause.as_deref().unwrap_or("unknown"),
            "a request failed"
        );
    } else {
        tracing::debug!(code = failure.code().as_str(), "a request was refused");
    }
}

#[derive(Serialize)]
struct Body<'a> {
    errors: &'a [ErrorItem],
    meta: Meta,
}

fn render(request: &HttpRequest, face: Face, failure: &Failure) -> HttpResponse {
    let mut response = match face {
        Face::Person => pages::failure::render(request, failure),
        Face::Program => HttpResponse::build(failure.status()).json(Body {
            errors: failure.items(),
            meta: Meta::of(request),
        }),
    };
    let headers = response.headers_mut();
    if let Some(seconds) = failure.retry_after_s() {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if face == Face::Program && failure.code() == Code::Unauthenticated {
        let challenge = actix_web::http::header::HeaderValue::from_static("Bearer");
        headers.insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Cookies and the list of methods stay with the answer.
fn keep_headers(from: &HttpResponse, to: &mut HttpResponse) {
    for name in [SET_COOKIE, ALLOW] {
        for value in from.headers().get_all(&name) {
            to.headers_mut().append(name.clone(), value.clone());
        }
    }
}
