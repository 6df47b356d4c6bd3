//! The typed state of the wiki: what one run works on.
//!
//! Collections sit behind [`Arc`], so that a new run is a clone of pointers and a write copies
//! only the collection that it changes. Every field is one of five kinds, and its doc says which:
//! - **primary**: what writers decide; compared by [`crate::sites::diff`],
//! - **derived**: computed from primary state; checked by
//!   [`crate::sites::wiki::invariants`], never compared,
//! - **journal**: who wrote what when; only grows, never compared,
//! - **incidental**: drafts, flash messages, counters; neither compared nor checked,
//! - **fixed**: members and categories, which no action changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use crate::sites::folding::fold;
use crate::sites::wiki::markup::{self, Document};

/// A page's number; a page keeps it when it is renamed.
pub type PageId = u32;
/// A revision's number, over all pages in order of time.
pub type RevisionNo = u32;
/// A comment's number.
pub type CommentNo = u32;

/// Everything that one run of the wiki holds.
#[derive(Debug, Clone, PartialEq)]
pub struct WikiState {
    /// Fixed: members, categories.
    pub book: Arc<Book>,
    /// Primary (`wiki.articles`, `wiki.sections`, `wiki.tables`): pages by number.
    pub pages: Arc<BTreeMap<PageId, Page>>,
    /// Primary (`wiki.comments`): what was said on talk pages.
    pub comments: Arc<BTreeMap<CommentNo, Comment>>,
    /// Primary (`wiki.watchlist`): pages that the reader watches.
    pub watched: Arc<BTreeSet<PageId>>,
    /// Derived: numbers of pages by folded title.
    pub titles: Arc<BTreeMap<String, PageId>>,
    /// Journal: every text that was ever saved.
    pub revisions: Arc<BTreeMap<RevisionNo, Revision>>,
    /// Incidental.
    pub incidental: Incidental,
}

/// What no action changes.
#[derive(Debug, PartialEq)]
pub struct Book {
    /// The seed of the world.
    pub world: u32,
    /// Username of who is signed in.
    pub reader: Arc<str>,
    /// Members by username.
    pub members: BTreeMap<Arc<str>, Member>,
    /// Categories in the order of the tree.
    pub categories: Vec<Category>,
    /// What kinds of infobox there are.
    pub infoboxes: Vec<InfoboxKind>,
}

/// Someone who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Name in addresses and logs.
    pub username: Arc<str>,
    /// Full name.
    pub name: String,
    /// What the member may do.
    pub role: Role,
    /// Since when.
    pub joined: Date,
}

crate::named_values! {
    /// What a member may do.
    Role {
        /// Write pages that are not protected.
        Editor = "editor",
        /// Write protected pages too.
        Steward = "steward",
    }
}

impl Role {
    /// As pages call it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Editor => "Editor",
            Self::Steward => "Steward",
        }
    }
}

/// A category. Pages say themselves that they belong to it, or their infobox does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent: Option<String>,
    /// What it holds, in a sentence.
    pub about: String,
}

/// A kind of infobox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InfoboxKind {
    /// As it is written, e.g. `island`.
    pub kind: String,
    /// The category of pages that have it.
    pub category: String,
    /// Fields that it usually has.
    pub fields: Vec<String>,
}

/// A page as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its number.
    pub id: PageId,
    /// Primary: its title.
    pub title: Arc<str>,
    /// Primary: only stewards write it.
    pub protected: bool,
    /// Primary text with what is derived from it.
    pub content: Arc<Content>,
    /// Journal: its latest revision.
    pub latest: RevisionNo,
}

/// A text and what it says.
#[derive(Debug, PartialEq)]
pub struct Content {
    /// As it was written.
    pub source: Arc<str>,
    /// Derived: the same, read.
    pub document: Document,
    /// Derived: its words, folded for searching.
    pub words: String,
}

impl Content {
    /// Reads a text.
    pub fn of(source: &str) -> Self {
        let (document, _) = markup::parse(source);
        let words = searchable(&document);
        Self {
            source: source.into(),
            document,
            words,
        }
    }
}

/// The words of a document, folded.
fn searchable(document: &Document) -> String {
    let mut words = String::new();
    let mut add = |text: &str| {
        words.push_str(&fold(text));
        words.push(' ');
    };
    for (name, value) in document.infobox.iter().flat_map(|infobox| &infobox.fields) {
        add(name);
        add(&markup::plain(value));
    }
    document
        .lead
        .iter()
        .for_each(|block| add(&block_words(block)));
    for section in &document.sections {
        add(&section.heading);
        section
            .blocks
            .iter()
            .for_each(|block| add(&block_words(block)));
    }
    words
}

fn block_words(block: &markup::Block) -> String {
    use markup::Block;
    match block {
        Block::Paragraph(inlines) | Block::Note(inlines) => markup::plain(inlines),
        Block::List { items, .. } => joined(items),
        Block::Table(table) => {
            let rows: Vec<String> = table.rows.iter().map(|row| joined(row)).collect();
            format!("{} {}", table.caption, rows.join(" "))
        }
    }
}

fn joined(parts: &[Vec<markup::Inline>]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| markup::plain(part)).collect();
    parts.join(" ")
}

/// A title as it is looked up: blanks and `_` are the same, capitals make no difference.
pub fn fold_title(title: &str) -> String {
    title
        .replace('_', " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// A text that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number.
    pub no: RevisionNo,
    /// The page.
    pub page: PageId,
    /// Username of who saved it.
    pub author: Arc<str>,
    /// When, in UTC.
    pub at: DateTime,
    /// What the author says about it.
    pub summary: String,
    /// The text.
    pub source: Arc<str>,
}

/// Something said on a talk page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its number.
    pub no: CommentNo,
    /// The page that it is about.
    pub page: PageId,
    /// The topic that it belongs to.
    pub topic: String,
    /// Username of who said it.
    pub author: Arc<str>,
    /// When, in UTC.
    pub at: DateTime,
    /// What was said.
    pub text: String,
}

/// Neither compared nor checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incidental {
    /// Shown once on the next page.
    pub flash: Option<String>,
    /// Texts that were shown in a preview and not saved, by what was edited.
    pub drafts: Arc<BTreeMap<String, String>>,
    /// Number of the next page.
    pub next_page: PageId,
    /// Number of the next revision.
    pub next_revision: RevisionNo,
    /// Number of the next comment.
    pub next_comment: CommentNo,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_found_however_they_are_typed() {
        assert_eq!(fold_title(" Brae_Light  house"), "brae light house");
    }

    #[test]
    fn a_text_is_searched_by_all_of_its_words() {
        let content = Content::of(
            "{{infobox island\n| Area = 7 km²\n}}\nLead.\n\n## Über\n\n{{table T\n| a\n| Cell\n}}",
        );
        for word in ["7 km²", "lead.", "uber", "cell"] {
            assert!(content.words.contains(word), "{word}: {}", content.words);
        }
    }
}
