//! Links between issues.

use std::sync::Arc;

use crate::sites::desk::actions::{Refusal, issue_with};
use crate::sites::desk::queries::access::visible;
use crate::sites::desk::state::{DeskState, IssueId, Link, LinkKind, Resolution, Right};

/// Kinds of links as the form offers them: word, kind, and whether the issue is the first end.
pub const OFFERED: [(&str, &str, LinkKind, bool); 4] = [
    ("blocks", "Blocks", LinkKind::Blocks, true),
    ("blocked_by", "Is blocked by", LinkKind::Blocks, false),
    ("relates", "Relates to", LinkKind::Relates, true),
    ("duplicates", "Duplicates", LinkKind::Duplicates, true),
];

/// Links an issue with another. Fields: `kind` (a word of [`OFFERED`]), `other` (a key).
pub fn add(state: &mut DeskState, id: IssueId, kind: &str, other: &str) -> Result<(), Refusal> {
    issue_with(state, id, Right::Edit)?;
    let Some((_, _, kind, first)) = OFFERED.iter().find(|(word, ..)| *word == kind) else {
        return Err(Refusal::field("kind", "Choose how they hang together."));
    };
    let Ok(other) = other.to_uppercase().parse::<IssueId>() else {
        return Err(Refusal::field(
            "other",
            "Enter the key of the other issue, e.g. HLP-482.",
        ));
    };
    if other == id {
        return Err(Refusal::field("other", "An issue cannot link to itself."));
    }
    if visible(state, other).is_none() {
        return Err(Refusal::field(
            "other",
            format!("There is no issue {other}."),
        ));
    }
    let link = if *first {
        Link::new(id, *kind, other)
    } else {
        Link::new(other, *kind, id)
    };
    if !Arc::make_mut(&mut state.links).insert(link) {
        return Err(Refusal::field("other", "They are linked so already."));
    }
    Ok(())
}

/// Takes a link of an issue away. Field: `link`, its key.
pub fn remove(state: &mut DeskState, id: IssueId, key: &str) -> Result<(), Refusal> {
    issue_with(state, id, Right::Edit)?;
    let found = state
        .links
        .iter()
        .copied()
        .find(|link| (link.from == id || link.to == id) && link.key() == key);
    let Some(link) = found else {
        return Err(Refusal::not_found("There is no such link."));
    };
    let holds = link.kind == LinkKind::Duplicates
        && state
            .issues
            .get(&link.from)
            .is_some_and(|issue| issue.resolution == Some(Resolution::Duplicate));
    if holds {
        return Err(Refusal::not_allowed(format!(
            "{} is closed as a duplicate. Reopen it to take the link away.",
            link.from
        )));
    }
    Arc::make_mut(&mut state.links).remove(&link);
    Ok(())
}
