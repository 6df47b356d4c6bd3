//! Why a use case refuses. The edge turns each variant into a status code and a page.

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
