//! What several draws need.

use serde_json::{Value, json};

use crate::sites::office::state::{OfficeState, Order};

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Instructions that lead from anywhere to an order's page.
pub(super) fn find_order(order: &Order) -> Vec<String> {
    vec![
        format!("fill 'Search the office' '{}'", order.no),
        "click button 'Search'".to_owned(),
        format!("click link '{}'", order.no),
    ]
}

/// All orders in order of number.
pub(super) fn orders(state: &OfficeState) -> impl Iterator<Item = &Order> {
    state.orders.values().map(|order| &**order)
}

/// The order of the nearest number that fits.
pub(super) fn neighbour<'a>(
    state: &'a OfficeState,
    order: &Order,
    fits: impl Fn(&Order) -> bool,
) -> Option<&'a Order> {
    orders(state)
        .filter(|other| other.no != order.no && fits(other))
        .min_by_key(|other| (other.no.abs_diff(order.no), other.no))
}

/// An expected change of a record.
#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what was just made"
)]
pub(super) fn change(collection: &str, key: &str, fields: Value) -> Value {
    json!({"op": "change", "collection": collection, "key": key, "fields": fields})
}

/// An expected new record.
#[expect(
    clippy::needless_pass_by_value,
    reason = "called with what was just made"
)]
pub(super) fn add(collection: &str, fields: Value) -> Value {
    json!({"op": "add", "collection": collection, "fields": fields})
}
