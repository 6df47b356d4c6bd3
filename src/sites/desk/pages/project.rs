//! The overview of a project.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::desk::pages::frame::{self, Frame, role_text};
use crate::sites::desk::pages::parts::{Face, IssueRow, Link};
use crate::sites::desk::pages::{Visit, missing, new};
use crate::sites::desk::queries::access::{my_role, project};
use crate::sites::desk::queries::{issues, milestones};
use crate::sites::desk::state::{MilestoneState, ProjectKey};
use crate::sites::desk::view::{IssueQuery, IssueSort, Route, StatusFilter};

#[derive(Template)]
#[template(path = "sites/desk/project.html")]
struct ProjectPage {
    frame: Frame,
    key: String,
    name: String,
    about: String,
    role: String,
    lead: Face,
    belongs: bool,
    new_href: String,
    counts: Vec<Link>,
    components: Vec<(Link, Face)>,
    milestones: Vec<(Link, String)>,
    latest: Vec<IssueRow>,
}

/// Shows the overview of a project.
pub fn show(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let state = visit.state();
    let Some(project) = project(&state, key) else {
        return missing::show(visit);
    };
    let belongs = my_role(&state, key).is_some();
    let mut frame = Frame::new(visit, &state, project.name.clone());
    if belongs {
        frame = frame.within(&state, key, "Overview");
    }
    let counts = [
        ("Open", StatusFilter::NotClosed),
        ("In progress", StatusFilter::InProgress),
        ("Waiting", StatusFilter::Waiting),
        ("Closed", StatusFilter::Closed),
    ]
    .into_iter()
    .map(|(label, status)| {
        let query = IssueQuery {
            status,
            ..IssueQuery::of(key)
        };
        let count = issues::count(&state, &query);
        Link::to(Route::Issues(query).href(), label).counting(count)
    });
    let components = project.components.iter().map(|component| {
        let query = IssueQuery {
            component: Some(component.name.clone()),
            ..IssueQuery::of(key)
        };
        let count = issues::count(&state, &query);
        let link = Link::to(Route::Issues(query).href(), &component.name).counting(count);
        (link, Face::of(&state, &component.owner))
    });
    let open = milestones::of_project(&state, key)
        .into_iter()
        .filter(|milestone| milestone.state == MilestoneState::Open)
        .map(|milestone| {
            visit.show("desk.milestones", &milestone.id);
            let href = Route::Milestone {
                milestone: milestone.id.to_string(),
            }
            .href();
            let until = super::parts::due_text(milestone.due);
            (Link::to(href, &milestone.title), until)
        });
    let newest = IssueQuery {
        sort: IssueSort::Newest,
        ..IssueQuery::of(key)
    };
    let latest = issues::matching(&state, &newest).into_iter().take(5);
    let template = ProjectPage {
        key: key.to_string(),
        name: project.name.clone(),
        about: project.about.clone(),
        role: role_text(&state, key),
        lead: Face::of(&state, &project.lead),
        belongs,
        new_href: new::href(key),
        counts: if belongs {
            counts.collect()
        } else {
            Vec::new()
        },
        components: if belongs {
            components.collect()
        } else {
            Vec::new()
        },
        milestones: if belongs { open.collect() } else { Vec::new() },
        latest: latest.map(|issue| IssueRow::of(&state, issue)).collect(),
        frame,
    };
    frame::page(StatusCode::OK, &template)
}
