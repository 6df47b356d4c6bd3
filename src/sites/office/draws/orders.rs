//! Draws about orders.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::parts::{change, ensure, find_order, neighbour, orders, quoted};
use crate::sites::clock::{day_text, plus_days};
use crate::sites::office::queries::goods::product_list;
use crate::sites::office::queries::orders::{customer_list, order_list, owner};
use crate::sites::office::state::{
    DeliveryMethod, OfficeState, Order, OrderNo, OrderStatus, Payment,
};
use crate::sites::office::view::{Page, Route};
use crate::sites::tasks::draw::{Drawn, spread};

/// O01: the mail address of an order's customer, who has a namesake and another contact for
/// the delivery.
pub(super) fn customer_mail(state: &OfficeState) -> Vec<Drawn> {
    let drawn = orders(state).map(|order| one_mail(state, order));
    spread(drawn.collect(), "email")
}

fn one_mail(state: &OfficeState, order: &Order) -> Drawn {
    let customer = owner(state, order).ok_or("the order is nobody's")?;
    let other = |email: &str| !email.eq_ignore_ascii_case(&customer.email);
    ensure(
        other(&order.contact_email),
        "the customer receives the parcel",
    )?;
    let namesake = state
        .customers
        .values()
        .find(|one| one.no != customer.no && one.name == customer.name && other(&one.email))
        .ok_or("the customer has no namesake")?;
    let beside = neighbour(state, order, |near| {
        owner(state, near).is_some_and(|one| other(&one.email))
    })
    .ok_or("there is no other order")?;
    let mut steps = find_order(order);
    steps.push(format!("click link '{}'", quoted(&customer.name)));
    Ok(json!({
        "no": order.no,
        "email": customer.email,
        "contact": order.contact_email,
        "namesake": namesake.email,
        "beside": owner(state, beside).map(|one| one.email.clone()),
        "steps": steps,
    }))
}

/// N03: the same for a number that no order has.
pub(super) fn no_such_order(state: &OfficeState) -> Vec<Drawn> {
    orders(state)
        .step_by(9)
        .map(|order| one_absent(state, order))
        .collect()
}

fn one_absent(state: &OfficeState, near: &Order) -> Drawn {
    let text = near.no.to_string();
    let digits: Vec<char> = text.chars().collect();
    let mut swapped = digits.clone();
    let last = swapped.len() - 1;
    swapped.swap(last, last - 1);
    let no: OrderNo = swapped
        .iter()
        .collect::<String>()
        .parse()
        .map_err(|_| "no number")?;
    ensure(
        !state.orders.contains_key(&no),
        "there is an order of this number",
    )?;
    let text = no.to_string();
    let nothing = order_list(state, &Route::to(Page::Orders).with("q", &text)).is_empty()
        && customer_list(state, &Route::to(Page::Customers).with("q", &text)).is_empty()
        && product_list(state, &Route::to(Page::Products).with("q", &text)).is_empty();
    ensure(nothing, "a search finds something else")?;
    Ok(json!({
        "no": no,
        "text": text,
        "searched": format!("office.searches/{no}"),
        "near": near.no,
        "near_email": owner(state, near).map(|one| one.email.clone()),
    }))
}

/// O05: an order that is being packed gets its tracking number.
pub(super) fn packed(state: &OfficeState) -> Vec<Drawn> {
    orders(state)
        .map(|order| one_packed(state, order))
        .collect()
}

fn one_packed(state: &OfficeState, order: &Order) -> Drawn {
    ensure(
        order.status == OrderStatus::Packing && order.tracking.is_empty(),
        "it is not being packed",
    )?;
    let near = neighbour(state, order, |near| near.status == OrderStatus::Packing)
        .ok_or("no other order is being packed")?;
    let digits = (u64::from(order.no) * 7_919_337 % 900_000_000) + 100_000_000;
    let digits = digits.to_string();
    let tracking = format!("NP{digits}");
    let spoken = format!("NP {} {} {}", &digits[..3], &digits[3..6], &digits[6..]);
    let customer = owner(state, order).ok_or("the order is nobody's")?;
    let (subject, text) = crate::sites::office::actions::orders::wording(state, order.no, "packed")
        .ok_or("there is no wording")?;
    Ok(json!({
        "no": order.no,
        "near": near.no,
        "tracking": tracking,
        "spoken": spoken,
        "short": tracking[..tracking.len() - 1],
        "mail": {"order": order.no, "to": customer.email, "template": "packed", "subject": subject, "text": text},
        "find_order": find_order(order),
    }))
}

