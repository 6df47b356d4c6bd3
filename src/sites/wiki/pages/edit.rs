//! The form for a text or one of its sections, with its preview and its draft.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::body::{BlockView, Body, Renderer, Span};
use super::form::Form;
use super::frame::{self, Frame};
use super::{Posted, Visit, missing};
use crate::sites::wiki::actions::texts::Edit;
use crate::sites::wiki::actions::{self, PROTECTED, Refusal};
use crate::sites::wiki::markup;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::{Article, Route};

#[derive(Template)]
#[template(path = "sites/wiki/edit.html")]
struct Show {
    frame: Frame,
    form: Form,
    heading: String,
    action: String,
    cancel_href: String,
    talk_href: String,
    help_href: String,
    locked: Option<&'static str>,
    has_draft: bool,
    body: Option<Body>,
    tables: Vec<frame::Link>,
}

/// What of an article is edited.
struct Target<'a> {
    page: &'a Page,
    section: Option<usize>,
    /// What is edited, in words.
    name: String,
    text: String,
}

fn target(page: &Page, section: Option<usize>) -> Option<Target<'_>> {
    let source = &page.content.source;
    let Some(place) = section else {
        return Some(Target {
            page,
            section,
            name: page.title.to_string(),
            text: source.to_string(),
        });
    };
    let spans = markup::section_spans(source);
    let span = place.checked_sub(1).and_then(|at| spans.get(at))?;
    Some(Target {
        page,
        section,
        name: format!("{}, section {}", page.title, span.name),
        text: span.text(source),
    })
}

fn draft_key(target: &Target<'_>) -> String {
    format!("{}/{}", target.page.id, target.section.unwrap_or(0))
}

/// Shows the form; a draft that was not saved is put into it.
pub fn show(visit: &Visit, title: &str, section: Option<usize>) -> HttpResponse {
    let state = visit.state();
    let Some(target) = queries::page(&state, title).and_then(|page| target(page, section)) else {
        return missing::page(visit, Some(title));
    };
    let draft = state.incidental.drafts.get(&draft_key(&target));
    let text = draft.map_or(target.text.as_str(), String::as_str);
    let based_on = target.page.latest.to_string();
    let form = Form::starting(&[("text", text), ("base", &based_on)]);
    let has_draft = draft.is_some();
    render(visit, &state, &target, form, has_draft, None)
}

fn render(
    visit: &Visit,
    state: &WikiState,
    target: &Target<'_>,
    form: Form,
    has_draft: bool,
    answer: Option<(StatusCode, Option<Body>)>,
) -> HttpResponse {
    let may_write = queries::may_write(state, target.page);
    let article = target.page.title.to_string();
    let (status, body) = answer.unwrap_or((StatusCode::OK, None));
    let what = if may_write { "Edit" } else { "Source" };
    let template = Show {
        frame: Frame::of_article(visit, state, target.page, what),
        heading: format!("{what}: {}", target.name),
        form,
        action: Route::Edit {
            article: article.clone(),
            section: target.section,
        }
        .href(),
        cancel_href: Route::article(&article).href(),
        talk_href: Route::Talk {
            article: article.clone(),
        }
        .href(),
        help_href: Route::Help.href(),
        locked: (!may_write).then_some(PROTECTED),
        has_draft,
        body,
        tables: if may_write {
            tables(target)
        } else {
            Vec::new()
        },
    };
    frame::page(status, &template)
}

/// Links to the editors of tables in the text.
fn tables(target: &Target<'_>) -> Vec<frame::Link> {
    markup::parse(&target.text)
        .0
        .tables()
        .map(|table| {
            let route = Route::Table {
                article: target.page.title.to_string(),
                table: table.caption.clone(),
            };
            frame::Link::to(&route, &table.caption)
        })
        .collect()
}

/// Takes the form: saves, shows a preview or throws the draft away.
pub fn send(posted: &Posted, title: &str, section: Option<usize>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["text", "summary", "base", "action"]) {
        return answer;
    }
    let visit = &posted.visit;
    let state = visit.state();
    let Some(target) = queries::page(&state, title).and_then(|page| target(page, section)) else {
        return missing::page(visit, Some(title));
    };
    match posted.fields.text("action") {
        "discard" => {
            forget(visit, &draft_key(&target));
            let route = Route::Edit {
                article: target.page.title.to_string(),
                section,
            };
            frame::go_saying(visit, &route, "The draft is gone.")
        }
        "preview" => preview(posted, &state, &target),
        _ => save(posted, &state, &target),
    }
}

fn forget(visit: &Visit, key: &str) {
    visit.remember(|incidental| Arc::make_mut(&mut incidental.drafts).remove(key));
}

fn preview(posted: &Posted, state: &WikiState, target: &Target<'_>) -> HttpResponse {
    let visit = &posted.visit;
    let text = posted.fields.text("text");
    if queries::may_write(state, target.page) {
        let (key, draft) = (draft_key(target), text.to_owned());
        visit.remember(|incidental| Arc::make_mut(&mut incidental.drafts).insert(key, draft));
    }
    let (document, faults) = markup::parse(text);
    let refusal = faults
        .first()
        .map(|fault| Refusal::field("text", format!("Line {}: {}.", fault.line, fault.message)));
    let article = Article {
        title: target.page.title.to_string(),
        ..Article::default()
    };
    let renderer = Renderer {
        state,
        article: &article,
        editable: false,
    };
    let body = renderer.body(&document);
    let form = Form::typed(&posted.fields, refusal.as_ref());
    let answer = (StatusCode::OK, Some(body));
    render(visit, state, target, form, false, Some(answer))
}

fn save(posted: &Posted, state: &WikiState, target: &Target<'_>) -> HttpResponse {
    let fields = &posted.fields;
    let title = target.page.title.to_string();
    let edit = Edit {
        title: &title,
        based_on: fields.text("base").parse().unwrap_or(0),
        section: target.section,
        text: fields.text("text"),
        summary: fields.text("summary"),
    };
    match posted.write(|state| actions::texts::save_text(state, edit)) {
        Ok(()) => {
            forget(&posted.visit, &draft_key(target));
            frame::go_saying(
                &posted.visit,
                &Route::article(&title),
                "Your change is saved.",
            )
        }
        Err(refusal) => {
            let form = Form::typed(fields, Some(&refusal));
            let answer = (frame::status_of(Some(&refusal)), None);
            render(&posted.visit, state, target, form, false, Some(answer))
        }
    }
}
