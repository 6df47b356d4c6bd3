//! How issues hang together.

use crate::sites::desk::queries::access::visible;
use crate::sites::desk::state::{DeskState, Issue, IssueId, Link, LinkKind};

/// A link as seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub struct Linked<'a> {
    /// The link.
    pub link: Link,
    /// How, from this end: `blocks`, `is blocked by`, ...
    pub word: &'static str,
    /// The other end.
    pub other: &'a Issue,
}

/// The word for a kind of link from its first end, or from its second.
pub const fn word(kind: LinkKind, from_first: bool) -> &'static str {
    match (kind, from_first) {
        (LinkKind::Blocks, true) => "blocks",
        (LinkKind::Blocks, false) => "is blocked by",
        (LinkKind::Duplicates, true) => "duplicates",
        (LinkKind::Duplicates, false) => "is duplicated by",
        (LinkKind::Relates, _) => "relates to",
    }
}

/// Links of an issue to those that who is signed in may see.
pub fn of_issue(state: &DeskState, id: IssueId) -> Vec<Linked<'_>> {
    let mut links: Vec<Linked<'_>> = state
        .links
        .iter()
        .filter_map(|link| {
            let from_first = link.from == id;
            if !from_first && link.to != id {
                return None;
            }
            let other = if from_first { link.to } else { link.from };
            Some(Linked {
                link: *link,
                word: word(link.kind, from_first),
                other: visible(state, other)?,
            })
        })
        .collect();
    links.sort_by_key(|linked| (linked.word, linked.other.id));
    links
}

/// Issues that must be done before this one.
pub fn blockers(state: &DeskState, id: IssueId) -> Vec<&Issue> {
    state
        .links
        .iter()
        .filter(|link| link.kind == LinkKind::Blocks && link.to == id)
        .filter_map(|link| state.issues.get(&link.from).map(AsRef::as_ref))
        .collect()
}

/// Whether an open issue must be done before this one.
pub fn is_blocked(state: &DeskState, id: IssueId) -> bool {
    blockers(state, id).iter().any(|issue| issue.is_open())
}
