//! The list of orders with its filters, and the change of many at once.

use actix_web::HttpResponse;

use crate::sites::clock::moment_text;
use crate::sites::office::actions::orders as act;
use crate::sites::office::pages::parts::{
    Cell, Choice, Field, Filters, Form, Kind, Pages, Sheet, Table, counted, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::orders::{order_list, owner};
use crate::sites::office::queries::{Paged, country_name, money, refused_right};
use crate::sites::office::state::{OfficeState, Order, OrderNo, OrderStatus, Payment, Right};
use crate::sites::office::view::{Page, Route, parse};

/// Columns of a table of orders.
pub const COLUMNS: [&str; 7] = [
    "Order", "Placed", "Customer", "Country", "Payment", "Status", "Total",
];

/// The page of an order.
pub fn order_route(no: OrderNo) -> Route {
    Route::to(Page::Order).with("order", no)
}

/// The colour of a status.
pub const fn status_class(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::New => "blue",
        OrderStatus::Packing | OrderStatus::Packed => "warn",
        OrderStatus::Shipped | OrderStatus::PartDelivered => "",
        OrderStatus::Delivered => "good",
        OrderStatus::Cancelled => "bad",
    }
}

/// The colour of a payment.
pub const fn payment_class(payment: Payment) -> &'static str {
    match payment {
        Payment::Paid => "good",
        Payment::Open => "bad",
        Payment::Returned => "",
    }
}

/// An order in a table.
pub fn order_cells(state: &OfficeState, order: &Order) -> Vec<Cell> {
    let name = owner(state, order).map_or_else(String::new, |one| one.name.clone());
    vec![
        Cell::link(&order_route(order.no), order.no.to_string()),
        moment_text(order.placed_at).into(),
        name.into(),
        country_name(state, &order.address.country).into(),
        Cell::Badge(
            payment_class(order.payment),
            order.payment.label().to_owned(),
        ),
        Cell::Badge(status_class(order.status), order.status.label().to_owned()),
        Cell::number(money(order.total_cents())),
    ]
}

/// Columns that are hidden at first.
fn more_cells(order: &Order) -> Vec<Cell> {
    let pieces: u32 = order.lines.iter().map(|line| line.quantity).sum();
    vec![
        order.delivery.to_string().into(),
        order.warehouse.clone().into(),
        order.tracking.clone().into(),
        order.code.clone().into(),
        Cell::number(pieces),
    ]
}

/// Countries to choose from.
pub fn countries(state: &OfficeState) -> Vec<Choice> {
    state
        .fixed
        .catalogue
        .countries
        .iter()
        .map(|country| Choice::new(&*country.id, &*country.name))
        .collect()
}

/// A select that starts with "any".
pub fn any_of(any: &str, choices: impl IntoIterator<Item = Choice>) -> Kind {
    let mut all = vec![Choice::new("", any)];
    all.extend(choices);
    Kind::Select(all)
}

