//! What pages and tasks read of the state. No query changes anything.

pub mod access;
pub mod activity;
pub mod board;
pub mod issues;
pub mod links;
pub mod merges;
pub mod milestones;
pub mod people;
pub mod search;

use jiff::civil::Date;

use crate::sites::clock::month_name;

/// Rows of a page of a long list.
pub const PER_PAGE: usize = 25;

/// A day as lists show it, e.g. `17 Mar 2026`.
pub fn short_day(day: Date) -> String {
    let month: String = month_name(day.month()).chars().take(3).collect();
    format!("{} {month} {}", day.day(), day.year())
}

/// A page of a longer list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paged<T> {
    /// Rows of this page.
    pub rows: Vec<T>,
    /// Rows of all pages.
    pub total: usize,
    /// This page, from 1; a page beyond the last is shown as the last.
    pub page: u32,
    /// Number of pages, at least 1.
    pub pages: u32,
}

impl<T> Paged<T> {
    /// Cuts page `page` of [`PER_PAGE`] rows out of `all`.
    pub fn cut(all: Vec<T>, page: u32) -> Self {
        let total = all.len();
        let pages = u32::try_from(total.div_ceil(PER_PAGE).max(1)).unwrap_or(u32::MAX);
        let page = page.clamp(1, pages);
        let skip = (page as usize - 1) * PER_PAGE;
        Self {
            rows: all.into_iter().skip(skip).take(PER_PAGE).collect(),
            total,
            page,
            pages,
        }
    }

    /// Number of the first row of this page, from 1; 0 when there is none.
    pub fn first(&self) -> usize {
        if self.total == 0 {
            0
        } else {
            (self.page as usize - 1) * PER_PAGE + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_one_rows_make_three_pages() {
        let paged = Paged::cut((1..=51).collect(), 3);
        assert_eq!(
            (paged.rows.as_slice(), paged.pages, paged.first()),
            (&[51][..], 3, 51)
        );
        assert_eq!(Paged::cut((1..=50).collect::<Vec<u32>>(), 9).page, 2);
        assert_eq!(Paged::<u32>::cut(Vec::new(), 1).first(), 0);
    }
}
