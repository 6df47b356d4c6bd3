//! Which draws of the task files are the public tasks.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::draw::Draws;
use super::instance::Library;
use super::template::File;
use super::{BundledTask, TaskFileError, TaskFolder};
use crate::sites::registry;

/// The world of the public tasks.
pub const PUBLIC_WORLD: u32 = 1;

/// A public task: its key, its template and its draw.
#[derive(Debug, Clone)]
pub struct KeyedInstance {
    /// Name in the suite.
    pub key: String,
    /// The folder that makes it public.
    pub folder: &'static TaskFolder,
    /// Template.
    pub template: &'static str,
    /// Number of the draw.
    pub draw: u32,
}

/// The public tasks, in the order of the sites and of their keys.
pub fn public_instances() -> Vec<KeyedInstance> {
    registry::task_folders().flat_map(of_folder).collect()
}

fn of_folder(folder: &'static TaskFolder) -> impl Iterator<Item = KeyedInstance> {
    let numbered = folder.public.iter().enumerate();
    numbered.map(move |(at, (template, draw))| KeyedInstance {
        key: format!("{}-{:03}", folder.name, at + 1),
        folder,
        template,
        draw: *draw,
    })
}

/// Draws and keys of a template's public tasks.
pub(super) fn keys_of(template: &str) -> Vec<(u32, String)> {
    public_instances()
        .into_iter()
        .filter(|public| public.template == template)
        .map(|public| (public.draw, public.key))
        .collect()
}

/// What a draw is called that has no key: those of the public world do not hold elsewhere.
pub fn drawn_key(template: &str, draw: u32, world: u32) -> String {
    format!("{template}-{draw}-world-{world}")
}

/// All task files.
pub(super) fn files() -> Result<Vec<File>, TaskFileError> {
    registry::task_folders()
        .flat_map(|folder| folder.files.iter().map(move |file| (folder, file)))
        .map(|(folder, (path, text))| File::parse(folder, path, text))
        .collect()
}

/// All public tasks, rendered. Proving the draws is most of the work: templates go side by side,
/// and the draws of a template serve all its tasks.
pub fn bundled_tasks() -> Result<Vec<BundledTask>, TaskFileError> {
    let library = Library::open(PUBLIC_WORLD)?;
    let draws: BTreeMap<&str, Draws> = library
        .files
        .par_iter()
        .map(|file| Ok((file.template.id.as_str(), library.draws(file)?)))
        .collect::<Result<_, TaskFileError>>()?;
    public_instances()
        .into_iter()
        .map(|public| {
            let known = library.file(public.template);
            let (Some(file), Some(draws)) = (known, draws.get(public.template)) else {
                return Err(TaskFileError {
                    file: public.folder.module(),
                    line: 1,
                    field: format!("public: {}", public.key),
                    problem: format!("there is no template {}", public.template),
                });
            };
            let instance = library.instance(file, draws, public.draw)?;
            Ok(BundledTask {
                key: public.key,
                revision: file.template.revision,
                spec: instance.spec,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_every_folder_is_listed() {
        for folder in registry::task_folders() {
            let path = format!(
                "{}/src/sites/{}/tasks",
                env!("CARGO_MANIFEST_DIR"),
                folder.name
            );
            let Ok(entries) = std::fs::read_dir(&path) else {
                assert!(folder.files.is_empty(), "{path} is not there");
                continue;
            };
            for entry in entries {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let listed = folder
                    .files
                    .iter()
                    .any(|(file, _)| file.ends_with(&format!("/{name}")));
                assert!(
                    listed,
                    "{path}/{name} is not in `files` of {}",
                    folder.module()
                );
            }
        }
    }
}
