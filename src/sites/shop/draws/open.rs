//! Draws about orders that are open or on their way: to be cancelled, to be sent elsewhere.

use serde_json::{Value, json};

use super::orders::{find_order, listed};
use super::parts::{ensure, placed_on, spoken_label};
use crate::sites::clock::day_text;
use crate::sites::shop::queries::money;
use crate::sites::shop::queries::orders::{is_open, order_view};
use crate::sites::shop::state::{Address, CancelReason, Order, OrderLine, OrderStatus, ShopState};
use crate::sites::tasks::draw::Drawn;

/// Reasons to cancel as a customer words them.
const REASONS: [(CancelReason, &str); 7] = [
    (CancelReason::Mistake, "I ordered it by mistake"),
    (CancelReason::Cheaper, "I found it cheaper elsewhere"),
    (CancelReason::TooSlow, "the delivery takes too long for me"),
    (CancelReason::NotNeeded, "I do not need it any more"),
    (
        CancelReason::Mistake,
        "I only ordered it by mistake, it should have stayed in the cart",
    ),
    (
        CancelReason::NotNeeded,
        "somebody gave me the same as a present, so I no longer need it",
    ),
    (
        CancelReason::WrongDetails,
        "I gave the wrong address for it",
    ),
];

/// Every way to name an order that fits no other one: its number, its day, its total, what is in
/// it, or two of these things together.
fn spoken(state: &ShopState, order: &Order) -> Vec<String> {
    let alone = |fits: &dyn Fn(&Order) -> bool| {
        state.orders.values().filter(|other| fits(other)).count() == 1
    };
    let holds =
        |other: &Order, line: &OrderLine| other.lines.iter().any(|one| one.product == line.product);
    let mut ways = vec![format!("order {}", order.no)];
    if alone(&|other| placed_on(other) == placed_on(order)) {
        let day = day_text(order.placed_at.date());
        ways.push(format!("the order I placed on {day}"));
    }
    if alone(&|other| other.total_cents == order.total_cents) {
        ways.push(format!("my order of {}", money(order.total_cents)));
    }
    for (at, line) in order.lines.iter().enumerate() {
        if alone(&|other| holds(other, line)) {
            ways.push(format!("the order with the {} in it", line.name));
            continue;
        }
        for second in &order.lines[at + 1..] {
            if alone(&|other| holds(other, line) && holds(other, second)) {
                let (one, two) = (&line.name, &second.name);
                ways.push(format!("the order with the {one} and the {two} in it"));
            }
        }
    }
    ways
}

/// Orders with every way to name them and every reason.
fn cancels(state: &ShopState, open: bool) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for order in state.orders.values() {
        if let Err(reason) = fits(order, open) {
            drawn.push(Err(reason));
            continue;
        }
        for which in spoken(state, order) {
            for reason in REASONS {
                drawn.push(one_cancel(state, order, open, &which, reason));
            }
        }
    }
    drawn
}

fn fits(order: &Order, open: bool) -> Result<(), String> {
    if open {
        return ensure(is_open(order), "it is not open");
    }
    ensure(order.status == OrderStatus::Shipped, "it is not on its way")
}

/// S08: an open order, next to a number that is not open.
pub(super) fn cancel_order(state: &ShopState) -> Vec<Drawn> {
    cancels(state, true)
}

/// N01: an order that is on its way, next to one that is open.
pub(super) fn cancel_shipped(state: &ShopState) -> Vec<Drawn> {
    cancels(state, false)
}

fn one_cancel(
    state: &ShopState,
    order: &Order,
    open: bool,
    which: &str,
    (reason, phrase): (CancelReason, &str),
) -> Drawn {
    let refused = order_view(state, order.no).and_then(|view| view.cancel_refused);
    ensure(refused.is_some() != open, "the page says otherwise")?;
    let neighbour = state
        .orders
        .values()
        .filter(|other| is_open(other) != open && other.status != OrderStatus::Cancelled)
        .min_by_key(|other| other.no.abs_diff(order.no))
        .ok_or("no order of the other kind")?;
    let other_reason = if reason == CancelReason::NotNeeded {
        CancelReason::Mistake
    } else {
        CancelReason::NotNeeded
    };
    Ok(json!({
        "no": order.no,
        "which": which,
        "reason": {"id": reason, "label": reason.label(), "phrase": phrase},
        "reason_label": reason.label(),
        "other_reason": other_reason,
        "neighbour": neighbour.no,
        "find_order": find_order(state, order),
        "refusal": refused,
    }))
}

/// S09: the two open orders to entries of the address book, to one or to two.
pub(super) fn redirect_open(state: &ShopState) -> Vec<Drawn> {
    let open: Vec<&Order> = listed(state)
        .into_iter()
        .filter(|order| is_open(order))
        .collect();
    let [later, earlier] = open.as_slice() else {
        return vec![Err("there are not two open orders".into())];
    };
    let mut drawn = Vec::new();
    for first in state.addresses.values() {
        for second in state.addresses.values() {
            if first.id == second.id {
                let request = format!(
                    "Please have both sent to {} instead, it is in my address book.",
                    spoken_label(first)
                );
                drawn.push(one_redirect(
                    state,
                    [(later, first), (earlier, second)],
                    &request,
                ));
                continue;
            }
            for ways in named_apart(later, earlier) {
                let request = format!(
                    "Please have {} sent to {} and {} to {}, both are in my address book.",
                    ways[0],
                    spoken_label(first),
                    ways[1],
                    spoken_label(second)
                );
                drawn.push(one_redirect(
                    state,
                    [(later, first), (earlier, second)],
                    &request,
                ));
            }
        }
    }
    drawn
}

/// The two orders by number, by total, and by day, where these are different.
fn named_apart(later: &Order, earlier: &Order) -> Vec<[String; 2]> {
    let named = |name: &dyn Fn(&Order) -> String| [name(later), name(earlier)];
    let ways = [
        named(&|order| order.no.to_string()),
        named(&|order| format!("the one for {}", money(order.total_cents))),
        named(&|order| format!("the one of {}", day_text(order.placed_at.date()))),
    ];
    ways.into_iter().filter(|[one, two]| one != two).collect()
}

fn one_redirect(state: &ShopState, both: [(&Order, &Address); 2], request: &str) -> Drawn {
    let shipped = listed(state)
        .into_iter()
        .find(|order| order.status == OrderStatus::Shipped)
        .ok_or("no order is on its way")?;
    for (order, address) in both {
        ensure(
            order.address_id.as_ref() != Some(&address.id),
            "one of them goes there already",
        )?;
        let mut trial = state.clone();
        let refused = crate::sites::shop::actions::orders::redirect(
            &mut trial,
            order.no,
            address.id.as_str(),
        )
        .is_err();
        ensure(!refused, "one of them cannot go there")?;
    }
    let [(first, to), (second, also_to)] = both;
    let other = state
        .addresses
        .values()
        .find(|other| {
            other.id != to.id
                && other.id != also_to.id
                && Some(&other.id) != first.address_id.as_ref()
        })
        .ok_or("no other address")?;
    let address =
        |address: &Address| -> Value { json!({"id": address.id, "label": address.label}) };
    Ok(json!({
        "request": request,
        "address": address(to),
        "second_address": address(also_to),
        "first": first.no,
        "second": second.no,
        "shipped": shipped.no,
        "other_address": other.id,
        "find_first": find_order(state, first),
        "find_second": find_order(state, second),
    }))
}
