//! The form that closes an issue, and the page of its links.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::desk::actions::links::OFFERED;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::edit::{frame_below, with_issue};
use crate::sites::desk::pages::form::{Choice, Form};
use crate::sites::desk::pages::frame::{self, Frame};
use crate::sites::desk::pages::issue::id_of;
use crate::sites::desk::pages::new::capital;
use crate::sites::desk::pages::parts::{Link, issue_href};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::links::of_issue;
use crate::sites::desk::state::{DeskState, Issue, IssueId, Right};
use crate::sites::desk::view::IssuePage;

#[derive(Template)]
#[template(path = "sites/desk/close.html")]
struct ClosePage {
    frame: Frame,
    form: Form,
    key: String,
    title: String,
    action: String,
    back: String,
    resolutions: Vec<Choice>,
    is_open: bool,
}

/// Shows the form that closes an issue.
pub fn show(visit: &Visit, id: IssueId) -> HttpResponse {
    with_issue(visit, id, Right::Edit, |state, issue| {
        let form = Form::starting(&[("resolution", "done")]);
        render(visit, state, issue, form, None)
    })
}

fn render(
    visit: &Visit,
    state: &DeskState,
    issue: &Issue,
    form: Form,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let template = ClosePage {
        frame: frame_below(visit, state, issue, "Close"),
        form,
        key: issue.id.to_string(),
        title: issue.title.clone(),
        action: issue_href(issue.id, IssuePage::Close),
        back: issue_href(issue.id, IssuePage::Show),
        resolutions: vec![
            Choice::new("done", "Done"),
            Choice::new("duplicate", "Duplicate of another issue"),
            Choice::new("declined", "Declined"),
        ],
        is_open: issue.is_open(),
    };
    frame::page(frame::status_of(refusal), &template)
}

/// Closes the issue.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["resolution", "duplicate_of"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let (resolution, kept) = (
        posted.fields.text("resolution"),
        posted.fields.text("duplicate_of"),
    );
    match posted.write(|state| actions::life::close(state, id, resolution, kept)) {
        Ok(()) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "The issue is closed.")
        }
        Err(refusal) => with_issue(&posted.visit, id, Right::Edit, |state, issue| {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, state, issue, form, Some(&refusal))
        }),
    }
}

#[derive(Template)]
#[template(path = "sites/desk/links.html")]
struct LinksPage {
    frame: Frame,
    form: Form,
    key: String,
    action: String,
    back: String,
    kinds: Vec<Choice>,
    links: Vec<(String, Link, String)>,
}

/// Shows the links of an issue with their form.
pub fn show_links(visit: &Visit, id: IssueId) -> HttpResponse {
    with_issue(visit, id, Right::Edit, |state, issue| {
        let form = Form::starting(&[("kind", "relates")]);
        render_links(visit, state, issue, form, None)
    })
}

fn render_links(
    visit: &Visit,
    state: &DeskState,
    issue: &Issue,
    form: Form,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let template = LinksPage {
        frame: frame_below(visit, state, issue, "Links"),
        form,
        key: issue.id.to_string(),
        action: issue_href(issue.id, IssuePage::Links),
        back: issue_href(issue.id, IssuePage::Show),
        kinds: OFFERED
            .iter()
            .map(|(value, label, ..)| Choice::new(*value, *label))
            .collect(),
        links: of_issue(state, issue.id)
            .into_iter()
            .map(|linked| {
                let other = linked.other;
                let label = format!("{} {}", other.id, other.title);
                let link = Link::to(issue_href(other.id, IssuePage::Show), label);
                (capital(linked.word), link, linked.link.key())
            })
            .collect(),
    };
    frame::page(frame::status_of(refusal), &template)
}

fn after_link(posted: &Posted, id: IssueId, done: Result<(), Refusal>, said: &str) -> HttpResponse {
    match done {
        Ok(()) => {
            let href = issue_href(id, IssuePage::Links);
            frame::go_saying(&posted.visit, &href, said)
        }
        Err(refusal) => with_issue(&posted.visit, id, Right::Edit, |state, issue| {
            let form = Form::refused(&posted.fields, &refusal);
            render_links(&posted.visit, state, issue, form, Some(&refusal))
        }),
    }
}

/// Adds a link.
pub async fn link(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["kind", "other"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let (kind, other) = (posted.fields.text("kind"), posted.fields.text("other"));
    let done = posted.write(|state| actions::links::add(state, id, kind, other));
    after_link(&posted, id, done, "The link was added.")
}

/// Takes a link away.
pub async fn unlink(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["link"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let key = posted.fields.text("link");
    let done = posted.write(|state| actions::links::remove(state, id, key));
    after_link(&posted, id, done, "The link was taken away.")
}
