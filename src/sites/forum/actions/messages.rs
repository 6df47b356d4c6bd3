//! Private messages.

use std::sync::Arc;

use super::{FieldError, Refusal, checked};
use crate::sites::clock::NOW;
use crate::sites::forum::queries::{messages, people};
use crate::sites::forum::state::{
    COMMENT_LENGTH, ForumState, MemberId, Message, MessageNo, TITLE_LENGTH,
};

/// Answers in a thread.
pub fn answer(state: &mut ForumState, thread: MessageNo, text: &str) -> Result<(), Refusal> {
    let Some(open) = messages::thread(state, thread) else {
        return Err(Refusal::not_found("There is no such thread."));
    };
    let (to, subject) = (open.with.clone(), open.first.subject.clone());
    let mut wrong = Vec::new();
    let text = checked("text", "a message", text, COMMENT_LENGTH, &mut wrong);
    if !wrong.is_empty() {
        return Err(Refusal::invalid(wrong));
    }
    may_write_to(state, &to)?;
    send(state, Some(thread), to, subject, text);
    Ok(())
}

/// Begins a thread. Fields `to`, `subject`, `text`.
pub fn begin(
    state: &mut ForumState,
    to: &str,
    subject: &str,
    text: &str,
) -> Result<MessageNo, Refusal> {
    let mut wrong = Vec::new();
    let known = people::member(state, to.trim()).map(|member| member.id.clone());
    if known.is_none() || known.as_ref() == Some(&state.board.me) {
        wrong.push(FieldError {
            field: "to".into(),
            message: format!("There is no other member called \"{}\".", to.trim()),
        });
    }
    let subject = checked("subject", "a subject", subject, TITLE_LENGTH, &mut wrong);
    let text = checked("text", "a message", text, COMMENT_LENGTH, &mut wrong);
    let (Some(to), true) = (known, wrong.is_empty()) else {
        return Err(Refusal::invalid(wrong));
    };
    may_write_to(state, &to)?;
    Ok(send(state, None, to, subject.to_owned(), text))
}

fn may_write_to(state: &ForumState, to: &MemberId) -> Result<(), Refusal> {
    if people::is_blocked(state, to) {
        return Err(Refusal::not_allowed(format!(
            "You blocked {to}. Unblock them to write to them."
        )));
    }
    let closed = people::member(state, to.as_str()).is_none_or(|member| member.deactivated);
    if closed {
        return Err(Refusal::not_allowed(format!(
            "The account of {to} was closed."
        )));
    }
    Ok(())
}

fn send(
    state: &mut ForumState,
    thread: Option<MessageNo>,
    to: MemberId,
    subject: String,
    text: &str,
) -> MessageNo {
    let no = state.incidental.next_message;
    state.incidental.next_message += 1;
    let message = Message {
        no,
        thread,
        from: state.board.me.clone(),
        to,
        subject,
        text: text.to_owned(),
        sent_at: NOW,
    };
    Arc::make_mut(&mut state.messages).insert(no, Arc::new(message));
    no
}
