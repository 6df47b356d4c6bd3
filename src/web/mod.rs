//! Website, JSON API, live events.
pub mod ui;
