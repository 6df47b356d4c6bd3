//! Checkout: choices one after the other, kept as a draft, then the order.

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::shop::actions::{FieldError, Refusal};
use crate::sites::shop::queries::cart::{
    CheckoutPage, cart_pairs, checkout_page, chosen_address, delivery_options, is_expired,
    too_heavy,
};
use crate::sites::shop::state::{
    CheckoutDraft, DeliveryMethod, Order, OrderEvent, OrderLine, OrderNo, OrderStatus, ShopState,
    Sku,
};

/// The longest gift note, in characters.
pub const GIFT_NOTE_LENGTH: usize = 200;

/// A new card as entered. Numbers are checked and only the last four digits kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardForm {
    /// 16 digits, blanks allowed. Field `number`.
    pub number: String,
    /// Field `holder`.
    pub holder: String,
    /// `MM/YY` or `MM/YYYY`. Field `expires`.
    pub expires: String,
    /// Three digits. Field `security_code`.
    pub security_code: String,
}

/// Chooses an address of the book; a delivery that is not offered there is forgotten.
/// Field: `address`.
pub fn choose_address(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    let Some(address) = state.addresses.get(id) else {
        return Err(Refusal::field("address", "Choose one of your addresses."));
    };
    let (id, country) = (address.id.clone(), address.postal.country.clone());
    let lines = cart_pairs(state);
    if let Some(reason) = too_heavy(state, &lines, &country) {
        return Err(Refusal::field("address", reason));
    }
    state.incidental.checkout.address = Some(id);
    let still_offered = delivery_options(state, &lines, &country)
        .iter()
        .any(|option| option.chosen && option.refused.is_none());
    if !still_offered {
        state.incidental.checkout.delivery = None;
    }
    Ok(())
}

/// Chooses a kind of delivery that is offered for the address and the weight.
/// Field: `delivery`.
pub fn choose_delivery(state: &mut ShopState, method: &str) -> Result<(), Refusal> {
    let Ok(method) = method.parse::<DeliveryMethod>() else {
        return Err(Refusal::field("delivery", "Choose a kind of delivery."));
    };
    let Some(address) = chosen_address(state) else {
        return Err(Refusal::field("address", "Choose an address first."));
    };
    let options = delivery_options(state, &cart_pairs(state), &address.postal.country);
    let refused = options
        .into_iter()
        .find(|option| option.method == method)
        .and_then(|option| option.refused);
    if let Some(reason) = refused {
        return Err(Refusal::field("delivery", reason));
    }
    state.incidental.checkout.delivery = Some(method);
    Ok(())
}

/// Chooses a stored card that is not expired. Field: `card`.
pub fn choose_card(state: &mut ShopState, id: &str) -> Result<(), Refusal> {
    let Some(card) = state.cards.get(id) else {
        return Err(Refusal::field("card", "Choose one of your cards."));
    };
    if is_expired(card) {
        let message = format!("The card ending {} has expired.", card.last4);
        return Err(Refusal::field("card", message));
    }
    state.incidental.checkout.card = Some(card.id.clone());
    Ok(())
}

/// Sets the gift note, at most [`GIFT_NOTE_LENGTH`] characters. Field: `gift_note`.
pub fn set_gift_note(state: &mut ShopState, note: &str) -> Result<(), Refusal> {
    let note = note.trim();
    let length = note.chars().count();
    if length > GIFT_NOTE_LENGTH {
        let message = format!(
            "A gift note has at most {GIFT_NOTE_LENGTH} characters; this one has {length}."
        );
        return Err(Refusal::field("gift_note", message));
    }
    note.clone_into(&mut state.incidental.checkout.gift_note);
    Ok(())
}

/// Orders what is in the cart with the choices of the draft; empties the cart, takes the code
/// off and the pieces from stock. Fields: `address`, `delivery`, `card`.
pub fn place_order(state: &mut ShopState) -> Result<OrderNo, Refusal> {
    let no = state.incidental.next_order;
    let order = new_order(state, no)?;
    take_from_stock(state, &order.lines);
    state.incidental.next_order += 1;
    state.incidental.checkout = CheckoutDraft::default();
    state.cart = Arc::default();
    state.cart_code = None;
    Arc::make_mut(&mut state.orders).insert(no, order);
    Ok(no)
}

fn new_order(state: &ShopState, no: OrderNo) -> Result<Order, Refusal> {
    let page = checkout_page(state);
    check(&page)?;
    let (Some(address), Some(delivery), Some(card)) = (page.address, page.delivery, page.card)
    else {
        return Err(Refusal::not_allowed("Please complete all steps first."));
    };
    let lines = page.lines.iter().map(|row| OrderLine {
        sku: row.variant.sku.clone(),
        product: row.product.id.clone(),
        name: row.product.name.clone(),
        variant: row.variant.label.clone(),
        quantity: row.quantity,
        unit_cents: row.price.cents,
        cancelled: false,
    });
    Ok(Order {
        no,
        placed_at: NOW,
        status: OrderStatus::Placed,
        lines: lines.collect(),
        address_id: Some(address.id.clone()),
        address: address.postal.clone(),
        delivery,
        card_id: Some(card.id.clone()),
        card_last4: card.last4.clone(),
        code: page.code.map(|code| code.code.clone()),
        gift_note: page.gift_note.to_owned(),
        cancel_reason: None,
        goods_cents: page.totals.goods_cents,
        discount_cents: page.totals.discount_cents,
        delivery_cents: page.totals.delivery_cents.unwrap_or(0),
        total_cents: page.totals.total_cents,
        events: vec![OrderEvent {
            at: NOW,
            text: "Order placed".to_owned(),
        }],
        parcels: Vec::new(),
        delivered_on: None,
    })
}

/// Everything that stands against ordering now.
fn check(page: &CheckoutPage<'_>) -> Result<(), Refusal> {
    if page.lines.is_empty() {
        return Err(Refusal::not_allowed("Your cart is empty."));
    }
    if let Some(row) = page.lines.iter().find(|row| row.problem.is_some()) {
        let problem = row.problem.clone().unwrap_or_default();
        let message = format!("{}: {problem}", row.product.name);
        return Err(Refusal::not_allowed(message));
    }
    let mut fields = Vec::new();
    let mut wrong = |field: &'static str, message: String| {
        fields.push(FieldError {
            field: field.into(),
            message,
        });
    };
    match (page.address, &page.address_problem) {
        (None, _) => wrong("address", "Choose an address.".to_owned()),
        (_, Some(problem)) => wrong("address", problem.clone()),
        _ => {}
    }
    if page.delivery.is_none() {
        wrong("delivery", "Choose a kind of delivery.".to_owned());
    }
    match page.card {
        None => wrong("card", "Choose a card.".to_owned()),
        Some(card) if is_expired(card) => {
            wrong(
                "card",
                format!("The card ending {} has expired.", card.last4),
            );
        }
        _ => {}
    }
    if fields.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(fields))
    }
}

fn take_from_stock(state: &mut ShopState, lines: &[OrderLine]) {
    let stock = Arc::make_mut(&mut state.stock);
    for line in lines {
        let left = stock.get(&line.sku).copied().unwrap_or(0);
        stock.insert(Sku::clone(&line.sku), left.saturating_sub(line.quantity));
    }
}
