//! Private messages: inbox, thread, new message.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Posted, Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::forum::actions::messages as actions;
use crate::sites::forum::pages::form::Form;
use crate::sites::forum::pages::frame::{self, Frame, member_href};
use crate::sites::forum::pages::parts::{Link, Pages, excerpt, extent};
use crate::sites::forum::queries::messages::{self, THREADS_PER_PAGE};
use crate::sites::forum::state::{COMMENT_LENGTH, TITLE_LENGTH};
use crate::sites::forum::view::Route;

#[derive(Template)]
#[template(path = "sites/forum/messages.html")]
struct Inbox {
    frame: Frame,
    new_href: String,
    count_text: String,
    rows: Vec<ThreadRow>,
    pages: Pages,
}

struct ThreadRow {
    href: String,
    subject: String,
    with: Link,
    last: String,
    from_me: bool,
    at: String,
    unread: bool,
    count: usize,
}

/// Shows a page of the inbox.
pub fn inbox(visit: &Visit, page: u32) -> HttpResponse {
    let state = visit.state();
    let found = messages::inbox(&state, page);
    let rows = found
        .rows
        .iter()
        .map(|thread| {
            visit.show("forum.messages", thread.last().no);
            ThreadRow {
                href: Route::Thread {
                    thread: thread.first.no,
                }
                .href(),
                subject: thread.first.subject.clone(),
                with: Link::to(member_href(thread.with.as_str()), thread.with.as_str()),
                last: excerpt(&thread.last().text),
                from_me: thread.last().from == state.board.me,
                at: moment_text(thread.last().sent_at),
                unread: messages::is_unread(&state, thread),
                count: thread.messages.len(),
            }
        })
        .collect();
    let template = Inbox {
        frame: Frame::new(visit, &state, "Messages"),
        new_href: Route::MessageNew { to: None }.href(),
        count_text: extent(&found, THREADS_PER_PAGE, "conversation"),
        rows,
        pages: Pages::of(&found, |page| Route::Messages { page }.href()),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/forum/thread.html")]
struct ThreadPage {
    frame: Frame,
    subject: String,
    with: Link,
    messages: Vec<Letter>,
    form: Form,
    action: String,
    back: String,
    length: usize,
}

struct Letter {
    no: u32,
    from: String,
    mine: bool,
    at: String,
    text: String,
}

/// Shows a thread.
pub fn show(visit: &Visit, thread: u32) -> HttpResponse {
    render(visit, thread, Form::default(), StatusCode::OK)
}

fn render(visit: &Visit, no: u32, form: Form, status: StatusCode) -> HttpResponse {
    visit.remember(|incidental| incidental.read.insert(no));
    let state = visit.state();
    let Some(thread) = messages::thread(&state, no) else {
        return missing::show(visit);
    };
    let letters = thread
        .messages
        .iter()
        .map(|message| {
            visit.show("forum.messages", message.no);
            Letter {
                no: message.no,
                from: message.from.to_string(),
                mine: message.from == state.board.me,
                at: moment_text(message.sent_at),
                text: message.text.clone(),
            }
        })
        .collect();
    let template = ThreadPage {
        frame: Frame::new(visit, &state, &thread.first.subject),
        subject: thread.first.subject.clone(),
        with: Link::to(member_href(thread.with.as_str()), thread.with.as_str()),
        messages: letters,
        form,
        action: Route::Thread { thread: no }.href(),
        back: Route::Messages { page: 1 }.href(),
        length: COMMENT_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes an answer.
pub async fn answer(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["text"]) {
        return answer;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    match posted.write(|state| actions::answer(state, no, fields.text("text"))) {
        Ok(()) => {
            let href = Route::Thread { thread: no }.href();
            frame::go_saying(&posted.visit, &href, "Your message was sent.")
        }
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            render(&posted.visit, no, form, frame::status_of(refusal.status()))
        }
    }
}

#[derive(Template)]
#[template(path = "sites/forum/message_new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    title_length: usize,
    length: usize,
}

/// Shows the form for a message.
pub fn new(visit: &Visit, to: Option<&str>) -> HttpResponse {
    let form = Form::starting(&[("to", to.unwrap_or(""))]);
    render_new(visit, form, StatusCode::OK)
}

fn render_new(visit: &Visit, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let template = NewPage {
        frame: Frame::new(visit, &state, "New message"),
        form,
        action: Route::MessageNew { to: None }.href(),
        back: Route::Messages { page: 1 }.href(),
        title_length: TITLE_LENGTH,
        length: COMMENT_LENGTH,
    };
    frame::page(status, &template)
}

/// Takes a message that begins a thread.
pub async fn begin(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["to", "subject", "text"]) {
        return answer;
    }
    let fields = &posted.fields;
    let done = posted.write(|state| {
        actions::begin(
            state,
            fields.text("to"),
            fields.text("subject"),
            fields.text("text"),
        )
    });
    match done {
        Ok(thread) => {
            let href = Route::Thread { thread }.href();
            frame::go_saying(&posted.visit, &href, "Your message was sent.")
        }
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            render_new(&posted.visit, form, frame::status_of(refusal.status()))
        }
    }
}
