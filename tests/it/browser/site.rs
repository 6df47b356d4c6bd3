//! A tiny web server with the fixture pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const PAGES: &[(&str, &str)] = &[
    ("/shapes", include_str!("../fixtures/shapes.html")),
    ("/form", include_str!("../fixtures/form.html")),
    ("/events", include_str!("../fixtures/events.html")),
    ("/plain", include_str!("../fixtures/plain.html")),
    ("/storage", include_str!("../fixtures/storage.html")),
    ("/forbidden/page", include_str!("../fixtures/plain.html")),
    ("/entry", include_str!("../fixtures/plain.html")),
    ("/alone", include_str!("../fixtures/plain.html")),
    ("/slow", "slow answer"),
    ("/leaks", include_str!("../fixtures/leaks.html")),
    ("/guard", include_str!("../fixtures/guard.html")),
    ("/kinds", include_str!("../fixtures/kinds.html")),
    ("/hands", include_str!("../fixtures/hands.html")),
    ("/turbulence", include_str!("../fixtures/turbulence.html")),
    ("/restless", include_str!("../fixtures/restless.html")),
    ("/hang", include_str!("../fixtures/hang.html")),
    (
        "/worker.js",
        "self.addEventListener('install', () => self.skipWaiting());\n\
         self.addEventListener('activate', e => e.waitUntil(clients.claim()));\n\
         self.addEventListener('fetch', () => {});",
    ),
    (
        "/shared.js",
        "let count = 0; onconnect = e => { const p = e.ports[0]; \
         p.onmessage = () => p.postMessage(++count); p.start(); };",
    ),
    ("/download", "a,b\n1,2\n"),
];

/// The server; it ends with the runtime of its test.
#[derive(Clone)]
pub struct Site {
    /// `http://127.0.0.1:<port>`.
    pub origin: String,
    hits: Arc<Mutex<HashMap<String, usize>>>,
}

impl Site {
    /// Listens on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let hits = Arc::default();
        let site = Self { origin, hits };
        let server = site.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                tokio::spawn(async move { server.serve(stream).await });
            }
        });
        site
    }

    /// A page's address.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// How often a path was asked for.
    pub fn hits(&self, path: &str) -> usize {
        self.hits
            .lock()
            .expect("no panic")
            .get(path)
            .copied()
            .unwrap_or(0)
    }

    async fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !request.windows(4).any(|part| part == b"\r\n\r\n") {
            match stream.read(&mut buffer).await.ok()? {
                0 => return None,
                count => request.extend_from_slice(&buffer[..count]),
            }
        }
        let text = String::from_utf8_lossy(&request).into_owned();
        let target = text.split_whitespace().nth(1)?;
        let path = target.split('?').next()?.to_owned();
        *self
            .hits
            .lock()
            .expect("no panic")
            .entry(path.clone())
            .or_default() += 1;
        if path == "/slow" {
            // Slower than the quiet time, so that settling has to wait for the answer.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        if let Some(to) = target.strip_prefix("/redirect?to=") {
            let head = format!(
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.ok()?;
            return stream.shutdown().await.ok();
        }
        let counted = self.hits(&path).to_string();
        let page = PAGES.iter().find(|(known, _)| *known == path);
        let (status, body) = match page {
            Some((_, body)) => ("200 OK", *body),
            // How often it was asked for: the same again means that it came from a cache.
            None if path == "/cached" => ("200 OK", counted.as_str()),
            None => ("404 Not Found", "nothing"),
        };
        let kind = match path.as_str() {
            "/worker.js" | "/shared.js" => "text/javascript",
            "/alone" => "text/html\r\nCross-Origin-Opener-Policy: same-origin",
            "/download" => "text/csv\r\nContent-Disposition: attachment; filename=\"secrets.csv\"",
            _ => "text/html; charset=utf-8",
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             Cache-Control: max-age=60\r\nConnection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await.ok()?;
        stream.shutdown().await.ok()
    }
}
