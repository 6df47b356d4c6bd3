//! Search over titles and texts.

use crate::sites::folding::fold;
use crate::sites::wiki::markup::{Block, plain};
use crate::sites::wiki::queries::{history, is_redirect, is_within, links};
use crate::sites::wiki::state::{Page, WikiState, fold_title};
use crate::sites::wiki::view::{Search, Sort};

/// A page that was found.
#[derive(Debug)]
pub struct Hit<'a> {
    /// The page.
    pub page: &'a Page,
    /// How it begins.
    pub excerpt: String,
    score: u32,
}

/// Length of an excerpt, in characters.
const EXCERPT: usize = 180;

/// Pages that hold all words, redirects left out.
pub fn results<'a>(state: &'a WikiState, search: &Search) -> Vec<Hit<'a>> {
    let text = fold(search.q.as_deref().unwrap_or(""));
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut hits: Vec<Hit<'a>> = state
        .pages
        .values()
        .filter(|page| !is_redirect(page))
        .filter(|page| {
            let category = search.category.as_deref();
            category.is_none_or(|name| is_within(&state.book, page, name))
        })
        .filter_map(|page| hit(state, page, &text, &words))
        .collect();
    hits.sort_by_key(|hit| fold_title(&hit.page.title));
    match search.sort {
        Sort::Title => {}
        Sort::Relevance => hits.sort_by_key(|hit| std::cmp::Reverse(hit.score)),
        Sort::Changed => hits.sort_by_key(|hit| std::cmp::Reverse(hit.page.latest)),
    }
    hits
}

fn hit<'a>(state: &'a WikiState, page: &'a Page, text: &str, words: &[&str]) -> Option<Hit<'a>> {
    let title = fold(&page.title);
    let aliases: Vec<String> = if words.is_empty() {
        Vec::new()
    } else {
        links::redirects_to(state, &page.title)
            .into_iter()
            .map(|redirect| fold(&redirect.title))
            .collect()
    };
    let mut score = 0;
    for word in words {
        let in_title = title.contains(word) || aliases.iter().any(|alias| alias.contains(word));
        let in_text = page.content.words.matches(word).take(9).count();
        if !in_title && in_text == 0 {
            return None;
        }
        score += u32::from(in_title) * 20 + u32::try_from(in_text).unwrap_or(0);
    }
    if title == text.trim() || aliases.iter().any(|alias| alias == text.trim()) {
        score += 1_000;
    }
    Some(Hit {
        page,
        excerpt: excerpt(page),
        score,
    })
}

/// How the article begins; empty when it has no text yet.
fn excerpt(page: &Page) -> String {
    let begin = page
        .content
        .document
        .blocks()
        .find_map(|block| match block {
            Block::Paragraph(inlines) => Some(plain(inlines)),
            _ => None,
        })
        .unwrap_or_default();
    if begin.chars().count() <= EXCERPT {
        return begin;
    }
    let cut: String = begin.chars().take(EXCERPT).collect();
    format!("{} …", cut.trim_end())
}

/// What to try instead when nothing was found: titles that are close to the words.
pub fn suggestions<'a>(state: &'a WikiState, q: &str) -> Vec<&'a Page> {
    let wanted = fold(q);
    let mut near: Vec<(usize, &Page)> = state
        .pages
        .values()
        .map(|page| {
            (
                strsim::damerau_levenshtein(&fold(&page.title), &wanted),
                page,
            )
        })
        .filter(|(distance, _)| *distance <= 3)
        .collect();
    near.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.id.cmp(&right.1.id)));
    near.into_iter().take(3).map(|(_, page)| page).collect()
}

/// The revision that was saved last on a page, for lists.
pub fn last_change<'a>(
    state: &'a WikiState,
    page: &Page,
) -> Option<&'a crate::sites::wiki::state::Revision> {
    history::revision(state, page, page.latest)
}
