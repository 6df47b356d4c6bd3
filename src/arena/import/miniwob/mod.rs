//! Imports MiniWoB++: finds its pages, copies them into the data directory under their hash, and
//! registers every page that is a task. Importing the same pages again changes nothing; other
//! pages become new revisions, and a task whose page is gone is withdrawn.

mod find;
mod tasks;

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use crate::arena::import::register::{Place, register};
use crate::domain::ids::SuiteId;
use crate::domain::suite::Suite;
use crate::sites::Library;
use crate::sites::imported::{Collection, CollectionError};
use crate::store::{Store, StoreError};

/// Short name of the suite.
pub const SUITE: &str = "miniwob";

/// The version of the PyPI package that is fetched, and that this version of the arena was
/// checked with.
pub const VERSION: &str = "1.1.0";

/// The hash of that version's pages, by which they are known wherever they come from.
const PAGES_OF_VERSION: &str = "28d34feb886387e9f9e27a78136867968344d5dc7e621240eefefbff75770f7b";

/// Where the pages are to be taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// This folder or wheel.
    Given(PathBuf),
    /// The installed Python package.
    Installed,
    /// The PyPI package, by pip.
    Fetch,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// The suite.
    pub suite_id: SuiteId,
    /// Its short name.
    pub suite: &'static str,
    /// Its version: that of the package, or `local` for pages of no known version.
    pub version: String,
    /// SHA-256 over all files.
    pub sha256: String,
    /// Name of the copy below `pages/` in the data directory.
    pub pages: String,
    /// Number of files.
    pub files: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Active tasks afterwards.
    pub tasks: usize,
    /// Tasks that are new.
    pub added: usize,
    /// Tasks that got a new revision.
    pub revised: usize,
    /// Tasks that are as they were.
    pub unchanged: usize,
    /// Tasks that were withdrawn.
    pub withdrawn: usize,
}

/// Why MiniWoB++ was not imported. Says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The pages are not where they were looked for.
    #[error("{0}")]
    NotFound(String),
    /// A program that is needed failed.
    #[error("{0}")]
    Program(String),
    /// The pages cannot be read or copied.
    #[error(transparent)]
    Collection(#[from] CollectionError),
    /// A file of the import cannot be written.
    #[error("{action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The tasks cannot be stored.
    #[error("the tasks cannot be stored: {0}")]
    Store(#[from] StoreError),
}

/// Imports the pages of a source into a data directory and its store.
pub async fn import(store: &Store, source: Source) -> Result<Imported, ImportError> {
    let data_dir = store.dir().to_owned();
    let scratch = Scratch::new(&data_dir)?;
    let found = find::find(&source, &scratch.0).await?;
    let (collection, pages) = tokio::task::spawn_blocking(move || keep(&data_dir, &found.html))
        .await
        .map_err(|error| ImportError::Program(format!("copying the pages broke off: {error}")))??;
    let version = if collection.sha256 == PAGES_OF_VERSION {
        VERSION.to_owned()
    } else {
        found.version.unwrap_or_else(|| "local".to_owned())
    };
    let origin = tasks::Origin {
        pages,
        sha256: collection.sha256.clone(),
        source: format!("miniwob {version}"),
    };
    let specs = tasks::all(&collection, &origin);
    let registered = store
        .write({
            let (origin, version) = (origin.clone(), version.clone());
            move |tx| {
                let place = Place {
                    kind: "static",
                    config: json!({
                        "pages": origin.pages, "sha256": origin.sha256, "source": origin.source,
                    }),
                };
                register(tx, &suite(&version), &place, &specs)
            }
        })
        .await?;
    Ok(Imported {
        suite_id: registered.suite_id,
        suite: SUITE,
        version,
        sha256: origin.sha256,
        pages: origin.pages,
        files: collection.files(),
        bytes: collection.bytes(),
        tasks: registered.tasks(),
        added: registered.added,
        revised: registered.revised,
        unchanged: registered.unchanged,
        withdrawn: registered.withdrawn,
    })
}

/// Reads the pages and copies them into the data directory. Blocks.
fn keep(data_dir: &Path, html: &Path) -> Result<(Collection, String), ImportError> {
    let collection = Collection::read(html)?;
    if tasks::pages(&collection).next().is_none() {
        return Err(ImportError::NotFound(format!(
            "{} has core/core.js but no task page miniwob/*.html; {}",
            html.display(),
            find::HELP
        )));
    }
    let name = Library::new(data_dir).keep(SUITE, &collection)?;
    Ok((collection, name))
}

fn suite(version: &str) -> Suite {
    Suite {
        id: SuiteId::new(),
        name: SUITE.to_owned(),
        version: version.to_owned(),
        title: "MiniWoB++".to_owned(),
        description:
            "Small pages, one interaction each: buttons, forms, lists, dragging, drawing. \
                      Every seed draws another instance, and the page itself pays the reward."
                .to_owned(),
    }
}

/// A folder for what an import unpacks, removed with this.
struct Scratch(PathBuf);

impl Scratch {
    fn new(data_dir: &Path) -> Result<Self, ImportError> {
        let path = data_dir.join(format!("import-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir_all(&path).map_err(|source| ImportError::Io {
            action: "cannot create",
            path: path.clone(),
            source,
        })?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "a folder of an import stays behind");
        }
    }
}
