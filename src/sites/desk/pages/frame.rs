//! What surrounds every page: side bar, search, breadcrumb, tabs of a project, clock; and how a
//! page or a redirect becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

use crate::sites::clock;
use crate::sites::desk::actions::Refusal;
use crate::sites::desk::pages::parts::{Face, Link};
use crate::sites::desk::pages::{Posted, Visit};
use crate::sites::desk::queries::access::{my_projects, my_role, project};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::queries::{issues, merges};
use crate::sites::desk::state::{DeskState, ProjectKey};
use crate::sites::desk::view::{IssueQuery, MergeQuery, NONE, ProjectPage, Route};

/// What surrounds a page.
#[derive(Debug)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// Who is signed in.
    pub me: Face,
    /// What was searched for.
    pub query: String,
    /// Lists of the side bar.
    pub queues: Vec<Link>,
    /// Projects of the side bar.
    pub projects: Vec<Link>,
    /// Further links of the side bar.
    pub more: Vec<Link>,
    /// Pages of the project that is open.
    pub tabs: Vec<Link>,
    /// Name of the project that is open.
    pub project: String,
    /// Where the page stands.
    pub crumbs: Vec<Link>,
    /// What was just done.
    pub flash: Option<String>,
    /// What "Undo" would take back.
    pub undo: Option<String>,
    /// What was just refused.
    pub refusal: Option<String>,
    /// Hidden value of every form.
    pub token: String,
    /// The present, in words.
    pub clock: String,
}

impl Frame {
    /// The frame of a page of this run.
    pub fn new(visit: &Visit, state: &DeskState, title: impl Into<String>) -> Self {
        let (flash, undo) = visit.remember(|incidental| {
            let flash = incidental.flash.take();
            let undo = incidental.undo.as_ref().map(|undo| undo.text.clone());
            (
                flash.clone(),
                undo.filter(|text| flash.as_ref() == Some(text)),
            )
        });
        Self {
            title: title.into(),
            me: Face::of(state, &state.fixed.me),
            query: String::new(),
            queues: queues(state),
            projects: my_projects(state)
                .into_iter()
                .map(|one| {
                    let count = issues::count(state, &IssueQuery::of(one.key));
                    Link::to(project_href(one.key, ProjectPage::Show), &one.name).counting(count)
                })
                .collect(),
            more: vec![
                Link::to(Route::Merges(MergeQuery::start()).href(), "Merge requests"),
                Link::to(Route::People { q: None }.href(), "People"),
                Link::to(Route::Filters.href(), "Saved filters"),
            ],
            tabs: Vec::new(),
            project: String::new(),
            crumbs: Vec::new(),
            flash,
            undo,
            refusal: None,
            token: visit.form_token().to_owned(),
            clock: clock::now_text(),
        }
    }

    /// The same with a breadcrumb to here.
    #[must_use]
    pub fn under(mut self, above: Vec<Link>, here: impl Into<String>) -> Self {
        self.crumbs.extend(above);
        self.crumbs.push(Link::here(here));
        self
    }

    /// The same with the list of the side bar that is open.
    #[must_use]
    pub fn at(mut self, href: &str) -> Self {
        for link in self.queues.iter_mut().chain(&mut self.more) {
            link.current = link.href == href;
        }
        self
    }

    /// The same within a project, with the tab that is open.
    #[must_use]
    pub fn within(mut self, state: &DeskState, key: ProjectKey, tab: &str) -> Self {
        let href = project_href(key, ProjectPage::Show);
        for link in &mut self.projects {
            link.current = link.href == href;
        }
        self.project = project(state, key).map_or_else(String::new, |one| one.name.clone());
        let merges = MergeQuery {
            project: Some(key),
            ..MergeQuery::start()
        };
        let page = |page| project_href(key, page);
        let activity = Route::Activity {
            project: key,
            what: None,
            month: None,
            page: 1,
        };
        self.tabs = [
            ("Overview", href),
            ("Issues", Route::Issues(IssueQuery::of(key)).href()),
            ("Board", page(ProjectPage::Board)),
            ("Milestones", page(ProjectPage::Milestones)),
            ("Merge requests", Route::Merges(merges).href()),
            ("Activity", activity.href()),
            ("Members", page(ProjectPage::Members)),
            ("Rights", page(ProjectPage::Rights)),
        ]
        .into_iter()
        .map(|(label, href)| Link {
            current: label == tab,
            ..Link::to(href, label)
        })
        .collect();
        self
    }

