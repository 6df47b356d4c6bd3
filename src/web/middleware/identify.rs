//! Finds out who asks: by Bearer token, or by the session's cookies, whose access token is
//! renewed on the way when it has run out. Refuses nobody; that is for the handlers' argument
//! types.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage};

use crate::auth::{AuthError, Principal};
use crate::domain::ids::UserId;
use crate::web::cookies::{self, Kind};
use crate::web::error::{ApiError, Failure, PageError};
use crate::web::middleware::csrf::is_static;
use crate::web::refusals::sentence;
use crate::web::session::{ended_cookies, session_cookies};
use crate::web::state::AppState;

/// Who asks, as far as it is known.
#[derive(Debug, Default)]
pub struct Identity {
    principal: Option<Principal>,
    by_cookie: bool,
    problem: Option<String>,
}

impl Identity {
    /// The person.
    pub const fn principal(&self) -> Option<&Principal> {
        self.principal.as_ref()
    }

    /// The person's id.
    pub fn user_id(&self) -> Option<UserId> {
        self.principal.as_ref().map(|principal| principal.user_id)
    }

    /// Whether a cookie says so, which browsers send without being asked.
    pub const fn is_by_cookie(&self) -> bool {
        self.by_cookie
    }

    /// What is wrong with the proof that was given.
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }
}

/// The middleware.
pub async fn identify<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<Data<AppState>>();
    let Some(state) = state.filter(|_| !is_static(request.path())) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let state = state.get_ref().clone();
    let found = match request.headers().get(AUTHORIZATION) {
        Some(value) => by_header(&state, value.to_str().ok()).await,
        None => by_cookies(&state, &request).await,
    };
    let (identity, new_cookies) = match found {
        Ok(found) => found,
        Err(failure) if request.path().starts_with("/api/") => {
            return Ok(request.error_response(ApiError(failure)));
        }
        Err(failure) => return Ok(request.error_response(PageError(failure))),
    };
    if let Some(user_id) = identity.user_id() {
        tracing::Span::current().record("user.id", tracing::field::display(user_id));
    }
    request.extensions_mut().insert(identity);
    let mut response = next.call(request).await?.map_into_boxed_body();
    let names_session = response
        .response()
        .cookies()
        .any(|cookie| cookie.name() == state.cookies().name(Kind::Access));
    // A handler that signs in or out has the last word.
    if !names_session {
        cookies::append(response.headers_mut(), &new_cookies);
    }
    Ok(response)
}

type Found = (Identity, Vec<actix_web::cookie::Cookie<'static>>);

async fn by_header(state: &AppState, value: Option<&str>) -> Result<Found, Failure> {
    let token = value
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let Some(token) = token else {
        let problem = "The `Authorization` header is not of the form `Bearer <access token>`.";
        return Ok((refused(problem), Vec::new()));
    };
    let identity = match state.auth.verify(token).await {
        Ok(principal) => known(principal, false),
        Err(error) => refused(problem_of(error)?),
    };
    Ok((identity, Vec::new()))
}

async fn by_cookies(state: &AppState, request: &ServiceRequest) -> Result<Found, Failure> {
    let cookies = state.cookies();
    if let Some(token) = cookies.read(request.request(), Kind::Access) {
        match state.auth.verify(&token).await {
            Ok(principal) => return Ok((known(principal, true), Vec::new())),
            Err(error) => {
                problem_of(error)?;
            }
        }
    }
    let Some(token) = cookies.read(request.request(), Kind::Refresh) else {
        return Ok((Identity::default(), Vec::new()));
    };
    match state.auth.resume(&token).await {
        Ok(session) => {
            let principal = state.auth.verify(&session.access_token).await?;
            let renewed = session_cookies(cookies, &session);
            Ok((known(principal, true), renewed))
        }
        Err(error) => {
            let problem = problem_of(error)?;
            Ok((refused(problem), ended_cookies(cookies).to_vec()))
        }
    }
}

fn known(principal: Principal, by_cookie: bool) -> Identity {
    Identity {
        principal: Some(principal),
        by_cookie,
        problem: None,
    }
}

fn refused(problem: impl Into<String>) -> Identity {
    Identity {
        problem: Some(problem.into()),
        ..Identity::default()
    }
}

/// What is wrong with a token, for the person. A fault of the arena's own stays one.
fn problem_of(error: AuthError) -> Result<String, Failure> {
    match error {
        AuthError::InvalidToken
        | AuthError::SessionEnded
        | AuthError::AccessTokenExpired
        | AuthError::TokenReused
        | AuthError::Deactivated => Ok(sentence(&error)),
        error => Err(error.into()),
    }
}
