//! All integration tests, linked into one binary; one file per capability.

mod architecture;
mod config;
mod evaluators;
mod jobs;
mod leaderboard;
mod llm;
mod playground;
mod support;
