//! Tasks that cross sites: a value of one is needed in another. No pages and no state of their
//! own; their draws read the whole state.

mod draws;

use crate::sites::tasks::{TaskFolder, task_folder};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
pub const TASKS: TaskFolder = task_folder! {
    name: "cross",
    draw: draws::find,
    files: [],
    public: [],
};
