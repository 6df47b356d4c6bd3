//! People and their accounts.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params};

use super::StoreError;
use super::error::{conflict, found};
use super::sql::{before, surplus};
use crate::domain::ids::UserId;
use crate::domain::page::{Cursor, Page, PageRequest};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, Theme, User};

/// Stores a new account. [`StoreError::Conflict`] names `username` or `email` when taken.
pub fn insert(tx: &Transaction, user: &User, password_hash: &str) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO users (id, username, email, password_hash, role, active, theme, created_at, updated_at)
         VALUES (:id, :username, :email, :password_hash, :role, :active, :theme, :created_at, :created_at)",
    )?
    .execute(named_params! {
        ":id": user.id,
        ":username": user.username,
        ":email": user.email,
        ":password_hash": password_hash,
        ":role": user.role,
        ":active": user.active,
        ":theme": user.theme,
        ":created_at": user.created_at,
    })
    .map_err(conflict(&[("users.username", "username"), ("users.email", "email")]))?;
    Ok(())
}

/// The account with an id.
pub fn by_id(db: &Connection, id: UserId) -> Result<Option<User>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, username, email, role, active, theme, created_at FROM users WHERE id = :id",
        )?
        .query_row(named_params! {":id": id}, read)
        .optional()?)
}

/// The account with a username, without regard to case.
pub fn by_username(db: &Connection, username: &str) -> Result<Option<User>, StoreError> {
    Ok(db
        .prepare_cached(
            "SELECT id, username, email, role, active, theme, created_at FROM users
             WHERE username = :username",
        )?
        .query_row(named_params! {":username": username}, read)
        .optional()?)
}

/// The account that signs in with a username or an e-mail address, and its password hash.
pub fn by_login(db: &Connection, login: &str) -> Result<Option<(User, String)>, StoreError> {
    // A username holds no `@` and an address always does, so no two rows can match.
    Ok(db
        .prepare_cached(
            "SELECT id, username, email, role, active, theme, created_at, password_hash FROM users
             WHERE username = :login OR email = :login",
        )?
        .query_row(named_params! {":login": login}, |row| {
            Ok((read(row)?, row.get("password_hash")?))
        })
        .optional()?)
}

/// The password hash of an account.
pub fn password_hash(db: &Connection, id: UserId) -> Result<Option<String>, StoreError> {
    Ok(db
        .prepare_cached("SELECT password_hash FROM users WHERE id = :id")?
        .query_row(named_params! {":id": id}, |row| row.get(0))
        .optional()?)
}

pub(super) const LIST: &str = "
    SELECT id, username, email, role, active, theme, created_at FROM users
    WHERE (created_at, id) < (:at, :id)
    ORDER BY created_at DESC, id DESC LIMIT :limit";

/// Accounts, newest first.
pub fn list(db: &Connection, page: &PageRequest) -> Result<Page<User>, StoreError> {
    let (at, id) = before(page)?;
    let rows = db
        .prepare_cached(LIST)?
        .query_map(
            named_params! {":at": at, ":id": id, ":limit": surplus(page)},
            read,
        )?
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_surplus(rows, page.limit, |user| Cursor::Time {
        at: user.created_at,
        id: user.id.0,
    }))
}

/// How many accounts there are.
pub fn count(db: &Connection) -> Result<u64, StoreError> {
    Ok(db.query_one("SELECT count(*) FROM users", [], |row| row.get(0))?)
}

/// Whether any account, active or not, has a role.
pub fn any_with_role(db: &Connection, role: Role) -> Result<bool, StoreError> {
    Ok(db.query_one(
        "SELECT EXISTS (SELECT 1 FROM users WHERE role = :role)",
        named_params! {":role": role},
        |row| row.get(0),
    )?)
}

/// How many active accounts have a role.
pub fn count_active(db: &Connection, role: Role) -> Result<u64, StoreError> {
    Ok(db.query_one(
        "SELECT count(*) FROM users WHERE active = 1 AND role = :role",
        named_params! {":role": role},
        |row| row.get(0),
    )?)
}

/// Gives an account a role.
pub fn set_role(
    tx: &Transaction,
    id: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE users SET role = :role, updated_at = :now WHERE id = :id",
        named_params! {":id": id, ":role": role, ":now": now},
    )?;
    found(changed, "user")
}

/// Activates or deactivates an account.
pub fn set_active(
    tx: &Transaction,
    id: UserId,
    active: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE users SET active = :active, updated_at = :now WHERE id = :id",
        named_params! {":id": id, ":active": active, ":now": now},
    )?;
    found(changed, "user")
}

/// Stores which colours a person wants; none: as the system says.
pub fn set_theme(
    tx: &Transaction,
    id: UserId,
    theme: Option<Theme>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE users SET theme = :theme, updated_at = :now WHERE id = :id",
        named_params! {":id": id, ":theme": theme, ":now": now},
    )?;
    found(changed, "user")
}

/// Replaces a password hash.
pub fn set_password_hash(
    tx: &Transaction,
    id: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changed = tx.execute(
        "UPDATE users SET password_hash = :hash, updated_at = :now WHERE id = :id",
        named_params! {":id": id, ":hash": hash, ":now": now},
    )?;
    found(changed, "user")
}

fn read(row: &Row) -> rusqlite::Result<User> {
    Ok(User {
        id: row.get("id")?,
        username: row.get("username")?,
        email: row.get("email")?,
        role: row.get("role")?,
        active: row.get("active")?,
        theme: row.get("theme")?,
        created_at: row.get("created_at")?,
    })
}
