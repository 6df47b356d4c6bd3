//! Walks over text with calls in it: names, texts in quotes, numbers, lists and dictionaries, by
//! the rules of BrowserGym's reader, which are Python's as far as a call needs them.

use serde_json::{Map, Number, Value};

use super::call::Call;
use crate::domain::python::decimal;

/// Deepest nesting of lists.
const MAX_DEPTH: usize = 40;

/// Why a part of the text cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Miss {
    /// It is something else; the reason is kept by the scanner.
    Other,
    /// It is a value with a mistake in it, which spoils the whole text.
    Spoilt(String),
}

type Scan<T> = Result<T, Miss>;

/// A place in a text.
pub(super) struct Scanner {
    text: Vec<char>,
    at: usize,
    /// The mistake that stands furthest to the right, and where.
    furthest: Option<(usize, String)>,
}

impl Scanner {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: expand_tabs(text),
            at: 0,
            furthest: None,
        }
    }

    /// The mistake that was found furthest to the right.
    pub(super) fn problem(&self) -> Option<&str> {
        self.furthest.as_ref().map(|(_, problem)| problem.as_str())
    }

    /// Up to `limit` characters from here.
    pub(super) fn shown(&self, limit: usize) -> String {
        let rest: String = self.text[self.at..].iter().take(limit).collect();
        rest.trim().to_owned()
    }

    pub(super) const fn at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, wanted: char) -> bool {
        self.skip();
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn starts_with(&self, part: &[char]) -> bool {
        self.text[self.at..].starts_with(part)
    }

    /// Skips blanks and comments.
    pub(super) fn skip(&mut self) {
        while let Some(character) = self.peek() {
            match character {
                ' ' | '\n' | '\t' | '\r' => self.at += 1,
                '#' => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                }
                _ => return,
            }
        }
    }

    fn miss<T>(&mut self, problem: impl Into<String>) -> Scan<T> {
        if self.furthest.as_ref().is_none_or(|(at, _)| *at < self.at) {
            self.furthest = Some((self.at, problem.into()));
        }
        Err(Miss::Other)
    }

    fn unexpected<T>(&mut self, wanted: &str) -> Scan<T> {
        let found = match self.peek() {
            None => "the end".to_owned(),
            Some('\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}') => {
                return self.miss("a typographic quote stands where ' or \" should");
            }
            Some(c) => format!("`{c}`"),
        };
        self.miss(format!("{found} stands where {wanted} should"))
    }

    /// The next call anywhere in the rest of the text.
    pub(super) fn next_call(&mut self) -> Scan<Option<Call>> {
        loop {
            self.skip();
            if self.at_end() {
                return Ok(None);
            }
            let start = self.at;
            match self.call() {
                Ok(call) => return Ok(Some(call)),
                Err(spoilt @ Miss::Spoilt(_)) => return Err(spoilt),
                Err(Miss::Other) => {}
            }
            self.at = start;
            // What follows a name decides, so the ends of the same name need no try of their own.
            if self.identifier().is_none() {
                self.at = start + 1;
            }
        }
    }

    /// A call that begins here.
    pub(super) fn call(&mut self) -> Scan<Call> {
        self.skip();
        let Some(name) = self.identifier() else {
            return Err(Miss::Other);
        };
        if !self.eat('(') {
            return Err(Miss::Other);
        }
        let args = self.several(|scanner| scanner.element(0))?;
        let kwargs = self.several(Self::named)?;
        if self.eat(')') {
            return Ok(Call { name, args, kwargs });
        }
        if !kwargs.is_empty() && self.attempt(|scanner| scanner.element(0))?.is_some() {
            return self.miss("an argument without a name follows one with a name");
        }
        self.unexpected("`,` or `)`")
    }

    /// Tries to read something; what is something else stays unread.
    fn attempt<T>(&mut self, read: impl Fn(&mut Self) -> Scan<T>) -> Scan<Option<T>> {
        let start = self.at;
        match read(self) {
            Ok(value) => Ok(Some(value)),
            Err(Miss::Other) => {
                self.at = start;
                Ok(None)
            }
            Err(spoilt) => Err(spoilt),
        }
    }

    /// Items with commas between them; one more comma may follow.
    fn several<T>(&mut self, read: impl Fn(&mut Self) -> Scan<T>) -> Scan<Vec<T>> {
        let mut items = Vec::new();
        while let Some(item) = self.attempt(&read)? {
            items.push(item);
            if !self.eat(',') {
                break;
            }
        }
        Ok(items)
    }

    /// A name: letters of Latin-1, digits and underscores.
    fn identifier(&mut self) -> Option<String> {
        let start = self.at;
        self.peek().filter(|c| is_letter(*c))?;
        while self
            .peek()
            .is_some_and(|c| is_letter(c) || c.is_ascii_digit() || c == '\u{B7}')
        {
            self.at += 1;
        }
        Some(self.text[start..self.at].iter().collect())
    }

    fn named(&mut self) -> Scan<(String, Value)> {
        self.skip();
        let start = self.at;
        let Some(name) = self.identifier() else {
            return Err(Miss::Other);
        };
        if self.eat('=') {
            return Ok((name, self.element(0)?));
        }
        self.at = start;
        let shown: String = name.chars().take(60).collect();
        self.miss(format!("`{shown}` must stand in quotes"))
    }

    fn element(&mut self, depth: usize) -> Scan<Value> {
        self.skip();
        if depth > MAX_DEPTH {
            return self.miss(format!("lists are nested deeper than {MAX_DEPTH}"));
        }
        match self.peek() {
            Some(quote @ ('\'' | '"')) => self.quoted(quote).map(Value::String),
            Some(c) if decimal(c).is_some() || matches!(c, '-' | '+' | '.') => self.number(),
            Some('{') => self.dictionary(depth),
            Some('[') => self.list(depth, ']'),
            Some('(') => self.list(depth, ')'),
            Some(c) if is_letter(c) => self.word(),
            _ => self.unexpected("text in quotes, a number or a list"),
        }
    }

    fn list(&mut self, depth: usize, end: char) -> Scan<Value> {
        self.at += 1;
        let items = self.several(|scanner| scanner.element(depth + 1))?;
        if self.eat(end) {
            return Ok(Value::Array(items));
        }
        self.unexpected(&format!("`,` or `{end}`"))
    }

    fn dictionary(&mut self, depth: usize) -> Scan<Value> {
        self.at += 1;
        let items = self.several(|scanner| {
            scanner.skip();
            let Some(quote @ ('\'' | '"')) = scanner.peek() else {
                return scanner.unexpected("a key in quotes");
            };
            let key = scanner.quoted(quote)?;
            if !scanner.eat(':') {
                return scanner.unexpected("`:`");
            }
            Ok((key, scanner.element(depth + 1)?))
        })?;
        if self.eat('}') {
            return Ok(Value::Object(items.into_iter().collect::<Map<_, _>>()));
        }
        self.unexpected("`,` or `}`")
    }

    /// `True`, `False` or `None`; no other word stands for itself.
    fn word(&mut self) -> Scan<Value> {
        for (word, value) in [
            ("True", Value::Bool(true)),
            ("False", Value::Bool(false)),
            ("None", Value::Null),
        ] {
            let letters: Vec<char> = word.chars().collect();
            let after = self.text.get(self.at + letters.len());
            let ends = after.is_none_or(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '$')));
            if self.starts_with(&letters) && ends {
                self.at += letters.len();
                return Ok(value);
            }
        }
        Err(Miss::Other)
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().and_then(decimal).is_some() {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Scan<Value> {
        let start = self.at;
        self.at += usize::from(matches!(self.peek(), Some('-' | '+')));
        let mut digits = self.digits();
        let mut is_whole = true;
        if self.peek() == Some('.') {
            self.at += 1;
            is_whole = false;
            digits += self.digits();
        }
        if digits == 0 {
            self.at = start;
            return self.unexpected("text in quotes, a number or a list");
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let before = self.at;
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some('-' | '+')));
            if self.digits() == 0 {
                self.at = before;
            } else {
                is_whole = false;
            }
        }
        // Digits of any script are digits, as in Python.
        let plain = |c: &char| decimal(*c).map_or(*c, |value| char::from(b'0' + value));
        let text: String = self.text[start..self.at].iter().map(plain).collect();
        if let Some(whole) = text.parse::<i64>().ok().filter(|_| is_whole) {
            return Ok(whole.into());
        }
        let number = text.parse::<f64>().ok().and_then(Number::from_f64);
        number.map(Value::Number).ok_or_else(|| {
            let shown: String = text.chars().take(60).collect();
            Miss::Spoilt(format!("`{shown}` is too large a number"))
        })
    }

    /// Text in single, double or triple quotes.
    fn quoted(&mut self, quote: char) -> Scan<String> {
        let end = match self.end_of_triple(quote) {
            Some(end) => Some((3, end)),
            None => self.end_of_single(quote).map(|end| (1, end)),
        };
        let Some((marks, end)) = end else {
            return self.miss(format!(
                "the text that begins with {quote} has no end; write \\{quote} for a quote inside \
                 and \\n for a line break"
            ));
        };
        let inner = self.text[self.at + marks..end].to_vec();
        self.at = end + marks;
        unescape(&inner).map_err(Miss::Spoilt)
    }

    /// Where the closing quotes of a triple-quoted text stand.
    fn end_of_triple(&self, quote: char) -> Option<usize> {
        if !self.starts_with(&[quote; 3]) {
            return None;
        }
        let mut at = self.at + 3;
        loop {
            match *self.text.get(at)? {
                c if c == quote && self.text[at..].starts_with(&[quote; 3]) => return Some(at),
                '\\' if *self.text.get(at + 1)? == '\n' => return None,
                '\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    /// Where the closing quote of a text on one line stands.
    fn end_of_single(&self, quote: char) -> Option<usize> {
        let mut at = self.at + 1;
        loop {
            match *self.text.get(at)? {
                c if c == quote => return Some(at),
                '\n' | '\r' => return None,
                '\\' if *self.text.get(at + 1)? == 'x' => {
                    self.text.get(at + 2).filter(|c| c.is_ascii_hexdigit())?;
                    at += 3;
                }
                '\\' => at += 2,
                _ => at += 1,
            }
        }
    }
}

fn is_letter(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphabetic()
        || (('\u{AA}'..='\u{FF}').contains(&character) && character.is_alphabetic())
}

/// Tabs become blanks up to the next multiple of 8 columns, as BrowserGym's reader has it.
fn expand_tabs(text: &str) -> Vec<char> {
    let mut expanded = Vec::with_capacity(text.len());
    let mut column = 0;
    for character in text.chars() {
        if character == '\t' {
            let blanks = 8 - column % 8;
            expanded.extend(std::iter::repeat_n(' ', blanks));
            column += blanks;
            continue;
        }
        expanded.push(character);
        column = if matches!(character, '\n' | '\r') {
            0
        } else {
            column + 1
        };
    }
    expanded
}

/// Python's escapes; an unknown one stands for itself.
fn unescape(inner: &[char]) -> Result<String, String> {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.iter().copied().peekable();
    while let Some(character) = rest.next() {
        if character == '\r' {
            // Every line ending is one line feed.
            rest.next_if_eq(&'\n');
            text.push('\n');
            continue;
        }
        if character != '\\' {
            text.push(character);
            continue;
        }
        let Some(escaped) = rest.next() else {
            return Err("a backslash ends the text".to_owned());
        };
        let simple = match escaped {
            '\n' | '\r' => continue,
            '\\' | '\'' | '"' => escaped,
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{C}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{B}',
            '0'..='7' => octal(escaped, &mut rest)?,
            'x' => code_point(&mut rest, 2)?,
            'u' => utf16(&mut rest)?,
            'U' => code_point(&mut rest, 8)?,
            'N' => return Err("write the character itself instead of \\N".to_owned()),
            other => {
                text.push('\\');
                other
            }
        };
        text.push(simple);
    }
    Ok(text)
}

type Rest<'a> = std::iter::Peekable<std::iter::Copied<std::slice::Iter<'a, char>>>;

fn octal(first: char, rest: &mut Rest<'_>) -> Result<char, String> {
    let mut code = first.to_digit(8).unwrap_or_default();
    for _ in 0..2 {
        let Some(digit) = rest.next_if(|c| c.is_digit(8)) else {
            break;
        };
        code = code * 8 + digit.to_digit(8).unwrap_or_default();
    }
    char::from_u32(code).ok_or_else(|| format!("`\\{code:o}` is not the code of a character"))
}

fn code_point(rest: &mut Rest<'_>, digits: usize) -> Result<char, String> {
    let code = code(rest, digits)?;
    char::from_u32(code).ok_or_else(|| format!("`{code:x}` is not the code of a character"))
}

/// A code of four digits, or a pair of them for one character, as JSON writes what stands beyond
/// U+FFFF. Python would keep the halves apart, and nothing could be typed with them.
fn utf16(rest: &mut Rest<'_>) -> Result<char, String> {
    let first = code(rest, 4)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first)
            .ok_or_else(|| format!("`{first:x}` is not the code of a character"));
    }
    let mut ahead = rest.clone();
    let second = (ahead.next() == Some('\\') && ahead.next() == Some('u'))
        .then(|| code(&mut ahead, 4).ok())
        .flatten();
    let pair = second.filter(|second| (0xDC00..0xE000).contains(second));
    let character =
        pair.and_then(|low| char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (low - 0xDC00)));
    if character.is_some() {
        *rest = ahead;
    }
    character
        .ok_or_else(|| format!("`{first:x}` is half of a character; its other half is missing"))
}

fn code(rest: &mut Rest<'_>, digits: usize) -> Result<u32, String> {
    let code: String = rest.take(digits).collect();
    let is_hex = code.len() == digits && code.chars().all(|c| c.is_ascii_hexdigit());
    u32::from_str_radix(&code, 16)
        .ok()
        .filter(|_| is_hex)
        .ok_or_else(|| format!("`{code}` is not the code of a character"))
}
