//! Tasks by revision. A specification that was stored once is never changed.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::artifacts::sha256_hex;
use super::sql::{Json, behind, surplus};
use crate::domain::ids::{RowId, SuiteId, TaskId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::task::{Difficulty, Task, TaskKind, TaskSpec};
use crate::domain::time::Timestamp;

/// Which tasks are wanted; what is none does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Of one suite.
    pub suite_id: Option<SuiteId>,
    /// Of one kind.
    pub kind: Option<TaskKind>,
    /// Of one difficulty.
    pub difficulty: Option<Difficulty>,
    /// With a text in key, title or goal, without regard to (ASCII) case.
    pub text: Option<String>,
}

/// Stores a task under its key in a suite. The same specification again changes nothing; a
/// different one becomes a new revision, and the revision before takes no more submissions.
pub fn upsert(
    tx: &Transaction,
    suite_id: SuiteId,
    environment_id: RowId,
    key: &str,
    spec: &TaskSpec,
    now: Timestamp,
) -> Result<Task, StoreError> {
    let json = serde_json::to_string(spec)?;
    let hash = sha256_hex(json.as_bytes());
    let newest = newest(tx, suite_id, key)?;
    if let Some((task, stored_hash)) = &newest
        && *stored_hash == hash
    {
        if !task.active {
            set_active(tx, task.id, true)?;
        }
        return Ok(Task {
            active: true,
            ..task.clone()
        });
    }
    deactivate(tx, suite_id, key)?;
    let task = Task {
        id: TaskId::new(),
        suite_id,
        key: key.to_owned(),
        revision: newest.map_or(0, |(task, _)| task.revision) + 1,
        spec: spec.clone(),
        active: true,
        created_at: now,
    };
    insert(tx, &task, environment_id, &json, &hash)?;
    Ok(task)
}

fn newest(
    tx: &Transaction,
    suite_id: SuiteId,
    key: &str,
) -> Result<Option<(Task, String)>, StoreError> {
    Ok(tx
        .prepare_cached(
            "SELECT id, suite_id, key, revision, spec, active, created_at, spec_hash FROM tasks
             WHERE suite_id = :suite AND key = :key ORDER BY revision DESC LIMIT 1",
        )?
        .query_row(named_params! {":suite": suite_id, ":key": key}, |row| {
            Ok((read(row)?, row.get("spec_hash")?))
        })
        .optional()?)
}

fn insert(
    tx: &Transaction,
    task: &Task,
    environment_id: RowId,
    json: &str,
    hash: &str,
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO tasks (id, suite_id, key, revision, template, title, goal, kind, difficulty,
                            environment_id, spec, spec_hash, active, created_at)
         VALUES (:id, :suite_id, :key, :revision, :template, :title, :goal, :kind, :difficulty,
                 :environment_id, :spec, :spec_hash, 1, :created_at)",
    )?
    .execute(named_params! {
        ":id": task.id,
        ":suite_id": task.suite_id,
        ":key": task.key,
        ":revision": task.revision,
        ":template": task.spec.template,
        ":title": task.spec.title,
        ":goal": task.spec.goal,
        ":kind": task.spec.kind,
        ":difficulty": task.spec.difficulty,
        ":environment_id": environment_id,
        ":spec": json,
        ":spec_hash": hash,
        ":created_at": task.created_at,
    })?;
    Ok(())
}

/// Withdraws every revision of a key: it takes no more submissions.
pub fn deactivate(tx: &Transaction, suite_id: SuiteId, key: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "UPDATE tasks SET active = 0 WHERE suite_id = :suite AND active = 1 AND key = :key",
    )?
    .execute(named_params! {":suite": suite_id, ":key": key})?;
    Ok(())
}

fn set_active(tx: &Transaction, id: TaskId, active: bool) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE tasks SET active = :active WHERE id = :id",
        named_params! {":id": id, ":active": active},
    )?;
    Ok(())
}

/// The task revision with an id, active or not.
pub fn by_id(db: &Connection, id: TaskId) -> Result<Option<Task>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, suite_id, key, revision, spec, active, created_at FROM tasks WHERE id = :id",
        )?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// The active revision of a key in a suite.
pub fn by_key(db: &Connection, suite_id: SuiteId, key: &str) -> Result<Option<Task>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, suite_id, key, revision, spec, active, created_at FROM tasks
             WHERE suite_id = :suite AND active = 1 AND key = :key",
        )?
        .query_row(named_params! {":suite": suite_id, ":key": key}, read)
        .optional()?)
}

pub(super) const LIST: &str = "
    SELECT id, suite_id, key, revision, spec, active, created_at FROM tasks
    WHERE active = 1 AND (key, id) > (:key, :id)
      AND (:kind IS NULL OR kind = :kind)
      AND (:difficulty IS NULL OR difficulty = :difficulty)
      AND (:text IS NULL OR instr(lower(key || char(10) || title || char(10) || goal), lower(:text)) > 0)
    ORDER BY key, id LIMIT :limit";

pub(super) const LIST_OF_SUITE: &str = "
    SELECT id, suite_id, key, revision, spec, active, created_at FROM tasks
    WHERE suite_id = :suite AND active = 1 AND (key, id) > (:key, :id)
      AND (:kind IS NULL OR kind = :kind)
      AND (:difficulty IS NULL OR difficulty = :difficulty)
      AND (:text IS NULL OR instr(lower(key || char(10) || title || char(10) || goal), lower(:text)) > 0)
    ORDER BY key, id LIMIT :limit";

/// Active tasks by key.
pub fn list(
    db: &Connection,
    filter: &TaskFilter,
    page: &PageRequest,
) -> Result<Page<Task>, StoreError> {
    let (key, id) = behind(page)?;
    let limit = surplus(page);
    let (kind, difficulty) = (filter.kind, filter.difficulty);
    let text = filter.text.as_deref().filter(|text| !text.is_empty());
    let rows = match filter.suite_id {
        Some(suite) => db
            .prepare_cached(LIST_OF_SUITE)?
            .query_map(
                named_params! {":suite": suite, ":key": key, ":id": id, ":kind": kind,
                ":difficulty": difficulty, ":text": text, ":limit": limit},
                read,
            )?
            .collect::<Result<Vec<_>, _>>()?,
        None => db
            .prepare_cached(LIST)?
            .query_map(
                named_params! {":key": key, ":id": id, ":kind": kind,
                ":difficulty": difficulty, ":text": text, ":limit": limit},
                read,
            )?
            .collect::<Result<Vec<_>, _>>()?,
    };
    Ok(Page::from_surplus(rows, page.limit, |task| Cursor::Text {
        text: task.key.clone(),
        id: task.id.0,
    }))
}

pub(super) const ALL_OF_SUITE: &str = "
    SELECT id, suite_id, key, revision, spec, active, created_at FROM tasks
    WHERE suite_id = :suite AND active = 1 ORDER BY key, id";

/// Every active task of a suite by key: for running a whole suite.
pub fn all_of_suite(db: &Connection, suite_id: SuiteId) -> Result<Vec<Task>, StoreError> {
    let tasks = db
        .prepare_cached(ALL_OF_SUITE)?
        .query_map(named_params! {":suite": suite_id}, read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(tasks)
}

fn read(row: &Row) -> rusqlite::Result<Task> {
    Ok(Task {
        id: row.get("id")?,
        suite_id: row.get("suite_id")?,
        key: row.get("key")?,
        revision: row.get("revision")?,
        spec: row.get::<_, Json<_>>("spec")?.0,
        active: row.get("active")?,
        created_at: row.get("created_at")?,
    })
}
