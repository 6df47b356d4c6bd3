//! People: everyone with an account, and one of them.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::desk::pages::frame::{self, Frame, project_href};
use crate::sites::desk::pages::parts::{Face, IssueRow, Link};
use crate::sites::desk::pages::{Visit, missing};
use crate::sites::desk::queries::people::projects_of;
use crate::sites::desk::queries::{issues, search};
use crate::sites::desk::view::{IssueQuery, ProjectPage, Route};

#[derive(Template)]
#[template(path = "sites/desk/people.html")]
struct PeoplePage {
    frame: Frame,
    q: String,
    rows: Vec<Row>,
}

struct Row {
    face: Face,
    title: String,
    email: String,
    deactivated: bool,
}

/// Shows everyone whom a search means.
pub fn list(visit: &Visit, q: &str) -> HttpResponse {
    let state = visit.state();
    let here = Route::People { q: None }.href();
    let rows = search::people(&state, q)
        .into_iter()
        .map(|member| {
            visit.show("desk.people", &member.username);
            Row {
                face: Face::of(&state, &member.username),
                title: member.title.clone(),
                email: member.email.clone(),
                deactivated: member.deactivated,
            }
        })
        .collect();
    let template = PeoplePage {
        frame: Frame::new(visit, &state, "People").at(&here),
        q: q.to_owned(),
        rows,
    };
    frame::page(StatusCode::OK, &template)
}

#[derive(Template)]
#[template(path = "sites/desk/person.html")]
struct PersonPage {
    frame: Frame,
    face: Face,
    title: String,
    email: String,
    deactivated: bool,
    projects: Vec<(Link, String)>,
    issues: Vec<IssueRow>,
    all_href: String,
}

/// Shows a person.
pub fn show(visit: &Visit, username: &str) -> HttpResponse {
    let state = visit.state();
    let Some(member) = state.fixed.members.get(username) else {
        return missing::show(visit);
    };
    visit.show("desk.people", username);
    let query = IssueQuery {
        assignee: Some(username.to_owned()),
        ..IssueQuery::start()
    };
    let assigned = issues::matching(&state, &query);
    for issue in assigned.iter().take(10) {
        visit.show("desk.issues", issue.id);
    }
    let template = PersonPage {
        frame: Frame::new(visit, &state, member.name.clone()).under(
            vec![Link::to(Route::People { q: None }.href(), "People")],
            member.name.clone(),
        ),
        face: Face::of(&state, username),
        title: member.title.clone(),
        email: member.email.clone(),
        deactivated: member.deactivated,
        projects: projects_of(&state, username)
            .into_iter()
            .map(|(key, role)| {
                let href = project_href(key, ProjectPage::Members);
                (Link::to(href, key.to_string()), role.label())
            })
            .collect(),
        issues: assigned
            .into_iter()
            .take(10)
            .map(|issue| IssueRow::of(&state, issue))
            .collect(),
        all_href: Route::Issues(query).href(),
    };
    frame::page(StatusCode::OK, &template)
}
