//! Orders, returns and own reviews of the account.

use crate::sites::shop::queries::Paged;
use crate::sites::shop::state::{
    Order, OrderLine, OrderStatus, Product, Return, Review, ShopState,
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
    _state: &ShopState,
    _status: Option<OrderStatus>,
    _page: u32,
) -> Paged<OrderRow<'_>> {
    unimplemented!("lands within minutes")
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
pub fn order_view(_state: &ShopState, _no: u32) -> Option<OrderView<'_>> {
    unimplemented!("lands within minutes")
}

/// All returns, latest first, each with its order line.
pub fn return_list(_state: &ShopState) -> Vec<(&Return, Option<&OrderLine>)> {
    unimplemented!("lands within minutes")
}

/// The customer's own reviews, latest first.
pub fn own_reviews(_state: &ShopState) -> Vec<&Review> {
    unimplemented!("lands within minutes")
}

/// Products bought and not yet reviewed, latest purchase first.
pub fn to_review(_state: &ShopState) -> Vec<&Product> {
    unimplemented!("lands within minutes")
}
