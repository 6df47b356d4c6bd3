//! The website's pages, one file each.

pub mod failure;

use actix_web::web::ServiceConfig;

/// Adds every route.
pub fn configure(_config: &mut ServiceConfig) {}
