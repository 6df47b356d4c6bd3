//! Agents and their revisions.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::error::{conflict, found};
use super::sql::{Json, before, surplus};
use crate::domain::agent::{Agent, AgentConfig, AgentRevision};
use crate::domain::ids::{AgentId, AgentRevisionId, UserId};
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::time::Timestamp;

/// The columns of an agent with its newest revision, or of one with the revision that the
/// joined table names.
macro_rules! select_agent {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.user_id, a.name, a.description, a.created_at, a.updated_at,
                    r.id AS revision_id, r.number, r.config, r.created_at AS revision_created_at
             FROM agents a JOIN agent_revisions r ON r.agent_id = a.id ",
            $rest
        )
    };
}

const NAME_TAKEN: &[(&str, &str)] = &[("agents_name", "name"), ("agents.name", "name")];

/// Stores a new agent with its first revision. [`StoreError::Conflict`] names `name` when the
/// owner has an agent of that name.
pub fn insert(tx: &Transaction, agent: &Agent) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO agents (id, user_id, name, description, kind, revision, created_at, updated_at, deleted_at)
         VALUES (:id, :user_id, :name, :description, :kind, :revision, :created_at, :updated_at, NULL)",
        named_params! {
            ":id": agent.id,
            ":user_id": agent.user_id,
            ":name": agent.name,
            ":description": agent.description,
            ":kind": agent.revision.config.kind(),
            ":revision": agent.revision.number,
            ":created_at": agent.created_at,
            ":updated_at": agent.updated_at,
        },
    )
    .map_err(conflict(NAME_TAKEN))?;
    insert_revision(tx, &agent.revision)
}

/// Changes an agent. A new configuration makes a new revision; a new name or description
/// alone does not. [`StoreError::Conflict`] names `name` when it is taken.
pub fn update(
    tx: &Transaction,
    id: AgentId,
    name: &str,
    description: &str,
    config: &AgentConfig,
    now: Timestamp,
) -> Result<Agent, StoreError> {
    let mut agent = by_id(tx, id)?.ok_or(StoreError::NotFound("agent"))?;
    name.clone_into(&mut agent.name);
    description.clone_into(&mut agent.description);
    if agent.revision.config != *config {
        agent.revision = AgentRevision {
            id: AgentRevisionId::new(),
            agent_id: id,
            number: agent.revision.number + 1,
            config: config.clone(),
            created_at: now,
        };
        agent.updated_at = now;
        insert_revision(tx, &agent.revision)?;
    }
    tx.execute(
        "UPDATE agents SET name = :name, description = :description, kind = :kind,
                revision = :revision, updated_at = :updated_at
         WHERE id = :id",
        named_params! {
            ":id": id,
            ":name": agent.name,
            ":description": agent.description,
            ":kind": config.kind(),
            ":revision": agent.revision.number,
            ":updated_at": agent.updated_at,
        },
    )
    .map_err(conflict(NAME_TAKEN))?;
    Ok(agent)
}

fn insert_revision(tx: &Transaction, revision: &AgentRevision) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO agent_revisions (id, agent_id, number, config, created_at)
         VALUES (:id, :agent_id, :number, :config, :created_at)",
        named_params! {
            ":id": revision.id,
            ":agent_id": revision.agent_id,
            ":number": revision.number,
            ":config": Json(&revision.config),
            ":created_at": revision.created_at,
        },
    )?;
    Ok(())
}

