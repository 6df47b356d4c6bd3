//! Carries out actions. What an agent did wrong is told to the agent; only faults of the browser
//! are errors.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::page::WebDriverPage;
use super::settle::{Rest, is_blank};
use super::tracker::MOST_TABS;
use super::wire::WireError;
use super::{ActionResult, BrowserError, Violation};
use crate::domain::action::Action;

/// Longest `noop`.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Why an action was not carried out.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The agent asked for what cannot be done; the reason, in words for it.
    Told(String),
    /// The agent asked for what is forbidden.
    Forbidden(Violation),
    /// The browser failed.
    Fault(BrowserError),
}

impl From<WireError> for Refusal {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Fatal(fatal) => Self::Fault(fatal),
            // The browser is well, so what it refused was the action.
            refused => Self::Told(format!("the browser refused: {refused}")),
        }
    }
}

impl From<BrowserError> for Refusal {
    fn from(error: BrowserError) -> Self {
        Self::Fault(error)
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Self::Told(reason)
    }
}

/// What was done, in words for the agent.
pub(super) type Done = Result<String, Refusal>;

/// What came of performing an action, before the page was quiet.
pub(super) struct Told {
    ok: bool,
    message: String,
    violations: Vec<Violation>,
    tabs_before: Vec<String>,
    active_before: String,
}

impl WebDriverPage {
    /// Carries out an action without waiting for what follows from it.
    pub(super) async fn perform(&mut self, action: &Action) -> Result<Told, BrowserError> {
        self.follow_tabs().await?;
        let tabs = self.tabs.list();
        let mut told = Told {
            ok: true,
            message: String::new(),
            violations: Vec::new(),
            active_before: self.active.clone(),
            tabs_before: tabs.into_iter().map(|tab| tab.target).collect(),
        };
        match self.dispatch(action).await {
            Ok(message) => told.message = message,
            Err(Refusal::Told(message)) => {
                told.ok = false;
                told.message = message;
            }
            Err(Refusal::Forbidden(violation)) => {
                told.ok = false;
                told.message = format!("not allowed: {}", violation.detail);
                told.violations.push(violation);
            }
            Err(Refusal::Fault(fault)) => return Err(fault),
        }
        Ok(told)
    }

    /// Waits until the page is quiet, holds it to the policy and sums up what happened.
    pub(super) async fn afterwards(
        &mut self,
        action: &Action,
        told: Told,
    ) -> Result<ActionResult, BrowserError> {
        let mut result = ActionResult {
            ok: told.ok,
            message: told.message,
            violations: told.violations,
            ..ActionResult::default()
        };
        if action.ends_episode() {
            result.url = self.address().await?;
            return Ok(result);
        }
        let mut rest = None;
        if told.ok {
            rest = self.wait_until_quiet().await?;
            if let Some(missed) = self.missed().await {
                result.ok = false;
                result.message = missed;
            }
            if let Some(popup_rest) = self.take_popup(&told.tabs_before, action).await? {
                result.message.push_str("; a new tab opened and is active");
                rest = popup_rest;
            }
            let url = self.address_at(rest.take()).await?;
            let violations = self.enforce_policy(&told.active_before, &url).await?;
            // Nobody moved the page since unless something was not allowed.
            rest = violations.is_empty().then_some(url);
            for violation in violations {
                result.ok = false;
                result.message = format!("not allowed: {}; the page stays", violation.detail);
                result.violations.push(violation);
            }
        }
        result.blocked = self.tabs.take_blocked();
        result.downloads = self.tabs.take_downloads();
        for download in &result.downloads {
            let sentence = format!(
                "; a download of {:?} began, which was refused",
                download.file
            );
            result.message.push_str(&sentence);
        }
        result.dialogs = self.tabs.take_dialogs();
        for dialog in &result.dialogs {
            let answer = if dialog.accepted {
                "accepted"
            } else {
                "dismissed"
            };
            let said: String = dialog.message.chars().take(300).collect();
            let sentence = format!(
                "; the page opened a dialog ({}: {said:?}), which was {answer}",
                dialog.kind
            );
            result.message.push_str(&sentence);
        }
        result.url = self.address_at(rest).await?;
        Ok(result)
    }

    /// Makes a tab that the page opened active, as a browser does, and waits for it; gives where
    /// it came to rest. A tab that only tries to leave is left to the policy.
    async fn take_popup(
        &mut self,
        before: &[String],
        action: &Action,
    ) -> Result<Option<Rest>, BrowserError> {
        if matches!(
            action,
            Action::NewTab | Action::TabFocus { .. } | Action::TabClose
        ) {
            return Ok(None);
        }
        let tabs = self.tabs.list();
        let popup = tabs.into_iter().rev().find(|tab| {
            let allowed = is_blank(&tab.url) || self.policy.check(&tab.url).is_ok();
            !before.contains(&tab.target) && allowed && !self.tabs.has_violation(&tab.target)
        });
        let Some(popup) = popup else {
            return Ok(None);
        };
        self.focus_tab(&popup.target).await?;
        Ok(Some(self.wait_until_quiet().await?))
    }

