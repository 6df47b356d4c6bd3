//! A connection to the DevTools interface of a browser: calls with answers, and events.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum CallError {
    /// The browser refused.
    #[error("{method}: {message}")]
    Refused {
        /// The command.
        method: String,
        /// What the browser said.
        message: String,
    },
    /// The connection is gone.
    #[error("the connection to the browser is closed")]
    Closed,
    /// No answer in time.
    #[error("{0} was not answered in time")]
    Timeout(String),
}

/// An event of the browser.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Event {
    /// Its name, e.g. `Page.frameNavigated`.
    pub(super) method: String,
    /// What happened.
    #[serde(default)]
    pub(super) params: Value,
    /// The target's session; absent for the browser itself.
    #[serde(rename = "sessionId")]
    pub(super) session: Option<String>,
}

#[derive(Deserialize)]
struct Reply {
    id: u64,
    result: Option<Value>,
    error: Option<ReplyError>,
}

#[derive(Deserialize)]
struct ReplyError {
    message: String,
}

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Result<Value, String>>>>>;
type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// The connection. Clones share it; it closes when the last is gone.
#[derive(Clone)]
pub(super) struct Devtools {
    inner: Arc<Inner>,
}

struct Inner {
    outgoing: mpsc::UnboundedSender<String>,
    waiting: Waiting,
    next_id: Arc<AtomicU64>,
    closed: CancellationToken,
    timeout: Duration,
    _end: DropGuard,
}

/// A message that an event calls for; its answer does not matter.
#[derive(Debug)]
pub(super) struct Reaction {
    pub(super) session: Option<String>,
    pub(super) method: &'static str,
    pub(super) params: Value,
}

/// Takes in the events of a browser.
pub(super) trait Listener: Send + 'static {
    /// Takes in an event and says what to do about it.
    fn on_event(&self, event: &Event) -> Vec<Reaction>;

    /// Called when that is on its way: whoever waited for the event may go on.
    fn handled(&self);
}

impl Devtools {
    /// Connects to the browser's socket at `url`. Every event goes to `listener`, in order and
    /// before the answer of any later call. What it answers is sent at once, before anything that
    /// a caller sends because of the event.
    pub(super) async fn connect(
        url: &str,
        timeout: Duration,
        listener: impl Listener,
    ) -> Result<Self, String> {
        // A page's whole accessibility tree comes as one message, however large.
        let config = WebSocketConfig::default()
            .max_message_size(None)
            .max_frame_size(None);
        let connecting = tokio_tungstenite::connect_async_with_config(url, Some(config), true);
        let (socket, _) = tokio::time::timeout(timeout, connecting)
            .await
            .map_err(|_| format!("{url} does not answer"))?
            .map_err(|error| format!("{url}: {error}"))?;
        let (outgoing, queue) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        let closed = CancellationToken::new();
        let end = CancellationToken::new();
        let next_id = Arc::new(AtomicU64::new(0));
        let reader = Reader {
            waiting: Arc::clone(&waiting),
            outgoing: outgoing.clone(),
            next_id: Arc::clone(&next_id),
            listener,
        };
        tokio::spawn(run(socket, queue, end.clone(), closed.clone(), reader));
        Ok(Self {
            inner: Arc::new(Inner {
                outgoing,
                waiting,
                next_id,
                closed,
                timeout,
                _end: end.drop_guard(),
            }),
        })
    }

    /// Whether the browser closed the connection.
    pub(super) fn is_closed(&self) -> bool {
        self.inner.closed.is_cancelled()
    }

    /// Resolves when the connection is closed.
    pub(super) async fn closed(&self) {
        self.inner.closed.cancelled().await;
    }

