//! Derived state is recomputed from primary state and compared. A sound wiki never breaks one;
//! a broken one is a fault of the site, never the agent's.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::sites::wiki::state::{Content, Page, WikiState, fold_title};

/// Every broken invariant, in words; empty when all hold.
pub fn broken(base: &WikiState, state: &WikiState) -> Vec<String> {
    let mut broken = Vec::new();
    titles(state, &mut broken);
    for page in state.pages.values() {
        let untouched = base
            .pages
            .get(&page.id)
            .is_some_and(|before| Arc::ptr_eq(&before.content, &page.content));
        if !untouched {
            content(state, page, &mut broken);
        }
    }
    journal(base, state, &mut broken);
    for comment in state.comments.values() {
        if !state.pages.contains_key(&comment.page) {
            broken.push(format!("comment {} is about no page", comment.no));
        }
    }
    broken
}

/// Every title leads to its page, and no two pages share one.
fn titles(state: &WikiState, broken: &mut Vec<String>) {
    let titles: BTreeMap<String, u32> = state
        .pages
        .values()
        .map(|page| (fold_title(&page.title), page.id))
        .collect();
    if titles != *state.titles || titles.len() != state.pages.len() {
        broken.push("the list of titles differs from the titles of the pages".to_owned());
    }
}

/// What is kept beside a text is what the text says, and the text is its latest revision's.
fn content(state: &WikiState, page: &Page, broken: &mut Vec<String>) {
    if *page.content != Content::of(&page.content.source) {
        broken.push(format!("page {} is not what its text says", page.id));
    }
    let latest = state.revisions.get(&page.latest);
    if latest.is_none_or(|latest| latest.source != page.content.source || latest.page != page.id) {
        broken.push(format!("page {} is not its latest revision", page.id));
    }
}

/// Nothing that was saved goes away or changes.
fn journal(base: &WikiState, state: &WikiState, broken: &mut Vec<String>) {
    if Arc::ptr_eq(&base.revisions, &state.revisions) {
        return;
    }
    let kept = base
        .revisions
        .iter()
        .all(|(no, revision)| state.revisions.get(no) == Some(revision));
    if !kept {
        broken.push("a revision is gone or has changed".to_owned());
    }
}
