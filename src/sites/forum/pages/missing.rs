//! What is shown when there is no such page, or when it is not for this reader.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Visit;
use crate::sites::forum::actions::Refusal;
use crate::sites::forum::pages::frame::{self, Frame};

#[derive(Template)]
#[template(path = "sites/forum/not_found.html")]
struct Missing {
    frame: Frame,
    heading: String,
    text: String,
}

/// Shows that there is no such page, with a search.
pub fn show(visit: &Visit) -> HttpResponse {
    render(
        visit,
        StatusCode::NOT_FOUND,
        "This page does not exist",
        "The address may be mistyped, or what stood here was deleted by its author or removed by \
         moderators. Search for it, or start again from the communities on the left.",
    )
}

/// Shows why something was refused, when it has no page of its own.
pub fn refused(visit: &Visit, refusal: &Refusal) -> HttpResponse {
    let status = frame::status_of(refusal.status());
    let heading = if status == StatusCode::NOT_FOUND {
        "This page does not exist"
    } else {
        "This cannot be done"
    };
    render(visit, status, heading, &refusal.message)
}

fn render(visit: &Visit, status: StatusCode, heading: &str, text: &str) -> HttpResponse {
    let state = visit.state();
    let template = Missing {
        frame: Frame::new(visit, &state, heading),
        heading: heading.to_owned(),
        text: text.to_owned(),
    };
    frame::page(status, &template)
}
