//! Carries a request that changes something to its end, whether or not its client still waits: who
//! hangs up after `POST` must find all of it done, or nothing. A claim ends with its client instead:
//! whoever is gone must not be given an episode.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorInternalServerError;
use actix_web::http::Method;
use actix_web::middleware::Next;
use tracing::Instrument;

use crate::web::api;

/// The middleware.
pub async fn finish<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let changes_nothing = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if changes_nothing || request.path() == api::remote::CLAIM_PATH {
        return next.call(request).await;
    }
    // Dropping the handle does not end what was spawned.
    let handled = actix_web::rt::spawn(next.call(request).in_current_span());
    match handled.await {
        Ok(response) => response,
        Err(error) => Err(ErrorInternalServerError(error)),
    }
}
