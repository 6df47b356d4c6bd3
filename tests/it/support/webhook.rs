//! A webhook that answers from a script over real HTTP, faults included.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One scripted answer.
#[derive(Clone)]
pub enum Answer {
    /// 200 with this body.
    Reply(String),
    /// A status with an empty body.
    Status(u16),
    /// The head of an answer, then the end of the connection.
    Cut,
    /// Nothing, until the caller gives up.
    Silence,
}

/// A request as the webhook saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Headers with names in lower case.
    pub headers: HashMap<String, String>,
    /// The body.
    pub body: String,
}

/// The webhook; it ends when dropped.
pub struct WebhookServer {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl WebhookServer {
    /// Answers with the script in order, then with `last` for ever.
    pub async fn start(script: impl IntoIterator<Item = Answer>, last: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/turn", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(script.into_iter().collect::<VecDeque<_>>()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            // Ends with the server: whoever was left waiting sees the connection close.
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (script, last, log) = (Arc::clone(&script), last.clone(), Arc::clone(&log));
                open.spawn(async move {
                    let _ = serve(stream, &script, last, &log).await;
                });
            }
        });
        Self { url, seen, task }
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Closes the port at once.
    pub async fn stop(mut self) -> String {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.url.clone()
    }
}

impl Drop for WebhookServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    mut stream: TcpStream,
    script: &Mutex<VecDeque<Answer>>,
    last: Answer,
    log: &Mutex<Vec<Seen>>,
) -> std::io::Result<()> {
    let mut read = Vec::new();
    let mut buffer = vec![0; 16 * 1024];
    let end = loop {
        if let Some(at) = read.windows(4).position(|part| part == b"\r\n\r\n") {
            break at;
        }
        let length = stream.read(&mut buffer[..]).await?;
        if length == 0 {
            return Ok(());
        }
        read.extend_from_slice(&buffer[..length]);
    };
    let head = String::from_utf8_lossy(&read[..end]).into_owned();
    let headers: HashMap<String, String> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers["content-length"].parse().unwrap();
    while read.len() < end + 4 + length {
        let more = stream.read(&mut buffer[..]).await?;
        if more == 0 {
            return Ok(());
        }
        read.extend_from_slice(&buffer[..more]);
    }
    let body = String::from_utf8_lossy(&read[end + 4..]).into_owned();
    log.lock().unwrap().push(Seen { headers, body });
    let answer = script.lock().unwrap().pop_front().unwrap_or(last);
    let (status, body) = match answer {
        Answer::Reply(body) => (200, body),
        Answer::Status(status) => (status, String::new()),
        Answer::Cut => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"action\"";
            stream.write_all(head).await?;
            return stream.shutdown().await;
        }
        Answer::Silence => return std::future::pending().await,
    };
    let text = format!(
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}
