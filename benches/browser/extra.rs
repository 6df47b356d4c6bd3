//! What the peer's observation consists of, taken over a socket of the bench's own: the DOM
//! snapshot with boxes and paint order, and Chromium's full accessibility tree.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use agentarena::browser::BrowserError;
use anyhow::Context as _;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// A socket to the browser under test beside the arena's own.
pub struct Extra {
    profiles: PathBuf,
    /// None until it is first needed, and after the browser was replaced.
    wire: Mutex<Option<Wire>>,
}

struct Wire {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    last_id: u64,
    /// Session by target.
    sessions: HashMap<String, String>,
}

impl Extra {
    /// For the one browser whose profile is below `profiles`.
    pub fn new(profiles: &Path) -> Self {
        Self {
            profiles: profiles.to_owned(),
            wire: Mutex::default(),
        }
    }

    /// Takes both of the page that shows this address.
    pub async fn take(&self, url: &str) -> Result<(), BrowserError> {
        let mut kept = self.wire.lock().await;
        if let Some(wire) = kept.as_mut()
            && wire.take(url).await.is_ok()
        {
            return Ok(());
        }
        let taken = async {
            let mut wire = Wire::connect(&self.profiles).await?;
            wire.take(url).await?;
            anyhow::Ok(wire)
        };
        let wire = taken.await.map_err(|error| {
            BrowserError::Protocol(format!("the bench's own socket: {error:#}"))
        })?;
        *kept = Some(wire);
        Ok(())
    }
}

impl Wire {
    async fn connect(profiles: &Path) -> anyhow::Result<Self> {
        let file = port_file(profiles).context("no browser with a DevTools port was found")?;
        let text = std::fs::read_to_string(&file)?;
        let (port, path) = text.split_once('\n').context("the browser names no path")?;
        let url = format!("ws://127.0.0.1:{port}{}", path.trim());
        let (socket, _) = tokio_tungstenite::connect_async(&url).await?;
        Ok(Self {
            socket,
            last_id: 0,
            sessions: HashMap::new(),
        })
    }

    async fn take(&mut self, url: &str) -> anyhow::Result<()> {
        let target = self.target(url).await?;
        let session = self.session(&target).await?;
        let what = json!({
            "computedStyles": [], "includeDOMRects": true, "includePaintOrder": true,
        });
        self.send("DOMSnapshot.captureSnapshot", what, Some(&session))
            .await?;
        self.send("Accessibility.getFullAXTree", json!({}), Some(&session))
            .await?;
        Ok(())
    }

    /// The newest page with this address.
    async fn target(&mut self, url: &str) -> anyhow::Result<String> {
        let listed = self.send("Target.getTargets", json!({}), None).await?;
        let targets = listed["targetInfos"].as_array().context("no targets")?;
        let found = targets.iter().find(|target| target["url"] == url);
        let id = found.and_then(|target| target["targetId"].as_str());
        Ok(id
            .with_context(|| format!("no page shows {url}"))?
            .to_owned())
    }

    async fn session(&mut self, target: &str) -> anyhow::Result<String> {
        if let Some(session) = self.sessions.get(target) {
            return Ok(session.clone());
        }
        let what = json!({ "targetId": target, "flatten": true });
        let attached = self.send("Target.attachToTarget", what, None).await?;
        let session = attached["sessionId"].as_str().context("no session")?;
        self.sessions.insert(target.to_owned(), session.to_owned());
        Ok(session.to_owned())
    }

    async fn send(
        &mut self,
        method: &str,
        params: Value,
        session: Option<&str>,
    ) -> anyhow::Result<Value> {
        self.last_id += 1;
        let mut message = json!({ "id": self.last_id, "method": method, "params": params });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        self.socket.send(Message::text(message.to_string())).await?;
        while let Some(answer) = self.socket.next().await {
            let Message::Text(text) = answer? else {
                continue;
            };
            let mut answer: Value = serde_json::from_str(&text)?;
            if answer["id"] != self.last_id {
                continue;
            }
            if !answer["error"].is_null() {
                anyhow::bail!("{method}: {}", answer["error"]);
            }
            return Ok(answer["result"].take());
        }
        anyhow::bail!("the browser closed the connection")
    }
}

/// The file in which a browser says where it listens.
fn port_file(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?;
    entries.flatten().find_map(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return port_file(&path);
        }
        (entry.file_name() == "DevToolsActivePort").then_some(path)
    })
}
