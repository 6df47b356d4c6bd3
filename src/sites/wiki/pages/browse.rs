//! Lists of pages: search, categories, all pages, links, wanted pages, watchlist.

use actix_web::HttpResponse;
use askama::Template;

use super::frame::{self, Frame, Link, Pager};
use super::{Visit, missing};
use crate::sites::clock::day_text;
use crate::sites::wiki::markup::Place;
use crate::sites::wiki::queries::{self, links as linking, search as searching};
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::{Article, Route, Search, Sort};

const HITS_PER_PAGE: usize = 20;
const PAGES_PER_PAGE: usize = 60;
const LINKS_PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "sites/wiki/search.html")]
struct Results {
    frame: Frame,
    hits: Vec<Hit>,
    total: usize,
    near: Vec<Link>,
    new_href: String,
    categories: Vec<String>,
    category: String,
    sorts: Vec<(&'static str, &'static str)>,
    sort: &'static str,
    pager: Pager,
}

struct Hit {
    link: Link,
    excerpt: String,
    categories: String,
    changed: String,
}

/// Shows what was found.
pub fn search(visit: &Visit, wanted: &Search) -> HttpResponse {
    let state = visit.state();
    let found = searching::results(&state, wanted);
    let total = found.len();
    let pager = Pager::of(total, wanted.page, HITS_PER_PAGE, |page| {
        Route::Search(Search {
            page,
            ..wanted.clone()
        })
    });
    let q = wanted.q.clone().unwrap_or_default();
    let mut frame = Frame::new(visit, &state, "Search");
    frame.query.clone_from(&q);
    let hits = queries::of_page(found, wanted.page, HITS_PER_PAGE)
        .into_iter()
        .map(|hit| {
            visit.show("wiki.articles", hit.page.id);
            row(&state, hit.page, hit.excerpt)
        })
        .collect();
    let near = if total == 0 {
        searching::suggestions(&state, &q)
    } else {
        Vec::new()
    };
    let template = Results {
        frame,
        hits,
        total,
        near: near
            .into_iter()
            .map(|page| Link::article(&page.title))
            .collect(),
        new_href: Route::New {
            title: Some(q).filter(|q| !q.is_empty()),
            infobox: None,
        }
        .href(),
        categories: state
            .book
            .categories
            .iter()
            .map(|one| one.name.clone())
            .collect(),
        category: wanted.category.clone().unwrap_or_default(),
        sorts: vec![
            (Sort::Relevance.as_str(), "Best match"),
            (Sort::Title.as_str(), "Title"),
            (Sort::Changed.as_str(), "Last changed"),
        ],
        sort: wanted.sort.as_str(),
        pager,
    };
    frame::ok(&template)
}

fn row(state: &WikiState, page: &Page, excerpt: String) -> Hit {
    Hit {
        link: Link::article(&page.title),
        excerpt,
        categories: queries::categories_of(&state.book, page).join(", "),
        changed: searching::last_change(state, page)
            .map_or_else(String::new, |revision| day_text(revision.at.date())),
    }
}

#[derive(Template)]
#[template(path = "sites/wiki/categories.html")]
struct Categories {
    frame: Frame,
    tree: Vec<Node>,
}

struct Node {
    link: Link,
    about: String,
    count: usize,
    below: Vec<Node>,
}

fn category_route(name: &str) -> Route {
    Route::Category {
        category: name.to_owned(),
        page: 1,
    }
}

fn nodes(state: &WikiState, parent: Option<&str>) -> Vec<Node> {
    state
        .book
        .categories
        .iter()
        .filter(|category| category.parent.as_deref() == parent)
        .map(|category| Node {
            link: Link::to(&category_route(&category.name), &category.name),
            about: category.about.clone(),
            count: queries::members(state, &category.name).len(),
            below: nodes(state, Some(&category.name)),
        })
        .collect()
}

