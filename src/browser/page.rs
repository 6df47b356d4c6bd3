//! One episode's page: its tabs, and the script that reads and prepares them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

use super::answers::{decode, evaluation, is_replaced, value_of};
use super::input::Held;
use super::options::BrowserOptions;
use super::script;
use super::tracker::{SHOWN_IN, TabState, Tabs, metrics};
use super::webdriver::Seat;
use super::wire::{Wire, WireError};
use super::{ActionResult, BrowserError, Comparison, NavigationPolicy, Page, Picture};
use crate::domain::action::Action;
use crate::domain::observation::{Observation, Tab};

/// How often a script is tried again because the document was replaced under it.
const SCRIPT_TRIES: u32 = 20;

/// What the reason begins with when the page script broke off.
const SCRIPT_FAILED: &str = "the page script failed";
/// A page that does not answer for this much longer than it may take to become quiet is held up
/// by a script of its own.
const HANG_MARGIN: Duration = Duration::from_secs(2);

/// A page of the real browser.
pub(super) struct WebDriverPage {
    seat: Seat,
    pub(super) tabs: Tabs,
    pub(super) policy: NavigationPolicy,
    /// Target of the active tab.
    pub(super) active: String,
    /// The script's name in its world.
    name: String,
    /// Ids of the script's world by target.
    worlds: HashMap<String, i64>,
    /// Keys and mouse buttons that are held.
    pub(super) held: Held,
    pub(super) settle_quiet: Duration,
    pub(super) settle_max: Duration,
    /// Scripts of the page that were stopped since this was last told.
    hangs: AtomicU32,
    /// Names of functions that pages call the arena with.
    bindings: Vec<String>,
    /// An element that was pressed, and whether the press landed on it.
    pub(super) landing: Option<(String, JoinHandle<Option<Value>>)>,
    /// The right to act in this browser.
    turn: Option<OwnedSemaphorePermit>,
    closed: bool,
}

impl WebDriverPage {
    pub(super) fn new(
        seat: Seat,
        tabs: Tabs,
        window: String,
        policy: NavigationPolicy,
        options: &BrowserOptions,
    ) -> Self {
        let name = tabs.script_name();
        Self {
            seat,
            tabs,
            policy,
            active: window,
            name,
            worlds: HashMap::new(),
            held: Held::default(),
            settle_quiet: options.settle_quiet,
            settle_max: options.settle_max,
            hangs: AtomicU32::new(0),
            bindings: Vec::new(),
            landing: None,
            turn: None,
            closed: false,
        }
    }

    /// The ways to the browser.
    pub(super) fn wire(&self) -> &Wire {
        &self.seat.worker.wire
    }

    /// Whether the browser's own socket is there.
    pub(super) fn has_socket(&self) -> bool {
        self.wire().devtools.is_some()
    }

    /// Opens another tab of the episode. Gives its target.
    pub(super) async fn add_tab(&self) -> Result<String, WireError> {
        self.seat.worker.add_tab(&self.tabs).await
    }

    /// A DevTools command to the active tab. A script of the page that runs without end keeps
    /// the tab from answering; it is stopped then.
    pub(super) async fn tab_command(
        &self,
        method: &str,
        params: Value,
    ) -> Result<Value, WireError> {
        let Some(devtools) = &self.wire().devtools else {
            let body = json!({"cmd": method, "params": params});
            return self.window_command("POST", "goog/cdp/execute", body).await;
        };
        let Some(tab) = self.tabs.get(&self.active) else {
            return Err(WireError::Refused("the tab was closed".to_owned()));
        };
        let call = devtools.call(Some(&tab.session), method, &params);
        let answer = async {
            tokio::select! {
                answer = call => answer.map_err(WireError::from),
                // A renderer that died answers nothing any more.
                () = self.tabs.lost(&tab.target) => Err(self.lost(&tab.target)),
            }
        };
        tokio::pin!(answer);
        let patience = self.settle_max + HANG_MARGIN;
        if let Ok(answer) = tokio::time::timeout(patience, &mut answer).await {
            return answer;
        }
        // A slow server is no hang; stopping what does not run harms nothing.
        if method != "Page.navigate" {
            self.hangs.fetch_add(1, Ordering::Relaxed);
            devtools.notify(Some(&tab.session), "Runtime.terminateExecution", &json!({}));
        }
        answer.await
    }

