//! Everything a writer can do that changes the wiki, with its rules. A refusal says why in the
//! writer's words and leaves the state as it was.

pub mod pages;
pub mod tables;
pub mod talk;
pub mod texts;

use std::sync::Arc;

use crate::sites::clock::NOW;
pub use crate::sites::refusal::{FieldError, Refusal, RefusalKind};
use crate::sites::wiki::markup::{self, Fault};
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Content, Page, PageId, Revision, WikiState};

/// Longest text of a page, in bytes.
pub const LONGEST_TEXT: usize = 120_000;
/// Longest summary, in characters.
pub const LONGEST_SUMMARY: usize = 200;

/// What a page says when who is signed in may not write it.
pub const PROTECTED: &str = "This page is protected. Only stewards can change it. Questions about it belong on its talk page.";

/// The page of a title, when it may be written.
fn writable<'a>(state: &'a WikiState, title: &str) -> Result<&'a Page, Refusal> {
    let Some(page) = queries::page(state, title) else {
        return Err(Refusal::not_found("There is no page of this title."));
    };
    if queries::may_write(state, page) {
        Ok(page)
    } else {
        Err(Refusal::forbidden(PROTECTED))
    }
}

/// Someone saved the page after the form was opened.
fn unchanged(page: &Page, based_on: u32) -> Result<(), Refusal> {
    if page.latest == based_on {
        Ok(())
    } else {
        Err(Refusal::not_allowed(
            "This page has been changed since you opened the form. Open it again.",
        ))
    }
}

/// Whether a text can be saved.
fn readable(source: &str) -> Result<(), Refusal> {
    if source.trim().is_empty() {
        return Err(Refusal::field("text", "A page needs a text."));
    }
    if source.len() > LONGEST_TEXT {
        return Err(Refusal::field(
            "text",
            "This text is too long for one page.",
        ));
    }
    let (_, faults) = markup::parse(source);
    match faults.as_slice() {
        [] => Ok(()),
        [Fault { line, message }, ..] => {
            Err(Refusal::field("text", format!("Line {line}: {message}.")))
        }
    }
}

fn summary(text: &str) -> Result<String, Refusal> {
    if text.chars().count() > LONGEST_SUMMARY {
        let message = format!("A summary has at most {LONGEST_SUMMARY} characters.");
        return Err(Refusal::field("summary", message));
    }
    Ok(text.to_owned())
}

/// Saves a text of a page as its latest revision; the same text again saves nothing.
fn save(state: &mut WikiState, id: PageId, source: &str, summary: String) {
    let source = source.trim_end();
    let same = state
        .pages
        .get(&id)
        .is_some_and(|page| page.content.source.trim_end() == source);
    if !same {
        record(state, id, source, summary);
    }
}

/// Adds a revision to the journal and makes it the page's text.
fn record(state: &mut WikiState, id: PageId, source: &str, summary: String) {
    let no = state.incidental.next_revision;
    state.incidental.next_revision += 1;
    let source: Arc<str> = source.into();
    let revision = Revision {
        no,
        page: id,
        author: Arc::clone(&state.book.reader),
        at: NOW,
        summary,
        source: Arc::clone(&source),
    };
    Arc::make_mut(&mut state.revisions).insert(no, revision);
    if let Some(page) = Arc::make_mut(&mut state.pages).get_mut(&id) {
        page.content = Arc::new(Content::of(&source));
        page.latest = no;
    }
}

#[cfg(test)]
mod tests;
