//! The mark on a screenshot: a box around the target, a label beside it and never on it, and a
//! ring at the point of the click, in the page's own pixels.

use crate::domain::viewport::Viewport;
use crate::web::ui::replay::Step;

/// Room around the target.
const MARGIN: f64 = 4.0;
/// Height of the label.
const LABEL_HEIGHT: f64 = 28.0;
/// Between box and label.
const LABEL_GAP: f64 = 10.0;
/// Mean width of a character of the label, in the label's font.
const CHARACTER: f64 = 9.4;

/// A rectangle in page pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left.
    pub x: f64,
    /// Top.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What is drawn over the screenshot.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The box.
    pub frame: Rect,
    /// The label's ground.
    pub label: Rect,
    /// Where the label's text begins.
    pub text_x: f64,
    /// The label's base line.
    pub text_y: f64,
    /// Step, action and id.
    pub text: String,
    /// Middle of the target.
    pub point: (f64, f64),
}

impl Mark {
    /// The mark of a step, when its target is in the picture.
    pub fn of(step: &Step, viewport: Viewport) -> Option<Self> {
        let (view_width, view_height) = viewport.size();
        let [left, top, width, height] = step.target_bbox?;
        let (right, bottom) = (
            (left + width).min(view_width),
            (top + height).min(view_height),
        );
        let (left, top) = (left.max(0.0), top.max(0.0));
        if right <= left || bottom <= top {
            return None;
        }
        let frame = Rect {
            x: (left - MARGIN).max(2.0),
            y: (top - MARGIN).max(2.0),
            width: (right - left + 2.0 * MARGIN).min(view_width - 4.0),
            height: (bottom - top + 2.0 * MARGIN).min(view_height - 4.0),
        };
        let bid = step
            .bid()
            .map(|bid| format!(" [{bid}]"))
            .unwrap_or_default();
        let text = format!("{} {}{bid}", step.number, step.verb());
        let label = beside(frame, label_width(&text), viewport);
        Some(Self {
            frame,
            label,
            text_x: label.x + 10.0,
            text_y: label.y + 20.0,
            text,
            point: (f64::midpoint(left, right), f64::midpoint(top, bottom)),
        })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a label has a few dozen characters"
)]
fn label_width(text: &str) -> f64 {
    (20.0 + text.chars().count() as f64 * CHARACTER).round()
}

/// Left of the box if there is room, else right of it, else above, else below.
fn beside(frame: Rect, width: f64, viewport: Viewport) -> Rect {
    let (view_width, view_height) = viewport.size();
    let lowest = view_height - LABEL_HEIGHT - 2.0;
    let middle = (frame.y + frame.height / 2.0 - LABEL_HEIGHT / 2.0).clamp(2.0, lowest);
    let above = frame.y - LABEL_HEIGHT - LABEL_GAP;
    let (x, y) = if frame.x - LABEL_GAP - width >= 2.0 {
        (frame.x - LABEL_GAP - width, middle)
    } else if frame.x + frame.width + LABEL_GAP + width <= view_width - 2.0 {
        (frame.x + frame.width + LABEL_GAP, middle)
    } else if above >= 2.0 {
        (frame.x, above)
    } else {
        let below = frame.y + frame.height + LABEL_GAP;
        (frame.x, below.min(lowest))
    };
    Rect {
        x,
        y: y.round(),
        width,
        height: LABEL_HEIGHT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(bbox: [f64; 4]) -> Step {
        Step {
            number: 9,
            action: Some("click('58')".to_owned()),
            target_bbox: Some(bbox),
            ..Step::default()
        }
    }

    #[test]
    fn the_label_stands_beside_the_target_and_never_on_it() {
        for bbox in [
            [440.0, 364.0, 400.0, 51.0],
            [4.0, 4.0, 60.0, 20.0],
            [0.0, 0.0, 1280.0, 40.0],
        ] {
            let mark = Mark::of(&step(bbox), Viewport::STANDARD).unwrap();
            let (frame, label) = (mark.frame, mark.label);
            let apart = label.x + label.width <= frame.x
                || label.x >= frame.x + frame.width
                || label.y + label.height <= frame.y
                || label.y >= frame.y + frame.height;
            assert!(apart, "{mark:?}");
            assert_eq!(mark.text, "9 click [58]");
        }
    }

    #[test]
    fn the_label_stands_inside_a_small_picture() {
        let small = Viewport {
            width: 500,
            height: 320,
        };
        for bbox in [[2.0, 60.0, 156.0, 20.0], [2.0, 310.0, 400.0, 30.0]] {
            let label = Mark::of(&step(bbox), small).unwrap().label;
            assert!(
                label.x >= 0.0 && label.x + label.width <= 500.0,
                "{label:?}"
            );
            assert!(
                label.y >= 0.0 && label.y + label.height <= 320.0,
                "{label:?}"
            );
        }
    }

    #[test]
    fn a_target_outside_the_picture_has_no_mark() {
        assert_eq!(
            Mark::of(&step([10.0, 900.0, 50.0, 20.0]), Viewport::STANDARD),
            None
        );
    }
}
