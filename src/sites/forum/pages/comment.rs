//! Forms of comments: write, answer, change, delete.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Posted, Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::forum::actions::{Refusal, writing};
use crate::sites::forum::pages::editor::Confirm;
use crate::sites::forum::pages::form::Form;
use crate::sites::forum::pages::frame::{self, Frame, post_href};
use crate::sites::forum::pages::post;
use crate::sites::forum::queries::feed;
use crate::sites::forum::state::{COMMENT_LENGTH, Comment, ForumState, Post, Standing};
use crate::sites::forum::view::{CommentForm, PostPage, Route};

#[derive(Template)]
#[template(path = "sites/forum/comment_form.html")]
struct CommentTemplate {
    frame: Frame,
    heading: String,
    title: String,
    quote: Option<Quote>,
    label: &'static str,
    button: &'static str,
    form: Form,
    action: String,
    cancel_href: String,
    length: usize,
}

/// The comment that is answered.
struct Quote {
    author: String,
    at: String,
    text: String,
}

/// A comment and its post, when both can be read.
fn readable(state: &ForumState, no: u32) -> Option<(&Comment, &Post)> {
    let comment = state.comments.get(&no)?;
    let post = state.posts.get(&comment.post)?;
    let can = comment.standing == Standing::Up
        && post.standing == Standing::Up
        && feed::may_read(state, &post.community);
    can.then(|| (comment.as_ref(), post.as_ref()))
}

/// The place of a comment on its post's page.
fn place_of(post: u32, comment: u32) -> String {
    let page = PostPage {
        thread: Some(comment),
        ..PostPage::of(post)
    };
    Route::Post(page).href()
}

/// Shows a form about a comment.
pub fn show(visit: &Visit, no: u32, form: CommentForm) -> HttpResponse {
    let state = visit.state();
    let Some((comment, post)) = readable(&state, no) else {
        return missing::show(visit);
    };
    if form != CommentForm::Reply
        && let Err(refusal) = writing::own_comment(&state, no)
    {
        return missing::refused(visit, &refusal);
    }
    match form {
        CommentForm::Reply => render(visit, no, form, Form::default(), StatusCode::OK),
        CommentForm::Edit => {
            let typed = Form::starting(&[("text", &comment.text)]);
            render(visit, no, form, typed, StatusCode::OK)
        }
        CommentForm::Delete => {
            visit.show("forum.comments", no);
            let template = Confirm {
                frame: Frame::new(visit, &state, "Delete comment"),
                heading: "Delete this comment?".to_owned(),
                what: format!("Your comment under \"{}\"", post.title),
                text: comment.text.clone(),
                facts: format!("Written {}.", moment_text(comment.written_at)),
                action: Route::CommentForm { comment: no, form }.href(),
                button: "Delete comment",
                cancel_href: place_of(post.no, no),
            };
            frame::ok(&template)
        }
    }
}

fn render(
    visit: &Visit,
    no: u32,
    kind: CommentForm,
    form: Form,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    let Some((comment, post)) = readable(&state, no) else {
        return missing::show(visit);
    };
    visit.show("forum.posts", post.no);
    visit.show("forum.comments", no);
    let is_reply = kind == CommentForm::Reply;
    let heading = if is_reply {
        format!("Reply to {}", comment.author)
    } else {
        "Edit comment".to_owned()
    };
    let template = CommentTemplate {
        frame: Frame::new(visit, &state, &heading),
        heading,
        title: post.title.clone(),
        quote: is_reply.then(|| Quote {
            author: comment.author.to_string(),
            at: moment_text(comment.written_at),
            text: comment.text.clone(),
        }),
        label: if is_reply {
            "Your reply"
        } else {
            "Your comment"
        },
        button: if is_reply {
            "Post reply"
        } else {
            "Save changes"
        },
        form,
        action: Route::CommentForm {
            comment: no,
            form: kind,
        }
        .href(),
        cancel_href: place_of(post.no, no),
        length: COMMENT_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes a comment to the post itself.
pub async fn add(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["text"]) {
        return answer;
    }
    let no = path.into_inner();
    match posted.write(|state| writing::comment(state, no, None, posted.fields.text("text"))) {
        Ok(comment) => {
            let href = format!("{}#comment-{comment}", post_href(no));
            frame::go_saying(&posted.visit, &href, "Your comment is online.")
        }
        Err(refusal) if refusal.fields.is_empty() => missing::refused(&posted.visit, &refusal),
        Err(refusal) => {
            let form = Form::typed(&posted.fields).refused(&refusal);
            let status = frame::status_of(refusal.status());
            post::render(&posted.visit, &PostPage::of(no), form, status)
        }
    }
}

/// Takes an answer to a comment.
pub async fn reply(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    let no = path.into_inner();
    let done = "Your reply is online.";
    finish(&posted, no, CommentForm::Reply, done, |state, text| {
        let post = readable(state, no).map(|(_, post)| post.no);
        let post = post.ok_or_else(|| Refusal::not_found("There is no such comment."))?;
        writing::comment(state, post, Some(no), text)
    })
}

/// Takes a changed comment.
pub async fn save(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    let no = path.into_inner();
    let done = "Your changes are saved.";
    finish(&posted, no, CommentForm::Edit, done, |state, text| {
        writing::edit_comment(state, no, text).map(|()| no)
    })
}

fn finish(
    posted: &Posted,
    no: u32,
    kind: CommentForm,
    done: &str,
    act: impl FnOnce(&mut ForumState, &str) -> Result<u32, Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["text"]) {
        return answer;
    }
    let fields = &posted.fields;
    match posted.write(|state| act(state, fields.text("text"))) {
        Ok(_) => {
            let state = posted.visit.state();
            let post = state.comments.get(&no).map_or(0, |comment| comment.post);
            frame::go_saying(&posted.visit, &place_of(post, no), done)
        }
        Err(refusal) if refusal.fields.is_empty() => missing::refused(&posted.visit, &refusal),
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            let status = frame::status_of(refusal.status());
            render(&posted.visit, no, kind, form, status)
        }
    }
}

/// Deletes a comment.
pub async fn delete(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let no = path.into_inner();
    let state = posted.visit.state();
    let post = state.comments.get(&no).map_or(0, |comment| comment.post);
    match posted.write(|state| writing::delete_comment(state, no)) {
        Ok(()) => frame::go_saying(&posted.visit, &post_href(post), "Your comment was deleted."),
        Err(refusal) => missing::refused(&posted.visit, &refusal),
    }
}
