//! Passes on what happened to whoever watches: the events of one submission, and the changes of
//! the queue. A slow watcher never slows an episode; it is told how much it missed and reads
//! that from the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::domain::event::Event;
use crate::domain::ids::SubmissionId;
use crate::domain::outcome::{Outcome, SubmissionStatus};

/// Messages that a watcher may be behind before it misses some.
const CAPACITY: usize = 256;

/// Passes on events and queue changes. Clones are the same hub.
///
/// An event is published after it is stored. So whoever subscribes first and reads the store
/// then misses nothing; what comes twice is recognised by its number.
#[derive(Debug, Clone)]
pub struct EventHub {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    submissions: Mutex<HashMap<SubmissionId, broadcast::Sender<Arc<Event>>>>,
    queue: broadcast::Sender<QueueChange>,
}

/// A submission changed its place in life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueChange {
    /// The submission.
    pub submission_id: SubmissionId,
    /// Where it stands now.
    pub status: SubmissionStatus,
    /// How it ended, once it has.
    pub outcome: Option<Outcome>,
}

/// What a watcher receives.
#[derive(Debug, Clone, PartialEq)]
pub enum Delivery<T> {
    /// The next message.
    Message(T),
    /// This many messages were dropped because the watcher was slow; they are in the store.
    Missed(u64),
}

/// A watcher's end. Dropping it ends the subscription.
#[derive(Debug)]
pub struct Subscription<T> {
    receiver: broadcast::Receiver<T>,
}

impl<T: Clone> Subscription<T> {
    /// The next message; none when the hub is gone.
    pub async fn next(&mut self) -> Option<Delivery<T>> {
        match self.receiver.recv().await {
            Ok(message) => Some(Delivery::Message(message)),
            Err(RecvError::Lagged(missed)) => Some(Delivery::Missed(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Default for EventHub {
    fn default() -> Self {
        Self::new()
    }
}

impl EventHub {
    /// A hub that nobody watches yet.
    pub fn new() -> Self {
        let (queue, _) = broadcast::channel(CAPACITY);
        let submissions = Mutex::default();
        Self {
            inner: Arc::new(Inner { submissions, queue }),
        }
    }

    /// Watches the events of one submission, over all its episodes.
    pub fn subscribe(&self, submission_id: SubmissionId) -> Subscription<Arc<Event>> {
        let mut submissions = self.submissions();
        // Senders whose watchers have all gone are swept here, where new ones come in.
        submissions.retain(|_, sender| sender.receiver_count() > 0);
        let receiver = submissions
            .entry(submission_id)
            .or_insert_with(|| broadcast::channel(CAPACITY).0)
            .subscribe();
        Subscription { receiver }
    }

    /// Watches the status of all submissions.
    pub fn subscribe_queue(&self) -> Subscription<QueueChange> {
        let receiver = self.inner.queue.subscribe();
        Subscription { receiver }
    }

    /// Passes on a stored event.
    pub fn publish(&self, event: Arc<Event>) {
        let submissions = self.submissions();
        if let Some(sender) = submissions.get(&event.submission_id) {
            // An error means that the last watcher has just gone.
            let _ = sender.send(event);
        }
    }

    /// Passes on a stored change of a submission's status.
    pub fn publish_change(&self, change: QueueChange) {
        // An error means that nobody watches.
        let _ = self.inner.queue.send(change);
    }

    fn submissions(&self) -> MutexGuard<'_, HashMap<SubmissionId, broadcast::Sender<Arc<Event>>>> {
        // The map is valid after every single operation, a panic elsewhere cannot spoil it.
        self.inner
            .submissions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::EventBody;
    use crate::domain::ids::EpisodeId;
    use crate::domain::time::Timestamp;

    fn event(submission_id: SubmissionId, seq: u32) -> Arc<Event> {
        Arc::new(Event {
            submission_id,
            episode_id: EpisodeId::new(),
            seq,
            at: Timestamp(0),
            body: EventBody::Noted {
                message: "hello".into(),
                details: serde_json::Value::Null,
            },
        })
    }

    #[tokio::test]
    async fn a_watcher_sees_its_own_submission_only() {
        let hub = EventHub::new();
        let (mine, other) = (SubmissionId::new(), SubmissionId::new());
        let mut subscription = hub.subscribe(mine);
        hub.publish(event(other, 1));
        hub.publish(event(mine, 7));
        let Some(Delivery::Message(seen)) = subscription.next().await else {
            panic!("no event arrived");
        };
        assert_eq!((seen.submission_id, seen.seq), (mine, 7));
    }

    #[tokio::test]
    async fn a_slow_watcher_is_told_how_much_it_missed() {
        let hub = EventHub::new();
        let id = SubmissionId::new();
        let mut subscription = hub.subscribe(id);
        for seq in 1..=300 {
            hub.publish(event(id, seq));
        }
        assert_eq!(subscription.next().await, Some(Delivery::Missed(44)));
        let Some(Delivery::Message(next)) = subscription.next().await else {
            panic!("no event after the gap");
        };
        assert_eq!(next.seq, 45);
    }

    #[tokio::test]
    async fn the_queue_is_watched_apart_from_events() {
        let hub = EventHub::new();
        let mut queue = hub.subscribe_queue();
        let change = QueueChange {
            submission_id: SubmissionId::new(),
            status: SubmissionStatus::Running,
            outcome: None,
        };
        hub.publish(event(change.submission_id, 1));
        hub.publish_change(change);
        assert_eq!(queue.next().await, Some(Delivery::Message(change)));
    }

    #[test]
    fn channels_without_watchers_are_swept() {
        let hub = EventHub::new();
        drop(hub.subscribe(SubmissionId::new()));
        let _kept = hub.subscribe(SubmissionId::new());
        assert_eq!(hub.submissions().len(), 1);
    }
}
