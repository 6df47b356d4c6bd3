//! Calls as they are written in a text, before anything is known of what they mean.

use serde_json::Value;

use super::parse::ActionParseError;
use super::scan::{Miss, Scanner};

/// Longest text, in bytes.
pub(super) const MAX_LENGTH: usize = 100_000;

/// A call such as `fill('44', value='SPRING10')`: a name and literals.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// What is called.
    pub name: String,
    /// Arguments by their place. Tuples are lists; whole numbers stay whole.
    pub args: Vec<Value>,
    /// Arguments with a name, in order.
    pub kwargs: Vec<(String, Value)>,
}

impl Call {
    /// Every call in a text, wherever it stands: in a code block, in prose, inside another call
    /// that cannot be read. Comments (`# ...`) are skipped. Never empty.
    pub fn find_all(text: &str) -> Result<Vec<Self>, ActionParseError> {
        let mut scanner = scanner(text)?;
        let mut calls = Vec::new();
        while let Some(call) = scanner.next_call().map_err(spoilt)? {
            calls.push(call);
        }
        if calls.is_empty() {
            return Err(nothing(text, scanner.problem()));
        }
        Ok(calls)
    }

    /// The calls of a text that holds nothing but calls, blanks and comments. Never empty.
    pub fn read_all(text: &str) -> Result<Vec<Self>, ActionParseError> {
        let mut scanner = scanner(text)?;
        let mut calls = Vec::new();
        loop {
            scanner.skip();
            if scanner.at_end() {
                break;
            }
            let shown = scanner.shown(40);
            match scanner.call() {
                Ok(call) => calls.push(call),
                Err(Miss::Spoilt(problem)) => return Err(ActionParseError::syntax(problem)),
                Err(Miss::Other) if calls.is_empty() => {
                    return Err(nothing(text, scanner.problem()));
                }
                Err(Miss::Other) => {
                    let problem = scanner.problem().map(str::to_owned);
                    let follows = || format!("`{shown}` follows the call");
                    return Err(ActionParseError::syntax(problem.unwrap_or_else(follows)));
                }
            }
        }
        if calls.is_empty() {
            return Err(ActionParseError::Empty);
        }
        Ok(calls)
    }
}

fn scanner(text: &str) -> Result<Scanner, ActionParseError> {
    if text.len() > MAX_LENGTH {
        return Err(ActionParseError::TooLong);
    }
    Ok(Scanner::new(text))
}

fn spoilt(miss: Miss) -> ActionParseError {
    match miss {
        Miss::Spoilt(problem) => ActionParseError::syntax(problem),
        Miss::Other => ActionParseError::Empty,
    }
}

/// The error for a text without a call.
fn nothing(text: &str, problem: Option<&str>) -> ActionParseError {
    if let Some(problem) = problem {
        return ActionParseError::syntax(problem);
    }
    let shown: String = text.trim().chars().take(60).collect();
    if shown.is_empty() {
        return ActionParseError::Empty;
    }
    ActionParseError::syntax(format!("`{shown}` holds no name with arguments in ( )"))
}
