//! An issue with everything that hangs on it.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::{day_text, moment_text};
use crate::sites::desk::actions::issues::Properties;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::form::Choice;
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::parts::{
    Block, Face, IssueRow, Link, blocks, distance_text, issue_href, length_text,
};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{comments, may, refusal, visible};
use crate::sites::desk::queries::activity::words;
use crate::sites::desk::queries::people::name;
use crate::sites::desk::queries::{issues, links, merges, milestones};
use crate::sites::desk::state::{
    Comment, DeskState, Issue, IssueId, MilestoneState, Priority, Resolution, Right, Severity,
    Status, Subject,
};
use crate::sites::desk::view::{IssuePage, IssueQuery, Route};

#[derive(Template)]
#[template(path = "sites/desk/issue.html")]
struct IssueView {
    frame: Frame,
    row: IssueRow,
    kind: String,
    severity: String,
    resolution: String,
    text: Vec<Block>,
    reporter: Face,
    reported: String,
    component: String,
    milestone: Option<Link>,
    assignees: Vec<Face>,
    watchers: Vec<Face>,
    distance: String,
    due: String,
    points: String,
    estimate: String,
    spent: String,
    links: Vec<(String, Link, &'static str, &'static str)>,
    requests: Vec<(Link, String)>,
    work: Vec<WorkRow>,
    notes: Vec<Note>,
    events: Vec<(String, String, String)>,
    base: String,
    is_open: bool,
    may_edit: bool,
    may_comment: bool,
    may_label: bool,
    why_not: String,
    watching: bool,
    statuses: Vec<Choice>,
    priorities: Vec<Choice>,
    milestones: Vec<Choice>,
    due_value: String,
    points_value: String,
    draft: String,
    draft_internal: bool,
}

/// A comment as pages show it.
pub struct Note {
    /// Its number.
    pub no: u32,
    /// Who wrote it.
    pub by: Face,
    /// When.
    pub at: String,
    /// What.
    pub text: Vec<Block>,
    /// Only staff sees it.
    pub internal: bool,
    /// Its author took it back.
    pub deleted: bool,
    /// Whether who is signed in wrote it.
    pub own: bool,
}

impl Note {
    /// A comment.
    pub fn of(state: &DeskState, comment: &Comment) -> Self {
        Self {
            no: comment.no,
            by: Face::of(state, &comment.author),
            at: moment_text(comment.at),
            text: blocks(&comment.text),
            internal: comment.internal,
            deleted: comment.deleted,
            own: comment.author == state.fixed.me,
        }
    }
}

struct WorkRow {
    no: u32,
    who: String,
    day: String,
    length: String,
    note: String,
    own: bool,
}

/// Shows an issue; an old number leads to the new one.
pub fn show(visit: &Visit, id: IssueId) -> HttpResponse {
    let state = visit.state();
    if let Some(now) = state.fixed.moved.get(&id)
        && visible(&state, *now).is_some()
    {
        let href = issue_href(*now, IssuePage::Show);
        return frame::go_saying(visit, &href, format!("{id} is {now} now."));
    }
    render(visit, id, "", false, None)
}

/// What was typed before a refusal stays.
fn render(
    visit: &Visit,
    id: IssueId,
    draft: &str,
    draft_internal: bool,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let Some(issue) = visible(&state, id) else {
        return missing::show(visit);
    };
    report(visit, &state, issue);
    let mut template = view(visit, &state, issue);
    template.frame = template.frame.refusing(refused);
    draft.clone_into(&mut template.draft);
    template.draft_internal = draft_internal;
    frame::page(frame::status_of(refused), &template)
}

fn report(visit: &Visit, state: &DeskState, issue: &Issue) {
    visit.show("desk.issues", issue.id);
    for comment in comments(state, Subject::Issue(issue.id)) {
        visit.show("desk.comments", comment.no);
    }
    for linked in links::of_issue(state, issue.id) {
        visit.show("desk.links", linked.link.key());
    }
    for (no, _) in issues::work(state, issue) {
        visit.show("desk.work", no);
    }
}

fn view(visit: &Visit, state: &DeskState, issue: &Issue) -> IssueView {
    let id = issue.id;
    let key = id.project;
    let list = Link::to(Route::Issues(IssueQuery::of(key)).href(), "Issues");
    let mut above = above(state, key);
    above.push(list);
    let work = issues::work(state, issue);
    let spent: u32 = work.iter().map(|(_, entry)| entry.minutes).sum();
    IssueView {
        frame: Frame::new(visit, state, format!("{id} {}", issue.title))
            .under(above, id.to_string())
            .within(state, key, "Issues"),
        row: IssueRow::of(state, issue),
        kind: issue.kind.label(),
        severity: issue.severity.map(Severity::label).unwrap_or_default(),
        resolution: issue.resolution.map(Resolution::label).unwrap_or_default(),
        text: blocks(&issue.description),
        reporter: Face::of(state, &issue.reporter),
        reported: moment_text(issue.created_at),
        component: issue.component.clone().unwrap_or_default(),
        milestone: milestone_link(state, issue),
        assignees: Face::all(state, &issue.assignees),
        watchers: Face::all(state, &issue.watchers),
        distance: issue.due.map_or_else(String::new, distance_text),
        due: issue.due.map_or_else(String::new, day_text),
        points: issue.points.map_or_else(String::new, |one| one.to_string()),
        estimate: issue.estimate_min.map_or_else(String::new, length_text),
        spent: length_text(spent),
        links: linked(state, id),
        requests: requests(state, id),
        work: work
            .into_iter()
            .map(|(no, entry)| WorkRow {
                no,
                who: name(state, &entry.member).to_owned(),
                day: day_text(entry.day),
                length: length_text(entry.minutes),
                note: entry.note.clone(),
                own: entry.member == state.fixed.me,
            })
            .collect(),
        notes: comments(state, Subject::Issue(id))
            .into_iter()
            .map(|comment| Note::of(state, comment))
            .collect(),
        events: issue
            .events
            .iter()
            .map(|event| {
                let who = name(state, &event.by).to_owned();
                (moment_text(event.at), who, words(&event.what))
            })
            .collect(),
        base: issue_href(id, IssuePage::Show),
        is_open: issue.is_open(),
        may_edit: may(state, key, Right::Edit),
        may_comment: may(state, key, Right::Comment),
        may_label: may(state, key, Right::Label),
        why_not: refusal(state, key, Right::Edit).unwrap_or_default(),
        watching: issue.watchers.contains(&state.fixed.me),
        statuses: Status::COLUMNS
            .iter()
            .map(|one| Choice::new(one.as_str(), one.label()).when(issue.status == *one))
            .collect(),
        priorities: Priority::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), one.label()).when(issue.priority == *one))
            .collect(),
        milestones: milestone_choices(state, issue),
        due_value: issue.due.map_or_else(String::new, |day| day.to_string()),
        points_value: issue.points.map_or_else(String::new, |one| one.to_string()),
        draft: String::new(),
        draft_internal: false,
    }
}

