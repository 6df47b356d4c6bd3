//! Mouse and keyboard as WebDriver actions: trusted input, like a person's.

use serde_json::{Value, json};

use super::page::WebDriverPage;
use super::wire::WireError;
use crate::domain::action::MouseButton;

/// A point of the viewport in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// Characters typed with one command; keeps a long text from outlasting a command's time.
const TYPED_AT_ONCE: usize = 200;
/// Points between start and end of a drag, so that the page sees a movement.
const DRAG_STEPS: u32 = 5;

impl WebDriverPage {
    /// Mouse moves, presses and releases, in order.
    pub(super) async fn mouse(&mut self, steps: Vec<Value>) -> Result<(), WireError> {
        let source = json!({
            "type": "pointer",
            "id": "mouse",
            "parameters": {"pointerType": "mouse"},
            "actions": steps,
        });
        self.perform_sources(vec![source]).await
    }

    /// Clicks with keys held down.
    pub(super) async fn click_at(
        &mut self,
        point: Point,
        button: MouseButton,
        times: usize,
        modifiers: &[String],
    ) -> Result<(), WireError> {
        let mut steps = vec![move_to(point)];
        for _ in 0..times {
            steps.extend([press(button), release(button)]);
        }
        if modifiers.is_empty() {
            return self.mouse(steps).await;
        }
        let down = modifiers.iter().map(|key| key_step("keyDown", key));
        self.keyboard(down.collect()).await?;
        let clicked = self.mouse(steps).await;
        let up = modifiers.iter().rev().map(|key| key_step("keyUp", key));
        self.keyboard(up.collect()).await?;
        clicked
    }

    /// Presses at one point and releases at another.
    pub(super) async fn drag(&mut self, from: Point, to: Point) -> Result<(), WireError> {
        let mut steps = vec![move_to(from), press(MouseButton::Left)];
        for step in 1..=DRAG_STEPS {
            let part = f64::from(step) / f64::from(DRAG_STEPS);
            steps.push(move_to(Point {
                x: from.x + (to.x - from.x) * part,
                y: from.y + (to.y - from.y) * part,
            }));
        }
        steps.push(release(MouseButton::Left));
        self.mouse(steps).await
    }

    /// Turns the mouse wheel at a point.
    pub(super) async fn wheel(&mut self, at: Point, dx: f64, dy: f64) -> Result<(), WireError> {
        let (at_x, at_y) = (at.x.round(), at.y.round());
        let step = json!({
            "type": "scroll", "x": whole(at_x), "y": whole(at_y),
            "deltaX": whole(dx), "deltaY": whole(dy), "duration": 0, "origin": "viewport",
        });
        let source = json!({"type": "wheel", "id": "wheel", "actions": [step]});
        self.perform_sources(vec![source]).await
    }

    /// Key presses and releases, in order.
    pub(super) async fn keyboard(&mut self, steps: Vec<Value>) -> Result<(), WireError> {
        let source = json!({"type": "key", "id": "keyboard", "actions": steps});
        self.perform_sources(vec![source]).await
    }

    /// Presses a combination and releases it.
    pub(super) async fn press_keys(&mut self, codes: &[String]) -> Result<(), WireError> {
        let down = codes.iter().map(|code| code_step("keyDown", code));
        let up = codes.iter().rev().map(|code| code_step("keyUp", code));
        self.keyboard(down.chain(up).collect()).await
    }

    /// Types text key by key. What is on no common keyboard is inserted as it is.
    pub(super) async fn type_text(&mut self, text: &str) -> Result<(), WireError> {
        let characters: Vec<char> = text.chars().collect();
        for part in characters.chunk_by(|a, b| is_typed(*a) == is_typed(*b)) {
            if !is_typed(part[0]) {
                self.insert_text(&part.iter().collect::<String>()).await?;
                continue;
            }
            for piece in part.chunks(TYPED_AT_ONCE) {
                let mut steps = Vec::with_capacity(piece.len() * 2);
                for character in piece {
                    let code = code_of(*character);
                    steps.extend([code_step("keyDown", &code), code_step("keyUp", &code)]);
                }
                self.keyboard(steps).await?;
            }
        }
        Ok(())
    }

    /// Inserts text at the cursor, as an input method does.
    pub(super) async fn insert_text(&mut self, text: &str) -> Result<(), WireError> {
        self.tab_command("Input.insertText", json!({"text": text}))
            .await?;
        Ok(())
    }

    /// A dialog that opens in the middle is answered by the tracker; the driver then calls the
    /// rest of the actions off, as a person could not have done it either.
    async fn perform_sources(&mut self, sources: Vec<Value>) -> Result<(), WireError> {
        let dialogs = self.worker.tracker.dialogs_seen();
        let body = json!({"actions": sources});
        match self.window_command("POST", "actions", body).await {
            Err(WireError::DialogOpen) if self.worker.tracker.dialogs_seen() > dialogs => Ok(()),
            other => other.map(|_| ()),
        }
    }
}

fn is_typed(character: char) -> bool {
    matches!(character, ' '..='~' | '\n' | '\t')
}

fn code_of(character: char) -> String {
    match character {
        '\n' => '\u{E007}'.to_string(),
        '\t' => '\u{E004}'.to_string(),
        other => other.to_string(),
    }
}

/// Moves the mouse to a point at once.
pub(super) fn move_to(point: Point) -> Value {
    json!({
        "type": "pointerMove", "duration": 0, "origin": "viewport",
        "x": whole(point.x), "y": whole(point.y),
    })
}

/// Presses a button.
pub(super) fn press(button: MouseButton) -> Value {
    json!({"type": "pointerDown", "button": number(button)})
}

/// Releases a button.
pub(super) fn release(button: MouseButton) -> Value {
    json!({"type": "pointerUp", "button": number(button)})
}

/// A step of a modifier by its name.
fn key_step(kind: &str, name: &str) -> Value {
    // Names of modifiers are checked when the action is read.
    let code = super::keys::key(name).unwrap_or_else(|_| name.to_owned());
    code_step(kind, &code)
}

/// A step of a key by its code.
pub(super) fn code_step(kind: &str, code: &str) -> Value {
    json!({"type": kind, "value": code})
}

const fn number(button: MouseButton) -> u8 {
    match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
    }
}

/// WebDriver takes whole pixels only.
#[expect(
    clippy::cast_possible_truncation,
    reason = "casting saturates, and far-away points are refused by the driver"
)]
fn whole(value: f64) -> i64 {
    (value.round() as i64).clamp(-1_000_000, 1_000_000)
}
