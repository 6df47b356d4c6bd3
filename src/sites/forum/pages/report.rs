//! The form that reports a post or comment to the moderators.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Posted, Visit, missing};
use crate::sites::forum::actions::{Refusal, moderation};
use crate::sites::forum::pages::form::{Choice, Form};
use crate::sites::forum::pages::frame::{self, Frame, post_href};
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{ForumState, MemberId, NOTE_LENGTH, Post, Standing, Target};
use crate::sites::forum::view::Route;

#[derive(Template)]
#[template(path = "sites/forum/report.html")]
struct ReportPage {
    frame: Frame,
    what: String,
    text: String,
    form: Form,
    rules: Vec<Choice>,
    action: String,
    back: String,
    refusal: String,
    length: usize,
}

/// What is reported: its post, its author and its text.
fn found(state: &ForumState, target: Target) -> Option<(&Post, &MemberId, &str)> {
    let readable = |post: &&std::sync::Arc<Post>| {
        post.standing == Standing::Up && feed::may_read(state, &post.community)
    };
    match target {
        Target::Post(no) => {
            let post = state.posts.get(&no).filter(readable)?;
            Some((post, &post.author, &post.text))
        }
        Target::Comment(no) => {
            let comment = state.comments.get(&no)?;
            let post = state.posts.get(&comment.post).filter(readable)?;
            (comment.standing == Standing::Up)
                .then(|| (post.as_ref(), &comment.author, comment.text.as_str()))
        }
    }
}

/// Shows the form.
pub fn show(visit: &Visit, target: &str) -> HttpResponse {
    render(visit, target, Form::default(), StatusCode::OK)
}

fn render(visit: &Visit, address: &str, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let target = address.parse().ok();
    let Some((post, author, text)) = target.and_then(|target| found(&state, target)) else {
        return missing::show(visit);
    };
    let rules = feed::community(&state, post.community.as_str())
        .map(|community| community.rules.as_slice())
        .unwrap_or_default();
    let none = Choice::new("", "Choose a rule").chosen(form.value("rule").is_empty());
    let each = rules.iter().enumerate().map(|(at, rule)| {
        let number = (at + 1).to_string();
        let chosen = form.value("rule") == number;
        Choice::new(&number, format!("{number}. {}", rule.title)).chosen(chosen)
    });
    let is_post = matches!(target, Some(Target::Post(_)));
    let template = ReportPage {
        frame: Frame::new(visit, &state, "Report"),
        what: if is_post {
            format!("{author}'s post \"{}\"", post.title)
        } else {
            format!("{author}'s comment under \"{}\"", post.title)
        },
        text: text.to_owned(),
        rules: std::iter::once(none).chain(each).collect(),
        refusal: if *author == state.board.me {
            "You cannot report what you wrote.".to_owned()
        } else {
            String::new()
        },
        form,
        action: Route::Report {
            target: address.to_owned(),
        }
        .href(),
        back: post_href(post.no),
        length: NOTE_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes a report.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["rule", "note"]) {
        return answer;
    }
    let address = path.into_inner();
    let fields = &posted.fields;
    let done = address
        .parse()
        .map_err(|_| Refusal::not_found("There is no such post or comment."))
        .and_then(|target| {
            posted.write(|state| {
                moderation::report(state, target, fields.text("rule"), fields.text("note"))
            })
        });
    match done {
        Ok(_) => {
            let state = posted.visit.state();
            let target = address.parse().ok();
            let post = target.and_then(|target| found(&state, target));
            let href = post.map_or_else(String::new, |(post, ..)| post_href(post.no));
            frame::go_saying(
                &posted.visit,
                &href,
                "Thank you. The moderators will look at it.",
            )
        }
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            render(
                &posted.visit,
                &address,
                form,
                frame::status_of(refusal.status()),
            )
        }
    }
}
