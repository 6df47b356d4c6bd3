//! Moves the write-ahead log into the database file beside the writer. A checkpoint waits for the
//! disk; on the writer's own connection every so many commits would wait with it
//! (<https://www.sqlite.org/wal.html#avoiding_excessively_large_wal_files>).

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use rusqlite::Connection;

use super::{DATABASE_FILE, StoreError, prepare};

/// Commits after which the log is moved.
const EVERY: u32 = 200;

/// A thread with a connection of its own; ends when this is dropped.
pub(super) struct Checkpointer {
    wake: SyncSender<()>,
    commits: AtomicU32,
}

impl Checkpointer {
    /// Starts the thread, and stops the writer from doing the same.
    pub(super) fn start(dir: &Path, writer: &Connection) -> Result<Self, StoreError> {
        let connection = Connection::open(dir.join(DATABASE_FILE))?;
        prepare(&connection)?;
        writer.pragma_update_and_check(None, "wal_autocheckpoint", 0, |_| Ok(()))?;
        let (wake, woken) = sync_channel(1);
        let thread = std::thread::Builder::new().name("checkpoint".to_owned());
        let started = thread.spawn(move || {
            while woken.recv().is_ok() {
                // PASSIVE moves what it can and waits for no reader or writer.
                let moved = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                if let Err(error) = moved {
                    tracing::warn!(%error, "the write-ahead log could not be moved; it grows until it can");
                }
            }
        });
        started.map_err(|source| StoreError::Io {
            action: "start the checkpoint thread for",
            path: dir.to_owned(),
            source,
        })?;
        Ok(Self {
            wake,
            commits: AtomicU32::new(0),
        })
    }

    /// Counts a commit.
    pub(super) fn committed(&self) {
        if self.commits.fetch_add(1, Ordering::Relaxed) % EVERY == EVERY - 1 {
            // A full channel means that the thread is about to look anyway.
            let _ = self.wake.try_send(());
        }
    }
}
