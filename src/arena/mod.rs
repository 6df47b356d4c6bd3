//! Use cases, one file each. They join the layers below; the web, the command line and tests
//! call them alike.

pub mod agent_config;
pub mod catalogue;
pub mod error;
pub mod statistics;

pub use error::ArenaError;
