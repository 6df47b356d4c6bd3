//! Draws about reports.

use serde_json::json;

use super::parts::ensure;
use crate::sites::clock::month_name;
use crate::sites::office::queries::country_name;
use crate::sites::office::queries::reports::{Report, Row, Table, report, table};
use crate::sites::office::state::OfficeState;
use crate::sites::office::view::{Page, Route};
use crate::sites::tasks::draw::{Drawn, spread};

/// Months that are over, oldest first: January 2025 to February 2026.
fn months() -> Vec<(i16, i8)> {
    (1..=12)
        .map(|month| (2025, month))
        .chain([(2026, 1), (2026, 2)])
        .collect()
}

fn value((year, month): (i16, i8)) -> String {
    format!("{year:04}-{month:02}")
}

/// First and last month of every period of up to so many months.
fn periods(longest: usize) -> Vec<[(i16, i8); 2]> {
    let months = months();
    (1..=longest)
        .flat_map(|length| months.windows(length))
        .filter_map(|window| Some([*window.first()?, *window.last()?]))
        .collect()
}

/// A period in words, e.g. `in June 2025`, `from June to August 2025`.
fn spoken([from, to]: [(i16, i8); 2]) -> String {
    if from == to {
        format!("in {}", words(from))
    } else if from.0 == to.0 {
        format!("from {} to {}", month_name(from.1), words(to))
    } else {
        format!("from {} to {}", words(from), words(to))
    }
}

fn words((year, month): (i16, i8)) -> String {
    format!("{} {year}", month_name(month))
}

fn known(id: &str) -> Result<&'static Report, String> {
    report(id).ok_or_else(|| format!("there is no report {id}"))
}

fn computed(state: &OfficeState, id: &str, args: &[(&str, &str)]) -> Result<Table, String> {
    let route = args.iter().fold(
        Route::to(Page::Report).with("report", id),
        |route, (name, value)| route.with(name, value),
    );
    Ok(table(state, known(id)?, &route))
}

/// O02: the SKU that sold most pieces in up to three months, and how many; another one leads with cancelled
/// orders, and another by revenue.
pub(super) fn best_seller(state: &OfficeState) -> Vec<Drawn> {
    let drawn = periods(3)
        .into_iter()
        .map(|period| one_best_seller(state, period));
    spread(drawn.collect(), "answer")
}

fn one_best_seller(state: &OfficeState, period: [(i16, i8); 2]) -> Drawn {
    let [first, last] = period.map(value);
    let of = |cancelled: &str, sort: &str| {
        let args = [
            ("from", first.as_str()),
            ("to", last.as_str()),
            ("cancelled", cancelled),
            ("sort", sort),
        ];
        computed(state, "sales", &args)
    };
    let best = of("out", "pieces")?;
    let [leader, second, ..] = best.rows.as_slice() else {
        return Err("too few articles were sold".into());
    };
    ensure(
        leader.values[1] > second.values[1],
        "two sold as many pieces",
    )?;
    let (all, by_revenue) = (of("in", "pieces")?, of("out", "revenue")?);
    let (with_cancelled, by_revenue) = (&all.rows[0], &by_revenue.rows[0]);
    ensure(
        with_cancelled.label != leader.label,
        "cancelled orders make no difference",
    )?;
    ensure(by_revenue.label != leader.label, "it leads by revenue too")?;
    let pieces = |row: &Row| row.values[1];
    Ok(json!({
        "period": spoken(period),
        "first": first,
        "last": last,
        "answer": format!("{}, {}", leader.label, pieces(leader)),
        "sku": leader.label,
        "pieces": pieces(leader),
        "with_cancelled": {"sku": with_cancelled.label, "pieces": pieces(with_cancelled)},
        "by_revenue": {"sku": by_revenue.label, "pieces": pieces(by_revenue)},
        "second": {"sku": second.label, "pieces": pieces(second)},
    }))
}

/// O03: by how many percent net revenue changed from one month to another.
pub(super) fn revenue_change(state: &OfficeState) -> Vec<Drawn> {
    let months = months();
    let mut draws = Vec::new();
    for (at, from) in months.iter().enumerate() {
        for to in months.iter().skip(at + 1).take(5) {
            draws.push(one_change(state, *from, *to));
        }
    }
    draws
}

/// A change in tenths of a percent, and how far it is from a rounding edge, in thousandths.
fn change(before: i64, after: i64) -> Option<(i64, i64)> {
    if before <= 0 {
        return None;
    }
    let thousandths = (after - before) * 100_000 / before;
    let tenths = (thousandths.abs() + 50) / 100 * thousandths.signum();
    Some((tenths, (thousandths.abs() % 100 - 50).abs()))
}

fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

