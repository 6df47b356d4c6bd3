//! What a form shows: values to start with or as typed, and what is wrong with them.

use std::collections::BTreeMap;

use crate::sites::forum::actions::Refusal;
use crate::sites::visit::Fields;

/// Values and errors of one form, by field name.
#[derive(Debug, Default)]
pub struct Form {
    values: BTreeMap<String, String>,
    message: String,
    errors: Vec<(String, String)>,
}

impl Form {
    /// A form with the values that it starts with.
    pub fn starting(values: &[(&str, &str)]) -> Self {
        let values = values
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Self {
            values,
            ..Self::default()
        }
    }

    /// A form with everything as it was typed.
    pub fn typed(fields: &Fields) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in &fields.0 {
            values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Self {
            values,
            ..Self::default()
        }
    }

    /// The same with what is wrong.
    #[must_use]
    pub fn refused(mut self, refusal: &Refusal) -> Self {
        self.message.clone_from(&refusal.message);
        self.errors = refusal
            .fields
            .iter()
            .map(|error| (error.field.to_string(), error.message.clone()))
            .collect();
        self
    }

    /// The value of a field; empty when there is none.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
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

/// One of the options that a select or a group of radio buttons offers.
#[derive(Debug, Default, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// It is the one that is chosen.
    pub chosen: bool,
}

impl Choice {
    /// An option with its words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            chosen: false,
        }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
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
            ("title".to_owned(), "Beans".to_owned()),
            ("text".to_owned(), String::new()),
        ]);
        let refusal = Refusal::field("text", "Enter a text.");
        let form = Form::typed(&fields).refused(&refusal);
        assert_eq!(form.value("title"), "Beans");
        assert_eq!(form.error("text"), Some("Enter a text."));
        assert_eq!(form.error("title"), None);
        assert_eq!(form.message(), "Enter a text.");
    }
}