fn milestone_link(state: &DeskState, issue: &Issue) -> Option<Link> {
    let milestone = state.milestones.get(issue.milestone.as_ref()?)?;
    let href = Route::Milestone {
        milestone: milestone.id.to_string(),
    }
    .href();
    Some(Link::to(href, &milestone.title))
}

fn milestone_choices(state: &DeskState, issue: &Issue) -> Vec<Choice> {
    let mut options = vec![Choice::new("", "No milestone").when(issue.milestone.is_none())];
    options.extend(
        milestones::of_project(state, issue.id.project)
            .into_iter()
            .filter(|one| {
                one.state == MilestoneState::Open || issue.milestone.as_ref() == Some(&one.id)
            })
            .map(|one| {
                Choice::new(&*one.id, &one.title).when(issue.milestone.as_ref() == Some(&one.id))
            }),
    );
    options
}

/// How it hangs together with others: word, link, status.
fn linked(state: &DeskState, id: IssueId) -> Vec<(String, Link, &'static str, &'static str)> {
    links::of_issue(state, id)
        .into_iter()
        .map(|linked| {
            let other = linked.other;
            (
                super::new::capital(linked.word),
                Link::to(
                    issue_href(other.id, IssuePage::Show),
                    format!("{} {}", other.id, other.title),
                ),
                other.status.label(),
                super::parts::status_class(other.status),
            )
        })
        .collect()
}

fn requests(state: &DeskState, id: IssueId) -> Vec<(Link, String)> {
    merges::naming(state, id)
        .into_iter()
        .map(|merge| {
            let href = Route::Merge { merge: merge.id }.href();
            (
                Link::to(href, format!("{} {}", merge.id, merge.title)),
                merge.state.label(),
            )
        })
        .collect()
}

/// Reads the key in the path.
pub fn id_of(path: &web::Path<String>) -> Option<IssueId> {
    path.parse().ok()
}

/// Goes back to an issue after something was done, or shows it with the refusal.
fn back(visit: &Visit, id: IssueId, done: Result<(), Refusal>, said: &str) -> HttpResponse {
    match done {
        Ok(()) => frame::go_saying(visit, &issue_href(id, IssuePage::Show), said),
        Err(refusal) => render(visit, id, "", false, Some(&refusal)),
    }
}

/// Changes what stands beside the issue.
pub async fn set_properties(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let fields = ["status", "priority", "milestone", "due", "points"];
    if let Some(answer) = frame::foreign_fields(&posted, &fields) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let text = |name: &str| posted.fields.text(name).to_owned();
    let form = Properties {
        status: text("status"),
        priority: text("priority"),
        milestone: text("milestone"),
        due: text("due"),
        points: text("points"),
    };
    let done = posted.write(|state| actions::issues::set_properties(state, id, &form));
    back(&posted.visit, id, done, "Saved.")
}

/// Adds a comment.
pub async fn comment(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["text", "internal"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let (text, internal) = (posted.fields.text("text"), posted.fields.has("internal"));
    let on = Subject::Issue(id);
    match posted.write(|state| actions::talk::comment(state, on, text, internal)) {
        Ok(_) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Your comment was added.")
        }
        Err(refusal) => render(&posted.visit, id, text, internal, Some(&refusal)),
    }
}

/// Takes a comment of one's own back.
pub async fn delete_comment(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let Ok(no) = path.parse() else {
        return missing::show(&posted.visit);
    };
    match posted.write(|state| actions::talk::delete_comment(state, no)) {
        Ok(Subject::Issue(id)) => {
            let href = issue_href(id, IssuePage::Show);
            frame::go_saying(&posted.visit, &href, "Your comment was deleted.")
        }
        Ok(Subject::Merge(merge)) => {
            let href = Route::Merge { merge }.href();
            frame::go_saying(&posted.visit, &href, "Your comment was deleted.")
        }
        Err(refusal) => frame::go_saying(&posted.visit, "/desk/", refusal.message),
    }
}

/// Begins or ends watching.
pub async fn watch(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["on"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let on = posted.fields.text("on") == "yes";
    let done = posted.write(|state| actions::picks::watch(state, id, on));
    let said = if on {
        "You watch this issue now."
    } else {
        "You do not watch this issue any more."
    };
    back(&posted.visit, id, done, said)
}

/// Opens a closed issue again.
pub async fn reopen(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let done = posted.write(|state| actions::life::reopen(state, id));
    back(&posted.visit, id, done, "The issue is open again.")
}
