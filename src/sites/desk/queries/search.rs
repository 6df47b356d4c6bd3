//! Search by words. Case and accents do not matter: `nunez` finds `Núñez`.

use crate::sites::desk::queries::access::{may, my_role, sees};
use crate::sites::desk::state::{DeskState, Issue, Member, Merge, Milestone, Right};
use crate::sites::folding::{fold, holds, words};

/// Whether an issue's key, title or description holds all words.
pub fn issue_fits(issue: &Issue, wanted: &[String]) -> bool {
    holds(
        &format!("{} {} {}", issue.id, issue.title, issue.description),
        wanted,
    )
}

/// Whether a person's name, short name or team holds all words.
pub fn member_fits(member: &Member, wanted: &[String]) -> bool {
    holds(
        &format!("{} {} {}", member.name, member.username, member.team),
        wanted,
    )
}

/// Issues that hold the words: those that hold them in key or title first, then the rest, each
/// changed last first.
pub fn issues<'a>(state: &'a DeskState, q: &str) -> Vec<&'a Issue> {
    let wanted = words(q);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found: Vec<&Issue> = state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(|issue| sees(state, issue) && issue_fits(issue, &wanted))
        .collect();
    found.sort_by_key(|issue| {
        let heading = format!("{} {}", issue.id, issue.title);
        (
            !holds(&heading, &wanted),
            std::cmp::Reverse(issue.updated_at),
            issue.id,
        )
    });
    found
}

/// Merge requests that hold the words.
pub fn merges<'a>(state: &'a DeskState, q: &str) -> Vec<&'a Merge> {
    let wanted = words(q);
    let mut found: Vec<&Merge> = state
        .merges
        .values()
        .map(AsRef::as_ref)
        .filter(|merge| {
            let text = format!("{} {} {}", merge.id, merge.title, merge.description);
            !wanted.is_empty() && may(state, merge.id.project, Right::View) && holds(&text, &wanted)
        })
        .collect();
    found.sort_by_key(|merge| (std::cmp::Reverse(merge.created_at), merge.id));
    found
}

/// People that the words mean; all for no words.
pub fn people<'a>(state: &'a DeskState, q: &str) -> Vec<&'a Member> {
    let wanted = words(q);
    let mut found: Vec<&Member> = state
        .fixed
        .members
        .values()
        .filter(|member| member_fits(member, &wanted))
        .collect();
    found.sort_by_key(|member| (fold(&member.name), member.username.clone()));
    found
}

/// Milestones whose title holds the words, of projects that who is signed in belongs to.
pub fn milestones<'a>(state: &'a DeskState, q: &str) -> Vec<&'a Milestone> {
    let wanted = words(q);
    state
        .milestones
        .values()
        .filter(|milestone| {
            !wanted.is_empty()
                && my_role(state, milestone.project).is_some()
                && holds(&milestone.title, &wanted)
        })
        .collect()
}
