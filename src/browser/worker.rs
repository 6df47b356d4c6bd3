//! One warm browser with its driver and its WebDriver session. It serves a few episodes at a
//! time, each in a browser context of its own, which shares nothing with any other: cookies,
//! storage, caches and workers go with it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use serde_json::{Value, json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;

use super::driver::{Driver, Running};
use super::launch::{capabilities, connect, new_session, own_window, version_of};
use super::options::BrowserOptions;
use super::policy::DEAD_PROXY;
use super::tracker::{SHOWN_IN, Tabs, Tracker, metrics};
use super::wire::{Wire, WireError};
use super::{BrowserError, NavigationPolicy};
use crate::domain::viewport::Viewport;

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

/// One warm browser.
pub(super) struct Worker {
    pub(super) wire: Wire,
    /// Product and version of browser and driver.
    pub(super) version: String,
    /// Why the browser's own socket is not used; none when it is.
    pub(super) no_socket: Option<String>,
    tracker: Tracker,
    driver: Option<Driver>,
    /// DevTools session on a window that serves no episode; empty without the browser's socket.
    own_window: String,
    /// The right to act, which one page at a time has.
    turn: Arc<Semaphore>,
    /// Whether a page has its turn but has not been read yet. Nothing else is begun meanwhile, so
    /// that the machine is free for it.
    beginning: watch::Sender<bool>,
    /// An empty context that nobody has used yet, for the next episode.
    spare: Mutex<Option<Spare>>,
    /// Whether such a context is being made.
    making_spare: watch::Sender<bool>,
    /// The policy of the last episode.
    last_asked: Mutex<Option<(NavigationPolicy, Viewport)>>,
    /// Episodes begun.
    served: AtomicU32,
    retired: AtomicBool,
}

/// What an episode begins with: its tabs and the window of the first.
type Opened = Result<(Tabs, String), BrowserError>;

/// A browser context that was made before anyone asked for it. What its network reaches is fixed
/// when it is made, so it serves only a policy that says the same.
struct Spare {
    proxy_bypass: String,
    viewport: Viewport,
    opened: JoinHandle<Opened>,
}

