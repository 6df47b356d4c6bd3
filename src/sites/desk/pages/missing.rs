//! What is shown when there is no such page, or when the role does not allow to see it.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::desk::pages::Visit;
use crate::sites::desk::pages::frame::{self, Frame};

#[derive(Template)]
#[template(path = "sites/desk/not_found.html")]
struct Missing {
    frame: Frame,
    heading: &'static str,
    text: String,
}

/// Shows that there is no such page, with a search.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Missing {
        frame: Frame::new(visit, &state, "Not found"),
        heading: "This page does not exist",
        text: "The address may be mistyped, what stood here is gone, or your role in the \
               project does not allow you to see it."
            .to_owned(),
    };
    frame::page(StatusCode::NOT_FOUND, &template)
}

/// Shows that the role does not allow something.
pub fn refuse(visit: &Visit, reason: String) -> HttpResponse {
    let state = visit.state();
    let template = Missing {
        frame: Frame::new(visit, &state, "Not allowed"),
        heading: "You may not do this",
        text: reason,
    };
    frame::page(StatusCode::FORBIDDEN, &template)
}
