//! `GET /live/submissions/{submissionId}?after=seq`: a WebSocket that tells what happens to a
//! submission, from any event on, without gaps and without repeats.
//!
//! Events are stored before they are published. So the connection listens first, then reads
//! what is stored, then passes on what it hears, and skips by number what it has sent already.
//! A client that reads too slowly never slows an episode: it is told the numbers that passed it
//! by and gets them from the store. Messages are JSON objects: `event`, `state`, `missed`. After
//! the `state` that is final the server closes.

use std::time::Duration;

use actix_web::web::{Payload, ServiceConfig, get, resource};
use actix_web::{HttpRequest, HttpResponse};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, Session};
use serde::Serialize;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use crate::arena::ArenaError;
use crate::arena::submissions::{self, MAX_EVENTS};
use crate::auth::Principal;
use crate::domain::event::Event;
use crate::domain::ids::SubmissionId;
use crate::playground::hub::{Delivery, QueueChange, Subscription};
use crate::store::Store;
use crate::telemetry::metrics::WEBSOCKET_CONNECTIONS_ACTIVE;
use crate::web::api::submission_view::{EventAttributes, SubmissionAttributes, resource_of};
use crate::web::csrf::check_origin;
use crate::web::error::{ApiError, Code, Failure};
use crate::web::extract::{ApiId, ApiQuery, Authorized, State, SubmissionsRead};
use crate::web::query::{Params, QueryParams};

/// How often the client is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(20);

/// How long a client may be silent, or one message may take to leave.
const SILENCE: Duration = Duration::from_mins(1);

/// Most bytes of a client's frame; clients have nothing to say.
const MAX_FRAME: usize = 4 * 1024;

/// Adds the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/live/submissions/{submissionId}").route(get().to(watch)));
}

struct AfterQuery(u32);

impl QueryParams for AfterQuery {
    const NAMES: &'static [&'static str] = &["after"];

    fn read(params: &mut Params) -> Self {
        Self(params.number("after", 0, u32::MAX).unwrap_or(0))
    }
}

async fn watch(
    state: State,
    person: Authorized<SubmissionsRead>,
    id: ApiId<SubmissionId>,
    query: ApiQuery<AfterQuery>,
    request: HttpRequest,
    payload: Payload,
) -> Result<HttpResponse, ApiError> {
    check_origin(request.headers(), state.public_url())?;
    submissions::get(&state.store, &person, id.0).await?;
    let watcher = Watcher {
        events: state.hub.subscribe(id.0),
        changes: state.hub.subscribe_queue(),
        store: state.store.clone(),
        principal: person.clone(),
        id: id.0,
        sent: query.0.0,
    };
    let (response, session, incoming) =
        actix_ws::handle(&request, payload).map_err(|error| upgrade(&error))?;
    let incoming = incoming.max_frame_size(MAX_FRAME);
    actix_web::rt::spawn(async move {
        let _open = OpenConnection::count();
        watcher.run(session, incoming).await;
    });
    Ok(response)
}

fn upgrade(error: &actix_web::Error) -> Failure {
    let message = format!("This address speaks WebSocket only: {error}.");
    Failure::new(Code::MalformedRequest, message)
}

/// Counts a connection for as long as it lives.
struct OpenConnection;

impl OpenConnection {
    fn count() -> Self {
        metrics::gauge!(WEBSOCKET_CONNECTIONS_ACTIVE).increment(1.0);
        Self
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        metrics::gauge!(WEBSOCKET_CONNECTIONS_ACTIVE).decrement(1.0);
    }
}

/// What a client is told.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Told {
    /// The next event.
    Event { event: Box<EventAttributes> },
    /// Where the submission stands.
    State {
        submission: Box<SubmissionAttributes>,
    },
    /// These events passed the client by; they follow now.
    Missed { from: u32, to: u32 },
}

/// Why a connection ends.
enum End {
    /// Nothing more will happen.
    Over,
    /// The client has gone or is silent.
    Gone,
    /// The arena failed; logged where it happened.
    Failed,
}

impl From<Closed> for End {
    fn from(_: Closed) -> Self {
        Self::Gone
    }
}

impl From<ArenaError> for End {
    fn from(error: ArenaError) -> Self {
        tracing::error!(%error, "a live view could not be read");
        Self::Failed
    }
}

struct Watcher {
    events: Subscription<std::sync::Arc<Event>>,
    changes: Subscription<QueueChange>,
    store: Store,
    principal: Principal,
    id: SubmissionId,
    /// Number of the newest event that the client has.
    sent: u32,
}

