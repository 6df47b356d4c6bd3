//! What a process that died left behind: closes its half-written episodes and queues what it
//! was running again, so that every accepted submission reaches its end exactly once.

use serde_json::json;

use crate::domain::event::{Event, EventBody};
use crate::domain::ids::SubmissionId;
use crate::domain::outcome::Outcome;
use crate::domain::submission::Episode;
use crate::domain::time::Timestamp;
use crate::store::{
    Connection, Store, StoreError, Transaction, episodes, jobs, manifests, submissions,
};

/// Why an episode is closed by another than who ran it.
pub(super) struct Closing {
    /// What stands in the replay.
    note: &'static str,
    /// How the episode ended.
    pub(super) reason: &'static str,
}

/// Its process died.
const INTERRUPTED: Closing = Closing {
    note: "The arena ended here. The submission was queued again.",
    reason: "interrupted: the arena ended in the middle of the episode",
};

/// How it ended could not be stored.
pub(super) const UNSTORED: Closing = Closing {
    note: "The arena could not store how the episode went on.",
    reason: "the arena could not store how the episode ended; its log says why",
};

/// Events of one submission that are read at once.
const EVENTS_AT_ONCE: u32 = 500;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Episodes that were half-written and are closed now.
    pub episodes: usize,
    /// Submissions that were running and are queued again.
    pub submissions: usize,
    /// Jobs that were claimed and are queued again.
    pub jobs: usize,
}

/// Mends what a dead process left, in one transaction. The caller owns the data directory, has
/// not started its pool yet, and claims as `owner`.
pub async fn recover(store: &Store, owner: &str) -> Result<Recovered, StoreError> {
    let owner = owner.to_owned();
    let recovered = store
        .write(move |tx| {
            let open = episodes::open(tx)?;
            for episode in &open {
                close(tx, episode, &INTERRUPTED)?;
            }
            let running = submissions::running(tx)?;
            for id in &running {
                submissions::requeue(tx, *id)?;
            }
            let jobs = jobs::recover(tx, &owner)?.len();
            Ok(Recovered {
                episodes: open.len(),
                submissions: running.len(),
                jobs,
            })
        })
        .await?;
    if recovered != Recovered::default() {
        tracing::warn!(
            episodes = recovered.episodes,
            submissions = recovered.submissions,
            jobs = recovered.jobs,
            "queued again what an earlier process was running when it ended"
        );
    }
    Ok(recovered)
}

/// Closes what an earlier, broken-off run of a submission left open, and queues the submission
/// again.
pub(super) fn mend_submission(tx: &Transaction, id: SubmissionId) -> Result<(), StoreError> {
    close_episodes(tx, id, &INTERRUPTED)?;
    submissions::requeue(tx, id)?;
    Ok(())
}

/// Closes the episodes of a submission that nobody runs any more.
pub(super) fn close_episodes(
    tx: &Transaction,
    id: SubmissionId,
    closing: &Closing,
) -> Result<(), StoreError> {
    for episode in episodes::list(tx, id)? {
        if episode.ended_at.is_none() {
            close(tx, &episode, closing)?;
        }
    }
    Ok(())
}

/// Closes one episode that nobody runs any more, with the events that say so.
fn close(tx: &Transaction, episode: &Episode, closing: &Closing) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let steps = steps_recorded(tx, episode)?;
    let last_seq = episodes::last_seq(tx, episode.submission_id)?;
    let bodies = [
        EventBody::Noted {
            message: closing.note.to_owned(),
            details: json!({"attempt": episode.attempt}),
        },
        EventBody::EpisodeEnded {
            outcome: Outcome::InfraError,
            reason: closing.reason.to_owned(),
            agent_error: None,
            steps,
            duration_ms: milliseconds(now.ms_since(episode.started_at)),
        },
    ];
    let events: Vec<Event> = (last_seq + 1..)
        .zip(bodies)
        .map(|(seq, body)| Event {
            submission_id: episode.submission_id,
            episode_id: episode.id,
            seq,
            at: now,
            body,
        })
        .collect();
    episodes::append(tx, &events)?;
    let (outcome, reason) = (Outcome::InfraError, closing.reason);
    episodes::close(tx, episode.id, outcome, reason, steps, now)?;
    manifests::close(tx, episode.id, now)?;
    Ok(())
}

/// Steps of an episode that reached the log.
fn steps_recorded(db: &Connection, episode: &Episode) -> Result<u32, StoreError> {
    let mut steps = 0;
    let mut after = 0;
    loop {
        let events = episodes::events(db, episode.submission_id, after, EVENTS_AT_ONCE)?;
        let Some(last) = events.last() else {
            return Ok(steps);
        };
        after = last.seq;
        for event in &events {
            if let EventBody::Observed { step, .. } = event.body
                && event.episode_id == episode.id
            {
                steps = steps.max(step);
            }
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a duration in milliseconds is far below 2^52"
)]
fn milliseconds(ms: i64) -> f64 {
    ms as f64
}
