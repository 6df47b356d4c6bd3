//! The filters of the list of issues: list boxes with what is chosen, and chips to remove them.

use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::parts::Link;
use crate::sites::desk::queries::access::my_projects;
use crate::sites::desk::queries::{milestones, people};
use crate::sites::desk::state::{DeskState, IssueKind, Priority};
use crate::sites::desk::view::{IssueQuery, IssueSort, NONE, Route, StatusFilter};

/// Options of the filters.
pub(super) struct Filters {
    pub(super) projects: Vec<Choice>,
    pub(super) statuses: Vec<Choice>,
    pub(super) kinds: Vec<Choice>,
    pub(super) priorities: Vec<Choice>,
    pub(super) assignees: Vec<Choice>,
    pub(super) labels: Vec<Choice>,
    pub(super) without: Vec<Choice>,
    pub(super) milestones: Vec<Choice>,
    pub(super) components: Vec<Choice>,
    pub(super) sorts: Vec<Choice>,
    pub(super) open: bool,
}

/// A list box with a first option for "any", and what is chosen.
fn options(
    any: &str,
    chosen: Option<&str>,
    all: impl IntoIterator<Item = (String, String)>,
) -> Vec<Choice> {
    let mut options = vec![Choice::new("", any).when(chosen.is_none())];
    let mut seen = Vec::new();
    for (value, label) in all {
        if !seen.contains(&value) {
            seen.push(value.clone());
            let is_chosen = chosen == Some(value.as_str());
            options.push(Choice::new(value, label).when(is_chosen));
        }
    }
    // What the address asks for is shown even where the list does not offer it.
    if let Some(chosen) = chosen.filter(|chosen| !seen.iter().any(|one| one == chosen)) {
        options.push(Choice::new(chosen, chosen).when(true));
    }
    options
}

/// The filters of a list with what is chosen.
pub(super) fn filters(state: &DeskState, query: &IssueQuery) -> Filters {
    let projects: Vec<_> = my_projects(state)
        .into_iter()
        .filter(|project| query.project.is_none_or(|key| project.key == key))
        .collect();
    let labels = || {
        let mut names: Vec<&str> = projects
            .iter()
            .flat_map(|project| project.labels.iter().map(|label| label.name.as_str()))
            .collect();
        names.sort_unstable();
        names
            .into_iter()
            .map(|name| (name.to_owned(), name.to_owned()))
    };
    let titles = projects.iter().flat_map(|project| {
        milestones::of_project(state, project.key)
            .into_iter()
            .map(|milestone| (milestone.title.clone(), milestone.title.clone()))
    });
    let mut components: Vec<&str> = projects
        .iter()
        .flat_map(|project| project.components.iter().map(|one| one.name.as_str()))
        .collect();
    components.sort_unstable();
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    Filters {
        projects: options(
            "Project: any",
            query.project.map(|key| key.to_string()).as_deref(),
            my_projects(state).into_iter().map(|project| {
                (
                    project.key.to_string(),
                    format!("Project: {}", project.name),
                )
            }),
        ),
        statuses: statuses(query),
        kinds: options(
            "Any",
            query.kind.map(IssueKind::as_str),
            IssueKind::ALL
                .iter()
                .map(|kind| pair(kind.as_str(), &kind.label())),
        ),
        priorities: options(
            "Priority: any",
            query.priority.map(Priority::as_str),
            Priority::ALL.iter().map(|priority| {
                pair(
                    priority.as_str(),
                    &format!("Priority: {}", priority.label()),
                )
            }),
        ),
        assignees: assignees(state, query),
        labels: options("Any", query.label.as_deref(), labels()),
        without: options("None", query.without.as_deref(), labels()),
        milestones: options(
            "Any",
            query.milestone.as_deref(),
            std::iter::once(pair(NONE, "No milestone")).chain(titles),
        ),
        components: options(
            "Any",
            query.component.as_deref(),
            components.into_iter().map(|name| pair(name, name)),
        ),
        sorts: sorts(query),
        open: is_advanced(query),
    }
}

