//! What surrounds every page: navigation, search, tabs, clock; and how a page or a redirect
//! becomes an answer.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use askama::Template;

use super::{Posted, Visit};
use crate::sites::clock;
use crate::sites::wiki::actions::Refusal;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::{Article, Route};

/// A link with its words.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Where to.
    pub href: String,
    /// What is read.
    pub label: String,
    /// It is where the reader is.
    pub current: bool,
}

impl Link {
    /// A link to a page.
    pub fn to(route: &Route, label: impl Into<String>) -> Self {
        Self {
            href: route.href(),
            label: label.into(),
            current: false,
        }
    }

    /// A link to an article by its title.
    pub fn article(title: &str) -> Self {
        Self::to(&Route::article(title), title)
    }
}

/// What surrounds a page.
#[derive(Debug)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// Groups of the navigation, each with its heading.
    pub nav: Vec<(&'static str, Vec<Link>)>,
    /// What can be seen of the article.
    pub tabs: Vec<Link>,
    /// Full name of who is signed in.
    pub reader: String,
    /// Role of who is signed in.
    pub role: &'static str,
    /// Address of what who is signed in wrote.
    pub reader_href: String,
    /// What was searched for.
    pub query: String,
    /// What was just done.
    pub flash: Option<String>,
    /// Hidden value of every form.
    pub token: String,
    /// The present, in words.
    pub clock: String,
}

impl Frame {
    /// The frame of a page of this run.
    pub fn new(visit: &Visit, state: &WikiState, title: impl Into<String>) -> Self {
        let reader = queries::reader(&state.book);
        let here = visit.parsed().map(|parsed| parsed.route.href());
        let mut nav = navigation();
        for link in nav.iter_mut().flat_map(|(_, links)| links) {
            link.current = here.as_deref() == Some(link.href.as_str());
        }
        Self {
            title: title.into(),
            nav,
            tabs: Vec::new(),
            reader: reader.map_or_else(String::new, |reader| reader.name.clone()),
            role: reader.map_or("", |reader| reader.role.label()),
            reader_href: Route::Member {
                member: state.book.reader.to_string(),
                page: 1,
            }
            .href(),
            query: String::new(),
            flash: visit.remember(|incidental| incidental.flash.take()),
            token: visit.form_token().to_owned(),
            clock: clock::now_text(),
        }
    }

    /// The frame of a page about an article, with its tabs. Says that the article is shown.
    pub fn of_article(visit: &Visit, state: &WikiState, page: &Page, what: &str) -> Self {
        visit.show("wiki.articles", page.id);
        let title = if what.is_empty() {
            page.title.to_string()
        } else {
            format!("{what}: {}", page.title)
        };
        let mut frame = Self::new(visit, state, title);
        let here = visit.parsed().map(|parsed| parsed.route.clone());
        frame.tabs = tabs(state, page, here.as_ref());
        frame
    }
}

fn navigation() -> Vec<(&'static str, Vec<Link>)> {
    let category = |name: &str| Route::Category {
        category: name.to_owned(),
        page: 1,
    };
    vec![
        (
            "Read",
            vec![
                Link::to(&Route::Home, "Start page"),
                Link::to(&category("Staff handbook"), "Staff handbook"),
                Link::to(&category("Sarn Isles"), "Sarn Isles"),
                Link::to(&Route::Categories, "Categories"),
                Link::to(
                    &Route::Pages {
                        letter: None,
                        page: 1,
                    },
                    "All pages",
                ),
            ],
        ),
        (
            "Write",
            vec![
                Link::to(
                    &Route::New {
                        title: None,
                        infobox: None,
                    },
                    "New page",
                ),
                Link::to(&Route::Recent { page: 1 }, "Recent changes"),
                Link::to(&Route::Wanted, "Wanted pages"),
                Link::to(&Route::Watchlist, "Watchlist"),
                Link::to(&Route::Help, "How to write"),
            ],
        ),
    ]
}

