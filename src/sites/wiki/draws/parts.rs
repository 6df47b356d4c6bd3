//! What several draws need.

use serde_json::{Value, json};

use crate::sites::clock::moment_text;
use crate::sites::diff::{self, Records};
use crate::sites::wiki::markup;
use crate::sites::wiki::queries;
use crate::sites::wiki::records;
use crate::sites::wiki::state::{Content, Page, Revision, WikiState};

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// All pages but those that only lead to another.
pub(super) fn articles(state: &WikiState) -> impl Iterator<Item = &Page> {
    state
        .pages
        .values()
        .filter(|page| !queries::is_redirect(page))
}

/// Pages whose infobox is of this kind.
pub(super) fn of_kind<'a>(state: &'a WikiState, kind: &'a str) -> impl Iterator<Item = &'a Page> {
    articles(state).filter(move |page| {
        let infobox = page.content.document.infobox.as_ref();
        infobox.is_some_and(|infobox| infobox.kind == kind)
    })
}

/// A field of a page's infobox as text.
pub(super) fn fact(page: &Page, field: &str) -> Option<String> {
    page.content.document.infobox.as_ref()?.text(field)
}

/// A field of a page's infobox as a number.
pub(super) fn figure(page: &Page, field: &str) -> Option<f64> {
    queries::tables::number(&fact(page, field)?)
}

/// A figure as JSON writes it: whole numbers without a point.
pub(super) fn whole(figure: f64) -> Value {
    serde_json::from_str(&figure.to_string()).unwrap_or(Value::Null)
}

/// The title without what stands in brackets behind it.
pub(super) fn short(title: &str) -> &str {
    title.split_once(" (").map_or(title, |(name, _)| name)
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Instructions that lead from anywhere to an article.
pub(super) fn open_article(title: &str) -> Vec<String> {
    let title = quoted(title);
    // The navigation names this one, too, and stands before the results.
    let nth = if title == "Sarn Isles" { 2 } else { 1 };
    vec![
        format!("fill 'Search the wiki' '{title}'"),
        "click button 'Search'".to_owned(),
        format!("click link '{title}' nth {nth}"),
    ]
}

/// When a revision was saved, as links name it.
pub(super) fn moment(revision: &Revision) -> String {
    moment_text(revision.at)
}

/// A text as a page that never was, for comparing.
pub(super) fn as_page(page: &Page, source: &str) -> Page {
    Page {
        content: std::sync::Arc::new(Content::of(source)),
        ..page.clone()
    }
}

/// What changes when a page gets another text, written like expected changes.
pub(super) fn changes_to(page: &Page, source: &str) -> Vec<Value> {
    let (before, after): (Records, Records) = (
        records::of_page(page),
        records::of_page(&as_page(page, source)),
    );
    diff::changes(&before, &after)
        .into_iter()
        .map(|change| {
            let fields: serde_json::Map<String, Value> = change
                .fields
                .into_iter()
                .map(|(name, field)| (name, field.after))
                .collect();
            json!({
                "op": change.op,
                "collection": change.collection,
                "key": change.key,
                "fields": fields,
            })
        })
        .collect()
}

/// The source of a page with links to a title leading elsewhere. `[[Old]]` becomes
/// `[[New|Old]]`, so that the words stay, or `[[New]]` when `follow` is on.
pub(super) fn relinked_source(source: &str, from: &str, to: &str, follow: bool) -> String {
    let plain = if follow {
        format!("[[{to}]]")
    } else {
        format!("[[{to}|{from}]]")
    };
    source
        .replace(&format!("[[{from}]]"), &plain)
        .replace(&format!("[[{from}|"), &format!("[[{to}|"))
}

/// A section of a page by its heading: its place from 1, its record's key, its span's text.
pub(super) fn section(page: &Page, heading: &str) -> Option<(usize, String, String)> {
    let place = page
        .content
        .document
        .sections
        .iter()
        .position(|section| section.heading == heading)?;
    let keys = records::section_keys(page.id, &page.content.document);
    let spans = markup::section_spans(&page.content.source);
    let text = spans.get(place)?.text(&page.content.source);
    Some((place + 1, keys[place].0.clone(), text))
}
