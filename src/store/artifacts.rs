//! Artifacts: files named by the SHA-256 of their bytes, and the rows that know them.
//!
//! A file is complete before a row or an event names it: it is written under a temporary name
//! and renamed. What is stored twice is kept once.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;

use aws_lc_rs::digest::{SHA256, digest};
use rusqlite::{Connection, OptionalExtension, Transaction, named_params};
use uuid::Uuid;

use super::{Store, StoreError};
use crate::domain::event::ArtifactHash;
use crate::domain::time::Timestamp;

/// An artifact whose file is in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// SHA-256 of the bytes, lower-case hex: the name.
    pub hash: ArtifactHash,
    /// E.g. `image/png`.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
}

/// SHA-256 of bytes as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}

/// The folder that holds the files of artifacts.
#[derive(Debug, Clone)]
pub struct ArtifactFiles {
    root: PathBuf,
}

impl ArtifactFiles {
    pub(super) fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Writes bytes as a file unless it is there already. Blocks.
    pub fn put(&self, bytes: &[u8], media_type: &str) -> Result<Artifact, StoreError> {
        let artifact = Artifact {
            hash: sha256_hex(bytes),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
        };
        let path = self.path(&artifact.hash);
        if path.exists() {
            return Ok(artifact);
        }
        let folder = self.root.join(&artifact.hash[..2]);
        fs::create_dir_all(&folder).map_err(StoreError::io("create", &folder))?;
        let temporary = folder.join(format!(".{}.part", Uuid::new_v4().simple()));
        let written = fs::File::create_new(&temporary)
            .and_then(|mut file| file.write_all(bytes))
            .map_err(StoreError::io("write", &temporary));
        if let Err(error) = written {
            // The first error is the one to report; a leftover part file harms nothing.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        fs::rename(&temporary, &path).map_err(StoreError::io("rename", &path))?;
        Ok(artifact)
    }

    /// Reads a file; none when there is no such artifact. Blocks.
    pub fn read(&self, hash: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if !is_hash(hash) {
            return Ok(None);
        }
        let path = self.path(hash);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("read", path)(error)),
        }
    }

    fn path(&self, hash: &str) -> PathBuf {
        self.root.join(&hash[..2]).join(&hash[2..])
    }
}

/// Whether a text has the form of an artifact's name; nothing else may become part of a path.
pub fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

impl Store {
    /// Writes an artifact's file on a blocking thread. Its row is [`insert`]ed by whoever
    /// stores the event that names it.
    pub async fn put_artifact(
        &self,
        bytes: Vec<u8>,
        media_type: &'static str,
    ) -> Result<Artifact, StoreError> {
        let files = self.artifact_files();
        super::blocking(move || files.put(&bytes, media_type)).await
    }

    /// An artifact's media type and bytes; none when there is no such artifact.
    pub async fn read_artifact(&self, hash: &str) -> Result<Option<(String, Vec<u8>)>, StoreError> {
        let files = self.artifact_files();
        let hash = hash.to_owned();
        self.read(move |db| {
            let Some(artifact) = by_hash(db, &hash)? else {
                return Ok(None);
            };
            Ok(files.read(&hash)?.map(|bytes| (artifact.media_type, bytes)))
        })
        .await
    }
}

/// Stores the row of an artifact whose file is in place; once is enough.
pub fn insert(tx: &Transaction, artifact: &Artifact, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO artifacts (hash, media_type, size, created_at)
         VALUES (:hash, :media_type, :size, :now) ON CONFLICT (hash) DO NOTHING",
    )?
    .execute(named_params! {
        ":hash": artifact.hash, ":media_type": artifact.media_type, ":size": artifact.size, ":now": now,
    })?;
    Ok(())
}

/// The row of an artifact.
pub fn by_hash(db: &Connection, hash: &str) -> Result<Option<Artifact>, StoreError> {
    Ok(db
        .prepare_cached("SELECT hash, media_type, size FROM artifacts WHERE hash = :hash")?
        .query_row(named_params! {":hash": hash}, |row| {
            Ok(Artifact {
                hash: row.get("hash")?,
                media_type: row.get("media_type")?,
                size: row.get("size")?,
            })
        })
        .optional()?)
}