impl Watcher {
    async fn run(mut self, mut session: Session, mut incoming: MessageStream) {
        let end = match self.follow(&mut session, &mut incoming).await {
            Ok(()) => End::Over,
            Err(end) => end,
        };
        let code = match end {
            End::Over => CloseCode::Normal,
            End::Failed => CloseCode::Error,
            End::Gone => return,
        };
        // The client may have closed at the same moment, which is just as well.
        let _ = session.close(Some(CloseReason::from(code))).await;
    }

    async fn follow(
        &mut self,
        session: &mut Session,
        incoming: &mut MessageStream,
    ) -> Result<(), End> {
        if self.tell_state(session).await? {
            return Ok(());
        }
        let mut ping = interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                event = self.events.next() => self.pass_on(session, event).await?,
                change = self.changes.next() => {
                    if self.concerns(change.as_ref())? && self.tell_state(session).await? {
                        return Ok(());
                    }
                }
                message = incoming.recv() => {
                    answer(session, message).await?;
                    heard = Instant::now();
                }
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE {
                        return Err(End::Gone);
                    }
                    session.ping(b"").await?;
                }
            }
        }
    }

    async fn pass_on(
        &mut self,
        session: &mut Session,
        delivery: Option<Delivery<std::sync::Arc<Event>>>,
    ) -> Result<(), End> {
        match delivery {
            None => Err(End::Over),
            Some(Delivery::Missed(_)) => {
                self.tell_missed(session).await?;
                self.catch_up(session).await
            }
            Some(Delivery::Message(event)) if event.seq <= self.sent => Ok(()),
            Some(Delivery::Message(event)) if event.seq == self.sent + 1 => {
                self.tell_event(session, Event::clone(&event)).await
            }
            // Heard out of order; the store has them in order.
            Some(Delivery::Message(_)) => self.catch_up(session).await,
        }
    }

    /// Whether a change of the queue may be one of this submission.
    fn concerns(&self, change: Option<&Delivery<QueueChange>>) -> Result<bool, End> {
        match change {
            None => Err(End::Over),
            Some(Delivery::Missed(_)) => Ok(true),
            Some(Delivery::Message(change)) => Ok(change.submission_id == self.id),
        }
    }

    async fn catch_up(&mut self, session: &mut Session) -> Result<(), End> {
        loop {
            let read =
                submissions::events(&self.store, &self.principal, self.id, self.sent, MAX_EVENTS);
            let events = read.await?;
            let last = events.len() < MAX_EVENTS as usize;
            for event in events {
                self.tell_event(session, event).await?;
            }
            if last {
                return Ok(());
            }
        }
    }

    async fn tell_event(&mut self, session: &mut Session, event: Event) -> Result<(), End> {
        let seq = event.seq;
        let event = Box::new(EventAttributes::from(event));
        tell(session, &Told::Event { event }).await?;
        self.sent = seq;
        Ok(())
    }

    async fn tell_missed(&self, session: &mut Session) -> Result<(), End> {
        let to = submissions::last_seq(&self.store, &self.principal, self.id).await?;
        if to <= self.sent {
            return Ok(());
        }
        let from = self.sent + 1;
        tell(session, &Told::Missed { from, to }).await
    }

    /// Tells the state, after all events that led to it. Says whether it is final.
    async fn tell_state(&mut self, session: &mut Session) -> Result<bool, End> {
        // The state is read first: what is stored together with a final state is read after it.
        let view = submissions::get(&self.store, &self.principal, self.id).await?;
        self.catch_up(session).await?;
        let is_final = view.submission.status.is_final();
        let submission = Box::new(resource_of(view).attributes);
        tell(session, &Told::State { submission }).await?;
        Ok(is_final)
    }
}

async fn tell(session: &mut Session, told: &Told) -> Result<(), End> {
    let text = serde_json::to_string(told).map_err(|error| {
        tracing::error!(%error, "a live message could not be written");
        End::Failed
    })?;
    match timeout(SILENCE, session.text(text)).await {
        Ok(sent) => Ok(sent?),
        Err(_) => Err(End::Gone),
    }
}

async fn answer(
    session: &mut Session,
    message: Option<Result<Message, actix_ws::ProtocolError>>,
) -> Result<(), End> {
    match message {
        Some(Ok(Message::Ping(bytes))) => Ok(session.pong(&bytes).await?),
        Some(Ok(Message::Close(_)) | Err(_)) | None => Err(End::Gone),
        Some(Ok(_)) => Ok(()),
    }
}
