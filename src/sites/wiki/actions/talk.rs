//! Talk pages.

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::wiki::actions::Refusal;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Comment, WikiState};

/// Longest topic and longest comment, in characters.
const LONGEST_TOPIC: usize = 100;
const LONGEST_COMMENT: usize = 4_000;

/// Says something about a page, protected or not. A topic that is not there yet begins with it.
/// Fields: `topic`, `text`.
pub fn comment(state: &mut WikiState, title: &str, topic: &str, text: &str) -> Result<(), Refusal> {
    let Some(page) = queries::page(state, title).map(|page| page.id) else {
        return Err(Refusal::not_found("There is no page of this title."));
    };
    if topic.is_empty() {
        return Err(Refusal::field("topic", "What is it about?"));
    }
    if topic.chars().count() > LONGEST_TOPIC {
        let message = format!("A topic has at most {LONGEST_TOPIC} characters.");
        return Err(Refusal::field("topic", message));
    }
    if text.is_empty() {
        return Err(Refusal::field("text", "Write what you want to say."));
    }
    if text.chars().count() > LONGEST_COMMENT {
        let message = format!("A comment has at most {LONGEST_COMMENT} characters.");
        return Err(Refusal::field("text", message));
    }
    let no = state.incidental.next_comment;
    state.incidental.next_comment += 1;
    let comment = Comment {
        no,
        page,
        topic: topic.to_owned(),
        author: Arc::clone(&state.book.reader),
        at: NOW,
        text: text.to_owned(),
    };
    Arc::make_mut(&mut state.comments).insert(no, comment);
    Ok(())
}
