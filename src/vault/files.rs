//! Key files: made once, complete, and readable by their owner only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::VaultError;

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> VaultError {
    let path = path.to_owned();
    move |source| VaultError::Io {
        action,
        path,
        source,
    }
}

/// Makes a folder that only its owner may enter.
pub(super) fn create_private_dir(dir: &Path) -> Result<(), VaultError> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)
        .map_err(io("create", dir))?;
    refuse_exposed(dir, 0o700)
}

/// The content of a key file, which `make` gives when there is none yet.
pub(super) fn read_or_create(
    path: &Path,
    make: impl FnOnce() -> Result<Vec<u8>, VaultError>,
) -> Result<Vec<u8>, VaultError> {
    match fs::read(path) {
        Ok(content) => {
            refuse_exposed(path, 0o600)?;
            Ok(content)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => create(path, &make()?),
        Err(error) => Err(io("read", path)(error)),
    }
}

/// Writes under a temporary name and renames, so that a crash leaves no half a key.
fn create(path: &Path, content: &[u8]) -> Result<Vec<u8>, VaultError> {
    let temporary = path.with_extension("part");
    let write = || {
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    write().map_err(io("write", path))?;
    Ok(content.to_vec())
}

fn refuse_exposed(path: &Path, wanted: u32) -> Result<(), VaultError> {
    let metadata = fs::metadata(path).map_err(io("read the permissions of", path))?;
    let mode = metadata.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    if for_others == 0 {
        return Ok(());
    }
    Err(VaultError::Exposed {
        path: path.to_owned(),
        mode,
        wanted,
    })
}
