//! Renaming a page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::form::Form;
use super::frame::{self, Frame};
use super::{Posted, Visit, missing};
use crate::sites::wiki::actions::{self, PROTECTED};
use crate::sites::wiki::queries::{self, links};
use crate::sites::wiki::view::Route;

#[derive(Template)]
#[template(path = "sites/wiki/move.html")]
struct Show {
    frame: Frame,
    form: Form,
    article: String,
    linking: usize,
    links_href: String,
    action: String,
    cancel_href: String,
    locked: Option<&'static str>,
}

/// Shows the form.
pub fn show(visit: &Visit, title: &str) -> HttpResponse {
    let form = Form::starting(&[("title", title), ("redirect", "yes")]);
    render(visit, title, form, StatusCode::OK)
}

fn render(visit: &Visit, title: &str, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let article = page.title.to_string();
    let template = Show {
        frame: Frame::of_article(visit, &state, page, "Rename"),
        form,
        linking: links::links_to(&state, &article).len(),
        links_href: Route::Links {
            article: article.clone(),
            page: 1,
        }
        .href(),
        action: Route::Move {
            article: article.clone(),
        }
        .href(),
        cancel_href: Route::article(&article).href(),
        article,
        locked: (!queries::may_write(&state, page)).then_some(PROTECTED),
    };
    frame::page(status, &template)
}

/// Renames the page.
pub fn send(posted: &Posted, title: &str) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["title", "redirect", "summary"]) {
        return answer;
    }
    let fields = &posted.fields;
    let done = posted.write(|state| {
        actions::pages::rename(
            state,
            title,
            fields.text("title"),
            fields.has("redirect"),
            fields.text("summary"),
        )
    });
    match done {
        Ok(new) => {
            let message = format!("The page is called {new} now.");
            frame::go_saying(&posted.visit, &Route::article(&new), message)
        }
        Err(refusal) => {
            let form = Form::typed(fields, Some(&refusal));
            render(&posted.visit, title, form, frame::status_of(Some(&refusal)))
        }
    }
}
