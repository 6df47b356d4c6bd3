//! What pages and tasks read of the state. No query changes anything.

pub mod feed;
pub mod messages;
pub mod moderation;
pub mod people;
pub mod search;
pub mod thread;

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
    /// Cuts page `page` of `size` rows out of `all`.
    pub fn cut(all: Vec<T>, page: u32, size: usize) -> Self {
        let total = all.len();
        let pages = u32::try_from(total.div_ceil(size).max(1)).unwrap_or(u32::MAX);
        let page = page.clamp(1, pages);
        let skip = (page as usize - 1) * size;
        Self {
            rows: all.into_iter().skip(skip).take(size).collect(),
            total,
            page,
            pages,
        }
    }
}
