//! `/api/v1/users`: accounts, for administrators.

use actix_web::web::{ServiceConfig, get, patch, resource};
use serde::{Deserialize, Serialize};

use crate::arena::accounts::{self, Account, AccountChange};
use crate::domain::ids::UserId;
use crate::domain::user::{Role, User};
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{Many, One, Resource};
use crate::web::api::list::{PlainList, many};
use crate::web::error::ApiError;
use crate::web::extract::{ApiId, ApiQuery, Authorized, State, UsersManage, UsersRead};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/users").route(get().to(list)))
        .service(
            resource("/users/{userId}")
                .route(get().to(show))
                .route(patch().to(change)),
        );
}

/// An account as the API shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserAttributes {
    username: String,
    email: String,
    role: Role,
    active: bool,
    created_at: String,
}

/// An account as a resource.
pub fn resource_of(user: User) -> Resource<UserAttributes> {
    let id = user.id;
    Resource::new("user", &id, attributes_of(user))
}

fn attributes_of(user: User) -> UserAttributes {
    UserAttributes {
        username: user.username,
        email: user.email,
        role: user.role,
        active: user.active,
        created_at: user.created_at.to_rfc3339(),
    }
}

#[derive(Debug, Serialize)]
struct AccountAttributes {
    #[serde(flatten)]
    user: UserAttributes,
    submissions: Counts,
}

#[derive(Debug, Serialize)]
struct Counts {
    queued: u64,
    running: u64,
    completed: u64,
    failed: u64,
    cancelled: u64,
}

#[derive(Debug, Deserialize)]
struct ChangedUser {
    role: Option<Role>,
    active: Option<bool>,
}

impl Attributes for ChangedUser {
    const TYPE: &'static str = "user";
    const FIELDS: &'static [(&'static str, bool)] = &[("role", false), ("active", false)];
}

async fn list(
    state: State,
    person: Authorized<UsersRead>,
    query: ApiQuery<PlainList>,
) -> Result<Many<UserAttributes>, ApiError> {
    let page = query.0.0;
    let limit = page.limit;
    let users = accounts::list(&state.store, &person, page).await?;
    Ok(many(users, limit, resource_of))
}

async fn show(
    state: State,
    person: Authorized<UsersRead>,
    id: ApiId<UserId>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<AccountAttributes>, ApiError> {
    let Account { user, submissions } = accounts::get(&state.store, &person, id.0).await?;
    let attributes = AccountAttributes {
        user: attributes_of(user),
        submissions: Counts {
            queued: submissions.queued,
            running: submissions.running,
            completed: submissions.completed,
            failed: submissions.failed,
            cancelled: submissions.cancelled,
        },
    };
    Ok(One::ok(Resource::new("user", &id.0, attributes)))
}

async fn change(
    state: State,
    person: Authorized<UsersManage>,
    id: ApiId<UserId>,
    _query: ApiQuery<NoQuery>,
    body: Body<ChangedUser>,
) -> Result<One<UserAttributes>, ApiError> {
    let change = AccountChange {
        role: body.0.role,
        active: body.0.active,
    };
    let user = accounts::change(&state.store, &person, id.0, change)
        .await
        .map_err(in_body)?;
    Ok(One::ok(resource_of(user)))
}
