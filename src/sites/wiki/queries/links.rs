//! Who links to whom.

use std::collections::BTreeMap;

use crate::sites::wiki::markup::{Link, Place};
use crate::sites::wiki::state::{Page, WikiState, fold_title};

/// A page that links to another, with its links.
#[derive(Debug)]
pub struct Linking<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its links there, in order.
    pub links: Vec<(Place, &'a Link)>,
}

/// Pages that link to a title, by title; redirects are named as pages that link.
pub fn links_to<'a>(state: &'a WikiState, title: &str) -> Vec<Linking<'a>> {
    let wanted = fold_title(title);
    let mut found: Vec<Linking<'a>> = state
        .pages
        .values()
        .filter_map(|page| {
            let links: Vec<(Place, &Link)> = page
                .content
                .document
                .links()
                .into_iter()
                .filter(|(_, link)| fold_title(&link.target) == wanted)
                .collect();
            (!links.is_empty()).then_some(Linking { page, links })
        })
        .collect();
    found.sort_by_key(|linking| fold_title(&linking.page.title));
    found
}

/// Pages that only point to a title, by title.
pub fn redirects_to<'a>(state: &'a WikiState, title: &str) -> Vec<&'a Page> {
    let wanted = fold_title(title);
    let mut pages: Vec<&Page> = state
        .pages
        .values()
        .filter(|page| {
            let redirect = page.content.document.redirect.as_deref();
            redirect.is_some_and(|to| fold_title(to) == wanted)
        })
        .collect();
    pages.sort_by_key(|page| fold_title(&page.title));
    pages
}

/// Titles that are linked to and do not exist, with how many pages link to them; most wanted
/// first, then by title.
pub fn wanted(state: &WikiState) -> Vec<(String, usize)> {
    let mut wanted: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for page in state.pages.values() {
        let mut here: Vec<String> = Vec::new();
        for (_, link) in page.content.document.links() {
            let folded = fold_title(&link.target);
            if link.leaves() || state.titles.contains_key(&folded) || here.contains(&folded) {
                continue;
            }
            let entry = wanted
                .entry(folded.clone())
                .or_insert_with(|| (link.target.clone(), 0));
            entry.1 += 1;
            here.push(folded);
        }
    }
    let mut titles: Vec<(String, usize)> = wanted.into_values().collect();
    titles.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    titles
}
