//! Writes addresses of the wiki, and what they mean in typed form.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::evidence::View;
use crate::sites::wiki::view::{Article, Compare, Route, Sort, TableView};

impl Route {
    /// An article as it stands.
    pub fn article(title: &str) -> Self {
        Self::Article(Article {
            title: title.to_owned(),
            ..Article::default()
        })
    }

    /// An article as it stood.
    pub fn revision(title: &str, revision: u32) -> Self {
        Self::Article(Article {
            title: title.to_owned(),
            revision: Some(revision),
            ..Article::default()
        })
    }

    /// The address of the page, defaults left out, e.g. `/wiki/page/Brae/history?page=2`.
    pub fn href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.query() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        let path = self.path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    fn path(&self) -> String {
        let of = |article: &str, rest: &str| format!("/wiki/page/{}{rest}", encode(article));
        match self {
            Self::Home => "/wiki/".to_owned(),
            Self::Article(article) => of(&article.title, ""),
            Self::Talk { article } => of(article, "/talk"),
            Self::Edit { article, .. } => of(article, "/edit"),
            Self::Table { article, .. } => of(article, "/table"),
            Self::Row { article, .. } => of(article, "/row"),
            Self::History { article, .. } => of(article, "/history"),
            Self::Diff { article, .. } => of(article, "/diff"),
            Self::Restore { article, .. } => of(article, "/restore"),
            Self::Links { article, .. } => of(article, "/links"),
            Self::Move { article } => of(article, "/move"),
            Self::New { .. } => "/wiki/new".to_owned(),
            Self::Search(_) => "/wiki/search".to_owned(),
            Self::Categories => "/wiki/categories".to_owned(),
            Self::Category { category, .. } => format!("/wiki/category/{}", encode(category)),
            Self::Pages { .. } => "/wiki/pages".to_owned(),
            Self::Recent { .. } => "/wiki/recent".to_owned(),
            Self::Wanted => "/wiki/wanted".to_owned(),
            Self::Member { member, .. } => format!("/wiki/member/{}", encode(member)),
            Self::Watchlist => "/wiki/watchlist".to_owned(),
            Self::Help => "/wiki/help".to_owned(),
        }
    }

