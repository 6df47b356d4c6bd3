//! Imports of benchmarks that other people made. Each keeps its own revision and says where it
//! comes from.

pub mod miniwob;
mod register;
pub mod webarena;
