//! Pages as a whole: make, rename, watch.

use std::sync::Arc;

use crate::sites::wiki::actions::{Refusal, readable, record, summary, writable};
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Content, Page, PageId, WikiState, fold_title};

/// Longest title, in characters.
pub const LONGEST_TITLE: usize = 120;
/// Signs that mean something in markup and addresses.
const FORBIDDEN: [char; 9] = ['[', ']', '{', '}', '|', '#', '<', '>', '_'];

/// Makes a page. Fields: `title`, `text`, `summary`.
pub fn create(
    state: &mut WikiState,
    title: &str,
    text: &str,
    words: &str,
) -> Result<String, Refusal> {
    let title = free_title(state, title, "title")?;
    readable(text)?;
    let words = summary(words)?;
    let id = add(state, &title);
    record(state, id, text.trim_end(), words);
    Ok(title)
}

/// Gives a page another title. With `redirect` the old title leads to the new one; without it
/// the old title is free. Links in other pages stay as they are. Fields: `title`, `summary`.
pub fn rename(
    state: &mut WikiState,
    title: &str,
    new: &str,
    redirect: bool,
    words: &str,
) -> Result<String, Refusal> {
    let page = writable(state, title)?;
    let (id, old) = (page.id, Arc::clone(&page.title));
    let source = Arc::clone(&page.content.source);
    let words = summary(words)?;
    let new = if fold_title(new) == fold_title(&old) && new.trim() != &*old {
        checked_title(new, "title")?
    } else {
        free_title(state, new, "title")?
    };
    let titles = Arc::make_mut(&mut state.titles);
    titles.remove(&fold_title(&old));
    titles.insert(fold_title(&new), id);
    if let Some(page) = Arc::make_mut(&mut state.pages).get_mut(&id) {
        page.title = new.as_str().into();
    }
    let moved = if words.is_empty() {
        format!("Renamed from {old} to {new}")
    } else {
        format!("Renamed from {old} to {new}: {words}")
    };
    record(state, id, &source, moved.clone());
    if redirect && fold_title(&old) != fold_title(&new) {
        let from = add(state, &old);
        record(state, from, &format!("{{{{redirect {new}}}}}"), moved);
    }
    Ok(new)
}

/// Puts a page on the reader's watchlist, or takes it off.
pub fn watch(state: &mut WikiState, title: &str, on: bool) -> Result<(), Refusal> {
    let Some(page) = queries::page(state, title) else {
        return Err(Refusal::not_found("There is no page of this title."));
    };
    let id = page.id;
    let watched = Arc::make_mut(&mut state.watched);
    if on {
        watched.insert(id);
    } else {
        watched.remove(&id);
    }
    Ok(())
}

/// Adds an empty page; its text must follow.
fn add(state: &mut WikiState, title: &str) -> PageId {
    let id = state.incidental.next_page;
    state.incidental.next_page += 1;
    let page = Page {
        id,
        title: title.into(),
        protected: false,
        content: Arc::new(Content::of("")),
        latest: 0,
    };
    Arc::make_mut(&mut state.pages).insert(id, page);
    Arc::make_mut(&mut state.titles).insert(fold_title(title), id);
    id
}

fn free_title(state: &WikiState, title: &str, field: &'static str) -> Result<String, Refusal> {
    let title = checked_title(title, field)?;
    if let Some(taken) = queries::page(state, &title) {
        let message = format!("There is a page {} already.", taken.title);
        return Err(Refusal::field(field, message));
    }
    Ok(title)
}

fn checked_title(title: &str, field: &'static str) -> Result<String, Refusal> {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = |message: String| Err(Refusal::field(field, message));
    if title.is_empty() {
        return wrong("A page needs a title.".to_owned());
    }
    if title.chars().count() > LONGEST_TITLE {
        return wrong(format!("A title has at most {LONGEST_TITLE} characters."));
    }
    if title.starts_with('/') {
        return wrong("A title does not begin with /.".to_owned());
    }
    match title.chars().find(|c| FORBIDDEN.contains(c)) {
        Some(c) => wrong(format!("A title has no {c} in it.")),
        None => Ok(title),
    }
}
