//! Who changed what when.

use crate::sites::wiki::state::{Page, PageId, Revision, WikiState};

/// Revisions of a page, the latest first.
pub fn of(state: &WikiState, page: PageId) -> Vec<&Revision> {
    state
        .revisions
        .values()
        .rev()
        .filter(|revision| revision.page == page)
        .collect()
}

/// The revision of a page with this number.
pub fn revision<'a>(state: &'a WikiState, page: &Page, no: u32) -> Option<&'a Revision> {
    state
        .revisions
        .get(&no)
        .filter(|revision| revision.page == page.id)
}

/// The revision of the same page before this one.
pub fn before<'a>(state: &'a WikiState, revision: &Revision) -> Option<&'a Revision> {
    state
        .revisions
        .range(..revision.no)
        .rev()
        .map(|(_, earlier)| earlier)
        .find(|earlier| earlier.page == revision.page)
}

/// The revision of the same page after this one.
pub fn after<'a>(state: &'a WikiState, revision: &Revision) -> Option<&'a Revision> {
    state
        .revisions
        .range(revision.no + 1..)
        .map(|(_, later)| later)
        .find(|later| later.page == revision.page)
}

/// All revisions, the latest first.
pub fn recent(state: &WikiState) -> Vec<&Revision> {
    state.revisions.values().rev().collect()
}

/// Revisions of a member, the latest first.
pub fn by_member<'a>(state: &'a WikiState, username: &str) -> Vec<&'a Revision> {
    state
        .revisions
        .values()
        .rev()
        .filter(|revision| &*revision.author == username)
        .collect()
}

/// By how many characters a revision made its page longer; shorter is negative.
pub fn growth(state: &WikiState, revision: &Revision) -> i64 {
    let length = |revision: &Revision| i64::try_from(revision.source.chars().count()).unwrap_or(0);
    length(revision) - before(state, revision).map_or(0, length)
}
