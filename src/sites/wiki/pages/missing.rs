//! What is not there: pages, members, revisions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::Visit;
use super::frame::{self, Frame, Link};
use crate::sites::wiki::queries::search;
use crate::sites::wiki::view::Route;

#[derive(Template)]
#[template(path = "sites/wiki/missing.html")]
struct Missing {
    frame: Frame,
    title: Option<String>,
    new_href: String,
    near: Vec<Link>,
}

/// Answers that there is no such page; with a title it can be made.
pub fn page(visit: &Visit, title: Option<&str>) -> HttpResponse {
    let state = visit.state();
    let near = title.map_or_else(Vec::new, |title| search::suggestions(&state, title));
    let template = Missing {
        frame: Frame::new(visit, &state, title.unwrap_or("Not found")),
        title: title.map(str::to_owned),
        new_href: Route::New {
            title: title.map(str::to_owned),
            infobox: None,
        }
        .href(),
        near: near
            .into_iter()
            .map(|page| Link::article(&page.title))
            .collect(),
    };
    frame::page(StatusCode::NOT_FOUND, &template)
}
