//! The bundled web applications and their state. One listener serves them all; each run of
//! them is a typed state of its own, cloned from a seeded base (`runs`).

pub mod clock;
pub mod diff;
pub mod listener;
pub mod runs;
pub mod shop;
pub mod tasks;
pub mod visit;

pub use listener::listener;
pub use runs::{OpenRun, RunTicket, SiteRuns};
pub use tasks::{BundledTask, bundled_tasks};
