//! A folder of task files: a site's, or that of tasks which cross sites.

use super::draw::DrawFn;

/// Task files with what fills them in.
#[derive(Debug)]
pub struct TaskFolder {
    /// Folder below `src/sites`, and the first part of its tasks' keys: `shop` makes
    /// `shop-001`, `shop-002`, ...
    pub name: &'static str,
    /// Its draw function of this name.
    pub draw: fn(&str) -> Option<DrawFn>,
    /// Path in the repository and text of each task file.
    pub files: &'static [(&'static str, &'static str)],
    /// Template and draw of its public tasks, in the order of their keys. Append only: a key
    /// stands for the same template and draw for ever.
    pub public: &'static [(&'static str, u32)],
}

impl TaskFolder {
    /// Path of the module that lists the files and public tasks.
    pub fn module(&self) -> String {
        format!("src/sites/{}/mod.rs", self.name)
    }
}

/// Makes a [`TaskFolder`] from the names of its files: `"s01"` is `tasks/s01.toml` beside the
/// module that calls this.
macro_rules! task_folder {
    (
        name: $name:literal,
        draw: $draw:expr,
        files: [$($file:literal),* $(,)?],
        public: [$($public:expr),* $(,)?] $(,)?
    ) => {
        $crate::sites::tasks::TaskFolder {
            name: $name,
            draw: $draw,
            files: &[$((
                concat!("src/sites/", $name, "/tasks/", $file, ".toml"),
                include_str!(concat!("tasks/", $file, ".toml")),
            )),*],
            public: &[$($public),*],
        }
    };
}

pub(in crate::sites) use task_folder;
