//! Lists of issues.

use std::cmp::Reverse;

use crate::sites::clock::TODAY;
use crate::sites::desk::queries::access::sees;
use crate::sites::desk::queries::search;
use crate::sites::desk::queries::{PER_PAGE, Paged};
use crate::sites::desk::state::{DeskState, Issue, Status, Subject, WorkEntry, WorkNo};
use crate::sites::desk::view::{IssueQuery, IssueSort, NONE, StatusFilter};
use crate::sites::folding;

/// Every issue that fits a query and that who is signed in may see, in its order.
pub fn matching<'a>(state: &'a DeskState, query: &IssueQuery) -> Vec<&'a Issue> {
    let words = query.q.as_deref().map(folding::words).unwrap_or_default();
    let mut found: Vec<&Issue> = state
        .issues
        .values()
        .map(AsRef::as_ref)
        .filter(|issue| fits(state, issue, query) && sees(state, issue))
        .filter(|issue| words.is_empty() || search::issue_fits(issue, &words))
        .collect();
    sort(&mut found, query.sort);
    found
}

/// A page of them.
pub fn list<'a>(state: &'a DeskState, query: &IssueQuery) -> Paged<&'a Issue> {
    Paged::cut(matching(state, query), query.page)
}

/// How many issues fit a query.
pub fn count(state: &DeskState, query: &IssueQuery) -> usize {
    matching(state, query).len()
}

/// The page of a list on which an issue stands, from 1.
pub fn page_of(list: &[&Issue], issue: &Issue) -> usize {
    let place = list.iter().position(|other| other.id == issue.id);
    place.unwrap_or(0) / PER_PAGE + 1
}

fn fits(state: &DeskState, issue: &Issue, query: &IssueQuery) -> bool {
    let is = |wanted: Option<&String>, value: Option<&str>| match wanted.map(String::as_str) {
        None => true,
        Some(NONE) => value.is_none(),
        Some(wanted) => value == Some(wanted),
    };
    let assigned = match query.assignee.as_deref() {
        None => true,
        Some(NONE) => issue.assignees.is_empty(),
        Some(who) => issue.assignees.iter().any(|one| &**one == who),
    };
    assigned
        && query.project.is_none_or(|key| issue.id.project == key)
        && has_status(issue.status, query.status)
        && query.kind.is_none_or(|kind| issue.kind == kind)
        && query.priority.is_none_or(|one| issue.priority == one)
        && is(query.component.as_ref(), issue.component.as_deref())
        && query
            .label
            .as_ref()
            .is_none_or(|label| issue.labels.contains(label))
        && query
            .without
            .as_ref()
            .is_none_or(|label| !issue.labels.contains(label))
        && is(query.milestone.as_ref(), milestone_title(state, issue))
        && is(query.reporter.as_ref(), Some(&issue.reporter))
        && query
            .watcher
            .as_deref()
            .is_none_or(|who| issue.watchers.iter().any(|one| &**one == who))
        && (!query.overdue || overdue(issue))
        && closed_within(issue, query)
}

fn closed_within(issue: &Issue, query: &IssueQuery) -> bool {
    if query.closed_from.is_none() && query.closed_to.is_none() {
        return true;
    }
    issue.closing().is_some_and(|closing| {
        let day = closing.at.date();
        query.closed_from.is_none_or(|from| day >= from)
            && query.closed_to.is_none_or(|to| day <= to)
    })
}

fn has_status(status: Status, wanted: StatusFilter) -> bool {
    match wanted {
        StatusFilter::All => true,
        StatusFilter::NotClosed => status != Status::Closed,
        StatusFilter::Todo => status == Status::Todo,
        StatusFilter::InProgress => status == Status::InProgress,
        StatusFilter::InReview => status == Status::InReview,
        StatusFilter::Waiting => status == Status::Waiting,
        StatusFilter::Closed => status == Status::Closed,
    }
}

fn sort(issues: &mut [&Issue], order: IssueSort) {
    match order {
        IssueSort::Updated => issues.sort_by_key(|one| (Reverse(one.updated_at), one.id)),
        IssueSort::Newest => issues.sort_by_key(|one| (Reverse(one.created_at), one.id)),
        IssueSort::Oldest => issues.sort_by_key(|one| (one.created_at, one.id)),
        IssueSort::Priority => {
            issues.sort_by_key(|one| (one.priority, Reverse(one.updated_at), one.id));
        }
        IssueSort::Due => issues.sort_by_key(|one| (one.due.is_none(), one.due, one.id)),
        IssueSort::Key => issues.sort_by_key(|one| one.id),
    }
}

/// The title of an issue's milestone.
pub fn milestone_title<'a>(state: &'a DeskState, issue: &Issue) -> Option<&'a str> {
    let id = issue.milestone.as_ref()?;
    state
        .milestones
        .get(id)
        .map(|milestone| milestone.title.as_str())
}

/// Whether an open issue should have been done by now.
pub fn overdue(issue: &Issue) -> bool {
    issue.is_open() && issue.due.is_some_and(|due| due < TODAY)
}

/// Comments of an issue that who is signed in may read and that were not taken back.
pub fn replies(state: &DeskState, issue: &Issue) -> usize {
    state
        .comments
        .values()
        .filter(|comment| {
            comment.on == Subject::Issue(issue.id)
                && !comment.deleted
                && super::access::reads(state, comment)
        })
        .count()
}

/// Work logged on an issue, latest day first.
pub fn work<'a>(state: &'a DeskState, issue: &Issue) -> Vec<(WorkNo, &'a WorkEntry)> {
    let mut entries: Vec<(WorkNo, &WorkEntry)> = state
        .work
        .iter()
        .filter(|(_, entry)| entry.issue == issue.id)
        .map(|(no, entry)| (*no, entry))
        .collect();
    entries.sort_by_key(|(no, entry)| (Reverse(entry.day), Reverse(*no)));
    entries
}
