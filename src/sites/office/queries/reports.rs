//! Reports: what is counted, over which months, in which groups. Page, chart and CSV show the
//! same [`Table`].

mod facts;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::sites::clock::{TODAY, month_name};
use crate::sites::office::queries::money;
use crate::sites::office::state::OfficeState;
use crate::sites::office::view::{Page, Route};

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number.
    Count,
    /// Cents.
    Money,
    /// Tenths of a day.
    Days,
    /// Tenths of a percent.
    Percent,
}

impl Unit {
    /// A value in words, e.g. `$1,299.00` or `12.5 %`.
    pub fn text(self, value: i64) -> String {
        let sign = if value < 0 { "\u{2212}" } else { "" };
        let size = u32::try_from(value.unsigned_abs()).unwrap_or(u32::MAX);
        match self {
            Self::Count => format!("{sign}{size}"),
            Self::Money => format!("{sign}{}", money(size)),
            Self::Days => format!("{sign}{}.{} days", size / 10, size % 10),
            Self::Percent => format!("{sign}{}.{} %", size / 10, size % 10),
        }
    }

    /// A value in CSV, without unit.
    pub fn plain(self, value: i64) -> String {
        let sign = if value < 0 { "-" } else { "" };
        let size = value.unsigned_abs();
        match self {
            Self::Count => format!("{sign}{size}"),
            Self::Money => format!("{sign}{}.{:02}", size / 100, size % 100),
            Self::Days | Self::Percent => format!("{sign}{}.{}", size / 10, size % 10),
        }
    }
}

/// A report as it is offered.
#[derive(Debug)]
pub struct Report {
    /// Its id, e.g. `returns`.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// What it counts, in a sentence or two.
    pub text: &'static str,
    /// What can be grouped by: id and words. The first is the default.
    pub groups: &'static [(&'static str, &'static str)],
    /// Columns: id, words, unit. Rows are sorted by the first unless asked otherwise, and the
    /// chart shows the one that they are sorted by.
    pub columns: &'static [(&'static str, &'static str, Unit)],
    /// Which months it covers at first; none for what is about the present.
    pub months: Option<Months>,
    /// Whether it can be narrowed to a country.
    pub by_country: bool,
    /// Whether cancelled orders can be left out.
    pub by_cancelled: bool,
}

/// The months that a report covers at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Months {
    /// The last twelve.
    Year,
    /// The present one.
    This,
}

const MONTH: (&str, &str) = ("month", "Month");
const COUNTRY: (&str, &str) = ("country", "Country");
const WAREHOUSE: (&str, &str) = ("warehouse", "Warehouse");
const SKU: (&str, &str) = ("sku", "SKU");
const PRODUCT: (&str, &str) = ("product", "Product");
const CATEGORY: (&str, &str) = ("category", "Category");
const STATUS: (&str, &str) = ("status", "Status");
const REASON: (&str, &str) = ("reason", "Reason");
const SUPPLIER: (&str, &str) = ("supplier", "Supplier");
const DELIVERY: (&str, &str) = ("delivery", "Delivery");

