//! Walks over the text of one action call: names, texts in quotes, numbers and lists, by
//! Python's rules as far as a call needs them.

use serde_json::{Number, Value};

use super::parse::ActionParseError;

/// Positional arguments, and those with a name.
type Arguments = (Vec<Value>, Vec<(String, Value)>);

/// Walks over the text of one call.
pub(super) struct Reader {
    text: Vec<char>,
    at: usize,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
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

    pub(super) const fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn skip_spaces(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Skips white space, comment lines and the marks of a code block with its language.
    pub(super) fn skip_padding(&mut self) {
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

    pub(super) fn name(&mut self) -> Result<String, ActionParseError> {
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

    pub(super) fn arguments(&mut self) -> Result<Arguments, ActionParseError> {
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
    pub(super) fn trailing(mut self) -> ActionParseError {
        let shown: String = self.text[self.at..].iter().take(40).collect();
        if self.name().is_ok() {
            return ActionParseError::Several;
        }
        ActionParseError::syntax(format!("`{}` follows the call", shown.trim()))
    }
}
