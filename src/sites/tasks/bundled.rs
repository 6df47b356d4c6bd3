//! Which draws of the task files are the public tasks.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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

/// All task files.
pub(super) fn files() -> Result<Vec<File>, TaskFileError> {
    registry::task_folders()
        .flat_map(|folder| folder.files.iter().map(move |file| (folder, file)))
        .map(|(folder, (path, text))| File::parse(folder, path, text))
        .collect()
}

/// All public tasks, rendered. Proving the draws is most of the work: the sites' go side by side,
/// and those of a template serve all its tasks.
pub fn bundled_tasks() -> Result<Vec<BundledTask>, TaskFileError> {
    let library = &Library::open(PUBLIC_WORLD)?;
    let by_folder: Vec<Result<Vec<BundledTask>, TaskFileError>> = std::thread::scope(|scope| {
        let begun: Vec<_> = registry::task_folders()
            .map(|folder| scope.spawn(move || tasks_of(library, folder)))
            .collect();
        begun
            .into_iter()
            .map(|folder| match folder.join() {
                Ok(tasks) => tasks,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    let mut tasks = Vec::new();
    for folder in by_folder {
        tasks.extend(folder?);
    }
    Ok(tasks)
}

fn tasks_of(
    library: &Library,
    folder: &'static TaskFolder,
) -> Result<Vec<BundledTask>, TaskFileError> {
    let mut draws = BTreeMap::<&str, Draws>::new();
    of_folder(folder)
        .map(|public| {
            let file = library.file(public.template).ok_or_else(|| TaskFileError {
                file: folder.module(),
                line: 1,
                field: format!("public: {}", public.key),
                problem: format!("there is no template {}", public.template),
            })?;
            let draws = match draws.entry(public.template) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(library.draws(file)?),
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
