//! Draws about orders, returns and reviews.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::parts::{ensure, line_name, look_alikes, placed_on};
use crate::sites::clock::{TODAY, days_between, month_name};
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

/// S03: what was paid for the orders of a month.
pub(super) fn month_total(state: &ShopState) -> Vec<Drawn> {
    let mut months: Vec<(i16, i8)> = state
        .orders
        .values()
        .map(|order| (order.placed_at.year(), order.placed_at.month()))
        .collect();
    months.sort_unstable();
    months.dedup();
    months
        .into_iter()
        .map(|(year, month)| one_month(state, year, month))
        .collect()
}

fn one_month(state: &ShopState, year: i16, month: i8) -> Drawn {
    ensure(
        (year, month) < (TODAY.year(), TODAY.month()),
        "the month is not over",
    )?;
    let in_month =
        |order: &Order| (order.placed_at.year(), order.placed_at.month()) == (year, month);
    let (cancelled, counted): (Vec<&Order>, Vec<&Order>) = state
        .orders
        .values()
        .filter(|order| in_month(order))
        .partition(|order| order.status == OrderStatus::Cancelled);
    ensure((3..=5).contains(&counted.len()), "not 3 to 5 orders count")?;
    let [cancelled] = cancelled.as_slice() else {
        return Err("not one order is cancelled".into());
    };
    let has_return = |order: &&Order| state.returns.values().any(|entry| entry.order == order.no);
    ensure(!counted.iter().any(has_return), "something was returned")?;
    ensure(
        !counted
            .iter()
            .any(|order| order.lines.iter().any(|line| line.cancelled)),
        "a line was not charged",
    )?;
    let total: u32 = counted.iter().map(|order| order.total_cents).sum();
    let goods: u32 = counted
        .iter()
        .map(|order| order.total_cents - order.delivery_cents)
        .sum();
    ensure(goods != total, "delivery cost nothing")?;
    let next = listed(state)
        .into_iter()
        .rfind(|order| {
            (order.placed_at.year(), order.placed_at.month()) > (year, month)
                && order.status != OrderStatus::Cancelled
        })
        .ok_or("there is no later order")?;
    let latest = counted
        .iter()
        .max_by_key(|order| order.placed_at)
        .ok_or("no order counts")?;
    Ok(json!({
        "month": month_name(month),
        "year": year,
        "total": total,
        "with_cancelled": total + cancelled.total_cents,
        "without_delivery": goods,
        "with_next": total + next.total_cents,
        "without_last": total - latest.total_cents,
        "orders": counted.iter().map(|order| order.no).collect::<Vec<_>>(),
        "steps": month_steps(state, &counted),
    }))
}

/// Opens each order that counts, latest first, and reads what was paid.
fn month_steps(state: &ShopState, counted: &[&Order]) -> Value {
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
        steps.push(format!("read paid{at} after 'Total'"));
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
