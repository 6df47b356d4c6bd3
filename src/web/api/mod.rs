//! The JSON API under `/api/v1`, one file per resource.

pub mod body;
pub mod envelope;
