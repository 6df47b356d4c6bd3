//! AgentArena evaluates AI web agents on tasks in a real browser.
//!
//! The folders are the architecture. A module imports modules of a lower layer only;
//! `tests/it/architecture.rs` holds them to it.
//!
//! | layer | module | what it is for |
//! |---|---|---|
//! | 8 | [`cli`] | the commands of the binary |
//! | 7 | [`app`] | composition root: from settings to a running application |
//! | 6 | [`web`] | website, JSON API, live events, MCP |
//! | 5 | [`arena`] | use cases: submit, execute, leaderboard, statistics |
//! | 4 | [`playground`] | the episode loop and its recorder |
//! | 3 | [`auth`], [`environments`], [`agents`], [`evaluators`], [`jobs`] | who may, where, who acts, what counts, when |
//! | 2 | [`sites`], [`store`], [`browser`], [`llm`], [`vault`] | bundled web applications and the adapters to the outside |
//! | 1 | [`config`], [`telemetry`], [`process`] | settings; logs, metrics and health; process groups |
//! | 0 | [`domain`] | nouns and rules, no I/O |

pub mod agents;
pub mod app;
pub mod arena;
pub mod auth;
pub mod browser;
pub mod cli;
pub mod config;
pub mod domain;
pub mod environments;
pub mod evaluators;
pub mod jobs;
pub mod llm;
pub mod playground;
pub mod process;
pub mod sites;
pub mod store;
pub mod telemetry;
pub mod vault;
pub mod web;
