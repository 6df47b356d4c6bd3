//! What is shown when there is no such page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::shop::pages::Visit;
use crate::sites::shop::pages::frame::{self, Frame};

#[derive(Template)]
#[template(path = "sites/shop/not_found.html")]
struct Missing {
    frame: Frame,
    heading: &'static str,
    text: &'static str,
}

/// Shows that there is no such page, with a search.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Missing {
        frame: Frame::new(visit, &state, "Not found"),
        heading: "This page does not exist",
        text: "The address may be mistyped, or what stood here is gone. \
               Search for it, or start again from the departments above.",
    };
    frame::page(StatusCode::NOT_FOUND, &template)
}
