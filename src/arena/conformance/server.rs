//! Serves the pages of one case at a time on a port of this machine: only what a recorded page
//! needs of HTTP.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

/// Longest request line or header that is read.
const LONGEST_LINE: usize = 64 * 1024;

/// The server.
pub(super) struct PageServer {
    address: SocketAddr,
    pages: Arc<Mutex<Vec<(String, Value)>>>,
    accepting: JoinHandle<()>,
}

impl PageServer {
    /// Listens on a free port.
    pub(super) async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let pages: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let shared = Arc::clone(&pages);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let pages = Arc::clone(&shared);
                tokio::spawn(async move {
                    if let Err(error) = answer(stream, &pages).await {
                        tracing::debug!(%error, "a request for a recorded page broke off");
                    }
                });
            }
        });
        Ok(Self {
            address,
            pages,
            accepting,
        })
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Serves these pages from now on, each as a case describes it.
    pub(super) fn serve(&self, pages: &Value) {
        let pages = pages.as_array().into_iter().flatten();
        let pages = pages.filter_map(|page| Some((key(page["url"].as_str()?)?, page.clone())));
        *self.pages.lock().unwrap_or_else(PoisonError::into_inner) = pages.collect();
    }

    pub(super) fn stop(&self) {
        self.accepting.abort();
    }
}

/// Path and query as a browser asks for them.
fn key(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    })
}

async fn answer(stream: TcpStream, pages: &Mutex<Vec<(String, Value)>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let mut read = first.len();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 && read < LONGEST_LINE {
        read += line.len();
        line.clear();
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let page = find(
        target,
        &pages.lock().unwrap_or_else(PoisonError::into_inner),
    );
    stream.get_mut().write_all(&response(page.as_ref())).await?;
    stream.get_mut().shutdown().await
}

/// The page of this path and query, else of this path.
fn find(target: &str, pages: &[(String, Value)]) -> Option<Value> {
    let path = target.split('?').next().unwrap_or_default();
    let exact = pages.iter().find(|(key, _)| key == target);
    let by_path = || {
        pages
            .iter()
            .find(|(key, _)| key.split('?').next() == Some(path))
    };
    exact.or_else(by_path).map(|(_, page)| page.clone())
}

fn response(page: Option<&Value>) -> Vec<u8> {
    let none = Value::Null;
    let page = page.unwrap_or(&none);
    let status = page["status"].as_u64().unwrap_or(404);
    let kind = page["content_type"]
        .as_str()
        .unwrap_or("text/plain; charset=utf-8");
    let body = page["body"].as_str().unwrap_or("not found");
    let mut head = format!(
        "HTTP/1.1 {status} Recorded\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Connection: close\r\n",
        body.len()
    );
    for (name, value) in page["headers"].as_object().into_iter().flatten() {
        if let Some(value) = value.as_str() {
            let _ = write!(head, "{name}: {value}\r\n");
        }
    }
    format!("{head}\r\n{body}").into_bytes()
}