    /// The same with what was refused, if anything.
    #[must_use]
    pub fn refusing(mut self, refusal: Option<&Refusal>) -> Self {
        self.refusal = refusal.map(|refusal| refusal.message.clone());
        self
    }
}

fn queues(state: &DeskState) -> Vec<Link> {
    let me = state.fixed.me.to_string();
    let list = |label: &str, query: IssueQuery| {
        let count = issues::count(state, &query);
        Link::to(Route::Issues(query).href(), label).counting(count)
    };
    let reviews = MergeQuery {
        reviewer: Some(me.clone()),
        ..MergeQuery::start()
    };
    let waiting = merges::matching(state, &reviews).len();
    vec![
        list("All issues", IssueQuery::start()),
        list(
            "Assigned to me",
            IssueQuery {
                assignee: Some(me.clone()),
                ..IssueQuery::start()
            },
        ),
        list(
            "Unassigned",
            IssueQuery {
                assignee: Some(NONE.to_owned()),
                ..IssueQuery::start()
            },
        ),
        list(
            "Overdue",
            IssueQuery {
                overdue: true,
                ..IssueQuery::start()
            },
        ),
        Link::to(Route::Merges(reviews).href(), "Waiting for my review").counting(waiting),
    ]
}

/// The address of a page of a project.
pub fn project_href(project: ProjectKey, page: ProjectPage) -> String {
    Route::Project { project, page }.href()
}

/// Links from the start to a project.
pub fn above(state: &DeskState, key: ProjectKey) -> Vec<Link> {
    let label = project(state, key).map_or_else(|| key.to_string(), |one| one.name.clone());
    vec![Link::to(project_href(key, ProjectPage::Show), label)]
}

/// The role of who is signed in, in words.
pub fn role_text(state: &DeskState, key: ProjectKey) -> String {
    my_role(state, key).map_or_else(
        || "You are no member".to_owned(),
        |role| format!("You are {}", role.label()),
    )
}

/// Names of people, separated by commas; of two with the same name each with the team.
pub fn names(state: &DeskState, people: &[crate::sites::desk::state::Username]) -> String {
    let shown: Vec<&str> = people.iter().map(|one| name(state, one)).collect();
    let with_team = people.iter().zip(&shown).map(|(one, called)| {
        let is_shared = shown.iter().filter(|other| *other == called).count() > 1;
        match state.fixed.members.get(one) {
            Some(member) if is_shared => format!("{called} ({})", member.team),
            _ => (*called).to_owned(),
        }
    });
    with_team.collect::<Vec<_>>().join(", ")
}

/// Answers with a page.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type(ContentType::html())
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the desk cannot be rendered");
            HttpResponse::InternalServerError().body("Signal Desk cannot show this page.")
        }
    }
}

/// Status of a page that may show a refusal.
pub fn status_of(refusal: Option<&Refusal>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |refusal| {
        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    })
}

/// Sends the browser on after a form, so that a reload does not send it again.
pub fn go(href: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, href))
        .finish()
}

/// Sends the browser on with a message to show there.
pub fn go_saying(visit: &Visit, href: &str, message: impl Into<String>) -> HttpResponse {
    let message = message.into();
    visit.remember(|incidental| incidental.flash = Some(message));
    go(href)
}

/// Refuses a form that holds fields which its page does not have.
pub fn foreign_fields(posted: &Posted, known: &[&str]) -> Option<HttpResponse> {
    let foreign = posted.fields.unexpected(known);
    (!foreign.is_empty()).then(|| {
        HttpResponse::BadRequest()
            .content_type(ContentType::plaintext())
            .body("This form has fields that the page does not offer.")
    })
}
