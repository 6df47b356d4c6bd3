//! The clock of the bundled sites: frozen, so that a page shows the same on every day of the
//! real world. Nothing in `sites` reads the machine's clock.

use jiff::civil::{Date, DateTime, Weekday, date, datetime};

/// The present on every site: Wednesday 18 March 2026, 10:24 UTC.
pub const NOW: DateTime = datetime(2026, 3, 18, 10, 24, 0, 0);

/// Today on every site.
pub const TODAY: Date = date(2026, 3, 18);

/// A day in words, e.g. `18 March 2026`.
pub fn day_text(day: Date) -> String {
    format!("{} {} {}", day.day(), month_name(day.month()), day.year())
}

/// A point in time in words, e.g. `18 March 2026, 10:24`.
pub fn moment_text(moment: DateTime) -> String {
    format!(
        "{}, {:02}:{:02}",
        day_text(moment.date()),
        moment.hour(),
        moment.minute()
    )
}

/// The present in words with its day of the week, e.g. `Wednesday 18 March 2026, 10:24 UTC`.
pub fn now_text() -> String {
    format!("{} {} UTC", weekday_name(TODAY.weekday()), moment_text(NOW))
}

/// Whole days from `earlier` to `later`; negative when it is the other way round.
pub fn days_between(earlier: Date, later: Date) -> i64 {
    let to_day = |day: Date| {
        day.to_datetime(jiff::civil::Time::midnight())
            .to_zoned(jiff::tz::TimeZone::UTC)
            .map_or(0, |at| at.timestamp().as_second() / 86_400)
    };
    to_day(later) - to_day(earlier)
}

/// The day that is `days` later (or earlier, when negative); unchanged when out of range.
pub fn plus_days(day: Date, days: i64) -> Date {
    day.checked_add(jiff::SignedDuration::from_hours(days.saturating_mul(24)))
        .unwrap_or(day)
}

/// The English name of a month counted from 1.
pub fn month_name(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1)
        .ok()
        .and_then(|index| NAMES.get(index))
        .copied()
        .unwrap_or("")
}

/// The English name of a day of the week.
pub fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_reads_as_the_pages_show_it() {
        assert_eq!(now_text(), "Wednesday 18 March 2026, 10:24 UTC");
    }

    #[test]
    fn days_are_counted_over_months_and_years() {
        assert_eq!(days_between(date(2025, 12, 31), date(2026, 3, 1)), 60);
        assert_eq!(plus_days(date(2026, 3, 1), -60), date(2025, 12, 31));
        assert_eq!(days_between(TODAY, plus_days(TODAY, 10)), 10);
    }
}
