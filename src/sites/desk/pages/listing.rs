//! The list of issues: filters, chips, changes of several at once, saving the filter.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::desk::actions::{self, Refusal, bulk};
use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::listing_filters::{Filters, chips, filters};
use crate::sites::desk::pages::parts::{IssueRow, Link, Pages};
use crate::sites::desk::pages::{Posted, Visit};
use crate::sites::desk::queries::access::project;
use crate::sites::desk::queries::{issues, milestones};
use crate::sites::desk::state::{DeskState, IssueId, MilestoneState, Priority, Status};
use crate::sites::desk::view::{IssueQuery, NONE, Parsed, Route, StatusFilter, parse};

#[derive(Template)]
#[template(path = "sites/desk/issues.html")]
struct Listing {
    frame: Frame,
    heading: String,
    new_href: String,
    query: IssueQuery,
    filters: Filters,
    chips: Vec<Link>,
    clear_href: String,
    problem: String,
    issues: Vec<IssueRow>,
    pages: Pages,
    total: usize,
    address: String,
    closed: bool,
    closed_from: String,
    closed_to: String,
    ticked: Vec<String>,
    scope_all: bool,
    milestones: Vec<Choice>,
    labels: Vec<Choice>,
    statuses: Vec<Choice>,
    priorities: Vec<Choice>,
}

impl Listing {
    fn is_ticked(&self, key: &str) -> bool {
        self.ticked.iter().any(|ticked| ticked == key)
    }

    fn q(&self) -> &str {
        self.query.q.as_deref().unwrap_or("")
    }
}

/// Shows a page of the list.
pub fn show(visit: &Visit, query: &IssueQuery, unknown: &[String]) -> HttpResponse {
    let problem = if unknown.is_empty() {
        String::new()
    } else {
        format!("Not understood and left out: {}.", unknown.join(", "))
    };
    render(visit, query, problem, &[], false, None)
}

fn render(
    visit: &Visit,
    query: &IssueQuery,
    problem: String,
    ticked: &[&str],
    scope_all: bool,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let found = issues::list(&state, query);
    for issue in &found.rows {
        visit.show("desk.issues", issue.id);
    }
    let here = Route::Issues(query.clone()).href();
    let heading = heading(&state, query);
    let frame = frame_of(visit, &state, query, &heading).refusing(refusal);
    let href = |page| {
        Route::Issues(IssueQuery {
            page,
            ..query.clone()
        })
        .href()
    };
    let clear = IssueQuery {
        project: query.project,
        ..IssueQuery::start()
    };
    let filters = filters(&state, query);
    let template = Listing {
        frame,
        heading,
        new_href: Route::IssueNew {
            project: query.project,
        }
        .href(),
        chips: chips(&state, query),
        clear_href: Route::Issues(clear).href(),
        problem,
        pages: Pages::of(&found, "issue", href),
        total: found.total,
        issues: found
            .rows
            .iter()
            .map(|issue| IssueRow::of(&state, issue))
            .collect(),
        address: here
            .split_once('?')
            .map_or("", |(_, query)| query)
            .to_owned(),
        closed: query.status == StatusFilter::Closed,
        closed_from: query
            .closed_from
            .map_or_else(String::new, |day| day.to_string()),
        closed_to: query
            .closed_to
            .map_or_else(String::new, |day| day.to_string()),
        ticked: ticked.iter().map(|key| (*key).to_owned()).collect(),
        scope_all,
        milestones: bulk_milestones(&state, query),
        labels: filters
            .labels
            .iter()
            .filter(|one| !one.value.is_empty())
            .cloned()
            .collect(),
        statuses: Status::COLUMNS
            .iter()
            .map(|status| Choice::new(status.as_str(), status.label()))
            .collect(),
        priorities: Priority::ALL
            .iter()
            .map(|priority| Choice::new(priority.as_str(), priority.label()))
            .collect(),
        filters,
        query: query.clone(),
    };
    frame::page(frame::status_of(refusal), &template)
}

fn frame_of(visit: &Visit, state: &DeskState, query: &IssueQuery, heading: &str) -> Frame {
    let frame = Frame::new(visit, state, heading);
    match query.project {
        Some(key) => frame
            .under(above(state, key), "Issues")
            .within(state, key, "Issues"),
        None => frame.at(&Route::Issues(query.clone()).href()),
    }
}

fn heading(state: &DeskState, query: &IssueQuery) -> String {
    match query.project.and_then(|key| project(state, key)) {
        Some(project) => format!("Issues of {}", project.name),
        None if query.assignee.as_deref() == Some(&*state.fixed.me) => "Assigned to me".to_owned(),
        None if query.assignee.as_deref() == Some(NONE) => "Unassigned".to_owned(),
        None if query.overdue => "Overdue".to_owned(),
        None => "All issues".to_owned(),
    }
}

fn bulk_milestones(state: &DeskState, query: &IssueQuery) -> Vec<Choice> {
    let Some(key) = query.project else {
        return Vec::new();
    };
    let mut options = vec![Choice::new(NONE, "No milestone")];
    options.extend(
        milestones::of_project(state, key)
            .into_iter()
            .filter(|milestone| milestone.state == MilestoneState::Open)
            .map(|milestone| Choice::new(&*milestone.id, &milestone.title)),
    );
    options
}

/// Changes several issues at once: those that are ticked, or all of the list.
pub async fn change(posted: Posted) -> HttpResponse {
    const FIELDS: [&str; 8] = [
        "issue",
        "list",
        "scope",
        "to_milestone",
        "to_status",
        "to_priority",
        "add_label",
        "remove_label",
    ];
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let fields = &posted.fields;
    let list = format!("/desk/issues?{}", fields.text("list"));
    let Some(Parsed {
        route: Route::Issues(query),
        ..
    }) = parse(&list)
    else {
        return super::missing::show(&posted.visit);
    };
    let text = |name: &str| fields.text(name).to_owned();
    let wanted = bulk::Change {
        milestone: text("to_milestone"),
        status: text("to_status"),
        priority: text("to_priority"),
        add_label: text("add_label"),
        remove_label: text("remove_label"),
    };
    let ticked = fields.all("issue");
    let all = fields.text("scope") == "all";
    let done = posted.write(|state| {
        let ids: Vec<IssueId> = if all {
            issues::matching(state, &query)
                .iter()
                .map(|issue| issue.id)
                .collect()
        } else {
            ticked.iter().filter_map(|key| key.parse().ok()).collect()
        };
        bulk::apply(state, &ids, &wanted)
    });
    match done {
        Ok(0) => frame::go_saying(&posted.visit, &list, "Nothing had to be changed."),
        Ok(_) => {
            let said = posted.visit.state().incidental.undo.map(|undo| undo.text);
            frame::go_saying(&posted.visit, &list, said.unwrap_or_default())
        }
        Err(refusal) => render(
            &posted.visit,
            &query,
            String::new(),
            &ticked,
            all,
            Some(&refusal),
        ),
    }
}

/// Takes the last change of several issues back.
pub async fn undo(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let said = match posted.write(actions::bulk::undo) {
        Ok(_) => "The issues are as they were before.".to_owned(),
        Err(refusal) => refusal.message,
    };
    frame::go_saying(&posted.visit, "/desk/issues", said)
}
