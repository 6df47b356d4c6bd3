//! What a form shows: values to start with or as typed, and what is wrong with them.

use std::collections::BTreeMap;

use crate::sites::visit::Fields;
use crate::sites::wiki::actions::Refusal;

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

    /// A form as it was typed, with what is wrong.
    pub fn typed(fields: &Fields, refusal: Option<&Refusal>) -> Self {
        let mut values = BTreeMap::new();
        for (name, value) in &fields.0 {
            values.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let errors = refusal.map_or(&[][..], |refusal| &refusal.fields);
        Self {
            values,
            message: refusal.map_or_else(String::new, |refusal| refusal.message.clone()),
            errors: errors
                .iter()
                .map(|error| (error.field.to_string(), error.message.clone()))
                .collect(),
        }
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

    /// One sentence about what is wrong; empty when nothing is.
    pub fn message(&self) -> &str {
        &self.message
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong() {
        let fields = Fields(vec![("title".to_owned(), "A|B".to_owned())]);
        let refusal = Refusal::field("title", "A title has no | in it.");
        let form = Form::typed(&fields, Some(&refusal));
        assert_eq!(form.value("title"), "A|B");
        assert_eq!(form.error("title"), Some("A title has no | in it."));
        assert_eq!(form.error("text"), None);
        assert_eq!(form.message(), "A title has no | in it.");
    }
}