    /// Parameters of the query, defaults left out.
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        let page_text = |page: u32| (page > 1).then(|| page.to_string());
        match self {
            Self::Article(article) => return article.query(),
            Self::Edit { section, .. } => push("section", section.map(|place| place.to_string())),
            Self::Table { table, .. } => push("table", Some(table.clone())),
            Self::Row { table, row, .. } => {
                push("table", Some(table.clone()));
                push("row", row.map(|place| place.to_string()));
            }
            Self::Diff { from, to, .. } => {
                push("from", Some(from.to_string()));
                push("to", Some(to.to_string()));
            }
            Self::Restore { revision, .. } => push("revision", Some(revision.to_string())),
            Self::New { title, infobox } => {
                push("title", title.clone());
                push("infobox", infobox.clone());
            }
            Self::Search(search) => {
                push("q", search.q.clone());
                push("category", search.category.clone());
                let sort = search.sort;
                push("sort", (sort != Sort::Relevance).then(|| sort.to_string()));
                push("page", page_text(search.page));
            }
            Self::Pages { letter, page } => {
                push("letter", letter.clone());
                push("page", page_text(*page));
            }
            Self::History { page, .. }
            | Self::Links { page, .. }
            | Self::Category { page, .. }
            | Self::Recent { page }
            | Self::Member { page, .. } => push("page", page_text(*page)),
            _ => {}
        }
        pairs
    }

    /// The page as evaluators and the journal name it. Parameters have the names of the fields
    /// in `view`, defaults left out.
    pub fn view(&self, unknown: Vec<String>) -> View {
        View {
            route: self.name().to_owned(),
            params: self.params(),
            unknown,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Home => "wiki.home",
            Self::Article(_) => "wiki.article",
            Self::Talk { .. } => "wiki.talk",
            Self::Edit { .. } => "wiki.edit",
            Self::Table { .. } => "wiki.table",
            Self::Row { .. } => "wiki.row",
            Self::History { .. } => "wiki.history",
            Self::Diff { .. } => "wiki.diff",
            Self::Restore { .. } => "wiki.restore",
            Self::Links { .. } => "wiki.links",
            Self::Move { .. } => "wiki.move",
            Self::New { .. } => "wiki.new",
            Self::Search(_) => "wiki.search",
            Self::Categories => "wiki.categories",
            Self::Category { .. } => "wiki.category",
            Self::Pages { .. } => "wiki.pages",
            Self::Recent { .. } => "wiki.recent",
            Self::Wanted => "wiki.wanted",
            Self::Member { .. } => "wiki.member",
            Self::Watchlist => "wiki.watchlist",
            Self::Help => "wiki.help",
        }
    }

    fn params(&self) -> BTreeMap<String, Value> {
        let mut params = BTreeMap::new();
        let mut put = |name: &str, value: Option<Value>| {
            params.extend(value.map(|value| (name.to_owned(), value)));
        };
        let page_value = |page: u32| (page > 1).then(|| json!(page));
        match self {
            Self::Article(article) => return article.params(),
            Self::Talk { article } | Self::Move { article } => put("article", Some(json!(article))),
            Self::Edit { article, section } => {
                put("article", Some(json!(article)));
                put("section", section.map(|place| json!(place)));
            }
            Self::Table { article, table } => {
                put("article", Some(json!(article)));
                put("table", Some(json!(table)));
            }
            Self::Row {
                article,
                table,
                row,
            } => {
                put("article", Some(json!(article)));
                put("table", Some(json!(table)));
                put("row", row.map(|place| json!(place)));
            }
            Self::History { article, page } | Self::Links { article, page } => {
                put("article", Some(json!(article)));
                put("page", page_value(*page));
            }
            Self::Diff { article, from, to } => {
                put("article", Some(json!(article)));
                put("from", Some(json!(from)));
                put("to", Some(json!(to)));
            }
            Self::Restore { article, revision } => {
                put("article", Some(json!(article)));
                put("revision", Some(json!(revision)));
            }
            Self::New { title, infobox } => {
                put("title", title.as_ref().map(|title| json!(title)));
                put("infobox", infobox.as_ref().map(|kind| json!(kind)));
            }
            Self::Search(search) => {
                put("q", search.q.as_ref().map(|q| json!(q)));
                put("category", search.category.as_ref().map(|name| json!(name)));
                let sort = search.sort;
                put("sort", (sort != Sort::Relevance).then(|| json!(sort)));
                put("page", page_value(search.page));
            }
            Self::Category { category, page } => {
                put("category", Some(json!(category)));
                put("page", page_value(*page));
            }
            Self::Pages { letter, page } => {
                put("letter", letter.as_ref().map(|letter| json!(letter)));
                put("page", page_value(*page));
            }
            Self::Recent { page } => put("page", page_value(*page)),
            Self::Member { member, page } => {
                put("member", Some(json!(member)));
                put("page", page_value(*page));
            }
            Self::Home | Self::Categories | Self::Wanted | Self::Watchlist | Self::Help => {}
        }
        params
    }
}

impl Article {
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        push("revision", self.revision.map(|no| no.to_string()));
        push("redirect", self.no_redirect.then(|| "no".to_owned()));
        if let Some(table) = &self.table {
            push("table", Some(table.table.clone()));
            push("rows", table.rows.clone());
            push("by", table.by.clone());
            push("order", table.descending.then(|| "desc".to_owned()));
            let compare = table.compare;
            push(
                "compare",
                (compare != Compare::Text).then(|| compare.to_string()),
            );
        }
        push("from", self.from.clone());
        pairs
    }

    fn params(&self) -> BTreeMap<String, Value> {
        let mut params = BTreeMap::from([("article".to_owned(), json!(self.title))]);
        let mut put = |name: &str, value: Option<Value>| {
            params.extend(value.map(|value| (name.to_owned(), value)));
        };
        put("revision", self.revision.map(|no| json!(no)));
        put("no_redirect", self.no_redirect.then(|| json!(true)));
        if let Some(TableView {
            table,
            rows,
            by,
            descending,
            compare,
        }) = &self.table
        {
            put("table", Some(json!(table)));
            put("rows", rows.as_ref().map(|rows| json!(rows)));
            put("by", by.as_ref().map(|by| json!(by)));
            put("descending", descending.then(|| json!(true)));
            put(
                "compare",
                (*compare != Compare::Text).then(|| json!(compare)),
            );
        }
        params
    }
}

/// A title as a segment of a path.
fn encode(title: &str) -> String {
    let mut encoded = String::with_capacity(title.len());
    for byte in title.replace(' ', "_").bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~()',:!".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}
