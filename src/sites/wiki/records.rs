//! Primary state of the wiki as records: the contract between the wiki and the evaluators.
//!
//! | collection | key | fields |
//! |---|---|---|
//! | `wiki.articles` | page | `title`, `protected`, `redirect` (title or null), `disambiguation`, `categories` (array), `infobox` (null, or `{kind, fields}` with `fields` an array of `[name, value]`), `lead`, `outline` (array of `## Heading`) |
//! | `wiki.sections` | page/heading | `text` |
//! | `wiki.tables` | page/caption | `columns` (array), `rows` (array of arrays) |
//! | `wiki.comments` | number | `page` (number), `topic`, `text` |
//! | `wiki.watchlist` | page | `page` (number) |
//!
//! Texts are markup as [`markup::print_blocks`] writes it, so that two ways to type the same are
//! the same; a table stands in them as `{{table Caption}}`. Who saved what when, and with which
//! summary, is the wiki's journal and no primary state.

use serde_json::{Value, json};

use crate::sites::diff::{Record, Records};
use crate::sites::wiki::markup::{self, Document, Section, Table};
use crate::sites::wiki::state::{Comment, Page, PageId, WikiState};

/// All primary records of a state.
pub fn of(state: &WikiState) -> Records {
    let mut records = Records::new();
    for page in state.pages.values() {
        records.extend(of_page(page));
    }
    for comment in state.comments.values() {
        records.insert(
            ("wiki.comments".to_owned(), comment.no.to_string()),
            of_comment(comment),
        );
    }
    for page in state.watched.iter() {
        let record = fields([("page", json!(page))]);
        records.insert(("wiki.watchlist".to_owned(), page.to_string()), record);
    }
    records
}

/// The records of one page.
pub fn of_page(page: &Page) -> Records {
    let document = &page.content.document;
    let mut records = Records::new();
    let mut add = |collection: &str, key: String, record: Record| {
        records.insert((format!("wiki.{collection}"), key), record);
    };
    add("articles", page.id.to_string(), article(page));
    for (key, section) in section_keys(page.id, document) {
        let record = fields([("text", json!(section_text(section)))]);
        add("sections", key, record);
    }
    for table in document.tables() {
        let key = format!("{}/{}", page.id, table.caption);
        add("tables", key, of_table(table));
    }
    records
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn article(page: &Page) -> Record {
    let document = &page.content.document;
    let outline: Vec<String> = document
        .sections
        .iter()
        .map(|section| format!("{} {}", "#".repeat(section.level.into()), section.heading))
        .collect();
    fields([
        ("title", json!(page.title)),
        ("protected", json!(page.protected)),
        ("redirect", json!(document.redirect)),
        ("disambiguation", json!(document.disambiguation)),
        ("categories", json!(document.categories)),
        ("infobox", infobox(document)),
        ("lead", json!(markup::print_blocks(&document.lead, false))),
        ("outline", json!(outline)),
    ])
}

fn infobox(document: &Document) -> Value {
    document.infobox.as_ref().map_or(Value::Null, |infobox| {
        let fields: Vec<Value> = infobox
            .fields
            .iter()
            .map(|(name, value)| json!([name, markup::print_inline(value)]))
            .collect();
        json!({"kind": infobox.kind, "fields": fields})
    })
}

/// Sections with their keys; of several with one heading the later ones are numbered.
pub fn section_keys(page: PageId, document: &Document) -> Vec<(String, &Section)> {
    let mut keys: Vec<(String, &Section)> = Vec::new();
    for section in &document.sections {
        let plain = format!("{page}/{}", section.heading);
        let same = keys
            .iter()
            .filter(|(_, other)| other.heading == section.heading)
            .count();
        let key = if same == 0 {
            plain
        } else {
            format!("{plain} ({})", same + 1)
        };
        keys.push((key, section));
    }
    keys
}

/// What a section says, as evaluators compare it.
pub fn section_text(section: &Section) -> String {
    markup::print_blocks(&section.blocks, false)
}

/// A table as evaluators compare it.
pub fn of_table(table: &Table) -> Record {
    fields([
        ("columns", json!(table.columns)),
        ("rows", table_rows(table)),
    ])
}

/// Rows of a table as evaluators compare them.
pub fn table_rows(table: &Table) -> Value {
    table
        .rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| json!(markup::print_inline(cell)))
                .collect::<Value>()
        })
        .collect()
}

fn of_comment(comment: &Comment) -> Record {
    fields([
        ("page", json!(comment.page)),
        ("topic", json!(comment.topic)),
        ("text", json!(comment.text)),
    ])
}
