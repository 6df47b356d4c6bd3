//! The form that logs work.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::TODAY;
use crate::sites::desk::actions::talk::Work;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::edit::{frame_below, with_issue};
use crate::sites::desk::pages::form::Form;
use crate::sites::desk::pages::frame::{self, Frame};
use crate::sites::desk::pages::issue::id_of;
use crate::sites::desk::pages::parts::issue_href;
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::state::{DeskState, Issue, IssueId, Right};
use crate::sites::desk::view::IssuePage;

#[derive(Template)]
#[template(path = "sites/desk/work.html")]
struct WorkPage {
    frame: Frame,
    form: Form,
    key: String,
    title: String,
    action: String,
    back: String,
}

/// Shows the form.
pub fn show(visit: &Visit, id: IssueId) -> HttpResponse {
    with_issue(visit, id, Right::Edit, |state, issue| {
        let form = Form::starting(&[("day", &TODAY.to_string())]);
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
    let template = WorkPage {
        frame: frame_below(visit, state, issue, "Log work"),
        form,
        key: issue.id.to_string(),
        title: issue.title.clone(),
        action: issue_href(issue.id, IssuePage::Work),
        back: issue_href(issue.id, IssuePage::Show),
    };
    frame::page(frame::status_of(refusal), &template)
}

/// Logs work.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["time", "day", "note"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let text = |name: &str| posted.fields.text(name).to_owned();
    let wanted = Work {
        time: text("time"),
        day: text("day"),
        note: text("note"),
    };
    match posted.write(|state| actions::talk::log(state, id, &wanted)) {
        Ok(_) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Your work was logged.")
        }
        Err(refusal) => with_issue(&posted.visit, id, Right::Edit, |state, issue| {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, state, issue, form, Some(&refusal))
        }),
    }
}

/// Takes logged work back.
pub async fn delete(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let Ok(no) = path.parse() else {
        return missing::show(&posted.visit);
    };
    match posted.write(|state| actions::talk::unlog(state, no)) {
        Ok(id) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Your entry was deleted.")
        }
        Err(refusal) => frame::go_saying(&posted.visit, "/desk/", refusal.message),
    }
}
