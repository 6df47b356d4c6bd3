//! What pages are made of: a heading and blocks one below the other. Every page of the office is
//! such a sheet, shown by one template.

mod forms;
mod lists;

pub use forms::{Choice, Field, Filters, Form, Kind, draft_of, keep_draft};
pub use lists::{Chart, Pages, counted, extent};

use crate::sites::office::view::Route;

/// A link, or the place where the reader is.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Address; empty for the open page.
    pub href: String,
    /// Words.
    pub label: String,
    /// Whether it is the page that is open.
    pub current: bool,
}

impl Link {
    /// A link to another page.
    pub fn to(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            href: href.into(),
            label: label.into(),
            current: false,
        }
    }
}

/// A page's content.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Heading and title.
    pub title: String,
    /// A line below the heading; empty for none.
    pub sub: String,
    /// Pages above this one.
    pub above: Vec<Link>,
    /// What can be done here.
    pub actions: Vec<Action>,
    /// Content.
    pub blocks: Vec<Block>,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// The same below a page.
    #[must_use]
    pub fn below(mut self, route: &Route, label: impl Into<String>) -> Self {
        self.above.push(Link::to(route.href(), label));
        self
    }

    /// The same with a line below the heading.
    #[must_use]
    pub fn saying(mut self, sub: impl Into<String>) -> Self {
        self.sub = sub.into();
        self
    }

    /// The same with something to do.
    #[must_use]
    pub fn offering(mut self, action: Action) -> Self {
        self.actions.push(action);
        self
    }

    /// The same with a block more.
    #[must_use]
    pub fn with(mut self, block: impl Into<Block>) -> Self {
        self.blocks.push(block.into());
        self
    }
}

/// Something that can be done, or why it cannot.
#[derive(Debug)]
pub struct Action {
    /// Words.
    pub label: String,
    /// The page that does it, or the target of the form.
    pub href: String,
    /// Whether it is done at once by a form.
    pub post: bool,
    /// Why it cannot be done; empty when it can.
    pub refusal: String,
}

impl Action {
    /// A page that does it; or why it cannot be done.
    pub fn open(label: &str, route: &Route, refusal: Option<String>) -> Self {
        Self {
            label: label.to_owned(),
            href: route.href(),
            post: false,
            refusal: refusal.unwrap_or_default(),
        }
    }

    /// A form of one button.
    pub fn post(label: &str, href: String, refusal: Option<String>) -> Self {
        Self {
            label: label.to_owned(),
            href,
            post: true,
            refusal: refusal.unwrap_or_default(),
        }
    }
}

/// A part of a page.
#[derive(Debug)]
pub enum Block {
    /// A sentence that stands out.
    Note(String),
    /// Names and values.
    Facts(Facts),
    /// A table.
    Table(Table),
    /// A form that narrows a list.
    Filters(Filters),
    /// A form that writes.
    Form(Form),
    /// Paragraphs below a heading.
    Text(String, Vec<String>),
    /// Links with a line each, below a heading.
    Links(String, Vec<(Link, String)>),
    /// Figures side by side: label, value, link.
    Figures(Vec<(String, String, String)>),
    /// A drawn chart.
    Chart(Chart),
    /// Links to the pages of a list.
    Pages(Pages),
}

macro_rules! into_block {
    ($($kind:ident),+) => {$(
        impl From<$kind> for Block {
            fn from(part: $kind) -> Self {
                Self::$kind(part)
            }
        }
    )+};
}

into_block!(Facts, Table, Filters, Form, Chart, Pages);

/// Names and values.
#[derive(Debug, Default)]
pub struct Facts {
    /// Heading; empty for none.
    pub title: String,
    /// Rows.
    pub rows: Vec<(String, Cell)>,
}

impl Facts {
    /// Facts below a heading.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            rows: Vec::new(),
        }
    }

    /// The same with a row more; one without a value is left out.
    #[must_use]
    pub fn row(mut self, name: &str, value: impl Into<Cell>) -> Self {
        let value = value.into();
        if !matches!(&value, Cell::Text(text) if text.is_empty()) {
            self.rows.push((name.to_owned(), value));
        }
        self
    }
}

/// What stands in a cell.
#[derive(Debug)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number or an amount.
    Number(String),
    /// A link.
    Link(Link),
    /// A status: colour and words.
    Badge(&'static str, String),
    /// A box to tick: name, value, label, ticked.
    Tick(String, String, String, bool),
    /// A field to fill in: name, label, value.
    Entry(String, String, String),
    /// Buttons that post one field: label, target, field, value.
    Buttons(Vec<(String, String, String, String)>),
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Cell {
    /// A number.
    pub fn number(value: impl std::fmt::Display) -> Self {
        Self::Number(value.to_string())
    }

    /// A link to a page.
    pub fn link(route: &Route, label: impl Into<String>) -> Self {
        Self::Link(Link::to(route.href(), label))
    }

    /// Whether it is set to the right.
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// A table. The first cell of a row is its head.
#[derive(Debug, Default)]
pub struct Table {
    /// Its name.
    pub caption: String,
    /// Whether the name is shown as a heading.
    pub titled: bool,
    /// Words above the columns.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
    /// A last row with sums; empty for none.
    pub foot: Vec<Cell>,
    /// What is said when there are no rows.
    pub empty: String,
}

impl Table {
    /// A table without rows.
    pub fn new(caption: &str, columns: &[&str]) -> Self {
        Self {
            caption: caption.to_owned(),
            columns: columns.iter().map(|label| (*label).to_owned()).collect(),
            empty: "Nothing here.".to_owned(),
            ..Self::default()
        }
    }

    /// The same with its name as a heading.
    #[must_use]
    pub const fn titled(mut self) -> Self {
        self.titled = true;
        self
    }

    /// The same with these rows.
    #[must_use]
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Cell>>) -> Self {
        self.rows = rows.into_iter().collect();
        self
    }

    /// The same with what is said when there are no rows.
    #[must_use]
    pub fn or_else(mut self, empty: &str) -> Self {
        empty.clone_into(&mut self.empty);
        self
    }

    /// Whether a column holds numbers, by the first row.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates pass references"
    )]
    pub fn is_number(&self, column: &usize) -> bool {
        self.rows
            .first()
            .and_then(|row| row.get(*column))
            .is_some_and(Cell::is_number)
    }
}
