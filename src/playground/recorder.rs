//! Writes what happens in an episode: numbers each event at once, stores events in batches
//! behind the episode's back, publishes them when they are stored. Files that an event names
//! are on disk before the event is in the database.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::domain::event::{ArtifactHash, Event, EventBody};
use crate::domain::ids::{EpisodeId, SubmissionId};
use crate::domain::time::Timestamp;
use crate::playground::hub::EventHub;
use crate::store::artifacts;
use crate::store::{Store, StoreError, episodes};

/// How long a batch waits for more events. Together with the write itself, an event is stored
/// within 50 ms.
const LINGER: Duration = Duration::from_millis(25);

/// Records one episode.
pub struct Recorder {
    submission_id: SubmissionId,
    episode_id: EpisodeId,
    line: Mutex<Line>,
    writer: JoinHandle<Result<(), StoreError>>,
}

/// The next number and the way to the writer, behind one lock so that events arrive in order.
struct Line {
    next_seq: u32,
    entries: mpsc::UnboundedSender<Entry>,
}

enum Entry {
    File {
        media_type: &'static str,
        bytes: Vec<u8>,
    },
    Event(Box<Event>),
}

impl Recorder {
    /// Begins to record. `last_seq` is the number of the submission's last stored event, 0 when
    /// it has none.
    pub fn start(
        store: Store,
        hub: EventHub,
        submission_id: SubmissionId,
        episode_id: EpisodeId,
        last_seq: u32,
    ) -> Self {
        let (entries, receiver) = mpsc::unbounded_channel();
        let writer = tokio::spawn(write_batches(store, hub, receiver));
        let line = Mutex::new(Line {
            next_seq: last_seq + 1,
            entries,
        });
        Self {
            submission_id,
            episode_id,
            line,
            writer,
        }
    }

    /// Records an event. Never waits for the disk.
    pub fn record(&self, body: EventBody) {
        let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        let event = self.number(&mut line, body);
        // The writer has gone only when it failed; `finish` says how.
        let _ = line.entries.send(Entry::Event(Box::new(event)));
    }

    /// Keeps bytes as an artifact, on disk before any event that is recorded later.
    pub fn attach(&self, media_type: &'static str, bytes: Vec<u8>) -> ArtifactHash {
        let hash = artifacts::sha256_hex(&bytes);
        let line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
        // As in `record`.
        let _ = line.entries.send(Entry::File { media_type, bytes });
        hash
    }

    /// Keeps a value as a JSON artifact.
    pub fn attach_json(&self, value: &impl Serialize) -> ArtifactHash {
        let json = serde_json::to_vec(value).expect("log values have text keys only");
        self.attach("application/json", json)
    }

    /// Waits until everything is stored and numbers the closing events, which the caller stores
    /// in the transaction that ends the episode, and publishes afterwards.
    pub async fn finish(self, closing: Vec<EventBody>) -> Result<Vec<Event>, StoreError> {
        let events = {
            let mut line = self.line.lock().unwrap_or_else(PoisonError::into_inner);
            let number = |body| self.number(&mut line, body);
            closing.into_iter().map(number).collect()
        };
        drop(self.line);
        match self.writer.await {
            Ok(stored) => stored.map(|()| events),
            Err(error) => Err(StoreError::Broken(error.to_string())),
        }
    }

    fn number(&self, line: &mut Line, body: EventBody) -> Event {
        let seq = line.next_seq;
        line.next_seq += 1;
        Event {
            submission_id: self.submission_id,
            episode_id: self.episode_id,
            seq,
            at: Timestamp::now(),
            body,
        }
    }
}

/// Stores entries in batches until the recorder is gone.
async fn write_batches(
    store: Store,
    hub: EventHub,
    mut entries: mpsc::UnboundedReceiver<Entry>,
) -> Result<(), StoreError> {
    while let Some(first) = entries.recv().await {
        let mut batch = vec![first];
        let linger = tokio::time::sleep(LINGER);
        tokio::pin!(linger);
        loop {
            tokio::select! {
                biased;
                () = &mut linger => break,
                entry = entries.recv() => match entry {
                    Some(entry) => batch.push(entry),
                    None => break,
                },
            }
        }
        store_batch(&store, &hub, batch).await?;
    }
    Ok(())
}

/// Stores one batch: files first, then their rows and the events in one transaction.
async fn store_batch(store: &Store, hub: &EventHub, batch: Vec<Entry>) -> Result<(), StoreError> {
    let mut files = Vec::new();
    let mut events = Vec::new();
    for entry in batch {
        match entry {
            Entry::File { media_type, bytes } => {
                files.push(store.put_artifact(bytes, media_type).await?);
            }
            Entry::Event(event) => events.push(*event),
        }
    }
    let events = store
        .write(move |tx| {
            let now = Timestamp::now();
            for file in &files {
                artifacts::insert(tx, file, now)?;
            }
            episodes::append(tx, &events)?;
            Ok(events)
        })
        .await?;
    for event in events {
        hub.publish(Arc::new(event));
    }
    Ok(())
}
