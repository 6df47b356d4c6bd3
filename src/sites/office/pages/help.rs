//! Help articles.

use actix_web::HttpResponse;

use crate::sites::office::pages::parts::{Block, Field, Filters, Kind, Link, Sheet};
use crate::sites::office::pages::{Visit, frame};
use crate::sites::office::queries::settings::articles;
use crate::sites::office::view::{Page, Route};

/// Shows the help articles.
pub fn list(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let q = route.text("q");
    let links: Vec<(Link, String)> = articles(&state, q)
        .into_iter()
        .map(|article| {
            let href = Route::to(Page::HelpArticle)
                .with("slug", &article.slug)
                .href();
            (Link::to(href, &*article.title), String::new())
        })
        .collect();
    let fields = vec![Field::new("q", "Search help", Kind::Text, q)];
    let mut search = Filters::of(route, &[], fields);
    search.submit = "Find articles".to_owned();
    search.chips.clear();
    let sheet = Sheet::new("Help").with(search);
    let sheet = if links.is_empty() {
        sheet.with(Block::Note(format!(
            "No article matches \u{201c}{q}\u{201d}."
        )))
    } else {
        sheet.with(Block::Links(String::new(), links))
    };
    frame::ok(visit, &state, sheet)
}

/// Shows a help article.
pub fn show(visit: &Visit, slug: &str) -> HttpResponse {
    let state = visit.state();
    let Some(article) = state.fixed.help.iter().find(|article| article.slug == slug) else {
        return frame::missing(visit);
    };
    visit.show("office.help", slug);
    let sheet = Sheet::new(&*article.title)
        .below(&Route::to(Page::Help), "Help")
        .with(Block::Text(String::new(), article.paragraphs.clone()));
    frame::ok(visit, &state, sheet)
}
