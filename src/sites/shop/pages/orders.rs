//! Orders: the list, one order, the thanks after checkout, returns.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::clock::{day_text, moment_text};
use crate::sites::shop::pages::Visit;
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::checkout::postal_rows;
use crate::sites::shop::pages::frame::{self, Frame, product_href};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::{Link, Pages, Picture, TotalRow, counted, extent};
use crate::sites::shop::queries::cart::delivery_label;
use crate::sites::shop::queries::money;
use crate::sites::shop::queries::orders::{
    LineView, ORDERS_PER_PAGE, OrderRow, OrderView, order_list, order_view, return_list,
};
use crate::sites::shop::state::{
    DropOff, Order, OrderLine, OrderStatus, Parcel, RefundTo, Return, ShopState,
};
use crate::sites::shop::view::Route;

/// An order in a table.
pub struct OrderLineRow {
    /// Its number.
    pub no: u32,
    /// Its address.
    pub href: String,
    /// When it was placed.
    pub placed: String,
    /// What is in it.
    pub items: String,
    /// Status in words.
    pub status: &'static str,
    /// Class of the status.
    pub status_class: &'static str,
    /// What was paid.
    pub total: String,
}

/// The row of an order.
pub fn row(row: &OrderRow<'_>) -> OrderLineRow {
    let order = row.order;
    OrderLineRow {
        no: order.no,
        href: Route::Order { order: order.no }.href(),
        placed: moment_text(order.placed_at),
        items: row.summary.clone(),
        status: row.status,
        status_class: status_class(order.status),
        total: money(order.total_cents),
    }
}

const fn status_class(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Delivered => "good-news",
        OrderStatus::Cancelled => "bad-news",
        _ => "",
    }
}

#[derive(Template)]
#[template(path = "sites/shop/orders.html")]
struct OrdersPage {
    frame: Frame,
    nav: Vec<Link>,
    filters: Vec<Link>,
    count_text: String,
    orders: Vec<OrderLineRow>,
    pages: Pages,
}

/// Shows the list of orders.
pub fn list(visit: &Visit, status: Option<OrderStatus>, page: u32) -> HttpResponse {
    let state = visit.state();
    let found = order_list(&state, status, page);
    for row in &found.rows {
        visit.show("shop.orders", row.order.no);
    }
    let href = |status, page| Route::Orders { status, page }.href();
    let mut filters = vec![Link {
        href: href(None, 1),
        label: "All".to_owned(),
        current: status.is_none(),
    }];
    filters.extend(OrderStatus::ALL.iter().map(|entry| Link {
        href: href(Some(*entry), 1),
        label: status_word(*entry).to_owned(),
        current: status == Some(*entry),
    }));
    let template = OrdersPage {
        frame: account::frame_of(visit, &state, "Orders"),
        nav: account::nav(&href(None, 1)),
        filters,
        count_text: extent(&found, ORDERS_PER_PAGE, "order"),
        orders: found.rows.iter().map(row).collect(),
        pages: Pages::of(&found, |page| href(status, page)),
    };
    frame::ok(&template)
}

const fn status_word(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Placed => "Placed",
        OrderStatus::Packed => "Packed",
        OrderStatus::Shipped => "Shipped",
        OrderStatus::PartDelivered => "Partly delivered",
        OrderStatus::Delivered => "Delivered",
        OrderStatus::Cancelled => "Cancelled",
    }
}

#[derive(Template)]
#[template(path = "sites/shop/order.html")]
struct OrderPage {
    frame: Frame,
    nav: Vec<Link>,
    no: u32,
    placed: String,
    status: &'static str,
    status_class: &'static str,
    cancelled: String,
    actions: Vec<Action>,
    lines: Vec<Line>,
    totals: Vec<TotalRow>,
    card: String,
    address: Vec<String>,
    delivery: String,
    gift_note: String,
    parcels: Vec<ParcelRow>,
    returns: Vec<String>,
    events: Vec<(String, String, String)>,
}

/// Something that can be done, or why it cannot.
struct Action {
    label: &'static str,
    href: String,
    post: bool,
    refusal: String,
}

struct Line {
    href: String,
    name: String,
    variant: String,
    sku: String,
    picture: Picture,
    quantity: u32,
    unit: String,
    sum: String,
    remarks: Vec<String>,
    review_href: String,
}

struct ParcelRow {
    title: String,
    text: String,
    content: String,
}

