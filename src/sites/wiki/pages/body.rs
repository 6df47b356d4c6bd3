//! An article as templates show it: links that know whether their page exists, tables in the
//! order that the reader asked for.

use super::frame::Link;
use crate::sites::wiki::markup::{Block, Document, Infobox, Inline, Table};
use crate::sites::wiki::queries::tables;
use crate::sites::wiki::state::{WikiState, fold_title};
use crate::sites::wiki::view::{Article, Compare, Route, TableView};

/// Tables with more rows than this can be narrowed.
const SHORT_TABLE: usize = 12;

/// An article.
#[derive(Debug, Default)]
pub struct Body {
    /// The box of facts.
    pub infobox: Option<BoxView>,
    /// What stands before the first heading.
    pub lead: Vec<BlockView>,
    /// Sections.
    pub sections: Vec<SectionView>,
    /// Whether sections are listed at the top.
    pub has_contents: bool,
}

/// The box of facts.
#[derive(Debug)]
pub struct BoxView {
    /// What it is about.
    pub kind: String,
    /// Name of the drawing.
    pub drawing: &'static str,
    /// Fields.
    pub fields: Vec<(String, Vec<Span>)>,
}

/// A section.
#[derive(Debug)]
pub struct SectionView {
    /// Its anchor.
    pub anchor: String,
    /// 2 or 3.
    pub level: u8,
    /// Its words.
    pub heading: String,
    /// Where it is edited; empty where it cannot be.
    pub edit_href: String,
    /// What it says.
    pub blocks: Vec<BlockView>,
}

/// A part of the text.
#[derive(Debug)]
pub enum BlockView {
    /// A paragraph.
    Paragraph(Vec<Span>),
    /// A remark.
    Note(Vec<Span>),
    /// A list.
    List(Vec<Vec<Span>>),
    /// A numbered list.
    Numbered(Vec<Vec<Span>>),
    /// A table.
    Table(Box<TableShow>),
}

/// A run of words.
#[derive(Debug)]
pub enum Span {
    /// Plain.
    Text(String),
    /// Strong.
    Strong(String),
    /// Emphasised.
    Emphasis(String),
    /// A link to a page that is there.
    Link(Link),
    /// A link to a page that is not there yet.
    Red(Link),
}

/// A table.
#[derive(Debug)]
pub struct TableShow {
    /// Its caption.
    pub caption: String,
    /// Its anchor.
    pub anchor: String,
    /// Columns: link that sorts by it, and how it is sorted now.
    pub columns: Vec<(Link, &'static str)>,
    /// Rows.
    pub rows: Vec<Vec<Vec<Span>>>,
    /// How it is ordered, in words; empty for its own order.
    pub order: String,
    /// The other way to compare.
    pub compare: Option<Link>,
    /// Back to its own order and all rows.
    pub reset_href: String,
    /// Where rows are narrowed; empty for short tables.
    pub filter_action: String,
    /// Fields that the form for narrowing sends along.
    pub filter_fields: Vec<(&'static str, String)>,
    /// Words that rows are narrowed by.
    pub filter: String,
    /// Rows shown and all, in words; empty when all are shown.
    pub shown: String,
    /// Where rows are changed; empty where they cannot be.
    pub edit_href: String,
}

/// How an article is rendered.
pub struct Renderer<'a> {
    /// Where links are looked up.
    pub state: &'a WikiState,
    /// How the page is shown.
    pub article: &'a Article,
    /// Whether sections and tables have links to edit them.
    pub editable: bool,
}

impl Renderer<'_> {
    /// The article.
    pub fn body(&self, document: &Document) -> Body {
        let sections: Vec<SectionView> = document
            .sections
            .iter()
            .enumerate()
            .map(|(at, section)| SectionView {
                anchor: format!("section-{}", at + 1),
                level: section.level,
                heading: section.heading.clone(),
                edit_href: self.section_href(at),
                blocks: self.blocks(&section.blocks),
            })
            .collect();
        Body {
            infobox: document
                .infobox
                .as_ref()
                .map(|infobox| self.infobox(infobox)),
            lead: self.blocks(&document.lead),
            has_contents: sections.len() > 3,
            sections,
        }
    }

    fn section_href(&self, at: usize) -> String {
        if !self.editable {
            return String::new();
        }
        Route::Edit {
            article: self.article.title.clone(),
            section: Some(at + 1),
        }
        .href()
    }

    fn infobox(&self, infobox: &Infobox) -> BoxView {
        BoxView {
            kind: infobox.kind.clone(),
            drawing: drawing(&infobox.kind),
            fields: infobox
                .fields
                .iter()
                .map(|(name, value)| (name.clone(), self.spans(value)))
                .collect(),
        }
    }

