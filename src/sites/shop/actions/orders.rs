//! Orders after they were placed: again, cancelled, redirected, sent back; reviews.

use std::sync::Arc;

use crate::sites::clock::{NOW, TODAY};
use crate::sites::shop::actions::cart::put;
use crate::sites::shop::actions::{FieldError, Refusal};
use crate::sites::shop::queries::cart::{country_name, delivery_options, too_heavy};
use crate::sites::shop::queries::orders::{order_view, returnable};
use crate::sites::shop::queries::product::{
    bought_in, own_review, pieces, product, ratings_of, variant,
};
use crate::sites::shop::state::{
    CancelReason, DropOff, MAX_QUANTITY, Order, OrderEvent, OrderLine, OrderNo, OrderStatus,
    RefundTo, Return, ReturnNo, ReturnReason, Review, ReviewNo, ShopState, Sku,
};

/// The longest note to a return, in characters.
pub const NOTE_LENGTH: usize = 500;
/// The longest title of a review, in characters.
pub const REVIEW_TITLE_LENGTH: usize = 80;
/// The longest text of a review, in characters.
pub const REVIEW_TEXT_LENGTH: usize = 4_000;

/// What "Order again" did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderedAgain {
    /// Names (with variant) of lines that are in the cart now.
    pub added: Vec<String>,
    /// Names of lines that were left out because they are sold out or not enough are left.
    pub left_out: Vec<String>,
}

/// Puts the lines of an order into the cart again; leaves out what is sold out and says so.
pub fn order_again(state: &mut ShopState, no: OrderNo) -> Result<OrderedAgain, Refusal> {
    let lines = order(state, no)?.lines.clone();
    let mut done = OrderedAgain::default();
    for line in lines {
        let sku = line.sku.as_str();
        let before = state.cart.get(sku).map_or(0, |line| line.quantity);
        let wanted = before + line.quantity;
        let possible =
            variant(state, sku).is_some() && wanted <= pieces(state, sku).min(MAX_QUANTITY);
        if possible {
            put(state, sku, wanted);
            done.added.push(line_name(&line));
        } else {
            done.left_out.push(line_name(&line));
        }
    }
    Ok(done)
}

/// Cancels an order that was not shipped. Field: `reason`.
pub fn cancel(state: &mut ShopState, no: OrderNo, reason: &str) -> Result<(), Refusal> {
    order(state, no)?;
    if let Some(refused) = order_view(state, no).and_then(|view| view.cancel_refused) {
        return Err(Refusal::not_allowed(refused));
    }
    let Ok(reason) = reason.parse::<CancelReason>() else {
        return Err(Refusal::field("reason", "Choose a reason."));
    };
    let order = change(state, no)?;
    order.status = OrderStatus::Cancelled;
    order.cancel_reason = Some(reason);
    order.events.push(OrderEvent {
        at: NOW,
        text: format!("Cancelled: {}", reason.label()),
    });
    let lines = order.lines.clone();
    let stock = Arc::make_mut(&mut state.stock);
    for line in lines.into_iter().filter(|line| !line.cancelled) {
        *stock.entry(line.sku).or_default() += line.quantity;
    }
    Ok(())
}

/// Sends an order that was not shipped to another entry of the address book. The fee stays.
/// Field: `address`.
pub fn redirect(state: &mut ShopState, no: OrderNo, address: &str) -> Result<(), Refusal> {
    order(state, no)?;
    if let Some(refused) = order_view(state, no).and_then(|view| view.redirect_refused) {
        return Err(Refusal::not_allowed(refused));
    }
    let Some(address) = state.addresses.get(address).cloned() else {
        return Err(Refusal::field("address", "Choose one of your addresses."));
    };
    let order = order(state, no)?;
    if order.address_id.as_ref() == Some(&address.id) && order.address == address.postal {
        return Err(Refusal::field(
            "address",
            "The order goes to this address already.",
        ));
    }
    let lines: Vec<(Sku, u32)> = order
        .lines
        .iter()
        .map(|line| (line.sku.clone(), line.quantity))
        .collect();
    let country = &address.postal.country;
    let method = order.delivery;
    let refused = too_heavy(state, &lines, country).or_else(|| {
        delivery_options(state, &lines, country)
            .into_iter()
            .find(|option| option.method == method)
            .and_then(|option| option.refused)
    });
    if let Some(reason) = refused {
        return Err(Refusal::field("address", reason));
    }
    let text = format!(
        "Address changed to {}, {}",
        address.postal.city,
        country_name(state, country)
    );
    let order = change(state, no)?;
    order.address_id = Some(address.id);
    order.address = address.postal;
    order.events.push(OrderEvent { at: NOW, text });
    Ok(())
}

/// Items of one order to send back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReturnForm {
    /// SKU and pieces of each ticked item. Field `items`.
    pub items: Vec<(String, u32)>,
    /// Field `reason`.
    pub reason: String,
    /// Field `refund_to`.
    pub refund_to: String,
    /// Field `drop_off`; the form starts with `post_office`.
    pub drop_off: String,
    /// At most [`NOTE_LENGTH`] characters. Field `note`.
    pub note: String,
}

