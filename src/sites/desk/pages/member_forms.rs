//! Forms of members: adding somebody, changing a role, putting somebody out.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::form::{Choice, Form};
use crate::sites::desk::pages::frame::{self, Frame, above, project_href};
use crate::sites::desk::pages::parts::{Face, Link};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{my_role, refusal};
use crate::sites::desk::queries::people::{PICKER_SIZE, full_name};
use crate::sites::desk::queries::search;
use crate::sites::desk::state::{DeskState, ProjectKey, Right, Role};
use crate::sites::desk::view::{ProjectPage, Route};

#[derive(Template)]
#[template(path = "sites/desk/member_add.html")]
struct AddPage {
    frame: Frame,
    form: Form,
    q: String,
    action: String,
    back: String,
    found: Vec<Choice>,
    members: Vec<String>,
    more: usize,
    roles: Vec<Choice>,
    rights_href: String,
}

fn roles() -> Vec<Choice> {
    let all = Role::ALL.iter();
    all.map(|role| Choice::new(role.as_str(), role.label()))
        .collect()
}

/// Shows the form that adds a member.
pub fn show_add(visit: &Visit, key: ProjectKey, q: &str) -> HttpResponse {
    let form = Form::starting(&[("role", "guest")]);
    render_add(visit, key, q, form, None)
}

fn refused_page(visit: &Visit, state: &DeskState, key: ProjectKey) -> Option<HttpResponse> {
    if my_role(state, key).is_none() {
        return Some(missing::show(visit));
    }
    refusal(state, key, Right::Members).map(|reason| missing::refuse(visit, reason))
}

fn render_add(
    visit: &Visit,
    key: ProjectKey,
    q: &str,
    form: Form,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    if let Some(answer) = refused_page(visit, &state, key) {
        return answer;
    }
    let (members, found): (Vec<_>, Vec<_>) = search::people(&state, q)
        .into_iter()
        .filter(|member| !member.deactivated)
        .partition(|member| {
            state
                .memberships
                .contains_key(&(key, member.username.clone()))
        });
    for member in &found {
        visit.show("desk.people", &member.username);
    }
    let members = if q.trim().is_empty() {
        Vec::new()
    } else {
        members
            .iter()
            .map(|member| full_name(&state, &member.username))
            .collect()
    };
    let here = Route::MemberAdd {
        project: key,
        q: None,
    };
    let template = AddPage {
        frame: Frame::new(visit, &state, "Add member")
            .under(above(&state, key), "Add member")
            .within(&state, key, "Members"),
        form,
        q: q.to_owned(),
        action: here.href(),
        back: project_href(key, ProjectPage::Members),
        more: found.len().saturating_sub(PICKER_SIZE),
        found: found
            .iter()
            .take(PICKER_SIZE)
            .map(|member| Choice {
                sub: format!("{}, {}", member.team, member.username),
                ..Choice::new(&*member.username, &member.name)
            })
            .collect(),
        members,
        roles: roles(),
        rights_href: project_href(key, ProjectPage::Rights),
    };
    frame::page(frame::status_of(refused), &template)
}

/// Adds a member.
pub async fn add(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["member", "role", "until", "q"]) {
        return answer;
    }
    let Ok(key) = path.parse::<ProjectKey>() else {
        return missing::show(&posted.visit);
    };
    let fields = &posted.fields;
    let (member, role, until) = (
        fields.text("member"),
        fields.text("role"),
        fields.text("until"),
    );
    match posted.write(|state| actions::members::add(state, key, member, role, until)) {
        Ok(()) => {
            let said = format!(
                "{} is a member now.",
                full_name(&posted.visit.state(), member)
            );
            let href = project_href(key, ProjectPage::Members);
            frame::go_saying(&posted.visit, &href, said)
        }
        Err(refusal) => {
            let form = Form::refused(fields, &refusal);
            render_add(&posted.visit, key, fields.text("q"), form, Some(&refusal))
        }
    }
}

#[derive(Template)]
#[template(path = "sites/desk/member_form.html")]
struct MemberPage {
    frame: Frame,
    form: Form,
    face: Face,
    project: String,
    action: String,
    back: String,
    roles: Vec<Choice>,
    rights_href: String,
}

/// Shows the form of a member.
pub fn show(visit: &Visit, key: ProjectKey, username: &str) -> HttpResponse {
    let state = visit.state();
    let Some(membership) = state.memberships.get(&(key, username.into())) else {
        return missing::show(visit);
    };
    let until = membership
        .until
        .map_or_else(String::new, |day| day.to_string());
    let form = Form::starting(&[("role", membership.role.as_str()), ("until", &until)]);
    render(visit, key, username, form, None)
}

fn render(
    visit: &Visit,
    key: ProjectKey,
    username: &str,
    form: Form,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    if let Some(answer) = refused_page(visit, &state, key) {
        return answer;
    }
    visit.show("desk.members", format!("{key}/{username}"));
    let mut links = above(&state, key);
    links.push(Link::to(project_href(key, ProjectPage::Members), "Members"));
    let face = Face::of(&state, username);
    let here = Route::Member {
        project: key,
        member: username.to_owned(),
    };
    let template = MemberPage {
        frame: Frame::new(visit, &state, face.name.clone())
            .under(links, face.name.clone())
            .within(&state, key, "Members"),
        form,
        face,
        project: key.to_string(),
        action: here.href(),
        back: project_href(key, ProjectPage::Members),
        roles: roles(),
        rights_href: project_href(key, ProjectPage::Rights),
    };
    frame::page(frame::status_of(refused), &template)
}

/// Changes a membership.
pub async fn change(posted: Posted, path: web::Path<(String, String)>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["role", "until"]) {
        return answer;
    }
    let (Ok(key), username) = (path.0.parse::<ProjectKey>(), path.1.as_str()) else {
        return missing::show(&posted.visit);
    };
    let (role, until) = (posted.fields.text("role"), posted.fields.text("until"));
    match posted.write(|state| actions::members::change(state, key, username, role, until)) {
        Ok(()) => {
            let href = project_href(key, ProjectPage::Members);
            frame::go_saying(&posted.visit, &href, "Saved.")
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, key, username, form, Some(&refusal))
        }
    }
}

/// Puts a member out.
pub async fn remove(posted: Posted, path: web::Path<(String, String)>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let (Ok(key), username) = (path.0.parse::<ProjectKey>(), path.1.as_str()) else {
        return missing::show(&posted.visit);
    };
    match posted.write(|state| actions::members::remove(state, key, username)) {
        Ok(()) => {
            let said = format!(
                "{} is no member any more.",
                full_name(&posted.visit.state(), username)
            );
            let href = project_href(key, ProjectPage::Members);
            frame::go_saying(&posted.visit, &href, said)
        }
        Err(refusal) => missing::refuse(&posted.visit, refusal.message),
    }
}
