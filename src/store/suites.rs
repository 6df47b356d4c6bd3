//! Suites of tasks and the environments that tasks happen in.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};
use serde_json::Value;

use super::StoreError;
use super::sql::Json;
use crate::domain::ids::{RowId, SuiteId};
use crate::domain::suite::Suite;
use crate::domain::time::Timestamp;

/// Stores a suite, or brings title and description of the one with the same name and version
/// up to date. Returns it with the id that it has.
pub fn upsert(tx: &Transaction, suite: &Suite, now: Timestamp) -> Result<Suite, StoreError> {
    let id = tx.query_one(
        "INSERT INTO suites (id, name, version, title, description, created_at)
         VALUES (:id, :name, :version, :title, :description, :now)
         ON CONFLICT (name, version) DO UPDATE SET title = excluded.title, description = excluded.description
         RETURNING id",
        named_params! {
            ":id": suite.id,
            ":name": suite.name,
            ":version": suite.version,
            ":title": suite.title,
            ":description": suite.description,
            ":now": now,
        },
        |row| row.get(0),
    )?;
    Ok(Suite {
        id,
        ..suite.clone()
    })
}

/// A suite with how many active tasks it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteView {
    /// The suite.
    pub suite: Suite,
    /// Its active tasks.
    pub tasks: u32,
}

pub(super) const LIST: &str = "
    SELECT s.id, s.name, s.version, s.title, s.description,
           (SELECT count(*) FROM tasks t WHERE t.suite_id = s.id AND t.active = 1) AS tasks
    FROM suites s ORDER BY s.name, s.version LIMIT 200";

/// All suites by name: a handful.
pub fn list(db: &Connection) -> Result<Vec<SuiteView>, StoreError> {
    let suites = db
        .prepare_cached(LIST)?
        .query_map([], read_view)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(suites)
}

/// The suite with an id.
pub fn by_id(db: &Connection, id: SuiteId) -> Result<Option<SuiteView>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT s.id, s.name, s.version, s.title, s.description,
                    (SELECT count(*) FROM tasks t WHERE t.suite_id = s.id AND t.active = 1) AS tasks
             FROM suites s WHERE s.id = :id",
        )?
        .query_row(named_params! {":id": id}, read_view)
        .optional()?)
}

/// The newest suite with a name: the one that was stored last.
pub fn by_name(db: &Connection, name: &str) -> Result<Option<SuiteView>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT s.id, s.name, s.version, s.title, s.description,
                    (SELECT count(*) FROM tasks t WHERE t.suite_id = s.id AND t.active = 1) AS tasks
             FROM suites s WHERE s.name = :name ORDER BY s.created_at DESC, s.id DESC LIMIT 1",
        )?
        .query_row(named_params! {":name": name}, read_view)
        .optional()?)
}

/// Stores an environment, or brings the one of the same name up to date. Returns its id.
pub fn upsert_environment(
    tx: &Transaction,
    kind: &str,
    name: &str,
    version: &str,
    config: &Value,
    now: Timestamp,
) -> Result<RowId, StoreError> {
    Ok(tx.query_one(
        "INSERT INTO environments (id, kind, name, version, config, created_at)
         VALUES (:id, :kind, :name, :version, :config, :now)
         ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, version = excluded.version, config = excluded.config
         RETURNING id",
        named_params! {
            ":id": RowId::new(),
            ":kind": kind,
            ":name": name,
            ":version": version,
            ":config": Json(config),
            ":now": now,
        },
        |row| row.get(0),
    )?)
}

fn read_view(row: &Row) -> rusqlite::Result<SuiteView> {
    Ok(SuiteView {
        suite: Suite {
            id: row.get("id")?,
            name: row.get("name")?,
            version: row.get("version")?,
            title: row.get("title")?,
            description: row.get("description")?,
        },
        tasks: row.get("tasks")?,
    })
}
