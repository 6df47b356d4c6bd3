//! History, comparisons, old revisions brought back, and lists of changes.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::form::Form;
use super::frame::{self, Frame, Link, Pager};
use super::{Posted, Visit, missing};
use crate::sites::clock::{day_text, moment_text};
use crate::sites::wiki::actions::{self, PROTECTED};
use crate::sites::wiki::queries::diff::{self, Row};
use crate::sites::wiki::queries::{self, history as revisions};
use crate::sites::wiki::state::{Page, Revision, WikiState};
use crate::sites::wiki::view::Route;

/// Rows of a page of history and of the lists of changes.
const PER_PAGE: usize = 25;
const RECENT_PER_PAGE: usize = 40;

/// A change in a list.
struct Change {
    no: u32,
    page: Link,
    at: Link,
    author: Link,
    summary: String,
    growth: String,
    shorter: bool,
    diff_href: String,
    restore_href: String,
    is_latest: bool,
}

fn change(state: &WikiState, revision: &Revision) -> Option<Change> {
    let page = state.pages.get(&revision.page)?;
    let article = page.title.to_string();
    let growth = revisions::growth(state, revision);
    let before = revisions::before(state, revision);
    Some(Change {
        no: revision.no,
        page: Link::article(&article),
        at: Link::to(
            &Route::revision(&article, revision.no),
            moment_text(revision.at),
        ),
        author: author(state, &revision.author),
        summary: revision.summary.clone(),
        growth: format!("{growth:+}"),
        shorter: growth < 0,
        diff_href: before.map_or_else(String::new, |before| {
            Route::Diff {
                article: article.clone(),
                from: before.no,
                to: revision.no,
            }
            .href()
        }),
        restore_href: Route::Restore {
            article,
            revision: revision.no,
        }
        .href(),
        is_latest: revision.no == page.latest,
    })
}

/// A link to a member.
pub(super) fn author(state: &WikiState, username: &str) -> Link {
    let route = Route::Member {
        member: username.to_owned(),
        page: 1,
    };
    Link::to(&route, queries::name_of(&state.book, username))
}

#[derive(Template)]
#[template(path = "sites/wiki/history.html")]
struct History {
    frame: Frame,
    changes: Vec<Change>,
    pager: Pager,
    compare_action: String,
    may_write: bool,
}

