//! Draws about orders, returns and reviews.

use std::cmp::Reverse;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::parts::{ensure, line_name, look_alikes, placed_on};
use crate::sites::clock::{TODAY, days_between, month_name, plus_days};
use crate::sites::shop::queries::orders::{ORDERS_PER_PAGE, returnable};
use crate::sites::shop::queries::product::{bought_in, own_review};
use crate::sites::shop::state::{Order, OrderLine, OrderStatus, Product, ReturnReason, ShopState};
use crate::sites::tasks::draw::Drawn;

/// Orders as the list shows them, latest first.
pub(super) fn listed(state: &ShopState) -> Vec<&Order> {
    let mut orders: Vec<&Order> = state.orders.values().collect();
    orders.sort_by_key(|order| Reverse((order.placed_at, order.no)));
    orders
}

/// The page of the list on which an order stands, from 1.
fn page_of(state: &ShopState, order: &Order) -> usize {
    let place = listed(state)
        .iter()
        .position(|other| other.no == order.no)
        .unwrap_or(0);
    place / ORDERS_PER_PAGE + 1
}

/// Instructions that lead from anywhere to an order's page.
pub(super) fn find_order(state: &ShopState, order: &Order) -> Value {
    let mut steps = vec!["click link 'Orders' within 'Account'".to_owned()];
    for _ in 1..page_of(state, order) {
        steps.push("click link 'Next'".to_owned());
    }
    steps.push(format!("click link '{}'", order.no));
    json!(steps)
}

/// S03: what was paid for the orders of one to four months, with delivery or without.
pub(super) fn month_total(state: &ShopState) -> Vec<Drawn> {
    let mut months: Vec<Date> = state
        .orders
        .values()
        .map(|order| order.placed_at.date().first_of_month())
        .collect();
    months.sort_unstable();
    months.dedup();
    let mut drawn = Vec::new();
    for first in months {
        for more in 0..4 {
            let last = plus_days(first, 31 * more).last_of_month();
            for with_delivery in [true, false] {
                drawn.push(one_period(state, (first, last), with_delivery));
            }
        }
    }
    drawn
}

fn one_period(state: &ShopState, (first, last): (Date, Date), with_delivery: bool) -> Drawn {
    ensure(last < TODAY, "the months are not over")?;
    let (cancelled, counted): (Vec<&Order>, Vec<&Order>) = state
        .orders
        .values()
        .filter(|order| (first..=last).contains(&order.placed_at.date()))
        .partition(|order| order.status == OrderStatus::Cancelled);
    ensure((3..=9).contains(&counted.len()), "not 3 to 9 orders count")?;
    ensure(!cancelled.is_empty(), "no order is cancelled")?;
    let has_return = |order: &&Order| state.returns.values().any(|entry| entry.order == order.no);
    ensure(!counted.iter().any(has_return), "something was returned")?;
    // What a code took off stands on a line of its own, between goods and delivery.
    ensure(
        with_delivery || counted.iter().all(|order| order.discount_cents == 0),
        "a code took something off",
    )?;
    let paid = |order: &Order, delivery: bool| {
        order.total_cents - if delivery { 0 } else { order.delivery_cents }
    };
    let sum = |orders: &[&Order], delivery: bool| -> u32 {
        orders.iter().map(|order| paid(order, delivery)).sum()
    };
    let total = sum(&counted, with_delivery);
    let other_way = sum(&counted, !with_delivery);
    ensure(other_way != total, "delivery cost nothing")?;
    let next = listed(state)
        .into_iter()
        .rfind(|order| order.placed_at.date() > last && order.status != OrderStatus::Cancelled)
        .ok_or("there is no later order")?;
    let latest = counted
        .iter()
        .max_by_key(|order| order.placed_at)
        .ok_or("no order counts")?;
    Ok(json!({
        "when": months_text(first, last),
        "delivery": if with_delivery { "delivery included" } else { "delivery not included" },
        "total": total,
        "with_cancelled": total + sum(&cancelled, with_delivery),
        "other_way": other_way,
        "with_next": total + paid(next, with_delivery),
        "without_last": total - paid(latest, with_delivery),
        "orders": counted.iter().map(|order| order.no).collect::<Vec<_>>(),
        "steps": period_steps(state, &counted, if with_delivery { "Total" } else { "Goods" }),
    }))
}

