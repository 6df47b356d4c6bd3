//! Query strings, read strictly: every fault is named with its parameter, and a name that the
//! endpoint does not know is refused with the nearest one that it does.

use std::fmt::Display;
use std::str::FromStr;

use actix_web::HttpRequest;
use serde_json::json;

use crate::web::error::{Code, Failure};

/// A set of query parameters that can be read from a request.
pub trait QueryParams: Sized {
    /// Every parameter's name.
    const NAMES: &'static [&'static str];

    /// Takes the values. Faults are gathered in `params`, so that all are told at once.
    fn read(params: &mut Params) -> Self;
}

/// Reads the query of a request.
pub fn read_query<Q: QueryParams>(request: &HttpRequest) -> Result<Q, Failure> {
    let mut params = Params::parse(request.query_string(), Q::NAMES)?;
    let query = Q::read(&mut params);
    match params.fault {
        None => Ok(query),
        Some(fault) => Err(fault),
    }
}

/// For endpoints without query parameters: refuses every one.
#[derive(Debug, Clone, Copy)]
pub struct NoQuery;

impl QueryParams for NoQuery {
    const NAMES: &'static [&'static str] = &[];

    fn read(_: &mut Params) -> Self {
        Self
    }
}

/// The pairs of one query string. An empty value counts as absent, as forms send it.
#[derive(Debug)]
pub struct Params {
    pairs: Vec<(String, String)>,
    fault: Option<Failure>,
}

impl Params {
    /// Splits a query string and refuses unknown and repeated names.
    pub fn parse(query: &str, known: &[&str]) -> Result<Self, Failure> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        let mut fault = None;
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if !known.contains(&name.as_ref()) {
                add(&mut fault, unknown_parameter(&name, known));
            } else if pairs.iter().any(|(seen, _)| *seen == name) {
                let message = format!("`{name}` is given more than once; give it once.");
                add(&mut fault, Failure::invalid(name.into_owned(), message));
            } else {
                pairs.push((name.into_owned(), value.into_owned()));
            }
        }
        match fault {
            Some(fault) => Err(fault),
            None => Ok(Self { pairs, fault: None }),
        }
    }

    /// The text of a parameter, trimmed; none when absent or empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A value read from its text form. A fault says `what` would be right.
    pub fn value<T: FromStr>(&mut self, name: &str, what: &str) -> Option<T> {
        let text = self.text(name)?.to_owned();
        if let Ok(value) = text.parse() {
            return Some(value);
        }
        self.refuse(name, format!("`{}` is not {what}.", shorten(&text)));
        None
    }

    /// A value whose own error names what would be right.
    pub fn named<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?.to_owned();
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.refuse(name, format!("{error}."));
                None
            }
        }
    }

    /// A number within bounds.
    pub fn number<T>(&mut self, name: &str, least: T, most: T) -> Option<T>
    where
        T: FromStr + PartialOrd + Display + Copy,
    {
        let what = format!("a number from {least} to {most}");
        let value: T = self.value(name, &what)?;
        if value >= least && value <= most {
            return Some(value);
        }
        self.refuse(name, format!("`{value}` is not {what}."));
        None
    }

    /// Text of at most `longest` characters.
    pub fn bounded_text(&mut self, name: &str, longest: usize) -> Option<String> {
        let text = self.text(name)?.to_owned();
        let length = text.chars().count();
        if length <= longest {
            return Some(text);
        }
        let message = format!("`{name}` has {length} characters; at most {longest} are taken.");
        self.refuse(name, message);
        None
    }

    /// Records a fault of a parameter.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>) {
        add(&mut self.fault, Failure::invalid(name, message));
    }
}

fn add(fault: &mut Option<Failure>, more: Failure) {
    *fault = Some(match fault.take() {
        Some(first) => first.and(more),
        None => more,
    });
}

fn unknown_parameter(name: &str, known: &[&str]) -> Failure {
    let given = shorten(name);
    let message = match nearest(name, known) {
        Some(right) => format!("There is no parameter `{given}`; did you mean `{right}`?"),
        None if known.is_empty() => {
            format!("There is no parameter `{given}`; this endpoint takes none.")
        }
        None => format!(
            "There is no parameter `{given}`; the right ones are {}.",
            known.join(", ")
        ),
    };
    Failure::new(Code::UnknownParameter, message)
        .at(given)
        .with_details(json!({ "known": known }))
}

/// The known name nearest to a given one, when it is near enough to be meant.
pub fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| {
            let likeness =
                strsim::jaro_winkler(&given.to_ascii_lowercase(), &name.to_ascii_lowercase());
            (likeness, *name)
        })
        .filter(|(likeness, _)| *likeness >= 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name)
}

/// A given text as messages repeat it: at most 80 characters.
pub fn shorten(text: &str) -> String {
    text.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_refused_with_the_nearest() {
        let fault = Params::parse("minScor=1", &["minScore", "limit"]).unwrap_err();
        assert_eq!(fault.code(), Code::UnknownParameter);
        assert_eq!(fault.items()[0].field.as_deref(), Some("minScor"));
        assert!(
            fault.items()[0]
                .message
                .contains("did you mean `minScore`?")
        );
    }

    #[test]
    fn a_number_that_is_none_names_its_parameter_and_bounds() {
        let mut params = Params::parse("minScore=high&limit=500", &["minScore", "limit"]).unwrap();
        assert_eq!(params.number::<f64>("minScore", 0.0, 1.0), None);
        assert_eq!(params.number::<u32>("limit", 1, 100), None);
        let fault = params.fault.unwrap();
        let told: Vec<_> = fault.items().iter().map(|item| &*item.message).collect();
        assert_eq!(
            told,
            [
                "`high` is not a number from 0 to 1.",
                "`500` is not a number from 1 to 100."
            ]
        );
    }

    #[test]
    fn not_a_number_is_not_within_bounds() {
        let mut params = Params::parse("minScore=NaN", &["minScore"]).unwrap();
        assert_eq!(params.number::<f64>("minScore", 0.0, 1.0), None);
        assert!(params.fault.is_some());
    }

    #[test]
    fn a_repeated_name_is_refused_and_an_empty_value_is_absent() {
        assert!(Params::parse("a=1&a=2", &["a"]).is_err());
        let params = Params::parse("a=", &["a"]).unwrap();
        assert_eq!(params.text("a"), None);
    }
}
