//! The bundled tasks: templates in TOML, filled by draws that are computed on the base state,
//! and the checks that need no browser. How to write one: `docs/tasks.md`.

mod bundled;
mod check;
pub mod draw;
mod folder;
mod guess;
mod instance;
mod lint;
mod mutants;
pub mod render;
mod results;
mod skeleton;
pub mod template;

use crate::domain::task::TaskSpec;

pub use bundled::{PUBLIC_WORLD, bundled_tasks, drawn_key, public_instances};
pub use check::{Evaluate, Report, TaskReport, check, check_drafts};
pub use folder::TaskFolder;
pub(in crate::sites) use folder::task_folder;
pub use instance::{Instance, Library};
pub use skeleton::{draft, skeleton};

/// A task of the bundled suite.
#[derive(Debug, Clone, PartialEq)]
pub struct BundledTask {
    /// Name within the suite, e.g. `shop-001`.
    pub key: String,
    /// Revision of its template.
    pub revision: u32,
    /// What is to be done.
    pub spec: TaskSpec,
}

/// A task file, or its draw, is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {field}: {problem}")]
pub struct TaskFileError {
    /// Path in the repository.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Field, e.g. `evaluate[0].expect[1].op`.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}