fn assignees(state: &DeskState, query: &IssueQuery) -> Vec<Choice> {
    let mut people: Vec<(String, String)> = state
        .fixed
        .members
        .values()
        .filter(|member| {
            query.project.is_none_or(|key| {
                state
                    .memberships
                    .contains_key(&(key, member.username.clone()))
            })
        })
        .map(|member| {
            let label = format!("Assignee: {} ({})", member.name, member.team);
            (member.username.to_string(), label)
        })
        .collect();
    people.sort_by(|one, two| one.1.cmp(&two.1));
    let nobody = (NONE.to_owned(), "Assignee: nobody".to_owned());
    options(
        "Assignee: anyone",
        query.assignee.as_deref(),
        std::iter::once(nobody).chain(people),
    )
}

const fn status_words(status: StatusFilter) -> &'static str {
    match status {
        StatusFilter::NotClosed => "open (not closed)",
        StatusFilter::Todo => "to do",
        StatusFilter::InProgress => "in progress",
        StatusFilter::InReview => "in review",
        StatusFilter::Waiting => "waiting",
        StatusFilter::Closed => "closed",
        StatusFilter::All => "all",
    }
}

const fn sort_words(sort: IssueSort) -> &'static str {
    match sort {
        IssueSort::Updated => "Last changed",
        IssueSort::Newest => "Newest first",
        IssueSort::Oldest => "Oldest first",
        IssueSort::Priority => "Priority",
        IssueSort::Due => "Due date",
        IssueSort::Key => "Key",
    }
}

/// What the list is narrowed to, each with the address without it.
pub(super) fn chips(state: &DeskState, query: &IssueQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |label: Option<String>, less: &dyn Fn(&mut IssueQuery)| {
        if let Some(label) = label {
            let mut other = IssueQuery {
                page: 1,
                ..query.clone()
            };
            less(&mut other);
            chips.push(Link::to(Route::Issues(other).href(), label));
        }
    };
    let who = |username: &String| match username.as_str() {
        NONE => "nobody".to_owned(),
        username => people::name(state, username).to_owned(),
    };
    let text =
        |name: &str, value: &Option<String>| value.as_ref().map(|value| format!("{name}: {value}"));
    chip(text("Words", &query.q), &|one| one.q = None);
    let status = (query.status != StatusFilter::NotClosed)
        .then(|| format!("Status: {}", status_words(query.status)));
    chip(status, &|one| one.status = StatusFilter::NotClosed);
    chip(
        query.kind.map(|kind| format!("Kind: {}", kind.label())),
        &|one| one.kind = None,
    );
    let priority = query
        .priority
        .map(|one| format!("Priority: {}", one.label()));
    chip(priority, &|one| one.priority = None);
    chip(text("Component", &query.component), &|one| {
        one.component = None;
    });
    chip(text("Label", &query.label), &|one| one.label = None);
    chip(text("Without label", &query.without), &|one| {
        one.without = None;
    });
    chip(text("Milestone", &query.milestone), &|one| {
        one.milestone = None;
    });
    let assignee = query
        .assignee
        .as_ref()
        .map(|one| format!("Assignee: {}", who(one)));
    chip(assignee, &|one| one.assignee = None);
    let reporter = query
        .reporter
        .as_ref()
        .map(|one| format!("Reported by {}", who(one)));
    chip(reporter, &|one| one.reporter = None);
    let watcher = query
        .watcher
        .as_ref()
        .map(|one| format!("Watched by {}", who(one)));
    chip(watcher, &|one| one.watcher = None);
    chip(query.overdue.then(|| "Overdue".to_owned()), &|one| {
        one.overdue = false;
    });
    let from = query.closed_from.map(|day| format!("Closed from {day}"));
    chip(from, &|one| one.closed_from = None);
    let to = query.closed_to.map(|day| format!("Closed until {day}"));
    chip(to, &|one| one.closed_to = None);
    chips
}

/// Whether something of the further filters is chosen.
fn is_advanced(query: &IssueQuery) -> bool {
    query.label.is_some()
        || query.without.is_some()
        || query.milestone.is_some()
        || query.component.is_some()
        || query.kind.is_some()
        || query.closed_from.is_some()
        || query.closed_to.is_some()
        || query.overdue
}

fn sorts(query: &IssueQuery) -> Vec<Choice> {
    IssueSort::ALL
        .iter()
        .map(|sort| Choice::new(sort.as_str(), sort_words(*sort)).when(query.sort == *sort))
        .collect()
}

fn statuses(query: &IssueQuery) -> Vec<Choice> {
    StatusFilter::ALL
        .iter()
        .map(|status| {
            Choice::new(
                status.as_str(),
                format!("Status: {}", status_words(*status)),
            )
            .when(query.status == *status)
        })
        .collect()
}