fn tabs(state: &WikiState, page: &Page, here: Option<&Route>) -> Vec<Link> {
    let article = page.title.to_string();
    let said = state
        .comments
        .values()
        .filter(|comment| comment.page == page.id)
        .count();
    let talk = if said == 0 {
        "Talk".to_owned()
    } else {
        format!("Talk ({said})")
    };
    let edit = if queries::may_write(state, page) {
        "Edit"
    } else {
        "View source"
    };
    let first = Route::Article(Article {
        title: article.clone(),
        no_redirect: queries::is_redirect(page),
        ..Article::default()
    });
    let mut tabs = vec![
        Link::to(&first, "Page"),
        Link::to(
            &Route::Talk {
                article: article.clone(),
            },
            talk,
        ),
        Link::to(
            &Route::Edit {
                article: article.clone(),
                section: None,
            },
            edit,
        ),
        Link::to(
            &Route::History {
                article: article.clone(),
                page: 1,
            },
            "History",
        ),
        Link::to(
            &Route::Links {
                article: article.clone(),
                page: 1,
            },
            "What links here",
        ),
        Link::to(&Route::Move { article }, "Rename"),
    ];
    let current = match here {
        Some(Route::Talk { .. }) => 1,
        Some(Route::Edit { .. } | Route::Table { .. } | Route::Row { .. }) => 2,
        Some(Route::History { .. } | Route::Diff { .. } | Route::Restore { .. }) => 3,
        Some(Route::Links { .. }) => 4,
        Some(Route::Move { .. }) => 5,
        _ => 0,
    };
    tabs[current].current = true;
    tabs
}

/// Links to the pages of a list.
#[derive(Debug, Default)]
pub struct Pager {
    /// Links to pages, the open one marked.
    pub links: Vec<Link>,
    /// The one before.
    pub previous: Option<String>,
    /// The one after.
    pub next: Option<String>,
    /// Which rows are shown, in words.
    pub shown: String,
}

impl Pager {
    /// The pages of a list of `total` rows.
    pub fn of(total: usize, page: u32, per_page: usize, route: impl Fn(u32) -> Route) -> Self {
        let last = u32::try_from(total.div_ceil(per_page)).unwrap_or(1).max(1);
        let links = (1..=last)
            .map(|number| Link {
                current: number == page,
                ..Link::to(&route(number), number.to_string())
            })
            .collect();
        let first_row = (page.max(1) as usize - 1).saturating_mul(per_page) + 1;
        let last_row = (first_row + per_page - 1).min(total);
        Self {
            links,
            previous: (page > 1 && page <= last).then(|| route(page - 1).href()),
            next: (page < last).then(|| route(page + 1).href()),
            shown: if total == 0 || first_row > total {
                format!("0 of {total}")
            } else {
                format!("{first_row} to {last_row} of {total}")
            },
        }
    }
}

/// Answers with a page.
pub fn page(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type(ContentType::html())
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of the wiki cannot be rendered");
            HttpResponse::InternalServerError().body("The wiki cannot show this page.")
        }
    }
}

/// Answers with a page and status 200.
pub fn ok(template: &impl Template) -> HttpResponse {
    page(StatusCode::OK, template)
}

/// Status of a page that shows a refusal.
pub fn status_of(refusal: Option<&Refusal>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |refusal| {
        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    })
}

/// Sends the browser on after a form, so that a reload does not send it again.
pub fn go(route: &Route) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, route.href()))
        .finish()
}

/// Sends the browser on with a message to show there.
pub fn go_saying(visit: &Visit, route: &Route, message: impl Into<String>) -> HttpResponse {
    let message = message.into();
    visit.remember(|incidental| incidental.flash = Some(message));
    go(route)
}

/// Refuses a form that holds fields which its page does not have.
pub fn foreign_fields(posted: &Posted, known: &[&str]) -> Option<HttpResponse> {
    let foreign = posted.fields.unexpected(known);
    (!foreign.is_empty()).then(|| {
        HttpResponse::BadRequest()
            .content_type(ContentType::plaintext())
            .body("This form has fields that the page does not offer.")
    })
}