/// An agent in use with its newest revision.
pub fn by_id(db: &Connection, id: AgentId) -> Result<Option<Agent>, StoreError> {
    Ok(db
        .prepare_cached(select_agent!(
            "AND r.number = a.revision WHERE a.id = :id AND a.deleted_at IS NULL"
        ))?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// A built-in agent by name.
pub fn builtin_by_name(db: &Connection, name: &str) -> Result<Option<Agent>, StoreError> {
    Ok(db
        .prepare_cached(select_agent!(
            "AND r.number = a.revision
             WHERE coalesce(a.user_id, '') = '' AND a.name = :name AND a.deleted_at IS NULL"
        ))?
        .query_row(named_params! {":name": name}, read)
        .optional()?)
}

/// A person's own agent by name, without regard to case.
pub fn own_by_name(
    db: &Connection,
    user_id: UserId,
    name: &str,
) -> Result<Option<Agent>, StoreError> {
    Ok(db
        .prepare_cached(select_agent!(
            "AND r.number = a.revision
             WHERE coalesce(a.user_id, '') = :user_id AND a.name = :name AND a.deleted_at IS NULL"
        ))?
        .query_row(named_params! {":user_id": user_id, ":name": name}, read)
        .optional()?)
}

/// An agent as it was at one revision, deleted or not: for running and showing submissions.
pub fn by_revision(db: &Connection, id: AgentRevisionId) -> Result<Option<Agent>, StoreError> {
    Ok(db
        .prepare_cached(select_agent!("WHERE r.id = :id"))?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// An agent's revisions, newest first.
pub fn revisions(db: &Connection, id: AgentId) -> Result<Vec<AgentRevision>, StoreError> {
    let revisions = db
        .prepare_cached(REVISIONS)?
        .query_map(named_params! {":id": id}, |row| {
            Ok(AgentRevision {
                id: row.get("id")?,
                agent_id: row.get("agent_id")?,
                number: row.get("number")?,
                config: row.get::<_, Json<_>>("config")?.0,
                created_at: row.get("created_at")?,
            })
        })?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(revisions)
}

pub(super) const REVISIONS: &str = "
    SELECT id, agent_id, number, config, created_at FROM agent_revisions
    WHERE agent_id = :id ORDER BY number DESC LIMIT 500";

pub(super) const LIST_OWN: &str = select_agent!(
    "AND r.number = a.revision
     WHERE a.user_id = :user AND a.deleted_at IS NULL AND (a.created_at, a.id) < (:at, :id)
     ORDER BY a.created_at DESC, a.id DESC LIMIT :limit"
);

/// A person's agents in use, newest first.
pub fn list_own(
    db: &Connection,
    user_id: UserId,
    page: &PageRequest,
) -> Result<Page<Agent>, StoreError> {
    let (at, id) = before(page)?;
    let rows = db
        .prepare_cached(LIST_OWN)?
        .query_map(
            named_params! {":user": user_id, ":at": at, ":id": id, ":limit": surplus(page)},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, cursor))
}

pub(super) const LIST_BUILTIN: &str = select_agent!(
    "AND r.number = a.revision
     WHERE a.user_id IS NULL AND a.deleted_at IS NULL
     ORDER BY a.created_at DESC, a.id DESC LIMIT 100"
);

/// The built-in agents, newest first: a handful.
pub fn list_builtin(db: &Connection) -> Result<Vec<Agent>, StoreError> {
    let agents = db
        .prepare_cached(LIST_BUILTIN)?
        .query_map([], read)?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(agents)
}

pub(super) const LIST_ALL: &str = select_agent!(
    "AND r.number = a.revision
     WHERE a.deleted_at IS NULL AND (a.created_at, a.id) < (:at, :id)
     ORDER BY a.created_at DESC, a.id DESC LIMIT :limit"
);

/// Every agent in use, newest first: for administrators.
pub fn list_all(db: &Connection, page: &PageRequest) -> Result<Page<Agent>, StoreError> {
    let (at, id) = before(page)?;
    let rows = db
        .prepare_cached(LIST_ALL)?
        .query_map(
            named_params! {":at": at, ":id": id, ":limit": surplus(page)},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, cursor))
}

pub(super) const LIST_VISIBLE: &str = "
    SELECT id, user_id, name, description, created_at, updated_at, revision_id, number, config,
           revision_created_at
    FROM (
        SELECT id, user_id, name, description, created_at, updated_at, revision_id, number, config,
               revision_created_at FROM (
            SELECT a.id, a.user_id, a.name, a.description, a.created_at, a.updated_at,
                   r.id AS revision_id, r.number, r.config, r.created_at AS revision_created_at
            FROM agents a JOIN agent_revisions r ON r.agent_id = a.id AND r.number = a.revision
            WHERE a.user_id = :user AND a.deleted_at IS NULL AND (a.created_at, a.id) < (:at, :id)
            ORDER BY a.created_at DESC, a.id DESC LIMIT :limit)
        UNION ALL
        SELECT id, user_id, name, description, created_at, updated_at, revision_id, number, config,
               revision_created_at FROM (
            SELECT a.id, a.user_id, a.name, a.description, a.created_at, a.updated_at,
                   r.id AS revision_id, r.number, r.config, r.created_at AS revision_created_at
            FROM agents a JOIN agent_revisions r ON r.agent_id = a.id AND r.number = a.revision
            WHERE a.user_id IS NULL AND a.deleted_at IS NULL AND (a.created_at, a.id) < (:at, :id)
            ORDER BY a.created_at DESC, a.id DESC LIMIT :limit))
    ORDER BY created_at DESC, id DESC LIMIT :limit";

/// A person's agents in use and the built-in ones together, newest first.
pub fn list_visible(
    db: &Connection,
    user_id: UserId,
    page: &PageRequest,
) -> Result<Page<Agent>, StoreError> {
    let (at, id) = before(page)?;
    let rows = db
        .prepare_cached(LIST_VISIBLE)?
        .query_map(
            named_params! {":user": user_id, ":at": at, ":id": id, ":limit": surplus(page)},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, cursor))
}

/// Takes an agent out of use. Its revisions and results stay.
pub fn delete(tx: &Transaction, id: AgentId, now: Timestamp) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE agents SET deleted_at = :now WHERE id = :id AND deleted_at IS NULL",
        named_params! {":id": id, ":now": now},
    )?;
    found(changed, "agent")
}

fn cursor(agent: &Agent) -> Cursor {
    Cursor::Time {
        at: agent.created_at,
        id: agent.id.0,
    }
}

fn read(row: &Row) -> rusqlite::Result<Agent> {
    let id = row.get("id")?;
    Ok(Agent {
        id,
        user_id: row.get("user_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        revision: AgentRevision {
            id: row.get("revision_id")?,
            agent_id: id,
            number: row.get("number")?,
            config: row.get::<_, Json<_>>("config")?.0,
            created_at: row.get("revision_created_at")?,
        },
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
