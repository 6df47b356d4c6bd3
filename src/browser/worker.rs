//! One warm browser with its driver and its WebDriver session. It serves one episode at a time,
//! each in a browser context of its own, which shares nothing with any other: cookies, storage,
//! caches and workers go with it.

use std::path::Path;
use std::time::Duration;

use fantoccini::ClientBuilder;
use fantoccini::wd::Capabilities;
use serde_json::{Map, Value, json};

use super::devtools::Devtools;
use super::driver::Driver;
use super::options::{BrowserOptions, VIEWPORT};
use super::policy::DEAD_PROXY;
use super::tracker::{Reaction, Tracker, prepare_tab};
use super::wire::{Wire, WireError};
use super::{BrowserError, NavigationPolicy};

/// Least patience with a browser that starts: on a busy machine that takes far longer than any
/// command of a browser that runs.
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// Where a worker's session runs.
pub(super) enum Place<'a> {
    /// A driver that we start, with a browser of this machine.
    Local {
        /// The driver program.
        driver: &'a Path,
        /// The browser program.
        browser: &'a Path,
    },
    /// A WebDriver server elsewhere.
    Remote(&'a str),
}

/// A browser context with one empty tab.
struct Context {
    id: String,
    target: String,
    session: String,
    policy: NavigationPolicy,
}

/// One warm browser.
pub(super) struct Worker {
    pub(super) wire: Wire,
    pub(super) tracker: Tracker,
    /// Product and version of browser and driver.
    pub(super) version: String,
    /// Why the browser's own socket is not used; none when it is.
    pub(super) no_socket: Option<String>,
    /// Episodes served.
    pub(super) served: u32,
    driver: Option<Driver>,
    prepared: Option<Context>,
    open: Option<String>,
}

impl Worker {
    /// Starts driver, browser and session. `policy` binds the whole browser when contexts cannot
    /// be made, so such a worker serves one episode only.
    pub(super) async fn start(
        place: Place<'_>,
        options: &BrowserOptions,
        policy: &NavigationPolicy,
    ) -> Result<Self, BrowserError> {
        let (driver, url, browser) = match place {
            Place::Local { driver, browser } => {
                let driver = Driver::start(driver, &options.profiles_dir).await?;
                let url = driver.url();
                (Some(driver), url, Some(browser))
            }
            Place::Remote(url) => (None, url.to_owned(), None),
        };
        let tracker = Tracker::new();
        let wanted = capabilities(browser, policy, browser.is_some());
        let mut client = new_session(&url, wanted, options).await?;
        let mut known = client.capabilities().cloned().unwrap_or_default();
        let socket = match browser {
            Some(_) => connect(&known, options, &tracker).await,
            None => Err("the browser runs elsewhere".to_owned()),
        };
        let (devtools, no_socket) = match socket {
            Ok(devtools) => (Some(devtools), None),
            Err(reason) => (None, Some(reason)),
        };
        if browser.is_some() && devtools.is_none() {
            client = new_session(&url, capabilities(browser, policy, false), options).await?;
            known = client.capabilities().cloned().unwrap_or_default();
        }
        Ok(Self {
            wire: Wire {
                client,
                devtools,
                timeout: options.command_timeout,
            },
            tracker,
            version: version_of(&known),
            no_socket,
            served: 0,
            driver,
            prepared: None,
            open: None,
        })
    }

    /// What has to go when this worker ends; none for a session elsewhere.
    pub(super) fn running(&self) -> Option<std::sync::Weak<super::driver::Running>> {
        self.driver.as_ref().map(Driver::running)
    }

    /// Whether driver and browser still run, as far as can be told without asking them.
    pub(super) fn is_alive(&mut self) -> bool {
        let driver = self.driver.as_mut().is_none_or(Driver::is_alive);
        let browser = self.wire.devtools.as_ref().is_none_or(|d| !d.is_closed());
        driver && browser
    }

    /// Whether it can serve more than one episode.
    pub(super) fn makes_contexts(&self) -> bool {
        self.wire.devtools.is_some()
    }

    /// Begins an episode: an empty tab that shares nothing with any before. Gives its window.
    pub(super) async fn open(&mut self, policy: &NavigationPolicy) -> Result<String, BrowserError> {
        self.served += 1;
        if !self.makes_contexts() {
            let window = self.wire.webdriver("GET", "window", Value::Null).await?;
            return Ok(window.as_str().unwrap_or_default().to_owned());
        }
        let fits = self.prepared.as_ref().is_some_and(|c| c.policy == *policy);
        if !fits {
            self.prepare(policy).await?;
        }
        let Some(context) = self.prepared.take() else {
            return Err(BrowserError::Protocol("no browser context".to_owned()));
        };
        self.tracker.follow(&context.id);
        self.tracker.add_attached(&context.target, &context.session);
        self.open = Some(context.id);
        Ok(context.target)
    }

