//! All integration tests, linked into one binary; one file per capability.

mod architecture;
mod config;
mod evaluators;
mod llm;
mod support;
