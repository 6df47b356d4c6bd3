//! The bundled web applications and their state. One listener serves them all; each run of
//! them is a typed state of its own, cloned from a seeded base (`runs`). It also serves the
//! imported collections of static pages (`imported`), which have no state here.

pub mod clock;
pub mod diff;
pub mod imported;
pub mod listener;
pub mod runs;
pub mod shop;
pub mod tasks;
pub mod visit;

pub use imported::Library;
pub use listener::listener;
pub use runs::{OpenRun, RunTicket, SiteRuns};
pub use tasks::{BundledTask, bundled_tasks};
