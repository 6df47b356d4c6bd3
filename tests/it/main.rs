//! All integration tests, linked into one binary; one file per capability.

mod evaluators;
mod llm;
mod support;
