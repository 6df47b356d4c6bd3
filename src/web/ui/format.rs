//! How numbers and times are written: design system section 5. What is not known is said in
//! words, never as 0, a dash or an empty cell.

use jiff::tz::TimeZone;

use crate::domain::time::Timestamp;

/// A whole number that counts something; templates pass references.
pub trait Count {
    /// The number.
    fn number(&self) -> u64;
}

impl Count for u32 {
    fn number(&self) -> u64 {
        u64::from(*self)
    }
}

impl Count for u64 {
    fn number(&self) -> u64 {
        *self
    }
}

impl Count for usize {
    fn number(&self) -> u64 {
        *self as u64
    }
}

impl<T: Count> Count for &T {
    fn number(&self) -> u64 {
        (**self).number()
    }
}

/// A whole number with groups of three, e.g. `3,977`.
pub fn count(number: impl Count) -> String {
    let digits = number.number().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things with its noun, e.g. `1 step`, `11 steps`.
pub fn counted(number: impl Count, noun: &str) -> String {
    let number = number.number();
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", count(number))
}

/// A share as percent with one decimal, without the unit.
pub fn rate(share: f64) -> String {
    let text = format!("{:.1}", share.clamp(0.0, 1.0) * 100.0);
    if text == "0.0" && share > 0.0 {
        "under 0.1".to_owned()
    } else {
        text
    }
}

/// A score between 0 and 1 with two decimals.
pub fn score(score: f64) -> String {
    format!("{score:.2}")
}

/// A duration with no more than three digits that mean something: `16 ms`, `3.82 s`, `24.1 s`,
/// `3 min 20 s`, `47 min`, `2 h 5 min`.
pub fn duration(ms: f64) -> String {
    let seconds = ms / 1000.0;
    if ms < 0.95 {
        "under 1 ms".to_owned()
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else if seconds < 9.995 {
        format!("{seconds:.2} s")
    } else if seconds < 99.95 {
        format!("{seconds:.1} s")
    } else {
        long_duration(seconds.round())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole, not negative, and far below the limit for any duration that exists"
)]
fn long_duration(seconds: f64) -> String {
    let seconds = seconds as u64;
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes, rest) {
        (0, 0..=9, 0) => format!("{minutes} min"),
        (0, 0..=9, _) => format!("{minutes} min {rest} s"),
        (0, ..) => format!("{minutes} min"),
        (_, 0, _) => format!("{hours} h"),
        _ => format!("{hours} h {minutes} min"),
    }
}

/// A duration in whole milliseconds.
#[expect(
    clippy::cast_precision_loss,
    reason = "durations stay far below 2^52 ms"
)]
pub fn duration_ms(ms: i64) -> String {
    duration(ms.max(0) as f64)
}

/// An id that is short enough for a line: first eight and last four characters.
pub fn short_id(id: impl std::fmt::Display) -> String {
    let id = id.to_string();
    match (id.get(..8), id.get(id.len().saturating_sub(4)..)) {
        (Some(head), Some(tail)) if id.len() > 14 => format!("{head}…{tail}"),
        _ => id,
    }
}

/// The first characters of a text, with a mark when something is left out.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", head.trim_end())
}

/// A message as a sentence: layers below write causes small and without a full stop.
pub fn sentence(message: &str) -> String {
    let message = message.trim();
    let mut rest = message.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    let mut text: String = first.chain(rest).collect();
    if !text.is_empty() && !text.ends_with(['.', '?', '!', '…']) {
        text.push('.');
    }
    text
}

/// A point in time, ready for `<time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339, for machines.
    pub iso: String,
    /// `18 March 2026, 14:02 UTC`.
    pub absolute: String,
    /// `4 min ago`.
    pub relative: String,
}

impl Moment {
    /// A point in time as seen from `now`.
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        Self {
            iso: at.to_rfc3339(),
            absolute: absolute(at),
            relative: relative(at, now),
        }
    }
}

/// Day and minute in UTC.
pub fn absolute(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
        .to_zoned(TimeZone::UTC)
        .strftime("%-d %B %Y, %H:%M UTC")
        .to_string()
}

