//! Saved filters.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::frame::{self, Frame};
use crate::sites::desk::pages::parts::Link;
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::issues::count;
use crate::sites::desk::view::{Parsed, Route, parse};

#[derive(Template)]
#[template(path = "sites/desk/filters.html")]
struct FiltersPage {
    frame: Frame,
    filters: Vec<(u32, Link)>,
}

/// Shows the saved filters.
pub fn show(visit: &Visit) -> HttpResponse {
    render(visit, None)
}

fn render(visit: &Visit, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    let filters = state
        .filters
        .iter()
        .map(|(no, filter)| {
            visit.show("desk.filters", no);
            let href = format!("/desk/issues?{}", filter.query);
            let found = match parse(&href) {
                Some(Parsed {
                    route: Route::Issues(query),
                    ..
                }) => count(&state, &query),
                _ => 0,
            };
            (*no, Link::to(href, &filter.name).counting(found))
        })
        .collect();
    let template = FiltersPage {
        frame: Frame::new(visit, &state, "Saved filters")
            .at(&Route::Filters.href())
            .refusing(refusal),
        filters,
    };
    frame::page(frame::status_of(refusal), &template)
}

/// Saves the filter of a list.
pub async fn save(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["name", "list"]) {
        return answer;
    }
    let (name, list) = (posted.fields.text("name"), posted.fields.text("list"));
    match posted.write(|state| actions::filters::save(state, name, list)) {
        Ok(_) => frame::go_saying(
            &posted.visit,
            &Route::Filters.href(),
            "The filter was saved.",
        ),
        Err(refusal) => render(&posted.visit, Some(&refusal)),
    }
}

/// Deletes a saved filter.
pub async fn delete(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let Ok(no) = path.parse() else {
        return missing::show(&posted.visit);
    };
    match posted.write(|state| actions::filters::delete(state, no)) {
        Ok(()) => frame::go_saying(
            &posted.visit,
            &Route::Filters.href(),
            "The filter was deleted.",
        ),
        Err(refusal) => render(&posted.visit, Some(&refusal)),
    }
}
