//! Everything a customer can do that changes the shop, with its rules. A refusal says why in
//! the customer's words and leaves the state as it was.

pub mod account;
pub mod cart;
pub mod checkout;
pub mod orders;
pub mod wishlist;

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
    pub field: &'static str,
    /// What would be right.
    pub message: String,
}

/// What kind of refusal it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// There is no such record: 404.
    NotFound,
    /// A rule of the shop or the record's condition forbids it: 409.
    NotAllowed,
    /// What was entered is wrong: 422.
    Invalid,
}

impl Refusal {
    /// There is no such record.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::NotFound,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    /// A rule forbids it.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self {
            kind: RefusalKind::NotAllowed,
            message: message.into(),
            fields: Vec::new(),
        }
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
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError {
            field,
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
            RefusalKind::NotAllowed => 409,
            RefusalKind::Invalid => 422,
        }
    }
}

#[cfg(test)]
mod tests;
