//! What one browser reports about the tabs of its episodes: which there are, what they load, which
//! dialogs they opened, what they tried that they may not. Dialogs are answered here, at once,
//! since a page stands still meanwhile; so are requests for documents, by the episode's policy.

mod context;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::devtools::{Event, Listener, Reaction};
use super::{Dialog, Download, NavigationPolicy, Violation, script};
use crate::domain::viewport::Viewport;
use context::Context;

pub(super) use context::TabState;

/// Most tabs of one episode. What a page opens beyond them is closed at once.
pub(super) const MOST_TABS: usize = 20;

#[derive(Default)]
struct State {
    /// Episodes by their browser context.
    contexts: HashMap<String, Context>,
    /// The context that a DevTools session belongs to.
    sessions: HashMap<String, String>,
    /// Sessions of no episode whose renderer died.
    crashed: HashSet<String>,
}

/// Follows the events of one browser. Clones share what is known.
#[derive(Clone)]
pub(super) struct Tracker {
    state: Arc<Mutex<State>>,
    changes: Arc<watch::Sender<u64>>,
}

impl Tracker {
    pub(super) fn new() -> Self {
        Self {
            state: Arc::default(),
            changes: Arc::new(watch::Sender::new(0)),
        }
    }

    /// Follows a browser context from now on, until what is returned is dropped.
    pub(super) fn follow(
        &self,
        context: &str,
        policy: NavigationPolicy,
        viewport: Viewport,
    ) -> Tabs {
        let context = context.to_owned();
        let script = script::new_name();
        self.lock()
            .contexts
            .insert(context.clone(), Context::new(policy, viewport, &script));
        Tabs {
            tracker: self.clone(),
            context,
            viewport,
            script,
        }
    }

