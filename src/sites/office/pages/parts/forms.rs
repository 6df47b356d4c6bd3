//! Forms: those that narrow a list and those that write, and how a refused one comes back.

use super::{Cell, Link, Table};
use crate::sites::office::actions::Refusal;
use crate::sites::office::pages::{Posted, Visit};
use crate::sites::office::state::Draft;
use crate::sites::office::view::Route;

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
            .map(|error| (error.field.to_string(), error.message.clone()))
            .collect(),
    };
    posted
        .visit
        .remember(|incidental| incidental.draft = Some(draft));
}