fn one_change(state: &OfficeState, from: (i16, i8), to: (i16, i8)) -> Drawn {
    let (first, last) = (value(from), value(to));
    let row = |cancelled: &str, label: &str| -> Result<Row, String> {
        let args = [
            ("from", first.as_str()),
            ("to", last.as_str()),
            ("cancelled", cancelled),
        ];
        let rows = computed(state, "revenue", &args)?.rows;
        let row = rows.into_iter().find(|row| row.label == label);
        row.ok_or_else(|| "a month without orders".to_owned())
    };
    let (before, after) = (row("out", &words(from))?, row("out", &words(to))?);
    let (net, edge) = change(before.values[4], after.values[4]).ok_or("no revenue")?;
    let (gross, _) = change(before.values[1], after.values[1]).ok_or("no revenue")?;
    let (swapped, _) = change(after.values[4], before.values[4]).ok_or("no revenue")?;
    let (all_before, all_after) = (row("in", &words(from))?, row("in", &words(to))?);
    let (cancelled, _) = change(all_before.values[4], all_after.values[4]).ok_or("no revenue")?;
    ensure(edge >= 10, "it is near a rounding edge")?;
    ensure((net - gross).abs() >= 5, "gross revenue changed alike")?;
    ensure(
        (net - cancelled).abs() >= 5,
        "cancelled orders make no difference",
    )?;
    ensure(
        (10..900).contains(&net.abs()),
        "the change is too small or too large",
    )?;
    let (went, contrary) = if net < 0 {
        ("fell", "rose")
    } else {
        ("rose", "fell")
    };
    let size = decimal(net.abs());
    let signed = if net < 0 {
        decimal(net)
    } else {
        format!("+{size}")
    };
    Ok(json!({
        "worded": format!("Net revenue {went} by {size} %."),
        "contrary": format!("Net revenue {contrary} by {size} %."),
        "muddled": format!("Net revenue {contrary} by {signed} %."),
        "from": words(from),
        "to": words(to),
        "first": first,
        "last": last,
        "change": decimal(net),
        "flipped": decimal(-net),
        "fraction": format!("{}0.{:03}", if net < 0 { "-" } else { "" }, net.abs()),
        "gross": decimal(gross),
        "swapped": decimal(swapped),
        "with_cancelled": decimal(cancelled),
    }))
}

/// O04: the three customers of a country who spent most in up to six months, refunds taken off.
pub(super) fn top_customers(state: &OfficeState) -> Vec<Drawn> {
    let countries = state.fixed.catalogue.countries.iter();
    let draws = countries.flat_map(|country| {
        periods(6)
            .into_iter()
            .map(|period| one_top(state, &country.id, period))
    });
    spread(draws.collect(), "names")
}

fn one_top(state: &OfficeState, country: &str, period: [(i16, i8); 2]) -> Drawn {
    let [first, last] = period.map(value);
    let of = |sort: &str, [from, to]: [&str; 2]| {
        let args = [
            ("from", from),
            ("to", to),
            ("country", country),
            ("cancelled", "out"),
            ("sort", sort),
        ];
        computed(state, "customers", &args)
    };
    let net = of("net", [&first, &last])?;
    let names = |table: &Table| -> Vec<String> {
        table
            .rows
            .iter()
            .take(3)
            .map(|row| row.label.clone())
            .collect()
    };
    let [one, two, three, four, ..] = net.rows.as_slice() else {
        return Err("fewer than four customers".into());
    };
    let apart = [one, two, three, four]
        .windows(2)
        .all(|pair| pair[0].values[2] - pair[1].values[2] >= 200);
    ensure(apart, "two spent nearly as much")?;
    for row in [one, two, three, four] {
        let alike = state
            .customers
            .values()
            .filter(|customer| customer.name == row.label)
            .count();
        ensure(alike == 1, "one of them has a namesake")?;
    }
    let gross = names(&of("gross", [&first, &last])?);
    ensure(gross != names(&net), "refunds make no difference")?;
    Ok(json!({
        "country": country_name(state, country),
        "period": spoken(period),
        "first": first,
        "last": last,
        "names": names(&net),
        "swapped": [&one.label, &three.label, &two.label],
        "gross": gross,
        "fourth": [&one.label, &two.label, &four.label],
    }))
}

/// O17: the returns of one or two months by reason.
pub(super) fn returns_report(state: &OfficeState) -> Vec<Drawn> {
    let months = months();
    let before = |[from, _]: &[(i16, i8); 2]| {
        let place = months.iter().position(|month| month == from)?;
        months.get(place.checked_sub(1)?).copied()
    };
    periods(2)
        .into_iter()
        .filter_map(|period| Some(one_returns_report(state, before(&period)?, period)))
        .collect()
}

fn one_returns_report(state: &OfficeState, before: (i16, i8), period: [(i16, i8); 2]) -> Drawn {
    let [first, last] = period.map(value);
    let args = [
        ("from", first.as_str()),
        ("to", last.as_str()),
        ("group", "reason"),
    ];
    let rows = computed(state, "returns", &args)?.rows;
    ensure(rows.len() >= 2, "too few reasons")?;
    Ok(json!({
        "period": spoken(period),
        "first": first,
        "last": last,
        "before": value(before),
    }))
}
