//! `/api/v1/auth`: accounts and sessions of programs. Tokens travel in bodies here; browsers'
//! cookies are set by the pages.

use actix_web::web::{ServiceConfig, get, post, resource};
use serde::{Deserialize, Serialize};

use crate::auth::{NewAccount, Session};
use crate::web::api::body::{Attributes, Body, in_body};
use crate::web::api::envelope::{NoContent, One, Resource};
use crate::web::api::users::{UserAttributes, resource_of};
use crate::web::error::{ApiError, Code, Failure};
use crate::web::extract::{Anyone, ApiQuery, Authorized, State};
use crate::web::query::NoQuery;

/// Adds the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(resource("/auth/sign-up").route(post().to(sign_up)))
        .service(resource("/auth/first-admin").route(post().to(first_admin)))
        .service(resource("/auth/sign-in").route(post().to(sign_in)))
        .service(resource("/auth/refresh").route(post().to(refresh)))
        .service(resource("/auth/sign-out").route(post().to(sign_out)))
        .service(resource("/auth/me").route(get().to(me)));
}

#[derive(Deserialize)]
struct SignUp {
    username: String,
    email: String,
    password: String,
}

impl Attributes for SignUp {
    const TYPE: &'static str = "user";
    const FIELDS: &'static [(&'static str, bool)] =
        &[("username", true), ("email", true), ("password", true)];
}

#[derive(Deserialize)]
struct FirstAdmin {
    token: String,
    username: String,
    email: String,
    password: String,
}

impl Attributes for FirstAdmin {
    const TYPE: &'static str = "user";
    const FIELDS: &'static [(&'static str, bool)] = &[
        ("token", true),
        ("username", true),
        ("email", true),
        ("password", true),
    ];
}

#[derive(Deserialize)]
struct SignIn {
    login: String,
    password: String,
}

impl Attributes for SignIn {
    const TYPE: &'static str = "session";
    const FIELDS: &'static [(&'static str, bool)] = &[("login", true), ("password", true)];
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refresh {
    refresh_token: String,
}

impl Attributes for Refresh {
    const TYPE: &'static str = "session";
    const FIELDS: &'static [(&'static str, bool)] = &[("refreshToken", true)];
}

/// A session as a program gets it, once.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAttributes {
    token_type: &'static str,
    access_token: String,
    access_expires_at: String,
    refresh_token: String,
    refresh_expires_at: String,
}

fn show_session(session: Session) -> Result<Resource<SessionAttributes>, Failure> {
    let refresh_token = session.refresh_token.ok_or_else(|| {
        Failure::internal(anyhow::anyhow!("a new session without a refresh token"))
    })?;
    let attributes = SessionAttributes {
        token_type: "Bearer",
        access_token: session.access_token,
        access_expires_at: session.access_expires_at.to_rfc3339(),
        refresh_token,
        refresh_expires_at: session.refresh_expires_at.to_rfc3339(),
    };
    let owner = Some(session.user.id.to_string());
    Ok(
        Resource::new("session", &session.session_id, attributes)
            .related([("user", "user", owner)]),
    )
}

async fn sign_up(
    state: State,
    _query: ApiQuery<NoQuery>,
    body: Body<SignUp>,
) -> Result<One<UserAttributes>, ApiError> {
    let account = NewAccount {
        username: body.0.username,
        email: body.0.email,
        password: body.0.password,
    };
    let user = state.auth.sign_up(account).await.map_err(in_body)?;
    Ok(One::created(
        resource_of(user),
        "/api/v1/auth/me".to_owned(),
    ))
}

async fn first_admin(
    state: State,
    _query: ApiQuery<NoQuery>,
    body: Body<FirstAdmin>,
) -> Result<One<UserAttributes>, ApiError> {
    let account = NewAccount {
        username: body.0.username,
        email: body.0.email,
        password: body.0.password,
    };
    let user = state
        .auth
        .create_first_admin(&body.0.token, account)
        .await
        .map_err(in_body)?;
    Ok(One::created(
        resource_of(user),
        "/api/v1/auth/me".to_owned(),
    ))
}

async fn sign_in(
    state: State,
    _query: ApiQuery<NoQuery>,
    body: Body<SignIn>,
) -> Result<One<SessionAttributes>, ApiError> {
    let session = state.auth.sign_in(&body.0.login, &body.0.password).await?;
    Ok(One::ok(show_session(session)?))
}

async fn refresh(
    state: State,
    _query: ApiQuery<NoQuery>,
    body: Body<Refresh>,
) -> Result<One<SessionAttributes>, ApiError> {
    let session = state.auth.refresh(&body.0.refresh_token).await?;
    Ok(One::ok(show_session(session)?))
}

async fn sign_out(
    state: State,
    person: Authorized<Anyone>,
    _query: ApiQuery<NoQuery>,
) -> Result<NoContent, ApiError> {
    state.auth.end_session(&person).await?;
    Ok(NoContent)
}

async fn me(
    state: State,
    person: Authorized<Anyone>,
    _query: ApiQuery<NoQuery>,
) -> Result<One<UserAttributes>, ApiError> {
    let user = crate::arena::accounts::own(&state.store, &person).await?;
    let user = user.ok_or_else(|| {
        Failure::new(
            Code::Unauthenticated,
            "This account does not exist any more.",
        )
    })?;
    Ok(One::ok(resource_of(user)))
}
