//! Reports of a community, for its moderators.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::{Posted, Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::forum::actions::Refusal;
use crate::sites::forum::actions::moderation::{self as actions, Decision};
use crate::sites::forum::pages::feed::Place;
use crate::sites::forum::pages::form::{Choice, Form};
use crate::sites::forum::pages::frame::{self, Frame, member_href, post_href};
use crate::sites::forum::pages::parts::{Link, counted};
use crate::sites::forum::queries::{feed, moderation};
use crate::sites::forum::state::{Community, ForumState, Report, ReportStatus};
use crate::sites::forum::view::Route;
use crate::sites::visit::Fields;

#[derive(Template)]
#[template(path = "sites/forum/queue.html")]
struct QueuePage {
    frame: Frame,
    place: Place,
    tabs: Vec<Link>,
    settled: bool,
    action: String,
    form: Form,
    rules: Vec<Choice>,
    count_text: String,
    rows: Vec<ReportRow>,
}

struct ReportRow {
    no: u32,
    ticked: bool,
    href: String,
    title: String,
    author: Link,
    by: Link,
    at: String,
    rule: String,
    note: String,
    text: String,
    picture: String,
    is_post: bool,
    outcome: String,
}

/// Shows open or settled reports.
pub fn show(visit: &Visit, community: &str, settled: bool) -> HttpResponse {
    render(visit, community, settled, None, StatusCode::OK)
}

fn render(
    visit: &Visit,
    id: &str,
    settled: bool,
    refused: Option<(&Fields, &Refusal)>,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    let Some(community) = feed::community(&state, id) else {
        return missing::show(visit);
    };
    if !feed::moderates(&state, &community.id) {
        let refusal = Refusal::forbidden("Only moderators of this community see its reports.");
        return missing::refused(visit, &refusal);
    }
    let ticked = refused.map_or_else(Vec::new, |(fields, _)| fields.all("report"));
    let form = refused.map_or_else(Form::default, |(fields, refusal)| {
        Form::typed(fields).refused(refusal)
    });
    let rows: Vec<ReportRow> = moderation::queue(&state, id, !settled)
        .into_iter()
        .filter_map(|report| {
            let is_ticked = ticked.contains(&report.no.to_string().as_str());
            row(visit, &state, community, report, is_ticked)
        })
        .collect();
    let route = |settled| Route::Queue {
        community: id.to_owned(),
        settled,
    };
    let tab = |is_settled: bool, label: &str| Link {
        current: is_settled == settled,
        count: moderation::queue(&state, id, !is_settled).len(),
        ..Link::to(route(is_settled).href(), label)
    };
    let none = Choice::new("", "Choose a rule").chosen(form.value("rule").is_empty());
    let each = community.rules.iter().enumerate().map(|(at, rule)| {
        let number = (at + 1).to_string();
        let chosen = form.value("rule") == number;
        Choice::new(&number, format!("{number}. {}", rule.title)).chosen(chosen)
    });
    let title = format!("Reports in {}", community.name);
    let template = QueuePage {
        frame: Frame::new(visit, &state, title).at(&route(false)),
        place: Place::of(&state, community),
        tabs: vec![tab(false, "Open"), tab(true, "Settled")],
        settled,
        action: route(false).href(),
        rules: std::iter::once(none).chain(each).collect(),
        form,
        count_text: counted(rows.len(), "report"),
        rows,
    };
    frame::page(status, &template)
}

fn row(
    visit: &Visit,
    state: &ForumState,
    community: &Community,
    report: &Report,
    ticked: bool,
) -> Option<ReportRow> {
    let (post, comment) = moderation::reported(state, report)?;
    visit.show("forum.reports", report.no);
    let rule = |number: u8| {
        let title = community.rules.get(usize::from(number).wrapping_sub(1));
        let title = title.map_or("", |rule| rule.title.as_str());
        format!("rule {number}, {title}")
    };
    let author = comment.map_or(&post.author, |comment| &comment.author);
    Some(ReportRow {
        no: report.no,
        ticked,
        href: post_href(post.no),
        title: post.title.clone(),
        author: Link::to(member_href(author.as_str()), author.as_str()),
        by: Link::to(member_href(report.by.as_str()), report.by.as_str()),
        at: moment_text(report.at),
        rule: rule(report.rule),
        note: report.note.clone(),
        text: comment.map_or_else(|| post.text.clone(), |comment| comment.text.clone()),
        picture: post.picture.clone().unwrap_or_default(),
        is_post: comment.is_none(),
        outcome: match (report.status, report.removed_for) {
            (ReportStatus::Removed, Some(number)) => format!("Removed for {}", rule(number)),
            (ReportStatus::Removed, None) => "Removed".to_owned(),
            (ReportStatus::Approved, _) => "Approved".to_owned(),
            (ReportStatus::Open, _) => String::new(),
        },
    })
}

/// Settles the ticked reports.
pub async fn settle(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let known = ["report", "decision", "rule"];
    if let Some(answer) = frame::foreign_fields(&posted, &known) {
        return answer;
    }
    let community = path.into_inner();
    let fields = &posted.fields;
    let decision = match fields.text("decision") {
        "approve" => Ok(Decision::Approve),
        "remove" => Ok(Decision::Remove {
            rule: fields.text("rule"),
        }),
        _ => Err(Refusal::field("decision", "Approve or remove?")),
    };
    let reports: Vec<u32> = fields
        .all("report")
        .iter()
        .map(|no| no.parse().unwrap_or(0))
        .collect();
    let done = decision.and_then(|decision| {
        posted.write(|state| actions::settle(state, &community, &reports, decision))
    });
    match done {
        Ok(count) => {
            let route = Route::Queue {
                community,
                settled: false,
            };
            let message = format!("{} settled.", counted(count, "report"));
            frame::go_saying(&posted.visit, &route.href(), message)
        }
        Err(refusal) => {
            let status = frame::status_of(refusal.status());
            let refused = Some((fields, &refusal));
            render(&posted.visit, &community, false, refused, status)
        }
    }
}
