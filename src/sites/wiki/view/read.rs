//! Reads addresses of the wiki.

use crate::sites::address::{Address, Query};
use crate::sites::wiki::view::{Article, Parsed, Route, Search, TableView};

/// Reads a path and query such as `/wiki/page/Brae?revision=12`. None when it is no page of the
/// wiki. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let address = Address::read(path_and_query, "/wiki")?;
    let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
    let mut query = Query::read(address.query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

/// A title from a path: `_` stands for a blank.
fn title(segment: &str) -> String {
    segment
        .replace('_', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn route_of(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        [] => Route::Home,
        ["page", article] => Route::Article(Article {
            title: title(article),
            revision: query.named("revision"),
            no_redirect: query.flag("redirect", "no"),
            from: query.text("from"),
            table: query.table(),
        }),
        ["page", article, rest] => return article_route(title(article), rest, query),
        ["new"] => Route::New {
            title: query.text("title"),
            infobox: query.text("infobox"),
        },
        ["search"] => Route::Search(Search {
            q: query.text("q"),
            category: query.text("category"),
            sort: query.named("sort").unwrap_or_default(),
            page: query.page(),
        }),
        ["categories"] => Route::Categories,
        ["category", category] => Route::Category {
            category: title(category),
            page: query.page(),
        },
        ["pages"] => Route::Pages {
            letter: query.text("letter"),
            page: query.page(),
        },
        ["recent"] => Route::Recent { page: query.page() },
        ["wanted"] => Route::Wanted,
        ["member", member] => Route::Member {
            member: member.to_owned(),
            page: query.page(),
        },
        ["watchlist"] => Route::Watchlist,
        ["help"] => Route::Help,
        _ => return None,
    })
}

fn article_route(article: String, rest: &str, query: &mut Query) -> Option<Route> {
    Some(match rest {
        "talk" => Route::Talk { article },
        "edit" => Route::Edit {
            article,
            section: query.named("section"),
        },
        "table" => Route::Table {
            article,
            table: query.text("table")?,
        },
        "row" => Route::Row {
            article,
            table: query.text("table")?,
            row: query.named("row"),
        },
        "history" => Route::History {
            article,
            page: query.page(),
        },
        "diff" => Route::Diff {
            article,
            from: query.named("from")?,
            to: query.named("to")?,
        },
        "restore" => Route::Restore {
            article,
            revision: query.named("revision")?,
        },
        "links" => Route::Links {
            article,
            page: query.page(),
        },
        "move" => Route::Move { article },
        _ => return None,
    })
}

impl Query {
    /// How a table is shown; without a table its parameters stay and are unknown.
    fn table(&mut self) -> Option<TableView> {
        Some(TableView {
            table: self.text("table")?,
            rows: self.text("rows"),
            by: self.text("by"),
            descending: self.parsed("order", |text| match text {
                "desc" => Some(true),
                "asc" => Some(false),
                _ => None,
            }) == Some(true),
            compare: self.named("compare").unwrap_or_default(),
        })
    }
}
