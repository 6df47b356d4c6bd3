//! Orders, returns and own reviews of the account.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::sites::clock::{TODAY, day_text, days_between, plus_days};
use crate::sites::shop::queries::Paged;
use crate::sites::shop::queries::product::{bought_in, own_review};
use crate::sites::shop::state::{
    Order, OrderLine, OrderStatus, Product, RETURN_DAYS, Return, Review, ShopState,
};

/// Orders on a page.
pub const ORDERS_PER_PAGE: usize = 10;

/// An order in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow<'a> {
    /// The order.
    pub order: &'a Order,
    /// Status in words, e.g. `Delivered`, `Partly delivered`, `Returned`.
    pub status: &'static str,
    /// Names of its lines, at most three, then "and 2 more".
    pub summary: String,
}

/// The list of orders, latest first.
pub fn order_list(
    state: &ShopState,
    status: Option<OrderStatus>,
    page: u32,
) -> Paged<OrderRow<'_>> {
    let mut orders: Vec<&Order> = state
        .orders
        .values()
        .filter(|order| status.is_none_or(|status| order.status == status))
        .collect();
    orders.sort_by_key(|order| Reverse((order.placed_at, order.no)));
    let rows = orders
        .into_iter()
        .map(|order| OrderRow {
            order,
            status: status_text(state, order),
            summary: summary(order),
        })
        .collect();
    Paged::cut(rows, page, ORDERS_PER_PAGE)
}

/// A line of an order with what can be done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct LineView<'a> {
    /// The line.
    pub line: &'a OrderLine,
    /// The product, when it is still sold.
    pub product: Option<&'a Product>,
    /// Pieces that were sent back.
    pub returned: u32,
    /// Pieces that can be sent back, or why not, in words.
    pub returnable: Result<u32, String>,
    /// Whether a review can be written.
    pub reviewable: bool,
}

/// An order with what can be done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderView<'a> {
    /// The order.
    pub order: &'a Order,
    /// Status in words.
    pub status: &'static str,
    /// Lines.
    pub lines: Vec<LineView<'a>>,
    /// Why it cannot be cancelled, in words.
    pub cancel_refused: Option<String>,
    /// Why its address cannot be changed, in words.
    pub redirect_refused: Option<String>,
    /// Why nothing of it can be sent back, in words.
    pub return_refused: Option<String>,
    /// Last day on which items can be sent back.
    pub return_until: Option<jiff::civil::Date>,
    /// Returns of it.
    pub returns: Vec<&'a Return>,
}

/// An order by number.
pub fn order_view(state: &ShopState, no: u32) -> Option<OrderView<'_>> {
    let order = state.orders.get(&no)?;
    let lines: Vec<LineView<'_>> = order
        .lines
        .iter()
        .map(|line| line_view(state, order, line))
        .collect();
    let return_refused = if lines.iter().any(|line| line.returnable.is_ok()) {
        None
    } else {
        let mut reasons = lines
            .iter()
            .filter_map(|line| line.returnable.as_ref().err());
        reasons.next().cloned()
    };
    Some(OrderView {
        order,
        status: status_text(state, order),
        cancel_refused: not_open(order, "cancelled"),
        redirect_refused: not_open(order, "sent to another address"),
        return_refused,
        return_until: order.delivered_on.map(|day| plus_days(day, RETURN_DAYS)),
        returns: state
            .returns
            .values()
            .filter(|entry| entry.order == no)
            .collect(),
        lines,
    })
}

/// All returns, latest first, each with its order line.
pub fn return_list(state: &ShopState) -> Vec<(&Return, Option<&OrderLine>)> {
    let mut returns: Vec<(&Return, Option<&OrderLine>)> = state
        .returns
        .values()
        .map(|entry| {
            let order = state.orders.get(&entry.order);
            let line =
                order.and_then(|order| order.lines.iter().find(|line| line.sku == entry.sku));
            (entry, line)
        })
        .collect();
    returns.sort_by_key(|(entry, _)| Reverse((entry.requested_at, entry.no)));
    returns
}

/// The customer's own reviews, latest first.
pub fn own_reviews(state: &ShopState) -> Vec<&Review> {
    let mut reviews: Vec<&Review> = state.reviews.values().filter(|review| review.own).collect();
    reviews.sort_by_key(|review| Reverse((review.written_on, review.no)));
    reviews
}

