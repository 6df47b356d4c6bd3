//! What a form shows: values to start with or as typed, and what is wrong with them.

use std::collections::BTreeMap;

use crate::sites::desk::actions::Refusal;
use crate::sites::visit::Fields;

/// Values and errors of one form, by field name.
#[derive(Debug, Default)]
pub struct Form {
    values: BTreeMap<String, Vec<String>>,
    message: String,
    errors: Vec<(String, String)>,
}

impl Form {
    /// A form with the values that it starts with.
    pub fn starting(values: &[(&str, &str)]) -> Self {
        let mut form = Self::default();
        for (name, value) in values {
            form.put(name, value);
        }
        form
    }

    /// A refused form: everything as typed, with what is wrong.
    pub fn refused(fields: &Fields, refusal: &Refusal) -> Self {
        let mut form = Self::default();
        for (name, value) in &fields.0 {
            form.put(name, value);
        }
        form.message.clone_from(&refusal.message);
        form.errors = refusal
            .fields
            .iter()
            .map(|error| (error.field.to_string(), error.message.clone()))
            .collect();
        form
    }

    /// Adds a value to a field.
    pub fn put(&mut self, name: &str, value: &str) {
        self.values
            .entry(name.to_owned())
            .or_default()
            .push(value.to_owned());
    }

    /// The value of a field; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// Whether a box with this value is ticked.
    pub fn ticked(&self, name: &str, value: &str) -> bool {
        self.values
            .get(name)
            .is_some_and(|values| values.iter().any(|one| one == value))
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<&str> {
        self.errors
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, text)| text.as_str())
    }

    /// One sentence about what is wrong, for the top of the form; empty when nothing is.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Fields that are wrong, in the order of the form.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }
}

/// One of the options that a list box offers.
#[derive(Debug, Default, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line; empty for none.
    pub sub: String,
    /// Whether it is chosen, where no form says so.
    pub chosen: bool,
}

impl Choice {
    /// An option with its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            ..Self::default()
        }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn when(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
        let fields = Fields(vec![
            ("time".to_owned(), "1.45".to_owned()),
            ("people".to_owned(), "mara".to_owned()),
            ("people".to_owned(), "li.na".to_owned()),
        ]);
        let form = Form::refused(&fields, &Refusal::field("time", "Hours and minutes."));
        assert_eq!(form.value("time"), "1.45");
        assert!(form.ticked("people", "li.na") && !form.ticked("people", "taru"));
        assert_eq!(form.error("time"), Some("Hours and minutes."));
        assert_eq!(form.error("people"), None);
        assert_eq!(form.message(), "Hours and minutes.");
    }
}
