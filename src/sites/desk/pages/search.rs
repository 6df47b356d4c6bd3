//! Search over issues, merge requests, people and milestones.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::desk::pages::Visit;
use crate::sites::desk::pages::frame::{self, Frame};
use crate::sites::desk::pages::merges::MergeRow;
use crate::sites::desk::pages::milestone;
use crate::sites::desk::pages::parts::{Face, IssueRow, Link, Pages, due_text, issue_href};
use crate::sites::desk::queries::access::{project, visible};
use crate::sites::desk::queries::{Paged, search};
use crate::sites::desk::state::DeskState;
use crate::sites::desk::view::{IssuePage, Route, Scope};
use crate::sites::folding;

#[derive(Template)]
#[template(path = "sites/desk/search.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    tabs: Vec<Link>,
    jump: Option<Link>,
    issues: Vec<IssueRow>,
    merges: Vec<MergeRow>,
    people: Vec<Face>,
    milestones: Vec<(Link, String, String)>,
    pages: Pages,
    nothing: bool,
}

/// Shows what a search finds.
pub fn show(visit: &Visit, q: &str, scope: Scope, page: u32) -> HttpResponse {
    let state = visit.state();
    let issues = search::issues(&state, q);
    let merges = search::merges(&state, q);
    let people = if folding::words(q).is_empty() {
        Vec::new()
    } else {
        search::people(&state, q)
    };
    let milestones = search::milestones(&state, q);
    let counts = [issues.len(), merges.len(), people.len(), milestones.len()];
    let href = |scope, page| {
        Route::Search {
            q: (!q.is_empty()).then(|| q.to_owned()),
            scope,
            page,
        }
        .href()
    };
    let tabs = tabs(scope, counts, |one| href(one, 1));
    let mut frame = Frame::new(visit, &state, format!("Search: {q}"));
    q.clone_into(&mut frame.query);
    let mut template = SearchPage {
        frame,
        q: q.to_owned(),
        tabs,
        jump: jump(&state, q),
        issues: Vec::new(),
        merges: Vec::new(),
        people: Vec::new(),
        milestones: Vec::new(),
        pages: Pages::default(),
        nothing: true,
    };
    let to = |page| href(scope, page);
    match scope {
        Scope::Issues => {
            let found = Paged::cut(issues, page);
            template.pages = Pages::of(&found, "issue", to);
            for issue in &found.rows {
                visit.show("desk.issues", issue.id);
                template.issues.push(IssueRow::of(&state, issue));
            }
            template.nothing = found.total == 0;
        }
        Scope::Merges => {
            let found = Paged::cut(merges, page);
            template.pages = Pages::of(&found, "merge request", to);
            template.nothing = found.total == 0;
            let rows = found.rows.iter();
            template.merges = rows
                .map(|merge| MergeRow::of(visit, &state, merge))
                .collect();
        }
        Scope::People => {
            template.nothing = people.is_empty();
            for member in people {
                visit.show("desk.people", &member.username);
                template.people.push(Face::of(&state, &member.username));
            }
        }
        Scope::Milestones => {
            template.nothing = milestones.is_empty();
            for one in milestones {
                visit.show("desk.milestones", &one.id);
                let of = project(&state, one.project).map_or("", |of| of.name.as_str());
                let link = Link::to(milestone::href(one), &one.title);
                template
                    .milestones
                    .push((link, of.to_owned(), due_text(one.due)));
            }
        }
    }
    frame::page(StatusCode::OK, &template)
}

fn tabs(open: Scope, counts: [usize; 4], href: impl Fn(Scope) -> String) -> Vec<Link> {
    Scope::ALL
        .iter()
        .zip(["Issues", "Merge requests", "People", "Milestones"])
        .zip(counts)
        .map(|((one, label), count)| Link {
            current: *one == open,
            ..Link::to(href(*one), label).counting(count)
        })
        .collect()
}

/// Whoever enters a key means that issue.
fn jump(state: &DeskState, q: &str) -> Option<Link> {
    let issue = visible(state, q.trim().to_uppercase().parse().ok()?)?;
    let label = format!("{} {}", issue.id, issue.title);
    Some(Link::to(issue_href(issue.id, IssuePage::Show), label))
}
