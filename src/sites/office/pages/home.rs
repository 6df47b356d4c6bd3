//! The overview: what is to be done today; and the search over everything.

use actix_web::HttpResponse;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::office::pages::Visit;
use crate::sites::office::pages::frame;
use crate::sites::office::pages::orders::{COLUMNS, order_cells};
use crate::sites::office::pages::parts::{Block, Cell, Link, Sheet, Table};
use crate::sites::office::queries::goods::product_list;
use crate::sites::office::queries::money;
use crate::sites::office::queries::orders::{customer_list, order_list};
use crate::sites::office::state::{OfficeState, OrderStatus};
use crate::sites::office::view::{Page, Route};

/// Rows of each kind that a search shows.
const FOUND: usize = 10;

/// Shows the overview.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let to_pack = Route::to(Page::Orders)
        .with("status", "new")
        .with("payment", "paid");
    let unpaid = Route::to(Page::Orders)
        .with("status", "new")
        .with("payment", "open");
    let asked = Route::to(Page::Returns).with("status", "requested");
    let below = Route::to(Page::Stock).with("level", "below");
    let count = |route: &Route| order_list(&state, route).len().to_string();
    let returns = crate::sites::office::queries::orders::return_list(&state, &asked).len();
    let low = crate::sites::office::queries::goods::stock_list(&state, &below).len();
    let figures = vec![
        (
            "Paid, not packed".to_owned(),
            count(&to_pack),
            to_pack.href(),
        ),
        (
            "Waiting for payment".to_owned(),
            count(&unpaid),
            unpaid.href(),
        ),
        (
            "Returns to look at".to_owned(),
            returns.to_string(),
            asked.href(),
        ),
        ("Below minimum".to_owned(), low.to_string(), below.href()),
        (
            "Orders yesterday".to_owned(),
            yesterday(&state),
            String::new(),
        ),
    ];
    let latest = order_list(&state, &Route::to(Page::Orders));
    let rows: Vec<Vec<Cell>> = latest
        .iter()
        .take(12)
        .map(|order| {
            visit.show("office.orders", order.no);
            order_cells(&state, order)
        })
        .collect();
    let sheet = Sheet::new("Overview")
        .saying("What is waiting, and the latest orders.")
        .with(Block::Figures(figures))
        .with(Table::new("Latest orders", &COLUMNS).titled().rows(rows));
    frame::ok(visit, &state, sheet)
}

/// Number and value of yesterday's orders.
fn yesterday(state: &OfficeState) -> String {
    let day = plus_days(TODAY, -1);
    let orders: Vec<u32> = state
        .orders
        .values()
        .filter(|order| order.placed_at.date() == day && order.status != OrderStatus::Cancelled)
        .map(|order| order.total_cents())
        .collect();
    format!("{} ({})", orders.len(), money(orders.iter().sum()))
}

/// Shows what a search over orders, customers and products finds.
pub fn search(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let q = route.text("q");
    if q.is_empty() {
        let sheet = Sheet::new("Search").with(Block::Note(
            "Search for the number of an order, a customer or an article.".to_owned(),
        ));
        return frame::ok(visit, &state, sheet);
    }
    let orders = order_list(&state, &Route::to(Page::Orders).with("q", q));
    let customers = customer_list(&state, &Route::to(Page::Customers).with("q", q));
    let products = product_list(&state, &Route::to(Page::Products).with("q", q));
    let rows: Vec<Vec<Cell>> = orders
        .iter()
        .take(FOUND)
        .map(|order| {
            visit.show("office.orders", order.no);
            order_cells(&state, order)
        })
        .collect();
    let people = customers.iter().take(FOUND).map(|one| {
        visit.show("office.customers", one.no);
        let href = Route::to(Page::Customer).with("customer", one.no).href();
        (
            Link::to(href, &*one.name),
            format!("{}, {}", one.no, one.email),
        )
    });
    let goods = products.iter().take(FOUND).map(|product| {
        let href = Route::to(Page::Product).with("product", &product.id).href();
        (Link::to(href, &*product.name), product.article.clone())
    });
    let mut sheet = Sheet::new(format!("Search for \u{201c}{q}\u{201d}")).saying(format!(
        "{} orders, {} customers, {} products",
        orders.len(),
        customers.len(),
        products.len()
    ));
    if orders.is_empty() && customers.is_empty() && products.is_empty() {
        visit.show("office.searches", q);
        sheet = sheet.with(Block::Note(format!(
            "Nothing matches \u{201c}{q}\u{201d}: no order, no customer, no product."
        )));
    }
    if !orders.is_empty() {
        sheet = sheet.with(Table::new("Orders", &COLUMNS).titled().rows(rows));
    }
    if !customers.is_empty() {
        sheet = sheet.with(Block::Links("Customers".to_owned(), people.collect()));
    }
    if !products.is_empty() {
        sheet = sheet.with(Block::Links("Products".to_owned(), goods.collect()));
    }
    let all = Route::to(Page::Orders).with("q", q);
    if orders.len() > FOUND {
        let link = Link::to(all.href(), format!("All {} orders", orders.len()));
        sheet = sheet.with(Block::Links(String::new(), vec![(link, String::new())]));
    }
    frame::ok(visit, &state, sheet)
}