/// Shows all categories as a tree.
pub fn categories(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Categories {
        frame: Frame::new(visit, &state, "Categories"),
        tree: nodes(&state, None),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/category.html")]
struct Category {
    frame: Frame,
    name: String,
    about: String,
    above: Option<Link>,
    below: Vec<Node>,
    pages: Vec<Link>,
    pager: Pager,
}

/// Shows a category.
pub fn category(visit: &Visit, name: &str, page: u32) -> HttpResponse {
    let state = visit.state();
    let Some(category) = queries::category(&state.book, name) else {
        return missing::page(visit, None);
    };
    let members = queries::members(&state, &category.name);
    let pager = Pager::of(members.len(), page, PAGES_PER_PAGE, |page| {
        Route::Category {
            category: category.name.clone(),
            page,
        }
    });
    let above = category.parent.as_deref();
    let template = Category {
        frame: Frame::new(visit, &state, format!("Category: {}", category.name)),
        name: category.name.clone(),
        about: category.about.clone(),
        above: above.map(|name| Link::to(&category_route(name), name)),
        below: nodes(&state, Some(&category.name)),
        pages: shown(visit, queries::of_page(members, page, PAGES_PER_PAGE)),
        pager,
    };
    frame::ok(&template)
}

fn shown(visit: &Visit, pages: Vec<&Page>) -> Vec<Link> {
    pages
        .into_iter()
        .map(|page| {
            visit.show("wiki.articles", page.id);
            Link::article(&page.title)
        })
        .collect()
}

#[expect(clippy::struct_field_names, reason = "the template lists pages")]
#[derive(Template)]
#[template(path = "sites/wiki/pages.html")]
struct Pages {
    frame: Frame,
    letters: Vec<Link>,
    pages: Vec<Link>,
    pager: Pager,
}

/// Shows all pages by title.
pub fn pages(visit: &Visit, letter: Option<&str>, page: u32) -> HttpResponse {
    let state = visit.state();
    let route = |letter: Option<String>| Route::Pages { letter, page: 1 };
    let mut initials: Vec<String> = queries::by_title(&state, None)
        .iter()
        .map(|page| queries::initial(&page.title))
        .collect();
    initials.sort();
    initials.dedup();
    let mut letters = vec![Link {
        current: letter.is_none(),
        ..Link::to(&route(None), "All")
    }];
    letters.extend(initials.into_iter().map(|initial| Link {
        current: letter.is_some_and(|letter| letter.to_uppercase() == initial),
        ..Link::to(&route(Some(initial.clone())), initial)
    }));
    let found = queries::by_title(&state, letter);
    let pager = Pager::of(found.len(), page, PAGES_PER_PAGE, |page| Route::Pages {
        letter: letter.map(str::to_owned),
        page,
    });
    let template = Pages {
        frame: Frame::new(visit, &state, "All pages"),
        letters,
        pages: shown(visit, queries::of_page(found, page, PAGES_PER_PAGE)),
        pager,
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/links.html")]
struct Links {
    frame: Frame,
    article: String,
    linking: Vec<Linking>,
    redirects: Vec<Link>,
    pager: Pager,
}

struct Linking {
    link: Link,
    edit_href: String,
    places: Vec<String>,
}

/// Shows which pages link to an article.
pub fn links(visit: &Visit, title: &str, page_no: u32) -> HttpResponse {
    let state = visit.state();
    let Some(page) = queries::page(&state, title) else {
        return missing::page(visit, Some(title));
    };
    let found = linking::links_to(&state, &page.title);
    let pager = Pager::of(found.len(), page_no, LINKS_PER_PAGE, |number| {
        Route::Links {
            article: page.title.to_string(),
            page: number,
        }
    });
    let redirects = linking::redirects_to(&state, &page.title);
    let template = Links {
        frame: Frame::of_article(visit, &state, page, "What links here"),
        article: page.title.to_string(),
        linking: queries::of_page(found, page_no, LINKS_PER_PAGE)
            .into_iter()
            .map(|one| {
                visit.show("wiki.articles", one.page.id);
                linking_row(&one)
            })
            .collect(),
        redirects: redirects
            .into_iter()
            .map(|page| {
                let route = Route::Article(Article {
                    title: page.title.to_string(),
                    no_redirect: true,
                    ..Article::default()
                });
                Link::to(&route, &*page.title)
            })
            .collect(),
        pager,
    };
    frame::ok(&template)
}

fn linking_row(one: &linking::Linking<'_>) -> Linking {
    Linking {
        link: Link::article(&one.page.title),
        edit_href: Route::Edit {
            article: one.page.title.to_string(),
            section: None,
        }
        .href(),
        places: one
            .links
            .iter()
            .map(|(place, link)| {
                let place = match place {
                    Place::Infobox => "in the infobox",
                    Place::Table => "in a table",
                    Place::Text => "in the text",
                };
                format!("{place} as “{}”", link.words)
            })
            .collect(),
    }
}

#[derive(Template)]
#[template(path = "sites/wiki/wanted.html")]
struct Wanted {
    frame: Frame,
    wanted: Vec<(Link, usize)>,
}

/// Shows pages that are linked to and do not exist.
pub fn wanted(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Wanted {
        frame: Frame::new(visit, &state, "Wanted pages"),
        wanted: linking::wanted(&state)
            .into_iter()
            .map(|(title, count)| {
                let route = Route::New {
                    title: Some(title.clone()),
                    infobox: None,
                };
                (Link::to(&route, title), count)
            })
            .collect(),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/watchlist.html")]
struct Watchlist {
    frame: Frame,
    pages: Vec<Hit>,
}

/// Shows what the reader watches.
pub fn watchlist(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let template = Watchlist {
        frame: Frame::new(visit, &state, "Watchlist"),
        pages: state
            .watched
            .iter()
            .filter_map(|id| state.pages.get(id))
            .map(|page| {
                visit.show("wiki.articles", page.id);
                row(&state, page, String::new())
            })
            .collect(),
    };
    frame::ok(&template)
}
