//! What all lists share: `limit` and `cursor` in, `nextCursor` out.

use serde::Serialize;

use crate::domain::page::{Cursor, DEFAULT_PAGE_LIMIT, MAX_PAGE_LIMIT, Page, PageRequest};
use crate::web::api::envelope::{Many, Resource};
use crate::web::query::{Params, QueryParams};

/// Reads `limit` and `cursor`.
pub fn page_request(params: &mut Params) -> PageRequest {
    let limit = params.number("limit", 1, MAX_PAGE_LIMIT);
    let cursor = params.named::<Cursor>("cursor");
    PageRequest::after(limit.unwrap_or(DEFAULT_PAGE_LIMIT), cursor)
}

/// A list that is narrowed by nothing.
pub struct PlainList(pub PageRequest);

impl QueryParams for PlainList {
    const NAMES: &'static [&'static str] = &["limit", "cursor"];

    fn read(params: &mut Params) -> Self {
        Self(page_request(params))
    }
}

/// A page of a list as the API shows it.
pub fn many<T, A: Serialize>(
    page: Page<T>,
    limit: u32,
    show: impl FnMut(T) -> Resource<A>,
) -> Many<A> {
    let page = page.map(show);
    Many {
        items: page.items,
        next_cursor: page.next.map(|cursor| cursor.to_string()),
        limit,
    }
}

/// A list that is shown whole.
pub fn all<T, A: Serialize>(items: Vec<T>, show: impl FnMut(T) -> Resource<A>) -> Many<A> {
    let items: Vec<_> = items.into_iter().map(show).collect();
    Many {
        limit: u32::try_from(items.len()).unwrap_or(u32::MAX),
        items,
        next_cursor: None,
    }
}
