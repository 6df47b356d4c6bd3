//! An agent that calls us: it claims an episode, fetches each turn and replies to it, from
//! wherever it is. The arena's side waits at a seat, the agent's side comes to it by HTTP.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::agents::foreign::protocol::Message;
use crate::agents::foreign::{Channel, ChannelError, ForeignOptions};
use crate::domain::ids::AgentId;

/// How long the end of an episode can be fetched.
const END_KEPT: Duration = Duration::from_mins(1);

/// Where episodes and remote agents meet.
#[derive(Clone, Default)]
pub struct RemoteHub {
    seats: Arc<Mutex<HashMap<AgentId, Vec<Arc<Seat>>>>>,
    offered: Arc<Notify>,
    /// How many requests wait for an episode of each agent.
    waiting: Arc<Mutex<HashMap<AgentId, usize>>>,
}

/// A request that waits for an episode; it waits no more when this is dropped.
struct Waiting {
    hub: RemoteHub,
    agent: AgentId,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut waiting = self.hub.lock_waiting();
        if let Some(count) = waiting.get_mut(&self.agent) {
            *count -= 1;
            if *count == 0 {
                waiting.remove(&self.agent);
            }
        }
    }
}

/// One episode of a remote agent.
struct Seat {
    episode: String,
    state: watch::Sender<State>,
}

struct State {
    /// Counts the messages from 1; 0: there is none yet.
    turn: u32,
    message: Arc<str>,
    /// The reply to the message of this turn.
    reply: Option<String>,
    /// Who claimed it, in the agent's words; none: nobody yet.
    claimed_by: Option<String>,
    /// When the agent was last heard of.
    heard: Instant,
    /// Whether it was heard of since it claimed the episode.
    came_back: bool,
    /// Whether the episode was taken from a worker that fell silent and offered once more.
    offered_again: bool,
    /// When the episode ended.
    over: Option<Instant>,
}

impl State {
    /// Notes a sign of life.
    fn hear(&mut self) {
        self.heard = Instant::now();
        self.came_back = true;
    }
}

/// A message for the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// The episode.
    pub episode: String,
    /// Number of the message within the episode, from 1: a reply names it.
    pub turn: u32,
    /// One JSON object.
    pub message: Arc<str>,
}

/// How an episode of a worker stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The episode.
    pub episode: String,
    /// The newest turn.
    pub turn: u32,
    /// Whether it has its reply.
    pub answered: bool,
    /// Whether the episode is over.
    pub over: bool,
}

/// Why a remote agent is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemoteError {
    /// There is no such episode, or it is another agent's.
    #[error("this agent has no open episode `{0}`; claim one")]
    NoEpisode(String),
    /// The turn is not the open one, or was answered already.
    #[error("turn {given} is not open: the newest is {open}{}", if *.answered { ", and it has its reply" } else { "" })]
    NotOpen {
        /// The turn that was answered.
        given: u32,
        /// The newest turn.
        open: u32,
        /// Whether the newest has its reply.
        answered: bool,
    },
}

impl RemoteHub {
    /// The arena's side of an episode.
    pub fn seat(&self, agent: AgentId, times: RemoteTimes, options: &ForeignOptions) -> Remote {
        let seat = Arc::new(Seat {
            episode: options.episode.clone(),
            state: watch::Sender::new(State {
                turn: 0,
                message: Arc::from(""),
                reply: None,
                claimed_by: None,
                heard: Instant::now(),
                came_back: false,
                offered_again: false,
                over: None,
            }),
        });
        self.lock()
            .entry(agent)
            .or_default()
            .push(Arc::clone(&seat));
        Remote {
            hub: self.clone(),
            agent,
            seat,
            times,
            timeout: options.turn_timeout,
        }
    }

    /// Claims an episode that waits, or hands over again the open turn of one that the same worker
    /// has claimed. None when there is none in time. Whoever drops this is given none.
    pub async fn claim(&self, agent: AgentId, worker: &str, wait: Duration) -> Option<Handed> {
        let until = Instant::now() + wait;
        let _waiting = self.wait_for(agent);
        loop {
            let offered = self.offered.notified();
            tokio::pin!(offered);
            // From here on no offer is missed.
            offered.as_mut().enable();
            if let Some(handed) = self.take(agent, worker) {
                return Some(handed);
            }
            tokio::time::timeout_at(until, offered).await.ok()?;
        }
    }

