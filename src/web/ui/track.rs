//! The time track: phases of steps in proportion, as SVG coordinates in percent.

use crate::web::ui::format;
use crate::web::ui::replay::{Replay, Step};

/// Phases below this share of the whole are drawn this wide, so that they can be seen.
const LEAST_PERCENT: f64 = 0.12;

/// One rectangle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Class of the phase: `e` observe, `d` decide, `a` act, `s` settle, `here` the chosen step.
    pub class: &'static str,
    /// Left, in percent.
    pub x: String,
    /// Width, in percent.
    pub width: String,
}

/// A phase in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phase {
    /// Class of its colour.
    pub class: &'static str,
    /// Name and time.
    pub text: String,
}

/// The whole episode's track.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Track {
    /// Phases in order.
    pub bars: Vec<Bar>,
    /// Where steps end, in percent.
    pub gaps: Vec<String>,
    /// The chosen step.
    pub here: Option<Bar>,
}

fn phases(step: &Step) -> [(&'static str, &'static str, Option<f64>); 4] {
    [
        ("e", "observe", step.times.observe),
        ("d", "decide", step.times.decide),
        ("a", "act", step.times.act),
        ("s", "settle", step.times.settle),
    ]
}

fn bar(class: &'static str, x: f64, width: f64) -> Bar {
    Bar {
        class,
        x: format!("{:.2}", x.min(100.0)),
        width: format!("{:.2}", width.min((100.0 - x).max(0.0))),
    }
}

fn bars_of(step: &Step, from: f64, whole_ms: f64) -> Vec<Bar> {
    let mut x = from;
    let mut bars = Vec::with_capacity(4);
    for (class, _, time) in phases(step) {
        let width = time.unwrap_or(0.0) / whole_ms * 100.0;
        if width > 0.0 {
            bars.push(bar(class, x, width.max(LEAST_PERCENT)));
        }
        x += width;
    }
    bars
}

impl Track {
    /// The track of an episode, with the chosen step underlined.
    pub fn of(replay: &Replay, chosen: u32) -> Self {
        let whole: f64 = replay.steps.iter().map(|step| step.times.total()).sum();
        let mut track = Self::default();
        if whole <= 0.0 {
            return track;
        }
        let mut x = 0.0;
        for step in &replay.steps {
            let width = step.times.total() / whole * 100.0;
            track.bars.extend(bars_of(step, x, whole));
            if step.number == chosen {
                track.here = Some(bar("here", x, width.max(LEAST_PERCENT)));
            }
            x += width;
            track.gaps.push(format!("{x:.2}"));
        }
        track.gaps.pop();
        track
    }

    /// The track of one step alone.
    pub fn of_step(step: &Step) -> Self {
        let whole = step.times.total();
        let bars = if whole > 0.0 {
            bars_of(step, 0.0, whole)
        } else {
            Vec::new()
        };
        Self {
            bars,
            ..Self::default()
        }
    }
}

/// The phases of a step in words, those that have ended.
pub fn words(step: &Step) -> Vec<Phase> {
    phases(step)
        .into_iter()
        .filter_map(|(class, name, time)| {
            time.map(|time| Phase {
                class,
                text: format!("{name} {}", format::duration(time)),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::ui::replay::Times;

    fn step(number: u32, times: [f64; 4]) -> Step {
        let [observe, decide, act, settle] = times.map(Some);
        Step {
            number,
            times: Times {
                observe,
                decide,
                act,
                settle,
            },
            ..Step::default()
        }
    }

    #[test]
    fn phases_fill_the_track_in_proportion() {
        let steps = vec![
            step(1, [10.0, 30.0, 5.0, 5.0]),
            step(2, [10.0, 30.0, 5.0, 5.0]),
        ];
        let track = Track::of(
            &Replay {
                steps,
                ..Replay::default()
            },
            2,
        );
        assert_eq!(track.bars[1], bar("d", 10.0, 30.0));
        assert_eq!(track.here, Some(bar("here", 50.0, 50.0)));
        assert_eq!(track.gaps, ["50.00"]);
    }

    #[test]
    fn no_bar_leaves_the_track() {
        let steps = vec![step(1, [1.0, 100_000.0, 0.1, 0.1])];
        let track = Track::of(
            &Replay {
                steps,
                ..Replay::default()
            },
            1,
        );
        for bar in &track.bars {
            let end = bar.x.parse::<f64>().unwrap() + bar.width.parse::<f64>().unwrap();
            assert!(end <= 100.01, "{bar:?}");
        }
        assert_eq!(
            words(&step(1, [16.0, 3820.0, 27.0, 120.0]))[1].text,
            "decide 3.82 s"
        );
    }
}
