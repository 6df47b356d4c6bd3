//! How a browser is started: what the driver is asked for, and the connection to the browser's own
//! socket.

use std::path::Path;
use std::time::Duration;

use fantoccini::ClientBuilder;
use fantoccini::wd::Capabilities;
use serde_json::{Map, Value, json};

use super::BrowserError;
use super::NavigationPolicy;
use super::devtools::{CallError, Devtools};
use super::options::{BrowserOptions, DEVICE_SCALE_FACTOR, LOCALE};
use super::policy::DEAD_PROXY;
use super::tracker::Tracker;
use crate::domain::viewport::Viewport;

/// Least patience with a browser that starts: on a busy machine that takes far longer than any
/// command of a browser that runs.
const START_TIMEOUT: Duration = Duration::from_secs(90);

/// Begins a WebDriver session.
pub(super) async fn new_session(
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
pub(super) fn capabilities(
    browser: Option<&Path>,
    policy: &NavigationPolicy,
    own_socket: bool,
) -> Capabilities {
    let mut chrome = Map::new();
    chrome.insert("args".to_owned(), flags(policy).into());
    // What drivers add for the debugging of browsers; a log that nobody reads costs every process.
    chrome.insert(
        "excludeSwitches".to_owned(),
        json!(["enable-logging", "log-level", "no-service-autorun"]),
    );
    chrome.insert(
        "prefs".to_owned(),
        json!({
            "download_restrictions": 3,
            "intl.accept_languages": format!("{LOCALE},en"),
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
    let Viewport { width, height } = Viewport::STANDARD;
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
        // A frame object of its own for every document costs a quarter of what a page takes.
        "--disable-features=BackForwardCache,RenderDocument,Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions",
        // Drawing without a graphics card, and the network for one person, need no processes of
        // their own.
        "--enable-features=NetworkServiceInProcess2",
        "--in-process-gpu",
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--disable-smooth-scrolling",
        "--disable-search-engine-choice-screen",
        "--force-color-profile=srgb",
        "--font-render-hinting=none",
        "--metrics-recording-only",
        "--mute-audio",
        "--password-store=basic",
        "--use-mock-keychain",
        // Peer connections would not ask the proxy.
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    ]
    .map(str::to_owned)
    .to_vec();
    flags.push(format!("--force-device-scale-factor={DEVICE_SCALE_FACTOR}"));
    flags.push(format!("--lang={LOCALE}"));
    flags.push(format!("--accept-lang={LOCALE},en"));
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
pub(super) async fn connect(
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
    let devtools = Devtools::connect(&url, options.command_timeout, tracker.clone()).await?;
    let pages = json!([{"type": "page"}, {"exclude": true}]);
    let attach = json!({
        "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true, "filter": pages,
    });
    let discover = json!({"discover": true, "filter": pages});
    for (method, params) in [
        ("Target.setDiscoverTargets", discover),
        ("Target.setAutoAttach", attach),
    ] {
        devtools
            .call(None, method, &params)
            .await
            .map_err(|error| error.to_string())?;
    }
    Ok(devtools)
}

/// A DevTools session on the driver's own first window, which serves no episode.
pub(super) async fn own_window(devtools: &Devtools) -> Result<String, CallError> {
    let found = devtools.call(None, "Target.getTargets", &json!({})).await?;
    let mut targets = found["targetInfos"].as_array().into_iter().flatten();
    let page = targets.find(|info| info["type"] == "page");
    let params = json!({"targetId": page.map(|info| &info["targetId"]), "flatten": true});
    let attached = devtools
        .call(None, "Target.attachToTarget", &params)
        .await?;
    Ok(attached["sessionId"]
        .as_str()
        .unwrap_or_default()
        .to_owned())
}

/// Product and version of browser and driver.
pub(super) fn version_of(capabilities: &Capabilities) -> String {
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