    async fn dispatch(&mut self, action: &Action) -> Done {
        match action {
            Action::SendMsgToUser { .. } | Action::ReportInfeasible { .. } => Ok("said".to_owned()),
            Action::Noop { wait_ms } => {
                let asked = Duration::from_millis(*wait_ms);
                let wait = asked.min(LONGEST_WAIT);
                // The one sleep: the agent asked for it.
                tokio::time::sleep(wait).await;
                Ok(waited(asked, wait))
            }
            Action::Goto { .. }
            | Action::GoBack
            | Action::GoForward
            | Action::NewTab
            | Action::TabFocus { .. }
            | Action::TabClose => self.travel(action).await,
            Action::Fill { .. }
            | Action::Clear { .. }
            | Action::SelectOption { .. }
            | Action::Check { .. }
            | Action::Uncheck { .. }
            | Action::UploadFile { .. }
            | Action::MouseUploadFile { .. } => self.edit(action).await,
            Action::KeyboardPress { .. }
            | Action::KeyboardDown { .. }
            | Action::KeyboardUp { .. }
            | Action::KeyboardType { .. }
            | Action::KeyboardInsertText { .. }
            | Action::Press { .. }
            | Action::TypeText { .. }
            | Action::Focus { .. } => self.key(action).await,
            _ => self.point(action).await,
        }
    }

    async fn travel(&mut self, action: &Action) -> Done {
        match action {
            Action::Goto { url } => {
                // Not to write an address is a mistake, not an attempt at a forbidden one.
                if let Err(error) = Url::parse(url.trim()) {
                    let here = self.address().await?;
                    let example = if self.policy.check(&here).is_ok() {
                        here
                    } else {
                        // An empty tab is nowhere that may be gone to.
                        self.policy.allowed_origins.first().cloned().unwrap_or(here)
                    };
                    return Err(Refusal::Told(format!(
                        "`{url}` is no whole address ({error}); write one like {example}"
                    )));
                }
                let url = self.policy.check(url).map_err(Refusal::Forbidden)?;
                match self.load(url.as_str()).await? {
                    Ok(()) => Ok(format!("opened {url}")),
                    Err(error) => Err(Refusal::Told(format!("{url} cannot be opened: {error}"))),
                }
            }
            Action::GoBack => self.step_in_history(-1, "earlier").await,
            Action::GoForward => self.step_in_history(1, "later").await,
            Action::NewTab => {
                let open = self.tabs.list().len();
                if open >= MOST_TABS {
                    return Err(Refusal::Told(format!(
                        "{open} tabs are open, more than which no task needs; close one with \
                         tab_close"
                    )));
                }
                let target = self.add_tab().await?;
                self.focus_tab(&target).await?;
                Ok("opened an empty tab".to_owned())
            }
            Action::TabFocus { index } => {
                let tabs = self.tabs.list();
                let Some(tab) = tabs.get(*index) else {
                    let last = tabs.len().saturating_sub(1);
                    return Err(Refusal::Told(format!(
                        "there is no tab {index}; tabs are numbered 0 to {last}, in the order of \
                         the list"
                    )));
                };
                self.focus_tab(&tab.target).await?;
                Ok(format!("tab {index} is active"))
            }
            _ => self.close_tab().await,
        }
    }

    /// Closes the active tab; the newest one that is left becomes active. In the place of the
    /// only one comes an empty one, since without a tab nothing could be done any more.
    async fn close_tab(&mut self) -> Done {
        let target = self.active.clone();
        let is_only = self.tabs.list().len() < 2;
        if is_only {
            let empty = self.add_tab().await?;
            self.focus_tab(&empty).await?;
        }
        self.close_target(&target).await?;
        self.follow_tabs().await?;
        Ok(if is_only {
            "closed the only tab; an empty one is in its place, open an address with goto"
        } else {
            "closed the tab"
        }
        .to_owned())
    }

    async fn step_in_history(&mut self, step: i64, word: &str) -> Done {
        let history = self
            .tab_command("Page.getNavigationHistory", json!({}))
            .await?;
        let current = history["currentIndex"].as_i64().unwrap_or_default();
        let entry = usize::try_from(current + step)
            .ok()
            .and_then(|at| history["entries"].get(at));
        let Some(entry) = entry else {
            return Err(Refusal::Told(format!(
                "there is no {word} page in this tab; use a link or goto"
            )));
        };
        let url = entry["url"].as_str().unwrap_or_default().to_owned();
        if !is_blank(&url) {
            self.policy.check(&url).map_err(Refusal::Forbidden)?;
        }
        self.go_to_entry(&entry["id"]).await?;
        Ok(format!("went to the {word} page {url}"))
    }

    /// Calls the page script; what it calls an error is the agent's.
    pub(super) async fn ask(
        &mut self,
        function: &str,
        arguments: &[Value],
    ) -> Result<Value, Refusal> {
        let answer = self.script(function, arguments).await?;
        match answer["error"].as_str() {
            Some(reason) => Err(Refusal::Told(reason.to_owned())),
            None => Ok(answer),
        }
    }
}

fn waited(asked: Duration, wait: Duration) -> String {
    let (asked, wait) = (asked.as_millis(), wait.as_millis());
    if asked == wait {
        return format!("waited {wait} ms");
    }
    format!("waited {wait} ms, the longest at once, not {asked} ms")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_that_was_cut_is_told() {
        let second = Duration::from_secs(1);
        assert_eq!(waited(second, second), "waited 1000 ms");
        let told = waited(Duration::from_mins(1), LONGEST_WAIT);
        assert_eq!(told, "waited 10000 ms, the longest at once, not 60000 ms");
    }
}
