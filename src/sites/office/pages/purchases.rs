//! Suppliers and purchase orders.

use actix_web::HttpResponse;

use crate::sites::clock::{day_text, moment_text, weekday_name};
use crate::sites::office::actions::goods as act;
use crate::sites::office::pages::orders::any_of;
use crate::sites::office::pages::parts::{
    Action, Block, Cell, Choice, Facts, Field, Filters, Form, Kind, Link, Pages, Sheet, Table,
    draft_of,
};
use crate::sites::office::pages::products::suppliers as supplier_choices;
use crate::sites::office::pages::stock::{entries, warehouses};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::goods::{
    assortment, purchase_list, supplier as supplier_of, warehouse, warehouse_name,
};
use crate::sites::office::queries::{Paged, refused_right, sku_name};
use crate::sites::office::state::{
    EntryNo, OfficeState, Purchase, PurchaseStatus, Right, Supplier,
};
use crate::sites::office::view::{Page, Route};

/// Shows the suppliers.
pub fn suppliers(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let links = state.fixed.suppliers.iter().map(|supplier| {
        let href = Route::to(Page::Supplier)
            .with("supplier", &supplier.id)
            .href();
        (Link::to(href, &*supplier.name), delivery_days(supplier))
    });
    let sheet = Sheet::new("Suppliers").with(Block::Links(String::new(), links.collect()));
    frame::ok(visit, &state, sheet)
}

fn delivery_days(supplier: &Supplier) -> String {
    let days: Vec<&str> = supplier
        .delivers_on
        .iter()
        .map(|day| weekday_name(*day))
        .collect();
    format!("Delivers on {}", days.join(" and "))
}

/// Shows a supplier with its sheet.
pub fn supplier(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(supplier) = supplier_of(&state, id) else {
        return frame::missing(visit);
    };
    visit.show("office.suppliers", id);
    let facts = Facts::new("Contact")
        .row("Ask for", &*supplier.contact)
        .row("Mail", &*supplier.email)
        .row("Phone", &*supplier.phone)
        .row("Delivery", delivery_days(supplier))
        .row("Lead time", format!("{} working days", supplier.lead_days));
    let rows = supplier.sheet.iter().map(|(product, values)| {
        let name = state
            .fixed
            .catalogue
            .products
            .get(product)
            .map_or("", |product| product.name.as_str());
        let text: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        vec![
            Cell::link(&Route::to(Page::Product).with("product", product), name),
            text.join("; ").into(),
        ]
    });
    let purchase = Route::to(Page::PurchaseNew).with("supplier", id);
    let sheet = Sheet::new(&*supplier.name)
        .below(&Route::to(Page::Suppliers), "Suppliers")
        .offering(Action::open(
            "New purchase order",
            &purchase,
            refused_right(&state, Right::Purchases),
        ))
        .with(facts)
        .with(
            Table::new("Sheet of the supplier", &["Product", "Values"])
                .titled()
                .rows(rows),
        );
    frame::ok(visit, &state, sheet)
}

const fn status_class(status: PurchaseStatus) -> &'static str {
    match status {
        PurchaseStatus::Ordered => "blue",
        PurchaseStatus::Received => "good",
        PurchaseStatus::Cancelled => "bad",
    }
}

fn supplier_name(state: &OfficeState, purchase: &Purchase) -> String {
    supplier_of(state, &purchase.supplier).map_or_else(String::new, |one| one.name.clone())
}

/// Shows the list of purchase orders.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(purchase_list(&state, route), route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|purchase| {
            visit.show("office.purchases", purchase.no);
            let pieces: u32 = purchase.lines.iter().map(|line| line.quantity).sum();
            vec![
                Cell::link(
                    &Route::to(Page::Purchase).with("purchase", purchase.no),
                    purchase.no.to_string(),
                ),
                supplier_name(&state, purchase).into(),
                warehouse_name(&state, &purchase.warehouse).into(),
                day_text(purchase.deliver_on).into(),
                Cell::number(pieces),
                Cell::Badge(
                    status_class(purchase.status),
                    purchase.status.label().to_owned(),
                ),
            ]
        })
        .collect();
    let statuses = PurchaseStatus::ALL
        .iter()
        .map(|status| Choice::new(status.as_str(), status.label()));
    let fields = vec![
        Field::new(
            "supplier",
            "Supplier",
            any_of("Any supplier", supplier_choices(&state)),
            route.text("supplier"),
        ),
        Field::new(
            "status",
            "Status",
            any_of("Any status", statuses),
            route.text("status"),
        ),
    ];
    let columns = [
        "Purchase order",
        "Supplier",
        "Warehouse",
        "Delivery",
        "Pieces",
        "Status",
    ];
    let sheet = Sheet::new("Purchase orders")
        .offering(Action::open(
            "New purchase order",
            &Route::to(Page::PurchaseNew),
            refused_right(&state, Right::Purchases),
        ))
        .with(Filters::of(route, unknown, fields))
        .with(Table::new("Purchase orders", &columns).rows(rows))
        .with(Pages::of(&paged, route, "purchase order"));
    frame::ok(visit, &state, sheet)
}

