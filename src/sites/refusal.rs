//! Why a site did not do what was asked, for the page that says so. What is refused and in which
//! words is each site's own.

use std::borrow::Cow;

/// Why something was not done. The state is as before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// How the page answers.
    pub kind: RefusalKind,
    /// One sentence for the top of the page.
    pub message: String,
    /// Fields that are wrong, in the order of the form.
    pub fields: Vec<FieldError>,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field.
    pub field: Cow<'static, str>,
    /// What would be right.
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such record, or it may not be seen: 404.
    NotFound,
    /// Whoever is signed in may not: 403.
    Forbidden,
    /// A rule of the site or the record's condition forbids it: 409.
    NotAllowed,
    /// What was entered is wrong: 422.
    Invalid,
}

impl Refusal {
    fn of_kind(kind: RefusalKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// There is no such record.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::of_kind(RefusalKind::NotFound, message)
    }

    /// Whoever is signed in may not.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::of_kind(RefusalKind::Forbidden, message)
    }

    /// A rule or the record's condition forbids it.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self::of_kind(RefusalKind::NotAllowed, message)
    }

    /// Fields are wrong.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let message = match fields.as_slice() {
            [only] => only.message.clone(),
            _ => format!("Please check {} fields below.", fields.len()),
        };
        Self {
            kind: RefusalKind::Invalid,
            message,
            fields,
        }
    }

    /// One field is wrong.
    pub fn field(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field: field.into(),
            message: message.into(),
        }])
    }

    /// What is wrong with a field, if anything.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.message.as_str())
    }

    /// Status of the answer.
    pub const fn status(&self) -> u16 {
        match self.kind {
            RefusalKind::NotFound => 404,
            RefusalKind::Forbidden => 403,
            RefusalKind::NotAllowed => 409,
            RefusalKind::Invalid => 422,
        }
    }
}
