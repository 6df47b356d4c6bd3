//! What happens around every request, one concern a file, in the order that
//! `web::routes` wraps them.

pub mod failures;
pub mod metrics;
pub mod request_id;
