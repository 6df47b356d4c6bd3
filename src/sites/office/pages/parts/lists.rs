//! Page links of lists, counts in words, charts.

use super::Link;
use crate::sites::office::queries::Paged;
use crate::sites::office::view::{PAGE_SIZES, Route};

/// Links to the pages of a list, and what part of it is shown.
#[derive(Debug, Default)]
pub struct Pages {
    /// What part of the list is shown.
    pub extent: String,
    /// The page before.
    pub previous: String,
    /// The page after.
    pub next: String,
    /// All pages near this one.
    pub links: Vec<Link>,
    /// Numbers of rows to choose from.
    pub sizes: Vec<Link>,
}

impl Pages {
    /// Links for a cut list.
    pub fn of<T>(paged: &Paged<T>, route: &Route, noun: &str) -> Self {
        let at = |page: u32| route.clone().without("select").with("page", page).href();
        let near =
            |page: &u32| *page == 1 || *page == paged.pages || page.abs_diff(paged.page) <= 2;
        let size = route.number("size");
        Self {
            extent: extent(paged, usize::try_from(size).unwrap_or(25), noun),
            previous: if paged.page > 1 {
                at(paged.page - 1)
            } else {
                String::new()
            },
            next: if paged.page < paged.pages {
                at(paged.page + 1)
            } else {
                String::new()
            },
            links: (1..=paged.pages)
                .filter(near)
                .map(|page| Link {
                    href: at(page),
                    label: page.to_string(),
                    current: page == paged.page,
                })
                .collect(),
            sizes: PAGE_SIZES
                .iter()
                .filter(|_| size > 0)
                .map(|rows| Link {
                    href: route
                        .clone()
                        .without("page")
                        .without("select")
                        .with("size", rows)
                        .href(),
                    label: rows.to_string(),
                    current: *rows == size,
                })
                .collect(),
        }
    }
}

/// What part of a list a page shows, e.g. `132 orders, 26 to 50 shown`.
pub fn extent<T>(paged: &Paged<T>, size: usize, noun: &str) -> String {
    let count = counted(paged.total, noun);
    if paged.pages < 2 {
        return count;
    }
    let first = paged.first(size);
    let last = first + paged.rows.len().saturating_sub(1);
    format!("{count}, {first} to {last} shown")
}

/// A count with its noun, e.g. `1 order`, `21 orders`.
pub fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("ay") => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

/// A drawn chart of bars.
#[derive(Debug, Default)]
pub struct Chart {
    /// What it shows, in words.
    pub label: String,
    /// Height of the drawing.
    pub height: u32,
    /// Bars from top to bottom: label, value in words, place from the top, width.
    pub bars: Vec<(String, String, u32, u32)>,
}