    /// Calls a command of the browser, or of the target of `session`.
    pub(super) async fn call(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> Result<Value, CallError> {
        self.ask(session, method, params).await
    }

    /// The same, but the command is on its way when this returns, and the answer can be awaited
    /// later and elsewhere.
    pub(super) fn ask(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> impl Future<Output = Result<Value, CallError>> + Send + use<> {
        let sent = self.send(session, method, params);
        let (timeout, method) = (self.inner.timeout, method.to_owned());
        async move {
            match tokio::time::timeout(timeout, sent?).await {
                Err(_) => Err(CallError::Timeout(method)),
                Ok(Err(_)) => Err(CallError::Closed),
                Ok(Ok(Ok(result))) => Ok(result),
                Ok(Ok(Err(message))) => Err(CallError::Refused { method, message }),
            }
        }
    }

    /// Sends a command whose answer does not matter.
    pub(super) fn notify(&self, session: Option<&str>, method: &str, params: &Value) {
        if self.send(session, method, params).is_err() {
            tracing::debug!(method, "the browser is gone");
        }
    }

    fn send(
        &self,
        session: Option<&str>,
        method: &str,
        params: &Value,
    ) -> Result<oneshot::Receiver<Result<Value, String>>, CallError> {
        let id = self.inner.next_id.fetch_add(1, Ordering::Relaxed);
        let message = message(id, session, method, params);
        let (answer, receiver) = oneshot::channel();
        lock(&self.inner.waiting).insert(id, answer);
        // The reader empties `waiting` once when it ends; a later entry must not wait for ever.
        if self.is_closed() || self.inner.outgoing.send(message).is_err() {
            lock(&self.inner.waiting).remove(&id);
            return Err(CallError::Closed);
        }
        Ok(receiver)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn message(id: u64, session: Option<&str>, method: &str, params: &Value) -> String {
    let mut message = json!({"id": id, "method": method, "params": params});
    if let Some(session) = session {
        message["sessionId"] = session.into();
    }
    message.to_string()
}

async fn run(
    socket: Socket,
    mut queue: mpsc::UnboundedReceiver<String>,
    end: CancellationToken,
    closed: CancellationToken,
    reader: Reader<impl Listener>,
) {
    let (mut sink, mut stream) = socket.split();
    loop {
        tokio::select! {
            () = end.cancelled() => break,
            Some(message) = queue.recv() => {
                if sink.send(Message::text(message)).await.is_err() {
                    break;
                }
            }
            received = stream.next() => match received {
                Some(Ok(Message::Text(text))) => reader.deliver(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    closed.cancel();
    // Dropping the senders tells every caller that the connection is gone.
    lock(&reader.waiting).clear();
    reader.listener.handled();
}

/// A message of the browser. Texts of pages may hold halves of characters, which JSON can write
/// down but no text holds: they are replaced.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| match well_formed(text) {
        Some(text) => serde_json::from_str(&text),
        None => Err(error),
    })
}

/// JSON with U+FFFD for every escaped half of a character (a lone surrogate: RFC 8259, section
/// 8.2); none when there is no such.
fn well_formed(json: &str) -> Option<String> {
    let unit = |at: usize| -> Option<u16> {
        let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok()
    };
    let (mut out, mut done, mut at) = (String::new(), 0, 0);
    while let Some(next) = json.get(at..).and_then(|rest| rest.find('\\')) {
        at += next;
        let length = match unit(at) {
            None => 2,
            Some(0xD800..=0xDBFF) if matches!(unit(at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(0xD800..=0xDFFF) => {
                out.push_str(&json[done..at]);
                out.push_str("\\uFFFD");
                done = at + 6;
                6
            }
            Some(_) => 6,
        };
        at += length;
    }
    (done > 0).then(|| out + &json[done..])
}

/// The id that an answer begins with.
fn id_of(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("{\"id\":")?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    digits[..end].parse().ok()
}

/// What takes in the browser's messages.
struct Reader<L> {
    waiting: Waiting,
    outgoing: mpsc::UnboundedSender<String>,
    next_id: Arc<AtomicU64>,
    listener: L,
}

impl<L: Listener> Reader<L> {
    fn deliver(&self, text: &str) {
        // Answers begin with their id; anything else is an event.
        if text.starts_with("{\"id\"") {
            self.answered(text);
            return;
        }
        let event = match read::<Event>(text) {
            Ok(event) => event,
            Err(error) => {
                tracing::warn!(%error, "an event of the browser cannot be read");
                return;
            }
        };
        for reaction in self.listener.on_event(&event) {
            let id = self.next_id.fetch_add(1, Ordering::Relaxed);
            let session = reaction.session.as_deref();
            let message = message(id, session, reaction.method, &reaction.params);
            if self.outgoing.send(message).is_err() {
                tracing::debug!("the browser is closing");
            }
        }
        self.listener.handled();
    }

    fn answered(&self, text: &str) {
        let (id, answer) = match read::<Reply>(text) {
            Ok(reply) => {
                let answer = match reply.error {
                    Some(error) => Err(error.message),
                    None => Ok(reply.result.unwrap_or(Value::Null)),
                };
                (reply.id, answer)
            }
            Err(error) => {
                tracing::warn!(%error, "an answer of the browser cannot be read");
                let Some(id) = id_of(text) else { return };
                (id, Err(format!("its answer cannot be read: {error}")))
            }
        };
        let waiter = lock(&self.waiting).remove(&id);
        if let Some(waiter) = waiter {
            // The caller may have given up; then nobody wants the answer.
            drop(waiter.send(answer));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_characters_are_replaced_and_nothing_else() {
        let read = |json: &str| read::<String>(json).unwrap();
        assert_eq!(read(r#""a\ud83d""#), "a\u{fffd}");
        assert_eq!(
            read(r#""\udc00\ud83d\ude00 \ud83d\n""#),
            "\u{fffd}\u{1f600} \u{fffd}\n"
        );
        assert_eq!(read(r#""\\ud83d \ud83d""#), "\\ud83d \u{fffd}");
        assert_eq!(well_formed(r#""\ud83d\ude00 \u00e9 \\ud83d""#), None);
    }

    #[test]
    fn an_answer_says_whom_it_is_for() {
        assert_eq!(id_of(r#"{"id":17,"result":{"#), Some(17));
        assert_eq!(id_of(r#"{"id":"x"}"#), None);
        assert_eq!(id_of("{}"), None);
    }
}
