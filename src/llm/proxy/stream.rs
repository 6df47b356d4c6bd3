//! A streamed reply: each event goes on to the agent as it comes, and is read for the record and
//! the counts on the way. No more of it is held than the agent is behind, and the record.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::domain::agent::Provider;
use crate::llm::ChatError;
use crate::llm::key::Key;
use crate::llm::proxy::assemble::Assembly;
use crate::llm::proxy::clean::clean_event;
use crate::llm::proxy::events::{Event, Events};
use crate::llm::proxy::serve::{AGENT_LEFT, Admitted, EPISODE_OVER};
use crate::llm::proxy::{Answer, AnswerBody, BrokenOff, ProxiedEpisode};
use crate::llm::wire::{self, Attempted, Deadline};

/// Events that may wait for a slow agent.
const WAITING_EVENTS: usize = 16;

/// How long the counts of a reply are waited for when the agent has left after the reply's end.
const COUNTS_WITHIN: Duration = Duration::from_secs(5);

/// How long an agent may take over one event. It holds a place at the provider's address.
const READ_WITHIN: Duration = Duration::from_mins(1);

type Pieces = mpsc::Sender<Result<Vec<u8>, BrokenOff>>;

/// A stream on its way through.
struct Passing<'a> {
    episode: &'a ProxiedEpisode,
    provider: Provider,
    key: &'a Key,
    hides_usage: bool,
    pieces: &'a Pieces,
    assembly: Assembly,
    bytes: usize,
    /// Whether the agent has gone; only counts are read then.
    left: bool,
}

/// What becomes of an event.
enum Next {
    Pass(Vec<u8>),
    Hide,
    /// The stream is over with it.
    Last(Vec<u8>),
}

impl ProxiedEpisode {
    /// Passes a stream on, then books the call. The stream's last event is held back until then.
    pub(super) async fn stream(
        &self,
        call: Admitted<'_>,
        response: reqwest::Response,
        headers: Vec<(&'static str, String)>,
        size: usize,
        head: oneshot::Sender<Answer>,
    ) {
        let (pieces, body) = mpsc::channel(WAITING_EVENTS);
        let status = response.status().as_u16();
        let answer = Answer {
            status,
            headers,
            body: AnswerBody::Stream(body),
        };
        // Whoever is gone has closed the stream, which is seen below.
        let _ = head.send(answer);
        let mut passing = Passing {
            episode: self,
            provider: call.upstream.provider(),
            key: &call.upstream.key,
            hides_usage: call.asked.hides_usage,
            pieces: &pieces,
            assembly: Assembly::new(call.upstream.provider()),
            bytes: 0,
            left: false,
        };
        let ended = passing.pass(response, call.deadline).await;
        let Passing {
            assembly, bytes, ..
        } = passing;
        let stands = assembly.stands();
        let key = &call.upstream.key;
        let error = match &ended {
            Err(_) if stands.counted => None,
            Err(error) => Some(error.to_string()),
            Ok(_) => stands
                .error
                .as_ref()
                .map(|said| format!("the provider broke off with: {}", key.redact(said))),
        };
        let attempt = Attempted {
            status: Some(status),
            unsent: false,
        };
        let is_whole = stands.over || stands.counted || stands.error.is_some();
        let answer = key.redact_json(assembly.answer());
        let booked = self
            .book(call, attempt, Ok(answer), error, size + bytes)
            .await;
        // An agent that is gone takes neither.
        let _ = match (ended, booked) {
            (Ok(last), Ok(())) if is_whole => pieces.send(Ok(last)).await,
            _ => pieces.send(Err(BrokenOff)).await,
        };
    }
}

impl Passing<'_> {
    /// Passes events on until the stream's last one, which is given back; empty when the stream
    /// ended without.
    async fn pass(
        &mut self,
        mut response: reqwest::Response,
        mut deadline: Deadline,
    ) -> Result<Vec<u8>, ChatError> {
        let mut events = Events::default();
        loop {
            let chunk = tokio::select! {
                biased;
                () = self.episode.over.cancelled() => return Err(over()),
                () = self.pieces.closed(), if !self.left => {
                    self.leave(&mut deadline)?;
                    continue;
                }
                chunk = tokio::time::timeout_at(deadline.at, response.chunk()) => chunk,
            };
            match chunk {
                Err(_) => return Err(deadline.missed()),
                Ok(Err(error)) => return Err(wire::broke_off(self.bytes, &error)),
                Ok(Ok(Some(bytes))) => {
                    self.bytes += bytes.len();
                    events.push(&bytes);
                }
                Ok(Ok(None)) => return self.finish(events.rest(), &mut deadline).await,
            }
            while let Some(event) = events
                .next()
                .map_err(|error| ChatError::lasting(error.to_string()))?
            {
                match self.read(event) {
                    Next::Pass(bytes) => self.send(bytes, &mut deadline).await?,
                    Next::Hide => {}
                    Next::Last(bytes) => return Ok(bytes),
                }
            }
        }
    }