/// How long ago, in the largest unit that fits.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.ms_since(at) / 1000;
    match seconds {
        i64::MIN..=4 => "just now".to_owned(),
        5..=59 => format!("{seconds} s ago"),
        60..=3_599 => format!("{} min ago", seconds / 60),
        3_600..=86_399 => format!("{} h ago", seconds / 3_600),
        86_400..=172_799 => "yesterday".to_owned(),
        172_800..=2_591_999 => format!("{} days ago", seconds / 86_400),
        _ => absolute(at)
            .split(',')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// Money in millionths of a dollar, or the word that it is not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    microusd: Option<f64>,
    decimals: usize,
}

impl Cost {
    /// The cost of one submission or step: four decimals.
    pub fn exact(microusd: Option<u64>) -> Self {
        Self::with(microusd.map(wide), 4)
    }

    /// A mean or a ratio of costs: three decimals.
    pub fn mean(microusd: Option<f64>) -> Self {
        Self::with(microusd, 3)
    }

    const fn with(microusd: Option<f64>, decimals: usize) -> Self {
        Self { microusd, decimals }
    }

    /// Whether the price is known.
    pub const fn is_priced(&self) -> bool {
        self.microusd.is_some()
    }

    /// `$0.1092`, or `unpriced`.
    pub fn text(&self) -> String {
        match self.microusd {
            Some(microusd) => format!("${:.*}", self.decimals, microusd / 1e6),
            None => "unpriced".to_owned(),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "costs stay far below 2^52 millionths"
)]
fn wide(microusd: u64) -> f64 {
    microusd as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_the_design_system_writes_them() {
        assert_eq!(count(3_977_u32), "3,977");
        assert_eq!(count(12_u32), "12");
        assert_eq!(counted(1_u32, "step"), "1 step");
        assert_eq!(rate(0.708), "70.8");
        assert_eq!(rate(0.0), "0.0");
        assert_eq!(rate(0.000_2), "under 0.1");
    }

    #[test]
    fn durations_have_three_digits_that_mean_something() {
        let texts: Vec<_> = [
            0.4,
            16.2,
            999.7,
            3_820.0,
            24_130.0,
            100_000.0,
            200_000.0,
            2_820_000.0,
            7_500_000.0,
        ]
        .into_iter()
        .map(duration)
        .collect();
        assert_eq!(
            texts,
            [
                "under 1 ms",
                "16 ms",
                "1.00 s",
                "3.82 s",
                "24.1 s",
                "1 min 40 s",
                "3 min 20 s",
                "47 min",
                "2 h 5 min"
            ]
        );
    }

    #[test]
    fn an_unknown_price_is_a_word_and_a_known_zero_is_not() {
        assert_eq!(Cost::exact(None).text(), "unpriced");
        assert_eq!(Cost::exact(Some(109_200)).text(), "$0.1092");
        assert_eq!(Cost::mean(Some(0.0)).text(), "$0.000");
    }

    #[test]
    fn times_are_relative_in_lists_and_absolute_on_pages() {
        let at = Timestamp(1_773_829_440_007);
        assert_eq!(absolute(at), "18 March 2026, 10:24 UTC");
        assert_eq!(relative(at, at.plus_ms(250_000)), "4 min ago");
        assert_eq!(relative(at, at.plus_ms(90_000_000)), "yesterday");
        assert_eq!(relative(at, at.plus_ms(-1_000)), "just now");
    }

    #[test]
    fn a_cause_becomes_a_sentence() {
        assert_eq!(
            sentence("every criterion is met"),
            "Every criterion is met."
        );
        assert_eq!(sentence("Done."), "Done.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn ids_and_texts_are_shortened_with_a_mark() {
        assert_eq!(
            short_id("019a4c7e-0000-7000-8000-000000003f2c"),
            "019a4c7e…3f2c"
        );
        assert_eq!(shortened("abcdef", 4), "abc…");
        assert_eq!(shortened("abcd", 4), "abcd");
    }
}
