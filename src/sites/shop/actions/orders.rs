//! Orders after they were placed: again, cancelled, redirected, sent back; reviews.

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::state::{OrderNo, ReturnNo, ReviewNo, ShopState};

/// What "Order again" did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderedAgain {
    /// Names (with variant) of lines that are in the cart now.
    pub added: Vec<String>,
    /// Names of lines that were left out because they are sold out or not enough are left.
    pub left_out: Vec<String>,
}

/// Puts the lines of an order into the cart again; leaves out what is sold out and says so.
pub fn order_again(_state: &mut ShopState, _no: OrderNo) -> Result<OrderedAgain, Refusal> {
    unimplemented!("lands within minutes")
}

/// Cancels an order that was not shipped. Field: `reason`.
pub fn cancel(_state: &mut ShopState, _no: OrderNo, _reason: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Sends an order that was not shipped to another entry of the address book. Field: `address`.
pub fn redirect(_state: &mut ShopState, _no: OrderNo, _address: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Items of one order to send back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnForm {
    /// SKU and pieces of each ticked item. Field `items`.
    pub items: Vec<(String, u32)>,
    /// Field `reason`.
    pub reason: String,
    /// Field `refund_to`.
    pub refund_to: String,
    /// Field `drop_off`; the form starts with `post_office`.
    pub drop_off: String,
    /// At most 500 characters. Field `note`.
    pub note: String,
}

/// Sends items back: within 60 days of delivery, each piece once. One return for each item.
pub fn return_items(
    _state: &mut ShopState,
    _no: OrderNo,
    _form: &ReturnForm,
) -> Result<Vec<ReturnNo>, Refusal> {
    unimplemented!("lands within minutes")
}

/// Writes a review of a product that was bought and not yet reviewed.
/// Fields: `stars` 1 to 5, `title` at most 80 characters, `text` at most 4000.
pub fn review(
    _state: &mut ShopState,
    _product: &str,
    _stars: &str,
    _title: &str,
    _text: &str,
) -> Result<ReviewNo, Refusal> {
    unimplemented!("lands within minutes")
}
