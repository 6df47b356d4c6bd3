//! Draws about refunds.

use serde_json::{Value, json};

use super::parts::{ensure, find_order, orders, quoted};
use crate::sites::office::actions::orders::wording;
use crate::sites::office::queries::orders::{fee_refunded_cents, owner, refunded_cents, template};
use crate::sites::office::state::{OfficeState, Order, Payment};
use crate::sites::tasks::draw::Drawn;

/// Messages that fit, each with one that is easily taken for it.
const MESSAGES: [(&str, &str); 2] = [
    ("late-delivery", "late-dispatch"),
    ("late-delivery-voucher", "late-delivery"),
];

/// O09: the delivery fee of a late order goes back, and the customer is told.
pub(super) fn late_refund(state: &OfficeState) -> Vec<Drawn> {
    orders(state)
        .enumerate()
        .map(|(at, order)| {
            let values = one_refund(state, order, MESSAGES[at % MESSAGES.len()])?;
            ensure(
                refunded_cents(state, order.no) > 0,
                "nothing was paid back before",
            )?;
            ensure(order.delivery_cents <= 50_000, "it is above the limit")?;
            Ok(values)
        })
        .collect()
}

/// N08: the same for somebody whose limit is below the fee.
pub(super) fn refund_over_limit(state: &OfficeState) -> Vec<Drawn> {
    let limit = state
        .fixed
        .roles
        .iter()
        .find(|role| role.id == "support")
        .map_or(0, |role| role.refund_limit_cents);
    orders(state)
        .enumerate()
        .map(|(at, order)| {
            ensure(order.delivery_cents > limit, "it is within the limit")?;
            let mut values = one_refund(state, order, MESSAGES[at % MESSAGES.len()])?;
            values["limit"] = json!(limit);
            values["limited"] = refund_record(order, limit);
            Ok(values)
        })
        .collect()
}

fn refund_record(order: &Order, cents: u32) -> Value {
    json!({"order": order.no, "kind": "delivery", "cents": cents, "reason": "late", "note": ""})
}

fn one_refund(state: &OfficeState, order: &Order, (message, other): (&str, &str)) -> Drawn {
    let arrived = order.delivered_on.ok_or("it has not arrived")?;
    ensure(arrived > order.promised_on, "it was not late")?;
    ensure(order.payment == Payment::Paid, "it is not paid")?;
    ensure(order.delivery_cents > 0, "delivery cost nothing")?;
    ensure(
        fee_refunded_cents(state, order.no) == 0,
        "the fee went back before",
    )?;
    let left = order.total_cents() - refunded_cents(state, order.no);
    ensure(left >= order.delivery_cents, "too little is left")?;
    let customer = owner(state, order).ok_or("the order is nobody's")?;
    let mail = |id: &str| -> Result<Value, String> {
        let (subject, text) = wording(state, order.no, id).ok_or("there is no wording")?;
        Ok(json!({
            "order": order.no, "to": customer.email, "template": id,
            "subject": subject, "text": text,
        }))
    };
    let name = template(state, message).map_or("", |one| one.name.as_str());
    Ok(json!({
        "no": order.no,
        "fee": order.delivery_cents,
        "left": left,
        "template": name,
        "refund": refund_record(order, order.delivery_cents),
        "mail": mail(message)?,
        "other_mail": mail(other)?,
        "find_order": find_order(order),
        "choose_wording": [format!("select 'Wording' '{}'", quoted(name))],
    }))
}
