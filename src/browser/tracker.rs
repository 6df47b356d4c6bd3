//! What the browser reports about the tabs of one episode: which there are, what they load, which
//! dialogs they opened. Dialogs are answered here, at once, since a page stands still meanwhile.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use tokio::sync::watch;

use super::Dialog;
use super::devtools::Event;

/// One tab of an episode.
#[derive(Debug, Clone, Default)]
pub(super) struct TabState {
    /// Target id, at the same time WebDriver's window handle and the id of the main frame.
    pub(super) target: String,
    /// DevTools session on the target; absent until it is attached.
    pub(super) session: Option<String>,
    /// Address as the browser shows it.
    pub(super) url: String,
    /// Title.
    pub(super) title: String,
    /// Frames that load.
    loading: HashSet<String>,
    /// Scripted requests under way.
    requests: HashSet<String>,
    /// Documents shown, steps within one included.
    navigations: u64,
    /// Whether its renderer died.
    pub(super) crashed: bool,
}

impl TabState {
    /// Whether nothing is loading.
    fn is_calm(&self) -> bool {
        self.loading.is_empty() && self.requests.is_empty()
    }
}

#[derive(Default)]
struct State {
    context: String,
    tabs: Vec<TabState>,
    dialogs: Vec<Dialog>,
}

/// A message that an event calls for.
pub(super) struct Reaction {
    pub(super) session: Option<String>,
    pub(super) method: &'static str,
    pub(super) params: Value,
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

    /// Follows another browser context from now on.
    pub(super) fn follow(&self, context: &str) {
        *self.lock() = State {
            context: context.to_owned(),
            ..State::default()
        };
    }

    /// Takes up a tab that was made and attached by us.
    pub(super) fn add_attached(&self, target: &str, session: &str) {
        let mut state = self.lock();
        let tab = state.tab(target);
        tab.session = Some(session.to_owned());
        drop(state);
        self.changed();
    }

    /// The tabs, in order of opening.
    pub(super) fn tabs(&self) -> Vec<TabState> {
        self.lock().tabs.clone()
    }

    /// Dialogs since the last call.
    pub(super) fn take_dialogs(&self) -> Vec<Dialog> {
        std::mem::take(&mut self.lock().dialogs)
    }

    /// How many dialogs opened since they were last taken.
    pub(super) fn dialogs_seen(&self) -> usize {
        self.lock().dialogs.len()
    }

    /// Whether the tab loads nothing; a tab that is gone is calm.
    pub(super) fn is_calm(&self, target: &str) -> bool {
        let state = self.lock();
        let tab = state.tabs.iter().find(|tab| tab.target == target);
        tab.is_none_or(TabState::is_calm)
    }

