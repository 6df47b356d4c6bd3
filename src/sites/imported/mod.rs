//! Imported collections of static pages, such as MiniWoB++: read whole and once, checked against
//! the hash that names them, and served from memory under a path of their own. Nothing outside
//! a collection can be reached through it. Knows no tasks and no scores.

mod collection;
mod csp;
pub(in crate::sites) mod serve;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use collection::{Collection, CollectionError, Page};

/// The path below which the sites' listener serves imported collections.
pub const PATH: &str = "/pages/";

/// How many digits of the hash stand in a collection's name.
const HASH_IN_NAME: usize = 16;

/// The imported collections of one data directory. Reads each when it is first asked for, so
/// that one which was imported meanwhile is found without a restart.
#[derive(Debug)]
pub struct Library {
    root: PathBuf,
    read: Mutex<HashMap<String, Arc<Collection>>>,
}

impl Library {
    /// The collections in a data directory; it need not have any.
    pub fn new(data_dir: &Path) -> Self {
        Self {
            root: data_dir.join("pages"),
            read: Mutex::default(),
        }
    }

    /// The collection of this name if it was read before. Does not block.
    pub fn known(&self, name: &str) -> Option<Arc<Collection>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.get(name).map(Arc::clone)
    }

    /// The collection of this name. Blocks while it is read for the first time.
    pub fn get(&self, name: &str) -> Result<Arc<Collection>, CollectionError> {
        if let Some(known) = self.known(name) {
            return Ok(known);
        }
        if !is_name(name) {
            return Err(CollectionError::Unknown(name.chars().take(80).collect()));
        }
        let folder = self.root.join(name);
        if !folder.is_dir() {
            return Err(CollectionError::Unknown(name.to_owned()));
        }
        let collection = Collection::read(&folder)?;
        if !name.ends_with(&collection.sha256[..HASH_IN_NAME]) {
            return Err(CollectionError::Changed(folder));
        }
        let collection = Arc::new(collection);
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = read.entry(name.to_owned()).or_insert(collection);
        Ok(Arc::clone(kept))
    }

    /// Copies a collection into the data directory under a name made of `prefix` and its hash,
    /// unless it is there already. Returns the name. Blocks.
    pub fn keep(&self, prefix: &str, collection: &Collection) -> Result<String, CollectionError> {
        let name = format!("{prefix}-{}", &collection.sha256[..HASH_IN_NAME]);
        let folder = self.root.join(&name);
        let is_whole =
            || Collection::read(&folder).is_ok_and(|kept| kept.sha256 == collection.sha256);
        if !folder.exists() || !is_whole() {
            collection.write(&folder)?;
        }
        Ok(name)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 80
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
            std::fs::write(path, text).expect("a file");
        }
        folder
    }

    #[test]
    fn what_is_kept_is_found_by_its_name_and_only_whole() {
        let pages = folder(&[("core/a.js", "let a = 1;"), ("b.html", "<p>b</p>")]);
        let collection = Collection::read(pages.path()).expect("pages");
        let data = tempfile::tempdir().expect("a folder");
        let keep = || Library::new(data.path()).keep("test", &collection);
        let name = keep().expect("kept");
        let library = Library::new(data.path());
        let found = library.get(&name).expect("found");
        assert_eq!(found.sha256, collection.sha256);
        assert_eq!(found.page("b.html").expect("a page").bytes, "<p>b</p>");
        assert_eq!(found.page("../secret"), None);

        std::fs::write(data.path().join("pages").join(&name).join("b.html"), "x").expect("a file");
        let changed = Library::new(data.path()).get(&name).expect_err("changed");
        assert!(changed.to_string().contains("was changed"), "{changed}");
        assert_eq!(keep().expect("mended"), name);
        assert!(Library::new(data.path()).get(&name).is_ok());
    }

    #[test]
    fn a_name_cannot_point_elsewhere() {
        let library = Library::new(Path::new("/"));
        for name in ["", "..", "../etc", "a/b", "A", "a.b"] {
            let found = library.get(name);
            assert!(matches!(found, Err(CollectionError::Unknown(_))), "{name}");
        }
    }
}