/// Months in words: `in June 2025`, `in December 2025 and January 2026`, `from
/// June to the end of August 2025`.
fn months_text(first: Date, last: Date) -> String {
    let whole = |day: Date| format!("{} {}", month_name(day.month()), day.year());
    if first.first_of_month() == last.first_of_month() {
        return format!("in {}", whole(first));
    }
    let start = if first.year() == last.year() {
        month_name(first.month()).to_owned()
    } else {
        whole(first)
    };
    if days_between(first, last) < 62 {
        format!("in {start} and {}", whole(last))
    } else {
        format!("from {start} to the end of {}", whole(last))
    }
}

/// Opens each order that counts, latest first, and reads an amount.
fn period_steps(state: &ShopState, counted: &[&Order], amount: &str) -> Value {
    let mut orders = counted.to_vec();
    orders.sort_by_key(|order| Reverse((order.placed_at, order.no)));
    let mut steps = Vec::new();
    let mut names = Vec::new();
    for (at, order) in orders.iter().enumerate() {
        steps.push("click link 'Orders' within 'Account'".to_owned());
        for _ in 1..page_of(state, order) {
            steps.push("click link 'Next'".to_owned());
        }
        steps.push(format!("click link '{}'", order.no));
        steps.push(format!("read paid{at} after '{amount}'"));
        names.push(format!("$paid{at}"));
    }
    steps.push(format!("set total sum {}", names.join(" ")));
    json!(steps)
}

/// Reasons of a return as a customer words them.
const REASONS: [(ReturnReason, &str); 5] = [
    (ReturnReason::Damaged, "it arrived damaged"),
    (ReturnReason::Defective, "it does not work"),
    (ReturnReason::NotAsDescribed, "it is not as described"),
    (ReturnReason::WrongSize, "it is too small for me"),
    (ReturnReason::ChangedMind, "I changed my mind"),
];

/// Every order with every line, each with a reason.
fn returns_of(
    state: &ShopState,
    one: impl Fn(&Order, &OrderLine, (ReturnReason, &str)) -> Drawn,
) -> Vec<Drawn> {
    state
        .orders
        .values()
        .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
        .enumerate()
        .map(|(at, (order, line))| one(order, line, REASONS[at % REASONS.len()]))
        .collect()
}

/// S07: an item that stands in two orders, to be sent back from one of them.
pub(super) fn return_item(state: &ShopState) -> Vec<Drawn> {
    returns_of(state, |order, line, reason| {
        ensure(
            order.status == OrderStatus::Delivered,
            "it is not delivered",
        )?;
        ensure(
            returnable(state, order, line) == Ok(1),
            "not one piece can be sent back",
        )?;
        ensure(order.lines.len() >= 2, "it is the only item")?;
        return_values(state, order, line, reason)
    })
}

/// N11: the same when the time for it is over.
pub(super) fn return_too_late(state: &ShopState) -> Vec<Drawn> {
    returns_of(state, |order, line, reason| {
        ensure(
            order.status == OrderStatus::Delivered,
            "it is not delivered",
        )?;
        let delivered = order.delivered_on.ok_or("no day of delivery")?;
        ensure(
            days_between(delivered, TODAY) > 60,
            "it can still be sent back",
        )?;
        ensure(line.quantity == 1 && !line.cancelled, "not one piece")?;
        let returned = state
            .returns
            .values()
            .any(|entry| entry.order == order.no && entry.sku == line.sku);
        ensure(!returned, "it was sent back before")?;
        let values = return_values(state, order, line, reason)?;
        let other = values["other"]["no"]
            .as_u64()
            .and_then(|no| u32::try_from(no).ok());
        let other = other
            .and_then(|no| state.orders.get(&no))
            .ok_or("no other order")?;
        let still = other.lines.iter().any(|other_line| {
            other_line.product == line.product && returnable(state, other, other_line).is_ok()
        });
        ensure(still, "the other order's item cannot be sent back either")?;
        Ok(values)
    })
}