    /// How many requests wait for an episode of an agent.
    pub fn waiting(&self, agent: AgentId) -> usize {
        self.lock_waiting().get(&agent).copied().unwrap_or(0)
    }

    fn wait_for(&self, agent: AgentId) -> Waiting {
        *self.lock_waiting().entry(agent).or_default() += 1;
        Waiting {
            hub: self.clone(),
            agent,
        }
    }

    fn lock_waiting(&self) -> MutexGuard<'_, HashMap<AgentId, usize>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The message after a turn, or the newest one. None when there is none in time.
    pub async fn next(
        &self,
        agent: AgentId,
        episode: &str,
        after: u32,
        wait: Duration,
    ) -> Result<Option<Handed>, RemoteError> {
        let seat = self.find(agent, episode)?;
        seat.state.send_modify(State::hear);
        let mut news = seat.state.subscribe();
        let newer = news.wait_for(|state| state.turn > after);
        let Ok(Ok(state)) = tokio::time::timeout(wait, newer).await else {
            return Ok(None);
        };
        Ok(Some(Handed {
            episode: episode.to_owned(),
            turn: state.turn,
            message: Arc::clone(&state.message),
        }))
    }

    /// Takes the reply to a turn.
    pub fn reply(
        &self,
        agent: AgentId,
        episode: &str,
        turn: u32,
        text: String,
    ) -> Result<(), RemoteError> {
        let seat = self.find(agent, episode)?;
        let mut refused = None;
        seat.state.send_modify(|state| {
            state.hear();
            if state.turn == turn && state.reply.is_none() && state.over.is_none() {
                state.reply = Some(text);
            } else {
                refused = Some(RemoteError::NotOpen {
                    given: turn,
                    open: state.turn,
                    answered: state.reply.is_some(),
                });
            }
        });
        refused.map_or(Ok(()), Err)
    }

    /// How the newest episode stands that a worker has claimed; one that is open comes before one
    /// that is over.
    pub fn standing(&self, agent: AgentId, worker: &str) -> Option<Standing> {
        let seats = self.lock();
        let claimed = seats.get(&agent).into_iter().flatten().filter_map(|seat| {
            let state = seat.state.borrow();
            let own = state.claimed_by.as_deref() == Some(worker);
            own.then(|| Standing {
                episode: seat.episode.clone(),
                turn: state.turn,
                answered: state.reply.is_some(),
                over: state.over.is_some(),
            })
        });
        // Seats are in order of their making, and of equals the last is taken.
        claimed.max_by_key(|standing| !standing.over)
    }

    /// Notes that an agent is alive while it thinks.
    pub fn heartbeat(&self, agent: AgentId, episode: &str) -> Result<(), RemoteError> {
        let seat = self.find(agent, episode)?;
        seat.state.send_modify(State::hear);
        Ok(())
    }

    fn take(&self, agent: AgentId, worker: &str) -> Option<Handed> {
        let seats = self.lock().get(&agent).cloned().unwrap_or_default();
        let own =
            |state: &State| state.claimed_by.as_deref() == Some(worker) && state.reply.is_none();
        let free = |state: &State| state.claimed_by.is_none();
        let take = |wanted: &dyn Fn(&State) -> bool| {
            seats.iter().find_map(|seat| {
                let mut handed = None;
                seat.state.send_if_modified(|state| {
                    let fits = state.turn > 0 && state.over.is_none() && wanted(state);
                    if fits {
                        // Who asks for its own turn again is alive.
                        state.came_back = state.claimed_by.is_some();
                        state.claimed_by = Some(worker.to_owned());
                        state.heard = Instant::now();
                        handed = Some(Handed {
                            episode: seat.episode.clone(),
                            turn: state.turn,
                            message: Arc::clone(&state.message),
                        });
                    }
                    fits
                });
                handed
            })
        };
        take(&own).or_else(|| take(&free))
    }

    fn find(&self, agent: AgentId, episode: &str) -> Result<Arc<Seat>, RemoteError> {
        let seats = self.lock();
        let mut own = seats.get(&agent).into_iter().flatten();
        own.find(|seat| seat.episode == episode && seat.state.borrow().claimed_by.is_some())
            .cloned()
            .ok_or_else(|| RemoteError::NoEpisode(episode.chars().take(80).collect()))
    }

