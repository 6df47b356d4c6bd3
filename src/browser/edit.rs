//! Actions of the keyboard and on fields: text, options, boxes, keys.

use std::fmt::Write as _;

use serde_json::json;

use super::act::{Done, Refusal};
use super::input::code_step;
use super::keys;
use super::page::WebDriverPage;
use crate::domain::action::{Action, MouseButton};

/// Most characters of a field that an agent is told of.
const MAX_TOLD: usize = 200;

impl WebDriverPage {
    pub(super) async fn edit(&mut self, action: &Action) -> Done {
        match action {
            Action::Fill {
                bid,
                value,
                enable_autocomplete_menu,
            } => self.fill(bid, value, *enable_autocomplete_menu).await,
            Action::Clear { bid } => self.fill(bid, "", false).await,
            Action::SelectOption { bid, options } => {
                let arguments = [json!(bid), json!(options)];
                let answer = self.ask("selectOptions", &arguments).await?;
                Ok(format!("selected {} in [{bid}]", answer["chosen"]))
            }
            Action::Check { bid } => self.tick(bid, true).await,
            Action::Uncheck { bid } => self.tick(bid, false).await,
            Action::UploadFile { bid, .. } => {
                self.ask("fileField", &[json!(bid)]).await?;
                no_files()
            }
            Action::MouseUploadFile { x, y, .. } => {
                self.ask("fileFieldAt", &[json!(x), json!(y)]).await?;
                no_files()
            }
            other => Err(Refusal::Told(format!("{} edits nothing", other.name()))),
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
        let mut message = format!("filled [{bid}]");
        // The page may shorten or reformat what is entered, or object to it.
        if let Some(kept) = now["value"].as_str()
            && kept.trim_end() != value.replace("\r\n", "\n").trim_end()
        {
            let shown: String = kept.chars().take(MAX_TOLD).collect();
            match now["limit"].as_u64() {
                Some(limit) if value.encode_utf16().count() as u64 > limit => {
                    let _ = write!(
                        message,
                        "; it takes at most {limit} characters, so it now holds {shown:?}"
                    );
                }
                _ => {
                    let _ = write!(message, "; it now holds {shown:?}");
                }
            }
        }
        if let Some(objection) = now["objection"].as_str() {
            let _ = write!(message, "; the field does not accept it: {objection}");
        }
        Ok(message)
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
        let target = self.locate(bid).await?;
        self.click_at(target.point, MouseButton::Left, 1, &[])
            .await?;
        self.landed(bid).await;
        // The page may have gone elsewhere with it; then there is nothing left to ask.
        let now = self.script("ticked", &[json!(bid), json!(wanted)]).await?;
        if now["checked"] == !wanted {
            return Err(Refusal::Told(format!(
                "[{bid}] was clicked but is still not {word}; the page may not allow it yet"
            )));
        }
        Ok(format!("{word} [{bid}]"))
    }

    pub(super) async fn key(&mut self, action: &Action) -> Done {
        match action {
            Action::Focus { bid } => {
                let answer = self.ask("focusOn", &[json!(bid)]).await?;
                Ok(format!(
                    "focused {}",
                    answer["what"].as_str().unwrap_or(bid)
                ))
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
                let target = self.locate(bid).await?;
                self.click_at(target.point, MouseButton::Left, 1, &[])
                    .await?;
                self.landed(bid).await;
                if let Some(missed) = self.missed().await {
                    return Err(Refusal::Told(missed));
                }
                self.type_text(text).await?;
                let (what, count) = (target.what, text.chars().count());
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
}

/// Tasks bring no files, so there is none that could be meant.
fn no_files() -> Done {
    Err(Refusal::Told(
        "this task has no files to upload; go on without one, or report the task as infeasible"
            .to_owned(),
    ))
}
