//! What can be said about a rate that was measured with few submissions.

/// The value of the standard normal distribution between whose negative and positive lie 95 %.
const Z_95: f64 = 1.959_963_984_540_054;

/// Where the true rate lies, with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower bound, 0 to 1.
    pub low: f64,
    /// Upper bound, 0 to 1.
    pub high: f64,
}

/// The Wilson score interval, without continuity correction, at 95 %. None when nothing was
/// measured: there is no rate then, not a rate of 0.
///
/// Source: E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// Journal of the American Statistical Association 22 (1927), 209-212; recommended for small
/// samples by R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, where it is method 3.
pub fn wilson_95(passed: u64, scored: u64) -> Option<Interval> {
    if scored == 0 {
        return None;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of submissions are far below 2^52"
    )]
    let (count, n) = (passed.min(scored) as f64, scored as f64);
    let rate = count / n;
    let z2 = Z_95 * Z_95;
    let centre = rate + z2 / (2.0 * n);
    let spread = Z_95 * (rate * (1.0 - rate) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    Some(Interval {
        // At the ends the bounds are exact, which sums of floating-point numbers are not.
        low: if passed == 0 {
            0.0
        } else {
            ((centre - spread) / scale).clamp(0.0, 1.0)
        },
        high: if passed >= scored {
            1.0
        } else {
            ((centre + spread) / scale).clamp(0.0, 1.0)
        },
    })
}

/// Where the true difference of two rates lies, with 95 % confidence: the first minus the second,
/// from -1 to 1. The two samples count as independent, so for agents on the same tasks it says
/// less than a paired comparison could, never more. None when either is not measured.
///
/// Source: R. G. Newcombe, "Interval estimation for the difference between independent
/// proportions", Statistics in Medicine 17 (1998), 873-890, method 10.
pub fn difference_95(first: (u64, u64), second: (u64, u64)) -> Option<Interval> {
    let (of_first, of_second) = (wilson_95(first.0, first.1)?, wilson_95(second.0, second.1)?);
    let (p, q) = (rate(first), rate(second));
    let below = ((p - of_first.low).powi(2) + (of_second.high - q).powi(2)).sqrt();
    let above = ((of_first.high - p).powi(2) + (q - of_second.low).powi(2)).sqrt();
    Some(Interval {
        low: (p - q - below).max(-1.0),
        high: (p - q + above).min(1.0),
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of submissions are far below 2^52"
)]
fn rate((passed, scored): (u64, u64)) -> f64 {
    passed.min(scored) as f64 / scored as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounded to four places as the sources print them.
    fn rounded(passed: u64, scored: u64) -> (f64, f64) {
        let interval = wilson_95(passed, scored).expect("something was measured");
        let round = |value: f64| (value * 10_000.0).round() / 10_000.0;
        (round(interval.low), round(interval.high))
    }

    #[test]
    fn agrees_with_newcombes_published_table() {
        // Newcombe (1998), table I, method 3.
        assert_eq!(rounded(81, 263), (0.2553, 0.3662));
        assert_eq!(rounded(15, 148), (0.0624, 0.1605));
        assert_eq!(rounded(0, 20), (0.0, 0.1611));
        assert_eq!(rounded(1, 29), (0.0061, 0.1718));
    }

    #[test]
    fn stays_within_bounds_at_both_ends() {
        assert_eq!(rounded(20, 20), (0.8389, 1.0));
        assert_eq!(rounded(1, 1), (0.2065, 1.0));
    }

    #[test]
    fn a_difference_agrees_with_newcombes_published_table() {
        // Newcombe (1998), table II, method 10.
        let round = |value: f64| (value * 10_000.0).round() / 10_000.0;
        for (first, second, low, high) in [
            ((56, 70), (48, 80), 0.0524, 0.3339),
            ((9, 10), (3, 10), 0.1705, 0.8090),
            ((0, 10), (0, 20), -0.1611, 0.2775),
            ((10, 10), (0, 20), 0.6791, 1.0),
        ] {
            let interval = difference_95(first, second).expect("both are measured");
            assert_eq!((round(interval.low), round(interval.high)), (low, high));
        }
        assert_eq!(difference_95((1, 1), (0, 0)), None);
    }

    #[test]
    fn nothing_measured_is_no_rate() {
        assert_eq!(wilson_95(0, 0), None);
    }
}
