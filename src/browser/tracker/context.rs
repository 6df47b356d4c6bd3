//! One episode's browser context as its events tell it.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::devtools::{Event, Reaction};
use super::super::{Dialog, Download, NavigationPolicy, Violation};
use super::{text, to_tab};
use crate::domain::viewport::Viewport;

/// Most blocked requests that are kept between two steps.
const MAX_BLOCKED: usize = 50;

/// One tab of an episode.
#[derive(Debug, Clone, Default)]
pub(in crate::browser) struct TabState {
    /// Target id, at the same time WebDriver's window handle and the id of the main frame.
    pub(in crate::browser) target: String,
    /// DevTools session on the target.
    pub(in crate::browser) session: String,
    /// Address as the browser shows it.
    pub(in crate::browser) url: String,
    /// Title.
    pub(in crate::browser) title: String,
    /// Frames that load.
    loading: HashSet<String>,
    /// Whether the main frame said that it began to load, and not yet that it ended.
    began: bool,
    /// Scripted requests under way.
    requests: HashSet<String>,
    /// Documents shown, steps within one included.
    pub(super) navigations: u64,
    /// Whether its renderer died.
    pub(in crate::browser) crashed: bool,
}

impl TabState {
    /// Whether nothing is loading.
    pub(super) fn is_calm(&self) -> bool {
        self.loading.is_empty() && self.requests.is_empty()
    }
}

/// What is known of one episode's tabs.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub(super) policy: NavigationPolicy,
    pub(super) viewport: Viewport,
    /// The name of the page script.
    script: String,
    pub(super) trusted: bool,
    pub(super) tabs: Vec<TabState>,
    pub(super) dialogs: Vec<Dialog>,
    pub(super) downloads: Vec<Download>,
    pub(super) violations: Vec<(String, Violation)>,
    pub(super) blocked: Vec<String>,
    pub(super) signalled: bool,
}

impl Context {
    pub(super) fn new(policy: NavigationPolicy, viewport: Viewport, script: &str) -> Self {
        Self {
            policy,
            viewport,
            script: script.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn script(&self) -> &str {
        &self.script
    }

    pub(super) fn find(&self, target: &str) -> Option<&TabState> {
        self.tabs.iter().find(|tab| tab.target == target)
    }

    pub(super) fn attached(&mut self, info: &Value, session: &str) {
        let tab = TabState {
            target: text(info, "targetId"),
            session: session.to_owned(),
            url: text(info, "url"),
            ..TabState::default()
        };
        self.forget(&tab.target);
        self.tabs.push(tab);
    }

    pub(super) fn forget(&mut self, target: &str) {
        self.tabs.retain(|tab| tab.target != target);
    }

    pub(super) fn renamed(&mut self, info: &Value) {
        let mut tabs = self.tabs.iter_mut();
        if let Some(tab) = tabs.find(|tab| info["targetId"] == tab.target.as_str()) {
            tab.url = text(info, "url");
            tab.title = text(info, "title");
        }
    }

    pub(super) fn expect_load(&mut self, target: &str, loads: bool) {
        if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.target == target) {
            tab.began = false;
            if loads {
                tab.loading.insert(target.to_owned());
            } else {
                tab.loading.remove(target);
            }
        }
    }

    /// Downloads are refused for every context; the browser says so only to the whole.
    pub(super) fn downloading(&mut self, params: &Value) {
        let frame = text(params, "frameId");
        let mut tabs = self.tabs.iter_mut();
        let Some(tab) = tabs.find(|tab| tab.target == frame || tab.loading.contains(&frame)) else {
            return;
        };
        tab.loading.remove(&frame);
        self.downloads.push(Download {
            url: text(params, "url"),
            file: text(params, "suggestedFilename"),
        });
    }

    pub(super) fn on_event(&mut self, session: &str, event: &Event) -> Vec<Reaction> {
        let params = &event.params;
        match event.method.as_str() {
            "Fetch.requestPaused" => return vec![self.decide(session, params)],
            "Page.javascriptDialogOpening" => {
                let (dialog, answer) = answer_dialog(params);
                self.dialogs.push(dialog);
                return vec![to_tab(session, "Page.handleJavaScriptDialog", answer)];
            }
            "Runtime.bindingCalled" => self.signalled = true,
            "Network.webSocketCreated" => self.opens_socket(params),
            "Network.requestWillBeSent" => self.asks_for(session, params),
            "Log.entryAdded" => self.logs(session, &params["entry"]),
            _ => {
                if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.session == session) {
                    tab.on_event(event);
                }
            }
        }
        vec![]
    }