    fn blocks(&self, blocks: &[Block]) -> Vec<BlockView> {
        blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(inlines) => BlockView::Paragraph(self.spans(inlines)),
                Block::Note(inlines) => BlockView::Note(self.spans(inlines)),
                Block::List { ordered, items } => {
                    let items = items.iter().map(|item| self.spans(item)).collect();
                    if *ordered {
                        BlockView::Numbered(items)
                    } else {
                        BlockView::List(items)
                    }
                }
                Block::Table(table) => BlockView::Table(Box::new(self.table(table))),
            })
            .collect()
    }

    /// Words with their links.
    pub fn spans(&self, inlines: &[Inline]) -> Vec<Span> {
        inlines
            .iter()
            .map(|inline| match inline {
                Inline::Text(text) => Span::Text(text.clone()),
                Inline::Strong(text) => Span::Strong(text.clone()),
                Inline::Emphasis(text) => Span::Emphasis(text.clone()),
                Inline::Link(link) if link.leaves() => Span::Link(Link {
                    href: link.target.clone(),
                    label: link.words.clone(),
                    current: false,
                }),
                Inline::Link(link) => self.link(&link.target, &link.words),
            })
            .collect()
    }

    fn link(&self, target: &str, words: &str) -> Span {
        if self.state.titles.contains_key(&fold_title(target)) {
            return Span::Link(Link::to(&Route::article(target), words));
        }
        let route = Route::New {
            title: Some(target.to_owned()),
            infobox: None,
        };
        Span::Red(Link::to(&route, words))
    }

    fn table(&self, table: &Table) -> TableShow {
        let wanted = self
            .article
            .table
            .as_ref()
            .filter(|wanted| wanted.table == table.caption);
        let rows = tables::rows(table, wanted);
        let filter = wanted.and_then(|wanted| wanted.rows.clone());
        let is_long = table.rows.len() > SHORT_TABLE;
        TableShow {
            caption: table.caption.clone(),
            anchor: anchor(&table.caption),
            columns: table
                .columns
                .iter()
                .map(|column| self.column(table, wanted, column))
                .collect(),
            order: wanted.map_or_else(String::new, order),
            compare: wanted
                .filter(|wanted| wanted.by.is_some())
                .map(|wanted| self.compare(wanted)),
            reset_href: wanted.map_or_else(String::new, |_| self.href(None, &table.caption)),
            filter_action: if is_long {
                self.plain_href()
            } else {
                String::new()
            },
            filter_fields: filter_fields(self.article, wanted, &table.caption),
            filter: filter.clone().unwrap_or_default(),
            shown: if filter.is_some() {
                format!("{} of {} rows", rows.len(), table.rows.len())
            } else {
                String::new()
            },
            rows: rows
                .into_iter()
                .map(|row| {
                    table.rows[row]
                        .iter()
                        .map(|cell| self.spans(cell))
                        .collect()
                })
                .collect(),
            edit_href: self.table_href(&table.caption),
        }
    }

    fn table_href(&self, caption: &str) -> String {
        if !self.editable {
            return String::new();
        }
        Route::Table {
            article: self.article.title.clone(),
            table: caption.to_owned(),
        }
        .href()
    }

    /// A column's link: sorts by it, or turns the order around.
    fn column(
        &self,
        table: &Table,
        wanted: Option<&TableView>,
        column: &str,
    ) -> (Link, &'static str) {
        let sorted = wanted.filter(|wanted| wanted.by.as_deref() == Some(column));
        let view = TableView {
            table: table.caption.clone(),
            rows: wanted.and_then(|wanted| wanted.rows.clone()),
            by: Some(column.to_owned()),
            descending: sorted.is_some_and(|sorted| !sorted.descending),
            compare: sorted.map_or(Compare::Text, |sorted| sorted.compare),
        };
        let state = match sorted {
            None => "",
            Some(sorted) if sorted.descending => "descending",
            Some(_) => "ascending",
        };
        let link = Link {
            href: self.href(Some(view), &table.caption),
            label: column.to_owned(),
            current: sorted.is_some(),
        };
        (link, state)
    }

    fn compare(&self, wanted: &TableView) -> Link {
        let (compare, label) = match wanted.compare {
            Compare::Text => (Compare::Number, "Compare as numbers"),
            Compare::Number => (Compare::Text, "Compare as text"),
        };
        let view = TableView {
            compare,
            ..wanted.clone()
        };
        Link {
            href: self.href(Some(view), &wanted.table),
            label: label.to_owned(),
            current: false,
        }
    }

    fn href(&self, table: Option<TableView>, caption: &str) -> String {
        let route = Route::Article(Article {
            table,
            from: None,
            ..self.article.clone()
        });
        format!("{}#{}", route.href(), anchor(caption))
    }

    fn plain_href(&self) -> String {
        Route::article(&self.article.title).href()
    }
}

fn order(wanted: &TableView) -> String {
    let Some(by) = &wanted.by else {
        return String::new();
    };
    let how = match wanted.compare {
        Compare::Text => "letter by letter",
        Compare::Number => "by number",
    };
    let direction = if wanted.descending {
        ", last first"
    } else {
        ""
    };
    format!("Sorted by {by}, {how}{direction}")
}

fn filter_fields(
    article: &Article,
    wanted: Option<&TableView>,
    caption: &str,
) -> Vec<(&'static str, String)> {
    let mut fields = vec![("table", caption.to_owned())];
    if let Some(revision) = article.revision {
        fields.push(("revision", revision.to_string()));
    }
    let Some(wanted) = wanted else {
        return fields;
    };
    if let Some(by) = &wanted.by {
        fields.push(("by", by.clone()));
    }
    if wanted.descending {
        fields.push(("order", "desc".to_owned()));
    }
    if wanted.compare == Compare::Number {
        fields.push(("compare", wanted.compare.to_string()));
    }
    fields
}

/// A caption as an anchor.
fn anchor(caption: &str) -> String {
    let slug: String = caption
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '-' })
        .collect();
    format!("table-{slug}")
}

/// The drawing of a kind of infobox.
fn drawing(kind: &str) -> &'static str {
    match kind {
        "island" => "island",
        "village" => "village",
        "saltworks" => "saltworks",
        "bridge" => "bridge",
        "ferry" => "ferry",
        "lighthouse" => "lighthouse",
        "person" => "person",
        "festival" => "festival",
        _ => "page",
    }
}
