//! Submissions as people see them. A person sees their own, an administrator all; someone
//! else's is as if it did not exist. Submitting and cancelling are `arena::submit`.

use crate::arena::ArenaError;
use crate::auth::{Permission, Principal};
use crate::domain::event::Event;
use crate::domain::ids::{SubmissionId, UserId};
use crate::domain::page::{Page, PageRequest};
use crate::domain::submission::{Episode, SubmissionView};
use crate::store::artifacts::Artifact;
use crate::store::results::EvaluationResult;
use crate::store::submissions::{StatusCounts, SubmissionFilter};
use crate::store::{self, Store, StoreError};

/// Most events that one question answers.
pub const MAX_EVENTS: u32 = 1_000;

/// Everything about a submission but its events.
#[derive(Debug, Clone, PartialEq)]
pub struct SubmissionDetail {
    /// The submission with the names beside it.
    pub view: SubmissionView,
    /// Its episodes, in order.
    pub episodes: Vec<Episode>,
    /// What the evaluators said; none while they have not.
    pub result: Option<EvaluationResult>,
    /// Number of the newest event; 0 before the first.
    pub last_seq: u32,
}

/// Lists submissions, newest first: a person's own, whatever the filter says; an administrator
/// chooses.
pub async fn list(
    store: &Store,
    principal: &Principal,
    filter: SubmissionFilter,
    page: PageRequest,
) -> Result<Page<SubmissionView>, ArenaError> {
    let mut filter = filter;
    if !principal.may(Permission::ViewAllSubmissions) {
        filter.user_id = Some(principal.user_id);
    }
    let listed = store.read(move |db| store::submissions::list(db, &filter, &page));
    Ok(listed.await?)
}

/// Shows one submission with the names beside it.
pub async fn get(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
) -> Result<SubmissionView, ArenaError> {
    let found = store
        .read(move |db| store::submissions::view(db, id))
        .await?;
    found
        .filter(|view| may_see(principal, view.submission.user_id))
        .ok_or_else(|| not_found(id))
}

/// Shows one submission with its episodes and verdict.
pub async fn detail(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
) -> Result<SubmissionDetail, ArenaError> {
    let view = get(store, principal, id).await?;
    let read = store.read(move |db| {
        let episodes = store::episodes::list(db, id)?;
        let result = store::results::of_submission(db, id)?;
        let last_seq = store::episodes::last_seq(db, id)?;
        Ok((episodes, result, last_seq))
    });
    let (episodes, result, last_seq) = read.await?;
    Ok(SubmissionDetail {
        view,
        episodes,
        result,
        last_seq,
    })
}

/// Events after a number, in order, at most [`MAX_EVENTS`].
pub async fn events(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
    after: u32,
    limit: u32,
) -> Result<Vec<Event>, ArenaError> {
    let limit = limit.clamp(1, MAX_EVENTS);
    let seen_by = principal.clone();
    let read = store.read(move |db| {
        if !is_seen(db, &seen_by, id)? {
            return Ok(None);
        }
        store::episodes::events(db, id, after, limit).map(Some)
    });
    read.await?.ok_or_else(|| not_found(id))
}

/// Number of a submission's newest event; 0 before the first.
pub async fn last_seq(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
) -> Result<u32, ArenaError> {
    let seen_by = principal.clone();
    let read = store.read(move |db| {
        if !is_seen(db, &seen_by, id)? {
            return Ok(None);
        }
        store::episodes::last_seq(db, id).map(Some)
    });
    read.await?.ok_or_else(|| not_found(id))
}

/// An artifact that an event of the submission names: what it is, and its bytes.
pub async fn artifact(
    store: &Store,
    principal: &Principal,
    id: SubmissionId,
    hash: &str,
) -> Result<(Artifact, Vec<u8>), ArenaError> {
    let missing = || ArenaError::NotFound {
        what: "artifact of this submission",
        id: hash.chars().take(64).collect(),
    };
    if !store::artifacts::is_hash(hash) {
        return Err(missing());
    }
    let (seen_by, wanted) = (principal.clone(), hash.to_owned());
    let files = store.artifact_files();
    let read = store.read(move |db| {
        if !is_seen(db, &seen_by, id)? || !store::episodes::names_artifact(db, id, &wanted)? {
            return Ok(None);
        }
        let Some(artifact) = store::artifacts::by_hash(db, &wanted)? else {
            return Ok(None);
        };
        Ok(files.read(&wanted)?.map(|bytes| (artifact, bytes)))
    });
    read.await?.ok_or_else(missing)
}

/// How many submissions stand where: the person's own, or all for an administrator.
pub async fn counts(store: &Store, principal: &Principal) -> Result<StatusCounts, ArenaError> {
    let of = (!principal.may(Permission::ViewAllSubmissions)).then_some(principal.user_id);
    Ok(store
        .read(move |db| store::submissions::counts(db, of))
        .await?)
}

/// Whether a person may see the submissions of another.
pub fn may_see(principal: &Principal, owner: UserId) -> bool {
    owner == principal.user_id || principal.may(Permission::ViewAllSubmissions)
}

fn is_seen(
    db: &store::Connection,
    principal: &Principal,
    id: SubmissionId,
) -> Result<bool, StoreError> {
    let submission = store::submissions::by_id(db, id)?;
    Ok(submission.is_some_and(|submission| may_see(principal, submission.user_id)))
}

fn not_found(id: SubmissionId) -> ArenaError {
    ArenaError::NotFound {
        what: "submission",
        id: id.to_string(),
    }
}