    /// Lets a request go on or calls it off. A document of a whole tab that the policy forbids is
    /// an attempt to leave; anything else is the page's own doing and only blocked.
    fn decide(&mut self, session: &str, params: &Value) -> Reaction {
        let id = json!({"requestId": params["requestId"]});
        let address = params["request"]["url"].as_str().unwrap_or_default();
        let verdict = if self.trusted {
            Ok(())
        } else {
            self.policy.check(address).map(|_| ())
        };
        let Err(violation) = verdict else {
            return to_tab(session, "Fetch.continueRequest", id);
        };
        let tab = self.tabs.iter().find(|tab| tab.session == session);
        let whole = tab.filter(|tab| params["frameId"] == tab.target.as_str());
        match whole {
            Some(tab) if params["resourceType"] == "Document" => {
                self.violations.push((tab.target.clone(), violation));
            }
            _ => self.block(address),
        }
        let mut answer = id;
        // An aborted navigation leaves the page where it is.
        answer["errorReason"] = "Aborted".into();
        to_tab(session, "Fetch.failRequest", answer)
    }

    /// Notes a request that was blocked.
    pub(super) fn block(&mut self, address: &str) {
        let address: String = address.chars().take(500).collect();
        if self.blocked.len() < MAX_BLOCKED && !self.blocked.contains(&address) {
            self.blocked.push(address);
        }
    }

    fn opens_socket(&mut self, params: &Value) {
        let address = params["url"].as_str().unwrap_or_default();
        let as_http = address.replacen("ws", "http", 1);
        if self.policy.check(&as_http).is_err() {
            self.block(address);
        }
    }

    /// Requests for other hosts end at the dead proxy; that they were made is kept.
    fn asks_for(&mut self, session: &str, params: &Value) {
        let address = params["request"]["url"].as_str().unwrap_or_default();
        if address.starts_with("http") && !self.trusted && !self.policy.reaches(address) {
            self.block(address);
        }
        let scripted = matches!(params["type"].as_str(), Some("XHR" | "Fetch"));
        let mut tabs = self.tabs.iter_mut();
        if scripted && let Some(tab) = tabs.find(|tab| tab.session == session) {
            tab.requests.insert(text(params, "requestId"));
        }
    }

    /// The browser itself refuses links from pages to files, its own pages and whole documents in
    /// an address; it says so only in its log.
    fn logs(&mut self, session: &str, entry: &Value) {
        let said = entry["text"].as_str().unwrap_or_default();
        let refused = [
            "Not allowed to load local resource: ",
            "Not allowed to navigate top frame to data URL: ",
        ];
        let address = refused.iter().find_map(|words| said.strip_prefix(words));
        let tab = self.tabs.iter().find(|tab| tab.session == session);
        if let (Some(address), Some(tab)) = (address, tab)
            && let Err(violation) = self.policy.check(address)
        {
            self.violations.push((tab.target.clone(), violation));
        }
    }
}

impl TabState {
    fn on_event(&mut self, event: &Event) {
        let params = &event.params;
        let is_main = params["frameId"] == self.target.as_str();
        match event.method.as_str() {
            // Of a document whose headers ask for a process of its own (cross-origin opener
            // policy) Chromium tells only that the new process began to load what the old one had
            // begun already.
            "Page.frameStartedLoading" if is_main && self.began => self.navigations += 1,
            "Page.frameStartedLoading" | "Page.frameRequestedNavigation" => {
                self.began |= is_main && event.method == "Page.frameStartedLoading";
                // A navigation that opens another tab, or only saves a file, loads nothing here.
                let elsewhere = params["disposition"]
                    .as_str()
                    .is_some_and(|disposition| disposition != "currentTab");
                if !elsewhere {
                    self.loading.insert(text(params, "frameId"));
                }
            }
            "Page.frameStoppedLoading" | "Page.frameDetached" => {
                self.began &= !is_main;
                self.loading.remove(&text(params, "frameId"));
            }
            "Page.frameNavigated" if params["frame"]["parentId"].is_null() => {
                // Requests of the document before are no longer reported.
                self.requests.clear();
                self.navigations += 1;
                self.url = text(&params["frame"], "url");
            }
            "Page.navigatedWithinDocument" if is_main => {
                self.navigations += 1;
                self.url = text(params, "url");
            }
            "Network.loadingFinished" | "Network.loadingFailed" => {
                self.requests.remove(&text(params, "requestId"));
            }
            "Inspector.targetCrashed" => self.crashed = true,
            _ => {}
        }
    }
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
