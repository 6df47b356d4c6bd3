//! The bundled web applications and their state. `registry` lists them, one listener serves
//! them all; each run of them is one typed state of its own (`state`), cloned from a seeded base
//! (`runs`). It also serves the imported collections of static pages (`imported`), which have no
//! state here. How to add a site: `docs/sites.md`.

mod address;
mod attempts;
pub mod clock;
pub mod cross;
pub mod desk;
pub mod diff;
pub mod folding;
pub mod forum;
pub mod imported;
pub mod listener;
pub mod office;
pub mod people;
pub mod refusal;
pub mod registry;
pub mod runs;
pub mod shop;
pub mod state;
pub mod tasks;
pub mod visit;
pub mod wiki;

pub use imported::Library;
pub use listener::listener;
pub use runs::{OpenRun, RunTicket, SiteRuns};
pub use tasks::{BundledTask, bundled_tasks};