/// All reports in the order of the list.
pub const REPORTS: &[Report] = &[
    Report {
        id: "revenue",
        title: "Revenue",
        text: "Gross revenue is goods and delivery of the orders placed in the period. Net revenue is gross less discounts and less refunds of these orders.",
        groups: &[MONTH, COUNTRY, DELIVERY, WAREHOUSE],
        columns: &[
            ("orders", "Orders", Unit::Count),
            ("gross", "Gross revenue", Unit::Money),
            ("discounts", "Discounts", Unit::Money),
            ("refunds", "Refunds", Unit::Money),
            ("net", "Net revenue", Unit::Money),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: true,
    },
    Report {
        id: "sales",
        title: "Sales by product",
        text: "Pieces and list value of the lines of orders placed in the period.",
        groups: &[SKU, PRODUCT, CATEGORY, SUPPLIER],
        columns: &[
            ("revenue", "Revenue", Unit::Money),
            ("pieces", "Pieces", Unit::Count),
            ("orders", "Orders", Unit::Count),
        ],
        months: Some(Months::This),
        by_country: true,
        by_cancelled: true,
    },
    Report {
        id: "customers",
        title: "Customers by spend",
        text: "What customers paid for orders placed in the period. Net spend is gross spend less refunds of these orders.",
        groups: &[("customer", "Customer"), COUNTRY],
        columns: &[
            ("gross", "Gross spend", Unit::Money),
            ("refunds", "Refunds", Unit::Money),
            ("net", "Net spend", Unit::Money),
            ("orders", "Orders", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: true,
    },
    Report {
        id: "orders",
        title: "Orders",
        text: "Orders placed in the period.",
        groups: &[
            MONTH,
            STATUS,
            COUNTRY,
            ("weekday", "Day of the week"),
            DELIVERY,
        ],
        columns: &[
            ("orders", "Orders", Unit::Count),
            ("gross", "Gross revenue", Unit::Money),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: true,
    },
    Report {
        id: "returns",
        title: "Returns",
        text: "Returns that customers asked for in the period.",
        groups: &[MONTH, REASON, SKU, PRODUCT, STATUS],
        columns: &[
            ("returns", "Returns", Unit::Count),
            ("pieces", "Pieces", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: false,
        by_cancelled: false,
    },
    Report {
        id: "refunds",
        title: "Refunds",
        text: "Money paid back in the period, whenever the order was placed.",
        groups: &[MONTH, ("kind", "Kind"), REASON],
        columns: &[
            ("amount", "Amount", Unit::Money),
            ("refunds", "Refunds", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: false,
        by_cancelled: false,
    },
    Report {
        id: "codes",
        title: "Use of codes",
        text: "Orders placed in the period with a discount code.",
        groups: &[("code", "Code"), MONTH],
        columns: &[
            ("discounts", "Discounts", Unit::Money),
            ("orders", "Orders", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: true,
    },
    Report {
        id: "delivery",
        title: "Time until delivery",
        text: "Days from order to arrival, of orders placed in the period that have arrived.",
        groups: &[DELIVERY, COUNTRY, WAREHOUSE, MONTH],
        columns: &[
            ("mean", "Mean time", Unit::Days),
            ("orders", "Orders", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: false,
    },
    Report {
        id: "late",
        title: "Late deliveries",
        text: "Orders placed in the period that arrived after the promised day.",
        groups: &[MONTH, COUNTRY, WAREHOUSE, DELIVERY],
        columns: &[
            ("late", "Late", Unit::Count),
            ("orders", "Arrived", Unit::Count),
            ("share", "Share", Unit::Percent),
        ],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: false,
    },
    Report {
        id: "stock",
        title: "Value of stock",
        text: "Pieces in stock now at list price.",
        groups: &[WAREHOUSE, SUPPLIER, CATEGORY],
        columns: &[
            ("value", "Value", Unit::Money),
            ("pieces", "Pieces", Unit::Count),
            ("below", "Below minimum", Unit::Count),
        ],
        months: None,
        by_country: false,
        by_cancelled: false,
    },
    Report {
        id: "purchases",
        title: "Purchases",
        text: "Orders at suppliers, by the day on which they were sent.",
        groups: &[SUPPLIER, WAREHOUSE, STATUS, MONTH],
        columns: &[
            ("pieces", "Pieces", Unit::Count),
            ("orders", "Purchase orders", Unit::Count),
        ],
        months: Some(Months::Year),
        by_country: false,
        by_cancelled: false,
    },
    Report {
        id: "accounts",
        title: "New customers",
        text: "Accounts opened in the period.",
        groups: &[MONTH, COUNTRY],
        columns: &[("accounts", "Accounts", Unit::Count)],
        months: Some(Months::Year),
        by_country: true,
        by_cancelled: false,
    },
];

/// A report by id.
pub fn report(id: &str) -> Option<&'static Report> {
    REPORTS.iter().find(|report| report.id == id)
}

/// What a report was asked for, with all defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// First month, its first day.
    pub from: Date,
    /// Last month, its first day.
    pub to: Date,
    /// What is grouped by.
    pub group: String,
    /// Only orders to this country; empty for all.
    pub country: String,
    /// Whether cancelled orders count.
    pub with_cancelled: bool,
    /// The column that rows are sorted by; empty for the report's own order.
    pub sort: String,
}

impl Settings {
    /// What an address of the report asks for.
    pub fn of(report: &Report, route: &Route) -> Self {
        let this = TODAY.first_of_month();
        let year = Date::constant(2025, 4, 1);
        let first = match report.months {
            Some(Months::This) => this,
            _ => year,
        };
        let month = |name: &str, default: Date| {
            format!("{}-01", route.text(name))
                .parse()
                .unwrap_or(default)
        };
        let group = route.text("group");
        let known = report.groups.iter().any(|(id, _)| *id == group);
        Self {
            from: month("from", first),
            to: month("to", this),
            group: if known { group } else { report.groups[0].0 }.to_owned(),
            country: route.text("country").to_owned(),
            with_cancelled: route.text("cancelled") != "out",
            sort: route.text("sort").to_owned(),
        }
    }

    /// Whether a day is in the period.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.to.last_of_month()
    }
}

/// A row of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its group, in words.
    pub label: String,
    /// The page of what it is about.
    pub link: Option<Route>,
    /// One value for each column.
    pub values: Vec<i64>,
}

/// A report's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What was asked for.
    pub settings: Settings,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Sum of each column; none where a sum says nothing.
    pub totals: Vec<Option<i64>>,
    /// The column that the chart shows.
    pub charted: usize,
}

/// Rows while they are added up: by the key that orders them.
#[derive(Debug, Default)]
struct Rows(BTreeMap<String, Row>);

impl Rows {
    /// Adds values to the row of a key.
    fn add(&mut self, key: &Key, values: &[i64]) {
        let row = self.0.entry(key.order.clone()).or_insert_with(|| Row {
            label: key.label.clone(),
            link: key.link.clone(),
            values: vec![0; values.len()],
        });
        for (sum, value) in row.values.iter_mut().zip(values) {
            *sum += value;
        }
    }
}

/// What a fact is counted under.
#[derive(Debug, Clone)]
struct Key {
    order: String,
    label: String,
    link: Option<Route>,
}

impl Key {
    fn new(order: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            order: order.into(),
            label: label.into(),
            link: None,
        }
    }

    fn linked(mut self, page: Page, name: &str, value: impl std::fmt::Display) -> Self {
        self.link = Some(Route::to(page).with(name, value));
        self
    }

    fn month(day: Date) -> Self {
        Self::new(
            format!("{:04}-{:02}", day.year(), day.month()),
            format!("{} {}", month_name(day.month()), day.year()),
        )
    }
}

/// Computes a report.
pub fn table(state: &OfficeState, report: &Report, route: &Route) -> Table {
    let settings = Settings::of(report, route);
    let facts = facts::rows(state, report.id, &settings);
    let mut rows: Vec<Row> = facts.0.into_values().collect();
    facts::shares(report.id, &mut rows);
    let place = |id: &str| report.columns.iter().position(|(name, ..)| *name == id);
    let in_time = settings.group == "month";
    let sorted = place(&settings.sort);
    if let Some(at) = sorted.or((!in_time).then_some(0)) {
        rows.sort_by_key(|row| (Reverse(row.values[at]), row.label.clone()));
    }
    let totals = report
        .columns
        .iter()
        .enumerate()
        .map(|(at, (_, _, unit))| {
            matches!(unit, Unit::Count | Unit::Money)
                .then(|| rows.iter().map(|row| row.values[at]).sum())
        })
        .collect();
    Table {
        settings,
        rows,
        totals,
        charted: sorted.unwrap_or(0),
    }
}

/// A report as CSV: a head, one line a row, no totals.
pub fn csv(report: &Report, table: &Table) -> String {
    let group = report
        .groups
        .iter()
        .find(|(id, _)| *id == table.settings.group)
        .map_or("", |(_, label)| label);
    let mut lines = vec![line(
        std::iter::once(group.to_owned()).chain(
            report
                .columns
                .iter()
                .map(|(_, label, _)| (*label).to_owned()),
        ),
    )];
    lines.extend(table.rows.iter().map(|row| {
        let values = report
            .columns
            .iter()
            .zip(&row.values)
            .map(|((_, _, unit), value)| unit.plain(*value));
        line(std::iter::once(row.label.clone()).chain(values))
    }));
    lines.concat()
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells
        .map(|cell| {
            if cell.contains([',', '"']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell
            }
        })
        .collect();
    format!("{}\r\n", cells.join(","))
}
