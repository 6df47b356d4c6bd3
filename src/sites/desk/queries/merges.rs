//! Lists of merge requests, and what one of them does when it is merged.

use std::cmp::Reverse;

use crate::sites::desk::queries::Paged;
use crate::sites::desk::queries::access::may;
use crate::sites::desk::state::{Checks, DeskState, IssueId, Merge, MergeState, Right};
use crate::sites::desk::view::{MergeQuery, MergeSort, MergeStateFilter};

/// Words that make a merge request close the issue behind them.
pub const CLOSING_WORDS: [&str; 3] = ["closes", "fixes", "resolves"];

/// Every merge request that fits a query, in its order.
pub fn matching<'a>(state: &'a DeskState, query: &MergeQuery) -> Vec<&'a Merge> {
    let is = |wanted: Option<&String>, value: Option<&str>| {
        wanted.is_none_or(|wanted| value == Some(wanted))
    };
    let mut found: Vec<&Merge> = state
        .merges
        .values()
        .map(AsRef::as_ref)
        .filter(|merge| {
            may(state, merge.id.project, Right::View)
                && query.project.is_none_or(|key| merge.id.project == key)
                && has_state(merge.state, query.state)
                && is(query.author.as_ref(), Some(&merge.author))
                && is(query.assignee.as_ref(), merge.assignee.as_deref())
                && query
                    .reviewer
                    .as_deref()
                    .is_none_or(|who| merge.reviewers.iter().any(|one| &**one == who))
        })
        .collect();
    match query.sort {
        MergeSort::Newest => found.sort_by_key(|merge| (Reverse(merge.created_at), merge.id)),
        MergeSort::Oldest => found.sort_by_key(|merge| (merge.created_at, merge.id)),
    }
    found
}

/// A page of them.
pub fn list<'a>(state: &'a DeskState, query: &MergeQuery) -> Paged<&'a Merge> {
    Paged::cut(matching(state, query), query.page)
}

fn has_state(state: MergeState, wanted: MergeStateFilter) -> bool {
    match wanted {
        MergeStateFilter::All => true,
        MergeStateFilter::Open => state == MergeState::Open,
        MergeStateFilter::Merged => state == MergeState::Merged,
        MergeStateFilter::Closed => state == MergeState::Closed,
    }
}

/// Issues that a merge request names, each once, in the order of its description.
pub fn named(merge: &Merge) -> Vec<IssueId> {
    let mut ids = Vec::new();
    for word in words(&merge.description) {
        if let Ok(id) = word.parse::<IssueId>()
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    ids
}

/// Issues that are closed when it is merged: those behind a closing word.
pub fn closes(merge: &Merge) -> Vec<IssueId> {
    let words: Vec<&str> = words(&merge.description).collect();
    words
        .windows(2)
        .filter(|pair| CLOSING_WORDS.contains(&pair[0].to_lowercase().as_str()))
        .filter_map(|pair| pair[1].parse().ok())
        .collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-'))
        .filter(|word| !word.is_empty())
}

/// Merge requests that name an issue.
pub fn naming(state: &DeskState, id: IssueId) -> Vec<&Merge> {
    state
        .merges
        .values()
        .map(AsRef::as_ref)
        .filter(|merge| named(merge).contains(&id))
        .collect()
}

/// Why it cannot be merged by who is signed in.
pub fn merge_refused(state: &DeskState, merge: &Merge) -> Option<String> {
    if merge.state != MergeState::Open {
        return Some(format!("It is {} already.", merge.state));
    }
    if let Some(refusal) = super::access::refusal(state, merge.id.project, Right::Merge) {
        return Some(refusal);
    }
    if merge.draft {
        return Some("It is a draft. Its author has to finish it first.".to_owned());
    }
    (merge.checks == Checks::Failed)
        .then(|| "Its checks failed. They have to pass first.".to_owned())
}

#[cfg(test)]
mod tests {
    use crate::sites::desk::world;

    use super::*;

    #[test]
    fn a_closing_word_closes_and_a_mention_does_not() {
        let base = world::base(1, &crate::sites::people::People::of(1));
        let mut merge = base.merges.values().next().unwrap().as_ref().clone();
        merge.description = "Prepares for WEB-7 and fixes WEB-9. See WEB-11; Closes WEB-12.".into();
        let text =
            |ids: Vec<IssueId>| -> Vec<String> { ids.iter().map(ToString::to_string).collect() };
        assert_eq!(text(closes(&merge)), ["WEB-9", "WEB-12"]);
        assert_eq!(text(named(&merge)), ["WEB-7", "WEB-9", "WEB-11", "WEB-12"]);
    }
}
