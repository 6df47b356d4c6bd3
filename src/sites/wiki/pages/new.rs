//! The form for a new page.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::body::{BlockView, Body, Renderer, Span};
use super::form::Form;
use super::frame::{self, Frame};
use super::{Posted, Visit};
use crate::sites::wiki::actions::{self, Refusal};
use crate::sites::wiki::markup;
use crate::sites::wiki::state::Book;
use crate::sites::wiki::view::{Article, Route};

#[derive(Template)]
#[template(path = "sites/wiki/new.html")]
struct Show {
    frame: Frame,
    form: Form,
    kinds: Vec<String>,
    infobox: String,
    action: String,
    help_href: String,
    body: Option<Body>,
}

/// Shows the form, with an empty box of facts when a kind was chosen.
pub fn show(visit: &Visit, title: Option<&str>, infobox: Option<&str>) -> HttpResponse {
    let state = visit.state();
    let text = infobox.map_or_else(String::new, |kind| empty_box(&state.book, kind));
    let form = Form::starting(&[("title", title.unwrap_or("")), ("text", &text)]);
    render(visit, form, infobox.unwrap_or(""), None, StatusCode::OK)
}

fn empty_box(book: &Book, kind: &str) -> String {
    let fields = book
        .infoboxes
        .iter()
        .find(|known| known.kind == kind)
        .map_or(&[][..], |known| &known.fields);
    if fields.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = fields
        .iter()
        .map(|field| format!("| {field} = \n"))
        .collect();
    format!("{{{{infobox {kind}\n{}}}}}", lines.concat())
}

fn render(
    visit: &Visit,
    form: Form,
    infobox: &str,
    body: Option<Body>,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    let template = Show {
        frame: Frame::new(visit, &state, "New page"),
        form,
        kinds: state
            .book
            .infoboxes
            .iter()
            .map(|kind| kind.kind.clone())
            .collect(),
        infobox: infobox.to_owned(),
        action: Route::New {
            title: None,
            infobox: None,
        }
        .href(),
        help_href: Route::Help.href(),
        body,
    };
    frame::page(status, &template)
}

/// Takes the form: makes the page or shows a preview.
pub fn send(posted: &Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["title", "text", "summary", "action"]) {
        return answer;
    }
    let fields = &posted.fields;
    let (title, text) = (fields.text("title"), fields.text("text"));
    if fields.text("action") == "preview" {
        return preview(posted, title, text);
    }
    let done =
        posted.write(|state| actions::pages::create(state, title, text, fields.text("summary")));
    match done {
        Ok(title) => frame::go_saying(&posted.visit, &Route::article(&title), "The page is there."),
        Err(refusal) => {
            let form = Form::typed(fields, Some(&refusal));
            render(
                &posted.visit,
                form,
                "",
                None,
                frame::status_of(Some(&refusal)),
            )
        }
    }
}

fn preview(posted: &Posted, title: &str, text: &str) -> HttpResponse {
    let state = posted.visit.state();
    let (document, faults) = markup::parse(text);
    let refusal = faults
        .first()
        .map(|fault| Refusal::field("text", format!("Line {}: {}.", fault.line, fault.message)));
    let article = Article {
        title: title.to_owned(),
        ..Article::default()
    };
    let renderer = Renderer {
        state: &state,
        article: &article,
        editable: false,
    };
    let body = renderer.body(&document);
    let form = Form::typed(&posted.fields, refusal.as_ref());
    render(&posted.visit, form, "", Some(body), StatusCode::OK)
}
