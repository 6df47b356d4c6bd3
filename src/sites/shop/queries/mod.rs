//! What pages and tasks read of the state. No query changes anything.

pub mod cart;
pub mod facets;
pub mod listing;
pub mod orders;
pub mod product;
pub mod search;
pub mod wishlist;

/// An amount as pages show it, e.g. `$1,299.00`.
pub fn money(cents: u32) -> String {
    let dollars = (cents / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in dollars.chars().enumerate() {
        if index > 0 && (dollars.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("${grouped}.{:02}", cents % 100)
}

/// A weight as pages show it: kilograms with up to three decimals, e.g. `1.25 kg`.
pub fn kilograms(grams: u32) -> String {
    let whole = grams / 1000;
    let rest = format!("{:03}", grams % 1000);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() {
        format!("{whole} kg")
    } else {
        format!("{whole}.{rest} kg")
    }
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

    /// Number of the first row of this page, from 1; 0 when there is none.
    pub fn first(&self, size: usize) -> usize {
        if self.total == 0 {
            0
        } else {
            (self.page as usize - 1) * size + 1
        }
    }
}