    /// Ends the episode: all that its tabs stored is forgotten.
    pub(super) async fn close(&mut self) -> Result<(), BrowserError> {
        self.tracker.follow("");
        if let Some(id) = self.open.take() {
            self.dispose(&id).await?;
        }
        Ok(())
    }

    /// Makes the next episode's context ahead.
    pub(super) async fn prepare(&mut self, policy: &NavigationPolicy) -> Result<(), BrowserError> {
        if let Some(old) = self.prepared.take() {
            self.dispose(&old.id).await?;
        }
        let context = self.new_context(policy).await?;
        let handle = json!({"handle": context.target});
        self.wire.webdriver("POST", "window", handle).await?;
        self.prepared = Some(context);
        Ok(())
    }

    async fn dispose(&self, id: &str) -> Result<(), BrowserError> {
        let params = json!({"browserContextId": id});
        self.wire
            .browser("Target.disposeBrowserContext", params)
            .await?;
        Ok(())
    }

    async fn new_context(&self, policy: &NavigationPolicy) -> Result<Context, WireError> {
        let params = json!({
            "disposeOnDetach": true,
            "proxyServer": DEAD_PROXY,
            "proxyBypassList": policy.proxy_bypass(),
        });
        let made = self
            .wire
            .browser("Target.createBrowserContext", params)
            .await?;
        let id = text(&made, "browserContextId");
        let denied = json!({"behavior": "deny", "browserContextId": id});
        self.wire
            .browser("Browser.setDownloadBehavior", denied)
            .await?;
        let target = new_tab(&self.wire, &id).await?;
        let params = json!({"targetId": target, "flatten": true});
        let attached = self.wire.browser("Target.attachToTarget", params).await?;
        let session = text(&attached, "sessionId");
        let reactions = prepare_tab(&session);
        let calls = reactions.into_iter().map(|reaction| {
            self.wire
                .tab(Some(&session), reaction.method, reaction.params)
        });
        // One round trip for all: the answers come in the order of the calls.
        futures_util::future::try_join_all(calls).await?;
        Ok(Context {
            id,
            target,
            session,
            policy: policy.clone(),
        })
    }

    /// Opens another tab in the episode's context. Gives its target.
    pub(super) async fn add_tab(&self) -> Result<String, WireError> {
        if let Some(context) = &self.open {
            return new_tab(&self.wire, context).await;
        }
        let body = json!({"type": "tab"});
        let made = self.wire.webdriver("POST", "window/new", body).await?;
        Ok(text(&made, "handle"))
    }

    /// Ends the WebDriver session in good order. For sessions elsewhere, where dropping the
    /// connection would leave the browser running; ours end with their process group.
    pub(super) async fn end(self) {
        if self.driver.is_some() {
            return;
        }
        let closing = self.wire.client.clone().close();
        match tokio::time::timeout(self.wire.timeout, closing).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a remote session did not end"),
            Err(_) => tracing::warn!("a remote session did not end in time"),
        }
    }
}

/// `POST window/new` would open it in the default context; only this stays inside.
async fn new_tab(wire: &Wire, context: &str) -> Result<String, WireError> {
    let (width, height) = VIEWPORT;
    let params = json!({
        "url": "about:blank",
        "browserContextId": context,
        "width": width,
        "height": height,
    });
    let made = wire.browser("Target.createTarget", params).await?;
    Ok(text(&made, "targetId"))
}

async fn new_session(
    url: &str,
    wanted: Capabilities,
    options: &BrowserOptions,
) -> Result<fantoccini::Client, BrowserError> {
    let mut builder = ClientBuilder::rustls().map_err(|error| {
        BrowserError::Unavailable(format!(
            "no certificates for WebDriver connections: {error}"
        ))
    })?;
    builder.capabilities(wanted);
    let connecting = builder.connect(url);
    let patience = options.command_timeout.max(START_TIMEOUT);
    match tokio::time::timeout(patience, connecting).await {
        Ok(Ok(client)) => Ok(client),
        Ok(Err(error)) => Err(BrowserError::Unavailable(format!(
            "no WebDriver session at {url}: {}",
            first_lines(&error.to_string())
        ))),
        Err(_) => Err(BrowserError::Unavailable(format!(
            "no WebDriver session at {url} within {} s",
            patience.as_secs()
        ))),
    }
}

