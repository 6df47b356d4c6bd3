//! Carries out actions. What an agent did wrong is told to the agent; only faults of the browser
//! are errors.

use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::input::{Point, code_step, move_to, press, release};
use super::page::WebDriverPage;
use super::settle::is_blank;
use super::wire::WireError;
use super::{ActionResult, BrowserError, Violation, keys};
use crate::domain::action::{Action, Direction, MouseButton};

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
type Done = Result<String, Refusal>;

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
        if told.ok {
            self.wait_until_quiet().await?;
            if self.take_popup(&told.tabs_before, action).await? {
                result.message.push_str("; a new tab opened and is active");
            }
            for violation in self.enforce_policy(&told.active_before).await? {
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
        result.url = self.address().await?;
        Ok(result)
    }

    /// Makes a tab that the page opened active, as a browser does. A tab that only tries to
    /// leave is left to the policy.
    async fn take_popup(
        &mut self,
        before: &[String],
        action: &Action,
    ) -> Result<bool, BrowserError> {
        if matches!(action, Action::NewTab | Action::TabFocus { .. }) {
            return Ok(false);
        }
        let tabs = self.tabs.list();
        let popup = tabs.into_iter().rev().find(|tab| {
            let allowed = is_blank(&tab.url) || self.policy.check(&tab.url).is_ok();
            !before.contains(&tab.target) && allowed && !self.tabs.has_violation(&tab.target)
        });
        let Some(popup) = popup else {
            return Ok(false);
        };
        self.focus_tab(&popup.target).await?;
        self.wait_until_quiet().await?;
        Ok(true)
    }

    async fn dispatch(&mut self, action: &Action) -> Done {
        match action {
            Action::SendMsgToUser { .. } | Action::ReportInfeasible { .. } => Ok("said".to_owned()),
            Action::Noop { wait_ms } => {
                let wait = Duration::from_millis(*wait_ms).min(LONGEST_WAIT);
                // The one sleep: the agent asked for it.
                tokio::time::sleep(wait).await;
                Ok(format!("waited {} ms", wait.as_millis()))
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
                    let example = self.address().await?;
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
                let target = self.add_tab().await?;
                self.focus_tab(&target).await?;
                Ok("opened an empty tab".to_owned())
            }
            Action::TabFocus { index } => {
                let tabs = self.tabs.list();
                let Some(tab) = tabs.get(*index) else {
                    let last = tabs.len().saturating_sub(1);
                    return Err(Refusal::Told(format!(
                        "there is no tab {index}; tabs are numbered 0 to {last}"
                    )));
                };
                self.focus_tab(&tab.target).await?;
                Ok(format!("tab {index} is active"))
            }
            _ => self.close_tab().await,
        }
    }

    async fn close_tab(&mut self) -> Done {
        if self.tabs.list().len() < 2 {
            return Err(Refusal::Told("the only tab cannot be closed".to_owned()));
        }
        let target = self.active.clone();
        self.close_target(&target).await?;
        self.follow_tabs().await?;
        Ok("closed the tab".to_owned())
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
            return Err(Refusal::Told(format!("there is no {word} page")));
        };
        let url = entry["url"].as_str().unwrap_or_default().to_owned();
        if !is_blank(&url) {
            self.policy.check(&url).map_err(Refusal::Forbidden)?;
        }
        self.go_to_entry(&entry["id"]).await?;
        Ok(format!("went to the {word} page {url}"))
    }

    async fn edit(&mut self, action: &Action) -> Done {
        match action {
            Action::Fill {
                bid,
                value,
                enable_autocomplete_menu,
            } => self.fill(bid, value, *enable_autocomplete_menu).await,
            Action::Clear { bid } => self.fill(bid, "", false).await,
            Action::SelectOption { bid, options } => {
                let answer = self
                    .ask("selectOptions", &[json!(bid), json!(options)])
                    .await?;
                Ok(format!("selected {} in [{bid}]", answer["chosen"]))
            }
            Action::Check { bid } => self.tick(bid, true).await,
            Action::Uncheck { bid } => self.tick(bid, false).await,
            _ => Err(Refusal::Told("this task has no files to upload".to_owned())),
        }
    }

    async fn fill(&mut self, bid: &str, value: &str, key_by_key: bool) -> Done {
        let prepared = self.ask("prepareFill", &[json!(bid), json!(value)]).await?;
        if prepared["done"] == false {
            if key_by_key {
                self.type_text(value).await?;
            } else {
                self.insert_text(value).await?;
            }
        }
        let now = self.ask("fieldValue", &[json!(bid)]).await?;
        match now["value"].as_str() {
            // The page may shorten or reformat what is entered; the agent should know.
            Some(kept) if kept.trim_end() != value.replace("\r\n", "\n").trim_end() => {
                let kept: String = kept.chars().take(200).collect();
                Ok(format!("filled [{bid}]; it now holds {kept:?}"))
            }
            _ => Ok(format!("filled [{bid}]")),
        }
    }

    async fn tick(&mut self, bid: &str, wanted: bool) -> Done {
        let word = if wanted { "checked" } else { "unchecked" };
        let state = self.ask("tick", &[json!(bid)]).await?;
        if state["checked"] == wanted {
            return Ok(format!("[{bid}] was {word} already"));
        }
        if !wanted && state["radio"] == true {
            return Err(Refusal::Told(format!(
                "[{bid}] is a radio button; check another one of its group instead"
            )));
        }
        let (point, _) = self.locate(bid).await?;
        self.click_at(point, MouseButton::Left, 1, &[]).await?;
        // The page may have gone elsewhere with it; then there is nothing left to ask.
        let now = self.script("tick", &[json!(bid)]).await?;
        if now["checked"] == !wanted {
            return Err(Refusal::Told(format!(
                "[{bid}] was clicked but is still not {word}"
            )));
        }
        Ok(format!("{word} [{bid}]"))
    }

    async fn key(&mut self, action: &Action) -> Done {
        match action {
            Action::Focus { bid } => {
                let answer = self.ask("focusOn", &[json!(bid)]).await?;
                Ok(format!("focused {}", text(&answer, "what")))
            }
            Action::Press { bid, key_comb } => {
                let codes = keys::combination(key_comb)?;
                self.ask("focusOn", &[json!(bid)]).await?;
                self.press_keys(&codes).await?;
                Ok(format!("pressed {key_comb} on [{bid}]"))
            }
            Action::KeyboardPress { key } => {
                let codes = keys::combination(key)?;
                self.press_keys(&codes).await?;
                Ok(format!("pressed {key}"))
            }
            Action::KeyboardDown { key } => {
                let step = code_step("keyDown", &keys::key(key)?);
                self.keyboard(vec![step]).await?;
                Ok(format!("{key} is held down"))
            }
            Action::KeyboardUp { key } => {
                let step = code_step("keyUp", &keys::key(key)?);
                self.keyboard(vec![step]).await?;
                Ok(format!("released {key}"))
            }
            Action::TypeText { bid, text } => {
                let (point, what) = self.locate(bid).await?;
                self.click_at(point, MouseButton::Left, 1, &[]).await?;
                self.type_text(text).await?;
                let count = text.chars().count();
                Ok(format!("clicked {what} and typed {count} characters"))
            }
            Action::KeyboardType { text } => {
                self.type_text(text).await?;
                Ok(format!("typed {} characters", text.chars().count()))
            }
            Action::KeyboardInsertText { text } => {
                self.insert_text(text).await?;
                Ok(format!("inserted {} characters", text.chars().count()))
            }
            other => Err(Refusal::Told(format!("{} is no key", other.name()))),
        }
    }

    async fn point(&mut self, action: &Action) -> Done {
        match action {
            Action::Click {
                bid,
                button,
                modifiers,
            } => {
                let (point, what) = self.locate(bid).await?;
                self.click_at(point, *button, 1, modifiers).await?;
                Ok(format!("clicked {what}"))
            }
            Action::Dblclick {
                bid,
                button,
                modifiers,
            } => {
                let (point, what) = self.locate(bid).await?;
                self.click_at(point, *button, 2, modifiers).await?;
                Ok(format!("clicked {what} twice"))
            }
            Action::Hover { bid } => {
                let answer = self.ask("point", &[json!(bid), json!(true)]).await?;
                self.mouse(vec![move_to(point_of(&answer))]).await?;
                Ok(format!("the mouse is over {}", text(&answer, "what")))
            }
            Action::DragAndDrop { from_bid, to_bid } => {
                let (_, what) = self.locate(to_bid).await?;
                // Looking for the first may scroll, so the place of the second is asked again.
                let (from, dragged) = self.locate(from_bid).await?;
                let to = self.ask("place", &[json!(to_bid)]).await?;
                self.drag(from, point_of(&to)).await?;
                Ok(format!("dragged {dragged} onto {what}"))
            }
            Action::Scroll { delta_x, delta_y } => {
                let centre = self.script("centre", &[]).await?;
                self.wheel(point_of(&centre), *delta_x, *delta_y).await?;
                Ok("scrolled".to_owned())
            }
            Action::ScrollAt { x, y, dx, dy } => {
                self.wheel(Point { x: *x, y: *y }, *dx, *dy).await?;
                Ok("scrolled".to_owned())
            }
            Action::ScrollPage { direction } => {
                let down = *direction == Direction::Down;
                let answer = self.ask("scrollPage", &[json!(down)]).await?;
                Ok(format!(
                    "scrolled {} by {} pixels",
                    direction.as_str(),
                    answer["by"]
                ))
            }
            other => self.mouse_action(other).await,
        }
    }

    async fn mouse_action(&mut self, action: &Action) -> Done {
        match *action {
            Action::MouseMove { x, y } => self.mouse(vec![move_to(Point { x, y })]).await?,
            Action::MouseClick { x, y, button } => {
                self.click_at(Point { x, y }, button, 1, &[]).await?;
            }
            Action::MouseDblclick { x, y, button } => {
                self.click_at(Point { x, y }, button, 2, &[]).await?;
            }
            Action::MouseDown { x, y, button } => {
                let steps = vec![move_to(Point { x, y }), press(button)];
                self.mouse(steps).await?;
            }
            Action::MouseUp { x, y, button } => {
                let steps = vec![move_to(Point { x, y }), release(button)];
                self.mouse(steps).await?;
            }
            Action::MouseDragAndDrop {
                from_x,
                from_y,
                to_x,
                to_y,
            } => {
                let from = Point {
                    x: from_x,
                    y: from_y,
                };
                self.drag(from, Point { x: to_x, y: to_y }).await?;
            }
            ref other => {
                return Err(Refusal::Told(format!(
                    "{} is no mouse action",
                    other.name()
                )));
            }
        }
        Ok(format!("did {}", action.name()))
    }

    /// Where to click an element, and what it is.
    async fn locate(&mut self, bid: &str) -> Result<(Point, String), Refusal> {
        let answer = self.ask("point", &[json!(bid), json!(false)]).await?;
        Ok((point_of(&answer), text(&answer, "what")))
    }

    /// Calls the page script; what it calls an error is the agent's.
    async fn ask(&mut self, function: &str, arguments: &[Value]) -> Result<Value, Refusal> {
        let answer = self.script(function, arguments).await?;
        match answer["error"].as_str() {
            Some(reason) => Err(Refusal::Told(reason.to_owned())),
            None => Ok(answer),
        }
    }
}

fn point_of(answer: &Value) -> Point {
    Point {
        x: answer["x"].as_f64().unwrap_or_default(),
        y: answer["y"].as_f64().unwrap_or_default(),
    }
}

fn text(answer: &Value, key: &str) -> String {
    answer[key].as_str().unwrap_or_default().to_owned()
}
