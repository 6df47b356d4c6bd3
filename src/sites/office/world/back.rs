//! What went back to customers: returns and refunds.

use std::collections::BTreeMap;

use jiff::civil::{Date, time};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{NOW, TODAY, days_between, plus_days};
use crate::sites::office::state::{
    EntryNo, Order, OrderNo, OrderStatus, Refund, RefundKind, RefundReason, Return, ReturnReason,
    ReturnStatus, Staff,
};

use super::colleague;

/// Number of the first return and of the first refund.
const FIRST_RETURN: EntryNo = 7_301;
const FIRST_REFUND: EntryNo = 8_101;

/// What went back to customers.
pub(super) struct Back {
    pub(super) returns: BTreeMap<EntryNo, Return>,
    pub(super) refunds: BTreeMap<EntryNo, Refund>,
}

/// Returns and refunds of delivered orders.
pub(super) fn back(
    rng: &mut ChaCha8Rng,
    orders: &BTreeMap<OrderNo, Order>,
    staff: &[Staff],
) -> Back {
    let mut back = Back {
        returns: BTreeMap::new(),
        refunds: BTreeMap::new(),
    };
    let delivered = orders
        .values()
        .filter(|order| order.status == OrderStatus::Delivered && !order.lines.is_empty());
    for (at, order) in delivered.enumerate() {
        let Some(arrived) = order.delivered_on else {
            continue;
        };
        let who = colleague(staff, at * 3 + 1);
        let age = days_between(arrived, TODAY);
        let odds = if age < 45 { 0.4 } else { 0.15 };
        if rng.random_bool(odds) && age > 2 {
            send_back(rng, &mut back, order, arrived, who);
        } else if arrived > order.promised_on && rng.random_bool(0.45) {
            let cents = [300, 500, 750, 900].choose(rng).copied().unwrap_or(500);
            if cents < order.goods_cents / 2 {
                let refund = refund(order, RefundKind::Goodwill, cents, RefundReason::Other);
                pay(&mut back, refund, plus_days(arrived, 2), who);
            }
        }
    }
    back
}

fn send_back(rng: &mut ChaCha8Rng, back: &mut Back, order: &Order, arrived: Date, who: &str) {
    let Some(line) = order
        .lines
        .iter()
        .filter(|line| !line.cancelled)
        .collect::<Vec<_>>()
        .choose(rng)
        .copied()
    else {
        return;
    };
    let no = FIRST_RETURN + u32::try_from(back.returns.len()).unwrap_or(0);
    let asked = plus_days(arrived, rng.random_range(1..12)).min(plus_days(TODAY, -1));
    let age = days_between(asked, TODAY);
    let status = match rng.random_range(0..10) {
        0..3 if age < 30 => ReturnStatus::Requested,
        3..5 if age < 30 => ReturnStatus::Received,
        5 => ReturnStatus::Rejected,
        _ if age < 6 => ReturnStatus::Requested,
        _ => ReturnStatus::Refunded,
    };
    let reason = *ReturnReason::ALL
        .choose(rng)
        .unwrap_or(&ReturnReason::Damaged);
    let hour = rng.random_range(7..21);
    back.returns.insert(
        no,
        Return {
            no,
            order: order.no,
            sku: line.sku.clone(),
            quantity: line.quantity,
            reason,
            requested_at: asked.to_datetime(time(hour, rng.random_range(0..60), 0, 0)),
            status,
            note: String::new(),
        },
    );
    if status == ReturnStatus::Refunded {
        let paid = line.unit_cents * line.quantity;
        let left = order.goods_cents - order.discount_cents;
        let refund = refund(
            order,
            RefundKind::Goods,
            paid.min(left),
            RefundReason::Returned,
        );
        pay(back, refund, plus_days(asked, 4).min(TODAY), who);
    }
}

fn refund(order: &Order, kind: RefundKind, cents: u32, reason: RefundReason) -> Refund {
    Refund {
        no: 0,
        order: order.no,
        kind,
        cents,
        reason,
        note: String::new(),
        paid_at: NOW,
        who: String::new(),
    }
}

fn pay(back: &mut Back, mut refund: Refund, day: Date, who: &str) {
    refund.no = FIRST_REFUND + u32::try_from(back.refunds.len()).unwrap_or(0);
    refund.paid_at = day.to_datetime(time(9, 40, 0, 0)).min(NOW);
    who.clone_into(&mut refund.who);
    back.refunds.insert(refund.no, refund);
}
