//! Lengths of time, times of day, and both with a date, in text. What has two readings is none.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::{Captures, Regex};

use super::date;

/// Seconds of each unit that a length of time may be written in, with its folded spellings.
const UNITS: [(&[&str], i128); 3] = [
    (&["h", "hr", "hrs", "hour", "hours"], 3600),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["s", "sec", "secs", "second", "seconds"], 1),
];

static LENGTH: LazyLock<Regex> = LazyLock::new(|| {
    let hours = r"h(?:ours?|rs?)?";
    let minutes = r"m(?:inutes?|ins?)?";
    let seconds = r"s(?:econds?|ecs?)?";
    let joint = r"(?:,? and |, ?| ?)";
    let clock =
        format!(r"(?P<ch>[0-9]{{1,4}}):(?P<cm>[0-5][0-9])(?::(?P<cs>[0-5][0-9]))? ?{hours}");
    let spelt = format!(
        r"(?:(?P<h>[0-9][0-9,]*(?:\.[0-9]+)?) ?{hours})?(?:{joint}(?P<m>[0-9][0-9,]*(?:\.[0-9]+)?) ?{minutes})?(?:{joint}(?P<s>[0-9][0-9,]*(?:\.[0-9]+)?) ?{seconds})?"
    );
    Regex::new(&format!(r"(?:{clock})|(?:{spelt})")).expect("the pattern is fixed and tested")
});

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"\b(?P<h>[0-9]{1,2})(?::(?P<m>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?)?(?P<half> ?[ap]\.?m\b\.?)?(?: ?(?:z|utc|gmt)\b)?",
    )
    .expect("the pattern is fixed and tested")
});

/// Every length of time of a folded text, in seconds. A bare number is none, unless its unit was
/// asked for.
pub(super) fn lengths(folded: &str, unit: Option<&str>) -> Vec<(Range<usize>, Option<i128>)> {
    let mut found: Vec<(Range<usize>, Option<i128>)> = LENGTH
        .captures_iter(folded)
        .filter_map(|captures| {
            let all = captures.get(0)?;
            let shown = all.as_str();
            let start = all.start() + shown.find(|c: char| c.is_ascii_digit())?;
            let inside =
                folded[..start].ends_with(|c: char| c.is_alphanumeric() || ".-".contains(c));
            let value = (!inside).then(|| seconds(&captures)).flatten();
            // `1h30m` holds two units, `5 months` none.
            let ends = !folded[all.end()..].starts_with(char::is_alphabetic);
            ends.then(|| (start..all.end(), value))
        })
        .collect();
    if found.is_empty()
        && let Some(seconds) = unit.and_then(seconds_of)
    {
        found.extend(super::number::find(folded).into_iter().map(|number| {
            let value = number.value.and_then(|value| value.times(seconds));
            (number.span, value)
        }));
    }
    found
}

/// Seconds of a unit as a task names it.
fn seconds_of(unit: &str) -> Option<i128> {
    UNITS
        .iter()
        .find_map(|(spellings, seconds)| spellings.contains(&unit).then_some(*seconds))
}

fn seconds(captures: &Captures<'_>) -> Option<i128> {
    let part = |name: &str, seconds: i128| match captures.name(name) {
        None => Some(0),
        Some(number) => super::number::Decimal::parse(number.as_str())?.times(seconds),
    };
    if captures.name("ch").is_some() {
        return Some(part("ch", 3600)? + part("cm", 60)? + part("cs", 1)?);
    }
    Some(part("h", 3600)? + part("m", 60)? + part("s", 1)?)
}

/// Every time of day of a folded text. A number alone is none; `7` needs `am` or `pm` behind it.
pub(super) fn times(folded: &str) -> Vec<(Range<usize>, Option<Time>)> {
    TIME.captures_iter(folded)
        .filter_map(|captures| {
            let all = captures.get(0)?;
            let is_time = captures.name("m").is_some() || captures.name("half").is_some();
            let inside = folded[..all.start()].ends_with([':', '.', '-', '/', ','])
                || folded[all.end()..].starts_with([':', '/', '%']);
            (is_time && !inside).then(|| (all.range(), time(&captures)))
        })
        .collect()
}

fn time(captures: &Captures<'_>) -> Option<Time> {
    let number = |name: &str| {
        captures
            .name(name)
            .map_or(Some(0), |found| found.as_str().parse::<i8>().ok())
    };
    let hour = number("h")?;
    let hour = match captures.name("half").map(|half| half.as_str().trim()) {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) if half.starts_with('p') => hour % 12 + 12,
        Some(_) => hour % 12,
    };
    Time::new(hour, number("m")?, number("s")?, 0).ok()
}

/// Where something stands, and what it says; none when that is no date with a time.
pub(super) type Found = (Range<usize>, Option<(Date, Time)>);

/// Every date with a time of day of a folded text. The time stands behind the date or before it.
pub(super) fn moments(folded: &str) -> Vec<Found> {
    // `2026-03-18t10:24z` is one word in ISO form.
    let apart = ISO_JOINT.replace_all(folded, "$1 $2");
    let dates = date::find(&apart);
    let times = times(&apart);
    let mut taken = vec![false; times.len()];
    dates
        .iter()
        .map(|(span, day)| {
            let near =
                (0..times.len()).find(|at| !taken[*at] && is_joint(&apart, span, &times[*at].0));
            let Some(at) = near else {
                return (span.clone(), None);
            };
            taken[at] = true;
            let (other, time) = &times[at];
            let whole = span.start.min(other.start)..span.end.max(other.end);
            (whole, day.zip(*time))
        })
        .collect()
}

static ISO_JOINT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"([0-9]{4}-[0-9]{2}-[0-9]{2})t([0-9]{2}:)")
        .expect("the pattern is fixed and tested")
});

/// Whether nothing but a joint stands between a date and a time.
fn is_joint(text: &str, date: &Range<usize>, time: &Range<usize>) -> bool {
    let between = if time.start >= date.end {
        text.get(date.end..time.start)
    } else {
        text.get(time.end..date.start)
    };
    between.is_some_and(|between| {
        matches!(
            between.trim(),
            "" | "," | "at" | ", at" | "on" | ", on" | "utc on" | "utc,"
        )
    })
}
