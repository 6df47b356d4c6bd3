//! The pages of the wiki: handlers and what they show. They read through
//! [`queries`](super::queries), write through [`actions`](super::actions) alone, and know
//! nothing of tasks.
//!
//! Every address is read by [`view`](super::view). `show` goes from route to page, `take` from
//! route to what a form does. A form posts to the address of its page; it is answered with a
//! redirect when it was accepted, and with its page and everything typed when not.

use actix_web::{HttpResponse, web};

use crate::sites::visit;
use crate::sites::wiki::state::WikiState;
use crate::sites::wiki::view::{Parsed, Route};

mod article;
mod assets;
mod body;
mod browse;
mod changes;
mod edit;
mod form;
mod frame;
mod home;
mod missing;
mod new;
mod rename;
mod table;
mod talk;

/// A request for a page of the wiki.
pub type Visit = visit::Visit<WikiState>;
/// A form of the wiki.
pub type Posted = visit::Posted<WikiState>;

/// Registers the wiki's addresses.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/assets/wiki.css", web::get().to(assets::style))
        .route("/assets/wiki.svg", web::get().to(assets::icon))
        .service(both("/wiki"))
        .service(both("/wiki/{tail:.*}"));
}

/// An address that shows a page and takes its form.
fn both(path: &str) -> actix_web::Resource {
    web::resource(path)
        .route(web::get().to(show))
        .route(web::post().to(take))
}

/// Shows the page that the address means.
async fn show(visit: Visit) -> HttpResponse {
    let Some(Parsed { route, .. }) = visit.parsed().cloned() else {
        return missing::page(&visit, None);
    };
    match route {
        Route::Home => home::show(&visit),
        Route::Article(article) => article::show(&visit, &article),
        Route::Talk { article } => talk::show(&visit, &article),
        Route::Edit { article, section } => edit::show(&visit, &article, section),
        Route::Table { article, table } => table::show(&visit, &article, &table),
        Route::Row {
            article,
            table,
            row,
        } => table::row(&visit, &article, &table, row),
        Route::History { article, page } => changes::history(&visit, &article, page),
        Route::Diff { article, from, to } => changes::diff(&visit, &article, from, to),
        Route::Restore { article, revision } => changes::restore(&visit, &article, revision),
        Route::Links { article, page } => browse::links(&visit, &article, page),
        Route::Move { article } => rename::show(&visit, &article),
        Route::New { title, infobox } => new::show(&visit, title.as_deref(), infobox.as_deref()),
        Route::Search(search) => browse::search(&visit, &search),
        Route::Categories => browse::categories(&visit),
        Route::Category { category, page } => browse::category(&visit, &category, page),
        Route::Pages { letter, page } => browse::pages(&visit, letter.as_deref(), page),
        Route::Recent { page } => changes::recent(&visit, page),
        Route::Wanted => browse::wanted(&visit),
        Route::Member { member, page } => changes::member(&visit, &member, page),
        Route::Watchlist => browse::watchlist(&visit),
        Route::Help => home::help(&visit),
    }
}

/// Takes the form of a page.
async fn take(posted: Posted) -> HttpResponse {
    let route = posted.visit.parsed().map(|parsed| parsed.route.clone());
    match route {
        Some(Route::Article(article)) => article::watch(&posted, &article.title),
        Some(Route::Talk { article }) => talk::send(&posted, &article),
        Some(Route::Edit { article, section }) => edit::send(&posted, &article, section),
        Some(Route::Row {
            article,
            table,
            row,
        }) => table::send(&posted, &article, &table, row),
        Some(Route::Restore { article, revision }) => {
            changes::do_restore(&posted, &article, revision)
        }
        Some(Route::Move { article }) => rename::send(&posted, &article),
        Some(Route::New { .. }) => new::send(&posted),
        _ => HttpResponse::MethodNotAllowed()
            .content_type("text/plain; charset=utf-8")
            .body("This page takes no form."),
    }
}
