//! Use cases, one file each. They join the layers below; the web, the command line and tests
//! call them alike.

pub mod accounts;
pub mod agent_config;
mod agent_config_proxy;
pub mod agent_secrets;
pub mod agents;
pub mod budgets;
pub mod bundled;
pub mod cancel;
pub mod catalogue;
pub mod conformance;
pub mod cost_audit;
pub mod dashboard;
pub mod drafts;
pub mod error;
pub mod execute;
pub mod exploits;
pub mod import;
pub mod key_test;
pub mod leaderboard;
pub mod ledger;
pub mod manifest;
pub mod model_proxy;
pub mod playground_health;
pub mod policies;
pub mod prices;
pub mod provider_keys;
pub mod recover;
pub mod reproduce;
pub mod rescore;
pub mod spends;
pub mod statistics;
pub mod submissions;
pub mod submit;
pub mod trial;
pub mod verify;

pub use error::ArenaError;

use crate::domain::outcome::PlaygroundKind;

/// The kind of job that executes submissions of a playground. A process runs one playground
/// and claims only its kind, so what was submitted for the other waits and never falls back.
pub const fn submission_job(playground: PlaygroundKind) -> &'static str {
    match playground {
        PlaygroundKind::Real => "submission",
        PlaygroundKind::Mock => "submission.mock",
    }
}
