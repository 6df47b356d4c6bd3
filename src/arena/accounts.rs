//! Accounts as administrators see and change them. An administrator manages users;
//! administrators are managed by the super administrators, of whom one always stays.

use serde_json::json;

use crate::arena::ArenaError;
use crate::auth::{Permission, Principal};
use crate::domain::ids::UserId;
use crate::domain::page::{Page, PageRequest};
use crate::domain::time::Timestamp;
use crate::domain::user::{Role, Theme, User};
use crate::domain::validation::Invalid;
use crate::store::audit::NewEntry;
use crate::store::submissions::StatusCounts;
use crate::store::{self, Store};

/// What shall be different about an account; what is none stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccountChange {
    /// The role.
    pub role: Option<Role>,
    /// Whether the person can sign in.
    pub active: Option<bool>,
}

/// An account with what its owner did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub user: User,
    /// Where the person's submissions stand.
    pub submissions: StatusCounts,
}

/// Lists accounts, newest first.
pub async fn list(
    store: &Store,
    principal: &Principal,
    page: PageRequest,
) -> Result<Page<User>, ArenaError> {
    check_administrator(principal)?;
    Ok(store.read(move |db| store::users::list(db, &page)).await?)
}

/// Shows one account.
pub async fn get(store: &Store, principal: &Principal, id: UserId) -> Result<Account, ArenaError> {
    check_administrator(principal)?;
    let found = store.read(move |db| {
        let Some(user) = store::users::by_id(db, id)? else {
            return Ok(None);
        };
        let submissions = store::submissions::counts(db, Some(id))?;
        Ok(Some(Account { user, submissions }))
    });
    found.await?.ok_or_else(|| not_found(id))
}

/// Changes role or activity of an account, and signs the person out when either was taken
/// from them.
pub async fn change(
    store: &Store,
    principal: &Principal,
    id: UserId,
    change: AccountChange,
) -> Result<User, ArenaError> {
    check_administrator(principal)?;
    let principal = principal.clone();
    store
        .try_write(move |tx| {
            // Read again here, so that what the administrator has lost meanwhile does not count.
            let actor = store::users::by_id(tx, principal.user_id)?
                .filter(|actor| actor.active)
                .ok_or_else(|| not_found(principal.user_id))?;
            let user = store::users::by_id(tx, id)?.ok_or_else(|| not_found(id))?;
            let after = User {
                role: change.role.unwrap_or(user.role),
                active: change.active.unwrap_or(user.active),
                ..user.clone()
            };
            check_change(&actor, &user, &after)?;
            if after == user {
                return Ok(user);
            }
            check_super_admin_stays(tx, &user, &after)?;
            apply(tx, &actor, &user, &after)?;
            Ok(after)
        })
        .await
}

/// The person's own account; none when it was deleted a moment ago.
pub async fn own(store: &Store, principal: &Principal) -> Result<Option<User>, ArenaError> {
    let id = principal.user_id;
    Ok(store.read(move |db| store::users::by_id(db, id)).await?)
}

/// Stores which colours the person wants; none: as the system says.
pub async fn set_theme(
    store: &Store,
    principal: &Principal,
    theme: Option<Theme>,
) -> Result<(), ArenaError> {
    let id = principal.user_id;
    let write = store.write(move |tx| store::users::set_theme(tx, id, theme, Timestamp::now()));
    Ok(write.await?)
}

fn check_administrator(principal: &Principal) -> Result<(), ArenaError> {
    if principal.may(Permission::ViewUsers) {
        return Ok(());
    }
    Err(ArenaError::Forbidden {
        message: "Only administrators see other people's accounts.".to_owned(),
    })
}

fn check_change(actor: &User, before: &User, after: &User) -> Result<(), ArenaError> {
    if before.id == actor.id {
        let message = "Your own role and activity are changed by another administrator.";
        return Err(forbidden(message));
    }
    let touches_administrators = before.role != Role::User || after.role != Role::User;
    if touches_administrators && actor.role != Role::SuperAdmin {
        let message = "Only a SUPER_ADMIN changes administrators or makes new ones.";
        return Err(forbidden(message));
    }
    Ok(())
}

fn check_super_admin_stays(
    tx: &store::Transaction<'_>,
    before: &User,
    after: &User,
) -> Result<(), ArenaError> {
    let is_one = |user: &User| user.role == Role::SuperAdmin && user.active;
    if !is_one(before) || is_one(after) {
        return Ok(());
    }
    if store::users::count_active(tx, Role::SuperAdmin)? > 1 {
        return Ok(());
    }
    let field = if before.role == after.role {
        "active"
    } else {
        "role"
    };
    let message = "This is the last active SUPER_ADMIN; make another one first.";
    Err(Invalid::one(field, "invalid", message).into())
}

fn apply(
    tx: &store::Transaction<'_>,
    actor: &User,
    before: &User,
    after: &User,
) -> Result<(), ArenaError> {
    let now = Timestamp::now();
    if before.role != after.role {
        store::users::set_role(tx, after.id, after.role, now)?;
    }
    if before.active != after.active {
        store::users::set_active(tx, after.id, after.active, now)?;
    }
    if !after.active || after.role < before.role {
        store::tokens::revoke_user(tx, after.id, None, now)?;
    }
    let entry = NewEntry {
        user_id: Some(actor.id),
        action: "user.changed",
        subject: &format!("user/{}", after.id),
        details: json!({
            "role": { "before": before.role, "after": after.role },
            "active": { "before": before.active, "after": after.active },
        }),
    };
    Ok(store::audit::append(tx, &entry, now)?)
}

fn forbidden(message: &str) -> ArenaError {
    ArenaError::Forbidden {
        message: message.to_owned(),
    }
}

fn not_found(id: UserId) -> ArenaError {
    ArenaError::NotFound {
        what: "user",
        id: id.to_string(),
    }
}
