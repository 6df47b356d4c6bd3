//! Waiting until a page is quiet, and finding out where it ended up.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::page::WebDriverPage;
use super::wire::WireError;
use super::{BrowserError, Violation};

/// The address at which a page came to rest, if it said so.
pub(super) type Rest = Option<String>;

impl WebDriverPage {
    /// Waits until the active tab neither loads nor changes, within bounds, or until a page calls
    /// the arena. Never an error of the agent: a page that never rests is used as it is.
    pub(super) async fn wait_until_quiet(&mut self) -> Result<Rest, BrowserError> {
        let deadline = Instant::now() + self.settle_max;
        let called = self.tabs.signalled();
        tokio::pin!(called);
        while Instant::now() < deadline {
            self.follow_tabs().await?;
            tokio::select! {
                biased;
                () = &mut called => return Ok(None),
                loaded = self.wait_for_loading(deadline) => if !loaded { return Ok(None) },
            }
            let quiet = tokio::select! {
                biased;
                () = &mut called => return Ok(None),
                quiet = self.wait_for_quiet(deadline) => quiet,
            };
            match quiet {
                Ok((false, _)) => return Ok(None),
                Ok((true, url)) if self.tabs.is_calm(&self.active) => return Ok(Some(url)),
                // Something began to load, or the tab closed: again from the start.
                Ok((true, _)) | Err(WireError::Refused(_) | WireError::DialogOpen) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Waits until what the arena itself opened is there. Unlike a page that an agent came to, it
    /// must load.
    pub(super) async fn wait_until_loaded(&mut self) -> Result<(), BrowserError> {
        let patience = self.wire().timeout;
        if !self.wait_for_loading(Instant::now() + patience).await {
            return Err(BrowserError::Timeout(format!(
                "the page did not load within {} s",
                patience.as_secs_f32()
            )));
        }
        // Makes the script ready for the first look.
        self.script("warm", &[]).await?;
        Ok(())
    }

    /// Whether loading ended in time.
    async fn wait_for_loading(&self, deadline: Instant) -> bool {
        let Some(devtools) = &self.wire().devtools else {
            // Without the browser's socket the driver has waited already.
            return true;
        };
        tokio::select! {
            () = self.tabs.calm(&self.active) => true,
            () = devtools.closed() => true,
            () = tokio::time::sleep_until(deadline) => false,
        }
    }

    /// Whether the document came to rest in time, and its address. The page script keeps the time
    /// itself, so that a page that does not answer at all is seen to hang.
    async fn wait_for_quiet(&mut self, deadline: Instant) -> Result<(bool, String), WireError> {
        let left = deadline.saturating_duration_since(Instant::now());
        let arguments = [millis(self.settle_quiet), millis(left)];
        let rest = self.script("quiet", &arguments).await?;
        let url = rest["url"].as_str().unwrap_or_default();
        Ok((rest["quiet"] == true, url.to_owned()))
    }

    /// Makes the newest tab active when the active one has closed. A page that closed its last
    /// tab gets an empty one, so that the agent can go on.
    pub(super) async fn follow_tabs(&mut self) -> Result<(), BrowserError> {
        if self.wire().devtools.is_none() {
            return Ok(());
        }
        if let Some(devtools) = &self.wire().devtools
            && devtools.is_closed()
        {
            let reason = "the connection to the browser is closed".to_owned();
            return Err(BrowserError::Gone(reason));
        }
        let tabs = self.tabs.list();
        match tabs.iter().find(|tab| tab.target == self.active) {
            Some(tab) if tab.crashed => {
                return Err(BrowserError::Crashed);
            }
            Some(_) => return Ok(()),
            None => {}
        }
        let target = match tabs.last() {
            Some(tab) => tab.target.clone(),
            None => self.add_tab().await?,
        };
        self.focus_tab(&target).await
    }

    /// Checks what the tabs tried and where they are against the policy; the active one is at
    /// `url`. A tab that the page opened to leave is closed; the one that was active `before` goes
    /// back to where it was allowed to be. Gives what was tried.
    pub(super) async fn enforce_policy(
        &mut self,
        before: &str,
        url: &str,
    ) -> Result<Vec<Violation>, BrowserError> {
        let mut violations = Vec::new();
        for (target, violation) in self.tabs.take_violations() {
            violations.push(violation);
            self.close_unless(before, &target).await?;
        }
        for tab in self.tabs.list() {
            if let Some(violation) = self.violation_of(&tab.url)
                && tab.target != self.active
            {
                violations.push(violation);
                self.close_unless(before, &tab.target).await?;
            }
        }
        // Closing a tab may have made another one active.
        let url = if violations.is_empty() {
            url.to_owned()
        } else {
            self.address().await?
        };
        if let Some(violation) = self.violation_of(&url) {
            violations.push(violation);
            let active = self.active.clone();
            if !self.close_unless(before, &active).await? {
                self.go_where_allowed().await?;
            }
        }
        Ok(violations)
    }

    /// Closes a tab, unless it is the one that stays, and says whether it did.
    async fn close_unless(&mut self, stays: &str, target: &str) -> Result<bool, BrowserError> {
        let gone = self.tabs.get(target).is_none();
        if target == stays || gone || self.tabs.get(stays).is_none() {
            return Ok(gone);
        }
        if self.active == target {
            self.focus_tab(stays).await?;
        }
        self.close_target(target).await?;
        Ok(true)
    }

    fn violation_of(&self, url: &str) -> Option<Violation> {
        if is_blank(url) {
            return None;
        }
        self.policy.check(url).err()
    }

    /// Closes a tab, which must not be the only one.
    pub(super) async fn close_target(&self, target: &str) -> Result<(), WireError> {
        let params = json!({"targetId": target});
        self.wire().browser("Target.closeTarget", params).await?;
        self.tabs.forget(target);
        Ok(())
    }

    /// The address of the active tab, which came to rest at `rest` and was not moved since.
    pub(super) async fn address_at(&mut self, rest: Rest) -> Result<String, BrowserError> {
        match rest {
            Some(url) if !url.is_empty() && !is_error_page(&url) => Ok(url),
            _ => self.address().await,
        }
    }

    /// The address of the active tab; of an error page the address that failed.
    pub(super) async fn address(&mut self) -> Result<String, BrowserError> {
        let place = self.script("where", &[]).await?;
        let url = place["url"].as_str().unwrap_or_default();
        if !is_error_page(url) {
            return Ok(url.to_owned());
        }
        let history = self
            .tab_command("Page.getNavigationHistory", json!({}))
            .await?;
        let current = history["currentIndex"].as_u64().unwrap_or_default();
        let entry = usize::try_from(current)
            .ok()
            .and_then(|at| history["entries"].get(at));
        Ok(entry
            .and_then(|entry| entry["url"].as_str())
            .unwrap_or(url)
            .to_owned())
    }

    /// Back to the last allowed address of the tab's history, or to an empty page.
    async fn go_where_allowed(&mut self) -> Result<(), BrowserError> {
        let history = self
            .tab_command("Page.getNavigationHistory", json!({}))
            .await?;
        let current = history["currentIndex"].as_u64().unwrap_or_default();
        let earlier = usize::try_from(current).unwrap_or_default();
        let entries = history["entries"].as_array().cloned().unwrap_or_default();
        let allowed = |entry: &&Value| {
            let url = entry["url"].as_str().unwrap_or_default();
            self.policy.check(url).is_ok()
        };
        let target = entries.iter().take(earlier).rev().find(allowed);
        if let Some(entry) = target {
            return self.go_to_entry(&entry["id"]).await;
        }
        self.tab_command("Page.navigate", json!({"url": "about:blank"}))
            .await?;
        self.wait_until_quiet().await?;
        Ok(())
    }

    /// Goes to an entry of the tab's history. The command itself returns before anything happens,
    /// so this waits for the document.
    pub(super) async fn go_to_entry(&mut self, id: &Value) -> Result<(), BrowserError> {
        let before = self.tabs.navigations(&self.active);
        self.tab_command("Page.navigateToHistoryEntry", json!({"entryId": id}))
            .await?;
        if self.wire().devtools.is_some() {
            let shown = self.tabs.navigated(&self.active, before);
            if tokio::time::timeout(self.settle_max, shown).await.is_err() {
                tracing::debug!("a step in history showed no document in time");
            }
        }
        self.wait_until_quiet().await?;
        Ok(())
    }
}

fn millis(duration: Duration) -> Value {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .into()
}

fn is_error_page(url: &str) -> bool {
    url.starts_with("chrome-error:")
}

/// An empty tab is nobody's place and always allowed.
pub(super) fn is_blank(url: &str) -> bool {
    url.is_empty() || url == "about:blank" || url == ":"
}