fn first_lines(text: &str) -> String {
    text.lines().take(2).collect::<Vec<_>>().join(" ")
}

/// With our own socket the driver neither waits for pages nor touches dialogs, since both are
/// followed there; without it the driver has to do both.
fn capabilities(
    browser: Option<&Path>,
    policy: &NavigationPolicy,
    own_socket: bool,
) -> Capabilities {
    let mut chrome = Map::new();
    chrome.insert("args".to_owned(), flags(policy).into());
    chrome.insert(
        "prefs".to_owned(),
        json!({
            "download_restrictions": 3,
            "intl.accept_languages": "en-US,en",
            "credentials_enable_service": false,
        }),
    );
    if let Some(browser) = browser {
        let path = browser.to_string_lossy().into_owned();
        chrome.insert("binary".to_owned(), path.into());
    }
    let (strategy, prompts) = if own_socket {
        ("none", "ignore")
    } else {
        ("normal", "accept and notify")
    };
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".to_owned(), "chrome".into());
    capabilities.insert("pageLoadStrategy".to_owned(), strategy.into());
    capabilities.insert("unhandledPromptBehavior".to_owned(), prompts.into());
    capabilities.insert("goog:chromeOptions".to_owned(), Value::Object(chrome));
    capabilities
}

fn flags(policy: &NavigationPolicy) -> Vec<String> {
    let (width, height) = VIEWPORT;
    let mut flags: Vec<String> = [
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-extensions",
        "--disable-sync",
        "--disable-breakpad",
        "--disable-client-side-phishing-detection",
        "--disable-domain-reliability",
        "--disable-features=BackForwardCache,Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-smooth-scrolling",
        "--disable-search-engine-choice-screen",
        "--force-color-profile=srgb",
        "--force-device-scale-factor=1",
        "--font-render-hinting=none",
        "--metrics-recording-only",
        "--mute-audio",
        "--password-store=basic",
        "--use-mock-keychain",
        "--lang=en-US",
        "--accept-lang=en-US,en",
        // Peer connections would not ask the proxy.
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--window-size={width},{height}"));
    flags.push(format!("--proxy-server={DEAD_PROXY}"));
    flags.push(format!("--proxy-bypass-list={}", policy.proxy_bypass()));
    // Chromium refuses to run its sandbox as root.
    if nix::unistd::geteuid().is_root() {
        flags.push("--no-sandbox".to_owned());
    }
    flags
}

/// Connects to the browser's own socket. The browser writes port and path into its profile.
async fn connect(
    capabilities: &Capabilities,
    options: &BrowserOptions,
    tracker: &Tracker,
) -> Result<Devtools, String> {
    let profile = capabilities
        .get("chrome")
        .and_then(|chrome| chrome["userDataDir"].as_str())
        .ok_or("the driver does not name the browser's profile")?;
    let file = Path::new(profile).join("DevToolsActivePort");
    let text = tokio::fs::read_to_string(&file)
        .await
        .map_err(|error| format!("{}: {error}", file.display()))?;
    let (port, path) = text
        .split_once('\n')
        .ok_or("the browser's port file is incomplete")?;
    let url = format!("ws://127.0.0.1:{}{}", port.trim(), path.trim());
    let (reactions, mut queue) = tokio::sync::mpsc::unbounded_channel::<Reaction>();
    let follower = tracker.clone();
    let devtools = Devtools::connect(&url, options.command_timeout, move |event| {
        for reaction in follower.on_event(&event) {
            if reactions.send(reaction).is_err() {
                tracing::debug!("the browser is closing");
            }
        }
    })
    .await?;
    let speaker = devtools.downgrade();
    tokio::spawn(async move {
        while let Some(reaction) = queue.recv().await {
            let Some(devtools) = speaker.upgrade() else {
                return;
            };
            devtools.notify(
                reaction.session.as_deref(),
                reaction.method,
                &reaction.params,
            );
        }
    });
    let discover = json!({"discover": true});
    devtools
        .call(None, "Target.setDiscoverTargets", &discover)
        .await
        .map_err(|error| error.to_string())?;
    Ok(devtools)
}

fn version_of(capabilities: &Capabilities) -> String {
    let name = capabilities.get("browserName").and_then(Value::as_str);
    let version = capabilities.get("browserVersion").and_then(Value::as_str);
    let driver = capabilities
        .get("chrome")
        .and_then(|chrome| chrome["chromedriverVersion"].as_str())
        .and_then(|text| text.split_whitespace().next());
    format!(
        "{} {}, chromedriver {}",
        name.unwrap_or("browser"),
        version.unwrap_or("?"),
        driver.unwrap_or("?")
    )
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
