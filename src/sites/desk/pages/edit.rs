//! The form for what an issue says about itself.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::desk::actions::issues::Text;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::form::{Choice, Form};
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::issue::id_of;
use crate::sites::desk::pages::parts::{Link, issue_href, length_text};
use crate::sites::desk::pages::{Posted, Visit, missing, new};
use crate::sites::desk::queries::access::{refusal, visible};
use crate::sites::desk::state::{DeskState, Issue, IssueId, Right};
use crate::sites::desk::view::IssuePage;

#[derive(Template)]
#[template(path = "sites/desk/issue_edit.html")]
struct EditPage {
    frame: Frame,
    form: Form,
    action: String,
    back: String,
    key: String,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    components: Vec<Choice>,
}

/// The frame of a page below an issue.
pub fn frame_below(visit: &Visit, state: &DeskState, issue: &Issue, here: &str) -> Frame {
    let mut links = above(state, issue.id.project);
    links.push(Link::to(
        issue_href(issue.id, IssuePage::Show),
        issue.id.to_string(),
    ));
    Frame::new(visit, state, format!("{here}: {}", issue.id))
        .under(links, here)
        .within(state, issue.id.project, "Issues")
}

/// Runs `show` with an issue that may be seen and for which who is signed in has a right; else
/// shows why not.
pub fn with_issue(
    visit: &Visit,
    id: IssueId,
    right: Right,
    show: impl FnOnce(&DeskState, &Issue) -> HttpResponse,
) -> HttpResponse {
    let state = visit.state();
    let Some(issue) = visible(&state, id) else {
        return missing::show(visit);
    };
    if let Some(reason) = refusal(&state, id.project, right) {
        return missing::refuse(visit, reason);
    }
    visit.show("desk.issues", id);
    show(&state, issue)
}

/// Shows the form.
pub fn show(visit: &Visit, id: IssueId) -> HttpResponse {
    with_issue(visit, id, Right::Edit, |state, issue| {
        let estimate = issue.estimate_min.map_or_else(String::new, length_text);
        let mut form = Form::starting(&[
            ("kind", issue.kind.as_str()),
            ("title", &issue.title),
            ("description", &issue.description),
            ("component", issue.component.as_deref().unwrap_or("")),
            ("severity", issue.severity.map_or("", |one| one.as_str())),
            ("estimate", &estimate),
        ]);
        if issue.confidential {
            form.put("confidential", "yes");
        }
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
    let template = EditPage {
        frame: frame_below(visit, state, issue, "Edit"),
        form,
        action: issue_href(issue.id, IssuePage::Edit),
        back: issue_href(issue.id, IssuePage::Show),
        key: issue.id.to_string(),
        kinds: new::kinds(),
        severities: new::severities(),
        components: new::components(state, issue.id.project),
    };
    frame::page(frame::status_of(refusal), &template)
}

/// Saves the form.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    const FIELDS: [&str; 7] = [
        "kind",
        "title",
        "description",
        "component",
        "severity",
        "estimate",
        "confidential",
    ];
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let text = |name: &str| posted.fields.text(name).to_owned();
    let wanted = Text {
        kind: text("kind"),
        title: text("title"),
        description: text("description"),
        component: text("component"),
        severity: text("severity"),
        estimate: text("estimate"),
        confidential: posted.fields.has("confidential"),
    };
    match posted.write(|state| actions::issues::edit(state, id, &wanted)) {
        Ok(()) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Saved.")
        }
        Err(refusal) => with_issue(&posted.visit, id, Right::Edit, |state, issue| {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, state, issue, form, Some(&refusal))
        }),
    }
}
