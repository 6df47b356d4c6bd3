//! Mouse and keyboard: trusted input, like a person's. It goes over the browser's own socket where
//! there is one, since a command there takes a third of the time; drags, which the browser hands
//! to the system, and browsers elsewhere go through WebDriver actions.

use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::keyboard::Key;
use super::page::WebDriverPage;
use super::wire::WireError;
use crate::domain::action::MouseButton;

/// A point of the viewport in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// One movement of a hand.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Moves the mouse at once.
    Move(Point),
    /// Presses a mouse button.
    Press(MouseButton),
    /// Releases a mouse button.
    Release(MouseButton),
    /// Presses a key, by its WebDriver code.
    KeyDown(String),
    /// Releases a key.
    KeyUp(String),
}

/// What is held down between actions.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// Where the mouse is.
    at: Point,
    /// Modifier keys, as the browser's mask.
    modifiers: u8,
    /// Mouse buttons that the driver holds.
    buttons: u32,
    /// Whether the driver was used for keys.
    keys_by_driver: bool,
}

impl Held {
    /// Whether the driver may hold something.
    pub(super) const fn by_driver(&self) -> bool {
        self.buttons > 0 || self.keys_by_driver
    }
}

/// Characters typed with one command; keeps a long text from outlasting a command's time.
const TYPED_AT_ONCE: usize = 200;
/// Points between start and end of a drag, so that the page sees a movement.
const DRAG_STEPS: u32 = 5;

impl WebDriverPage {
    /// Where the mouse is, once it was moved.
    pub(super) fn pointer(&self) -> Option<Point> {
        (self.held.at != Point::default()).then_some(self.held.at)
    }

    /// Mouse moves, presses and releases, in order. A button that stays pressed, and all until
    /// it is released, belongs to the driver, which knows how to drag.
    pub(super) async fn mouse(&mut self, steps: Vec<Step>) -> Result<(), WireError> {
        let is_press = |step: &&Step| matches!(step, Step::Press(_));
        let is_release = |step: &&Step| matches!(step, Step::Release(_));
        let pressed = steps.iter().filter(is_press).count();
        let released = steps.iter().filter(is_release).count();
        let moves_between = steps
            .windows(2)
            .any(|pair| matches!(pair, [Step::Press(_), Step::Move(_)]));
        let drags = pressed != released || moves_between || self.held.buttons > 0;
        if drags || !self.has_socket() {
            let held = self.held.buttons as usize + pressed;
            self.held.buttons = u32::try_from(held.saturating_sub(released)).unwrap_or(u32::MAX);
            return self.mouse_by_driver(&steps).await;
        }
        self.mouse_by_socket(&steps).await
    }

    /// Clicks with keys held down.
    pub(super) async fn click_at(
        &mut self,
        point: Point,
        button: MouseButton,
        times: usize,
        modifiers: &[String],
    ) -> Result<(), WireError> {
        let mut steps = vec![Step::Move(point)];
        for _ in 0..times {
            steps.extend([press(button), release(button)]);
        }
        if modifiers.is_empty() {
            return self.mouse(steps).await;
        }
        let down = modifiers.iter().map(|key| Step::KeyDown(code_of_name(key)));
        self.keyboard(down.collect()).await?;
        let clicked = self.mouse(steps).await;
        let up = modifiers.iter().rev();
        let up = up.map(|key| Step::KeyUp(code_of_name(key)));
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
        if self.has_socket() {
            let params = json!({
                "type": "mouseWheel", "x": at.x, "y": at.y, "deltaX": whole(dx), "deltaY": whole(dy),
                "modifiers": self.held.modifiers,
            });
            return self
                .tab_command("Input.dispatchMouseEvent", params)
                .await
                .map(|_| ());
        }
        let step = json!({
            "type": "scroll", "x": whole(at.x), "y": whole(at.y),
            "deltaX": whole(dx), "deltaY": whole(dy), "duration": 0, "origin": "viewport",
        });
        let source = json!({"type": "wheel", "id": "wheel", "actions": [step]});
        self.perform_sources(vec![source]).await
    }

