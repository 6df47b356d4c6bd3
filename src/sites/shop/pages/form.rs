//! What a form shows: values to start with or as typed, and what is wrong with them.

use std::collections::BTreeMap;

use crate::sites::shop::actions::Refusal;
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

    /// A refused form: everything as typed, with what is wrong.
    pub fn refused(fields: &Fields, refusal: &Refusal) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in &fields.0 {
            values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let errors = refusal
            .fields
            .iter()
            .map(|error| (error.field.to_string(), error.message.clone()))
            .collect();
        Self {
            values,
            message: refusal.message.clone(),
            errors,
        }
    }

    /// The same form with a field emptied, for what must never be sent back.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.values.remove(name);
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
#[derive(Debug, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second line; empty for none.
    pub sub: String,
    /// A price at the end of the line; empty for none.
    pub price: String,
    /// Cannot be chosen; the second line says why.
    pub off: bool,
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

    /// The entry of a select that stands for "not chosen yet".
    pub fn nothing(label: &str) -> Self {
        Self::new("", label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
        let fields = Fields(vec![
            ("city".to_owned(), "Brae".to_owned()),
            ("postcode".to_owned(), "12".to_owned()),
        ]);
        let refusal = Refusal::field("postcode", "A postal code has 5 digits.");
        let form = Form::refused(&fields, &refusal);
        assert_eq!(form.value("city"), "Brae");
        assert_eq!(form.value("postcode"), "12");
        assert_eq!(form.error("postcode"), Some("A postal code has 5 digits."));
        assert_eq!(form.error("city"), None);
        assert_eq!(form.message(), "A postal code has 5 digits.");
    }

    #[test]
    fn a_secret_is_not_sent_back() {
        let fields = Fields(vec![("number".to_owned(), "4000".to_owned())]);
        let form = Form::refused(&fields, &Refusal::field("holder", "Whose card is it?"));
        assert_eq!(form.without("number").value("number"), "");
    }
}
