//! What pages are made of: a heading and blocks one below the other. Every page of the office is
//! such a sheet, shown by one template.

use crate::sites::office::actions::Refusal;
use crate::sites::office::pages::{Posted, Visit};
use crate::sites::office::queries::Paged;
use crate::sites::office::state::Draft;
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
    pub fn is_number(&self, column: &usize) -> bool {
        self.rows
            .first()
            .and_then(|row| row.get(*column))
            .is_some_and(Cell::is_number)
    }
}

/// A form that narrows a list.
#[derive(Debug, Default)]
pub struct Filters {
    /// Where it leads.
    pub action: String,
    /// What is kept beside its fields.
    pub hidden: Vec<(String, String)>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Words on its button.
    pub submit: String,
    /// What is chosen, each with a link that takes it away.
    pub chips: Vec<Link>,
    /// The list without filters.
    pub clear: String,
    /// What was not understood; empty for nothing.
    pub problem: String,
}

impl Filters {
    /// The filters of a list; `fields` are its fields, and `words` says what a chosen one is
    /// called.
    pub fn of(route: &Route, unknown: &[String], fields: Vec<Field>) -> Self {
        let mut chips = Vec::new();
        for field in &fields {
            if ["sort", "size", "columns"].contains(&field.name.as_str()) {
                continue;
            }
            for (value, words) in field.chosen() {
                let mut less = route.clone().without("page").without("select");
                less = less.less(&field.name, &value);
                chips.push(Link::to(less.href(), format!("{}: {words}", field.label)));
            }
        }
        let problem = if unknown.is_empty() {
            String::new()
        } else {
            format!("Not understood and left out: {}.", unknown.join(", "))
        };
        Self {
            action: route.path(),
            hidden: Vec::new(),
            fields,
            submit: "Apply filters".to_owned(),
            chips,
            clear: Route::to(route.page).href(),
            problem,
        }
    }
}

/// A field of a form.
#[derive(Debug, Default)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it takes.
    pub kind: Kind,
    /// What it holds.
    pub value: String,
    /// A line below it; empty for none.
    pub hint: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
}

/// What a field takes.
#[derive(Debug, Default)]
pub enum Kind {
    /// A line of text, at most so long.
    #[default]
    Text,
    /// A day.
    Day,
    /// A month.
    Month,
    /// Several lines.
    Area,
    /// One of a list.
    Select(Vec<Choice>),
    /// One of a few.
    Radio(Vec<Choice>),
    /// On or off.
    Tick,
    /// Several of a few; those of the value are ticked.
    Ticks(Vec<Choice>),
}

/// One of the things to choose from.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choice {
    /// Something to choose.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            chosen: false,
        }
    }
}

impl Field {
    /// A field with a value.
    pub fn new(name: &str, label: &str, kind: Kind, value: impl Into<String>) -> Self {
        let mut field = Self {
            name: name.to_owned(),
            label: label.to_owned(),
            kind,
            value: value.into(),
            ..Self::default()
        };
        field.mark();
        field
    }

    /// Marks the choices that the value names.
    fn mark(&mut self) {
        let value = self.value.clone();
        match &mut self.kind {
            Kind::Select(choices) | Kind::Radio(choices) => {
                for choice in choices {
                    choice.chosen = choice.value == value;
                }
            }
            Kind::Ticks(choices) => {
                let chosen: Vec<&str> = value.split(',').collect();
                for choice in choices {
                    choice.chosen = chosen.contains(&choice.value.as_str());
                }
            }
            _ => {}
        }
    }

    /// The same with a line below it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// What is chosen: value and words.
    fn chosen(&self) -> Vec<(String, String)> {
        match &self.kind {
            Kind::Select(choices) | Kind::Radio(choices) | Kind::Ticks(choices) => choices
                .iter()
                .filter(|choice| choice.chosen && !choice.value.is_empty())
                .map(|choice| (choice.value.clone(), choice.label.clone()))
                .collect(),
            _ if self.value.is_empty() => Vec::new(),
            _ => vec![(self.value.clone(), self.value.clone())],
        }
    }

    /// Whether its error or hint is spoken with it.
    pub fn described(&self) -> bool {
        !self.error.is_empty()
    }
}

/// A form that writes.
#[derive(Debug, Default)]
pub struct Form {
    /// Heading; empty for none.
    pub title: String,
    /// Where it goes.
    pub action: String,
    /// What is sent beside its fields.
    pub hidden: Vec<(String, String)>,
    /// A table whose cells belong to it, before the fields.
    pub table: Option<Table>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// Words on its button.
    pub submit: String,
    /// Where "Cancel" leads; empty for none.
    pub cancel: String,
    /// One sentence about what is wrong; empty for nothing.
    pub message: String,
    /// Everything that is wrong, when it is more than one thing.
    pub errors: Vec<String>,
    /// A sentence before the button; empty for none.
    pub warning: String,
    /// Links above the table that tick its boxes.
    pub tools: Vec<Link>,
}