/// Shows an order.
pub fn show(visit: &Visit, no: u32) -> HttpResponse {
    let state = visit.state();
    let Some(view) = order_view(&state, no) else {
        return missing::show(visit);
    };
    report(visit, &view);
    let order = view.order;
    let template = OrderPage {
        frame: frame_of(visit, &state, no, None),
        nav: account::nav(""),
        no,
        placed: moment_text(order.placed_at),
        status: view.status,
        status_class: status_class(order.status),
        cancelled: order
            .cancel_reason
            .map_or_else(String::new, |reason| format!("Reason: {}", reason.label())),
        actions: actions(&view),
        lines: view.lines.iter().map(line).collect(),
        totals: totals(order),
        card: format!("Paid with the card ending {}", order.card_last4),
        address: postal_rows(&state, &order.address),
        delivery: delivery_label(order.delivery).to_owned(),
        gift_note: order.gift_note.clone(),
        parcels: order
            .parcels
            .iter()
            .enumerate()
            .map(|(index, parcel)| parcel_row(order, index, parcel))
            .collect(),
        returns: view
            .returns
            .iter()
            .map(|entry| return_text(entry, order_line(order, entry)))
            .collect(),
        events: order
            .events
            .iter()
            .map(|event| {
                let machine = event.at.to_string();
                (machine, moment_text(event.at), event.text.clone())
            })
            .collect(),
    };
    frame::ok(&template)
}

fn report(visit: &Visit, view: &OrderView<'_>) {
    visit.show("shop.orders", view.order.no);
    for entry in &view.returns {
        visit.show("shop.returns", entry.no);
    }
}

/// The frame of an order or of a page below it.
pub fn frame_of(visit: &Visit, state: &ShopState, no: u32, below: Option<&str>) -> Frame {
    let orders = Route::Orders {
        status: None,
        page: 1,
    };
    let mut above = vec![
        Link::to(Route::Account.href(), "My account"),
        Link::to(orders.href(), "Orders"),
    ];
    let own = format!("Order {no}");
    let Some(below) = below else {
        return Frame::new(visit, state, own.clone()).under(above, own);
    };
    above.push(Link::to(Route::Order { order: no }.href(), &own));
    Frame::new(visit, state, format!("{below}: {own}")).under(above, below)
}

fn actions(view: &OrderView<'_>) -> Vec<Action> {
    let order = view.order.no;
    let action = |label, route: Route, refusal: &Option<String>| Action {
        label,
        href: route.href(),
        post: false,
        refusal: refusal.clone().unwrap_or_default(),
    };
    vec![
        action(
            "Cancel order",
            Route::OrderCancel { order },
            &view.cancel_refused,
        ),
        action(
            "Change address",
            Route::OrderAddress { order },
            &view.redirect_refused,
        ),
        action(
            "Return items",
            Route::OrderReturn { order },
            &view.return_refused,
        ),
        Action {
            label: "Order again",
            href: format!("{}/again", Route::Order { order }.href()),
            post: true,
            refusal: String::new(),
        },
    ]
}

fn line(view: &LineView<'_>) -> Line {
    let line = view.line;
    let variant = view.product.and_then(|product| {
        product
            .variants
            .iter()
            .find(|variant| variant.sku == line.sku)
    });
    let mut remarks = Vec::new();
    if line.cancelled {
        remarks.push("Not sent and not charged".to_owned());
    }
    if view.returned > 0 {
        remarks.push(format!("{} sent back", view.returned));
    }
    Line {
        href: product_href(line.product.as_str()),
        name: line.name.clone(),
        variant: line.variant.clone(),
        sku: line.sku.to_string(),
        picture: view.product.map_or(
            Picture {
                drawing: "pot",
                colour: "#8f9a8d",
            },
            |product| Picture::of(product, variant),
        ),
        quantity: line.quantity,
        unit: money(line.unit_cents),
        sum: money(line.unit_cents * line.quantity),
        remarks,
        review_href: if view.reviewable {
            Route::ReviewNew {
                product: line.product.to_string(),
            }
            .href()
        } else {
            String::new()
        },
    }
}

/// The sum of an order.
pub fn totals(order: &Order) -> Vec<TotalRow> {
    let mut rows = vec![TotalRow::new("Goods", money(order.goods_cents))];
    if let Some(code) = &order.code {
        let off = format!("\u{2212}{}", money(order.discount_cents));
        rows.push(TotalRow::new(format!("Code {code}"), off));
    }
    rows.push(TotalRow::new("Delivery", money(order.delivery_cents)));
    rows.push(TotalRow::last("Total", order.total_cents));
    rows
}

