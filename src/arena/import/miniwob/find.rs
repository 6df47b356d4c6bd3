//! Finds the pages of MiniWoB++: in a folder as it comes out of the wheel, in the wheel itself,
//! in the installed Python package, or on PyPI.

use std::path::{Path, PathBuf};

use tokio::process::Command;

use super::{ImportError, Source, VERSION};

/// What to do when there are no pages.
pub(super) const HELP: &str = "give the folder that holds `html/core/core.js` (as unpacked from the \
wheel of the PyPI package `miniwob`), or the wheel, or let `agentarena import miniwob --fetch` \
bring it with pip";

/// Names the installed package without running it: it would want its own dependencies.
const LOCATE: &str = "import importlib.util as u; s = u.find_spec('miniwob'); \
print(list(s.submodule_search_locations)[0] if s and s.submodule_search_locations else '')";

/// Where the pages are.
pub(super) struct Found {
    /// The folder that holds `core/`, `common/` and `miniwob/`.
    pub(super) html: PathBuf,
    /// Version of the package, where something says so.
    pub(super) version: Option<String>,
}

/// Finds the pages of a source; what must be unpacked is unpacked into `scratch`.
pub(super) async fn find(source: &Source, scratch: &Path) -> Result<Found, ImportError> {
    match source {
        Source::Given(path) => given(path, scratch).await,
        Source::Installed => installed().await,
        Source::Fetch => fetch(scratch).await,
    }
}

async fn given(path: &Path, scratch: &Path) -> Result<Found, ImportError> {
    if !path.exists() {
        let path = path.display();
        return Err(ImportError::NotFound(format!(
            "{path} does not exist; {HELP}"
        )));
    }
    if path.is_file() {
        return unpacked(path, scratch).await;
    }
    if let Some(found) = in_folder(path) {
        return Ok(found);
    }
    match wheel_in(path)? {
        Some(wheel) => unpacked(&wheel, scratch).await,
        None => Err(ImportError::NotFound(format!(
            "{} holds no MiniWoB++ pages; {HELP}",
            path.display()
        ))),
    }
}

/// The pages in a folder: the folder itself, the package's, or the unpacked wheel's.
fn in_folder(folder: &Path) -> Option<Found> {
    let candidates = [
        folder.to_owned(),
        folder.join("html"),
        folder.join("miniwob/html"),
    ];
    let html = candidates
        .into_iter()
        .find(|html| html.join("core/core.js").is_file())?;
    let whole = html.canonicalize().unwrap_or_else(|_| html.clone());
    let version = whole.ancestors().skip(1).take(2).find_map(version_beside);
    Some(Found { html, version })
}

/// The version that stands in the name of the wheel's folder of metadata.
fn version_beside(folder: &Path) -> Option<String> {
    let names = std::fs::read_dir(folder).ok()?;
    names.flatten().find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let version = name.strip_prefix("miniwob-")?.strip_suffix(".dist-info")?;
        Some(version.to_owned())
    })
}

/// The wheel in a folder as `pip download miniwob` fills it.
fn wheel_in(folder: &Path) -> Result<Option<PathBuf>, ImportError> {
    let entries = std::fs::read_dir(folder).map_err(|source| ImportError::Io {
        action: "cannot read",
        path: folder.to_owned(),
        source,
    })?;
    let mut wheels: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| wheel_version(path).is_some())
        .collect();
    wheels.sort();
    Ok(wheels.pop())
}

/// The version in a wheel's name, e.g. `miniwob-1.1.0-py3-none-any.whl`.
fn wheel_version(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix("miniwob-")?.strip_suffix(".whl")?;
    Some(rest.split('-').next()?.to_owned())
}

async fn unpacked(wheel: &Path, scratch: &Path) -> Result<Found, ImportError> {
    let version = wheel_version(wheel).ok_or_else(|| {
        let wheel = wheel.display();
        ImportError::NotFound(format!(
            "{wheel} is no folder and no wheel of miniwob; {HELP}"
        ))
    })?;
    let folder = scratch.join("wheel");
    let mut command = python();
    command
        .args(["-m", "zipfile", "-e"])
        .arg(wheel)
        .arg(&folder);
    run(command, "unpacking the wheel").await?;
    let found = in_folder(&folder).ok_or_else(|| {
        ImportError::NotFound(format!("{} holds no pages; {HELP}", wheel.display()))
    })?;
    Ok(Found {
        version: Some(version),
        ..found
    })
}

async fn installed() -> Result<Found, ImportError> {
    let mut command = python();
    command.args(["-c", LOCATE]);
    let printed = run(command, "looking for the Python package").await?;
    let folder = printed.trim();
    let found = (!folder.is_empty())
        .then(|| in_folder(Path::new(folder)))
        .flatten();
    found.ok_or_else(|| {
        ImportError::NotFound(format!(
            "no folder was given, and the Python package `miniwob` is not installed; {HELP}"
        ))
    })
}

async fn fetch(scratch: &Path) -> Result<Found, ImportError> {
    let mut command = python();
    command
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--no-deps", "--only-binary=:all:", "--dest"])
        .arg(scratch)
        .arg(format!("miniwob=={VERSION}"));
    run(command, "fetching the PyPI package `miniwob` with pip").await?;
    match wheel_in(scratch)? {
        Some(wheel) => unpacked(&wheel, scratch).await,
        None => Err(ImportError::NotFound(
            "pip brought no wheel of miniwob".to_owned(),
        )),
    }
}

fn python() -> Command {
    let mut command = Command::new("python3");
    command
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    command
}

/// Runs a program and gives what it printed.
async fn run(mut command: Command, what: &str) -> Result<String, ImportError> {
    let output = command.output().await.map_err(|error| {
        ImportError::Program(format!(
            "{what} needs python3, which does not start: {error}; {HELP}"
        ))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last: Vec<&str> = said.lines().rev().take(3).collect();
        let last: Vec<&str> = last.into_iter().rev().collect();
        return Err(ImportError::Program(format!(
            "{what} failed ({}): {}",
            output.status,
            last.join(" ")
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wheel_is_known_by_its_name() {
        let version = |name: &str| wheel_version(Path::new(name));
        assert_eq!(
            version("/x/miniwob-1.1.0-py3-none-any.whl").as_deref(),
            Some("1.1.0")
        );
        assert_eq!(version("numpy-2.0.0-cp311-any.whl"), None);
        assert_eq!(version("miniwob-1.1.0.tar.gz"), None);
    }

    #[tokio::test]
    async fn a_folder_without_pages_says_what_would_be_right() {
        let folder = tempfile::tempdir().expect("a folder");
        for wrong in [folder.path().to_owned(), folder.path().join("none")] {
            let source = Source::Given(wrong.clone());
            let error = find(&source, folder.path()).await.err().expect("refused");
            let text = error.to_string();
            assert!(text.contains(&wrong.display().to_string()), "{text}");
            assert!(text.contains("html/core/core.js"), "{text}");
        }
    }

    #[test]
    fn the_version_stands_beside_the_package_or_its_pages() {
        for (html, info) in [
            ("miniwob/html", "miniwob-1.1.0.dist-info"),
            ("html", "miniwob-1.2.0.dist-info"),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let core = folder.path().join(html).join("core");
            std::fs::create_dir_all(&core).expect("folders");
            std::fs::write(core.join("core.js"), "").expect("a file");
            std::fs::create_dir(folder.path().join(info)).expect("a folder");
            let found = in_folder(folder.path()).expect("found");
            assert_eq!(found.html, folder.path().join(html));
            assert!(info.contains(&found.version.expect("a version")));
        }
    }
}
