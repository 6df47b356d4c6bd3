//! Texts: change, change one section, bring an old revision back.

use crate::sites::wiki::actions::{Refusal, readable, save, summary, unchanged, writable};
use crate::sites::wiki::markup::{self, section_spans};
use crate::sites::wiki::queries::history;
use crate::sites::wiki::state::WikiState;

/// What a form for a text sends.
#[derive(Debug, Clone, Copy)]
pub struct Edit<'a> {
    /// Title of the page.
    pub title: &'a str,
    /// The revision that the form was opened on.
    pub based_on: u32,
    /// Place of the section, from 1; absent for the whole text.
    pub section: Option<usize>,
    /// The text.
    pub text: &'a str,
    /// What the writer says about it.
    pub summary: &'a str,
}

/// Saves a text. Fields: `text`, `summary`.
pub fn save_text(state: &mut WikiState, edit: Edit<'_>) -> Result<(), Refusal> {
    let page = writable(state, edit.title)?;
    unchanged(page, edit.based_on)?;
    let summary = summary(edit.summary)?;
    let id = page.id;
    let source = whole(&page.content.source, edit)?;
    readable(&source)?;
    save(state, id, &source, summary);
    Ok(())
}

/// The whole text that a form would save, for the preview too.
pub fn whole(source: &str, edit: Edit<'_>) -> Result<String, Refusal> {
    let Some(place) = edit.section else {
        return Ok(edit.text.to_owned());
    };
    let spans = section_spans(source);
    let Some(span) = place.checked_sub(1).and_then(|at| spans.get(at)) else {
        return Err(Refusal::not_found("This page has no such section."));
    };
    Ok(markup::replace_span(source, span, edit.text))
}

/// Makes an old revision the page's text again: all that was saved since is undone. Field:
/// `summary`.
pub fn restore(
    state: &mut WikiState,
    title: &str,
    revision: u32,
    words: &str,
) -> Result<(), Refusal> {
    let page = writable(state, title)?;
    let id = page.id;
    let Some(old) = history::revision(state, page, revision) else {
        return Err(Refusal::not_found("This page has no such revision."));
    };
    if old.no == page.latest {
        return Err(Refusal::not_allowed(
            "This is the page as it stands; there is nothing to restore.",
        ));
    }
    let source = old.source.clone();
    let mut summary = summary(words)?;
    if summary.is_empty() {
        summary = format!("Restored revision {revision}");
    }
    save(state, id, &source, summary);
    Ok(())
}