fn parcel_row(order: &Order, index: usize, parcel: &Parcel) -> ParcelRow {
    let mut text = format!("sent on {}", day_text(parcel.shipped_on));
    match parcel.delivered_on {
        Some(day) => {
            text.push_str(", arrived on ");
            text.push_str(&day_text(day));
        }
        None => text.push_str(", on its way"),
    }
    let content: Vec<&str> = order
        .lines
        .iter()
        .filter(|line| parcel.skus.contains(&line.sku))
        .map(|line| line.name.as_str())
        .collect();
    ParcelRow {
        title: format!(
            "Parcel {} of {}, {} {}",
            index + 1,
            order.parcels.len(),
            parcel.carrier,
            parcel.tracking
        ),
        text,
        content: content.join(", "),
    }
}

fn order_line<'a>(order: &'a Order, entry: &Return) -> Option<&'a OrderLine> {
    order.lines.iter().find(|line| line.sku == entry.sku)
}

fn return_text(entry: &Return, line: Option<&OrderLine>) -> String {
    let name = line.map_or(entry.sku.as_str(), |line| line.name.as_str());
    let state = entry.refunded_on.map_or_else(
        || format!("asked for on {}", moment_text(entry.requested_at)),
        |day| format!("money returned on {}", day_text(day)),
    );
    format!(
        "Return {}: {} of {name}, {}, {}, {}, {state}",
        entry.no,
        counted(
            usize::try_from(entry.quantity).unwrap_or(usize::MAX),
            "piece"
        ),
        entry.reason.label(),
        refund_label(entry.refund_to),
        drop_off_label(entry.drop_off),
    )
}

/// Where the money of a return goes, in words.
pub const fn refund_label(refund: RefundTo) -> &'static str {
    match refund {
        RefundTo::OriginalPayment => "Original payment",
        RefundTo::Voucher => "Voucher",
    }
}

/// How an item reaches the shop, in words.
pub const fn drop_off_label(drop_off: DropOff) -> &'static str {
    match drop_off {
        DropOff::PostOffice => "At a post office",
        DropOff::Locker => "In a parcel locker",
        DropOff::PickUp => "Picked up at my door",
    }
}

#[derive(Template)]
#[template(path = "sites/shop/order_done.html")]
struct OrderDone {
    frame: Frame,
    no: u32,
    href: String,
    email: String,
    lines: Vec<String>,
    totals: Vec<TotalRow>,
    address: Vec<String>,
    delivery: String,
}

/// Shows the thanks after checkout.
pub fn placed(visit: &Visit, no: u32) -> HttpResponse {
    let state = visit.state();
    let Some(order) = state.orders.get(&no) else {
        return missing::show(visit);
    };
    visit.show("shop.orders", no);
    let template = OrderDone {
        frame: Frame::new(visit, &state, "Thank you"),
        no,
        href: Route::Order { order: no }.href(),
        email: state.customer.email.clone(),
        lines: order.lines.iter().map(line_text).collect(),
        totals: totals(order),
        address: postal_rows(&state, &order.address),
        delivery: delivery_label(order.delivery).to_owned(),
    };
    frame::ok(&template)
}

/// A line in words, e.g. `2 × Ruan Skillet, 28 cm`.
pub fn line_text(line: &OrderLine) -> String {
    if line.variant.is_empty() {
        format!("{} \u{d7} {}", line.quantity, line.name)
    } else {
        format!("{} \u{d7} {}, {}", line.quantity, line.name, line.variant)
    }
}

#[derive(Template)]
#[template(path = "sites/shop/returns.html")]
struct ReturnsPage {
    frame: Frame,
    nav: Vec<Link>,
    returns: Vec<(String, u32, String)>,
}

/// Shows all returns.
pub fn returns(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let found = return_list(&state);
    for (entry, _) in &found {
        visit.show("shop.returns", entry.no);
    }
    let template = ReturnsPage {
        frame: account::frame_of(visit, &state, "Returns"),
        nav: account::nav(&Route::Returns.href()),
        returns: found
            .into_iter()
            .map(|(entry, line)| {
                let href = Route::Order { order: entry.order }.href();
                (href, entry.order, return_text(entry, line))
            })
            .collect(),
    };
    frame::ok(&template)
}
