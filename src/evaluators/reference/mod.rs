//! What the reference benchmarks' Python code does to texts and addresses, done here the same way.
//! Knows nothing of tasks and scores.

pub mod address;
pub mod clean;
pub mod judging;
pub mod sentences;
pub mod tokens;
pub mod unescape;
