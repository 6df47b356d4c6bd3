//! Which task files ship, and which of their draws are the public tasks.

use super::instance::Library;
use super::template::File;
use super::{BundledTask, TaskFileError};

macro_rules! task_files {
    ($($path:literal),+ $(,)?) => {
        const FILES: &[(&str, &str)] = &[$((
            concat!("src/sites/", $path),
            include_str!(concat!("../", $path)),
        )),+];
    };
}

task_files![
    "shop/tasks/s01.toml",
    "shop/tasks/s02.toml",
    "shop/tasks/s03.toml",
    "shop/tasks/s04.toml",
    "shop/tasks/s05.toml",
    "shop/tasks/s06.toml",
    "shop/tasks/s07.toml",
    "shop/tasks/s08.toml",
    "shop/tasks/s09.toml",
    "shop/tasks/s10.toml",
    "shop/tasks/s11.toml",
    "shop/tasks/s12.toml",
    "shop/tasks/s13.toml",
    "shop/tasks/s14.toml",
    "shop/tasks/s15.toml",
    "shop/tasks/n01.toml",
    "shop/tasks/n02.toml",
    "shop/tasks/n11.toml",
    "shop/tasks/n12.toml",
];

/// The world of the public tasks.
pub const PUBLIC_WORLD: u32 = 1;

/// Templates and draws of the public tasks, in the order of their keys. Append only: a key
/// stands for the same template and draw for ever.
const PUBLIC: [(&str, u32); 20] = [
    ("S01", 0),
    ("S02", 0),
    ("S03", 0),
    ("S04", 0),
    ("S05", 0),
    ("S06", 0),
    ("S07", 0),
    ("S08", 0),
    ("S09", 0),
    ("S10", 0),
    ("S11", 0),
    ("S12", 0),
    ("S13", 0),
    ("S14", 0),
    ("S15", 0),
    ("N01", 0),
    ("N02", 0),
    ("N11", 0),
    ("N12", 0),
    ("S07", 1),
];

/// A public task: its key, its template and its draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedInstance {
    /// Name in the suite.
    pub key: String,
    /// Template.
    pub template: &'static str,
    /// Number of the draw.
    pub draw: u32,
}

/// The public tasks, in the order of their keys.
pub fn public_instances() -> Vec<KeyedInstance> {
    PUBLIC
        .iter()
        .enumerate()
        .map(|(at, (template, draw))| KeyedInstance {
            key: format!("shop-{:03}", at + 1),
            template,
            draw: *draw,
        })
        .collect()
}

/// Draws and keys of a template's public tasks.
pub(super) fn keys_of(template: &str) -> Vec<(u32, String)> {
    public_instances()
        .into_iter()
        .filter(|public| public.template == template)
        .map(|public| (public.draw, public.key))
        .collect()
}

/// All task files.
pub(super) fn files() -> Result<Vec<File>, TaskFileError> {
    FILES
        .iter()
        .map(|(path, text)| File::parse(path, text))
        .collect()
}

/// All public tasks, rendered.
pub fn bundled_tasks() -> Result<Vec<BundledTask>, TaskFileError> {
    let library = Library::open(PUBLIC_WORLD)?;
    public_instances()
        .into_iter()
        .map(|public| {
            let file = library.file(public.template).ok_or_else(|| TaskFileError {
                file: "src/sites/tasks/bundled.rs".into(),
                line: 1,
                field: public.key.clone(),
                problem: format!("there is no template {}", public.template),
            })?;
            let draws = library.draws(file)?;
            let instance = library.instance(file, &draws, public.draw)?;
            Ok(BundledTask {
                key: public.key,
                revision: file.template.revision,
                spec: instance.spec,
            })
        })
        .collect()
}
