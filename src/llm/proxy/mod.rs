//! Calls that a foreign agent makes to models through the arena: passed on with its owner's key,
//! counted, held to the budgets, and recorded like those of the arena's own agents. A token opens
//! them while one episode runs. Knows no HTTP server; `web` brings requests in.

mod asked;
mod assemble;
mod clean;
mod events;
pub mod refusal;
mod serve;
mod stream;
mod tally;
mod upstream;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::domain::agent::Provider;
use crate::domain::budget::OverBudget;
use crate::llm::ModelCall;
use crate::llm::ledger::Ledger;
use crate::llm::proxy::refusal::{Refusal, Why};
use crate::llm::proxy::tally::Tally;
pub use crate::llm::proxy::upstream::{Upstream, UpstreamOptions};

/// The largest request that is taken, in bytes.
pub const MAX_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// How much of requests is held at once, over all episodes, in KiB. Others wait before they are
/// read.
const ROOM_KIB: u32 = 256 * 1024;

/// How long the end of an episode waits for its calls to be booked.
const BOOKED_WITHIN: Duration = Duration::from_secs(10);

/// What a token that opens nothing is told.
const OVER: &str = "This token opens nothing: it is wrong, or its episode is over. Each episode has a token of its \
     own, which stands in its turns.";

/// A request of an agent's client.
pub struct ProxyRequest {
    /// Headers that the provider shall see: version and features of its interface.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The room that it takes up.
    pub room: OwnedSemaphorePermit,
}

/// What an agent's client is answered.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers; `content-type` is among them.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: AnswerBody,
}

/// The body of an answer.
#[derive(Debug)]
pub enum AnswerBody {
    /// As a whole.
    Whole(Vec<u8>),
    /// In pieces, as they come. Dropping it breaks the call off.
    Stream(mpsc::Receiver<Result<Vec<u8>, BrokenOff>>),
}

/// A stream did not come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stream broke off")]
pub struct BrokenOff;

/// All episodes whose agents may call models now, each by its token.
pub struct ModelProxy {
    open: Arc<Mutex<HashMap<String, Weak<ProxiedEpisode>>>>,
    room: Arc<Semaphore>,
}

impl Default for ModelProxy {
    fn default() -> Self {
        Self {
            open: Arc::default(),
            room: Arc::new(Semaphore::new(ROOM_KIB as usize)),
        }
    }
}

impl ModelProxy {
    /// Opens models to the agent of an episode, until the lease is dropped or closed. The token is
    /// random, and nobody else's.
    pub fn open(&self, token: String, upstreams: Vec<Upstream>, ledger: Arc<dyn Ledger>) -> Lease {
        let episode = Arc::new(ProxiedEpisode {
            token: SecretString::from(token.clone()),
            upstreams,
            ledger,
            tally: Tally::default(),
            over: CancellationToken::new(),
            running: TaskTracker::new(),
        });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.insert(token.clone(), Arc::downgrade(&episode));
        Lease {
            episode,
            token,
            open: Arc::clone(&self.open),
        }
    }

    /// The episode that a token opens; none when it opens nothing.
    pub fn episode(&self, token: &str) -> Result<Arc<ProxiedEpisode>, Refusal> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let episode = open.get(token).and_then(Weak::upgrade);
        episode
            .filter(|episode| !episode.over.is_cancelled())
            .ok_or_else(|| Refusal::new(Why::Unknown, OVER))
    }

    /// Room for a request of so many bytes; waits until there is some.
    pub async fn room(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(ROOM_KIB);
        let room = Arc::clone(&self.room);
        room.acquire_many_owned(kib.clamp(1, ROOM_KIB)).await.ok()
    }
}

/// The models of one episode's agent.
pub struct ProxiedEpisode {
    token: SecretString,
    upstreams: Vec<Upstream>,
    ledger: Arc<dyn Ledger>,
    tally: Tally,
    over: CancellationToken,
    running: TaskTracker,
}

impl ProxiedEpisode {
    /// Makes one call. When the answer is dropped, or its body, the call is broken off.
    pub async fn call(self: &Arc<Self>, provider: Provider, request: ProxyRequest) -> Answer {
        let (head, answer) = oneshot::channel();
        let episode = Arc::clone(self);
        self.running
            .spawn(async move { episode.serve(provider, request, head).await });
        // Without an answer the call was cut off by the end of the episode.
        let answer = answer.await;
        answer.unwrap_or_else(|_| Refusal::new(Why::Unknown, OVER).answer(provider))
    }

    fn upstream(&self, provider: Provider) -> Option<&Upstream> {
        let mut upstreams = self.upstreams.iter();
        upstreams.find(|upstream| upstream.provider() == provider)
    }

    /// The calls that came to their end since this was last asked.
    pub fn take_calls(&self) -> Vec<ModelCall> {
        self.tally.take()
    }

    /// Waits until a budget does not have a call.
    pub async fn over_budget(&self) -> OverBudget {
        self.tally.over_budget().await
    }

    /// A text without the token.
    pub fn hide_token(&self, text: String) -> String {
        let token = self.token.expose_secret();
        if text.contains(token) {
            text.replace(token, "(token)")
        } else {
            text
        }
    }
}

/// Keeps models open to an episode's agent.
pub struct Lease {
    episode: Arc<ProxiedEpisode>,
    token: String,
    open: Arc<Mutex<HashMap<String, Weak<ProxiedEpisode>>>>,
}

impl Lease {
    /// Ends it: calls under way are cut off and booked as such, and the token opens nothing more.
    pub async fn close(&self) {
        self.end();
        self.running.close();
        if tokio::time::timeout(BOOKED_WITHIN, self.running.wait())
            .await
            .is_err()
        {
            // Their money stays held, so that no budget is overdrawn.
            tracing::error!("calls of a foreign agent were not booked in time");
        }
    }

    fn end(&self) {
        self.over.cancel();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&self.token);
    }
}

impl Deref for Lease {
    type Target = ProxiedEpisode;

    fn deref(&self) -> &ProxiedEpisode {
        &self.episode
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.end();
    }
}