fn return_values(
    state: &ShopState,
    order: &Order,
    line: &OrderLine,
    (reason, phrase): (ReturnReason, &str),
) -> Drawn {
    let same_day = state
        .orders
        .values()
        .filter(|other| placed_on(other) == placed_on(order))
        .count();
    ensure(same_day == 1, "there is another order of that day")?;
    let of_product = order
        .lines
        .iter()
        .filter(|other| other.product == line.product)
        .count();
    ensure(of_product == 1, "two lines are of that product")?;
    let others: Vec<(&Order, &OrderLine)> = state
        .orders
        .values()
        .filter(|other| other.no != order.no && other.status == OrderStatus::Delivered)
        .filter_map(|other| {
            Some((
                other,
                other
                    .lines
                    .iter()
                    .find(|other| other.product == line.product)?,
            ))
        })
        .collect();
    let (other, other_line) = others
        .iter()
        .find(|(other, line)| returnable(state, other, line).is_ok())
        .or(others.first())
        .ok_or("no other order has the item")?;
    let sibling = order.lines.iter().find(|other| other.sku != line.sku);
    let second_reason = if reason == ReturnReason::Damaged {
        ReturnReason::TooLate
    } else {
        ReturnReason::Damaged
    };
    Ok(json!({
        "item": {"name": line.name, "full": line_name(line), "sku": line.sku},
        "order": {"no": order.no, "date": placed_on(order)},
        "reason": {"id": reason, "label": reason.label(), "phrase": phrase},
        "other_reason": second_reason,
        "other": {"no": other.no, "sku": other_line.sku},
        "sibling_sku": sibling.map(|sibling| sibling.sku.clone()),
        "find_order": find_order(state, order),
    }))
}

/// Titles and texts of reviews.
const REVIEWS: [(u8, &str, &str); 6] = [
    (
        4,
        "Does what it should",
        "Sturdy and easy to clean. The lid could close a little tighter.",
    ),
    (
        3,
        "Good but not great",
        "It works well, but it is heavier than I expected.",
    ),
    (
        2,
        "Not for every day",
        "The finish scratched in the first week. I use it for guests now.",
    ),
    (
        4,
        "Happy with it",
        "Used it every morning since it came. No complaints so far.",
    ),
    (
        3,
        "Fine for the price",
        "Nothing special, yet it has not let me down once.",
    ),
    (
        2,
        "Smaller than it looks",
        "Please measure first. In my kitchen it is too small for four people.",
    ),
];

/// S12: a review of something that was bought and has none of ours yet.
pub(super) fn review(state: &ShopState) -> Vec<Drawn> {
    state
        .catalogue
        .products
        .values()
        .enumerate()
        .map(|(at, product)| one_review(state, product, REVIEWS[at % REVIEWS.len()]))
        .collect()
}

fn one_review(
    state: &ShopState,
    product: &Product,
    (stars, title, text): (u8, &str, &str),
) -> Drawn {
    let reviewable = |product: &Product| {
        own_review(state, product.id.as_str()).is_none()
            && bought_in(state, product.id.as_str())
                .is_some_and(|order| order.status == OrderStatus::Delivered)
    };
    ensure(reviewable(product), "it was not bought, or it was reviewed")?;
    let twin = look_alikes(state, product)
        .into_iter()
        .find(|other| reviewable(other))
        .or_else(|| look_alikes(state, product).into_iter().next())
        .ok_or("no look-alike")?;
    Ok(json!({
        "product": product.name,
        "product_id": product.id,
        "look_alike_id": twin.id,
        "stars": stars,
        "star_off": stars + 1,
        "title": title,
        "text": text,
        "title_and_text": format!("{title} {text}"),
    }))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn months_are_said_as_people_say_them() {
        let said =
            |first: Date, months: i64| months_text(first, plus_days(first, 31 * (months - 1)));
        assert_eq!(said(date(2025, 6, 1), 1), "in June 2025");
        assert_eq!(said(date(2025, 7, 1), 2), "in July and August 2025");
        assert_eq!(
            said(date(2025, 12, 1), 2),
            "in December 2025 and January 2026"
        );
        assert_eq!(
            said(date(2025, 6, 1), 3),
            "from June to the end of August 2025"
        );
    }
}
