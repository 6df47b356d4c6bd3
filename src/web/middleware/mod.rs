//! What happens around every request, one concern a file, in the order that
//! [`crate::web::routes`] wraps them.

pub mod csrf;
pub mod failures;
pub mod finish;
pub mod head;
pub mod headers;
pub mod identify;
pub mod metrics;
pub mod rate_limit;
pub mod request_id;
