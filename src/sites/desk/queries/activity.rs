//! What happened in a project, event by event.

use jiff::civil::Date;

use crate::sites::desk::queries::access::sees;
use crate::sites::desk::state::{DeskState, Event, Happening, Issue, ProjectKey};
use crate::sites::desk::view::ActivityKind;

/// Events of a project, latest first, narrowed to a kind and a month (by its first day).
pub fn events(
    state: &DeskState,
    key: ProjectKey,
    kind: Option<ActivityKind>,
    month: Option<Date>,
) -> Vec<(&Issue, &Event)> {
    let mut found: Vec<(&Issue, &Event)> = state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(|issue| issue.id.project == key && sees(state, issue))
        .flat_map(|issue| issue.events.iter().map(move |event| (issue, event)))
        .filter(|(_, event)| kind.is_none_or(|kind| is_of(&event.what, kind)))
        .filter(|(_, event)| {
            month.is_none_or(|month| {
                (event.at.year(), event.at.month()) == (month.year(), month.month())
            })
        })
        .collect();
    found.sort_by_key(|(issue, event)| (std::cmp::Reverse(event.at), issue.id));
    found
}

fn is_of(what: &Happening, kind: ActivityKind) -> bool {
    match kind {
        ActivityKind::Reported => *what == Happening::Reported,
        ActivityKind::Closed => *what == Happening::Closed,
        ActivityKind::Reopened => *what == Happening::Reopened,
    }
}

/// An event in words.
pub fn words(what: &Happening) -> String {
    match what {
        Happening::Reported => "reported".to_owned(),
        Happening::Closed => "closed".to_owned(),
        Happening::Reopened => "reopened".to_owned(),
        Happening::MovedFrom(old) => format!("moved here from {old}"),
        Happening::Changed(text) => text.clone(),
    }
}
