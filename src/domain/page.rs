//! Pages of long lists, by cursor: a page names the row that it ended at, so that rows added
//! meanwhile neither repeat nor hide others.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::domain::time::Timestamp;

/// Most rows of one page.
pub const MAX_PAGE_LIMIT: u32 = 100;

/// Rows of one page when nothing else is said.
pub const DEFAULT_PAGE_LIMIT: u32 = 20;

/// Which part of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Most rows, 1 to [`MAX_PAGE_LIMIT`].
    pub limit: u32,
    /// The row that the page before ended at; none for the first page.
    pub after: Option<Cursor>,
}

impl PageRequest {
    /// The first page, with a number of rows held within the bounds.
    pub fn first(limit: u32) -> Self {
        Self {
            limit: limit.clamp(1, MAX_PAGE_LIMIT),
            after: None,
        }
    }

    /// The page after a row.
    pub fn after(limit: u32, cursor: Option<Cursor>) -> Self {
        Self {
            after: cursor,
            ..Self::first(limit)
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(DEFAULT_PAGE_LIMIT)
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; none when this is the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page from one row more than was asked for: the surplus row says that there is a next page.
    pub fn from_surplus(mut rows: Vec<T>, limit: u32, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = limit as usize;
        let next = if rows.len() > limit {
            rows.truncate(limit);
            rows.last().map(cursor)
        } else {
            None
        };
        Self { items: rows, next }
    }

    /// The same page with its rows turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next: self.next,
        }
    }
}

/// The row that a page ended at. Opaque to clients; prints as URL-safe text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cursor {
    /// In a list ordered by time.
    Time {
        /// The row's time.
        at: Timestamp,
        /// The row's id.
        id: Uuid,
    },
    /// In a ranking.
    Rank {
        /// The row's rank.
        rank: u32,
        /// The row's id.
        id: Uuid,
    },
    /// In a list ordered by a text.
    Text {
        /// The row's text.
        text: String,
        /// The row's id.
        id: Uuid,
    },
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time { at, id } => write!(f, "t{}.{}", at.0, id.simple()),
            Self::Rank { rank, id } => write!(f, "r{rank}.{}", id.simple()),
            Self::Text { text, id } => write!(f, "x{}.{}", hex::encode(text), id.simple()),
        }
    }
}

/// A text is not a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not valid here; take it from `next` of the page before, or leave it out")]
pub struct InvalidCursor;

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (position, id) = given.split_once('.').ok_or(InvalidCursor)?;
        let id = Uuid::parse_str(id).map_err(|_| InvalidCursor)?;
        if let Some(at) = position.strip_prefix('t') {
            let at = at.parse().map(Timestamp).map_err(|_| InvalidCursor)?;
            return Ok(Self::Time { at, id });
        }
        if let Some(rank) = position.strip_prefix('r') {
            let rank = rank.parse().map_err(|_| InvalidCursor)?;
            return Ok(Self::Rank { rank, id });
        }
        let text = position.strip_prefix('x').ok_or(InvalidCursor)?;
        let bytes = hex::decode(text).map_err(|_| InvalidCursor)?;
        let text = String::from_utf8(bytes).map_err(|_| InvalidCursor)?;
        Ok(Self::Text { text, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_round_trip_as_url_safe_text() {
        let id = Uuid::now_v7();
        for cursor in [
            Cursor::Time {
                at: Timestamp(12),
                id,
            },
            Cursor::Rank { rank: 3, id },
            Cursor::Text {
                text: "shop-001 ä.".into(),
                id,
            },
        ] {
            let text = cursor.to_string();
            assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'));
            assert_eq!(text.parse(), Ok(cursor));
        }
        for wrong in [
            "",
            "t.",
            "t12",
            "x.y",
            "12.019a4c817c2e7d419b0a3f2c90b40001",
        ] {
            assert_eq!(wrong.parse::<Cursor>(), Err(InvalidCursor), "{wrong}");
        }
    }

    #[test]
    fn a_surplus_row_announces_the_next_page() {
        let cursor = |n: &i64| Cursor::Time {
            at: Timestamp(*n),
            id: Uuid::nil(),
        };
        let page = Page::from_surplus(vec![3, 2, 1], 2, cursor);
        assert_eq!(page.items, [3, 2]);
        assert_eq!(page.next, Some(cursor(&2)));
        assert_eq!(Page::from_surplus(vec![3, 2], 2, cursor).next, None);
    }
}
