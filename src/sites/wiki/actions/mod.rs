//! Everything a writer can do that changes the wiki, with its rules. A refusal says why in the
//! writer's words and leaves the state as it was.

pub mod pages;
pub mod tables;
pub mod talk;
pub mod texts;

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::wiki::markup::{self, Fault};
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Content, Page, PageId, Revision, WikiState};

/// Why something was not done. The state is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// How the page answers.
    pub kind: RefusalKind,
    /// One sentence for the top of the page.
    pub message: String,
    /// Fields that are wrong, in the order of the form.
    pub fields: Vec<FieldError>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: String,
    /// What would be right.
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such record: 404.
    NotFound,
    /// This member may not: 403.
    Forbidden,
    /// A rule or the record's condition forbids it: 409.
    NotAllowed,
    /// What was entered is wrong: 422.
    Invalid,
}

impl Refusal {
    fn new(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// There is no such record.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotFound, message)
    }

    /// A rule forbids it.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(RefusalKind::NotAllowed, message)
    }

    /// One field is wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            fields: vec![FieldError {
                field: field.into(),
                message: message.clone(),
            }],
            ..Self::new(RefusalKind::Invalid, message)
        }
    }

    /// Status of the answer.
    pub const fn status(&self) -> u16 {
        match self.kind {
            RefusalKind::NotFound => 404,
            RefusalKind::Forbidden => 403,
            RefusalKind::NotAllowed => 409,
            RefusalKind::Invalid => 422,
        }
    }
}

/// Longest text of a page, in bytes.
pub const LONGEST_TEXT: usize = 120_000;
/// Longest summary, in characters.
pub const LONGEST_SUMMARY: usize = 200;

/// What a page says when who is signed in may not write it.
pub const PROTECTED: &str =
    "This page is protected. Only stewards can change it; leave a note on its talk page instead.";

/// The page of a title, when it may be written.
fn writable<'a>(state: &'a WikiState, title: &str) -> Result<&'a Page, Refusal> {
    let Some(page) = queries::page(state, title) else {
        return Err(Refusal::not_found("There is no page of this title."));
    };
    if queries::may_write(state, page) {
        Ok(page)
    } else {
        Err(Refusal::new(RefusalKind::Forbidden, PROTECTED))
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
