//! Start page and the page about writing.

use actix_web::HttpResponse;
use askama::Template;

use super::Visit;
use super::changes::author;
use super::frame::{self, Frame, Link};
use crate::sites::clock::moment_text;
use crate::sites::wiki::queries::{self, history};
use crate::sites::wiki::state::InfoboxKind;
use crate::sites::wiki::view::Route;

/// Changes on the start page.
const LATEST: usize = 8;

#[derive(Template)]
#[template(path = "sites/wiki/home.html")]
struct Home {
    frame: Frame,
    articles: usize,
    revisions: usize,
    members: usize,
    handbook: Vec<Link>,
    isles: Vec<Link>,
    latest: Vec<Latest>,
}

struct Latest {
    page: Link,
    author: Link,
    at: String,
}

/// Shows the start page.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let link = |title: &&str| queries::page(&state, title).map(|page| Link::article(&page.title));
    let handbook = [
        "Returns",
        "Late delivery rules",
        "On-call rota",
        "Refund limits",
        "Labels",
        "New starters",
    ];
    let isles = [
        "Sarn Isles",
        "Sarn salt",
        "List of islands",
        "List of ferries",
        "List of lighthouses",
        "Chronicle of the Sarn Isles",
    ];
    let latest = history::recent(&state)
        .into_iter()
        .take(LATEST)
        .filter_map(|revision| {
            let page = state.pages.get(&revision.page)?;
            Some(Latest {
                page: Link::article(&page.title),
                author: author(&state, &revision.author),
                at: moment_text(revision.at),
            })
        })
        .collect();
    let template = Home {
        frame: Frame::new(visit, &state, "Larder Wiki"),
        articles: state
            .pages
            .values()
            .filter(|page| !queries::is_redirect(page))
            .count(),
        revisions: state.revisions.len(),
        members: state.book.members.len(),
        handbook: handbook.iter().filter_map(link).collect(),
        isles: isles.iter().filter_map(link).collect(),
        latest,
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/help.html")]
struct Help {
    frame: Frame,
    infoboxes: Vec<InfoboxKind>,
    new_href: String,
}

/// Shows how texts are written.
pub fn help(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Help {
        frame: Frame::new(visit, &state, "How to write"),
        infoboxes: state.book.infoboxes.clone(),
        new_href: Route::New {
            title: None,
            infobox: None,
        }
        .href(),
    };
    frame::ok(&template)
}
