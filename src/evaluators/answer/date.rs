//! Calendar dates in text. A spelling with two readings, such as 03/04/2026, is none.

use std::ops::Range;
use std::sync::LazyLock;

use jiff::civil::Date;
use regex::{Captures, Regex};

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let month = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?";
    let pattern = format!(
        r"\b(?:(?P<iy>[0-9]{{4}})[-/.](?P<im>[0-9]{{1,2}})[-/.](?P<id>[0-9]{{1,2}})|(?P<dd>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<dm>{month}),? (?P<dy>[0-9]{{4}})|(?P<mm>{month}) (?P<md>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<my>[0-9]{{4}})|(?P<a>[0-9]{{1,2}})[/.](?P<b>[0-9]{{1,2}})[/.](?P<y>[0-9]{{4}}))\b"
    );
    Regex::new(&pattern).expect("the pattern is fixed and tested")
});

/// Every date of a folded text; absent value for a date with two readings or none.
pub(super) fn find(folded: &str) -> Vec<(Range<usize>, Option<Date>)> {
    DATE.captures_iter(folded)
        .filter_map(|captures| {
            let span = captures.get(0)?.range();
            let date = read(&captures).filter(|date| is_weekday_right(folded, &span, *date));
            Some((span, date))
        })
        .collect()
}

/// Whether a day of the week beside a date, if there is one, is that of the date.
fn is_weekday_right(folded: &str, span: &Range<usize>, date: Date) -> bool {
    let is_apart = |c: char| !c.is_alphanumeric();
    let gap = |c: char| " ,(".contains(c);
    let before = folded[..span.start].trim_end_matches(gap);
    let before = before.rsplit(is_apart).next().unwrap_or_default();
    let behind = folded[span.end..].trim_start_matches(gap);
    let behind = behind.split(is_apart).next().unwrap_or_default();
    let day = |word: &str| {
        let is_day = |day: &&str| *day == word || (word.len() == 3 && day.starts_with(word));
        DAYS.iter().position(is_day)
    };
    let right = usize::try_from(date.weekday().to_monday_zero_offset()).ok();
    [before, behind]
        .into_iter()
        .filter_map(day)
        .all(|day| Some(day) == right)
}

fn read(captures: &Captures<'_>) -> Option<Date> {
    let number = |name: &str| {
        captures
            .name(name)
            .and_then(|found| found.as_str().parse::<i16>().ok())
    };
    let month = |name: &str| {
        let text = captures.name(name)?.as_str().trim_end_matches('.');
        let place = MONTHS
            .iter()
            .position(|month| month.starts_with(&text[..3]))?;
        i16::try_from(place + 1).ok()
    };
    if let Some(year) = number("iy") {
        return date(year, number("im")?, number("id")?);
    }
    if let Some(year) = number("dy") {
        return date(year, month("dm")?, number("dd")?);
    }
    if let Some(year) = number("my") {
        return date(year, month("mm")?, number("md")?);
    }
    let (first, second, year) = (number("a")?, number("b")?, number("y")?);
    let day_first = date(year, second, first);
    let month_first = date(year, first, second);
    match (day_first, month_first) {
        (Some(left), Some(right)) if left != right => None,
        (left, right) => left.or(right),
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// A text that is one date and nothing else but perhaps the day of the week.
pub(super) fn whole(folded: &str) -> Option<Date> {
    let found = find(folded);
    let [(span, Some(date))] = found.as_slice() else {
        return None;
    };
    let rest = format!("{} {}", &folded[..span.start], &folded[span.end..]);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || c == ',');
    let is_day = DAYS.iter().any(|day| *day == rest || day[..3] == *rest);
    (rest.is_empty() || is_day).then_some(*date)
}
