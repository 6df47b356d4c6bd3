//! Stock: levels by warehouse, corrections, count sheets.

use actix_web::HttpResponse;

use crate::sites::clock::{day_text, moment_text};
use crate::sites::office::actions::goods as act;
use crate::sites::office::pages::orders::any_of;
use crate::sites::office::pages::parts::{
    Action, Block, Cell, Choice, Facts, Field, Filters, Form, Kind, Pages, Sheet, Table, draft_of,
};
use crate::sites::office::pages::products::suppliers;
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::goods::{
    count_list, level, stock_list, supplier_of, warehouse, warehouse_name,
};
use crate::sites::office::queries::{Paged, refused_right, sku_name};
use crate::sites::office::state::{AdjustmentReason, OfficeState, Right, StockKey, StockLevel};
use crate::sites::office::view::{Page, Route};

/// Rows of the form that corrects stock.
const CORRECTED: usize = 25;

/// Warehouses to choose from.
pub fn warehouses(state: &OfficeState) -> Vec<Choice> {
    state
        .fixed
        .warehouses
        .iter()
        .map(|house| Choice::new(&*house.id, &*house.name))
        .collect()
}

fn item_route(sku: &str, warehouse: &str) -> Route {
    Route::to(Page::StockItem)
        .with("warehouse", warehouse)
        .with("sku", sku)
}

fn level_badge(level: &StockLevel) -> Cell {
    let (class, text) = match level.pieces {
        pieces if pieces < 0 => ("bad", "Below zero"),
        pieces if pieces < i64::from(level.minimum) => ("warn", "Below minimum"),
        0 => ("", "None"),
        _ => ("good", "In stock"),
    };
    Cell::Badge(class, text.to_owned())
}

fn level_cells(state: &OfficeState, key: &StockKey, level: &StockLevel) -> Vec<Cell> {
    let (sku, house) = (key.0.as_str(), &*key.1);
    vec![
        Cell::link(&item_route(sku, house), sku),
        sku_name(state, sku).into(),
        warehouse_name(state, house).into(),
        Cell::number(level.aisle),
        Cell::number(level.pieces),
        Cell::number(level.minimum),
        Cell::number(level.target),
        Cell::number(level.box_size),
        level_badge(level),
    ]
}

const COLUMNS: [&str; 9] = [
    "SKU",
    "Article",
    "Warehouse",
    "Aisle",
    "Pieces",
    "Minimum",
    "Target",
    "Box of",
    "State",
];

