//! Tasks that cross sites: a value of one is needed in another. No pages and no state of their
//! own; their draws read the whole state.

mod draws;

use crate::sites::tasks::{TaskFolder, task_folder};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
pub const TASKS: TaskFolder = task_folder! {
    name: "cross",
    draw: draws::find,
    files: ["x01", "x05", "x11", "x12", "n13"],
    public: [
        ("X11", 0),
        ("X11", 1),
        ("X01", 0),
        ("X01", 1),
        ("X05", 0),
        ("X05", 1),
        ("N13", 0),
        ("N13", 1),
        ("X12", 0),
        ("X12", 1),
    ],
};
