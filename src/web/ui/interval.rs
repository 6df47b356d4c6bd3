//! The drawing of a success rate with its interval on an axis from 0 to 100.

use crate::web::ui::format;

/// A rate and its interval, as shares between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The rate.
    pub point: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The rate in percent with one decimal.
    pub fn rate(&self) -> String {
        format::rate(self.point)
    }

    /// The ends in words, e.g. `64.6 to 76.4`.
    pub fn ends(&self) -> String {
        format!("{} to {}", format::rate(self.low), format::rate(self.high))
    }

    /// Lower end as an SVG coordinate in percent.
    pub fn low_percent(&self) -> String {
        format!("{:.2}", self.low.clamp(0.0, 1.0) * 100.0)
    }

    /// Width as an SVG length in percent.
    pub fn width_percent(&self) -> String {
        let width = self.high.clamp(0.0, 1.0) - self.low.clamp(0.0, 1.0);
        format!("{:.2}", width.max(0.0) * 100.0)
    }

    /// The rate as an SVG coordinate in percent.
    pub fn point_percent(&self) -> String {
        format!("{:.2}", self.point.clamp(0.0, 1.0) * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_within_the_axis() {
        let interval = Interval {
            point: 0.0,
            low: -0.01,
            high: 0.161,
        };
        assert_eq!(interval.ends(), "0.0 to 16.1");
        assert_eq!(
            (
                interval.low_percent().as_str(),
                interval.width_percent().as_str()
            ),
            ("0.00", "16.10")
        );
    }
}