/// Shows the revisions of an article.
pub fn history(visit: &Visit, title: &str, page_no: u32) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let all = revisions::of(&state, page.id);
    let article = page.title.to_string();
    let pager = Pager::of(all.len(), page_no, PER_PAGE, |page| Route::History {
        article: article.clone(),
        page,
    });
    let shown = queries::of_page(all, page_no, PER_PAGE);
    for revision in &shown {
        visit.show("wiki.revisions", revision.no);
    }
    let template = History {
        frame: Frame::of_article(visit, &state, page, "History"),
        changes: shown
            .into_iter()
            .filter_map(|one| change(&state, one))
            .collect(),
        pager,
        compare_action: format!("{}/diff", Route::article(&article).href()),
        may_write: queries::may_write(&state, page),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/diff.html")]
struct Diff {
    frame: Frame,
    before: Side,
    after: Side,
    rows: Vec<Row>,
    previous: Option<String>,
    next: Option<String>,
}

struct Side {
    at: Link,
    day: String,
    author: Link,
    summary: String,
}

fn side(state: &WikiState, article: &str, revision: &Revision) -> Side {
    Side {
        at: Link::to(
            &Route::revision(article, revision.no),
            moment_text(revision.at),
        ),
        day: day_text(revision.at.date()),
        author: author(state, &revision.author),
        summary: revision.summary.clone(),
    }
}

/// Shows what changed between two revisions; the earlier one is always taken as the one before.
pub fn diff(visit: &Visit, title: &str, from: u32, to: u32) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let find = |no: u32| revisions::revision(&state, page, no);
    let (Some(before), Some(after)) = (find(from.min(to)), find(from.max(to))) else {
        return missing::page(visit, None);
    };
    let article = page.title.to_string();
    visit.show("wiki.revisions", before.no);
    visit.show("wiki.revisions", after.no);
    let step = |from: &Revision, to: &Revision| {
        Route::Diff {
            article: article.clone(),
            from: from.no,
            to: to.no,
        }
        .href()
    };
    let template = Diff {
        frame: Frame::of_article(visit, &state, page, "Changes"),
        before: side(&state, &article, before),
        after: side(&state, &article, after),
        rows: diff::compare(&before.source, &after.source),
        previous: revisions::before(&state, before).map(|earlier| step(earlier, before)),
        next: revisions::after(&state, after).map(|later| step(after, later)),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/restore.html")]
struct Restore {
    frame: Frame,
    form: Form,
    at: String,
    author: String,
    undone: usize,
    source: String,
    rows: Vec<Row>,
    action: String,
    back_href: String,
    locked: Option<&'static str>,
}

/// Shows the form that brings an old revision back, with its text.
pub fn restore(visit: &Visit, title: &str, no: u32) -> HttpResponse {
    render_restore(visit, title, no, Form::default(), StatusCode::OK)
}

fn render_restore(
    visit: &Visit,
    title: &str,
    no: u32,
    form: Form,
    status: StatusCode,
) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let Some(revision) = revisions::revision(&state, page, no) else {
        return missing::page(visit, None);
    };
    visit.show("wiki.revisions", revision.no);
    let article = page.title.to_string();
    let template = Restore {
        frame: Frame::of_article(visit, &state, page, "Restore"),
        form,
        at: moment_text(revision.at),
        author: queries::name_of(&state.book, &revision.author).to_owned(),
        undone: undone(&state, page, no),
        source: revision.source.to_string(),
        rows: diff::compare(&page.content.source, &revision.source),
        action: Route::Restore {
            article: article.clone(),
            revision: no,
        }
        .href(),
        back_href: Route::History { article, page: 1 }.href(),
        locked: (!queries::may_write(&state, page)).then_some(PROTECTED),
    };
    frame::page(status, &template)
}

/// How many later changes a restoration undoes.
fn undone(state: &WikiState, page: &Page, no: u32) -> usize {
    revisions::of(state, page.id)
        .iter()
        .take_while(|revision| revision.no > no)
        .count()
}

/// Brings an old revision back.
pub fn do_restore(posted: &Posted, title: &str, no: u32) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["summary"]) {
        return answer;
    }
    let fields = &posted.fields;
    let done =
        posted.write(|state| actions::texts::restore(state, title, no, fields.text("summary")));
    match done {
        Ok(()) => {
            let message = "The old revision is the page again.";
            frame::go_saying(&posted.visit, &Route::article(title), message)
        }
        Err(refusal) => {
            let form = Form::typed(fields, Some(&refusal));
            let status = frame::status_of(Some(&refusal));
            render_restore(&posted.visit, title, no, form, status)
        }
    }
}

#[derive(Template)]
#[template(path = "sites/wiki/changes.html")]
struct Changes {
    frame: Frame,
    about: String,
    days: Vec<(String, Vec<Change>)>,
    pager: Pager,
}

/// Shows the latest changes.
pub fn recent(visit: &Visit, page: u32) -> HttpResponse {
    let state = visit.state();
    let frame = Frame::new(visit, &state, "Recent changes");
    let all = revisions::recent(&state);
    let about = "All that was saved, the latest first.".to_owned();
    list(&state, frame, about, all, page, |page| Route::Recent {
        page,
    })
}

/// Shows what a member wrote.
pub fn member(visit: &Visit, username: &str, page: u32) -> HttpResponse {
    let state = visit.state();
    let Some(member) = state.book.members.get(username) else {
        return missing::page(visit, None);
    };
    visit.show("wiki.members", username);
    let frame = Frame::new(visit, &state, &member.name);
    let about = format!(
        "{}, user name {}, member since {}.",
        member.role.label(),
        member.username,
        day_text(member.joined)
    );
    let all = revisions::by_member(&state, username);
    list(&state, frame, about, all, page, |page| Route::Member {
        member: username.to_owned(),
        page,
    })
}

fn list(
    state: &WikiState,
    frame: Frame,
    about: String,
    all: Vec<&Revision>,
    page: u32,
    route: impl Fn(u32) -> Route,
) -> HttpResponse {
    let pager = Pager::of(all.len(), page, RECENT_PER_PAGE, route);
    let mut days: Vec<(String, Vec<Change>)> = Vec::new();
    for revision in queries::of_page(all, page, RECENT_PER_PAGE) {
        let day = day_text(revision.at.date());
        if days.last().is_none_or(|(last, _)| *last != day) {
            days.push((day, Vec::new()));
        }
        if let (Some((_, changes)), Some(change)) = (days.last_mut(), change(state, revision)) {
            changes.push(change);
        }
    }
    let template = Changes {
        frame,
        about,
        days,
        pager,
    };
    frame::ok(&template)
}
