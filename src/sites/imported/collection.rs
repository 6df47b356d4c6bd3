//! A folder of static pages, read whole into memory and named by its content.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use actix_web::web::Bytes;
use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;

use super::csp;

/// Most files of one collection: a folder with more is the wrong one.
const MOST_FILES: usize = 5_000;

/// Most bytes of one collection.
const MOST_BYTES: u64 = 100 * 1024 * 1024;

const HTML: &str = "text/html; charset=utf-8";

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A folder of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// SHA-256 over the list of files as `sha256sum` prints it, sorted by path; lower-case hex.
    pub sha256: String,
    /// All files by path, with `/` between folders.
    pages: BTreeMap<String, Page>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its content.
    pub bytes: Bytes,
    /// Its media type, with the character set where there is one.
    pub media_type: &'static str,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// The content security policy of an HTML page.
    pub policy: Option<String>,
}

/// Why a collection cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// No collection of this name was imported.
    #[error("no pages named `{0}` were imported; `agentarena import` brings them")]
    Unknown(String),
    /// The copy in the data directory is not what was imported.
    #[error("{} was changed since it was imported; import it again", .0.display())]
    Changed(PathBuf),
    /// A file cannot be read or written.
    #[error("{action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The folder is no collection of pages.
    #[error("{}: {problem}", .path.display())]
    Unfit {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Collection {
    /// Reads a folder with all its folders. Hidden files are left out; links are refused, because
    /// what they point to is no part of the folder. Blocks.
    pub fn read(folder: &Path) -> Result<Self, CollectionError> {
        let mut paths = list(folder)?;
        paths.sort();
        let mut pages = BTreeMap::new();
        let mut sums = String::new();
        for path in paths {
            let bytes = fs::read(folder.join(&path)).map_err(io("cannot read", &path))?;
            let sha256 = hex::encode(digest(&SHA256, &bytes));
            let _ = writeln!(sums, "{sha256}  {path}");
            let page = Page {
                bytes: Bytes::from(bytes),
                media_type: media_type(&path),
                sha256,
                policy: None,
            };
            pages.insert(path, page);
        }
        set_policies(&mut pages);
        Ok(Self {
            sha256: hex::encode(digest(&SHA256, sums.as_bytes())),
            pages,
        })
    }

    /// The file at a path.
    pub fn page(&self, path: &str) -> Option<&Page> {
        self.pages.get(path)
    }

    /// All paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.pages.keys().map(String::as_str)
    }

    /// Number of files.
    pub fn files(&self) -> usize {
        self.pages.len()
    }

    /// Bytes of all files together.
    pub fn bytes(&self) -> u64 {
        self.pages
            .values()
            .map(|page| page.bytes.len() as u64)
            .sum()
    }

    /// Writes all files into a folder, which is there whole or not at all afterwards. Blocks.
    pub(super) fn write(&self, folder: &Path) -> Result<(), CollectionError> {
        let parent = folder.parent().unwrap_or(folder);
        let part = parent.join(format!(".{}.part", Uuid::new_v4().simple()));
        let written = self.write_files(&part).and_then(|()| {
            if folder.exists() {
                fs::remove_dir_all(folder).map_err(io("cannot replace", folder))?;
            }
            fs::rename(&part, folder).map_err(io("cannot write", folder))
        });
        if written.is_err() && part.exists() {
            fs::remove_dir_all(&part).map_err(io("cannot remove", &part))?;
        }
        written
    }

    fn write_files(&self, folder: &Path) -> Result<(), CollectionError> {
        for (path, page) in &self.pages {
            let path = folder.join(path);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(io("cannot create", parent))?;
            fs::write(&path, &page.bytes).map_err(io("cannot write", &path))?;
        }
        Ok(())
    }
}

