//! Wordings of messages to customers, and messages that were sent before.

use std::collections::BTreeMap;

use jiff::civil::{date, time};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::office::queries::orders::filled;
use crate::sites::office::state::{
    Customer, CustomerNo, EntryNo, Message, MessageTemplate, Order, OrderNo, OrderStatus, Staff,
};

/// Number of the first message.
const FIRST_MESSAGE: EntryNo = 6_101;
/// Messages of the last weeks.
const SENT: usize = 60;

/// Wordings: id, name, purpose, subject, text.
const TEMPLATES: [[&str; 5]; 18] = [
    [
        "late-delivery",
        "Late delivery",
        "The parcel came after the promised day.",
        "Your order {order} came late",
        "Dear {name},\n\nyour order {order} reached you later than we promised. We are sorry. We have paid the delivery fee back to you.\n\nKind regards\nLarder",
    ],
    [
        "late-dispatch",
        "Late dispatch",
        "The parcel leaves the warehouse later than planned.",
        "Your order {order} leaves later",
        "Dear {name},\n\nwe could not hand your order {order} to the carrier in time. It leaves our warehouse on the next working day. You need not do anything.\n\nKind regards\nLarder",
    ],
    [
        "late-delivery-voucher",
        "Late delivery, voucher",
        "The parcel came late and the customer prefers a voucher.",
        "A voucher for your order {order}",
        "Dear {name},\n\nyour order {order} reached you later than we promised. We are sorry, and enclose a voucher for your next order.\n\nKind regards\nLarder",
    ],
    [
        "delay-notice",
        "Delay notice",
        "The carrier is late; the parcel is still on its way.",
        "Your order {order} takes longer",
        "Dear {name},\n\nyour order {order} is on its way but takes longer than planned. The carrier expects to deliver it within the next days.\n\nKind regards\nLarder",
    ],
    [
        "shipped",
        "Shipped",
        "The parcel was handed to the carrier.",
        "Your order {order} is on its way",
        "Dear {name},\n\nyour order {order} has left our warehouse.\n\nKind regards\nLarder",
    ],
    [
        "packed",
        "Packed",
        "The parcel is packed and waits for the carrier.",
        "Your order {order} is packed",
        "Dear {name},\n\nyour order {order} is packed and waits for the carrier.\n\nKind regards\nLarder",
    ],
    [
        "payment-reminder",
        "Payment reminder",
        "The money has not arrived after three days.",
        "We wait for your payment of order {order}",
        "Dear {name},\n\nwe have not received the payment for your order {order}. We keep the goods for you for seven days.\n\nKind regards\nLarder",
    ],
    [
        "payment-received",
        "Payment received",
        "The money for an open order has arrived.",
        "Thank you for your payment of order {order}",
        "Dear {name},\n\nthank you, your payment for order {order} has arrived. We begin to pack it today.\n\nKind regards\nLarder",
    ],
    [
        "cancelled",
        "Order cancelled",
        "An order was cancelled at the customer's wish.",
        "Your order {order} is cancelled",
        "Dear {name},\n\nwe have cancelled your order {order}. What you have paid is on its way back to you.\n\nKind regards\nLarder",
    ],
    [
        "sold-out",
        "Item sold out",
        "An item of the order cannot be sent.",
        "Something of your order {order} is sold out",
        "Dear {name},\n\none item of your order {order} is sold out. We send the rest and have not charged the missing item.\n\nKind regards\nLarder",
    ],
    [
        "return-received",
        "Return received",
        "The goods are back in the warehouse.",
        "Your return of order {order} has arrived",
        "Dear {name},\n\nwhat you sent back of order {order} has arrived. You get your money within five working days.\n\nKind regards\nLarder",
    ],
    [
        "return-refused",
        "Return refused",
        "The period is over or the goods were used.",
        "About your return of order {order}",
        "Dear {name},\n\nwe are sorry that we cannot take back the item of order {order}. Our return rules say why.\n\nKind regards\nLarder",
    ],
    [
        "refund-paid",
        "Refund paid",
        "Money went back to the customer.",
        "Your refund for order {order}",
        "Dear {name},\n\nwe have paid back the agreed amount for order {order}. It takes up to three days until you see it.\n\nKind regards\nLarder",
    ],
    [
        "damaged-item",
        "Damaged item",
        "The customer reports damage.",
        "About the damaged item of order {order}",
        "Dear {name},\n\nthank you for telling us about the damage. Please keep the packing of order {order} until we have looked at your picture.\n\nKind regards\nLarder",
    ],
    [
        "damaged-parcel",
        "Damaged parcel",
        "The carrier reports damage on the way.",
        "Your parcel of order {order} was damaged",
        "Dear {name},\n\nthe parcel of your order {order} was damaged on its way. We send it again tomorrow.\n\nKind regards\nLarder",
    ],
    [
        "address-question",
        "Question about address",
        "The address is not complete.",
        "Where shall we send order {order}?",
        "Dear {name},\n\nthe address of your order {order} is not complete. Please write us the number of the house.\n\nKind regards\nLarder",
    ],
    [
        "review-request",
        "Request for a review",
        "Two weeks after delivery.",
        "How do you like your order {order}?",
        "Dear {name},\n\nif you have a minute, tell other customers how you like what you bought with order {order}.\n\nKind regards\nLarder",
    ],
    [
        "thank-you",
        "Thank you",
        "After a complaint was settled.",
        "Thank you for your patience with order {order}",
        "Dear {name},\n\nthank you for your patience with order {order}. Write to us whenever something is not right.\n\nKind regards\nLarder",
    ],
];

/// All wordings.
pub(super) fn templates() -> Vec<MessageTemplate> {
    TEMPLATES
        .map(|cells| {
            let [id, name, purpose, subject, text] = cells.map(str::to_owned);
            MessageTemplate {
                id,
                name,
                purpose,
                subject,
                text,
            }
        })
        .to_vec()
}

/// Messages of the last weeks, about orders that were sent.
pub(super) fn sent(
    rng: &mut ChaCha8Rng,
    orders: &BTreeMap<OrderNo, Order>,
    customers: &BTreeMap<CustomerNo, Customer>,
    staff: &[Staff],
) -> BTreeMap<EntryNo, Message> {
    let templates = templates();
    let usual = [4, 4, 4, 5, 16, 12];
    let sent: Vec<&Order> = orders
        .values()
        .filter(|order| order.placed_at.date() >= date(2026, 1, 20))
        .filter(|order| matches!(order.status, OrderStatus::Shipped | OrderStatus::Delivered))
        .collect();
    let step = (sent.len() / SENT).max(1);
    let mut outbox = BTreeMap::new();
    for ((at, order), no) in sent
        .into_iter()
        .step_by(step)
        .take(SENT)
        .enumerate()
        .zip(FIRST_MESSAGE..)
    {
        let template = &templates[usual[at % usual.len()]];
        let Some(customer) = customers.get(&order.customer) else {
            continue;
        };
        let hour = rng.random_range(8..17);
        let day = plus_days(order.placed_at.date(), 1).min(date(2026, 3, 17));
        let message = Message {
            no,
            order: order.no,
            to: customer.email.clone(),
            template: template.id.clone(),
            subject: filled(&template.subject, &customer.name, order.no),
            text: filled(&template.text, &customer.name, order.no),
            sent_at: day.to_datetime(time(hour, rng.random_range(0..60), 0, 0)),
            who: super::colleague(staff, at * 3).to_owned(),
        };
        outbox.insert(no, message);
    }
    outbox
}
