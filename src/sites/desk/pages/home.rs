//! The start page: what is mine, and the projects.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::desk::pages::Visit;
use crate::sites::desk::pages::frame::{self, Frame, project_href, role_text};
use crate::sites::desk::pages::merges::MergeRow;
use crate::sites::desk::pages::parts::IssueRow;
use crate::sites::desk::queries::access::my_role;
use crate::sites::desk::queries::{issues, merges};
use crate::sites::desk::view::{IssueQuery, MergeQuery, MergeSort, ProjectPage, Route};

/// How many rows of each list the start page shows.
const ROWS: usize = 6;

#[derive(Template)]
#[template(path = "sites/desk/home.html")]
struct Home {
    frame: Frame,
    mine: Vec<IssueRow>,
    mine_href: String,
    reviews: Vec<MergeRow>,
    reviews_href: String,
    projects: Vec<ProjectRow>,
}

struct ProjectRow {
    key: String,
    href: String,
    name: String,
    about: String,
    role: String,
    open: Option<usize>,
}

/// Shows the start page.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let me = state.fixed.me.to_string();
    let mine = IssueQuery {
        assignee: Some(me.clone()),
        ..IssueQuery::start()
    };
    let reviews = MergeQuery {
        reviewer: Some(me),
        sort: MergeSort::Newest,
        ..MergeQuery::start()
    };
    let found = issues::matching(&state, &mine);
    let waiting = merges::matching(&state, &reviews);
    for issue in found.iter().take(ROWS) {
        visit.show("desk.issues", issue.id);
    }
    let projects = state
        .fixed
        .projects
        .iter()
        .map(|project| {
            let belongs = my_role(&state, project.key).is_some();
            ProjectRow {
                key: project.key.to_string(),
                href: project_href(project.key, ProjectPage::Show),
                name: project.name.clone(),
                about: project.about.clone(),
                role: role_text(&state, project.key),
                open: belongs.then(|| issues::count(&state, &IssueQuery::of(project.key))),
            }
        })
        .collect();
    let template = Home {
        frame: Frame::new(visit, &state, "Start"),
        mine: found
            .into_iter()
            .take(ROWS)
            .map(|issue| IssueRow::of(&state, issue))
            .collect(),
        mine_href: Route::Issues(mine).href(),
        reviews: waiting
            .into_iter()
            .take(ROWS)
            .map(|merge| MergeRow::of(visit, &state, merge))
            .collect(),
        reviews_href: Route::Merges(reviews).href(),
        projects,
    };
    frame::page(actix_web::http::StatusCode::OK, &template)
}
