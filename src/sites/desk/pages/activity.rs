//! What happened in a project.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use jiff::civil::{Date, date};

use crate::sites::clock::{TODAY, moment_text, month_name};
use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::parts::{Pages, issue_href, status_class};
use crate::sites::desk::pages::{Visit, missing};
use crate::sites::desk::queries::Paged;
use crate::sites::desk::queries::access::{my_role, project};
use crate::sites::desk::queries::activity::{events, words};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::ProjectKey;
use crate::sites::desk::view::{ActivityKind, IssuePage, Route};

#[derive(Template)]
#[template(path = "sites/desk/activity.html")]
struct ActivityPage {
    frame: Frame,
    name: String,
    action: String,
    kinds: Vec<Choice>,
    months: Vec<Choice>,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    at: String,
    who: String,
    what: String,
    href: String,
    key: String,
    title: String,
    status: &'static str,
    class: &'static str,
}

/// Shows a page of the events.
pub fn show(
    visit: &Visit,
    key: ProjectKey,
    what: Option<ActivityKind>,
    month: Option<Date>,
    page: u32,
) -> HttpResponse {
    let state = visit.state();
    let (Some(project), Some(_)) = (project(&state, key), my_role(&state, key)) else {
        return missing::show(visit);
    };
    let found = Paged::cut(events(&state, key, what, month), page);
    for (issue, _) in &found.rows {
        visit.show("desk.issues", issue.id);
    }
    let rows = found
        .rows
        .iter()
        .map(|(issue, event)| Row {
            at: moment_text(event.at),
            who: name(&state, &event.by).to_owned(),
            what: words(&event.what),
            href: issue_href(issue.id, IssuePage::Show),
            key: issue.id.to_string(),
            title: issue.title.clone(),
            status: issue.status.label(),
            class: status_class(issue.status),
        })
        .collect();
    let href = |page| {
        Route::Activity {
            project: key,
            what,
            month,
            page,
        }
        .href()
    };
    let mut kinds = vec![Choice::new("", "Everything").when(what.is_none())];
    kinds.extend(ActivityKind::ALL.iter().map(|kind| {
        Choice::new(kind.as_str(), super::new::capital(kind.as_str())).when(what == Some(*kind))
    }));
    let base = Route::Activity {
        project: key,
        what: None,
        month: None,
        page: 1,
    };
    let template = ActivityPage {
        frame: Frame::new(visit, &state, format!("Activity of {}", project.name))
            .under(above(&state, key), "Activity")
            .within(&state, key, "Activity"),
        name: project.name.clone(),
        action: base.href(),
        kinds,
        months: months(month),
        rows,
        pages: Pages::of(&found, "entry", href),
    };
    frame::page(StatusCode::OK, &template)
}

fn months(chosen: Option<Date>) -> Vec<Choice> {
    let mut options = vec![Choice::new("", "Any month").when(chosen.is_none())];
    let mut month = date(TODAY.year(), TODAY.month(), 1);
    while month >= date(2025, 1, 1) {
        let value = format!("{:04}-{:02}", month.year(), month.month());
        let label = format!("{} {}", month_name(month.month()), month.year());
        options.push(Choice::new(value, label).when(chosen == Some(month)));
        month = crate::sites::clock::plus_days(month, -1).first_of_month();
    }
    options
}