/// Shows stock.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(stock_list(&state, route), route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|(key, level)| {
            visit.show("office.stock", format!("{}@{}", key.0, key.1));
            level_cells(&state, key, level)
        })
        .collect();
    let levels = [
        ("below", "Below minimum"),
        ("empty", "None left"),
        ("negative", "Below zero"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let sorts = [
        ("sku", "SKU"),
        ("pieces", "Fewest pieces first"),
        ("missing", "Most missing first"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let fields = vec![
        Field::new("q", "SKU or article", Kind::Text, route.text("q")),
        Field::new(
            "warehouse",
            "Warehouse",
            any_of("All warehouses", warehouses(&state)),
            route.text("warehouse"),
        ),
        Field::new(
            "supplier",
            "Supplier",
            any_of("Any supplier", suppliers(&state)),
            route.text("supplier"),
        ),
        Field::new(
            "level",
            "State",
            any_of("Any state", levels),
            route.text("level"),
        ),
        Field::new(
            "sort",
            "Sort by",
            Kind::Select(sorts.to_vec()),
            route.text("sort"),
        ),
    ];
    let correct = Route::to(Page::StockCorrect).with("warehouse", "orsund");
    let sheet = Sheet::new("Stock")
        .offering(Action::open(
            "Correct stock",
            &correct,
            refused_right(&state, Right::Stock),
        ))
        .with(Filters::of(route, unknown, fields))
        .with(
            Table::new("Stock", &COLUMNS)
                .or_else("Nothing fits these filters.")
                .rows(rows),
        )
        .with(Pages::of(&paged, route, "row"));
    frame::ok(visit, &state, sheet)
}

/// Shows a variant in a warehouse.
pub fn item(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let (sku, house) = (route.text("sku"), route.text("warehouse"));
    let Some(level) = level(&state, sku, house) else {
        return frame::missing(visit);
    };
    visit.show("office.stock", format!("{sku}@{house}"));
    let mut facts = Facts::default()
        .row("Article", sku_name(&state, sku))
        .row("Warehouse", warehouse_name(&state, house))
        .row("Aisle", Cell::number(level.aisle))
        .row("Pieces", Cell::number(level.pieces))
        .row("Minimum", Cell::number(level.minimum))
        .row("Target", Cell::number(level.target))
        .row("Box of", Cell::number(level.box_size))
        .row("State", level_badge(level));
    if let Some(supplier) = supplier_of(&state, sku) {
        let route = Route::to(Page::Supplier).with("supplier", &supplier.id);
        facts = facts.row("Supplier", Cell::link(&route, &*supplier.name));
    }
    let rows = state
        .adjustments
        .values()
        .filter(|entry| entry.sku.as_str() == sku && entry.warehouse == house)
        .map(|entry| {
            vec![
                moment_text(entry.made_at).into(),
                Cell::number(entry.from),
                Cell::number(entry.to),
                entry.reason.label().into(),
                entry.who.clone().into(),
            ]
        });
    let correct = Route::to(Page::StockCorrect)
        .with("warehouse", house)
        .with("q", sku);
    let sheet = Sheet::new(format!("{sku} in {}", warehouse_name(&state, house)))
        .below(&Route::to(Page::Stock), "Stock")
        .offering(Action::open(
            "Correct stock",
            &correct,
            refused_right(&state, Right::Stock),
        ))
        .with(facts)
        .with(
            Table::new("Corrections", &["When", "From", "To", "Reason", "By"])
                .titled()
                .or_else("Never corrected.")
                .rows(rows),
        );
    frame::ok(visit, &state, sheet)
}

/// Shows the form that corrects stock.
pub fn correct(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let house = route.text("warehouse");
    let aisles = state
        .stock
        .values()
        .map(|level| level.aisle)
        .max()
        .unwrap_or(1);
    let aisles = (1..=aisles).map(|aisle| Choice::new(aisle.to_string(), format!("Aisle {aisle}")));
    let aisle = route.number("aisle");
    let fields = vec![
        Field::new(
            "warehouse",
            "Warehouse",
            Kind::Select(warehouses(&state)),
            house,
        ),
        Field::new(
            "aisle",
            "Aisle",
            any_of("All aisles", aisles),
            if aisle == 0 {
                String::new()
            } else {
                aisle.to_string()
            },
        ),
        Field::new("q", "SKU or article", Kind::Text, route.text("q")),
    ];
    let mut filters = Filters::of(route, &[], fields);
    filters.chips.clear();
    let sheet = Sheet::new("Correct stock")
        .below(&Route::to(Page::Stock), "Stock")
        .saying("Enter what was counted. A field that is left empty changes nothing.")
        .with(filters);
    let refusal = refused_right(&state, Right::Stock);
    if warehouse(&state, house).is_none() || refusal.is_some() {
        let why = refusal.unwrap_or_else(|| "Choose a warehouse.".to_owned());
        return frame::ok(visit, &state, sheet.with(Block::Note(why)));
    }
    let paged = Paged::cut(stock_list(&state, route), route.number("page"), CORRECTED);
    let form = correct_form(visit, &state, route, &paged.rows);
    let mut links = Pages::of(&paged, route, "row");
    links.extent = super::parts::extent(&paged, CORRECTED, "row");
    frame::ok(visit, &state, sheet.with(form).with(links))
}

fn correct_form(
    visit: &Visit,
    state: &OfficeState,
    route: &Route,
    rows: &[(&StockKey, &StockLevel)],
) -> Form {
    let house = route.text("warehouse");
    let rows = rows.iter().map(|(key, level)| {
        let sku = key.0.as_str();
        visit.show("office.stock", format!("{sku}@{house}"));
        vec![
            Cell::from(sku),
            sku_name(state, sku).into(),
            Cell::number(level.aisle),
            Cell::number(level.pieces),
            Cell::Entry(
                format!("pieces.{sku}"),
                format!("Counted pieces of {sku}"),
                String::new(),
            ),
        ]
    });
    let reasons = AdjustmentReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), reason.label()));
    let columns = ["SKU", "Article", "Aisle", "Pieces", "Counted"];
    Form::new("/office/stock/correct", "Save corrections")
        .sending("list", route.href())
        .around(
            Table::new("Stock to correct", &columns)
                .rows(rows)
                .or_else("Nothing fits."),
        )
        .field(Field::new(
            "reason",
            "Reason",
            any_of("Choose a reason", reasons),
            "",
        ))
        .field(Field::new("note", "Note (optional)", Kind::Text, ""))
        .restored(draft_of(visit, &route.path()).as_ref())
}

