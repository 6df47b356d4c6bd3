//! The page that a failed request is answered with.

use actix_web::{HttpRequest, HttpResponse};

use crate::web::error::Failure;

/// Says what went wrong and what to do.
pub fn render(_request: &HttpRequest, failure: &Failure) -> HttpResponse {
    let item = failure.items().first();
    let message = item.map_or("", |item| item.message.as_str());
    HttpResponse::build(failure.status())
        .content_type("text/plain; charset=utf-8")
        .body(format!("{message}\n\n{}", failure.code().fix()))
}
