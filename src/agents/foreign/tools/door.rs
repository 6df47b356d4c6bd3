//! The door through which a client of tools comes to its episodes: in the arena itself, or from
//! elsewhere over HTTP.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::agents::foreign::remote::{Handed, RemoteError, RemoteHub, Standing};
use crate::domain::ids::AgentId;

/// Episodes of one agent for one worker.
#[async_trait]
pub trait Door: Send + Sync {
    /// How the worker's newest episode stands; none: it has none.
    async fn standing(&self) -> Option<Standing>;

    /// Claims an episode. None when there is none in time.
    async fn claim(&self, wait: Duration) -> Result<Option<Handed>, DoorError>;

    /// The message after a turn. None when there is none in time.
    async fn next(
        &self,
        episode: &str,
        after: u32,
        wait: Duration,
    ) -> Result<Option<Handed>, DoorError>;

    /// Gives the reply to a turn.
    async fn reply(&self, episode: &str, turn: u32, text: String) -> Result<(), DoorError>;
}

/// Why something did not come through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    /// There is no such episode any more, or there never was.
    #[error("no task is open: call `observe`, which claims one")]
    NoEpisode,
    /// The turn has its reply.
    #[error(
        "the action before this one is still being carried out: give one action at a time, and \
         call `observe` for its result"
    )]
    NotOpen,
    /// The arena does not answer as it should.
    #[error("{0}")]
    Broken(String),
}

impl From<RemoteError> for DoorError {
    fn from(error: RemoteError) -> Self {
        match error {
            RemoteError::NoEpisode(_) => Self::NoEpisode,
            RemoteError::NotOpen { .. } => Self::NotOpen,
        }
    }
}

/// The door of the arena's own process.
pub struct HubDoor {
    /// Where episodes wait.
    pub hub: Arc<RemoteHub>,
    /// Whose they are.
    pub agent: AgentId,
    /// Who comes.
    pub worker: String,
    /// Cancelled when the client hangs up: then nobody is there to take an episode.
    pub gone: CancellationToken,
}

#[async_trait]
impl Door for HubDoor {
    async fn standing(&self) -> Option<Standing> {
        self.hub.standing(self.agent, &self.worker)
    }

    async fn claim(&self, wait: Duration) -> Result<Option<Handed>, DoorError> {
        tokio::select! {
            biased;
            () = self.gone.cancelled() => Ok(None),
            claimed = self.hub.claim(self.agent, &self.worker, wait) => Ok(claimed),
        }
    }

    async fn next(
        &self,
        episode: &str,
        after: u32,
        wait: Duration,
    ) -> Result<Option<Handed>, DoorError> {
        Ok(self.hub.next(self.agent, episode, after, wait).await?)
    }

    async fn reply(&self, episode: &str, turn: u32, text: String) -> Result<(), DoorError> {
        Ok(self.hub.reply(self.agent, episode, turn, text)?)
    }
}
