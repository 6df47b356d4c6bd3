//! Orders, customers, returns, refunds and messages: lists as their pages filter and sort them,
//! and what may be done with an order.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::sites::office::queries::matches;
use crate::sites::office::state::{
    Customer, Message, MessageTemplate, OfficeState, Order, OrderNo, OrderStatus, Payment, Refund,
    RefundKind, Return,
};
use crate::sites::office::view::Route;

/// Orders that fit a list's filters, in its order.
pub fn order_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Order> {
    let (from, to) = (day(route, "from"), day(route, "to"));
    let (status, payment) = (route.text("status"), route.text("payment"));
    let (q, delivery) = (route.text("q"), route.text("delivery"));
    let countries = route.set("country");
    let mut orders: Vec<&Order> = state
        .orders
        .values()
        .map(|order| &**order)
        .filter(|order| {
            let placed = order.placed_at.date();
            (status.is_empty() || order.status.as_str() == status)
                && (payment.is_empty() || order.payment.as_str() == payment)
                && (delivery.is_empty() || order.delivery.as_str() == delivery)
                && from.is_none_or(|from| placed >= from)
                && to.is_none_or(|to| placed <= to)
                && (countries.is_empty() || countries.contains(&order.address.country))
                && (q.is_empty() || fits(state, order, q))
        })
        .collect();
    match route.text("sort") {
        "oldest" => orders.sort_by_key(|order| (order.placed_at, order.no)),
        "total" => orders.sort_by_key(|order| (Reverse(order.total_cents()), order.no)),
        "number" => orders.sort_by_key(|order| order.no),
        _ => orders.sort_by_key(|order| Reverse((order.placed_at, order.no))),
    }
    orders
}

fn fits(state: &OfficeState, order: &Order, q: &str) -> bool {
    let customer = owner(state, order);
    let (name, email) = customer.map_or(("", ""), |one| (&*one.name, &*one.email));
    matches(q, &[&order.no.to_string(), name, email, &order.tracking])
}

fn day(route: &Route, name: &str) -> Option<Date> {
    route.text(name).parse().ok()
}

/// The account that an order belongs to: the one that placed it, or into which that was merged.
pub fn owner<'a>(state: &'a OfficeState, order: &Order) -> Option<&'a Customer> {
    let placed = state.customers.get(&order.customer)?;
    match placed.merged_into {
        Some(kept) => state.customers.get(&kept).map(|one| &**one),
        None => Some(placed),
    }
}

/// What was paid back for an order so far.
pub fn refunded_cents(state: &OfficeState, order: OrderNo) -> u32 {
    refunds_of(state, order).map(|refund| refund.cents).sum()
}

/// What was paid back of an order's delivery fee so far.
pub fn fee_refunded_cents(state: &OfficeState, order: OrderNo) -> u32 {
    refunds_of(state, order)
        .filter(|refund| refund.kind == RefundKind::Delivery)
        .map(|refund| refund.cents)
        .sum()
}

/// Refunds of an order, oldest first.
pub fn refunds_of(state: &OfficeState, order: OrderNo) -> impl Iterator<Item = &Refund> {
    state
        .refunds
        .values()
        .filter(move |refund| refund.order == order)
}

/// Returns of an order.
pub fn returns_of(state: &OfficeState, order: OrderNo) -> impl Iterator<Item = &Return> {
    state
        .returns
        .values()
        .filter(move |entry| entry.order == order)
}

/// Orders of an account, those of accounts merged into it included, latest first.
pub fn orders_of(state: &OfficeState, customer: u32) -> Vec<&Order> {
    let mut orders: Vec<&Order> = state
        .orders
        .values()
        .map(|order| &**order)
        .filter(|order| owner(state, order).is_some_and(|one| one.no == customer))
        .collect();
    orders.sort_by_key(|order| Reverse((order.placed_at, order.no)));
    orders
}

/// What an account paid for orders that were not cancelled, less refunds.
pub fn spend_cents(state: &OfficeState, customer: u32) -> u32 {
    orders_of(state, customer)
        .into_iter()
        .filter(|order| order.status != OrderStatus::Cancelled)
        .map(|order| order.total_cents() - refunded_cents(state, order.no))
        .sum()
}

/// Statuses that an order may be given, its own left out.
pub fn next_statuses(order: &Order) -> Vec<OrderStatus> {
    if matches!(
        order.status,
        OrderStatus::Cancelled | OrderStatus::Delivered
    ) {
        return Vec::new();
    }
    OrderStatus::ALL
        .iter()
        .copied()
        .filter(|status| *status != order.status && *status != OrderStatus::PartDelivered)
        .collect()
}