    fn lost(&self, target: &str) -> WireError {
        match self.tabs.get(target) {
            Some(_) => WireError::Fatal(BrowserError::Crashed),
            None => WireError::Refused("the tab was closed".to_owned()),
        }
    }

    /// A WebDriver command to the active tab.
    pub(super) async fn window_command(
        &self,
        method: &'static str,
        path: &'static str,
        body: Value,
    ) -> Result<Value, WireError> {
        self.wire()
            .in_window(&self.active, method, path, body)
            .await
    }

    /// Calls a function of the page script with plain arguments and gives what it returns.
    /// A document that is replaced meanwhile takes the script with it; then the next document
    /// is asked.
    pub(super) async fn script(
        &mut self,
        function: &str,
        arguments: &[Value],
    ) -> Result<Value, WireError> {
        let arguments: Vec<String> = arguments.iter().map(Value::to_string).collect();
        let call = format!("{}.{function}({})", self.name, arguments.join(","));
        let mut last = String::new();
        for _ in 0..SCRIPT_TRIES {
            match self.script_once(&call).await {
                Err(WireError::Refused(message)) if is_replaced(&message) => {
                    self.worlds.remove(&self.active);
                    last = message;
                }
                other => return other,
            }
        }
        Err(WireError::Refused(format!(
            "the page keeps being replaced: {last}"
        )))
    }

    async fn script_once(&mut self, call: &str) -> Result<Value, WireError> {
        if let Some(world) = self.worlds.get(&self.active) {
            return self.run_in(*world, call).await;
        }
        let params = json!({"frameId": self.active, "worldName": script::WORLD});
        let made = self.tab_command("Page.createIsolatedWorld", params).await?;
        let world = made["executionContextId"].as_i64().unwrap_or_default();
        self.worlds.insert(self.active.clone(), world);
        // New documents bring the script with them; what was there before does not.
        match self.run_in(world, call).await {
            Err(WireError::Refused(message)) if message.contains("is not defined") => {
                let source = script::source(&self.name);
                self.run_in(world, &format!("{source}\n{call}")).await
            }
            other => other,
        }
    }

    /// The same for a function without arguments whose answer is wanted later, of this document
    /// and no other. Over the browser's socket it is only sent now.
    pub(super) async fn script_later(&mut self, function: &str) -> JoinHandle<Option<Value>> {
        let tab = self.tabs.get(&self.active);
        let world = self.worlds.get(&self.active);
        if let (Some(devtools), Some(tab), Some(world)) = (&self.wire().devtools, tab, world) {
            let params = evaluation(*world, &format!("{}.{function}()", self.name));
            let answer = devtools.ask(Some(&tab.session), "Runtime.evaluate", &params);
            return tokio::spawn(async move { value_of(answer.await.ok()?).ok() });
        }
        let answer = self.script(function, &[]).await.ok();
        tokio::spawn(async move { answer })
    }

    async fn run_in(&self, world: i64, expression: &str) -> Result<Value, WireError> {
        let params = evaluation(world, expression);
        let answer = self.tab_command("Runtime.evaluate", params).await?;
        value_of(answer).map_err(|text| WireError::Refused(format!("{SCRIPT_FAILED}: {text}")))
    }

    /// Makes another tab active.
    pub(super) async fn focus_tab(&mut self, target: &str) -> Result<(), BrowserError> {
        target.clone_into(&mut self.active);
        if self.has_socket() {
            for name in self.bindings.clone() {
                self.tab_command("Runtime.addBinding", json!({"name": name}))
                    .await?;
            }
            self.tab_command("Page.bringToFront", json!({})).await?;
        } else {
            let size = metrics(self.tabs.viewport());
            self.tab_command(SHOWN_IN, size).await?;
        }
        Ok(())
    }

