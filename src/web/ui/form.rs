//! Forms that come back: everything typed is kept, each fault stands at its field and in a
//! summary above with a link to it.

/// Faults of a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    faults: Vec<Fault>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name, and id, of the field; empty for the form as a whole.
    pub field: String,
    /// What is wrong and what would be right.
    pub text: String,
}

/// What a template needs to show the fault of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Id of the field.
    pub id: &'static str,
    /// The fault, if it has one.
    pub text: Option<String>,
}

impl Faults {
    /// One fault alone.
    pub fn one(field: impl Into<String>, text: impl Into<String>) -> Self {
        let mut faults = Self::default();
        faults.add(field, text);
        faults
    }

    /// Adds a fault.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.faults.push(Fault {
            field: field.into(),
            text: text.into(),
        });
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// All of them.
    pub fn all(&self) -> &[Fault] {
        &self.faults
    }

    /// How many fields need a change, in words.
    pub fn summary(&self) -> String {
        match self.faults.len() {
            1 => "1 field needs a change.".to_owned(),
            number => format!("{number} fields need a change."),
        }
    }

    /// The fault of a field.
    pub fn at(&self, id: &'static str) -> Problem {
        let fault = self.faults.iter().find(|fault| fault.field == id);
        Problem {
            id,
            text: fault.map(|fault| fault.text.clone()),
        }
    }

    /// Whether a field has a fault.
    pub fn has(&self, id: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == id)
    }
}
