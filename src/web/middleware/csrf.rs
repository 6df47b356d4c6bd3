//! Guards what changes something: pages by origin and form token, the API by the same when it
//! is called with a cookie. A Bearer token needs no guard, since no browser adds it by itself.
//!
//! The form is checked here, before any handler, so that no handler can forget to.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpMessage};

use crate::web::api::body::read_bytes;
use crate::web::cookies::{self, Kind};
use crate::web::csrf::{self, CsrfToken, FIELD, HEADER, MAX_AGE_S};
use crate::web::error::{ApiError, Code, Failure, PageError};
use crate::web::middleware::identify::Identity;
use crate::web::state::AppState;

/// Most bytes of a form.
pub const MAX_FORM_BYTES: usize = 128 * 1024;

/// The middleware of pages: gives every browser a token and checks every form.
pub async fn guard_pages<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_static(request.path()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let Some(state) = state_of(&request) else {
        return Ok(request.error_response(PageError(no_state())));
    };
    let known = browser_token(&request, &state);
    let checked = if is_safe(request.method()) {
        Ok(())
    } else {
        check_form(&mut request, &state, known.as_ref()).await
    };
    let fresh = known.is_none();
    let token = known.unwrap_or_else(CsrfToken::new_random);
    let cookie = state.cookies().set(Kind::Csrf, token.as_str(), MAX_AGE_S);
    request.extensions_mut().insert(token);
    let mut response = match checked {
        Ok(()) => next.call(request).await?.map_into_boxed_body(),
        Err(failure) => request.error_response(PageError(failure)),
    };
    if fresh {
        cookies::append(response.headers_mut(), &[cookie]);
    }
    Ok(response)
}

/// The middleware of the API.
pub async fn guard_api<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let by_cookie = request
        .extensions()
        .get::<Identity>()
        .is_some_and(Identity::is_by_cookie);
    if by_cookie && !is_safe(request.method()) {
        let Some(state) = state_of(&request) else {
            return Ok(request.error_response(ApiError(no_state())));
        };
        let own = browser_token(&request, &state);
        let given = request.headers().get(HEADER);
        let given = given.and_then(|value| value.to_str().ok());
        let checked = csrf::check_origin(request.headers(), state.public_url())
            .and_then(|()| csrf::check_token(own.as_ref(), given, HEADER.as_str()));
        if let Err(failure) = checked {
            return Ok(request.error_response(ApiError(failure)));
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Stylesheets, scripts and icons: the same for everybody and cached by anybody, so no cookie
/// may travel with them.
pub fn is_static(path: &str) -> bool {
    path.starts_with("/static/")
}

fn state_of(request: &ServiceRequest) -> Option<AppState> {
    let state = request.app_data::<Data<AppState>>()?;
    Some(state.get_ref().clone())
}

fn no_state() -> Failure {
    Failure::internal(anyhow::anyhow!("the application has no state"))
}

fn browser_token(request: &ServiceRequest, state: &AppState) -> Option<CsrfToken> {
    let value = state.cookies().read(request.request(), Kind::Csrf)?;
    CsrfToken::from_cookie(&value)
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Reads the form, checks its token, and puts the body back for the handler.
async fn check_form(
    request: &mut ServiceRequest,
    state: &AppState,
    own: Option<&CsrfToken>,
) -> Result<(), Failure> {
    csrf::check_origin(request.headers(), state.public_url())?;
    let media_type = request.headers().get(CONTENT_TYPE);
    let media_type = media_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if !media_type.starts_with("application/x-www-form-urlencoded") {
        let message = "Pages take forms only; programs use the API under /api/v1.";
        return Err(Failure::new(Code::UnsupportedMediaType, message).at("Content-Type"));
    }
    let mut payload = request.take_payload();
    let bytes = Bytes::from(read_bytes(&mut payload, MAX_FORM_BYTES).await?);
    let given = url::form_urlencoded::parse(&bytes)
        .find(|(name, _)| name == FIELD)
        .map(|(_, value)| value.into_owned());
    request.set_payload(Payload::from(bytes));
    csrf::check_token(own, given.as_deref(), FIELD)
}
