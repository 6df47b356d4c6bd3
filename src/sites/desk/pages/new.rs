//! The form for a new issue: first the project, then what depends on it.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::desk::actions::issues::{NewIssue, OWNER};
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::form::{Choice, Form};
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::parts::{issue_href, short_day};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{may, my_projects, my_role, project};
use crate::sites::desk::queries::milestones;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{
    DeskState, IssueKind, MilestoneState, Priority, ProjectKey, Right, Severity,
};
use crate::sites::desk::view::{IssuePage, Route};

#[derive(Template)]
#[template(path = "sites/desk/issue_new.html")]
struct NewPage {
    frame: Frame,
    form: Form,
    projects: Vec<Choice>,
    project: Option<Chosen>,
}

/// What the project offers.
struct Chosen {
    key: String,
    name: String,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    priorities: Vec<Choice>,
    components: Vec<Choice>,
    milestones: Vec<Choice>,
    assignees: Vec<Choice>,
    labels: Vec<Choice>,
}

/// Words with a capital.
pub fn capital(text: &str) -> String {
    crate::sites::desk::state::capital(text)
}

/// Options for what an issue is.
pub fn kinds() -> Vec<Choice> {
    let all = IssueKind::ALL.iter();
    all.map(|kind| Choice::new(kind.as_str(), kind.label()))
        .collect()
}

/// Options for how bad it is.
pub fn severities() -> Vec<Choice> {
    let mut options = vec![Choice::new("", "Not a bug")];
    let all = Severity::ALL.iter();
    options.extend(all.map(|one| Choice::new(one.as_str(), one.label())));
    options
}

/// Options for the parts of a project, each with its owner.
pub fn components(state: &DeskState, key: ProjectKey) -> Vec<Choice> {
    let mut options = vec![Choice::new("", "None")];
    let components = project(state, key).map_or(&[][..], |project| &project.components);
    options.extend(components.iter().map(|component| {
        let label = format!(
            "{} (owner {})",
            component.name,
            name(state, &component.owner)
        );
        Choice::new(&component.name, label)
    }));
    options
}

/// Shows the form.
pub fn show(visit: &Visit, project: Option<ProjectKey>) -> HttpResponse {
    let state = visit.state();
    if let Some(key) = project {
        if my_role(&state, key).is_none() {
            return missing::show(visit);
        }
        if let Some(reason) =
            crate::sites::desk::queries::access::refusal(&state, key, Right::Create)
        {
            return missing::refuse(visit, reason);
        }
    }
    let form = Form::starting(&[
        ("kind", "task"),
        ("priority", "normal"),
        ("assignee", OWNER),
    ]);
    render(visit, &state, project, form, None)
}

fn render(
    visit: &Visit,
    state: &DeskState,
    project: Option<ProjectKey>,
    form: Form,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let mut frame = Frame::new(visit, state, "New issue");
    if let Some(key) = project {
        frame = frame
            .under(above(state, key), "New issue")
            .within(state, key, "");
    }
    let template = NewPage {
        frame,
        form,
        projects: my_projects(state)
            .into_iter()
            .filter(|project| may(state, project.key, Right::Create))
            .map(|one| Choice::new(one.key.as_str(), format!("{} ({})", one.name, one.key)))
            .collect(),
        project: project.and_then(|key| chosen(state, key)),
    };
    frame::page(frame::status_of(refusal), &template)
}

fn chosen(state: &DeskState, key: ProjectKey) -> Option<Chosen> {
    let project = project(state, key)?;
    let mut milestones = vec![Choice::new("", "No milestone")];
    milestones.extend(
        milestones::of_project(state, key)
            .into_iter()
            .filter(|one| one.state == MilestoneState::Open)
            .map(|one| {
                let label = format!("{} (ends {})", one.title, short_day(one.due));
                Choice::new(&*one.id, label)
            }),
    );
    Some(Chosen {
        key: key.to_string(),
        name: project.name.clone(),
        kinds: kinds(),
        severities: severities(),
        priorities: Priority::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.label()))
            .collect(),
        components: components(state, key),
        milestones,
        assignees: vec![
            Choice::new(OWNER, "Owner of the component"),
            Choice::new(actions::issues::ME, "Me"),
            Choice::new("", "Nobody"),
        ],
        labels: project
            .labels
            .iter()
            .map(|label| Choice::new(&label.name, &label.name))
            .collect(),
    })
}

/// Reports the issue.
pub async fn send(posted: Posted) -> HttpResponse {
    const FIELDS: [&str; 13] = [
        "project",
        "kind",
        "title",
        "description",
        "component",
        "severity",
        "priority",
        "milestone",
        "assignee",
        "due",
        "points",
        "labels",
        "confidential",
    ];
    if let Some(answer) = frame::foreign_fields(&posted, &FIELDS) {
        return answer;
    }
    let fields = &posted.fields;
    let text = |name: &str| fields.text(name).to_owned();
    let wanted = NewIssue {
        project: text("project"),
        kind: text("kind"),
        title: text("title"),
        description: text("description"),
        component: text("component"),
        severity: text("severity"),
        priority: text("priority"),
        milestone: text("milestone"),
        assignee: text("assignee"),
        due: text("due"),
        points: text("points"),
        labels: fields
            .all("labels")
            .into_iter()
            .map(str::to_owned)
            .collect(),
        confidential: fields.has("confidential"),
    };
    match posted.write(|state| actions::issues::create(state, &wanted)) {
        Ok(id) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, format!("{id} was reported."))
        }
        Err(refusal) => {
            let state = posted.visit.state();
            let project = wanted
                .project
                .parse()
                .ok()
                .filter(|key| my_role(&state, *key).is_some());
            let form = Form::refused(fields, &refusal);
            render(&posted.visit, &state, project, form, Some(&refusal))
        }
    }
}

/// The address of the form of a project.
pub fn href(project: ProjectKey) -> String {
    Route::IssueNew {
        project: Some(project),
    }
    .href()
}
