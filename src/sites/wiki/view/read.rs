//! Reads addresses of the wiki.

use crate::sites::wiki::view::{Article, Parsed, Route, Search, TableView};

/// Reads a path and query such as `/wiki/page/Brae?revision=12`. None when it is no page of the
/// wiki. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let without_fragment = path_and_query.split('#').next().unwrap_or("");
    let (path, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let rest = path.strip_prefix("/wiki")?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let segments: Vec<String> = rest
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut query = Query::read(query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

/// Percent-decodes a path segment.
fn decode(segment: &str) -> String {
    let whole = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    url::form_urlencoded::parse(whole.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
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
            revision: query.number("revision"),
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
            section: query.number("section"),
        },
        "table" => Route::Table {
            article,
            table: query.text("table")?,
        },
        "row" => Route::Row {
            article,
            table: query.text("table")?,
            row: query.number("row"),
        },
        "history" => Route::History {
            article,
            page: query.page(),
        },
        "diff" => Route::Diff {
            article,
            from: query.number("from")?,
            to: query.number("to")?,
        },
        "restore" => Route::Restore {
            article,
            revision: query.number("revision")?,
        },
        "links" => Route::Links {
            article,
            page: query.page(),
        },
        "move" => Route::Move { article },
        _ => return None,
    })
}

/// Parameters of an address that were not read yet. Empty values count as not given, because
/// browsers send every field of a form.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Takes a parameter; a second one of the same name stays and is unknown.
    fn text(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    /// Takes a parameter that can be read; one that cannot stays and is unknown.
    fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        let value = read(&self.0[index].1)?;
        self.0.remove(index);
        Some(value)
    }

    fn number<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    fn named<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    fn flag(&mut self, name: &str, on: &str) -> bool {
        self.parsed(name, |text| (text == on).then_some(()))
            .is_some()
    }

    fn page(&mut self) -> u32 {
        self.parsed("page", |text| text.parse().ok().filter(|page| *page >= 1))
            .unwrap_or(1)
    }

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

    fn rest(self) -> Vec<String> {
        let mut names: Vec<String> = self.0.into_iter().map(|(key, _)| key).collect();
        names.sort();
        names.dedup();
        names
    }
}
