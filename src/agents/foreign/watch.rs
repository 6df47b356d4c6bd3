//! Looks on while messages go to a foreign agent and replies come back, so that what is tried can
//! be shown as it was said.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;

use crate::agents::foreign::{Channel, ChannelError};

/// One message and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The message.
    pub sent: String,
    /// The reply as it came, or why there is none.
    pub reply: Result<String, String>,
    /// From sending to reply.
    pub took: Duration,
}

/// The exchanges on watched ways, in order.
#[derive(Clone, Default)]
pub struct TurnLog(Arc<Mutex<Vec<Exchange>>>);

impl TurnLog {
    /// The same way, its exchanges seen.
    pub fn watch(&self, channel: Box<dyn Channel>) -> Box<dyn Channel> {
        let log = self.clone();
        Box::new(Watched { log, channel })
    }

    /// The exchanges so far.
    pub fn turns(&self) -> Vec<Exchange> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

struct Watched {
    log: TurnLog,
    channel: Box<dyn Channel>,
}

#[async_trait]
impl Channel for Watched {
    async fn ask(&mut self, message: &str) -> Result<String, ChannelError> {
        let begun = Instant::now();
        let reply = self.channel.ask(message).await;
        let exchange = Exchange {
            sent: message.to_owned(),
            reply: match &reply {
                Ok(text) => Ok(text.clone()),
                Err(error) => Err(error.to_string()),
            },
            took: begun.elapsed(),
        };
        let mut log = self.log.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(exchange);
        drop(log);
        reply
    }

    async fn close(&mut self, message: &str) -> Option<String> {
        self.channel.close(message).await
    }
}
