//! The pages of the desk: handlers and what they show. They read through
//! [`queries`](super::queries), write through [`actions`](super::actions) alone, and know
//! nothing of tasks.
//!
//! A GET shows what [`view`](super::view) reads from its address; `show` is the one place that
//! goes from route to page. Forms post to addresses of their own, are answered with a redirect
//! when they were accepted, and with their page and everything typed when not.

use actix_web::{HttpResponse, web};

use crate::sites::desk::state::DeskState;
use crate::sites::desk::view::{IssuePage, Parsed, ProjectPage, Route};
use crate::sites::visit;

mod activity;
mod assets;
mod board;
mod close;
mod edit;
mod filters;
mod form;
mod frame;
mod home;
mod issue;
mod listing;
mod listing_filters;
mod member_forms;
mod members;
mod merge;
mod merges;
mod milestone;
mod milestone_forms;
mod missing;
mod new;
mod parts;
mod people;
mod picker;
mod project;
mod search;
mod work;

/// A request of a run, as the desk's pages see it.
pub type Visit = visit::Visit<DeskState>;

/// A form that was sent to the desk.
pub type Posted = visit::Posted<DeskState>;

/// Registers the desk's addresses.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/assets/desk.css", web::get().to(assets::style))
        .route("/assets/desk.svg", web::get().to(assets::icon))
        .configure(issue_forms)
        .configure(project_forms)
        .route("/desk", web::get().to(show))
        .route("/desk/{tail:.*}", web::get().to(show));
}

/// Forms of issues.
fn issue_forms(config: &mut web::ServiceConfig) {
    let at = |path: &str| format!("/desk/issues/{{issue}}/{path}");
    config
        .service(both("/desk/issues/new", web::post().to(new::send)))
        .route("/desk/issues/bulk", web::post().to(listing::change))
        .route("/desk/issues/undo", web::post().to(listing::undo))
        .route(&at("properties"), web::post().to(issue::set_properties))
        .route(&at("comment"), web::post().to(issue::comment))
        .route(&at("watch"), web::post().to(issue::watch))
        .route(&at("reopen"), web::post().to(issue::reopen))
        .route(&at("links/remove"), web::post().to(close::unlink))
        .service(both(&at("edit"), web::post().to(edit::send)))
        .service(both(&at("close"), web::post().to(close::send)))
        .service(both(&at("links"), web::post().to(close::link)))
        .service(both(&at("move"), web::post().to(board::send)))
        .service(both(&at("work"), web::post().to(work::send)))
        .service(both(&at("assignees"), web::post().to(picker::send)))
        .service(both(&at("watchers"), web::post().to(picker::send)))
        .service(both(&at("labels"), web::post().to(picker::send)))
        .route(
            "/desk/comments/{no}/delete",
            web::post().to(issue::delete_comment),
        )
        .route("/desk/work/{no}/delete", web::post().to(work::delete));
}

/// Forms of projects, milestones, merge requests and filters.
fn project_forms(config: &mut web::ServiceConfig) {
    let merge = |path: &str| format!("/desk/merge-requests/{{project}}/{{no}}/{path}");
    config
        .service(both(
            "/desk/p/{project}/milestones/new",
            web::post().to(milestone_forms::create),
        ))
        .service(both(
            "/desk/milestones/{milestone}/edit",
            web::post().to(milestone_forms::edit),
        ))
        .route(
            "/desk/milestones/{milestone}/state",
            web::post().to(milestone_forms::set_state),
        )
        .service(both(
            "/desk/p/{project}/members/add",
            web::post().to(member_forms::add),
        ))
        .service(both(
            "/desk/p/{project}/members/{member}",
            web::post().to(member_forms::change),
        ))
        .route(
            "/desk/p/{project}/members/{member}/remove",
            web::post().to(member_forms::remove),
        )
        .route(&merge("merge"), web::post().to(merge::merge))
        .route(&merge("close"), web::post().to(merge::close))
        .route(&merge("reopen"), web::post().to(merge::reopen))
        .route(&merge("approve"), web::post().to(merge::approve))
        .route(&merge("comment"), web::post().to(merge::comment))
        .service(both("/desk/filters", web::post().to(filters::save)))
        .route("/desk/filters/{no}/delete", web::post().to(filters::delete));
}

/// An address that shows a page and takes its form.
fn both(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path).route(web::get().to(show)).route(post)
}

/// Shows the page that the address means.
async fn show(visit: Visit) -> HttpResponse {
    let Some(Parsed { route, unknown }) = visit.parsed().cloned() else {
        return missing::show(&visit);
    };
    match route {
        Route::Home => home::show(&visit),
        Route::Issues(wanted) => listing::show(&visit, &wanted, &unknown),
        Route::IssueNew { project } => new::show(&visit, project),
        Route::Issue { issue, page, q } => show_issue(&visit, issue, page, q.as_deref()),
        Route::Project { project, page } => show_project(&visit, project, page),
        Route::MemberAdd { project, q } => {
            member_forms::show_add(&visit, project, q.as_deref().unwrap_or(""))
        }
        Route::Member { project, member } => member_forms::show(&visit, project, &member),
        Route::Activity {
            project,
            what,
            month,
            page,
        } => activity::show(&visit, project, what, month, page),
        Route::Milestone { milestone } => milestone::show(&visit, &milestone),
        Route::MilestoneEdit { milestone } => milestone_forms::show(&visit, &milestone),
        Route::Merges(wanted) => merges::show(&visit, &wanted),
        Route::Merge { merge } => merge::show(&visit, merge),
        Route::People { q } => people::list(&visit, q.as_deref().unwrap_or("")),
        Route::Person { member } => people::show(&visit, &member),
        Route::Search { q, scope, page } => {
            search::show(&visit, q.as_deref().unwrap_or(""), scope, page)
        }
        Route::Filters => filters::show(&visit),
    }
}

fn show_issue(
    visit: &Visit,
    issue: crate::sites::desk::state::IssueId,
    page: IssuePage,
    q: Option<&str>,
) -> HttpResponse {
    match page {
        IssuePage::Show => issue::show(visit, issue),
        IssuePage::Edit => edit::show(visit, issue),
        IssuePage::Close => close::show(visit, issue),
        IssuePage::Links => close::show_links(visit, issue),
        IssuePage::Move => board::show_move(visit, issue),
        IssuePage::Work => work::show(visit, issue),
        IssuePage::Assignees | IssuePage::Watchers | IssuePage::Labels => {
            picker::show(visit, issue, page, q.unwrap_or(""))
        }
    }
}

fn show_project(
    visit: &Visit,
    project: crate::sites::desk::state::ProjectKey,
    page: ProjectPage,
) -> HttpResponse {
    match page {
        ProjectPage::Show => project::show(visit, project),
        ProjectPage::Board => board::show(visit, project),
        ProjectPage::Milestones => milestone::list(visit, project),
        ProjectPage::MilestoneNew => milestone_forms::show_new(visit, project),
        ProjectPage::Members => members::show(visit, project),
        ProjectPage::Rights => members::rights(visit, project),
    }
}