/// Why an order cannot be given a status; absent when it can.
pub fn refused_status(order: &Order, status: OrderStatus) -> Option<String> {
    if order.status == OrderStatus::Cancelled {
        return Some(format!(
            "Order {} is cancelled and cannot change.",
            order.no
        ));
    }
    if order.status == OrderStatus::Delivered {
        return Some(format!(
            "Order {} is delivered and cannot change.",
            order.no
        ));
    }
    let needs_money = !matches!(status, OrderStatus::New | OrderStatus::Cancelled);
    if needs_money && order.payment != Payment::Paid {
        return Some(format!("Order {} is not paid.", order.no));
    }
    None
}

/// Why nothing can be paid back for an order; absent when it can.
pub fn refused_refund(state: &OfficeState, order: &Order) -> Option<String> {
    if order.payment != Payment::Paid {
        return Some("Only paid orders can be refunded.".to_owned());
    }
    (refunded_cents(state, order.no) >= order.total_cents())
        .then(|| "All that was paid went back already.".to_owned())
}

/// Customers that fit a list's filters, in its order. Merged accounts are left out unless they
/// are searched for.
pub fn customer_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Customer> {
    let q = route.text("q");
    let countries = route.set("country");
    let mut customers: Vec<&Customer> = state
        .customers
        .values()
        .map(|customer| &**customer)
        .filter(|customer| {
            (customer.merged_into.is_none() || !q.is_empty())
                && (countries.is_empty() || countries.contains(&customer.address.country))
                && (q.is_empty()
                    || matches(
                        q,
                        &[
                            &customer.no.to_string(),
                            &customer.name,
                            &customer.email,
                            &customer.phone,
                        ],
                    ))
        })
        .collect();
    customers.sort_by_key(|customer| (customer.name.to_lowercase(), customer.no));
    match route.text("sort") {
        "newest" => customers.sort_by_key(|customer| Reverse(customer.since)),
        "spend" => customers.sort_by_cached_key(|one| Reverse(spend_cents(state, one.no))),
        "orders" => customers.sort_by_cached_key(|one| Reverse(orders_of(state, one.no).len())),
        _ => {}
    }
    customers
}

/// Returns that fit a list's filters, latest first.
pub fn return_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Return> {
    let (from, to) = (day(route, "from"), day(route, "to"));
    let (status, reason, q) = (route.text("status"), route.text("reason"), route.text("q"));
    let mut returns: Vec<&Return> = state
        .returns
        .values()
        .filter(|entry| {
            let asked = entry.requested_at.date();
            (status.is_empty() || entry.status.as_str() == status)
                && (reason.is_empty() || entry.reason.as_str() == reason)
                && from.is_none_or(|from| asked >= from)
                && to.is_none_or(|to| asked <= to)
                && (q.is_empty()
                    || matches(
                        q,
                        &[
                            &entry.no.to_string(),
                            &entry.order.to_string(),
                            entry.sku.as_str(),
                        ],
                    ))
        })
        .collect();
    returns.sort_by_key(|entry| Reverse((entry.requested_at, entry.no)));
    returns
}

/// Refunds that fit a search, latest first.
pub fn refund_list<'a>(state: &'a OfficeState, q: &str) -> Vec<&'a Refund> {
    let mut refunds: Vec<&Refund> = state
        .refunds
        .values()
        .filter(|refund| {
            q.is_empty()
                || matches(
                    q,
                    &[&refund.order.to_string(), refund.kind.label(), &refund.who],
                )
        })
        .collect();
    refunds.sort_by_key(|refund| Reverse((refund.paid_at, refund.no)));
    refunds
}

/// Messages that fit a search, latest first.
pub fn message_list<'a>(state: &'a OfficeState, q: &str) -> Vec<&'a Message> {
    let mut messages: Vec<&Message> = state
        .outbox
        .values()
        .filter(|message| {
            q.is_empty()
                || matches(
                    q,
                    &[&message.to, &message.subject, &message.order.to_string()],
                )
        })
        .collect();
    messages.sort_by_key(|message| Reverse((message.sent_at, message.no)));
    messages
}

/// A wording by id.
pub fn template<'a>(state: &'a OfficeState, id: &str) -> Option<&'a MessageTemplate> {
    state
        .fixed
        .templates
        .iter()
        .find(|template| template.id == id)
}

/// A wording with the customer's name and the order's number filled in.
pub fn filled(text: &str, name: &str, order: OrderNo) -> String {
    text.replace("{name}", name)
        .replace("{order}", &order.to_string())
}
