//! What can go wrong between the arena and its database.

use std::path::PathBuf;

use rusqlite::ffi;

/// The database, or the folder it lives in, did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was asked for by id does not exist.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another row has the value of this field already.
    #[error("the {0} is taken")]
    Conflict(&'static str),
    /// The row is not in the state that the change needs; the text says which would be right.
    #[error("{0}")]
    WrongState(&'static str),
    /// The cursor belongs to another list.
    #[error(transparent)]
    Cursor(#[from] crate::domain::page::InvalidCursor),
    /// Another process owns the data directory.
    #[error(
        "the data directory {} is in use by process {pid}; stop that process or choose another directory",
        path.display()
    )]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// The owner's process id as it wrote it down; `?` when it cannot be read.
        pid: String,
    },
    /// The database is of another version, and may only be read.
    #[error(
        "the database in {} has {found} of the {known} steps of this version's schema; `agentarena \
         migrate` brings an older one up to date, a newer one needs a newer agentarena",
        path.display()
    )]
    OtherVersion {
        /// The data directory.
        path: PathBuf,
        /// Steps that it has.
        found: usize,
        /// Steps that this version knows.
        known: usize,
    },
    /// There is no database to read.
    #[error(
        "{} holds no arena: there is no {} in it; is another one meant by --data-dir?",
        path.display(),
        super::DATABASE_FILE
    )]
    NoDatabase {
        /// The data directory.
        path: PathBuf,
    },
    /// A file or folder of the data directory could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, e.g. `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The database was made by a newer version, or a migration failed.
    #[error("the database could not be migrated: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// A stored value could not be read or written as JSON.
    #[error("a stored value is not what the arena wrote: {0}")]
    Json(#[from] serde_json::Error),
    /// The database answered with an error.
    #[error("the database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// No reading connection came free in time.
    #[error("no database connection came free: {0}")]
    Pool(#[from] r2d2::Error),
    /// The closure that used the database panicked; its transaction was rolled back.
    #[error("a database operation broke off: {0}")]
    Broken(String),
}

impl StoreError {
    /// Wraps an I/O error with what was tried on which path.
    pub(super) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// Maps a unique violation on one of `fields` (column name as SQLite words it, e.g.
/// `users.email`, to the field's name) to [`StoreError::Conflict`].
pub(super) fn conflict(
    fields: &'static [(&'static str, &'static str)],
) -> impl FnOnce(rusqlite::Error) -> StoreError {
    move |error| {
        if let rusqlite::Error::SqliteFailure(code, Some(message)) = &error
            && matches!(
                code.extended_code,
                ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            )
            && let Some((_, field)) = fields.iter().find(|(column, _)| message.contains(column))
        {
            return StoreError::Conflict(field);
        }
        StoreError::Sqlite(error)
    }
}

/// Turns "exactly one row was changed" into `Ok` and "none was" into [`StoreError::NotFound`].
pub(super) fn found(changed: usize, what: &'static str) -> Result<(), StoreError> {
    if changed == 0 {
        Err(StoreError::NotFound(what))
    } else {
        Ok(())
    }
}
