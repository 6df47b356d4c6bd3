//! Forms of milestones.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::TODAY;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::form::Form;
use crate::sites::desk::pages::frame::{self, Frame, above, project_href};
use crate::sites::desk::pages::{Posted, Visit, milestone, missing};
use crate::sites::desk::queries::access::{my_role, refusal};
use crate::sites::desk::state::{DeskState, MilestoneState, ProjectKey, Right};
use crate::sites::desk::view::{ProjectPage, Route};

#[derive(Template)]
#[template(path = "sites/desk/milestone_form.html")]
struct FormPage {
    frame: Frame,
    form: Form,
    heading: String,
    action: String,
    back: String,
}

const FIELDS: [&str; 4] = ["title", "about", "start", "due"];

/// Shows the form for a new milestone.
pub fn show_new(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let form = Form::starting(&[("start", &TODAY.to_string())]);
    render(visit, key, None, form, None)
}

/// Shows the form of a milestone.
pub fn show(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(milestone) = state.milestones.get(id) else {
        return missing::show(visit);
    };
    visit.show("desk.milestones", id);
    let form = Form::starting(&[
        ("title", &milestone.title),
        ("about", &milestone.about),
        ("start", &milestone.start.to_string()),
        ("due", &milestone.due.to_string()),
    ]);
    render(visit, milestone.project, Some(id), form, None)
}

fn render(
    visit: &Visit,
    key: ProjectKey,
    id: Option<&str>,
    form: Form,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    if my_role(&state, key).is_none() {
        return missing::show(visit);
    }
    if let Some(reason) = refusal(&state, key, Right::Milestones) {
        return missing::refuse(visit, reason);
    }
    let list = project_href(key, ProjectPage::Milestones);
    let edit = |id: &str| Route::MilestoneEdit {
        milestone: id.to_owned(),
    };
    let heading = if id.is_some() {
        "Edit milestone"
    } else {
        "New milestone"
    };
    let template = FormPage {
        frame: Frame::new(visit, &state, heading)
            .under(above(&state, key), heading)
            .within(&state, key, "Milestones"),
        form,
        heading: heading.to_owned(),
        action: id.map_or_else(
            || project_href(key, ProjectPage::MilestoneNew),
            |id| edit(id).href(),
        ),
        back: list,
    };
    frame::page(frame::status_of(refused), &template)
}

fn entered(posted: &Posted) -> actions::milestones::Form {
    let text = |name: &str| posted.fields.text(name).to_owned();
    actions::milestones::Form {
        title: text("title"),
        about: text("about"),
        start: text("start"),
        due: text("due"),
    }
}

fn after(posted: &Posted, id: &str, said: &str) -> HttpResponse {
    let state: DeskState = posted.visit.state();
    let href = state
        .milestones
        .get(id)
        .map_or_else(|| "/desk/".to_owned(), milestone::href);
    frame::go_saying(&posted.visit, &href, said)
}

/// Makes a milestone.
pub async fn create(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let Ok(key) = path.parse::<ProjectKey>() else {
        return missing::show(&posted.visit);
    };
    let form = entered(&posted);
    match posted.write(|state| actions::milestones::create(state, key, &form)) {
        Ok(id) => after(&posted, &id, "The milestone was made."),
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, key, None, form, Some(&refusal))
        }
    }
}

/// Saves a milestone.
pub async fn edit(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let form = entered(&posted);
    match posted.write(|state| actions::milestones::edit(state, &path, &form)) {
        Ok(()) => after(&posted, &path, "Saved."),
        Err(refusal) => {
            let state = posted.visit.state();
            let Some(key) = state.milestones.get(path.as_str()).map(|one| one.project) else {
                return missing::show(&posted.visit);
            };
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, key, Some(&path), form, Some(&refusal))
        }
    }
}

/// Ends a milestone or takes it up again.
pub async fn set_state(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["state"]) {
        return answer;
    }
    let Ok(wanted) = posted.fields.text("state").parse::<MilestoneState>() else {
        return missing::show(&posted.visit);
    };
    match posted.write(|state| actions::milestones::set_state(state, &path, wanted)) {
        Ok(()) => after(&posted, &path, "Saved."),
        Err(refusal) => missing::refuse(&posted.visit, refusal.message),
    }
}
