//! Reads the text of one action call. Never executes it, never panics, and says what would be
//! right when it is wrong: the message goes back to the model.

use serde_json::{Map, Value};

use super::reader::Reader;
use super::signature::{ACTIONS, Fallback, MODIFIERS, Parameter, ParameterKind, Signature};
use super::{Action, MouseButton};

/// Longest call, in bytes.
const MAX_LENGTH: usize = 100_000;

/// Why a text is not an action, in words for the model that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ActionParseError {
    /// There is nothing.
    #[error("no action was given; answer with exactly one call, e.g. click('12')")]
    Empty,
    /// There is more than one call.
    #[error("more than one action was given; answer with exactly one call and wait for its result")]
    Several,
    /// The text is too long.
    #[error("the action is longer than {MAX_LENGTH} bytes")]
    TooLong,
    /// No such action.
    #[error("there is no action `{name}`; {hint}")]
    UnknownAction {
        /// What was written.
        name: String,
        /// The nearest name, or all of them.
        hint: String,
    },
    /// The text is no call.
    #[error("this is not an action call: {problem}; write it like {example}")]
    Syntax {
        /// What is wrong, and where.
        problem: String,
        /// How it would be right.
        example: String,
    },
    /// The arguments do not fit.
    #[error("wrong arguments: {problem}; write {usage}")]
    Arguments {
        /// What is wrong.
        problem: String,
        /// The signature.
        usage: String,
    },
}

impl ActionParseError {
    pub(super) fn unknown_action(name: &str) -> Self {
        let nearest = ACTIONS
            .iter()
            .map(|signature| (strsim::jaro_winkler(name, signature.name), signature))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(likeness, _)| *likeness > 0.8);
        let hint = if let Some((_, signature)) = nearest {
            format!("did you mean {}?", signature.usage())
        } else {
            let names: Vec<&str> = ACTIONS.iter().map(|signature| signature.name).collect();
            format!("the actions are: {}", names.join(", "))
        };
        Self::UnknownAction {
            name: name.chars().take(60).collect(),
            hint,
        }
    }

    pub(super) fn arguments(signature: &Signature, problem: impl Into<String>) -> Self {
        Self::Arguments {
            problem: problem.into(),
            usage: signature.usage(),
        }
    }

    pub(super) fn syntax(problem: impl Into<String>) -> Self {
        Self::Syntax {
            problem: problem.into(),
            example: "click('12')".to_owned(),
        }
    }
}

impl Action {
    /// Reads exactly one call such as `fill('44', 'SPRING10')`. Code fences, comment lines and
    /// surrounding white space are skipped; anything else around the call is an error.
    pub fn parse(text: &str) -> Result<Self, ActionParseError> {
        if text.len() > MAX_LENGTH {
            return Err(ActionParseError::TooLong);
        }
        let mut reader = Reader::new(text);
        reader.skip_padding();
        if reader.at_end() {
            return Err(ActionParseError::Empty);
        }
        let name = reader.name()?;
        let signature =
            Signature::find(&name).ok_or_else(|| ActionParseError::unknown_action(&name))?;
        let (positional, keyword) = reader.arguments()?;
        reader.skip_padding();
        if !reader.at_end() {
            return Err(reader.trailing());
        }
        build(signature, bind(signature, positional, keyword)?)
    }
}

/// Gives every positional argument the name of its parameter.
fn bind(
    signature: &Signature,
    positional: Vec<Value>,
    keyword: Vec<(String, Value)>,
) -> Result<Map<String, Value>, ActionParseError> {
    if positional.len() > signature.parameters.len() {
        let problem = format!(
            "{} takes at most {} arguments, not {}",
            signature.name,
            signature.parameters.len(),
            positional.len()
        );
        return Err(ActionParseError::arguments(signature, problem));
    }
    let mut given = Map::new();
    for (parameter, value) in signature.parameters.iter().zip(positional) {
        given.insert(parameter.name.to_owned(), value);
    }
    for (name, value) in keyword {
        if given.contains_key(&name) {
            let problem = format!("`{name}` is given twice");
            return Err(ActionParseError::arguments(signature, problem));
        }
        given.insert(name, value);
    }
    Ok(given)
}