/// The paths of all files below a folder, relative to it.
fn list(folder: &Path) -> Result<Vec<String>, CollectionError> {
    let mut paths = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    let mut bytes = 0;
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(io("cannot read", &folder))? {
            let path = entry.map_err(io("cannot read", &folder))?.path();
            let unfit = |problem: String| CollectionError::Unfit {
                path: path.clone(),
                problem,
            };
            let name = path.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| unfit("the name is not UTF-8".to_owned()))?;
            if name.starts_with('.') {
                continue;
            }
            let relative = format!("{prefix}{name}");
            let meta = fs::symlink_metadata(&path).map_err(io("cannot read", &path))?;
            if meta.is_symlink() {
                let problem = "a link cannot be imported; copy the folder with its files";
                return Err(unfit(problem.to_owned()));
            }
            if meta.is_dir() {
                folders.push((path, format!("{relative}/")));
                continue;
            }
            bytes += meta.len();
            paths.push(relative);
            if paths.len() > MOST_FILES || bytes > MOST_BYTES {
                return Err(unfit(format!(
                    "the folder has more than {MOST_FILES} files or {} MB; it cannot be the right one",
                    MOST_BYTES / 1024 / 1024
                )));
            }
        }
    }
    Ok(paths)
}

/// Gives every HTML page its policy.
fn set_policies(pages: &mut BTreeMap<String, Page>) {
    let mut handlers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, page) in &*pages {
        if let (Some(site), SCRIPT) = (site_of(path), page.media_type) {
            let written = csp::inline_handlers(&String::from_utf8_lossy(&page.bytes));
            handlers.entry(site.to_owned()).or_default().extend(written);
        }
    }
    for (path, page) in pages {
        if page.media_type == HTML {
            let of_site = site_of(path).and_then(|site| handlers.get(site));
            let of_site = of_site.map_or(&[][..], Vec::as_slice);
            let html = String::from_utf8_lossy(&page.bytes);
            page.policy = Some(csp::policy_of(&html, of_site));
        }
    }
}

/// The folder of a page that is a site of its own, with scripts beside it, e.g. `flight/AA`.
fn site_of(path: &str) -> Option<&str> {
    let (end, _) = path.match_indices('/').nth(1)?;
    Some(&path[..end])
}

fn io(
    action: &'static str,
    path: impl AsRef<Path>,
) -> impl FnOnce(std::io::Error) -> CollectionError {
    let path = path.as_ref().to_owned();
    move |source| CollectionError::Io {
        action,
        path,
        source,
    }
}

/// The media type of a file by its name. Text is UTF-8: pages that do not say so themselves
/// would be read as windows-1252.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" | "htm" => HTML,
        "js" | "mjs" => SCRIPT,
        "css" => "text/css; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        "txt" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "gif" => "image/gif",
        "jpg" | "jpeg" => "image/jpeg",
        "ico" => "image/x-icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_that_of_the_sums_sorted_by_path() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a")).expect("a folder");
        fs::write(folder.path().join("b.txt"), "two\n").expect("a file");
        fs::write(folder.path().join("a/c.js"), "one\n").expect("a file");
        fs::write(folder.path().join(".gitignore"), "x").expect("a file");
        let collection = Collection::read(folder.path()).expect("pages");
        // printf 'one\n' > a/c.js; printf 'two\n' > b.txt; sha256sum a/c.js b.txt | sha256sum
        assert_eq!(
            collection.sha256,
            "d78182fa8d0c75df5385e8d986bc625e7cf55f9b5eb69e83355044bba1c6040a"
        );
        assert_eq!(collection.paths().collect::<Vec<_>>(), ["a/c.js", "b.txt"]);
        assert_eq!((collection.files(), collection.bytes()), (2, 8));
        let script = collection.page("a/c.js").expect("a file");
        assert_eq!(script.media_type, "text/javascript; charset=utf-8");
        assert_eq!(script.policy, None);
    }

    #[test]
    fn a_link_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("page.html")).expect("a link");
        let error = Collection::read(folder.path()).expect_err("refused");
        assert!(error.to_string().contains("page.html: a link"), "{error}");
    }
}
