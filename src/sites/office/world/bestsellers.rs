//! What sold best in each month: one article in one large order, and another one that leads only
//! when a cancelled order is counted.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::sites::office::state::{CustomerNo, Order, OrderLine, OrderNo, OrderStatus, Sku};

/// Highest price of an article that somebody buys many of, in cents.
const CHEAP_CENTS: u32 = 6_000;

/// Makes some lines of each month larger. Orders of `keep` stay as they are.
pub(super) fn make(rng: &mut ChaCha8Rng, orders: &mut BTreeMap<OrderNo, Order>, keep: CustomerNo) {
    let mut months: BTreeMap<(i16, i8), Vec<OrderNo>> = BTreeMap::new();
    for order in orders.values().filter(|order| order.customer != keep) {
        let placed = order.placed_at.date();
        months
            .entry((placed.year(), placed.month()))
            .or_default()
            .push(order.no);
    }
    for numbers in months.into_values() {
        let (best, more) = (rng.random_range(14..18), rng.random_range(15..18));
        one_month(orders, &numbers, best, more);
    }
}

fn one_month(orders: &mut BTreeMap<OrderNo, Order>, numbers: &[OrderNo], best: u32, more: u32) {
    let cheap = |order: &Order| {
        order
            .lines
            .iter()
            .position(|line| line.unit_cents <= CHEAP_CENTS)
    };
    let of = |cancelled: bool| {
        numbers
            .iter()
            .filter_map(|no| orders.get(no))
            .filter(|order| (order.status == OrderStatus::Cancelled) == cancelled)
            .filter_map(|order| Some((order.no, order.lines[cheap(order)?].clone())))
            .collect::<Vec<(OrderNo, OrderLine)>>()
    };
    let (sent, cancelled) = (of(false), of(true));
    let Some((winner, line)) = sent.first() else {
        return;
    };
    let other = cancelled.iter().find(|(_, other)| other.sku != line.sku);
    if let Some((no, other)) = other {
        enlarge(orders, *no, &other.sku, more + best / 2);
    }
    enlarge(orders, *winner, &line.sku, best);
}

/// Sets the pieces of a line, and the order's sums with it.
fn enlarge(orders: &mut BTreeMap<OrderNo, Order>, no: OrderNo, sku: &Sku, pieces: u32) {
    let Some(order) = orders.get_mut(&no) else {
        return;
    };
    for line in &mut order.lines {
        if line.sku == *sku {
            line.quantity = pieces;
        }
    }
    order.goods_cents = order
        .lines
        .iter()
        .filter(|line| !line.cancelled)
        .map(|line| line.unit_cents * line.quantity)
        .sum();
    if order.discount_cents > 0 {
        order.discount_cents = (order.goods_cents * 10 + 50) / 100;
    }
}
