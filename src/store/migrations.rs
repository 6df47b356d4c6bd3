//! The schema, step by step. A step is never edited after release.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use super::StoreError;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("../../migrations/0001_initial.sql")),
    M::up(include_str!("../../migrations/0002_verification.sql")),
    M::up(include_str!("../../migrations/0003_models.sql")),
    M::up(include_str!("../../migrations/0004_budgets.sql")),
    M::up(include_str!("../../migrations/0005_manifest.sql")),
    M::up(include_str!("../../migrations/0006_agent_errors.sql")),
    M::up(include_str!("../../migrations/0007_personal_prices.sql")),
];

const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// Brings a database to the newest schema.
pub(super) fn apply(connection: &mut Connection) -> Result<(), StoreError> {
    Ok(MIGRATIONS.to_latest(connection)?)
}

/// How many steps are applied, and how many there are.
pub fn schema_version(connection: &Connection) -> Result<(usize, usize), StoreError> {
    let current: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok((usize::try_from(current).unwrap_or(0), STEPS.len()))
}