    /// Waits until the renderer of a session dies that belongs to no episode.
    pub(super) async fn crashed(&self, session: &str) {
        let mut changes = self.changes.subscribe();
        while !self.lock().crashed.contains(session) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener for Tracker {
    fn on_event(&self, event: &Event) -> Vec<Reaction> {
        let mut state = self.lock();
        match &event.session {
            None => state.on_browser_event(event),
            Some(session) => state.on_tab_event(session, event),
        }
    }

    fn handled(&self) {
        self.changes.send_modify(|count| *count += 1);
    }
}

impl State {
    fn on_browser_event(&mut self, event: &Event) -> Vec<Reaction> {
        let info = &event.params["targetInfo"];
        match event.method.as_str() {
            "Target.attachedToTarget" => self.attached(&event.params),
            "Target.detachedFromTarget" => {
                self.sessions.remove(&text(&event.params, "sessionId"));
                vec![]
            }
            "Target.targetInfoChanged" => {
                if let Some(context) = self.context_of(info) {
                    context.renamed(info);
                }
                vec![]
            }
            "Target.targetDestroyed" => {
                let target = text(&event.params, "targetId");
                for context in self.contexts.values_mut() {
                    context.forget(&target);
                }
                vec![]
            }
            "Browser.downloadWillBegin" => {
                for context in self.contexts.values_mut() {
                    context.downloading(&event.params);
                }
                vec![]
            }
            _ => vec![],
        }
    }

    /// Every new page waits until it has been told how to behave.
    fn attached(&mut self, params: &Value) -> Vec<Reaction> {
        let session = text(params, "sessionId");
        let mut reactions = Vec::new();
        let info = &params["targetInfo"];
        let id = text(info, "browserContextId");
        if let Some(context) = self.contexts.get_mut(&id)
            && info["type"] == "page"
        {
            if context.tabs.len() >= MOST_TABS {
                let url = text(info, "url");
                context.block(&format!("{url} (a tab beyond {MOST_TABS})"));
                reactions.push(Reaction {
                    session: None,
                    method: "Target.closeTarget",
                    params: json!({"targetId": text(info, "targetId")}),
                });
            } else {
                context.attached(info, &session);
                self.sessions.insert(session.clone(), id);
                reactions = prepare_tab(&session, context);
            }
        }
        reactions.push(to_tab(
            &session,
            "Runtime.runIfWaitingForDebugger",
            json!({}),
        ));
        reactions
    }

    fn context_of(&mut self, info: &Value) -> Option<&mut Context> {
        let id = info["browserContextId"].as_str()?;
        self.contexts.get_mut(id)
    }

    fn on_tab_event(&mut self, session: &str, event: &Event) -> Vec<Reaction> {
        let context = self.sessions.get(session);
        match context.and_then(|id| self.contexts.get_mut(id)) {
            Some(context) => context.on_event(session, event),
            None => {
                if event.method == "Inspector.targetCrashed" {
                    self.crashed.insert(session.to_owned());
                }
                vec![]
            }
        }
    }
}

/// The tabs of one episode.
pub(super) struct Tabs {
    tracker: Tracker,
    context: String,
    viewport: Viewport,
    script: String,
}

impl Drop for Tabs {
    fn drop(&mut self) {
        let mut state = self.tracker.lock();
        state.contexts.remove(&self.context);
        let context = std::mem::take(&mut self.context);
        state.sessions.retain(|_, of| *of != context);
    }
}

impl Tabs {
    fn with<T>(&self, look: impl FnOnce(&mut Context) -> T) -> T {
        let mut state = self.tracker.lock();
        // It is there as long as `self` is.
        look(state.contexts.entry(self.context.clone()).or_default())
    }

    /// Waits until something holds of the context. What can end it is an event that makes it
    /// hold, or the caller's own time limit.
    async fn until(&self, holds: impl Fn(&Context) -> bool) {
        let mut changes = self.tracker.changes.subscribe();
        while !self.with(|context| holds(context)) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// The browser context's id; empty when the browser has no contexts.
    pub(super) fn context(&self) -> &str {
        &self.context
    }

    /// The size that they are shown in.
    pub(super) fn viewport(&self) -> Viewport {
        self.viewport
    }

    /// The name of the page script in these tabs.
    pub(super) fn script_name(&self) -> String {
        self.script.clone()
    }

    /// The tabs, in order of opening.
    pub(super) fn list(&self) -> Vec<TabState> {
        self.with(|context| context.tabs.clone())
    }

    /// One tab, unless it is gone.
    pub(super) fn get(&self, target: &str) -> Option<TabState> {
        self.with(|context| context.find(target).cloned())
    }

    /// Drops a tab that was closed by us.
    pub(super) fn forget(&self, target: &str) {
        self.with(|context| context.forget(target));
    }

    /// Holds the tabs to another policy from now on.
    pub(super) fn hold_to(&self, policy: NavigationPolicy) {
        self.with(|context| context.policy = policy);
    }

    /// While trusted, documents are not held to the policy: the arena itself leads the way.
    pub(super) fn trust(&self, trusted: bool) {
        self.with(|context| context.trusted = trusted);
    }

    /// Dialogs since the last call.
    pub(super) fn take_dialogs(&self) -> Vec<Dialog> {
        self.with(|context| std::mem::take(&mut context.dialogs))
    }

    /// How many dialogs opened since they were last taken.
    pub(super) fn dialogs_seen(&self) -> usize {
        self.with(|context| context.dialogs.len())
    }

    /// Downloads that were refused since the last call.
    pub(super) fn take_downloads(&self) -> Vec<Download> {
        self.with(|context| std::mem::take(&mut context.downloads))
    }

    /// Attempts to leave since the last call, each with the tab that made it.
    pub(super) fn take_violations(&self) -> Vec<(String, Violation)> {
        self.with(|context| std::mem::take(&mut context.violations))
    }

    /// Requests of pages that were blocked since the last call.
    pub(super) fn take_blocked(&self) -> Vec<String> {
        self.with(|context| std::mem::take(&mut context.blocked))
    }

    /// Waits until a page calls the arena through its binding.
    pub(super) fn signalled(&self) -> impl Future<Output = ()> + Send + use<> {
        self.later(|context| context.signalled)
    }

    /// Like [`Tabs::lost`], but can be awaited apart from the tabs.
    pub(super) fn lost_later(&self, target: &str) -> impl Future<Output = ()> + Send + use<> {
        let target = target.to_owned();
        self.later(move |context| context.find(&target).is_none_or(|tab| tab.crashed))
    }

    /// Waits until something holds of the context, or the context is gone.
    fn later<F>(&self, holds: F) -> impl Future<Output = ()> + Send + use<F>
    where
        F: Fn(&Context) -> bool + Send,
    {
        let (tracker, id) = (self.tracker.clone(), self.context.clone());
        async move {
            let mut changes = tracker.changes.subscribe();
            while !tracker.lock().contexts.get(&id).is_none_or(&holds) {
                if changes.changed().await.is_err() {
                    return;
                }
            }
        }
    }

    /// Whether a tab tried to leave.
    pub(super) fn has_violation(&self, target: &str) -> bool {
        self.with(|context| context.violations.iter().any(|(tab, _)| tab == target))
    }

    /// Forgets that a page called.
    pub(super) fn forget_signal(&self) {
        self.with(|context| context.signalled = false);
    }

    /// Whether the tab loads nothing; a tab that is gone is calm.
    pub(super) fn is_calm(&self, target: &str) -> bool {
        self.with(|context| context.find(target).is_none_or(TabState::is_calm))
    }

    /// Notes that the tab is about to load a document, or that it is not.
    pub(super) fn expect_load(&self, target: &str, loads: bool) {
        self.with(|context| context.expect_load(target, loads));
    }

    /// Waits until the tab loads nothing, or is gone.
    pub(super) async fn calm(&self, target: &str) {
        self.until(|context| context.find(target).is_none_or(TabState::is_calm))
            .await;
    }

    /// How many documents the tab has shown; also counts steps within one.
    pub(super) fn navigations(&self, target: &str) -> u64 {
        self.with(|context| context.find(target).map_or(u64::MAX, |tab| tab.navigations))
    }

    /// Waits until the tab has shown more documents than `before`, or is gone.
    pub(super) async fn navigated(&self, target: &str, before: u64) {
        self.until(|context| {
            context
                .find(target)
                .is_none_or(|tab| tab.navigations > before)
        })
        .await;
    }

    /// Waits until the tab's renderer dies or the tab is gone.
    pub(super) async fn lost(&self, target: &str) {
        self.until(|context| context.find(target).is_none_or(|tab| tab.crashed))
            .await;
    }

    /// Waits until the tab is known and attached.
    pub(super) async fn has(&self, target: &str) {
        self.until(|context| context.find(target).is_some()).await;
    }
}

fn to_tab(session: &str, method: &'static str, params: Value) -> Reaction {
    Reaction {
        session: Some(session.to_owned()),
        method,
        params,
    }
}

/// The command that shows a tab in some size.
pub(super) const SHOWN_IN: &str = "Emulation.setDeviceMetricsOverride";

/// What [`SHOWN_IN`] is told for this size.
pub(super) fn metrics(viewport: Viewport) -> Value {
    json!({
        "width": viewport.width, "height": viewport.height, "mobile": false,
        "deviceScaleFactor": super::options::DEVICE_SCALE_FACTOR,
    })
}

/// What every tab is told before it loads anything.
fn prepare_tab(session: &str, context: &Context) -> Vec<Reaction> {
    let network = json!({"maxTotalBufferSize": 0, "maxResourceBufferSize": 0});
    // The first document may be there before the browser reads this; it gets the script, too.
    let own = json!({
        "source": script::source(context.script()),
        "worldName": script::WORLD,
        "runImmediately": true,
    });
    let documents = json!({"patterns": [
        {"urlPattern": "*", "resourceType": "Document", "requestStage": "Request"},
        {"urlPattern": "*", "resourceType": "XHR", "requestStage": "Request"},
        {"urlPattern": "*", "resourceType": "Fetch", "requestStage": "Request"},
    ]});
    [
        (SHOWN_IN, metrics(context.viewport)),
        (
            "Emulation.setFocusEmulationEnabled",
            json!({"enabled": true}),
        ),
        ("Page.enable", json!({})),
        ("Page.addScriptToEvaluateOnNewDocument", own),
        ("Log.enable", json!({})),
        ("Network.enable", network),
        ("Fetch.enable", documents),
    ]
    .into_iter()
    .map(|(method, params)| to_tab(session, method, params))
    .collect()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
