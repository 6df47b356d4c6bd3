//! The list of merge requests.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::desk::pages::Visit;
use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::frame::{self, Frame, above, names};
use crate::sites::desk::pages::parts::{Pages, short_moment};
use crate::sites::desk::queries::access::my_projects;
use crate::sites::desk::queries::merges::list;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{Checks, DeskState, Merge, MergeState};
use crate::sites::desk::view::{MergeQuery, MergeSort, MergeStateFilter, Route};

/// A row of the list.
pub struct MergeRow {
    /// Its number.
    pub key: String,
    /// Its address.
    pub href: String,
    /// Its title.
    pub title: String,
    /// State in words.
    pub state: String,
    /// Class of the state.
    pub class: &'static str,
    /// Who wrote it.
    pub author: String,
    /// Who is asked to read it.
    pub reviewers: String,
    /// When it was opened.
    pub opened: String,
    /// Draft and checks, in words.
    pub remark: &'static str,
}

impl MergeRow {
    /// The row of a merge request, which is thereby shown.
    pub fn of(visit: &Visit, state: &DeskState, merge: &Merge) -> Self {
        visit.show("desk.merge_requests", merge.id);
        Self {
            key: merge.id.to_string(),
            href: Route::Merge { merge: merge.id }.href(),
            title: merge.title.clone(),
            state: merge.state.label(),
            class: class_of(merge.state),
            author: name(state, &merge.author).to_owned(),
            reviewers: names(state, &merge.reviewers),
            opened: short_moment(merge.created_at),
            remark: match (merge.draft, merge.checks) {
                (true, _) => "Draft",
                (false, Checks::Failed) => "Checks failed",
                (false, Checks::Passed) => "",
            },
        }
    }
}

/// Class of a state.
pub const fn class_of(state: MergeState) -> &'static str {
    match state {
        MergeState::Open => "open",
        MergeState::Merged => "review",
        MergeState::Closed => "shut",
    }
}

#[derive(Template)]
#[template(path = "sites/desk/merges.html")]
struct MergesPage {
    frame: Frame,
    rows: Vec<MergeRow>,
    pages: Pages,
    projects: Vec<Choice>,
    states: Vec<Choice>,
    reviewers: Vec<Choice>,
    assignees: Vec<Choice>,
    authors: Vec<Choice>,
    sorts: Vec<Choice>,
}

/// Shows a page of the list.
pub fn show(visit: &Visit, query: &MergeQuery) -> HttpResponse {
    let state = visit.state();
    let found = list(&state, query);
    let href = |page| {
        Route::Merges(MergeQuery {
            page,
            ..query.clone()
        })
        .href()
    };
    let mut frame = Frame::new(visit, &state, "Merge requests");
    frame = match query.project {
        Some(key) => {
            frame
                .under(above(&state, key), "Merge requests")
                .within(&state, key, "Merge requests")
        }
        None => frame.at(&href(1)),
    };
    let mut projects = vec![Choice::new("", "Project: any").when(query.project.is_none())];
    projects.extend(my_projects(&state).into_iter().map(|project| {
        Choice::new(project.key.as_str(), format!("Project: {}", project.name))
            .when(query.project == Some(project.key))
    }));
    let template = MergesPage {
        frame,
        rows: found
            .rows
            .iter()
            .map(|merge| MergeRow::of(visit, &state, merge))
            .collect(),
        pages: Pages::of(&found, "merge request", href),
        projects,
        states: MergeStateFilter::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), format!("State: {one}")).when(query.state == *one))
            .collect(),
        reviewers: people(&state, "Reviewer", query.reviewer.as_deref()),
        assignees: people(&state, "Assignee", query.assignee.as_deref()),
        authors: people(&state, "Author", query.author.as_deref()),
        sorts: [
            (MergeSort::Newest, "Newest first"),
            (MergeSort::Oldest, "Oldest first"),
        ]
        .into_iter()
        .map(|(sort, label)| Choice::new(sort.as_str(), label).when(query.sort == sort))
        .collect(),
    };
    frame::page(StatusCode::OK, &template)
}

fn people(state: &DeskState, what: &str, chosen: Option<&str>) -> Vec<Choice> {
    let mut people: Vec<Choice> = state
        .fixed
        .members
        .values()
        .map(|member| {
            let label = format!("{what}: {} ({})", member.name, member.team);
            Choice::new(&*member.username, label).when(chosen == Some(&*member.username))
        })
        .collect();
    people.sort_by(|one, two| one.label.cmp(&two.label));
    people.insert(
        0,
        Choice::new("", format!("{what}: anyone")).when(chosen.is_none()),
    );
    people
}
