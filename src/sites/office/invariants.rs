//! What must hold whatever staff do. A sound office never breaks one; a broken one is a fault of
//! the site, never the agent's.

use std::collections::{BTreeMap, BTreeSet};

use crate::sites::office::queries::orders::refunded_cents;
use crate::sites::office::state::{OfficeState, OrderStatus, Payment};

/// Every broken invariant, in words; empty when all hold.
pub fn broken(base: &OfficeState, state: &OfficeState) -> Vec<String> {
    let mut broken = Vec::new();
    orders(state, &mut broken);
    stock(base, state, &mut broken);
    accounts(state, &mut broken);
    trade(state, &mut broken);
    broken
}

fn orders(state: &OfficeState, broken: &mut Vec<String>) {
    for order in state.orders.values() {
        let goods: u32 = order
            .lines
            .iter()
            .filter(|line| !line.cancelled)
            .map(|line| line.unit_cents * line.quantity)
            .sum();
        if goods != order.goods_cents {
            broken.push(format!("lines of order {} do not add up", order.no));
        }
        if !state.customers.contains_key(&order.customer) {
            broken.push(format!("order {} is nobody's", order.no));
        }
        let cancelled = order.status == OrderStatus::Cancelled;
        if cancelled && order.payment == Payment::Paid {
            broken.push(format!("order {} is cancelled and paid", order.no));
        }
        if refunded_cents(state, order.no) > order.total_cents() {
            broken.push(format!("more was paid back than order {} cost", order.no));
        }
    }
}

/// Stock is the base stock, corrected by each adjustment in turn.
fn stock(base: &OfficeState, state: &OfficeState, broken: &mut Vec<String>) {
    let mut expected: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for entry in state.adjustments.values() {
        let key = (entry.sku.as_str(), entry.warehouse.as_str());
        *expected.entry(key).or_default() += entry.to - entry.from;
    }
    for ((sku, warehouse), level) in state.stock.iter() {
        let before = base
            .stock
            .get(&(sku.clone(), warehouse.clone()))
            .map_or(0, |level| level.pieces);
        let change = expected
            .get(&(sku.as_str(), &**warehouse))
            .copied()
            .unwrap_or(0);
        if before + change != level.pieces {
            broken.push(format!(
                "stock of {sku} in {warehouse} is {}, but corrections give {}",
                level.pieces,
                before + change
            ));
        }
        if level.target < level.minimum {
            broken.push(format!(
                "target of {sku} in {warehouse} is below its minimum"
            ));
        }
    }
}

fn accounts(state: &OfficeState, broken: &mut Vec<String>) {
    for customer in state.customers.values() {
        let Some(kept) = customer.merged_into else {
            continue;
        };
        let is_open = state
            .customers
            .get(&kept)
            .is_some_and(|other| other.merged_into.is_none() && other.no != customer.no);
        if !is_open {
            broken.push(format!("account {} was merged into none", customer.no));
        }
    }
}

fn trade(state: &OfficeState, broken: &mut Vec<String>) {
    let mut codes = BTreeSet::new();
    for promotion in state.promotions.values() {
        if !codes.insert(promotion.code.to_uppercase()) {
            broken.push(format!(
                "the code {} stands for two promotions",
                promotion.code
            ));
        }
        if promotion.until < promotion.from {
            broken.push(format!(
                "promotion {} ends before it begins",
                promotion.code
            ));
        }
    }
    for purchase in state.purchases.values() {
        if purchase.lines.is_empty() {
            broken.push(format!("purchase order {} is empty", purchase.no));
        }
    }
}
