//! Derived state is recomputed from primary state and compared. A sound shop never breaks one;
//! a broken one is a fault of the site, never the agent's.

use std::collections::BTreeMap;

use crate::sites::shop::queries::product::ratings_of;
use crate::sites::shop::state::{MAX_QUANTITY, Order, OrderStatus, ShopState, Sku};

/// Every broken invariant, in words; empty when all hold.
pub fn broken(base: &ShopState, state: &ShopState) -> Vec<String> {
    let mut broken = Vec::new();
    stock(base, state, &mut broken);
    ratings(state, &mut broken);
    for order in state.orders.values() {
        order_sums(order, &mut broken);
    }
    returns(state, &mut broken);
    cart(state, &mut broken);
    defaults(state, &mut broken);
    broken
}

/// Stock is the base stock less what this run's orders hold, plus what it gave back by
/// cancelling orders of the base.
fn stock(base: &ShopState, state: &ShopState, broken: &mut Vec<String>) {
    let mut change: BTreeMap<&Sku, i64> = BTreeMap::new();
    for order in state.orders.values() {
        let was_held = base
            .orders
            .get(&order.no)
            .is_some_and(|before| before.status != OrderStatus::Cancelled);
        let is_held = order.status != OrderStatus::Cancelled;
        let sign = i64::from(was_held) - i64::from(is_held);
        for line in order.lines.iter().filter(|line| !line.cancelled) {
            *change.entry(&line.sku).or_default() += sign * i64::from(line.quantity);
        }
    }
    for (sku, pieces) in base.stock.iter() {
        let expected = i64::from(*pieces) + change.get(sku).copied().unwrap_or(0);
        let found = state.stock.get(sku).copied().map(i64::from);
        if found != Some(expected) {
            broken.push(format!(
                "stock of {sku} is {found:?}, but sales and cancellations leave {expected}"
            ));
        }
    }
}

fn ratings(state: &ShopState, broken: &mut Vec<String>) {
    if *state.ratings != ratings_of(&state.reviews) {
        broken.push("ratings differ from what the reviews give".to_owned());
    }
}

fn order_sums(order: &Order, broken: &mut Vec<String>) {
    let goods: u32 = order
        .lines
        .iter()
        .filter(|line| !line.cancelled)
        .map(|line| line.unit_cents * line.quantity)
        .sum();
    let total = (goods + order.delivery_cents).checked_sub(order.discount_cents);
    if order.goods_cents != goods || Some(order.total_cents) != total {
        broken.push(format!("sums of order {} do not add up", order.no));
    }
    if order.lines.is_empty() {
        broken.push(format!("order {} has no lines", order.no));
    }
    if (order.status == OrderStatus::Cancelled) != order.cancel_reason.is_some() {
        broken.push(format!(
            "order {} is cancelled without a reason, or has a reason without being cancelled",
            order.no
        ));
    }
}

/// No more pieces come back than were sent.
fn returns(state: &ShopState, broken: &mut Vec<String>) {
    let mut back: BTreeMap<(u32, &Sku), u32> = BTreeMap::new();
    for entry in state.returns.values() {
        *back.entry((entry.order, &entry.sku)).or_default() += entry.quantity;
    }
    for ((no, sku), pieces) in back {
        let sent = state.orders.get(&no).and_then(|order| {
            order
                .lines
                .iter()
                .find(|line| line.sku == *sku && !line.cancelled)
                .map(|line| line.quantity)
        });
        if sent.is_none_or(|sent| pieces > sent) {
            broken.push(format!(
                "order {no}: {pieces} of {sku} returned, {sent:?} sent"
            ));
        }
    }
}

fn cart(state: &ShopState, broken: &mut Vec<String>) {
    for line in state.cart.values().chain(state.saved.values()) {
        if !(1..=MAX_QUANTITY).contains(&line.quantity) {
            broken.push(format!(
                "{} pieces of {} in one line",
                line.quantity, line.sku
            ));
        }
        if !state.catalogue.product_of.contains_key(&line.sku) {
            broken.push(format!(
                "{} is in the cart and not in the catalogue",
                line.sku
            ));
        }
    }
}

fn defaults(state: &ShopState, broken: &mut Vec<String>) {
    let addresses = state
        .addresses
        .values()
        .filter(|entry| entry.is_default)
        .count();
    if addresses != 1 {
        broken.push(format!("{addresses} default addresses"));
    }
    let cards = state
        .cards
        .values()
        .filter(|entry| entry.is_default)
        .count();
    if cards != usize::from(!state.cards.is_empty()) {
        broken.push(format!("{cards} default cards"));
    }
}