/// Corrects stock.
pub async fn do_correct(posted: Posted) -> HttpResponse {
    let known = ["list", "reason", "note", "pieces.*"];
    if let Some(refused) = frame::foreign_fields(&posted, &known) {
        return refused;
    }
    let list = crate::sites::office::view::parse(posted.fields.text("list"))
        .map(|parsed| parsed.route)
        .filter(|route| route.page == Page::StockCorrect)
        .unwrap_or_else(|| Route::to(Page::StockCorrect));
    let counted = entries(&posted, "pieces.");
    let house = list.text("warehouse").to_owned();
    let (reason, note) = (posted.fields.text("reason"), posted.fields.text("note"));
    let result = posted.write(|state| act::correct_stock(state, &house, &counted, reason, note));
    let result = result.map(|count| {
        let message = format!("{} corrected.", super::parts::counted(count, "article"));
        (list.clone(), message)
    });
    frame::answer(&posted, &list, result)
}

/// Fields whose names begin so, with the rest of the name.
pub fn entries(posted: &Posted, start: &str) -> Vec<(String, String)> {
    posted
        .fields
        .0
        .iter()
        .filter_map(|(name, value)| {
            Some((
                name.strip_prefix(start)?.to_owned(),
                value.trim().to_owned(),
            ))
        })
        .collect()
}

/// Shows the count sheets.
pub fn counts(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let sheets = count_list(&state, route.text("warehouse"));
    let rows: Vec<Vec<Cell>> = sheets
        .iter()
        .map(|sheet| {
            let label = format!(
                "{}, {}",
                warehouse_name(&state, &sheet.warehouse),
                day_text(sheet.counted_on)
            );
            vec![
                Cell::link(&Route::to(Page::Count).with("count", &sheet.id), label),
                Cell::number(sheet.aisle),
                Cell::number(sheet.rows.len()),
                sheet.who.clone().into(),
            ]
        })
        .collect();
    let fields = vec![Field::new(
        "warehouse",
        "Warehouse",
        any_of("All warehouses", warehouses(&state)),
        route.text("warehouse"),
    )];
    let sheet = Sheet::new("Count sheets")
        .saying("What was counted in the warehouses. Stock is corrected by hand.")
        .with(Filters::of(route, &[], fields))
        .with(
            Table::new(
                "Count sheets",
                &["Sheet", "Aisle", "Articles", "Counted by"],
            )
            .rows(rows),
        );
    frame::ok(visit, &state, sheet)
}

/// Shows a count sheet.
pub fn count(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(sheet) = state.fixed.counts.get(id) else {
        return frame::missing(visit);
    };
    visit.show("office.counts", id);
    let rows = sheet.rows.iter().map(|(sku, pieces)| {
        vec![
            Cell::from(sku.as_str()),
            sku_name(&state, sku.as_str()).into(),
            Cell::number(pieces),
        ]
    });
    let house = warehouse_name(&state, &sheet.warehouse);
    let correct = Route::to(Page::StockCorrect)
        .with("warehouse", &sheet.warehouse)
        .with("aisle", sheet.aisle);
    let page = Sheet::new(format!("Count of {house}, {}", day_text(sheet.counted_on)))
        .below(&Route::to(Page::Counts), "Count sheets")
        .saying(format!("Aisle {}, counted by {}", sheet.aisle, sheet.who))
        .offering(Action::open(
            "Correct this aisle",
            &correct,
            refused_right(&state, Right::Stock),
        ))
        .with(Table::new("Counted", &["SKU", "Article", "Counted"]).rows(rows));
    frame::ok(visit, &state, page)
}