    /// All seats. Those whose end was kept long enough are cleared away.
    fn lock(&self) -> MutexGuard<'_, HashMap<AgentId, Vec<Arc<Seat>>>> {
        let mut seats = self.seats.lock().unwrap_or_else(PoisonError::into_inner);
        for of_agent in seats.values_mut() {
            of_agent.retain(|seat| {
                let over = seat.state.borrow().over;
                over.is_none_or(|at| at.elapsed() < END_KEPT)
            });
        }
        seats.retain(|_, of_agent| !of_agent.is_empty());
        seats
    }
}

/// How long the arena waits for a remote agent beside the time for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RemoteTimes {
    /// Until somebody claims the episode.
    pub claim: Duration,
    /// Between two signs of life while it thinks; none: only the time for a turn counts.
    pub heartbeat: Option<Duration>,
}

/// The way to a remote agent for one episode.
pub struct Remote {
    hub: RemoteHub,
    agent: AgentId,
    seat: Arc<Seat>,
    times: RemoteTimes,
    timeout: Duration,
}

impl Remote {
    async fn claimed(&self) -> Result<(), ChannelError> {
        let mut news = self.seat.state.subscribe();
        let claimed = news.wait_for(|state| state.claimed_by.is_some());
        match tokio::time::timeout(self.times.claim, claimed).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(ChannelError::Unreachable(format!(
                "no agent claimed the episode within {} ms; is it running, with the right token?",
                self.times.claim.as_millis()
            ))),
        }
    }

    async fn replied(&self) -> Result<String, ChannelError> {
        let begun = Instant::now();
        let mut news = self.seat.state.subscribe();
        loop {
            let heard = {
                let state = news.borrow_and_update();
                if let Some(reply) = &state.reply {
                    return Ok(reply.clone());
                }
                state.heard.max(begun)
            };
            let silent = self.times.heartbeat.map(|bound| heard + bound);
            let until = silent.map_or(begun + self.timeout, |at| at.min(begun + self.timeout));
            if tokio::time::timeout_at(until, news.changed())
                .await
                .is_err()
            {
                let why = if Instant::now() >= begun + self.timeout {
                    let ms = self.timeout.as_millis();
                    format!("the agent did not answer within {ms} ms")
                } else {
                    let ms = self.times.heartbeat.unwrap_or_default().as_millis();
                    format!("the agent gave no sign of life for {ms} ms")
                };
                return Err(ChannelError::Broken(why));
            }
        }
    }

    /// Takes the episode from a worker that promised signs of life and gave none since it claimed
    /// it, e.g. because the answer to its claim was lost, when another waits for one. Once, and
    /// only before anything was done.
    fn offer_again(&self) -> bool {
        if self.times.heartbeat.is_none() || self.hub.waiting(self.agent) == 0 {
            return false;
        }
        let offered = self.seat.state.send_if_modified(|state| {
            let lost = state.turn == 1 && !state.came_back && !state.offered_again;
            if lost {
                state.offered_again = true;
                state.claimed_by = None;
            }
            lost
        });
        if offered {
            self.hub.offered.notify_waiters();
        }
        offered
    }

    /// Ends the episode for the agent, unless it is over.
    fn end(&self, message: &str) {
        self.seat.state.send_if_modified(|state| {
            if state.over.is_some() {
                return false;
            }
            state.turn += 1;
            state.message = Arc::from(message);
            state.reply = None;
            state.over = Some(Instant::now());
            true
        });
    }
}

#[async_trait]
impl Channel for Remote {
    async fn ask(&mut self, message: &str) -> Result<String, ChannelError> {
        self.seat.state.send_modify(|state| {
            state.turn += 1;
            state.message = Arc::from(message);
            state.reply = None;
        });
        self.hub.offered.notify_waiters();
        self.claimed().await?;
        match self.replied().await {
            Err(_) if self.offer_again() => {
                self.claimed().await?;
                self.replied().await
            }
            replied => replied,
        }
    }

    async fn close(&mut self, message: &str) -> Option<String> {
        self.end(message);
        None
    }
}

impl Drop for Remote {
    fn drop(&mut self) {
        let message = Message::end(&self.seat.episode).to_line();
        self.end(&message.unwrap_or_default());
    }
}
