//! Articles: as they stand, as they stood, and pages that only point to others.

use actix_web::HttpResponse;
use askama::Template;

use super::body::{BlockView, Body, Renderer, Span};
use super::frame::{self, Frame, Link};
use super::{Posted, Visit, missing};
use crate::sites::clock::moment_text;
use crate::sites::wiki::actions;
use crate::sites::wiki::markup;
use crate::sites::wiki::queries::{self, categories_of, history};
use crate::sites::wiki::state::{Page, Revision, WikiState};
use crate::sites::wiki::view::{Article, Route};

#[derive(Template)]
#[template(path = "sites/wiki/article.html")]
struct Show {
    frame: Frame,
    heading: String,
    body: Body,
    protected: bool,
    disambiguation: bool,
    from: Option<Link>,
    redirect: Option<Link>,
    old: Option<Old>,
    categories: Vec<Link>,
    changed: String,
    watched: bool,
    action: String,
}

/// What is said above an old revision.
struct Old {
    at: String,
    no: u32,
    author: String,
    summary: String,
    now_href: String,
    diff_href: String,
    restore_href: String,
    previous: Option<Link>,
    next: Option<Link>,
}

/// Shows an article. A page that only points to another one leads there.
pub fn show(visit: &Visit, article: &Article) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, &article.title) else {
        return missing::page(visit, Some(&article.title));
    };
    let redirect = page.content.document.redirect.as_deref();
    if let Some(to) = redirect.filter(|_| !article.no_redirect && article.revision.is_none()) {
        return lead_on(&state, page, to);
    }
    match article.revision {
        None => render(visit, &state, page, article, None),
        Some(no) => match history::revision(&state, page, no) {
            Some(revision) => render(visit, &state, page, article, Some(revision)),
            None => missing::page(visit, None),
        },
    }
}

/// Sends the reader where a title leads.
fn lead_on(state: &WikiState, page: &Page, to: &str) -> HttpResponse {
    let target = queries::page(state, to).map_or(to, |target| &target.title);
    frame::go(&Route::Article(Article {
        title: target.to_owned(),
        from: Some(page.title.to_string()),
        ..Article::default()
    }))
}

fn render(
    visit: &Visit,
    state: &WikiState,
    page: &Page,
    article: &Article,
    revision: Option<&Revision>,
) -> HttpResponse {
    let parsed = revision.map(|revision| markup::parse(&revision.source).0);
    let document = parsed.as_ref().unwrap_or(&page.content.document);
    let article = Article {
        title: page.title.to_string(),
        ..article.clone()
    };
    let renderer = Renderer {
        state,
        article: &article,
        editable: revision.is_none() && queries::may_write(state, page),
    };
    if let Some(revision) = revision {
        visit.show("wiki.revisions", revision.no);
    }
    let from = article
        .from
        .as_deref()
        .and_then(|from| queries::page(state, from));
    let template = Show {
        frame: Frame::of_article(visit, state, page, ""),
        heading: page.title.to_string(),
        body: renderer.body(document),
        protected: page.protected,
        disambiguation: document.disambiguation,
        from: from.map(|from| {
            let route = Route::Article(Article {
                title: from.title.to_string(),
                no_redirect: true,
                ..Article::default()
            });
            Link::to(&route, &*from.title)
        }),
        redirect: document.redirect.as_deref().map(Link::article),
        old: revision.map(|revision| old(state, page, revision)),
        categories: categories_of(&state.book, page)
            .into_iter()
            .map(|name| {
                let route = Route::Category {
                    category: name.clone(),
                    page: 1,
                };
                Link::to(&route, name)
            })
            .collect(),
        changed: revision
            .or_else(|| history::revision(state, page, page.latest))
            .map_or_else(String::new, |shown| changed(state, shown)),
        watched: state.watched.contains(&page.id),
        action: Route::article(&page.title).href(),
    };
    frame::ok(&template)
}

/// When the text that is shown was written: the newest one, or that of an old revision.
fn changed(state: &WikiState, shown: &Revision) -> String {
    format!(
        "Last changed on {} by {}",
        moment_text(shown.at),
        queries::name_of(&state.book, &shown.author)
    )
}

fn old(state: &WikiState, page: &Page, revision: &Revision) -> Old {
    let article = page.title.to_string();
    let link = |other: &Revision| {
        let route = Route::revision(&article, other.no);
        Link::to(&route, moment_text(other.at))
    };
    Old {
        at: moment_text(revision.at),
        no: revision.no,
        author: queries::name_of(&state.book, &revision.author).to_owned(),
        summary: revision.summary.clone(),
        now_href: Route::article(&article).href(),
        diff_href: Route::Diff {
            article: article.clone(),
            from: revision.no,
            to: page.latest,
        }
        .href(),
        restore_href: Route::Restore {
            article: article.clone(),
            revision: revision.no,
        }
        .href(),
        previous: history::before(state, revision).map(link),
        next: history::after(state, revision).map(link),
    }
}

/// Puts the article on the watchlist or takes it off.
pub fn watch(posted: &Posted, title: &str) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["watch"]) {
        return answer;
    }
    let on = posted.fields.text("watch") == "yes";
    match posted.write(|state| actions::pages::watch(state, title, on)) {
        Ok(()) => {
            let message = if on {
                "This page is on your watchlist now."
            } else {
                "This page is no longer on your watchlist."
            };
            frame::go_saying(&posted.visit, &Route::article(title), message)
        }
        Err(_) => missing::page(&posted.visit, Some(title)),
    }
}
