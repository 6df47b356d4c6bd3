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

impl Fault {
    /// The text after the field's name, for a list of the faults of several fields.
    pub fn named(&self) -> String {
        let name = self.field.trim_end_matches("_s").replace('_', " ");
        let mut letters = name.chars();
        match letters.next() {
            Some(first) => format!(
                "{}{}: {}",
                first.to_uppercase(),
                letters.as_str(),
                self.text
            ),
            None => self.text.clone(),
        }
    }
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

/// The fields of a posted form. A name may come several times (tick boxes).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded`.
    pub fn parse(body: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(body);
        Self {
            pairs: pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        }
    }

    /// A field as it was typed; empty when it was not sent.
    pub fn raw(&self, name: &str) -> &str {
        let mut pairs = self.pairs.iter();
        pairs
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// A field without white space around it.
    pub fn text(&self, name: &str) -> String {
        self.raw(name).trim().to_owned()
    }

    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.pairs
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Faults {
    /// The faults of a refusal, each at the form's own name of its field. What belongs to no
    /// field of the form stands at `form`.
    pub fn of(
        failure: &crate::web::error::Failure,
        own_name: impl Fn(&str) -> &'static str,
    ) -> Self {
        let mut faults = Self::default();
        for item in failure.items() {
            let field = item.field.as_deref().map_or("form", &own_name);
            faults.add(field, &item.message);
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_repeat_and_may_be_absent() {
        let fields = Fields::parse(b"task=1&task=2&name=+Ada+");
        assert_eq!(fields.all("task").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!(
            (fields.text("name").as_str(), fields.raw("other")),
            ("Ada", "")
        );
    }

    #[test]
    fn a_fault_stands_at_its_field() {
        let faults = Faults::one("name", "It is empty.");
        assert!(faults.has("name") && !faults.has("email"));
        assert_eq!(faults.summary(), "1 field needs a change.");
    }
}