fn filters(state: &OfficeState, route: &Route, unknown: &[String]) -> Filters {
    let statuses = OrderStatus::ALL
        .iter()
        .map(|status| Choice::new(status.as_str(), status.label()));
    let payments = Payment::ALL
        .iter()
        .map(|payment| Choice::new(payment.as_str(), payment.label()));
    let delivery = [
        ("standard", "Standard"),
        ("express", "Express"),
        ("locker", "Parcel locker"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let sorts = [
        ("newest", "Newest first"),
        ("oldest", "Oldest first"),
        ("total", "Highest total first"),
        ("number", "Number"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let columns = [("few", "Usual columns"), ("all", "All columns")]
        .map(|(id, label)| Choice::new(id, label));
    let text = |name: &str| route.text(name).to_owned();
    let fields = vec![
        Field::new("q", "Number, customer or tracking", Kind::Text, text("q")),
        Field::new(
            "status",
            "Status",
            any_of("Any status", statuses),
            text("status"),
        ),
        Field::new(
            "payment",
            "Payment",
            any_of("Any payment", payments),
            text("payment"),
        ),
        Field::new("from", "Placed from", Kind::Day, text("from")),
        Field::new("to", "Placed to", Kind::Day, text("to")),
        Field::new(
            "delivery",
            "Delivery",
            any_of("Any delivery", delivery),
            text("delivery"),
        ),
        Field::new(
            "sort",
            "Sort by",
            Kind::Select(sorts.to_vec()),
            text("sort"),
        ),
        Field::new(
            "columns",
            "Columns",
            Kind::Select(columns.to_vec()),
            text("columns"),
        ),
        Field::new(
            "country",
            "Country",
            Kind::Ticks(countries(state)),
            route.set("country").join(","),
        ),
    ];
    let mut filters = Filters::of(route, unknown, fields);
    if route.number("size") != 25 {
        filters
            .hidden
            .push(("size".to_owned(), route.number("size").to_string()));
    }
    filters
}

/// Shows the list of orders.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let found = order_list(&state, route);
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(found, route.number("page"), size);
    for order in &paged.rows {
        visit.show("office.orders", order.no);
    }
    if paged.total == 0 && !route.text("q").is_empty() {
        visit.show("office.searches", route.text("q"));
    }
    let mut sheet = Sheet::new("Orders").with(filters(&state, route, unknown));
    if paged.total == 0 {
        sheet = sheet.with(Table::new("Orders", &COLUMNS).or_else(
            "No order fits these filters. Take one away, or search for a part of the number.",
        ));
    } else {
        sheet = sheet
            .with(bulk_form(visit, &state, route, &paged))
            .with(Pages::of(&paged, route, "order"));
    }
    frame::ok(visit, &state, sheet)
}

/// The table with its boxes to tick, and what can be done with those that are ticked.
fn bulk_form(visit: &Visit, state: &OfficeState, route: &Route, paged: &Paged<&Order>) -> Form {
    let select = route.text("select");
    let all_columns = route.text("columns") == "all";
    let mut columns: Vec<&str> = vec!["Select"];
    columns.extend(COLUMNS);
    if all_columns {
        columns.extend(["Delivery", "Warehouse", "Tracking", "Code", "Pieces"]);
    }
    let rows = paged.rows.iter().map(|order| {
        let mut cells = vec![Cell::Tick(
            "order".to_owned(),
            order.no.to_string(),
            format!("Select order {}", order.no),
            !select.is_empty(),
        )];
        cells.extend(order_cells(state, order));
        if all_columns {
            cells.extend(more_cells(order));
        }
        cells
    });
    let statuses = [
        OrderStatus::New,
        OrderStatus::Packing,
        OrderStatus::Packed,
        OrderStatus::Cancelled,
    ]
    .map(|status| Choice::new(status.as_str(), status.label()));
    let scope = vec![
        Choice::new("ticked", "The orders ticked above"),
        Choice::new(
            "all",
            format!("All {} found, on every page", counted(paged.total, "order")),
        ),
    ];
    let chosen = if select == "all" { "all" } else { "ticked" };
    let list = route.clone().without("select");
    let mut form = Form::new("/office/orders/bulk", "Apply to selection")
        .titled("Change several orders")
        .sending("list", list.href())
        .around(Table::new("Orders", &columns).rows(rows))
        .field(Field::new(
            "scope",
            "For which orders",
            Kind::Radio(scope),
            chosen,
        ))
        .field(Field::new(
            "set_status",
            "Set status to",
            any_of("Choose a status", statuses),
            "",
        ))
        .restored(draft_of(visit, &list.path()).as_ref());
    form.warning = refused_right(state, Right::Orders).unwrap_or_default();
    form.tools = vec![
        crate::sites::office::pages::parts::Link::to(
            route.clone().with("select", "page").href(),
            "Select all on this page",
        ),
        crate::sites::office::pages::parts::Link::to(
            route.clone().with("select", "all").href(),
            format!("Select all {} results", paged.total),
        ),
        crate::sites::office::pages::parts::Link::to(list.href(), "Select none"),
    ];
    form
}

/// Changes many orders at once.
pub async fn bulk(posted: Posted) -> HttpResponse {
    let known = ["list", "order", "scope", "set_status"];
    if let Some(refused) = frame::foreign_fields(&posted, &known) {
        return refused;
    }
    let list = parse(posted.fields.text("list"))
        .map(|parsed| parsed.route)
        .filter(|route| route.page == Page::Orders)
        .unwrap_or_else(|| Route::to(Page::Orders));
    let scope_all = posted.fields.text("scope") == "all";
    let ticked: Vec<OrderNo> = posted
        .fields
        .all("order")
        .iter()
        .filter_map(|no| no.parse().ok())
        .collect();
    let status = posted.fields.text("set_status").to_owned();
    let result = posted.write(|state| {
        let orders = if scope_all {
            order_list(state, &list)
                .iter()
                .map(|order| order.no)
                .collect()
        } else {
            ticked
        };
        act::set_status_of(state, &orders, &status)
    });
    let result = result.map(|done| {
        let mut message = format!("{} changed.", counted(done.changed, "order"));
        if let Some(why) = done.refused.first() {
            message.push_str(&format!(" {} left as they were: {why}", done.refused.len()));
        }
        (list.clone().without("select"), message)
    });
    frame::answer(&posted, &list, result)
}
