//! One line of a solution: words and quoted texts, read from left to right.

use super::{Function, Place, Step, Target, Text, variable_at};
use crate::domain::task::InfeasibleCode;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
}

fn tokens(line: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut chars = line.trim().chars().peekable();
    while let Some(&c) = chars.peek() {
        if c.is_whitespace() {
            chars.next();
        } else if c == '\'' {
            chars.next();
            tokens.push(Token::Quoted(quoted(&mut chars)?));
        } else {
            let mut word = String::new();
            while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
                word.push(c);
            }
            tokens.push(Token::Word(word));
        }
    }
    Ok(tokens)
}

fn quoted(chars: &mut impl Iterator<Item = char>) -> Result<String, String> {
    let mut text = String::new();
    while let Some(c) = chars.next() {
        match c {
            '\'' => return Ok(text),
            '\\' => text.extend(chars.next()),
            _ => text.push(c),
        }
    }
    Err("a text in single quotes does not end".into())
}

/// The tokens of a line that are still to be read.
struct Rest(std::vec::IntoIter<Token>);

impl Rest {
    fn text(&mut self, what: &str) -> Result<Text, String> {
        match self.0.next() {
            Some(Token::Quoted(text)) => Ok(Text(text)),
            Some(Token::Word(word)) if word.starts_with('$') => Ok(Text(word)),
            Some(Token::Word(word)) => {
                Err(format!("{what} must stand in single quotes, not `{word}`"))
            }
            None => Err(format!("{what} is missing; it stands in single quotes")),
        }
    }

    fn word(&mut self, what: &str) -> Result<String, String> {
        match self.0.next() {
            Some(Token::Word(word)) => Ok(word),
            Some(Token::Quoted(text)) => Err(format!("{what} is a plain word, not '{text}'")),
            None => Err(format!("{what} is missing")),
        }
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let there = matches!(self.0.as_slice().first(), Some(Token::Word(word)) if word == wanted);
        if there {
            self.0.next();
        }
        there
    }

    /// `within 'text'` and `nth 2`, in this order, both optional; then the line is over.
    fn tail(&mut self) -> Result<(Option<Text>, Option<usize>), String> {
        let within = if self.take_word("within") {
            Some(self.text("the text after `within`")?)
        } else {
            None
        };
        let nth = if self.take_word("nth") {
            Some(self.number()?)
        } else {
            None
        };
        self.end()?;
        Ok((within, nth))
    }

    fn number(&mut self) -> Result<usize, String> {
        let word = self.word("a number from 1")?;
        word.parse()
            .ok()
            .filter(|number| *number > 0)
            .ok_or(format!("`{word}` is no number from 1"))
    }

    fn end(&mut self) -> Result<(), String> {
        match self.0.next() {
            None => Ok(()),
            Some(Token::Word(text) | Token::Quoted(text)) => Err(format!("`{text}` is too much")),
        }
    }
}

/// Reads one instruction.
pub(super) fn step(line: &str) -> Result<Step, String> {
    let mut rest = Rest(tokens(line)?.into_iter());
    let verb = rest.word("an instruction")?;
    match verb.as_str() {
        "click" => {
            let role = rest.word("the role, e.g. link or button,")?;
            Ok(Step::Click(target(&mut rest, Some(role))?))
        }
        "fill" | "select" => {
            let name = rest.text("the field's name")?;
            let value = rest.text("the value")?;
            let (within, nth) = rest.tail()?;
            let field = Target {
                role: None,
                name,
                within,
                nth,
            };
            Ok(if verb == "fill" {
                Step::Fill(field, value)
            } else {
                Step::Select(field, value)
            })
        }
        "check" => Ok(Step::Check(target(&mut rest, None)?)),
        "uncheck" => Ok(Step::Uncheck(target(&mut rest, None)?)),
        "choose" => Ok(Step::Choose(target(&mut rest, None)?)),
        "press" => {
            let key = rest.text("the key")?;
            Ok(Step::Press(key, target(&mut rest, None)?))
        }
        "read" => parse_read(&mut rest),
        "set" => parse_set(&mut rest),
        "report" => {
            let code = rest.word("the code")?;
            code.parse::<InfeasibleCode>()
                .map_err(|problem| problem.to_string())?;
            let reason = rest.text("the reason")?;
            rest.end()?;
            Ok(Step::Report(Text(format!("{code} {}", reason.0))))
        }
        "goto" | "see" | "answer" => {
            let text = rest.text("the text")?;
            rest.end()?;
            Ok(match verb.as_str() {
                "goto" => Step::Goto(text),
                "see" => Step::See(text),
                _ => Step::Answer(text),
            })
        }
        "done" => rest.end().map(|()| Step::Done),
        _ => Err(format!(
            "`{verb}` is no instruction; there are: goto, click, fill, select, check, uncheck, \
             choose, press, see, read, set, answer, done, report"
        )),
    }
}

fn target(rest: &mut Rest, role: Option<String>) -> Result<Target, String> {
    let name = rest.text("the element's name")?;
    let (within, nth) = rest.tail()?;
    Ok(Target {
        role,
        name,
        within,
        nth,
    })
}

fn parse_read(rest: &mut Rest) -> Result<Step, String> {
    let name = variable(rest)?;
    if rest.take_word("after") {
        let label = rest.text("the label")?;
        let (within, nth) = rest.tail()?;
        return Ok(Step::Read {
            name,
            place: Place::After { label, within, nth },
        });
    }
    let role = rest.word("`after` or a role")?;
    if matches!(rest.0.as_slice().first(), Some(Token::Quoted(_))) {
        return Ok(Step::Read {
            name,
            place: Place::Named(target(rest, Some(role))?),
        });
    }
    let nth = rest.number()?;
    let (within, _) = rest.tail()?;
    Ok(Step::Read {
        name,
        place: Place::Element { role, nth, within },
    })
}

fn parse_set(rest: &mut Rest) -> Result<Step, String> {
    let name = variable(rest)?;
    let function = rest
        .word("what to compute")?
        .parse::<Function>()
        .map_err(|problem| problem.to_string())?;
    let mut arguments = Vec::new();
    while !rest.0.as_slice().is_empty() {
        arguments.push(rest.text("an argument")?);
    }
    if arguments.is_empty() {
        return Err("there is nothing to compute from".into());
    }
    Ok(Step::Set {
        name,
        function,
        arguments,
    })
}

fn variable(rest: &mut Rest) -> Result<String, String> {
    let name = rest.word("the value's name")?;
    if variable_at(&name) == name {
        Ok(name)
    } else {
        Err(format!(
            "`{name}` is no name of a value: lower case letters, digits and `_`"
        ))
    }
}
