//! Actions of the mouse: what is pressed, where, and whether it was hit.

use serde_json::{Value, json};

use super::act::{Done, Refusal};
use super::input::{Point, move_to, press, release};
use super::page::WebDriverPage;
use crate::domain::action::{Action, Direction};

impl WebDriverPage {
    pub(super) async fn point(&mut self, action: &Action) -> Done {
        match action {
            Action::Click {
                bid,
                button,
                modifiers,
            } => {
                let target = self.locate(bid).await?;
                self.click_at(target.point, *button, 1, modifiers).await?;
                self.landed(bid).await;
                Ok(format!("clicked {}{}", target.what, target.hint))
            }
            Action::Dblclick {
                bid,
                button,
                modifiers,
            } => {
                let target = self.locate(bid).await?;
                self.click_at(target.point, *button, 2, modifiers).await?;
                self.landed(bid).await;
                Ok(format!("clicked {} twice", target.what))
            }
            Action::Hover { bid } => {
                let answer = self.ask("point", &[json!(bid), json!(true)]).await?;
                self.mouse(vec![move_to(point_of(&answer))]).await?;
                Ok(format!("the mouse is over {}", text(&answer, "what")))
            }
            Action::DragAndDrop { from_bid, to_bid } => {
                let onto = self.locate(to_bid).await?;
                // Looking for the first may scroll, so the place of the second is asked again.
                let dragged = self.locate(from_bid).await?;
                let to = self.ask("place", &[json!(to_bid)]).await?;
                self.drag(dragged.point, point_of(&to)).await?;
                self.landed(from_bid).await;
                Ok(format!("dragged {} onto {}", dragged.what, onto.what))
            }
            Action::Scroll { delta_x, delta_y } => {
                let (width, height) = self.tabs.viewport().size();
                let at = self.pointer().unwrap_or(Point {
                    x: width / 2.0,
                    y: height / 2.0,
                });
                scrolled_by(*delta_x, *delta_y)?;
                self.wheel(at, *delta_x, *delta_y).await?;
                Ok("scrolled".to_owned())
            }
            Action::ScrollAt { x, y, dx, dy } => {
                scrolled_by(*dx, *dy)?;
                self.wheel(self.inside(*x, *y)?, *dx, *dy).await?;
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

    /// A point, which must be one of the viewport.
    fn inside(&self, x: f64, y: f64) -> Result<Point, Refusal> {
        let (width, height) = self.tabs.viewport().size();
        if (0.0..width).contains(&x) && (0.0..height).contains(&y) {
            return Ok(Point { x, y });
        }
        Err(Refusal::Told(format!(
            "the point ({x}, {y}) is outside of the viewport, which is {width} by {height} pixels with \
             (0, 0) at its top left; scroll first"
        )))
    }

    async fn mouse_action(&mut self, action: &Action) -> Done {
        match *action {
            Action::MouseMove { x, y } => self.mouse(vec![move_to(self.inside(x, y)?)]).await?,
            Action::MouseClick { x, y, button } => {
                self.click_at(self.inside(x, y)?, button, 1, &[]).await?;
            }
            Action::MouseDblclick { x, y, button } => {
                self.click_at(self.inside(x, y)?, button, 2, &[]).await?;
            }
            Action::MouseDown { x, y, button } => {
                let steps = vec![move_to(self.inside(x, y)?), press(button)];
                self.mouse(steps).await?;
            }
            Action::MouseUp { x, y, button } => {
                let steps = vec![move_to(self.inside(x, y)?), release(button)];
                self.mouse(steps).await?;
            }
            Action::MouseDragAndDrop {
                from_x,
                from_y,
                to_x,
                to_y,
            } => {
                self.drag(self.inside(from_x, from_y)?, self.inside(to_x, to_y)?)
                    .await?;
            }
            ref other => {
                return Err(Refusal::Told(format!(
                    "{} is no mouse action",
                    other.name()
                )));
            }
        }
        Ok(done_at(action))
    }

    /// Where to click an element, and what it is.
    pub(super) async fn locate(&mut self, bid: &str) -> Result<Target, Refusal> {
        let answer = self.ask("point", &[json!(bid), json!(false)]).await?;
        Ok(Target {
            point: point_of(&answer),
            what: text(&answer, "what"),
            hint: text(&answer, "hint"),
        })
    }

    /// Asks whether the press that followed `locate` landed on the element; `missed` hears the
    /// answer, so that nothing waits for it meanwhile.
    pub(super) async fn landed(&mut self, bid: &str) {
        let answer = self.script_later("landed").await;
        self.landing = Some((bid.to_owned(), answer));
    }

    /// What was hit in the place of the element, in words for the agent. Pages move, so that
    /// happens. A press that opened another document hit what it was meant for as far as anyone
    /// can tell.
    pub(super) async fn missed(&mut self) -> Option<String> {
        let (bid, answer) = self.landing.take()?;
        let answer = answer.await.ok()??;
        let instead = answer["missed"].as_str()?;
        Some(format!(
            "element [{bid}] moved away at that moment and {instead} was clicked instead; look at \
             the page again"
        ))
    }
}

/// An element that was found, and where to press.
pub(super) struct Target {
    pub(super) point: Point,
    pub(super) what: String,
    /// What to do instead, if a click is rarely what is wanted.
    hint: String,
}

/// No page is longer; what is farther could not be turned in one go.
const LONGEST_SCROLL: f64 = 1_000_000.0;

/// Refuses a scroll over more than any page.
fn scrolled_by(dx: f64, dy: f64) -> Result<(), Refusal> {
    if dx.abs() <= LONGEST_SCROLL && dy.abs() <= LONGEST_SCROLL {
        return Ok(());
    }
    Err(Refusal::Told(format!(
        "one scroll goes over at most {LONGEST_SCROLL} pixels in each direction; this page is not so \
         long"
    )))
}

/// What the mouse did, and where. What lies there is in the next observation.
fn done_at(action: &Action) -> String {
    match *action {
        Action::MouseMove { x, y } => format!("the mouse is at ({x}, {y})"),
        Action::MouseClick { x, y, button } => {
            format!("clicked the {} button at ({x}, {y})", button.as_str())
        }
        Action::MouseDblclick { x, y, button } => {
            format!("clicked the {} button twice at ({x}, {y})", button.as_str())
        }
        Action::MouseDown { x, y, button } => {
            format!("the {} button is down at ({x}, {y})", button.as_str())
        }
        Action::MouseUp { x, y, button } => {
            format!("the {} button is up at ({x}, {y})", button.as_str())
        }
        Action::MouseDragAndDrop {
            from_x,
            from_y,
            to_x,
            to_y,
        } => format!("dragged from ({from_x}, {from_y}) to ({to_x}, {to_y})"),
        ref other => format!("did {}", other.name()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_over_more_than_any_page_is_refused() {
        assert!(scrolled_by(0.0, -1_000_000.0).is_ok());
        for (dx, dy) in [(1e308, 0.0), (0.0, -1e308), (f64::NAN, 0.0)] {
            assert!(matches!(scrolled_by(dx, dy), Err(Refusal::Told(_))));
        }
    }

    #[test]
    fn the_mouse_says_what_it_did_where() {
        let action = Action::parse("mouse_click(12, 30.5, 'right')").expect("an action");
        assert_eq!(done_at(&action), "clicked the right button at (12, 30.5)");
        let action = Action::parse("mouse_drag_and_drop(1, 2, 3, 4)").expect("an action");
        assert_eq!(done_at(&action), "dragged from (1, 2) to (3, 4)");
    }
}