impl Form {
    /// A form with its button.
    pub fn new(action: impl Into<String>, submit: &str) -> Self {
        Self {
            action: action.into(),
            submit: submit.to_owned(),
            ..Self::default()
        }
    }

    /// The same with a heading.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// The same with a field more.
    #[must_use]
    pub fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// The same with something that is sent beside its fields.
    #[must_use]
    pub fn sending(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.to_owned(), value.into()));
        self
    }

    /// The same with a table whose cells belong to it.
    #[must_use]
    pub fn around(mut self, table: Table) -> Self {
        self.table = Some(table);
        self
    }

    /// The same with a way out.
    #[must_use]
    pub fn or_back_to(mut self, route: &Route) -> Self {
        self.cancel = route.href();
        self
    }

    /// The same as it was refused: what was typed stands in it, with what is wrong.
    #[must_use]
    pub fn restored(mut self, draft: Option<&Draft>) -> Self {
        let Some(draft) = draft else { return self };
        let typed = |name: &str| -> Vec<&str> {
            draft
                .fields
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
                .collect()
        };
        for field in &mut self.fields {
            field.value = typed(&field.name).join(",");
            field.mark();
            if let Some((_, text)) = draft.errors.iter().find(|(name, _)| *name == field.name) {
                field.error.clone_from(text);
            }
        }
        for cell in self
            .table
            .iter_mut()
            .flat_map(|table| &mut table.rows)
            .flatten()
        {
            match cell {
                Cell::Entry(name, _, value) => *value = typed(name).concat(),
                Cell::Tick(name, value, _, on) => *on = typed(name).contains(&value.as_str()),
                _ => {}
            }
        }
        self.message.clone_from(&draft.message);
        if draft.errors.len() > 1 {
            self.errors = draft.errors.iter().map(|(_, text)| text.clone()).collect();
        }
        self
    }
}

/// The refused form of a page, if that page was left with one.
pub fn draft_of(visit: &Visit, path: &str) -> Option<Draft> {
    visit.remember(|incidental| {
        if incidental
            .draft
            .as_ref()
            .is_some_and(|draft| draft.path == path)
        {
            incidental.draft.take()
        } else {
            None
        }
    })
}

/// Keeps a refused form for its page.
pub fn keep_draft(posted: &Posted, path: &str, refusal: &Refusal) {
    let draft = Draft {
        path: path.to_owned(),
        fields: posted.fields.0.clone(),
        message: refusal.message.clone(),
        errors: refusal
            .fields
            .iter()
            .map(|error| (error.field.to_owned(), error.message.clone()))
            .collect(),
    };
    posted
        .visit
        .remember(|incidental| incidental.draft = Some(draft));
}

/// Links to the pages of a list, and what part of it is shown.
#[derive(Debug, Default)]
pub struct Pages {
    /// What part of the list is shown.
    pub extent: String,
    /// The page before.
    pub previous: String,
    /// The page after.
    pub next: String,
    /// All pages near this one.
    pub links: Vec<Link>,
    /// Numbers of rows to choose from.
    pub sizes: Vec<Link>,
}

impl Pages {
    /// Links for a cut list.
    pub fn of<T>(paged: &Paged<T>, route: &Route, noun: &str) -> Self {
        let at = |page: u32| route.clone().without("select").with("page", page).href();
        let near =
            |page: &u32| *page == 1 || *page == paged.pages || page.abs_diff(paged.page) <= 2;
        let size = route.number("size");
        Self {
            extent: extent(paged, usize::try_from(size).unwrap_or(25), noun),
            previous: if paged.page > 1 {
                at(paged.page - 1)
            } else {
                String::new()
            },
            next: if paged.page < paged.pages {
                at(paged.page + 1)
            } else {
                String::new()
            },
            links: (1..=paged.pages)
                .filter(near)
                .map(|page| Link {
                    href: at(page),
                    label: page.to_string(),
                    current: page == paged.page,
                })
                .collect(),
            sizes: crate::sites::office::view::PAGE_SIZES
                .iter()
                .filter(|_| size > 0)
                .map(|rows| Link {
                    href: route
                        .clone()
                        .without("page")
                        .without("select")
                        .with("size", rows)
                        .href(),
                    label: rows.to_string(),
                    current: *rows == size,
                })
                .collect(),
        }
    }
}

/// What part of a list a page shows, e.g. `132 orders, 26 to 50 shown`.
pub fn extent<T>(paged: &Paged<T>, size: usize, noun: &str) -> String {
    let count = counted(paged.total, noun);
    if paged.pages < 2 {
        return count;
    }
    let first = paged.first(size);
    let last = first + paged.rows.len().saturating_sub(1);
    format!("{count}, {first} to {last} shown")
}

/// A count with its noun, e.g. `1 order`, `21 orders`.
pub fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) if !noun.ends_with("ay") => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}

/// A drawn chart of bars.
#[derive(Debug, Default)]
pub struct Chart {
    /// What it shows, in words.
    pub label: String,
    /// Height of the drawing.
    pub height: u32,
    /// Bars from top to bottom: label, value in words, place from the top, width.
    pub bars: Vec<(String, String, u32, u32)>,
}