/// Products bought and not yet reviewed, latest purchase first.
pub fn to_review(state: &ShopState) -> Vec<&Product> {
    let mut bought: Vec<(&Order, &Product)> = state
        .catalogue
        .products
        .values()
        .filter(|product| own_review(state, product.id.as_str()).is_none())
        .filter_map(|product| Some((bought_in(state, product.id.as_str())?, product)))
        .collect();
    bought.sort_by_key(|(order, product)| (Reverse(order.placed_at), product.name.clone()));
    bought.into_iter().map(|(_, product)| product).collect()
}

/// The status in words. An order of which every piece came back is "Returned".
pub fn status_text(state: &ShopState, order: &Order) -> &'static str {
    let sent = || order.lines.iter().filter(|line| !line.cancelled);
    let all_back = sent().all(|line| returned_pieces(state, order, line) == line.quantity);
    match order.status {
        OrderStatus::Placed => "Placed",
        OrderStatus::Packed => "Packed",
        OrderStatus::Shipped => "Shipped",
        OrderStatus::PartDelivered => "Partly delivered",
        OrderStatus::Delivered if all_back && sent().next().is_some() => "Returned",
        OrderStatus::Delivered => "Delivered",
        OrderStatus::Cancelled => "Cancelled",
    }
}

/// Whether an order can still be cancelled and redirected.
pub const fn is_open(order: &Order) -> bool {
    matches!(order.status, OrderStatus::Placed | OrderStatus::Packed)
}

fn not_open(order: &Order, what: &str) -> Option<String> {
    let state = match order.status {
        OrderStatus::Placed | OrderStatus::Packed => return None,
        OrderStatus::Cancelled => "It is cancelled already".to_owned(),
        OrderStatus::Shipped => "It has been shipped".to_owned(),
        OrderStatus::PartDelivered => "A part of it has arrived".to_owned(),
        OrderStatus::Delivered => "It has been delivered".to_owned(),
    };
    Some(format!(
        "{state}. Only orders that are placed or packed can be {what}."
    ))
}

fn summary(order: &Order) -> String {
    let names: Vec<&str> = order
        .lines
        .iter()
        .take(3)
        .map(|line| line.name.as_str())
        .collect();
    match order.lines.len().saturating_sub(3) {
        0 => names.join(", "),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// Pieces of a line that were sent back.
pub fn returned_pieces(state: &ShopState, order: &Order, line: &OrderLine) -> u32 {
    state
        .returns
        .values()
        .filter(|entry| entry.order == order.no && entry.sku == line.sku)
        .map(|entry| entry.quantity)
        .sum()
}

/// The day on which a line arrived.
pub fn arrived_on(order: &Order, line: &OrderLine) -> Option<Date> {
    order
        .parcels
        .iter()
        .find(|parcel| parcel.skus.contains(&line.sku))
        .and_then(|parcel| parcel.delivered_on)
}

/// Pieces of a line that can be sent back today, or why not, in words.
pub fn returnable(state: &ShopState, order: &Order, line: &OrderLine) -> Result<u32, String> {
    if order.status == OrderStatus::Cancelled || line.cancelled {
        return Err("It was cancelled and never sent.".to_owned());
    }
    let Some(arrived) = arrived_on(order, line) else {
        return Err("It has not arrived yet.".to_owned());
    };
    if days_between(arrived, TODAY) > RETURN_DAYS {
        return Err(format!(
            "The return period of {RETURN_DAYS} days ended on {}.",
            day_text(plus_days(arrived, RETURN_DAYS))
        ));
    }
    match line.quantity - returned_pieces(state, order, line).min(line.quantity) {
        0 => Err("It was sent back already.".to_owned()),
        left => Ok(left),
    }
}

fn line_view<'a>(state: &'a ShopState, order: &Order, line: &'a OrderLine) -> LineView<'a> {
    let product = state.catalogue.products.get(&line.product);
    let bought = order.status != OrderStatus::Cancelled && !line.cancelled;
    LineView {
        line,
        product,
        returned: returned_pieces(state, order, line),
        returnable: returnable(state, order, line),
        reviewable: bought && own_review(state, line.product.as_str()).is_none(),
    }
}