/// The action from arguments by name: checks each against the signature and fills in what is
/// not given.
pub(super) fn build(
    signature: &Signature,
    mut given: Map<String, Value>,
) -> Result<Action, ActionParseError> {
    let mut fields = Map::new();
    fields.insert("action".to_owned(), signature.name.into());
    for parameter in signature.parameters {
        let value = match given.remove(parameter.name) {
            None | Some(Value::Null) => fallback(parameter),
            Some(value) => Some(
                convert(parameter, value)
                    .map_err(|problem| ActionParseError::arguments(signature, problem))?,
            ),
        };
        let Some(value) = value else {
            let problem = format!("`{}` is missing", parameter.name);
            return Err(ActionParseError::arguments(signature, problem));
        };
        fields.insert(parameter.name.to_owned(), value);
    }
    if let Some((name, _)) = given.iter().next() {
        let shown: String = name.chars().take(60).collect();
        let problem = format!("there is no parameter `{shown}`");
        return Err(ActionParseError::arguments(signature, problem));
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| ActionParseError::arguments(signature, error.to_string()))
}

fn fallback(parameter: &Parameter) -> Option<Value> {
    match parameter.fallback {
        Fallback::Required => None,
        Fallback::Count(value) => Some(value.into()),
        Fallback::Text(text) => Some(text.into()),
        Fallback::NoTexts => Some(Value::Array(Vec::new())),
    }
}

fn convert(parameter: &Parameter, value: Value) -> Result<Value, String> {
    let name = parameter.name;
    match (parameter.kind, value) {
        (ParameterKind::Bid, Value::Number(number)) if number.is_u64() => {
            Ok(number.to_string().into())
        }
        (ParameterKind::Bid | ParameterKind::Text, value @ Value::String(_))
        | (ParameterKind::Number, value @ Value::Number(_)) => Ok(value),
        (ParameterKind::Bid | ParameterKind::Text, _) => {
            Err(format!("`{name}` must be text in quotes"))
        }
        (ParameterKind::Texts, value @ Value::String(_)) => Ok(Value::Array(vec![value])),
        (ParameterKind::Texts, Value::Array(items)) if items.iter().all(Value::is_string) => {
            Ok(Value::Array(items))
        }
        (ParameterKind::Texts, _) => Err(format!(
            "`{name}` must be text in quotes or a list of such texts"
        )),
        (ParameterKind::Number, _) => Err(format!("`{name}` must be a number")),
        (ParameterKind::Count, value) => {
            count(&value).ok_or_else(|| format!("`{name}` must be a whole number from 0"))
        }
        (ParameterKind::Button, value) => value
            .as_str()
            .and_then(|text| text.parse::<MouseButton>().ok())
            .map(|button| button.as_str().into())
            .ok_or_else(|| format!("`{name}` must be 'left', 'middle' or 'right'")),
        (ParameterKind::Modifiers, value) => modifiers(value)
            .ok_or_else(|| format!("`{name}` must be a list of: {}", MODIFIERS.join(", "))),
    }
}

/// Largest count: above it a floating-point number has no exact whole value.
const MAX_COUNT: f64 = 9_007_199_254_740_991.0;

fn count(value: &Value) -> Option<Value> {
    if let Some(whole) = value.as_u64() {
        return Some(whole.into());
    }
    let float = value.as_f64()?;
    let is_whole = (0.0..=MAX_COUNT).contains(&float) && float.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "just checked: whole, not negative and exactly representable"
    )]
    let whole = float as u64;
    is_whole.then(|| whole.into())
}

fn modifiers(value: Value) -> Option<Value> {
    let items = match value {
        Value::Array(items) => items,
        text @ Value::String(_) => vec![text],
        _ => return None,
    };
    let known = |item: &Value| item.as_str().is_some_and(|key| MODIFIERS.contains(&key));
    items.iter().all(known).then_some(Value::Array(items))
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