    /// The stream was closed without its last event.
    async fn finish(
        &mut self,
        rest: Option<Event>,
        deadline: &mut Deadline,
    ) -> Result<Vec<u8>, ChatError> {
        match rest.map(|event| self.read(event)) {
            Some(Next::Last(bytes)) => return Ok(bytes),
            Some(Next::Pass(bytes)) => self.send(bytes, deadline).await?,
            Some(Next::Hide) | None => {}
        }
        let stands = self.assembly.stands();
        if stands.counted || stands.error.is_some() {
            return Ok(Vec::new());
        }
        Err(ChatError::passing(format!(
            "the provider's stream ended in the middle, after {} bytes",
            self.bytes
        )))
    }

    fn read(&mut self, event: Event) -> Next {
        let Event { raw, data, name } = event;
        if data.trim() == "[DONE]" {
            self.assembly.end();
            return Next::Last(raw);
        }
        let value: Option<Value> = serde_json::from_str(&data).ok();
        if let Some(value) = &value {
            self.assembly.take(value, data.len());
        }
        let hidden = self.hides_usage && value.as_ref().is_some_and(is_counts_alone);
        let cleaned = clean_event(self.key, raw, &name, value.as_ref());
        match (hidden, self.provider) {
            (true, _) => Next::Hide,
            (false, Provider::Anthropic) if self.assembly.stands().over => Next::Last(cleaned),
            (false, _) => Next::Pass(cleaned),
        }
    }

    async fn send(&mut self, bytes: Vec<u8>, deadline: &mut Deadline) -> Result<(), ChatError> {
        if self.left {
            return Ok(());
        }
        let sent = tokio::select! {
            biased;
            () = self.episode.over.cancelled() => return Err(over()),
            sent = tokio::time::timeout(READ_WITHIN, self.pieces.send(Ok(bytes))) => sent,
        };
        match sent {
            Err(_) => Err(ChatError::passing(AGENT_LEFT.to_owned())),
            Ok(Err(_)) => self.leave(deadline),
            Ok(Ok(())) => Ok(()),
        }
    }

    /// The agent has gone. What is left to do is to read the counts, when the reply itself is over.
    fn leave(&mut self, deadline: &mut Deadline) -> Result<(), ChatError> {
        if !self.assembly.stands().finished {
            return Err(ChatError::passing(AGENT_LEFT.to_owned()));
        }
        self.left = true;
        let soon = Deadline::after(COUNTS_WITHIN);
        if soon.at < deadline.at {
            *deadline = soon;
        }
        Ok(())
    }
}

fn over() -> ChatError {
    ChatError::passing(EPISODE_OVER.to_owned())
}

/// The piece in which OpenAI tells the counts, and nothing else.
fn is_counts_alone(piece: &Value) -> bool {
    let choices = piece.get("choices").and_then(Value::as_array);
    choices.is_some_and(Vec::is_empty) && piece.get("usage").is_some_and(Value::is_object)
}
