//! The markup of articles: what it can say, how it is read and how it is written. Knows nothing
//! of pages, people or rights. The help page of the wiki documents it for writers.
//!
//! | written | means |
//! |---|---|
//! | `## Heading`, `### Heading` | a section, a part of it |
//! | `- item`, `1. item` | a list, a numbered list |
//! | `**words**`, `''words''` | strong, emphasis |
//! | `[[Page]]`, `[[Page\|words]]` | a link to a page of the wiki |
//! | `[[/desk/...\|words]]` | a link to another site of the company |
//! | `{{infobox kind` ... `\| Field = value` ... `}}` | the box of facts |
//! | `{{table Caption` ... `\| cell \| cell` ... `}}` | a table; its first line names the columns |
//! | `{{category Name}}`, `{{redirect Page}}`, `{{disambiguation}}`, `{{note words}}` | as they say |
//!
//! A backslash takes the meaning from the sign behind it.

mod edit;
mod inline;
mod parse;
mod print;

pub use edit::{Span, replace_span, section_spans, table_span};
pub use inline::{parse_inline, plain};
pub use parse::parse;
pub use print::{print_blocks, print_inline, print_table};

/// An article, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// The page that this one only points to.
    pub redirect: Option<String>,
    /// Whether it only tells pages of one name apart.
    pub disambiguation: bool,
    /// The box of facts.
    pub infobox: Option<Infobox>,
    /// Categories that are named in the text, in order.
    pub categories: Vec<String>,
    /// What stands before the first heading.
    pub lead: Vec<Block>,
    /// Sections and their parts, in order.
    pub sections: Vec<Section>,
}

impl Document {
    /// Every block, lead first.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.lead
            .iter()
            .chain(self.sections.iter().flat_map(|section| &section.blocks))
    }

    /// Every table, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.blocks().filter_map(|block| match block {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// The table of this caption.
    pub fn table(&self, caption: &str) -> Option<&Table> {
        self.tables().find(|table| table.caption == caption)
    }

    /// Every link of the text, with its place.
    pub fn links(&self) -> Vec<(Place, &Link)> {
        let mut links = Vec::new();
        if let Some(infobox) = &self.infobox {
            let values = infobox.fields.iter().flat_map(|(_, value)| value);
            links.extend(links_of(values).map(|link| (Place::Infobox, link)));
        }
        for block in self.blocks() {
            let place = match block {
                Block::Table(_) => Place::Table,
                _ => Place::Text,
            };
            links.extend(links_of(block.inlines()).map(|link| (place, link)));
        }
        links
    }
}

fn links_of<'a>(inlines: impl Iterator<Item = &'a Inline>) -> impl Iterator<Item = &'a Link> {
    inlines.filter_map(|inline| match inline {
        Inline::Link(link) => Some(link),
        _ => None,
    })
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the box of facts.
    Infobox,
    /// In a table.
    Table,
    /// Anywhere else.
    Text,
}

/// The box of facts beside an article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Infobox {
    /// What the article is about, e.g. `island`.
    pub kind: String,
    /// Fields with their values, in order.
    pub fields: Vec<(String, Vec<Inline>)>,
}

impl Infobox {
    /// The value of a field as text.
    pub fn text(&self, field: &str) -> Option<String> {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, value)| plain(value))
    }

    /// Links in a field.
    pub fn links(&self, field: &str) -> Vec<&Link> {
        self.fields
            .iter()
            .filter(|(name, _)| name == field)
            .flat_map(|(_, value)| links_of(value.iter()))
            .collect()
    }
}

/// A heading with what stands below it, up to the next heading of any level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// 2 for a section, 3 for a part of one.
    pub level: u8,
    /// Its words.
    pub heading: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Inline>>,
    },
    /// A table.
    Table(Table),
    /// A remark that stands out.
    Note(Vec<Inline>),
}

impl Block {
    /// All that is written in it, in order.
    pub fn inlines(&self) -> Box<dyn Iterator<Item = &Inline> + '_> {
        match self {
            Self::Paragraph(inlines) | Self::Note(inlines) => Box::new(inlines.iter()),
            Self::List { items, .. } => Box::new(items.iter().flatten()),
            Self::Table(table) => Box::new(table.rows.iter().flatten().flatten()),
        }
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its caption; no two tables of a page have the same.
    pub caption: String,
    /// Names of its columns.
    pub columns: Vec<String>,
    /// Its rows; each has a cell for every column.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

impl Table {
    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column == name)
    }

    /// A cell as text; empty when there is none.
    pub fn cell(&self, row: usize, column: usize) -> String {
        self.rows
            .get(row)
            .and_then(|row| row.get(column))
            .map_or_else(String::new, |cell| plain(cell))
    }
}

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Plain words.
    Text(String),
    /// Strong words.
    Strong(String),
    /// Emphasised words.
    Emphasis(String),
    /// A link.
    Link(Link),
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Title of a page, or a path that begins with `/`.
    pub target: String,
    /// What is read.
    pub words: String,
}

impl Link {
    /// Whether it leads to another site of the company.
    pub fn leaves(&self) -> bool {
        self.target.starts_with('/')
    }
}

/// What is wrong with a text as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub message: String,
}

#[cfg(test)]
mod tests;
