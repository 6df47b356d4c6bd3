//! How domain values stand in columns: ids and closed lists as text, times as integers,
//! structures as JSON.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::StoreError;
use crate::domain::agent::{AgentKind, Provider};
use crate::domain::budget::BudgetScope;
use crate::domain::event::CallPurpose;
use crate::domain::ids::{
    AgentId, AgentRevisionId, EpisodeId, ExperimentId, JobId, ProviderKeyId, RowId, SubmissionId,
    SuiteId, TaskId, TokenFamilyId, UserId,
};
use crate::domain::outcome::{AgentErrorKind, Outcome, PlaygroundKind, SubmissionStatus};
use crate::domain::page::{Cursor, InvalidCursor, PageRequest};
use crate::domain::task::{Difficulty, TaskKind};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, Theme};
use crate::domain::verdict::VerdictStatus;
use crate::domain::verification::VerificationStatus;

macro_rules! text_columns {
    ($($kind:ty),+ $(,)?) => {$(
        impl ToSql for $kind {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.to_string().into())
            }
        }

        impl FromSql for $kind {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                value.as_str()?.parse().map_err(FromSqlError::other)
            }
        }
    )+};
}

text_columns!(
    UserId,
    AgentId,
    AgentRevisionId,
    ProviderKeyId,
    SuiteId,
    TaskId,
    ExperimentId,
    SubmissionId,
    EpisodeId,
    JobId,
    TokenFamilyId,
    RowId,
    AgentKind,
    Provider,
    AgentErrorKind,
    Outcome,
    PlaygroundKind,
    SubmissionStatus,
    Difficulty,
    TaskKind,
    Role,
    Theme,
    VerdictStatus,
    VerificationStatus,
    CallPurpose,
    BudgetScope,
);

impl ToSql for Timestamp {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Timestamp {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// A column that holds a structure as JSON.
pub(super) struct Json<T>(pub T);

impl<T: DeserializeOwned> FromSql for Json<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?)
            .map(Self)
            .map_err(FromSqlError::other)
    }
}

impl<T: Serialize> ToSql for Json<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        serde_json::to_string(&self.0)
            .map(Into::into)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
    }
}

/// Where a list ordered by falling time begins: before the cursor's row, or at the newest row.
pub(super) fn before(page: &PageRequest) -> Result<(i64, String), StoreError> {
    match &page.after {
        // `~` sorts behind every UUID.
        None => Ok((i64::MAX, "~".to_owned())),
        Some(Cursor::Time { at, id }) => Ok((at.0, id.to_string())),
        Some(Cursor::Text { .. } | Cursor::Rank { .. }) => Err(InvalidCursor.into()),
    }
}

/// Where a list ordered by rising text begins: after the cursor's row, or at the first row.
pub(super) fn behind(page: &PageRequest) -> Result<(String, String), StoreError> {
    match &page.after {
        None => Ok((String::new(), String::new())),
        Some(Cursor::Text { text, id }) => Ok((text.clone(), id.to_string())),
        Some(Cursor::Time { .. } | Cursor::Rank { .. }) => Err(InvalidCursor.into()),
    }
}

/// One row more than asked for tells whether there is a next page.
pub(super) fn surplus(page: &PageRequest) -> u32 {
    page.limit.saturating_add(1)
}