/// Empties the clipboard, which all contexts of a browser share. The browser copies only what is
/// selected, or what a listener offers instead.
const EMPTY_CLIPBOARD: &str = "\
    addEventListener('copy', (event) => {\
      event.preventDefault();\
      event.clipboardData.setData('text/plain', '');\
    }, { once: true });\
    document.execCommand('copy')";

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
        let own_window = match &devtools {
            Some(devtools) => own_window(devtools).await.map_err(WireError::from)?,
            None => String::new(),
        };
        Ok(Self {
            own_window,
            turn: Arc::new(Semaphore::new(1)),
            beginning: watch::Sender::new(false),
            wire: Wire::new(client, devtools, options),
            version: version_of(&known),
            no_socket,
            tracker,
            driver,
            spare: Mutex::default(),
            making_spare: watch::Sender::new(false),
            last_asked: Mutex::default(),
            served: AtomicU32::new(0),
            retired: AtomicBool::new(false),
        })
    }

    /// What has to go when this worker ends; none for a session elsewhere.
    pub(super) fn running(&self) -> Option<Weak<Running>> {
        self.driver.as_ref().map(Driver::running)
    }

    /// Whether driver and browser run, as far as can be told without asking them.
    pub(super) fn is_alive(&self) -> bool {
        let driver = self.driver.as_ref().is_none_or(Driver::is_alive);
        let browser = self.wire.devtools.as_ref().is_none_or(|d| !d.is_closed());
        driver && browser
    }

    /// Whether it can take further episodes: it runs, and is neither used up nor broken.
    pub(super) fn is_usable(&self) -> bool {
        self.is_alive() && !self.retired.load(Ordering::Relaxed)
    }

    /// Episodes begun.
    pub(super) fn served(&self) -> u32 {
        self.served.load(Ordering::Relaxed)
    }

    /// Takes no further episode; ends with the last one.
    pub(super) fn retire(&self) {
        self.retired.store(true, Ordering::Relaxed);
    }

    /// Whether it can serve more than one episode.
    pub(super) fn makes_contexts(&self) -> bool {
        self.wire.devtools.is_some()
    }

    /// Begins an episode: an empty tab that shares nothing with any other. Gives the tabs and the
    /// window of the first.
    pub(super) async fn open(&self, policy: &NavigationPolicy, viewport: Viewport) -> Opened {
        self.served.fetch_add(1, Ordering::Relaxed);
        if !self.makes_contexts() {
            let window = self.wire.webdriver("GET", "window", Value::Null).await?;
            let size = json!({"cmd": SHOWN_IN, "params": metrics(viewport)});
            self.wire
                .webdriver("POST", "goog/cdp/execute", size)
                .await?;
            let tabs = self.tracker.follow("", policy.clone(), viewport);
            return Ok((tabs, window.as_str().unwrap_or_default().to_owned()));
        }
        *lock(&self.last_asked) = Some((policy.clone(), viewport));
        self.wait_for_first_look().await;
        let spare = lock(&self.spare).take();
        if let Some(spare) = spare
            && let Ok(opened) = spare.opened.await
        {
            let (tabs, window) = opened?;
            let lives = tabs.get(&window).is_some_and(|tab| !tab.crashed);
            let fits = spare.proxy_bypass == policy.proxy_bypass() && spare.viewport == viewport;
            if lives && fits {
                tabs.hold_to(policy.clone());
                return Ok((tabs, window));
            }
            self.abandon(&tabs);
        }
        self.make_context(policy, viewport).await
    }

    /// Makes a context for an episode to come, unless there is one: starting a renderer takes the
    /// most of what an episode waits for. For a browser that has nothing else to do.
    pub(super) fn keep_spare(self: &Arc<Self>) {
        let Some((policy, viewport)) = lock(&self.last_asked).clone() else {
            return;
        };
        let mut spare = lock(&self.spare);
        if spare.is_none() && self.makes_contexts() && self.is_usable() {
            let worker = Arc::clone(self);
            self.making_spare.send_replace(true);
            *spare = Some(Spare {
                proxy_bypass: policy.proxy_bypass(),
                viewport,
                opened: tokio::spawn(async move {
                    let opened = worker.make_context(&policy, viewport).await;
                    worker.making_spare.send_replace(false);
                    opened
                }),
            });
        }
    }

    /// Waits until no context is being made for an episode to come.
    pub(super) async fn at_rest(&self) {
        let mut making = self.making_spare.subscribe();
        // The sender lives as long as `self`.
        drop(making.wait_for(|making| !making).await);
    }

    async fn make_context(&self, policy: &NavigationPolicy, viewport: Viewport) -> Opened {
        let params = json!({
            "disposeOnDetach": true,
            "proxyServer": DEAD_PROXY,
            "proxyBypassList": policy.proxy_bypass(),
        });
        let made = self
            .wire
            .browser("Target.createBrowserContext", params)
            .await?;
        let context = text(&made, "browserContextId");
        let tabs = self.tracker.follow(&context, policy.clone(), viewport);
        let downloads =
            json!({"behavior": "deny", "browserContextId": context, "eventsEnabled": true});
        let (_, target) = futures_util::try_join!(
            self.wire.browser("Browser.setDownloadBehavior", downloads),
            self.add_tab(&tabs),
        )?;
        Ok((tabs, target))
    }

    /// Waits until the page may act. Pages that share a browser act one after the other: they
    /// share its clipboard.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, BrowserError> {
        let turn = Arc::clone(&self.turn).acquire_owned().await;
        let turn = turn.map_err(|_| BrowserError::Gone("the browser has ended".to_owned()))?;
        self.beginning.send_replace(true);
        Ok(turn)
    }

    /// The page whose turn it is has been read for the first time, or is gone: the next episode's
    /// may be prepared.
    pub(super) fn has_looked(&self) {
        self.beginning.send_if_modified(std::mem::take);
    }

    async fn wait_for_first_look(&self) {
        let mut beginning = self.beginning.subscribe();
        // The sender lives as long as `self`.
        drop(beginning.wait_for(|beginning| !beginning).await);
    }

    /// Whether a page of it acts.
    pub(super) fn is_acting(&self) -> bool {
        self.turn.available_permits() == 0
    }

    /// Ends a turn: the next page finds nothing in the clipboard.
    pub(super) async fn empty_clipboard(&self) -> Result<(), BrowserError> {
        let Some(devtools) = &self.wire.devtools else {
            return Ok(());
        };
        let params = json!({"expression": EMPTY_CLIPBOARD, "userGesture": true});
        let emptying = devtools.call(Some(&self.own_window), "Runtime.evaluate", &params);
        let answer = tokio::select! {
            answer = emptying => answer.map_err(WireError::from)?,
            // A renderer that died answers nothing any more.
            () = self.tracker.crashed(&self.own_window) => return Err(BrowserError::Crashed),
        };
        if answer["result"]["value"] != true {
            let reason = "the clipboard could not be emptied".to_owned();
            return Err(BrowserError::Protocol(reason));
        }
        Ok(())
    }

    /// Ends an episode: all that its tabs stored is forgotten.
    pub(super) async fn close(&self, tabs: &Tabs) -> Result<(), BrowserError> {
        if self.makes_contexts() {
            let params = json!({"browserContextId": tabs.context()});
            self.wire
                .browser("Target.disposeBrowserContext", params)
                .await?;
        }
        Ok(())
    }

    /// The same for an episode that broke off: nobody waits for it.
    pub(super) fn abandon(&self, tabs: &Tabs) {
        if let Some(devtools) = &self.wire.devtools {
            let params = json!({"browserContextId": tabs.context()});
            devtools.notify(None, "Target.disposeBrowserContext", &params);
        }
    }

    /// Opens another tab of an episode and waits until it can be used. Gives its target.
    pub(super) async fn add_tab(&self, tabs: &Tabs) -> Result<String, WireError> {
        if !self.makes_contexts() {
            let body = json!({"type": "tab"});
            let made = self.wire.webdriver("POST", "window/new", body).await?;
            return Ok(text(&made, "handle"));
        }
        let Viewport { width, height } = tabs.viewport();
        // `POST window/new` would open it in the default context; only this stays inside.
        let params = json!({
            "url": "about:blank",
            "browserContextId": tabs.context(),
            "width": width,
            "height": height,
        });
        let made = self.wire.browser("Target.createTarget", params).await?;
        let target = text(&made, "targetId");
        if tokio::time::timeout(self.wire.timeout, tabs.has(&target))
            .await
            .is_err()
        {
            let reason = "a new tab did not open".to_owned();
            return Err(WireError::Fatal(BrowserError::Timeout(reason)));
        }
        self.wait_for_document(tabs, &target).await?;
        Ok(target)
    }

    /// Waits until a new tab's empty document lives. Of what is loaded over that earlier nobody is
    /// told that it is shown: the document then moves to another frame object.
    async fn wait_for_document(&self, tabs: &Tabs, target: &str) -> Result<(), WireError> {
        let (Some(devtools), Some(tab)) = (&self.wire.devtools, tabs.get(target)) else {
            return Ok(());
        };
        let params = json!({"expression": "0"});
        devtools
            .call(Some(&tab.session), "Runtime.evaluate", &params)
            .await?;
        Ok(())
    }

    /// Ends the WebDriver session in good order. For sessions elsewhere, where dropping the
    /// connection would leave the browser running; ours end with their process group.
    pub(super) async fn end_session(&self) {
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
