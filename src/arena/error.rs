//! Why a use case refuses. The edge turns each variant into a status code and a page.

use crate::domain::validation::Invalid;
use crate::store::StoreError;

/// Why a use case refuses.
#[derive(Debug, thiserror::Error)]
pub enum ArenaError {
    /// It does not exist, or the person may not know that it does.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was asked for, e.g. `task`.
        what: &'static str,
        /// The id as given.
        id: String,
    },
    /// A value is not acceptable.
    #[error("{field}: {message}")]
    Invalid {
        /// The field as the API names it, e.g. `taskId`.
        field: &'static str,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Several values are not acceptable.
    #[error(transparent)]
    Rejected(#[from] Invalid),
    /// A value that must be unique is taken.
    #[error("{field}: {message}")]
    Taken {
        /// The field as the API names it, e.g. `name`.
        field: &'static str,
        /// By what, and what to do.
        message: String,
    },
    /// The person may see it, but not do this.
    #[error("{message}")]
    Forbidden {
        /// Who may, or what to do instead.
        message: String,
    },
    /// It contradicts what is already there.
    #[error("{message}")]
    Conflict {
        /// With what, and what to do.
        message: String,
    },
    /// No more submissions are accepted for now.
    #[error("the queue is full: {limit} submissions wait; try again in {retry_after_s} s")]
    QueueFull {
        /// How many may wait.
        limit: u32,
        /// When to try again, in seconds.
        retry_after_s: u64,
    },
    /// A fault of the arena itself. Its text is for the log, not for clients.
    #[error("{0}")]
    Internal(anyhow::Error),
}

impl ArenaError {
    /// What was asked for is not there.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "ids are small and often made for the call"
    )]
    pub fn not_found(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound {
            what,
            id: id.to_string(),
        }
    }
}

impl From<StoreError> for ArenaError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor(error) => Self::Invalid {
                field: "cursor",
                message: format!("{error}."),
            },
            StoreError::WrongState(message) => Self::Conflict {
                message: format!("{message}."),
            },
            error => Self::Internal(error.into()),
        }
    }
}
