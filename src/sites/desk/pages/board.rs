//! The board of a project, and the form that moves a card.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::edit::{frame_below, with_issue};
use crate::sites::desk::pages::form::{Choice, Form};
use crate::sites::desk::pages::frame::{self, Frame, above, project_href};
use crate::sites::desk::pages::issue::id_of;
use crate::sites::desk::pages::parts::{Face, issue_href, priority_icon};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{may, my_role, project};
use crate::sites::desk::queries::board::cards;
use crate::sites::desk::state::{DeskState, Issue, IssueId, ProjectKey, Right, Status};
use crate::sites::desk::view::{IssuePage, ProjectPage};

#[derive(Template)]
#[template(path = "sites/desk/board.html")]
struct BoardPage {
    frame: Frame,
    name: String,
    columns: Vec<Column>,
    may_move: bool,
}

struct Column {
    label: &'static str,
    status: &'static str,
    cards: Vec<Card>,
}

struct Card {
    key: String,
    title: String,
    href: String,
    move_href: String,
    icon: &'static str,
    priority: String,
    points: String,
    labels: Vec<String>,
    people: Vec<Face>,
}

/// Shows the board of a project.
pub fn show(visit: &Visit, key: ProjectKey) -> HttpResponse {
    let state = visit.state();
    let (Some(project), Some(_)) = (project(&state, key), my_role(&state, key)) else {
        return missing::show(visit);
    };
    let columns = Status::COLUMNS
        .iter()
        .map(|status| {
            let cards = cards(&state, key, *status);
            for issue in &cards {
                visit.show("desk.issues", issue.id);
            }
            Column {
                label: status.label(),
                status: status.as_str(),
                cards: cards.iter().map(|issue| card(&state, issue)).collect(),
            }
        })
        .collect();
    let template = BoardPage {
        frame: Frame::new(visit, &state, format!("Board of {}", project.name))
            .under(above(&state, key), "Board")
            .within(&state, key, "Board"),
        name: project.name.clone(),
        columns,
        may_move: may(&state, key, Right::Edit),
    };
    frame::page(actix_web::http::StatusCode::OK, &template)
}

fn card(state: &DeskState, issue: &Issue) -> Card {
    Card {
        key: issue.id.to_string(),
        title: issue.title.clone(),
        href: issue_href(issue.id, IssuePage::Show),
        move_href: issue_href(issue.id, IssuePage::Move),
        icon: priority_icon(issue.priority),
        priority: issue.priority.label(),
        points: issue.points.map_or_else(String::new, |one| one.to_string()),
        labels: issue.labels.clone(),
        people: Face::all(state, &issue.assignees),
    }
}

#[derive(Template)]
#[template(path = "sites/desk/move.html")]
struct MovePage {
    frame: Frame,
    form: Form,
    key: String,
    title: String,
    now: &'static str,
    action: String,
    back: String,
    columns: Vec<Choice>,
    places: Vec<Choice>,
    above: Vec<(String, Vec<Choice>)>,
}

/// Shows the form that moves a card.
pub fn show_move(visit: &Visit, id: IssueId) -> HttpResponse {
    with_issue(visit, id, Right::Edit, |state, issue| {
        let form = Form::starting(&[("status", issue.status.as_str()), ("place", "top")]);
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
    let above = Status::COLUMNS
        .iter()
        .map(|status| {
            let cards = cards(state, issue.id.project, *status)
                .into_iter()
                .filter(|other| other.id != issue.id)
                .map(|other| {
                    let key = other.id.to_string();
                    let label = format!("Above {key} {}", other.title);
                    Choice::new(key, label)
                })
                .collect();
            (status.label().to_owned(), cards)
        })
        .collect();
    let template = MovePage {
        frame: frame_below(visit, state, issue, "Move"),
        form,
        key: issue.id.to_string(),
        title: issue.title.clone(),
        now: issue.status.label(),
        action: issue_href(issue.id, IssuePage::Move),
        back: project_href(issue.id.project, ProjectPage::Board),
        columns: Status::COLUMNS
            .iter()
            .map(|status| Choice::new(status.as_str(), status.label()))
            .collect(),
        places: [
            ("top", "Top of the column"),
            ("bottom", "Bottom of the column"),
            ("up", "One up"),
            ("down", "One down"),
        ]
        .into_iter()
        .map(|(value, label)| Choice::new(value, label))
        .collect(),
        above,
    };
    frame::page(frame::status_of(refusal), &template)
}

/// Moves the card.
pub async fn send(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["status", "place"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let (status, place) = (posted.fields.text("status"), posted.fields.text("place"));
    match posted.write(|state| actions::life::move_card(state, id, status, place)) {
        Ok(()) => {
            let href = project_href(id.project, ProjectPage::Board);
            frame::go_saying(&posted.visit, &href, format!("{id} was moved."))
        }
        Err(refusal) => with_issue(&posted.visit, id, Right::Edit, |state, issue| {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, state, issue, form, Some(&refusal))
        }),
    }
}