/// O06: all paid orders of a day, or of two, that nobody has begun to pack; all of them or those
/// of one kind of delivery.
pub(super) fn to_packing(state: &OfficeState) -> Vec<Drawn> {
    let mut days: Vec<Date> = orders(state).map(|order| order.placed_at.date()).collect();
    days.sort_unstable();
    days.dedup();
    let mut drawn = Vec::new();
    for first in days {
        for last in [first, plus_days(first, 1)] {
            drawn.push(one_batch(state, (first, last), None));
            for delivery in DeliveryMethod::ALL {
                drawn.push(one_batch(state, (first, last), Some(*delivery)));
            }
        }
    }
    drawn
}

/// A kind of delivery as the list's filter has it, and as a colleague says it.
const fn delivery_words(delivery: DeliveryMethod) -> (&'static str, &'static str) {
    match delivery {
        DeliveryMethod::Standard => ("Standard", " with standard delivery"),
        DeliveryMethod::Express => ("Express", " with express delivery"),
        DeliveryMethod::Locker => ("Parcel locker", " with delivery to a parcel locker"),
    }
}

fn one_batch(
    state: &OfficeState,
    (first, last): (Date, Date),
    delivery: Option<DeliveryMethod>,
) -> Drawn {
    let placed = |from: Date, to: Date| {
        order_list(
            state,
            &Route::to(Page::Orders).with("from", from).with("to", to),
        )
    };
    let all = placed(first, last);
    ensure(all.len() > 25, "the days have one page")?;
    let is_new = |order: &Order| order.status == OrderStatus::New;
    let asked = |order: &Order| delivery.is_none_or(|wanted| order.delivery == wanted);
    let fits = |order: &Order| is_new(order) && order.payment == Payment::Paid && asked(order);
    let set: Vec<&Order> = all.iter().copied().filter(|order| fits(order)).collect();
    ensure((5..=12).contains(&set.len()), "not 5 to 12 orders")?;
    let second_page: Vec<usize> = set
        .iter()
        .enumerate()
        .filter(|(_, order)| all[25..].iter().any(|other| other.no == order.no))
        .map(|(at, _)| at)
        .collect();
    ensure(!second_page.is_empty(), "none is on the second page")?;
    let unpaid = all
        .iter()
        .find(|order| is_new(order) && order.payment == Payment::Open && asked(order))
        .ok_or("none is unpaid")?;
    // With a kind of delivery an order of another kind, else one that is packed already.
    let stray = all
        .iter()
        .find(|order| match delivery {
            Some(_) => is_new(order) && order.payment == Payment::Paid && !asked(order),
            None => order.status == OrderStatus::Packed,
        })
        .ok_or("there are no others")?;
    let next_day = plus_days(last, 1);
    let next = placed(next_day, next_day)
        .into_iter()
        .find(|order| fits(order))
        .ok_or("none of the next day")?;
    let packing = |order: &Order| {
        change(
            "office.orders",
            &order.no.to_string(),
            json!({"status": "packing"}),
        )
    };
    let words = delivery.map(delivery_words);
    Ok(json!({
        "when": days_text(first, last),
        "first": first.to_string(),
        "last": last.to_string(),
        "how": words.map_or("", |(_, words)| words),
        "expect": set.iter().map(|order| packing(order)).collect::<Vec<Value>>(),
        "second_page": second_page,
        "unpaid": unpaid.no,
        "stray": stray.no,
        "next": next.no,
        "choose_delivery": words
            .map(|(label, _)| format!("select 'Delivery' '{label}'"))
            .into_iter()
            .collect::<Vec<_>>(),
    }))
}

/// A day, or two days one after the other: `12 March 2026`, `12 and 13 March 2026`.
fn days_text(first: Date, last: Date) -> String {
    if first == last {
        day_text(first)
    } else if first.first_of_month() == last.first_of_month() {
        format!("{} and {}", first.day(), day_text(last))
    } else {
        format!("{} and {}", day_text(first), day_text(last))
    }
}
