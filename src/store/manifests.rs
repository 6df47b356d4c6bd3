//! What episodes ran with.

use rusqlite::{Connection, OptionalExtension, Transaction, named_params};

use super::StoreError;
use super::sql::Json;
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::manifest::Manifest;
use crate::domain::time::Timestamp;

/// Stores an episode's manifest, in the place of what is there of it.
pub fn put(tx: &Transaction, manifest: &Manifest) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO manifests (episode_id, submission_id, manifest) VALUES (:episode, :submission, :manifest)
         ON CONFLICT (episode_id) DO UPDATE SET manifest = excluded.manifest",
    )?
    .execute(named_params! {
        ":episode": manifest.episode_id, ":submission": manifest.submission_id, ":manifest": Json(manifest),
    })?;
    Ok(())
}

/// An episode's manifest; none for an episode of a version that kept none.
pub fn of_episode(db: &Connection, id: EpisodeId) -> Result<Option<Manifest>, StoreError> {
    Ok(db
        .prepare_cached("SELECT manifest FROM manifests WHERE episode_id = :episode")?
        .query_row(named_params! {":episode": id}, |row| {
            Ok(row.get::<_, Json<Manifest>>("manifest")?.0)
        })
        .optional()?)
}

/// The manifest of a submission's newest episode; none when that one has none.
pub fn of_submission(db: &Connection, id: SubmissionId) -> Result<Option<Manifest>, StoreError> {
    match super::episodes::list(db, id)?.pop() {
        Some(newest) => of_episode(db, newest.id),
        None => Ok(None),
    }
}

/// Notes when an episode that nobody runs any more was closed.
pub fn close(tx: &Transaction, id: EpisodeId, now: Timestamp) -> Result<(), StoreError> {
    let Some(mut manifest) = of_episode(tx, id)? else {
        return Ok(());
    };
    if manifest.ended_at.is_none() {
        manifest.ended_at = Some(now.to_rfc3339());
        put(tx, &manifest)?;
    }
    Ok(())
}
