//! Addresses of the wiki: what they mean, and how they are written. The same for every run.
//!
//! A page of the wiki is named by its title, blanks as `_`. A title with `/` is percent-encoded.

mod read;
mod write;

pub use read::parse;

/// A page of the wiki's interface with its typed parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Start page.
    Home,
    /// An article.
    Article(Article),
    /// What is said about an article.
    Talk {
        /// Its title.
        article: String,
    },
    /// The form for a text, or for one section of it.
    Edit {
        /// Title of the article.
        article: String,
        /// Place of the section, from 1.
        section: Option<usize>,
    },
    /// A table, row by row, for those who change it.
    Table {
        /// Title of the article.
        article: String,
        /// Caption of the table.
        table: String,
    },
    /// The form for a row of a table.
    Row {
        /// Title of the article.
        article: String,
        /// Caption of the table.
        table: String,
        /// Place of the row, from 1; absent for a new one.
        row: Option<usize>,
    },
    /// Revisions of an article.
    History {
        /// Its title.
        article: String,
        /// From 1.
        page: u32,
    },
    /// What changed from one revision to another.
    Diff {
        /// Title of the article.
        article: String,
        /// Number of the revision before.
        from: u32,
        /// Number of the revision after.
        to: u32,
    },
    /// The form that brings an old revision back.
    Restore {
        /// Title of the article.
        article: String,
        /// Number of the revision.
        revision: u32,
    },
    /// Pages that link to an article.
    Links {
        /// Its title.
        article: String,
        /// From 1.
        page: u32,
    },
    /// The form that renames an article.
    Move {
        /// Its title.
        article: String,
    },
    /// The form for a new page.
    New {
        /// Title to begin with.
        title: Option<String>,
        /// Kind of infobox to begin with.
        infobox: Option<String>,
    },
    /// Search.
    Search(Search),
    /// All categories.
    Categories,
    /// A category.
    Category {
        /// Its name.
        category: String,
        /// From 1.
        page: u32,
    },
    /// All pages by title.
    Pages {
        /// Only titles that begin with this letter.
        letter: Option<String>,
        /// From 1.
        page: u32,
    },
    /// The latest changes.
    Recent {
        /// From 1.
        page: u32,
    },
    /// Pages that are linked to and do not exist.
    Wanted,
    /// What a member wrote.
    Member {
        /// Username.
        member: String,
        /// From 1.
        page: u32,
    },
    /// Pages that the reader watches.
    Watchlist,
    /// How texts are written.
    Help,
}

/// How an article is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Article {
    /// Its title.
    pub title: String,
    /// As it stood in this revision; absent for as it stands.
    pub revision: Option<u32>,
    /// The page itself although it only points to another.
    pub no_redirect: bool,
    /// The title that led here. Neither typed nor compared: it only words a line on the page.
    pub from: Option<String>,
    /// How one of its tables is shown.
    pub table: Option<TableView>,
}

/// How a table is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableView {
    /// Its caption.
    pub table: String,
    /// Only rows that hold these words.
    pub rows: Option<String>,
    /// Ordered by this column; absent for the table's own order.
    pub by: Option<String>,
    /// Last first.
    pub descending: bool,
    /// How cells are compared.
    pub compare: Compare,
}

crate::named_values! {
    /// How cells of a table are compared.
    #[derive(Default)]
    Compare {
        /// Letter by letter; the default.
        #[default]
        Text = "text",
        /// By the number that a cell begins with.
        Number = "number",
    }
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words.
    pub q: Option<String>,
    /// Only pages of this category and below it.
    pub category: Option<String>,
    /// Order.
    pub sort: Sort,
    /// From 1.
    pub page: u32,
}

crate::named_values! {
    /// Order of search results.
    #[derive(Default)]
    Sort {
        /// Best match first; the default.
        #[default]
        Relevance = "relevance",
        /// By title.
        Title = "title",
        /// Last changed first.
        Changed = "changed",
    }
}

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_sorted_table_is_read_typed_and_written_back() {
        let address = "/wiki/page/List_of_lighthouses?table=Lights&by=Range&order=desc&compare=number&from=Lights";
        let parsed = parse(address).unwrap();
        assert_eq!(parsed.unknown, Vec::<String>::new());
        let view = parsed.route.view(Vec::new());
        assert_eq!(view.route, "wiki.article");
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({
                "article": "List of lighthouses", "table": "Lights", "by": "Range",
                "descending": true, "compare": "number",
            })
        );
        assert_eq!(parse(&parsed.route.href()).unwrap(), parsed);
    }

    #[test]
    fn an_old_revision_is_another_view_of_the_article() {
        let view = parse("/wiki/page/Salt_%26_Smoke?revision=812").unwrap();
        let view = view.route.view(view.unknown);
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({"article": "Salt & Smoke", "revision": 812})
        );
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_dropped() {
        let parsed = parse("/wiki/recent?page=0&next=/wiki/page/Brae#x").unwrap();
        assert_eq!(parsed.route, Route::Recent { page: 1 });
        assert_eq!(parsed.unknown, ["next", "page"]);
        assert_eq!(parse("/wikipedia"), None);
        assert_eq!(parse("/wiki/page"), None);
        assert_eq!(parse("/wiki/page/A/diff?from=1"), None);
    }

    #[test]
    fn every_route_survives_the_way_to_an_address_and_back() {
        let article = || "A/B: É & _ 100 %?".replace(" _ ", " ");
        let routes = [
            Route::Home,
            Route::Article(Article {
                title: article(),
                no_redirect: true,
                ..Article::default()
            }),
            Route::Talk { article: article() },
            Route::Edit {
                article: article(),
                section: Some(3),
            },
            Route::Row {
                article: article(),
                table: "Lines & times".to_owned(),
                row: Some(2),
            },
            Route::Diff {
                article: article(),
                from: 3,
                to: 9,
            },
            Route::Restore {
                article: article(),
                revision: 3,
            },
            Route::New {
                title: Some(article()),
                infobox: None,
            },
            Route::Search(Search {
                q: Some("crème & co".to_owned()),
                category: Some("Islands".to_owned()),
                sort: Sort::Changed,
                page: 2,
            }),
            Route::Category {
                category: "Bridges and ferries".to_owned(),
                page: 1,
            },
            Route::Member {
                member: "mara".to_owned(),
                page: 4,
            },
        ];
        for route in routes {
            let parsed = parse(&route.href()).unwrap();
            assert_eq!(parsed.route, route);
            assert_eq!(parsed.unknown, Vec::<String>::new());
        }
    }
}
