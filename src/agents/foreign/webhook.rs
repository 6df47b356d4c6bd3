//! An agent behind an address: every message is one signed POST, its body the reply. Signatures
//! follow Standard Webhooks (<https://www.standardwebhooks.com>, section "Verifying signatures").

use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use uuid::Uuid;

use crate::agents::foreign::{Channel, ChannelError, Fault, ForeignOptions, MAX_REPLY_BYTES};
use crate::domain::time::Timestamp;
use crate::llm::outbound::{self, innermost};
use crate::vault::webhook::SigningSecret;

/// Pauses before a message is sent again that perhaps never arrived.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(2)];

/// How long the message of the end may take. Nobody waits for what it brings.
const END_TIMEOUT: Duration = Duration::from_secs(2);

/// The way to an agent behind an address.
pub struct Webhook {
    http: reqwest::Client,
    url: url::Url,
    secret: SigningSecret,
    timeout: Duration,
    /// Whether any message has reached it.
    reached: bool,
    /// What became of the message of the end, when it was not taken.
    end: Option<String>,
}

/// Why one sending brought no reply.
enum Miss {
    /// No connection: it saw nothing of this message.
    NotSent(String),
    /// It, or what stands before it, said that it may go better in a moment.
    Busy(String),
    /// It will not go better.
    Final(String),
}

impl Webhook {
    /// Checks the address; nothing is sent yet.
    pub fn new(
        url: &str,
        secret: SigningSecret,
        allow_private: bool,
        options: &ForeignOptions,
    ) -> Result<Self, String> {
        let url = outbound::check_url(url, allow_private).map_err(|error| error.to_string())?;
        let http = outbound::client(allow_private).map_err(|error| error.to_string())?;
        Ok(Self {
            http,
            url,
            secret,
            timeout: options.turn_timeout,
            reached: false,
            end: None,
        })
    }

    async fn post(&mut self, id: &str, message: &str) -> Result<String, Miss> {
        let at = Timestamp::now().as_seconds();
        let request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", self.secret.sign(id, at, message))
            .body(message.to_owned());
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_connect() => {
                return Err(Miss::NotSent(format!(
                    "no connection to the agent: {}",
                    innermost(&error)
                )));
            }
            Err(error) => {
                self.reached = true;
                return Err(Miss::Busy(format!(
                    "the agent's answer broke off: {}",
                    innermost(&error)
                )));
            }
        };
        self.reached = true;
        let status = response.status();
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > MAX_REPLY_BYTES => {
                    return Err(Miss::Final(format!(
                        "the agent's reply is longer than {MAX_REPLY_BYTES} bytes"
                    )));
                }
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => {
                    return Err(Miss::Busy(format!(
                        "the agent's answer broke off: {}",
                        innermost(&error)
                    )));
                }
            }
        }
        let text = String::from_utf8_lossy(&body).into_owned();
        if status.is_success() {
            return Ok(text);
        }
        let said: String = text.trim().chars().take(300).collect();
        let colon = if said.is_empty() { "" } else { ": " };
        let why = format!("the agent answered {status}{colon}{said}");
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => Miss::Busy(why),
            _ => Miss::Final(why),
        })
    }

    /// One sending, within the time for a turn.
    async fn send(&mut self, id: &str, message: &str) -> Result<String, Miss> {
        let timeout = self.timeout;
        match tokio::time::timeout(timeout, self.post(id, message)).await {
            Ok(sent) => sent,
            Err(_) => {
                // It may have got the message and be silent.
                self.reached = true;
                let ms = timeout.as_millis();
                Err(Miss::Final(format!(
                    "the agent did not answer within {ms} ms"
                )))
            }
        }
    }
}

#[async_trait]
impl Channel for Webhook {
    async fn ask(&mut self, message: &str) -> Result<String, ChannelError> {
        // The same for each sending, so that an agent can tell a repeat.
        let id = new_id();
        let mut pauses = PAUSES.iter();
        loop {
            let (why, again) = match self.send(&id, message).await {
                Ok(reply) => return Ok(reply),
                Err(Miss::NotSent(why) | Miss::Busy(why)) => (why, pauses.next()),
                Err(Miss::Final(why)) => (why, None),
            };
            match again {
                Some(pause) => tokio::time::sleep(*pause).await,
                // Only who has seen nothing of the task cannot have chosen to be silent.
                None if self.reached => return Err(ChannelError::Broken(why)),
                None => return Err(ChannelError::Unreachable(why)),
            }
        }
    }

    async fn close(&mut self, message: &str) -> Option<String> {
        if !self.reached {
            return None;
        }
        let why = match tokio::time::timeout(END_TIMEOUT, self.post(&new_id(), message)).await {
            Ok(Ok(_)) => return None,
            Ok(Err(Miss::NotSent(why) | Miss::Busy(why) | Miss::Final(why))) => why,
            Err(_) => "the agent did not answer in time".to_owned(),
        };
        tracing::debug!(why, "a webhook did not take the end of its episode");
        self.end = Some(why);
        None
    }

    fn faults(&mut self) -> Vec<Fault> {
        let told = "answer the end with 200 or 204";
        let end = self.end.take();
        end.map(|why| Fault::End(format!("{why}; {told}")))
            .into_iter()
            .collect()
    }
}

fn new_id() -> String {
    format!("msg_{}", Uuid::now_v7().simple())
}
