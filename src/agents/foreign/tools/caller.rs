//! The door of a process elsewhere: it calls the arena's addresses for remote agents
//! (`docs/agent-protocol.md`, section `remote`).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::agents::foreign::remote::{Handed, Standing};
use crate::agents::foreign::tools::door::{Door, DoorError};
use crate::llm::outbound;

/// How long an answer may take beyond what it was asked to wait.
const GRACE: Duration = Duration::from_secs(15);

/// Calls one arena as one worker.
pub struct Caller {
    http: reqwest::Client,
    base: Url,
    token: String,
    worker: String,
    standing: Mutex<Option<Standing>>,
}

/// What the arena hands over.
#[derive(Deserialize)]
struct Body {
    episode: String,
    turn: u32,
    message: Value,
}

impl Caller {
    /// Checks the address; nothing is sent yet. The address is the operator's own choice, so it
    /// may be a private one.
    pub fn new(arena: &str, token: String, worker: String) -> Result<Self, String> {
        let url = outbound::check_url(arena, true).map_err(|error| error.to_string())?;
        let base = format!("{}/api/v1/remote/", url.as_str().trim_end_matches('/'));
        Ok(Self {
            http: outbound::client(true).map_err(|error| error.to_string())?,
            base: Url::parse(&base).map_err(|error| error.to_string())?,
            token,
            worker,
            standing: Mutex::new(None),
        })
    }

    fn request(
        &self,
        method: Method,
        path: &[&str],
        query: Option<(&str, &str)>,
        wait: Duration,
    ) -> Result<RequestBuilder, DoorError> {
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| DoorError::Broken("the arena's address cannot be added to".to_owned()))?
            .pop_if_empty()
            .extend(path);
        let wanted = wait.as_secs().to_string();
        let pairs = [Some(("wait", wanted.as_str())), query];
        url.query_pairs_mut().extend_pairs(pairs.iter().flatten());
        let request = self.http.request(method, url).bearer_auth(&self.token);
        Ok(request.timeout(wait + GRACE))
    }

    async fn send(&self, request: RequestBuilder) -> Result<Option<Handed>, DoorError> {
        let answer = request.send().await.map_err(|error| {
            let what = if error.is_connect() {
                "there is no connection to the arena"
            } else {
                "the arena did not answer"
            };
            DoorError::Broken(format!("{what}: {}", error.without_url()))
        })?;
        match answer.status() {
            StatusCode::NO_CONTENT => Ok(None),
            StatusCode::OK => self.take(answer).await.map(Some),
            StatusCode::NOT_FOUND => {
                *self.lock() = None;
                Err(DoorError::NoEpisode)
            }
            StatusCode::CONFLICT => Err(DoorError::NotOpen),
            status => Err(DoorError::Broken(refusal(status))),
        }
    }

    async fn take(&self, answer: Response) -> Result<Handed, DoorError> {
        let broken = |error: &dyn std::fmt::Display| {
            DoorError::Broken(format!("the arena's answer cannot be read: {error}"))
        };
        let text = answer.text().await.map_err(|error| broken(&error))?;
        let body: Body = serde_json::from_str(&text).map_err(|error| broken(&error))?;
        *self.lock() = Some(Standing {
            episode: body.episode.clone(),
            turn: body.turn,
            answered: false,
            over: body.message["type"] == "end",
        });
        Ok(Handed {
            episode: body.episode,
            turn: body.turn,
            message: body.message.to_string().into(),
        })
    }

    /// Notes a reply before it is sent, so that no other call answers the same turn.
    fn answer(&self, episode: &str, turn: u32) -> Result<(), DoorError> {
        match self.lock().as_mut() {
            Some(at) if at.episode == episode && at.turn == turn && !at.answered => {
                at.answered = true;
                Ok(())
            }
            _ => Err(DoorError::NotOpen),
        }
    }

    fn reopen(&self, episode: &str, turn: u32) {
        if let Some(at) = self.lock().as_mut()
            && at.episode == episode
            && at.turn == turn
        {
            at.answered = false;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Standing>> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refusal(status: StatusCode) -> String {
    if status == StatusCode::UNAUTHORIZED {
        return "the arena refuses the token: it must be that of a remote agent, as \
                `agentarena agents secret` prints it"
            .to_owned();
    }
    format!("the arena answered {status}")
}

#[async_trait]
impl Door for Caller {
    async fn standing(&self) -> Option<Standing> {
        self.lock().clone()
    }

    async fn claim(&self, wait: Duration) -> Result<Option<Handed>, DoorError> {
        let worker = Some(("worker", self.worker.as_str()));
        self.send(self.request(Method::POST, &["claim"], worker, wait)?)
            .await
    }

    async fn next(
        &self,
        episode: &str,
        after: u32,
        wait: Duration,
    ) -> Result<Option<Handed>, DoorError> {
        let after = after.to_string();
        let path = ["episodes", episode];
        self.send(self.request(Method::GET, &path, Some(("after", &after)), wait)?)
            .await
    }

    async fn reply(&self, episode: &str, turn: u32, text: String) -> Result<(), DoorError> {
        let number = turn.to_string();
        let path = ["episodes", episode, "turns", &number];
        let request = self.request(Method::POST, &path, None, Duration::ZERO)?;
        self.answer(episode, turn)?;
        match self.send(request.body(text)).await {
            Ok(_) => Ok(()),
            Err(error) => {
                // Whether it arrived is not known; the arena refuses a second reply to a turn.
                self.reopen(episode, turn);
                Err(error)
            }
        }
    }
}
