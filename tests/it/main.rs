//! All integration tests, linked into one binary; one file per capability.

mod llm;
mod support;
