//! Reads the text of one action call. Never executes it, never panics, and says what would be
//! right when it is wrong: the message goes back to the model.

use serde_json::{Map, Number, Value};

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

    fn syntax(problem: impl Into<String>) -> Self {
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
        (ParameterKind::Bid | ParameterKind::Text, value @ Value::String(_)) => Ok(value),
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
        (ParameterKind::Number, value @ Value::Number(_)) => Ok(value),
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

type Arguments = (Vec<Value>, Vec<(String, Value)>);

/// Walks over the text of one call.
struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    fn new(text: &str) -> Self {
        Self {
            text: text.chars().collect(),
            at: 0,
        }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += 1;
        Some(character)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    const fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Skips white space, comment lines and the marks of a code block with its language.
    fn skip_padding(&mut self) {
        loop {
            self.skip_spaces();
            let fence = self.text[self.at..].starts_with(&['`', '`', '`']);
            if fence {
                self.at += 3;
                while self.peek().is_some_and(char::is_alphanumeric) && self.on_fence_line() {
                    self.at += 1;
                }
            } else if self.peek() == Some('#') {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.at += 1;
                }
            } else {
                return;
            }
        }
    }

    /// Whether the rest of the line is one bare word: the language of a code block.
    fn on_fence_line(&self) -> bool {
        self.text[self.at..]
            .iter()
            .take_while(|c| **c != '\n')
            .all(|c| c.is_alphanumeric())
    }

    fn name(&mut self) -> Result<String, ActionParseError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        let name: String = self.text[start..self.at].iter().collect();
        self.skip_spaces();
        if name.is_empty() || self.peek() != Some('(') {
            let shown: String = self.text[start..].iter().take(60).collect();
            return Err(ActionParseError::syntax(format!(
                "`{}` does not begin with a name and `(`",
                shown.trim()
            )));
        }
        Ok(name)
    }

    fn arguments(&mut self) -> Result<Arguments, ActionParseError> {
        self.eat('(');
        let mut positional = Vec::new();
        let mut keyword = Vec::new();
        loop {
            self.skip_spaces();
            if self.eat(')') {
                return Ok((positional, keyword));
            }
            match self.keyword() {
                Some(name) => keyword.push((name, self.value()?)),
                None if keyword.is_empty() => positional.push(self.value()?),
                None => {
                    return Err(ActionParseError::syntax(
                        "an argument without a name follows one with a name",
                    ));
                }
            }
            self.skip_spaces();
            if !self.eat(',') && self.peek() != Some(')') {
                return Err(self.unexpected("`,` or `)`"));
            }
        }
    }

    /// The name before `=`, if there is one here.
    fn keyword(&mut self) -> Option<String> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        let name: String = self.text[start..self.at].iter().collect();
        self.skip_spaces();
        if !name.is_empty() && self.eat('=') {
            self.skip_spaces();
            return Some(name);
        }
        self.at = start;
        None
    }

    fn value(&mut self) -> Result<Value, ActionParseError> {
        match self.peek() {
            Some('[') => self.list(),
            _ => self.scalar(),
        }
    }

    fn list(&mut self) -> Result<Value, ActionParseError> {
        self.eat('[');
        let mut items = Vec::new();
        loop {
            self.skip_spaces();
            if self.eat(']') {
                return Ok(Value::Array(items));
            }
            items.push(self.scalar()?);
            self.skip_spaces();
            if !self.eat(',') && self.peek() != Some(']') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn scalar(&mut self) -> Result<Value, ActionParseError> {
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote).map(Value::String),
            Some(c) if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => self.number(),
            Some(c) if c.is_alphabetic() => self.word(),
            _ => Err(self.unexpected("text in quotes, a number or a list")),
        }
    }

    fn word(&mut self) -> Result<Value, ActionParseError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        let word: String = self.text[start..self.at].iter().take(60).collect();
        match word.as_str() {
            "None" | "null" => Ok(Value::Null),
            "True" | "true" => Ok(Value::Bool(true)),
            "False" | "false" => Ok(Value::Bool(false)),
            _ => Err(ActionParseError::syntax(format!(
                "`{word}` must stand in quotes"
            ))),
        }
    }

    fn number(&mut self) -> Result<Value, ActionParseError> {
        let start = self.at;
        let in_number = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_');
        while self.peek().is_some_and(in_number) {
            self.at += 1;
        }
        let text: String = self.text[start..self.at].iter().collect();
        if let Ok(whole) = text.parse::<u64>() {
            return Ok(whole.into());
        }
        text.parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| {
                let shown: String = text.chars().take(60).collect();
                ActionParseError::syntax(format!("`{shown}` is not a number"))
            })
    }

    fn quoted(&mut self, quote: char) -> Result<String, ActionParseError> {
        self.at += 1;
        let mut text = String::new();
        loop {
            match self.next() {
                None => {
                    return Err(ActionParseError::syntax(format!(
                        "the text that begins with {quote} has no end; write \\{quote} for a quote inside"
                    )));
                }
                Some('\\') => self.escape(&mut text)?,
                Some(character) if character == quote => return Ok(text),
                Some(character) => text.push(character),
            }
        }
    }

    /// What follows a backslash, by Python's rules: an unknown escape stands for itself.
    fn escape(&mut self, text: &mut String) -> Result<(), ActionParseError> {
        let Some(character) = self.next() else {
            return Err(ActionParseError::syntax("a backslash ends the text"));
        };
        match character {
            '\n' => {}
            '\\' | '\'' | '"' => text.push(character),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'x' => text.push(self.code_point(2)?),
            'u' => text.push(self.code_point(4)?),
            'U' => text.push(self.code_point(8)?),
            other => text.extend(['\\', other]),
        }
        Ok(())
    }

    fn code_point(&mut self, digits: usize) -> Result<char, ActionParseError> {
        let end = (self.at + digits).min(self.text.len());
        let code: String = self.text[self.at..end].iter().collect();
        self.at = end;
        let is_hex = code.len() == digits && code.chars().all(|c| c.is_ascii_hexdigit());
        u32::from_str_radix(&code, 16)
            .ok()
            .filter(|_| is_hex)
            .and_then(char::from_u32)
            .ok_or_else(|| {
                ActionParseError::syntax(format!("`{code}` is not the code of a character"))
            })
    }

    fn unexpected(&self, wanted: &str) -> ActionParseError {
        let found = self
            .peek()
            .map_or("the end".to_owned(), |c| format!("`{c}`"));
        ActionParseError::syntax(format!("{found} stands where {wanted} should"))
    }

    /// What the text after a complete call means.
    fn trailing(mut self) -> ActionParseError {
        let shown: String = self.text[self.at..].iter().take(40).collect();
        if self.name().is_ok() {
            return ActionParseError::Several;
        }
        ActionParseError::syntax(format!("`{}` follows the call", shown.trim()))
    }
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
