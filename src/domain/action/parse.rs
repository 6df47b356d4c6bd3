//! Makes an action of a call. Never executes anything, never panics, and says what would be right
//! when it is wrong: the message goes back to the model.

use serde_json::{Map, Value};

use super::call::{Call, MAX_LENGTH};
use super::set::ActionSet;
use super::signature::{Fallback, MODIFIERS, Parameter, ParameterKind, Signature};
use super::{Action, Direction, MouseButton};

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
    /// No such action in a set; one that exists elsewhere is named as such.
    pub(super) fn unknown_action(name: &str, set: &ActionSet) -> Self {
        let nearest = set
            .signatures()
            .map(|signature| (strsim::jaro_winkler(name, signature.name), signature))
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .filter(|(likeness, _)| *likeness > 0.8);
        let hint = if let Some((_, signature)) = nearest {
            format!("did you mean {}?", signature.usage())
        } else {
            let names: Vec<&str> = set.signatures().map(|signature| signature.name).collect();
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

/// How much text may stand around a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Anything: the call is found in code blocks and in prose. BrowserGym's benchmarks read so.
    Loose,
    /// Blanks and comments only.
    Strict,
}

impl Action {
    /// Finds the one call such as `fill('44', 'SPRING10')` in a text. Code fences, comments and
    /// prose around it are skipped.
    pub fn parse(text: &str) -> Result<Self, ActionParseError> {
        Self::parse_in(text, &ActionSet::everything(), Reading::Loose)
    }

    /// The one action of a text, out of a set.
    pub fn parse_in(
        text: &str,
        set: &ActionSet,
        reading: Reading,
    ) -> Result<Self, ActionParseError> {
        let mut calls = match reading {
            Reading::Loose => Call::find_all(text)?,
            Reading::Strict => Call::read_all(text)?,
        };
        match (calls.pop(), calls.is_empty()) {
            (Some(call), true) => Self::from_call(call, set),
            (Some(_), false) => Err(ActionParseError::Several),
            (None, _) => Err(ActionParseError::Empty),
        }
    }

    /// The action that a call stands for.
    pub fn from_call(call: Call, set: &ActionSet) -> Result<Self, ActionParseError> {
        let signature = set
            .find(&call.name)
            .ok_or_else(|| ActionParseError::unknown_action(&call.name, set))?;
        build(signature, bind(signature, call.args, call.kwargs)?)
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
            None => fallback(parameter),
            Some(Value::Null) if parameter.fallback != Fallback::Required => fallback(parameter),
            Some(value) => Some(
                convert(parameter, value)
                    .map_err(|problem| ActionParseError::arguments(signature, problem))?,
            ),
        };
        let Some(value) = value else {
            // A wrong name is likelier the mistake than a forgotten argument.
            let names = signature.parameters.iter().map(|known| known.name);
            let names: Vec<&str> = names.collect();
            let unknown = given.keys().find(|name| !names.contains(&name.as_str()));
            let problem = unknown.map_or_else(
                || format!("`{}` is missing", parameter.name),
                |unknown| {
                    format!(
                        "{}, and `{}` is missing",
                        unknown_name(signature, unknown),
                        parameter.name
                    )
                },
            );
            return Err(ActionParseError::arguments(signature, problem));
        };
        fields.insert(parameter.name.to_owned(), value);
    }
    if let Some((name, _)) = given.iter().next() {
        let problem = unknown_name(signature, name);
        return Err(ActionParseError::arguments(signature, problem));
    }
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| ActionParseError::arguments(signature, error.to_string()))
}

fn unknown_name(signature: &Signature, name: &str) -> String {
    let shown: String = name.chars().take(60).collect();
    format!("{} has no parameter `{shown}`", signature.name)
}

fn fallback(parameter: &Parameter) -> Option<Value> {
    match parameter.fallback {
        Fallback::Required => None,
        Fallback::Count(value) => Some(value.into()),
        Fallback::Text(text) => Some(text.into()),
        Fallback::Flag(value) => Some(value.into()),
        Fallback::NoTexts => Some(Value::Array(Vec::new())),
    }
}

/// A value in the form that its parameter takes, or what is wrong with it.
fn convert(parameter: &Parameter, value: Value) -> Result<Value, String> {
    let given = shown(&value);
    let converted = match (parameter.kind, value) {
        (ParameterKind::Bid | ParameterKind::Text, value @ Value::String(_))
        | (ParameterKind::Number, value @ Value::Number(_))
        | (ParameterKind::Flag, value @ Value::Bool(_)) => Some(value),
        (ParameterKind::Texts, value @ Value::String(_)) => Some(Value::Array(vec![value])),
        (ParameterKind::Texts, Value::Array(items)) if items.iter().all(Value::is_string) => {
            Some(Value::Array(items))
        }
        (ParameterKind::Count, value) => count(&value),
        (ParameterKind::Button, value) => value
            .as_str()
            .and_then(|text| text.parse::<MouseButton>().ok())
            .map(|button| button.as_str().into()),
        (ParameterKind::Modifiers, value) => modifiers(value),
        (ParameterKind::Direction, value) => value
            .as_str()
            .and_then(|text| text.parse::<Direction>().ok())
            .map(|direction| direction.as_str().into()),
        _ => None,
    };
    let wanted = || wanted(parameter.kind);
    converted.ok_or_else(|| format!("`{}` must be {}, not {given}", parameter.name, wanted()))
}

/// What a parameter takes, in words.
fn wanted(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Bid => "the id of an element as text in quotes, e.g. '12'".to_owned(),
        ParameterKind::Text => "text in quotes".to_owned(),
        ParameterKind::Texts => "text in quotes or a list of such texts".to_owned(),
        ParameterKind::Number => "a number".to_owned(),
        ParameterKind::Count => "a whole number from 0".to_owned(),
        ParameterKind::Flag => "True or False".to_owned(),
        ParameterKind::Button => "'left', 'middle' or 'right'".to_owned(),
        ParameterKind::Direction => "'up' or 'down'".to_owned(),
        ParameterKind::Modifiers => format!("a list of: {}", MODIFIERS.join(", ")),
    }
}

/// A value as it was written, shortened.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::String(text) => format!("'{text}'"),
        other => other.to_string(),
    };
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// Largest count: more than any tab or any wait.
const MAX_COUNT: u32 = u32::MAX;

fn count(value: &Value) -> Option<Value> {
    if let Some(whole) = value.as_u64() {
        return (whole <= MAX_COUNT.into()).then(|| whole.into());
    }
    let float = value.as_f64()?;
    let is_whole = (0.0..=f64::from(MAX_COUNT)).contains(&float) && float.fract() == 0.0;
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
