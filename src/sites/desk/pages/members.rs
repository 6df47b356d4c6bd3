//! Members of a project, and its table of rights.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::day_text;
use crate::sites::desk::pages::frame::{self, Frame, above, project_href, role_text};
use crate::sites::desk::pages::parts::{Face, Link};
use crate::sites::desk::pages::{Visit, missing};
use crate::sites::desk::queries::access::{allows, may, my_role, project, refusal};
use crate::sites::desk::queries::people::of_project;
use crate::sites::desk::state::{ProjectKey, Right, Role};
use crate::sites::desk::view::{ProjectPage, Route};

#[derive(Template)]
#[template(path = "sites/desk/members.html")]
struct MembersPage {
    frame: Frame,
    name: String,
    rows: Vec<MemberRow>,
    add_href: String,
    why_not: String,
    role: String,
    rights_href: String,
}

struct MemberRow {
    face: Face,
    title: String,
    role: String,
    until: String,
    edit: Option<Link>,
}

/// Shows the members of a project.
pub fn show(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let state = visit.state();
    let (Some(project), Some(_)) = (project(&state, key), my_role(&state, key)) else {
        return missing::show(visit);
    };
    let changes = may(&state, key, Right::Members);
    let rows = of_project(&state, key)
        .into_iter()
        .map(|(member, membership)| {
            visit.show("desk.members", format!("{key}/{}", member.username));
            let href = Route::Member {
                project: key,
                member: member.username.to_string(),
            }
            .href();
            let may_edit = changes && member.username != state.fixed.me;
            MemberRow {
                face: Face::of(&state, &member.username),
                title: member.title.clone(),
                role: membership.role.label(),
                until: membership
                    .until
                    .map_or_else(|| "No end".to_owned(), day_text),
                edit: may_edit.then(|| Link::to(href, "Change")),
            }
        })
        .collect();
    let add = Route::MemberAdd {
        project: key,
        q: None,
    };
    let template = MembersPage {
        frame: Frame::new(visit, &state, format!("Members of {}", project.name))
            .under(above(&state, key), "Members")
            .within(&state, key, "Members"),
        name: project.name.clone(),
        rows,
        add_href: add.href(),
        why_not: refusal(&state, key, Right::Members).unwrap_or_default(),
        role: role_text(&state, key),
        rights_href: project_href(key, ProjectPage::Rights),
    };
    frame::page(StatusCode::OK, &template)
}

#[derive(Template)]
#[template(path = "sites/desk/rights.html")]
struct RightsPage {
    frame: Frame,
    name: String,
    roles: Vec<String>,
    rows: Vec<(&'static str, Vec<bool>)>,
    role: String,
}

/// Shows who may do what.
pub fn rights(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let state = visit.state();
    let (Some(project), Some(_)) = (project(&state, key), my_role(&state, key)) else {
        return missing::show(visit);
    };
    visit.show("desk.rights", key);
    let rows = Right::ALL
        .iter()
        .map(|right| {
            let allowed = Role::ALL.iter().map(|role| allows(project, *role, *right));
            (right.label(), allowed.collect())
        })
        .collect();
    let template = RightsPage {
        frame: Frame::new(visit, &state, format!("Rights in {}", project.name))
            .under(above(&state, key), "Rights")
            .within(&state, key, "Rights"),
        name: project.name.clone(),
        roles: Role::ALL.iter().map(|role| role.label()).collect(),
        rows,
        role: role_text(&state, key),
    };
    frame::page(StatusCode::OK, &template)
}