    /// Key presses and releases, in order.
    pub(super) async fn keyboard(&mut self, steps: Vec<Step>) -> Result<(), WireError> {
        if self.has_socket() {
            return self.keys_by_socket(&steps).await;
        }
        self.held.keys_by_driver = true;
        let steps: Vec<Value> = steps.iter().map(driver_step).collect();
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

    /// Sends a batch without waiting between its parts: the browser keeps their order.
    async fn mouse_by_socket(&mut self, steps: &[Step]) -> Result<(), WireError> {
        let mut events = Vec::with_capacity(steps.len());
        let mut clicks = 0;
        let mut at = self.held.at;
        for step in steps {
            let (kind, button) = match step {
                Step::Move(point) => {
                    at = *point;
                    ("mouseMoved", None)
                }
                Step::Press(button) => {
                    clicks += 1;
                    ("mousePressed", Some(*button))
                }
                Step::Release(button) => ("mouseReleased", Some(*button)),
                Step::KeyDown(_) | Step::KeyUp(_) => continue,
            };
            let mut event = json!({
                "type": kind, "x": at.x, "y": at.y,
                "modifiers": self.held.modifiers,
            });
            if let Some(button) = button {
                event["button"] = button.as_str().into();
                event["clickCount"] = clicks.into();
                let down = kind == "mousePressed";
                event["buttons"] = if down { mask(button) } else { 0 }.into();
            }
            events.push(self.tab_command("Input.dispatchMouseEvent", event));
        }
        try_join_all(events).await?;
        self.held.at = at;
        Ok(())
    }

    async fn keys_by_socket(&mut self, steps: &[Step]) -> Result<(), WireError> {
        let mut events = Vec::with_capacity(steps.len());
        let mut held = self.held.modifiers;
        for step in steps {
            let params = match step {
                Step::KeyDown(code) => {
                    let key = Key::of(code);
                    held |= key.modifier;
                    key.down(held)
                }
                Step::KeyUp(code) => {
                    let key = Key::of(code);
                    held &= !key.modifier;
                    key.up(held)
                }
                Step::Move(_) | Step::Press(_) | Step::Release(_) => continue,
            };
            events.push(self.tab_command("Input.dispatchKeyEvent", params));
        }
        try_join_all(events).await?;
        self.held.modifiers = held;
        Ok(())
    }

    async fn mouse_by_driver(&mut self, steps: &[Step]) -> Result<(), WireError> {
        let mut actions = Vec::with_capacity(steps.len() + 1);
        if self.has_socket() && !matches!(steps.first(), Some(Step::Move(_))) {
            // The driver does not know where the mouse went without it.
            actions.push(driver_step(&Step::Move(self.held.at)));
        }
        actions.extend(steps.iter().map(driver_step));
        for step in steps {
            if let Step::Move(point) = step {
                self.held.at = *point;
            }
        }
        let source = json!({
            "type": "pointer",
            "id": "mouse",
            "parameters": {"pointerType": "mouse"},
            "actions": actions,
        });
        self.perform_sources(vec![source]).await
    }

    /// A dialog that opens in the middle is answered by the tracker; the driver then calls the
    /// rest of the actions off, as a person could not have done it either.
    async fn perform_sources(&mut self, sources: Vec<Value>) -> Result<(), WireError> {
        let dialogs = self.tabs.dialogs_seen();
        let body = json!({"actions": sources});
        match self.window_command("POST", "actions", body).await {
            Err(WireError::DialogOpen) if self.tabs.dialogs_seen() > dialogs => Ok(()),
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

/// The code of a modifier by its name.
fn code_of_name(name: &str) -> String {
    // Names of modifiers are checked when the action is read.
    super::keys::key(name).unwrap_or_else(|_| name.to_owned())
}

/// Moves the mouse to a point at once.
pub(super) const fn move_to(point: Point) -> Step {
    Step::Move(point)
}

/// Presses a button.
pub(super) const fn press(button: MouseButton) -> Step {
    Step::Press(button)
}

/// Releases a button.
pub(super) const fn release(button: MouseButton) -> Step {
    Step::Release(button)
}

/// A step of a key by its code; `kind` is `keyDown` or `keyUp`.
pub(super) fn code_step(kind: &str, code: &str) -> Step {
    match kind {
        "keyDown" => Step::KeyDown(code.to_owned()),
        _ => Step::KeyUp(code.to_owned()),
    }
}

/// A step as WebDriver writes it.
fn driver_step(step: &Step) -> Value {
    match step {
        Step::Move(point) => json!({
            "type": "pointerMove", "duration": 0, "origin": "viewport",
            "x": whole(point.x), "y": whole(point.y),
        }),
        Step::Press(button) => json!({"type": "pointerDown", "button": number(*button)}),
        Step::Release(button) => json!({"type": "pointerUp", "button": number(*button)}),
        Step::KeyDown(code) => json!({"type": "keyDown", "value": code}),
        Step::KeyUp(code) => json!({"type": "keyUp", "value": code}),
    }
}

const fn number(button: MouseButton) -> u8 {
    match button {
        MouseButton::Left => 0,
        MouseButton::Middle => 1,
        MouseButton::Right => 2,
    }
}

/// `MouseEvent.buttons` while one is pressed.
const fn mask(button: MouseButton) -> u8 {
    match button {
        MouseButton::Left => 1,
        MouseButton::Right => 2,
        MouseButton::Middle => 4,
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
