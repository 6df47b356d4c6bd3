//! Selects that narrow a list. The state lives in the address.

use serde::Serialize;

/// One select. Its closed text names what it filters, e.g. `Kind: any`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Name of the query parameter.
    pub name: &'static str,
    /// For screen readers.
    pub label: &'static str,
    /// Left out on small screens.
    pub minor: bool,
    /// What can be chosen.
    pub choices: Vec<Choice>,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value of the parameter; empty for no filter.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A filter that is in force, with the address that takes it away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// In words.
    pub label: String,
    /// The list without it.
    pub href: String,
}

impl Filter {
    /// A select over `values` (value and words), with "any" first.
    pub fn new<V, W>(
        name: &'static str,
        label: &'static str,
        chosen: Option<&str>,
        values: impl IntoIterator<Item = (V, W)>,
    ) -> Self
    where
        V: ToString,
        W: ToString,
    {
        let chosen = chosen.unwrap_or_default();
        let any = Choice {
            value: String::new(),
            label: format!("{label}: any"),
            selected: chosen.is_empty(),
        };
        let others = values.into_iter().map(|(value, words)| {
            let value = value.to_string();
            Choice {
                selected: !chosen.is_empty() && value == chosen,
                label: format!("{label}: {}", words.to_string()),
                value,
            }
        });
        Self {
            name,
            label,
            minor: false,
            choices: std::iter::once(any).chain(others).collect(),
        }
    }

    /// The same without "any": something is always chosen.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.choices.remove(0);
        self
    }

    /// Whether it narrows the list.
    pub fn is_active(&self) -> bool {
        self.choices
            .iter()
            .any(|choice| choice.selected && !choice.value.is_empty())
    }
}

/// An address with a query, leaving out parameters that are empty.
pub fn address(path: &str, query: &impl Serialize) -> String {
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let query: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.ends_with('='))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_select_says_what_it_filters_even_when_closed() {
        let filter = Filter::new("kind", "Kind", None, [("info", "info"), ("state", "state")]);
        assert_eq!(filter.choices[0].label, "Kind: any");
        assert!(!filter.is_active());
        let chosen = Filter::new(
            "kind",
            "Kind",
            Some("state"),
            [("info", "info"), ("state", "state")],
        );
        assert!(chosen.is_active());
        assert_eq!(chosen.choices[2].label, "Kind: state");
    }

    #[test]
    fn an_address_holds_only_what_is_set() {
        let query = [("status", ""), ("agent", "a b&c")];
        assert_eq!(
            address("/submissions", &query),
            "/submissions?agent=a+b%26c"
        );
        assert_eq!(address("/submissions", &[("status", "")]), "/submissions");
    }
}
