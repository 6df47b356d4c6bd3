//! Talk pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::changes::author;
use super::form::Form;
use super::frame::{self, Frame, Link};
use super::{Posted, Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::wiki::actions;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::Route;

#[derive(Template)]
#[template(path = "sites/wiki/talk.html")]
struct Show {
    frame: Frame,
    form: Form,
    article: String,
    action: String,
    topics: Vec<(String, Vec<Said>)>,
}

struct Said {
    author: Link,
    at: String,
    lines: Vec<String>,
}

/// Shows what was said about an article.
pub fn show(visit: &Visit, title: &str) -> HttpResponse {
    render(visit, title, Form::default(), StatusCode::OK)
}

fn render(visit: &Visit, title: &str, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let template = Show {
        frame: Frame::of_article(visit, &state, page, "Talk"),
        form,
        article: page.title.to_string(),
        action: Route::Talk {
            article: page.title.to_string(),
        }
        .href(),
        topics: topics(visit, &state, page),
    };
    frame::page(status, &template)
}

/// Topics in the order in which they began.
fn topics(visit: &Visit, state: &WikiState, page: &Page) -> Vec<(String, Vec<Said>)> {
    let mut topics: Vec<(String, Vec<Said>)> = Vec::new();
    for comment in state
        .comments
        .values()
        .filter(|comment| comment.page == page.id)
    {
        visit.show("wiki.comments", comment.no);
        let said = Said {
            author: author(state, &comment.author),
            at: moment_text(comment.at),
            lines: comment.text.lines().map(str::to_owned).collect(),
        };
        match topics.iter_mut().find(|(topic, _)| *topic == comment.topic) {
            Some((_, comments)) => comments.push(said),
            None => topics.push((comment.topic.clone(), vec![said])),
        }
    }
    topics
}

/// Takes a comment.
pub fn send(posted: &Posted, title: &str) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["topic", "text"]) {
        return answer;
    }
    let fields = &posted.fields;
    let done = posted.write(|state| {
        actions::talk::comment(state, title, fields.text("topic"), fields.text("text"))
    });
    match done {
        Ok(()) => {
            let route = Route::Talk {
                article: title.to_owned(),
            };
            frame::go_saying(&posted.visit, &route, "Your comment is on the page.")
        }
        Err(refusal) => {
            let form = Form::typed(fields, Some(&refusal));
            render(&posted.visit, title, form, frame::status_of(Some(&refusal)))
        }
    }
}
