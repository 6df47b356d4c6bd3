//! A merge request.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::moment_text;
use crate::sites::desk::actions::{self, Refusal};
use crate::sites::desk::pages::frame::{self, Frame, above};
use crate::sites::desk::pages::issue::Note;
use crate::sites::desk::pages::merges::class_of;
use crate::sites::desk::pages::parts::{Block, Face, Link, blocks, issue_href, status_class};
use crate::sites::desk::pages::{Posted, Visit, missing};
use crate::sites::desk::queries::access::{comments, may, refusal, visible};
use crate::sites::desk::queries::merges::{closes, merge_refused, named};
use crate::sites::desk::queries::people::name;
use crate::sites::desk::state::{Checks, DeskState, Merge, MergeId, MergeState, Right, Subject};
use crate::sites::desk::view::{IssuePage, MergeQuery, Route};

#[derive(Template)]
#[template(path = "sites/desk/merge.html")]
struct MergePage {
    frame: Frame,
    key: String,
    title: String,
    state: String,
    class: &'static str,
    is_open: bool,
    can_reopen: bool,
    draft: bool,
    checks: &'static str,
    branch: String,
    branch_gone: bool,
    author: Face,
    assignee: Option<Face>,
    reviewers: Vec<(Face, bool)>,
    approvals: String,
    opened: String,
    ended: String,
    lines: (u32, u32),
    text: Vec<Block>,
    issues: Vec<(Link, &'static str, &'static str, bool)>,
    notes: Vec<Note>,
    base: String,
    refused: String,
    approved: bool,
    may_act: bool,
    why_not: String,
    may_comment: bool,
    typed: String,
}

/// Shows a merge request.
pub fn show(visit: &Visit, id: MergeId) -> HttpResponse {
    render(visit, id, "", None)
}

fn render(visit: &Visit, id: MergeId, typed: &str, refused: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    let found = state
        .merges
        .get(&id)
        .filter(|_| may(&state, id.project, Right::View));
    let Some(merge) = found else {
        return missing::show(visit);
    };
    visit.show("desk.merge_requests", id);
    for comment in comments(&state, Subject::Merge(id)) {
        visit.show("desk.comments", comment.no);
    }
    let mut template = view(visit, &state, merge);
    template.frame = template.frame.refusing(refused);
    typed.clone_into(&mut template.typed);
    frame::page(frame::status_of(refused), &template)
}

fn view(visit: &Visit, state: &DeskState, merge: &Merge) -> MergePage {
    let key = merge.id.project;
    let list = MergeQuery {
        project: Some(key),
        ..MergeQuery::start()
    };
    let mut above = above(state, key);
    above.push(Link::to(Route::Merges(list).href(), "Merge requests"));
    let approvals = frame::names(state, &merge.approved_by);
    MergePage {
        frame: Frame::new(visit, state, format!("{} {}", merge.id, merge.title))
            .under(above, merge.id.to_string())
            .within(state, key, "Merge requests"),
        key: merge.id.to_string(),
        title: merge.title.clone(),
        state: merge.state.label(),
        class: class_of(merge.state),
        is_open: merge.state == MergeState::Open,
        can_reopen: merge.state == MergeState::Closed,
        draft: merge.draft,
        checks: match merge.checks {
            Checks::Passed => "All checks passed",
            Checks::Failed => "Some checks failed",
        },
        branch: merge.branch.clone(),
        branch_gone: merge.branch_deleted,
        author: Face::of(state, &merge.author),
        assignee: merge.assignee.as_deref().map(|one| Face::of(state, one)),
        reviewers: merge
            .reviewers
            .iter()
            .map(|one| (Face::of(state, one), merge.approved_by.contains(one)))
            .collect(),
        approvals: if approvals.is_empty() {
            "Nobody yet".to_owned()
        } else {
            approvals
        },
        opened: moment_text(merge.created_at),
        ended: merge.ended.as_ref().map_or_else(String::new, |(at, by)| {
            let squashed = if merge.squashed { ", squashed" } else { "" };
            format!(
                "{} by {} on {}{squashed}",
                merge.state.label(),
                name(state, by),
                moment_text(*at)
            )
        }),
        lines: merge.lines,
        text: blocks(&merge.description),
        issues: issues(state, merge),
        notes: comments(state, Subject::Merge(merge.id))
            .into_iter()
            .map(|comment| Note::of(state, comment))
            .collect(),
        base: Route::Merge { merge: merge.id }.href(),
        refused: merge_refused(state, merge).unwrap_or_default(),
        approved: merge.approved_by.contains(&state.fixed.me),
        may_act: may(state, key, Right::Merge),
        why_not: refusal(state, key, Right::Merge).unwrap_or_default(),
        may_comment: may(state, key, Right::Comment),
        typed: String::new(),
    }
}

