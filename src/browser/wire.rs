//! Commands to one browser: WebDriver for windows, mouse and keyboard; DevTools commands for the
//! rest, over the browser's own socket where there is one, else through the driver's vendor
//! command.

use std::time::Duration;

use fantoccini::Client;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::http;

use super::BrowserError;
use super::devtools::{CallError, Devtools};
use super::options::BrowserOptions;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    /// The browser refused this command; the browser itself is well.
    #[error("{0}")]
    Refused(String),
    /// A dialog was open.
    #[error("a dialog of the page was open")]
    DialogOpen,
    /// The browser is no longer usable.
    #[error(transparent)]
    Fatal(BrowserError),
}

impl From<WireError> for BrowserError {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Fatal(fatal) => fatal,
            other => Self::Protocol(other.to_string()),
        }
    }
}

impl From<CallError> for WireError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused { .. } => Self::Refused(error.to_string()),
            CallError::Closed => Self::Fatal(BrowserError::Gone(error.to_string())),
            CallError::Timeout(_) => Self::Fatal(BrowserError::Timeout(error.to_string())),
        }
    }
}

/// The ways to one browser.
pub(super) struct Wire {
    pub(super) client: Client,
    pub(super) devtools: Option<Devtools>,
    /// Longest wait for an answer.
    pub(super) timeout: Duration,
    /// The window that the driver's commands go to; held while one is under way.
    window: tokio::sync::Mutex<String>,
}

impl Wire {
    pub(super) fn new(
        client: Client,
        devtools: Option<Devtools>,
        options: &BrowserOptions,
    ) -> Self {
        Self {
            client,
            devtools,
            timeout: options.command_timeout,
            window: tokio::sync::Mutex::default(),
        }
    }

    /// A WebDriver command to one window. Episodes share the driver's session, which has one
    /// current window, so switching and command are one.
    pub(super) async fn in_window(
        &self,
        window: &str,
        method: &'static str,
        path: &'static str,
        body: Value,
    ) -> Result<Value, WireError> {
        let mut current = self.window.lock().await;
        if *current != window {
            let handle = json!({"handle": window});
            self.webdriver("POST", "window", handle).await?;
            window.clone_into(&mut current);
        }
        self.webdriver(method, path, body).await
    }

    /// A WebDriver command of the session, e.g. `POST actions`.
    pub(super) async fn webdriver(
        &self,
        method: &'static str,
        path: &'static str,
        body: Value,
    ) -> Result<Value, WireError> {
        let command = Command { method, path, body };
        match tokio::time::timeout(self.timeout, self.client.issue_cmd(command)).await {
            Ok(answer) => answer.map_err(|error| from_webdriver(path, &error)),
            Err(_) => Err(WireError::Fatal(BrowserError::Timeout(format!(
                "{method} {path} had no answer within {} s",
                self.timeout.as_secs_f32()
            )))),
        }
    }

    /// A DevTools command to the browser; only over the socket.
    pub(super) async fn browser(&self, method: &str, params: Value) -> Result<Value, WireError> {
        let Some(devtools) = &self.devtools else {
            return Err(WireError::Refused(format!(
                "{method} needs the browser's own socket"
            )));
        };
        Ok(devtools.call(None, method, &params).await?)
    }
}

fn from_webdriver(path: &str, error: &CmdError) -> WireError {
    match error {
        CmdError::Standard(standard) => {
            let kind = standard.error();
            // The driver adds a stack trace after the first line.
            let message = standard
                .message
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            match kind.as_str() {
                "unexpected alert open" => WireError::DialogOpen,
                "invalid session id" => WireError::Fatal(BrowserError::Gone(message)),
                "timeout" | "script timeout" => WireError::Fatal(BrowserError::Timeout(message)),
                _ if is_death(&message) => WireError::Fatal(BrowserError::Gone(message)),
                kind => WireError::Refused(format!("{path}: {kind}: {message}")),
            }
        }
        CmdError::Failed(_) | CmdError::FailedC(_) | CmdError::Lost(_) => {
            WireError::Fatal(BrowserError::Gone(format!("{path}: {error}")))
        }
        other => WireError::Refused(format!("{path}: {other}")),
    }
}

/// chromedriver has no error code for a browser that died, only these words.
fn is_death(message: &str) -> bool {
    [
        "disconnected",
        "not reachable",
        "crashed",
        "session deleted",
    ]
    .iter()
    .any(|word| message.contains(word))
}

#[derive(Debug)]
struct Command {
    method: &'static str,
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(
        &self,
        base_url: &url::Url,
        session_id: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base_url.join(&format!(
            "session/{}/{}",
            session_id.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _request_url: &url::Url) -> (http::Method, Option<String>) {
        match self.method {
            "GET" => (http::Method::GET, None),
            "DELETE" => (http::Method::DELETE, None),
            _ => (http::Method::POST, Some(self.body.to_string())),
        }
    }
}