/// Shows a purchase order.
pub fn show(visit: &Visit, no: EntryNo) -> HttpResponse {
    let state = visit.state();
    let Some(purchase) = state.purchases.get(&no) else {
        return frame::missing(visit);
    };
    visit.show("office.purchases", no);
    let route = Route::to(Page::Supplier).with("supplier", &purchase.supplier);
    let facts = Facts::default()
        .row(
            "Supplier",
            Cell::link(&route, supplier_name(&state, purchase)),
        )
        .row("Warehouse", warehouse_name(&state, &purchase.warehouse))
        .row("Delivery on", day_text(purchase.deliver_on))
        .row("Ordered on", moment_text(purchase.ordered_at))
        .row("Ordered by", &*purchase.who)
        .row(
            "Status",
            Cell::Badge(
                status_class(purchase.status),
                purchase.status.label().to_owned(),
            ),
        )
        .row("Note", &*purchase.note);
    let rows = purchase.lines.iter().map(|line| {
        vec![
            line.sku.to_string().into(),
            sku_name(&state, line.sku.as_str()).into(),
            Cell::number(line.quantity),
        ]
    });
    let sheet = Sheet::new(format!("Purchase order {no}"))
        .below(&Route::to(Page::Purchases), "Purchase orders")
        .with(facts)
        .with(
            Table::new("Lines", &["SKU", "Article", "Pieces"])
                .titled()
                .rows(rows),
        );
    frame::ok(visit, &state, sheet)
}

/// Shows the form for a purchase order: first supplier and warehouse, then the lines.
pub fn new(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let (supplier_id, house) = (route.text("supplier"), route.text("warehouse"));
    let choose = Filters {
        action: route.path(),
        fields: vec![
            Field::new(
                "supplier",
                "Supplier",
                any_of("Choose a supplier", supplier_choices(&state)),
                supplier_id,
            ),
            Field::new(
                "warehouse",
                "Warehouse",
                any_of("Choose a warehouse", warehouses(&state)),
                house,
            ),
        ],
        submit: "Show articles".to_owned(),
        ..Filters::default()
    };
    let sheet =
        Sheet::new("New purchase order").below(&Route::to(Page::Purchases), "Purchase orders");
    if let Some(why) = refused_right(&state, Right::Purchases) {
        return frame::ok(visit, &state, sheet.with(Block::Note(why)));
    }
    let sheet = sheet.with(choose);
    let (Some(supplier), Some(_)) = (supplier_of(&state, supplier_id), warehouse(&state, house))
    else {
        return frame::ok(visit, &state, sheet);
    };
    let rows = assortment(&state, supplier_id, house)
        .into_iter()
        .map(|(sku, level)| {
            visit.show("office.stock", format!("{sku}@{house}"));
            vec![
                Cell::from(sku.as_str()),
                sku_name(&state, sku.as_str()).into(),
                Cell::number(level.pieces),
                Cell::number(level.minimum),
                Cell::number(level.target),
                Cell::number(level.box_size),
                Cell::Entry(
                    format!("order.{sku}"),
                    format!("Pieces of {sku}"),
                    String::new(),
                ),
            ]
        });
    let columns = [
        "SKU", "Article", "In stock", "Minimum", "Target", "Box of", "Order",
    ];
    let form = Form::new(route.path(), "Send purchase order")
        .sending("supplier", supplier_id)
        .sending("warehouse", house)
        .around(Table::new("Articles", &columns).rows(rows.collect::<Vec<_>>()))
        .field(
            Field::new("deliver_on", "Day of delivery", Kind::Day, "").hint(format!(
                "{}: {}.",
                supplier.name,
                delivery_days(supplier)
            )),
        )
        .field(Field::new("note", "Note (optional)", Kind::Text, ""))
        .or_back_to(&Route::to(Page::Purchases))
        .restored(draft_of(visit, &route.path()).as_ref());
    frame::ok(visit, &state, sheet.with(form))
}

/// Sends a purchase order.
pub async fn place(posted: Posted) -> HttpResponse {
    let known = ["supplier", "warehouse", "deliver_on", "note", "order.*"];
    if let Some(refused) = frame::foreign_fields(&posted, &known) {
        return refused;
    }
    let fields = &posted.fields;
    let (supplier, house) = (fields.text("supplier"), fields.text("warehouse"));
    let lines = entries(&posted, "order.");
    let result = posted.write(|state| {
        act::order_goods(
            state,
            [supplier, house],
            &lines,
            fields.text("deliver_on"),
            fields.text("note"),
        )
    });
    let result = result.map(|no| {
        let page = Route::to(Page::Purchase).with("purchase", no);
        (page, "Purchase order sent.".to_owned())
    });
    let form = Route::to(Page::PurchaseNew)
        .with("supplier", supplier)
        .with("warehouse", house);
    frame::answer(&posted, &form, result)
}