/// Issues that it names: link, status, class, and whether it closes them.
fn issues(state: &DeskState, merge: &Merge) -> Vec<(Link, &'static str, &'static str, bool)> {
    let closing = closes(merge);
    named(merge)
        .into_iter()
        .filter_map(|id| visible(state, id))
        .map(|issue| {
            let label = format!("{} {}", issue.id, issue.title);
            (
                Link::to(issue_href(issue.id, IssuePage::Show), label),
                issue.status.label(),
                status_class(issue.status),
                closing.contains(&issue.id),
            )
        })
        .collect()
}

fn id_of(path: &(String, u32)) -> Option<MergeId> {
    Some(MergeId {
        project: path.0.parse().ok()?,
        no: path.1,
    })
}

fn after(visit: &Visit, id: MergeId, done: Result<(), Refusal>, said: &str) -> HttpResponse {
    match done {
        Ok(()) => frame::go_saying(visit, &Route::Merge { merge: id }.href(), said),
        Err(refusal) => render(visit, id, "", Some(&refusal)),
    }
}

/// Merges it.
pub async fn merge(posted: Posted, path: web::Path<(String, u32)>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["squash", "delete_branch"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let (squash, delete) = (
        posted.fields.has("squash"),
        posted.fields.has("delete_branch"),
    );
    let mut said = "It was merged.".to_owned();
    let done = posted
        .write(|state| actions::merges::merge(state, id, squash, delete))
        .map(|closed| {
            for issue in closed {
                said.push_str(&format!(" {issue} is closed."));
            }
        });
    after(&posted.visit, id, done, &said)
}

/// Gives it up.
pub async fn close(posted: Posted, path: web::Path<(String, u32)>) -> HttpResponse {
    act(&posted, &path, "It was closed.", actions::merges::close)
}

/// Takes it up again.
pub async fn reopen(posted: Posted, path: web::Path<(String, u32)>) -> HttpResponse {
    act(&posted, &path, "It is open again.", actions::merges::reopen)
}

fn act(
    posted: &Posted,
    path: &(String, u32),
    said: &str,
    act: impl FnOnce(&mut DeskState, MergeId) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &[]) {
        return answer;
    }
    let Some(id) = id_of(path) else {
        return missing::show(&posted.visit);
    };
    let done = posted.write(|state| act(state, id));
    after(&posted.visit, id, done, said)
}

/// Approves it, or takes the approval back.
pub async fn approve(posted: Posted, path: web::Path<(String, u32)>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["on"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let on = posted.fields.text("on") == "yes";
    let done = posted.write(|state| actions::merges::approve(state, id, on));
    after(&posted.visit, id, done, "Saved.")
}

/// Adds a comment.
pub async fn comment(posted: Posted, path: web::Path<(String, u32)>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["text"]) {
        return answer;
    }
    let Some(id) = id_of(&path) else {
        return missing::show(&posted.visit);
    };
    let text = posted.fields.text("text");
    let on = Subject::Merge(id);
    match posted.write(|state| actions::talk::comment(state, on, text, false)) {
        Ok(_) => {
            let href = Route::Merge { merge: id }.href();
            frame::go_saying(&posted.visit, &href, "Your comment was added.")
        }
        Err(refusal) => render(&posted.visit, id, text, Some(&refusal)),
    }
}
