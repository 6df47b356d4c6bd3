//! Reports: builder, table, chart, CSV.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::sites::clock::month_name;
use crate::sites::office::pages::orders::{any_of, countries};
use crate::sites::office::pages::parts::{
    Action, Block, Cell, Chart, Choice, Field, Filters, Kind, Link, Sheet, Table,
};
use crate::sites::office::pages::{Visit, frame};
use crate::sites::office::queries::reports::{self, REPORTS, Report, Settings, Unit};
use crate::sites::office::state::OfficeState;
use crate::sites::office::view::{Page, Route};

/// Bars of a chart, at most.
const BARS: usize = 14;
/// Width of the longest bar.
const LONGEST: i64 = 440;

/// Shows the list of reports.
pub fn list(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let links = REPORTS.iter().map(|report| {
        let href = Route::to(Page::Report).with("report", report.id).href();
        (Link::to(href, report.title), report.text.to_owned())
    });
    let sheet = Sheet::new("Reports").with(Block::Links(String::new(), links.collect()));
    frame::ok(visit, &state, sheet)
}

/// Shows a report.
pub fn show(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let Some(report) = reports::report(route.text("report")) else {
        return frame::missing(visit);
    };
    visit.show("office.reports", report.id);
    let table = reports::table(&state, report, route);
    let (id, label, unit) = report.columns[table.charted];
    let rows: Vec<Vec<Cell>> = table.rows.iter().map(|row| cells(report, row)).collect();
    let group = report
        .groups
        .iter()
        .find(|(id, _)| *id == table.settings.group)
        .map_or("", |(_, label)| label);
    let mut columns = vec![group];
    columns.extend(report.columns.iter().map(|(_, label, _)| *label));
    let mut shown = Table::new("Results", &columns)
        .titled()
        .or_else("There is nothing in this period.")
        .rows(rows);
    shown.foot = totals(report, &table);
    let sheet = Sheet::new(report.title)
        .below(&Route::to(Page::Reports), "Reports")
        .saying(report.text)
        .offering(Action::open("Download CSV", &export_route(route), None))
        .with(builder(&state, report, &table.settings, route, unknown))
        .with(Block::Note(period(report, &table.settings)))
        .with(chart(&table, (id, label, unit)))
        .with(shown);
    frame::ok(visit, &state, sheet)
}

fn cells(report: &Report, row: &reports::Row) -> Vec<Cell> {
    let head = row.link.as_ref().map_or_else(
        || Cell::from(&*row.label),
        |route| Cell::link(route, &*row.label),
    );
    let values = report
        .columns
        .iter()
        .zip(&row.values)
        .map(|((_, _, unit), value)| Cell::number(unit.text(*value)));
    std::iter::once(head).chain(values).collect()
}

fn totals(report: &Report, table: &reports::Table) -> Vec<Cell> {
    if table.rows.len() < 2 {
        return Vec::new();
    }
    let sums = report
        .columns
        .iter()
        .zip(&table.totals)
        .map(|((_, _, unit), sum)| {
            Cell::number(sum.map_or_else(String::new, |sum| unit.text(sum)))
        });
    std::iter::once(Cell::from("Total")).chain(sums).collect()
}

fn export_route(route: &Route) -> Route {
    Route {
        page: Page::ReportExport,
        args: route.args.clone(),
    }
}

fn month_value(day: jiff::civil::Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}

fn month_text(day: jiff::civil::Date) -> String {
    format!("{} {}", month_name(day.month()), day.year())
}

/// What the figures cover, in words.
fn period(report: &Report, settings: &Settings) -> String {
    let mut text = match report.months {
        None => "As of now.".to_owned(),
        Some(_) if settings.from == settings.to => format!("{}.", month_text(settings.from)),
        Some(_) => format!(
            "{} to {}.",
            month_text(settings.from),
            month_text(settings.to)
        ),
    };
    if report.by_cancelled {
        text.push_str(if settings.with_cancelled {
            " Cancelled orders are counted."
        } else {
            " Cancelled orders are left out."
        });
    }
    text
}

/// The form that a report is built with.
fn builder(
    state: &OfficeState,
    report: &Report,
    settings: &Settings,
    route: &Route,
    unknown: &[String],
) -> Filters {
    let mut fields = Vec::new();
    if report.months.is_some() {
        fields.push(Field::new(
            "from",
            "First month",
            Kind::Month,
            month_value(settings.from),
        ));
        fields.push(Field::new(
            "to",
            "Last month",
            Kind::Month,
            month_value(settings.to),
        ));
    }
    let groups = report
        .groups
        .iter()
        .map(|(id, label)| Choice::new(*id, *label))
        .collect();
    fields.push(Field::new(
        "group",
        "Group by",
        Kind::Select(groups),
        &*settings.group,
    ));
    if report.by_country {
        fields.push(Field::new(
            "country",
            "Country",
            any_of("All countries", countries(state)),
            &*settings.country,
        ));
    }
    if report.by_cancelled {
        let choices =
            [("in", "Counted"), ("out", "Left out")].map(|(id, label)| Choice::new(id, label));
        let value = if settings.with_cancelled { "in" } else { "out" };
        fields.push(Field::new(
            "cancelled",
            "Cancelled orders",
            Kind::Select(choices.to_vec()),
            value,
        ));
    }
    let sorts = report
        .columns
        .iter()
        .map(|(id, label, _)| Choice::new(*id, *label));
    fields.push(Field::new(
        "sort",
        "Sort by",
        any_of("The report's own order", sorts),
        &*settings.sort,
    ));
    let mut filters = Filters::of(route, unknown, fields);
    filters.chips.clear();
    filters.submit = "Show report".to_owned();
    filters
}

fn chart(table: &reports::Table, (_, label, unit): (&str, &str, Unit)) -> Chart {
    let shown: Vec<&reports::Row> = table.rows.iter().take(BARS).collect();
    let longest = shown
        .iter()
        .map(|row| row.values[table.charted])
        .max()
        .unwrap_or(0)
        .max(1);
    let bars: Vec<(String, String, u32, u32)> = shown
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let value = row.values[table.charted];
            let width = u32::try_from(value.max(0) * LONGEST / longest).unwrap_or(0);
            let top = u32::try_from(at * 28 + 6).unwrap_or(0);
            let label: String = row.label.chars().take(26).collect();
            (label, unit.text(value), top, width.max(1))
        })
        .collect();
    let words = if table.rows.len() > BARS {
        format!(
            "Chart of {label}, first {BARS} of {} rows",
            table.rows.len()
        )
    } else {
        format!("Chart of {label}")
    };
    Chart {
        label: words,
        height: u32::try_from(bars.len() * 28 + 12).unwrap_or(40),
        bars,
    }
}

/// Answers with a report as CSV.
pub fn export(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(report) = reports::report(route.text("report")) else {
        return frame::missing(visit);
    };
    visit.show("office.reports", report.id);
    let table = reports::table(&state, report, route);
    let name = format!(
        "{}-{}-{}.csv",
        report.id,
        month_value(table.settings.from),
        month_value(table.settings.to)
    );
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(reports::csv(report, &table))
}