    /// Opens an address in the active tab. The inner error is the network's.
    pub(super) async fn load(&mut self, url: &str) -> Result<Result<(), String>, BrowserError> {
        let shown = self.tabs.navigations(&self.active);
        // The load may end before anything says that it began.
        self.tabs.expect_load(&self.active, true);
        let answer = self.tab_command("Page.navigate", json!({"url": url})).await;
        let loads = answer
            .as_ref()
            .is_ok_and(|answer| answer["loaderId"].is_string() && !answer["errorText"].is_string());
        if !loads {
            self.tabs.expect_load(&self.active, false);
        }
        let answer = match answer {
            Ok(answer) => answer,
            Err(WireError::Refused(message)) => return Ok(Err(message)),
            Err(error) => return Err(error.into()),
        };
        // An aborted load is a download or an answer without content: the page stays.
        let failed = answer["errorText"]
            .as_str()
            .filter(|text| !text.is_empty() && *text != "net::ERR_ABORTED");
        if loads && self.has_socket() {
            // The answer comes before the document does; the one before must not be taken for it.
            let there = self.tabs.navigated(&self.active, shown);
            if tokio::time::timeout(self.settle_max, there).await.is_err() {
                tracing::debug!(url, "no document was shown in time");
            }
        }
        Ok(failed.map_or(Ok(()), |error| Err(error.to_owned())))
    }

    /// The tabs as an agent sees them.
    async fn tab_list(&self) -> Result<Vec<Tab>, BrowserError> {
        let tabs = self.tabs.list();
        let mut titles = Value::Null;
        if tabs.len() > 1 {
            // Changes of titles alone are not reported, so with several tabs they are asked for.
            let all = self.wire().browser("Target.getTargets", json!({}));
            titles = all.await?["targetInfos"].take();
        }
        let title_of = |target: &str| {
            let mut infos = titles.as_array().into_iter().flatten();
            infos
                .find(|info| info["targetId"] == target)
                .and_then(|info| info["title"].as_str())
                .map(str::to_owned)
        };
        Ok(tabs
            .into_iter()
            .map(|tab| Tab {
                active: tab.target == self.active,
                title: title_of(&tab.target).unwrap_or(tab.title),
                url: tab.url,
            })
            .collect())
    }
}

impl WebDriverPage {
    /// Reads the active tab. `keep` lets the page script remember which element is which node.
    pub(super) async fn read(&mut self, keep: bool) -> Result<Observation, BrowserError> {
        self.follow_tabs().await?;
        let text = self.script("observe", &[keep.into()]).await;
        let text = text.map_err(|error| match error {
            WireError::Refused(reason) if reason.starts_with(SCRIPT_FAILED) => {
                BrowserError::Unreadable(reason)
            }
            other => other.into(),
        })?;
        let text = text.as_str().unwrap_or_default();
        let mut observation: Observation = serde_json::from_str(text)
            .map_err(|error| BrowserError::Unreadable(error.to_string()))?;
        observation.tabs = self.tab_list().await?;
        match observation.tabs.iter_mut().find(|tab| tab.active) {
            Some(tab) => {
                tab.url.clone_from(&observation.url);
                tab.title.clone_from(&observation.title);
            }
            None => observation.tabs.push(Tab {
                title: observation.title.clone(),
                url: observation.url.clone(),
                active: true,
            }),
        }
        Ok(observation)
    }

    /// The page script's world in the active tab, and its name there.
    pub(super) fn script_world(&self) -> Option<(i64, &str)> {
        let world = self.worlds.get(&self.active)?;
        Some((*world, &self.name))
    }

    /// Opens an address and waits until it is there. The inner error is the network's.
    async fn load_fully(&mut self, url: &str) -> Result<Result<(), String>, BrowserError> {
        let loaded = self.load(url).await?;
        if loaded.is_ok() {
            self.wait_until_loaded().await?;
        }
        Ok(loaded)
    }
}

#[async_trait]
impl Page for WebDriverPage {
    async fn navigate(&mut self, url: &str) -> Result<(), BrowserError> {
        self.tabs.trust(true);
        let loaded = self.load_fully(url).await;
        self.tabs.trust(false);
        if let Err(error) = loaded? {
            return Err(BrowserError::Protocol(format!(
                "the page cannot be opened: {error}"
            )));
        }
        if self.has_socket() {
            // What was there before the task is nothing that an agent can go back to.
            self.tab_command("Page.resetNavigationHistory", json!({}))
                .await?;
        }
        Ok(())
    }