/// Sends items back: within 60 days of delivery, each piece once. One return for each item.
pub fn return_items(
    state: &mut ShopState,
    no: OrderNo,
    form: &ReturnForm,
) -> Result<Vec<ReturnNo>, Refusal> {
    let order = order(state, no)?;
    if let Some(refused) = order_view(state, no).and_then(|view| view.return_refused) {
        return Err(Refusal::not_allowed(refused));
    }
    let mut wrong = Vec::new();
    check_items(state, order, &form.items, &mut wrong);
    let reason: Option<ReturnReason> = read(&form.reason, "reason", "Choose a reason.", &mut wrong);
    let refund_to: Option<RefundTo> = read(
        &form.refund_to,
        "refund_to",
        "Choose where the money goes.",
        &mut wrong,
    );
    let drop_off: Option<DropOff> = read(
        &form.drop_off,
        "drop_off",
        "Choose how you hand it over.",
        &mut wrong,
    );
    at_most("note", form.note.trim(), NOTE_LENGTH, &mut wrong);
    let (Some(reason), Some(refund_to), Some(drop_off), true) =
        (reason, refund_to, drop_off, wrong.is_empty())
    else {
        return Err(Refusal::invalid(wrong));
    };
    let mut numbers = Vec::new();
    for (sku, quantity) in &form.items {
        let entry = Return {
            no: state.incidental.next_return,
            order: no,
            sku: Sku::from(sku.as_str()),
            quantity: *quantity,
            reason,
            refund_to,
            drop_off,
            note: form.note.trim().to_owned(),
            requested_at: NOW,
            refunded_on: None,
        };
        state.incidental.next_return += 1;
        numbers.push(entry.no);
        Arc::make_mut(&mut state.returns).insert(entry.no, entry);
    }
    Ok(numbers)
}

fn check_items(
    state: &ShopState,
    order: &Order,
    items: &[(String, u32)],
    wrong: &mut Vec<FieldError>,
) {
    let mut problem = |message: String| {
        wrong.push(FieldError {
            field: "items".into(),
            message,
        });
    };
    if items.is_empty() {
        problem("Tick what you want to send back.".to_owned());
    }
    for (index, (sku, quantity)) in items.iter().enumerate() {
        let line = order.lines.iter().find(|line| line.sku.as_str() == sku);
        let Some(line) = line.filter(|_| !items[..index].iter().any(|(other, _)| other == sku))
        else {
            problem("An item is not part of this order or was ticked twice.".to_owned());
            continue;
        };
        match returnable(state, order, line) {
            Err(reason) => problem(format!("{}: {reason}", line_name(line))),
            Ok(left) if *quantity == 0 || *quantity > left => problem(format!(
                "{}: you can send back 1 to {left}.",
                line_name(line)
            )),
            Ok(_) => {}
        }
    }
}

/// Writes a review of a product that was bought and not yet reviewed.
/// Fields: `stars` 1 to 5, `title`, `text`.
pub fn review(
    state: &mut ShopState,
    product_id: &str,
    stars: &str,
    title: &str,
    text: &str,
) -> Result<ReviewNo, Refusal> {
    let Some(reviewed) = product(state, product_id).map(|product| product.id.clone()) else {
        return Err(Refusal::not_found("We do not sell this article."));
    };
    if bought_in(state, product_id).is_none() {
        return Err(Refusal::not_allowed(
            "You can only review what you bought here.",
        ));
    }
    if own_review(state, product_id).is_some() {
        return Err(Refusal::not_allowed(
            "You have reviewed this product already.",
        ));
    }
    let (title, text) = (title.trim(), text.trim());
    let mut wrong = Vec::new();
    let stars = stars
        .parse::<u8>()
        .ok()
        .filter(|stars| (1..=5).contains(stars));
    if stars.is_none() {
        wrong.push(FieldError {
            field: "stars".into(),
            message: "Choose 1 to 5 stars.".to_owned(),
        });
    }
    for (field, value, most) in [
        ("title", title, REVIEW_TITLE_LENGTH),
        ("text", text, REVIEW_TEXT_LENGTH),
    ] {
        if value.is_empty() {
            wrong.push(FieldError {
                field: field.into(),
                message: format!("Enter a {field}."),
            });
        }
        at_most(field, value, most, &mut wrong);
    }
    let (Some(stars), true) = (stars, wrong.is_empty()) else {
        return Err(Refusal::invalid(wrong));
    };
    let no = state.incidental.next_review;
    state.incidental.next_review += 1;
    let entry = Review {
        no,
        product: reviewed,
        author: state.customer.name.clone(),
        own: true,
        stars,
        title: title.to_owned(),
        text: text.to_owned(),
        written_on: TODAY,
    };
    Arc::make_mut(&mut state.reviews).insert(no, entry);
    state.ratings = Arc::new(ratings_of(&state.reviews));
    Ok(no)
}

fn order(state: &ShopState, no: OrderNo) -> Result<&Order, Refusal> {
    let order = state.orders.get(&no);
    order.ok_or_else(|| Refusal::not_found(format!("You have no order {no}.")))
}

fn change(state: &mut ShopState, no: OrderNo) -> Result<&mut Order, Refusal> {
    let order = Arc::make_mut(&mut state.orders).get_mut(&no);
    order.ok_or_else(|| Refusal::not_found(format!("You have no order {no}.")))
}

/// Name of a line with its variant, e.g. `Nido Mug, Sage`.
pub fn line_name(line: &OrderLine) -> String {
    if line.variant.is_empty() {
        line.name.clone()
    } else {
        format!("{}, {}", line.name, line.variant)
    }
}

fn read<T: std::str::FromStr>(
    text: &str,
    field: &'static str,
    message: &str,
    wrong: &mut Vec<FieldError>,
) -> Option<T> {
    let value = text.parse().ok();
    if value.is_none() {
        wrong.push(FieldError {
            field: field.into(),
            message: message.to_owned(),
        });
    }
    value
}

/// Notes a text that is too long.
pub(super) fn at_most(field: &'static str, text: &str, most: usize, wrong: &mut Vec<FieldError>) {
    let length = text.chars().count();
    if length > most {
        wrong.push(FieldError {
            field: field.into(),
            message: format!("At most {most} characters, please; this has {length}."),
        });
    }
}