    /// Waits until the tab loads nothing, or is gone.
    pub(super) async fn calm(&self, target: &str) {
        let mut changes = self.changes.subscribe();
        while !self.is_calm(target) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// How many documents the tab has shown; also counts steps within one.
    pub(super) fn navigations(&self, target: &str) -> u64 {
        let state = self.lock();
        let tab = state.tabs.iter().find(|tab| tab.target == target);
        tab.map_or(u64::MAX, |tab| tab.navigations)
    }

    /// Waits until the tab has shown more documents than `before`, or is gone.
    pub(super) async fn navigated(&self, target: &str, before: u64) {
        let mut changes = self.changes.subscribe();
        while self.navigations(target) <= before {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Waits until the tab is known.
    pub(super) async fn has(&self, target: &str) {
        let mut changes = self.changes.subscribe();
        while !self.knows(target) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Drops a tab that was closed by us.
    pub(super) fn forget(&self, target: &str) {
        self.lock().tabs.retain(|tab| tab.target != target);
        self.changed();
    }

    fn knows(&self, target: &str) -> bool {
        self.lock().tabs.iter().any(|tab| tab.target == target)
    }

    /// Waits until every tab is attached.
    pub(super) async fn all_attached(&self) {
        let mut changes = self.changes.subscribe();
        loop {
            let attached = self.lock().tabs.iter().all(|tab| tab.session.is_some());
            if attached || changes.changed().await.is_err() {
                return;
            }
        }
    }

    /// Takes in an event and says what to do about it.
    pub(super) fn on_event(&self, event: &Event) -> Vec<Reaction> {
        let mut state = self.lock();
        let reactions = match &event.session {
            None => state.on_browser_event(event),
            Some(session) => state.on_tab_event(session, event),
        };
        drop(state);
        self.changed();
        reactions
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }
}

impl State {
    fn tab(&mut self, target: &str) -> &mut TabState {
        let place = self.tabs.iter().position(|tab| tab.target == target);
        let place = place.unwrap_or_else(|| {
            self.tabs.push(TabState {
                target: target.to_owned(),
                url: "about:blank".to_owned(),
                ..TabState::default()
            });
            self.tabs.len() - 1
        });
        &mut self.tabs[place]
    }

    fn on_browser_event(&mut self, event: &Event) -> Vec<Reaction> {
        let info = &event.params["targetInfo"];
        match event.method.as_str() {
            "Target.targetCreated" if self.is_ours(info) => {
                let target = text(info, "targetId");
                let known = self.tabs.iter().any(|tab| tab.target == target);
                self.tab(&target).url = text(info, "url");
                if known {
                    return vec![];
                }
                vec![Reaction {
                    session: None,
                    method: "Target.attachToTarget",
                    params: json!({"targetId": target, "flatten": true}),
                }]
            }
            "Target.targetInfoChanged" if self.is_ours(info) => {
                let tab = self.tab(&text(info, "targetId"));
                tab.url = text(info, "url");
                tab.title = text(info, "title");
                vec![]
            }
            "Target.targetDestroyed" => {
                let target = text(&event.params, "targetId");
                self.tabs.retain(|tab| tab.target != target);
                vec![]
            }
            "Target.attachedToTarget" if self.is_ours(info) => {
                let session = text(&event.params, "sessionId");
                self.tab(&text(info, "targetId")).session = Some(session.clone());
                prepare_tab(&session)
            }
            _ => vec![],
        }
    }

    fn is_ours(&self, info: &Value) -> bool {
        !self.context.is_empty()
            && info["type"] == "page"
            && info["browserContextId"] == self.context.as_str()
    }

    fn on_tab_event(&mut self, session: &str, event: &Event) -> Vec<Reaction> {
        let same = |tab: &&mut TabState| tab.session.as_deref() == Some(session);
        let Some(tab) = self.tabs.iter_mut().find(same) else {
            return vec![];
        };
        let params = &event.params;
        match event.method.as_str() {
            "Page.frameStartedLoading" | "Page.frameRequestedNavigation" => {
                // A navigation that opens another tab, or only saves a file, loads nothing here.
                let elsewhere = params["disposition"]
                    .as_str()
                    .is_some_and(|disposition| disposition != "currentTab");
                if !elsewhere {
                    tab.loading.insert(text(params, "frameId"));
                }
            }
            "Page.frameStoppedLoading" | "Page.frameDetached" => {
                tab.loading.remove(&text(params, "frameId"));
            }
            "Page.frameNavigated" if params["frame"]["parentId"].is_null() => {
                // Requests of the document before are no longer reported.
                tab.requests.clear();
                tab.navigations += 1;
                tab.url = text(&params["frame"], "url");
            }
            "Page.navigatedWithinDocument" if params["frameId"] == tab.target.as_str() => {
                tab.navigations += 1;
                tab.url = text(params, "url");
            }
            "Network.requestWillBeSent" if is_scripted(&params["type"]) => {
                tab.requests.insert(text(params, "requestId"));
            }
            "Network.loadingFinished" | "Network.loadingFailed" => {
                tab.requests.remove(&text(params, "requestId"));
            }
            "Inspector.targetCrashed" => tab.crashed = true,
            "Page.javascriptDialogOpening" => {
                let (dialog, answer) = answer_dialog(params);
                self.dialogs.push(dialog);
                return vec![Reaction {
                    session: Some(session.to_owned()),
                    method: "Page.handleJavaScriptDialog",
                    params: answer,
                }];
            }
            _ => {}
        }
        vec![]
    }
}

/// What every tab is told before it is used.
pub(super) fn prepare_tab(session: &str) -> Vec<Reaction> {
    let (width, height) = super::options::VIEWPORT;
    let metrics =
        json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
    [
        ("Emulation.setDeviceMetricsOverride", metrics),
        (
            "Emulation.setTimezoneOverride",
            json!({"timezoneId": "UTC"}),
        ),
        ("Emulation.setLocaleOverride", json!({"locale": "en-US"})),
        (
            "Emulation.setFocusEmulationEnabled",
            json!({"enabled": true}),
        ),
        ("Page.enable", json!({})),
        (
            "Network.enable",
            json!({"maxTotalBufferSize": 0, "maxResourceBufferSize": 0}),
        ),
    ]
    .into_iter()
    .map(|(method, params)| Reaction {
        session: Some(session.to_owned()),
        method,
        params,
    })
    .collect()
}

/// Alerts, questions and warnings before leaving are accepted, since the agent just asked for
/// what they are about; a prompt is dismissed, since nobody said what to enter.
fn answer_dialog(params: &Value) -> (Dialog, Value) {
    let kind = text(params, "type");
    let accepted = kind != "prompt";
    let dialog = Dialog {
        kind,
        message: text(params, "message"),
        accepted,
    };
    (dialog, json!({"accept": accepted}))
}

fn is_scripted(kind: &Value) -> bool {
    matches!(kind.as_str(), Some("XHR" | "Fetch"))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(session: Option<&str>, method: &str, params: Value) -> Event {
        Event {
            method: method.to_owned(),
            params,
            session: session.map(str::to_owned),
        }
    }

    fn tracker_with_tab() -> Tracker {
        let tracker = Tracker::new();
        tracker.follow("C");
        tracker.add_attached("T", "S");
        tracker
    }

    #[test]
    fn a_tab_is_calm_when_frames_and_requests_have_ended() {
        let tracker = tracker_with_tab();
        let send = |method: &str, params: Value| {
            tracker.on_event(&event(Some("S"), method, params));
        };
        send("Page.frameStartedLoading", json!({"frameId": "T"}));
        send(
            "Network.requestWillBeSent",
            json!({"requestId": "1", "type": "Fetch"}),
        );
        assert!(!tracker.is_calm("T"));
        send("Page.frameStoppedLoading", json!({"frameId": "T"}));
        assert!(!tracker.is_calm("T"));
        send("Network.loadingFinished", json!({"requestId": "1"}));
        assert!(tracker.is_calm("T"));
    }

    #[test]
    fn a_popup_of_the_context_becomes_a_tab_and_others_do_not() {
        let tracker = tracker_with_tab();
        for (target, context) in [("P", "C"), ("X", "other")] {
            let info = json!({"targetId": target, "type": "page", "url": "u", "browserContextId": context});
            tracker.on_event(&event(
                None,
                "Target.targetCreated",
                json!({"targetInfo": info}),
            ));
        }
        let targets: Vec<String> = tracker.tabs().into_iter().map(|tab| tab.target).collect();
        assert_eq!(targets, ["T", "P"]);
        tracker.on_event(&event(
            None,
            "Target.targetDestroyed",
            json!({"targetId": "P"}),
        ));
        assert_eq!(tracker.tabs().len(), 1);
    }

    #[test]
    fn dialogs_are_answered_and_kept() {
        let tracker = tracker_with_tab();
        for kind in ["alert", "confirm", "prompt", "beforeunload"] {
            let params = json!({"type": kind, "message": "m"});
            let reactions =
                tracker.on_event(&event(Some("S"), "Page.javascriptDialogOpening", params));
            assert_eq!(reactions[0].params["accept"], kind != "prompt");
        }
        assert_eq!(tracker.take_dialogs().len(), 4);
        assert!(tracker.take_dialogs().is_empty());
    }
}