    async fn observe(&mut self) -> Result<Observation, BrowserError> {
        let observation = self.read(false).await;
        self.seat.worker.has_looked();
        observation
    }

    async fn compare(&mut self) -> Result<Comparison, BrowserError> {
        self.compare_trees().await
    }

    async fn act(&mut self, action: &Action) -> Result<ActionResult, BrowserError> {
        self.begin().await?;
        let before = Instant::now();
        self.tabs.forget_signal();
        let told = self.perform(action).await?;
        let act_ms = before.elapsed().as_secs_f64() * 1000.0;
        let settling = Instant::now();
        let mut result = self.afterwards(action, told).await?;
        result.hangs = self.hangs.swap(0, Ordering::Relaxed);
        if result.hangs > 0 {
            result
                .message
                .push_str("; a script of the page ran for too long and was stopped");
        }
        result.act_ms = act_ms;
        result.settle_ms = settling.elapsed().as_secs_f64() * 1000.0;
        Ok(result)
    }

    async fn evaluate(&mut self, expression: &str) -> Result<Value, BrowserError> {
        self.follow_tabs().await?;
        let params = json!({
            "expression": expression,
            "returnByValue": true,
            "awaitPromise": true,
        });
        let answer = self.tab_command("Runtime.evaluate", params).await?;
        value_of(answer)
            .map_err(|text| BrowserError::Protocol(format!("the arena's code failed: {text}")))
    }

    async fn begin(&mut self) -> Result<(), BrowserError> {
        if self.turn.is_none() {
            self.turn = Some(self.seat.worker.turn().await?);
            if !self.seat.worker.is_alive() {
                let reason = "it ended while the page waited for its turn".to_owned();
                return Err(BrowserError::Gone(reason));
            }
            let has_tab = |tab: TabState| !tab.crashed;
            if self.has_socket() && !self.tabs.get(&self.active).is_some_and(has_tab) {
                return Err(BrowserError::Crashed);
            }
        }
        Ok(())
    }

    async fn settle(&mut self) -> Result<(), BrowserError> {
        self.wait_until_quiet().await?;
        Ok(())
    }

    async fn bind(&mut self, name: &str) -> Result<(), BrowserError> {
        self.bindings.push(name.to_owned());
        self.tab_command("Runtime.addBinding", json!({"name": name}))
            .await?;
        Ok(())
    }

    async fn screenshot(&mut self) -> Result<Picture, BrowserError> {
        self.follow_tabs().await?;
        let params = json!({"format": "png", "optimizeForSpeed": true});
        let Some(devtools) = self.wire().devtools.clone() else {
            let answer = self.tab_command("Page.captureScreenshot", params).await?;
            return Ok(Box::pin(async move { decode(&answer) }));
        };
        let Some(tab) = self.tabs.get(&self.active) else {
            return Err(BrowserError::Gone("the tab was closed".to_owned()));
        };
        // Sent now, so that the browser draws it while the page is read.
        let lost = self.tabs.lost_later(&tab.target);
        let answer = devtools.ask(Some(&tab.session), "Page.captureScreenshot", &params);
        Ok(Box::pin(async move {
            tokio::select! {
                answer = answer => decode(&answer.map_err(WireError::from)?),
                () = lost => Err(BrowserError::Crashed),
            }
        }))
    }

    async fn close(mut self: Box<Self>) -> Result<(), BrowserError> {
        if self.held.by_driver() {
            // The driver remembers held keys and buttons for the whole session.
            self.window_command("DELETE", "actions", Value::Null)
                .await?;
        }
        let worker = &self.seat.worker;
        worker.close(&self.tabs).await?;
        if self.turn.is_some() {
            worker.empty_clipboard().await?;
        }
        if !worker.makes_contexts() {
            worker.end_session().await;
        }
        self.closed = true;
        Ok(())
    }
}

impl Drop for WebDriverPage {
    fn drop(&mut self) {
        if self.turn.is_some() {
            self.seat.worker.has_looked();
        }
        if !self.closed {
            // Whatever broke the episode off may have left the browser in any state.
            self.seat.worker.retire();
            self.seat.worker.abandon(&self.tabs);
        }
    }
}
