//! What is wrong with the settings, and where it was set.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it was set: a file's path, a variable's name, a flag, or `the defaults`.
    pub origin: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// The settings cannot be used. All that is wrong is told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(pub Vec<Problem>);

impl ConfigError {
    /// A single thing that is wrong.
    pub(super) fn one(origin: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![Problem {
            origin: origin.into(),
            message: message.into(),
        }])
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are not right:")?;
        for problem in &self.0 {
            write!(f, "\n  {}: {}", problem.origin, problem.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
