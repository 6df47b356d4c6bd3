//! Draws about buying.

use serde_json::{Value, json};

use super::parts::{ensure, in_cart, left, order_lines, park_and_unpark, spoken_label, variants};
use crate::sites::shop::queries::cart::{delivery_label, delivery_options, is_expired, too_heavy};
use crate::sites::shop::state::{Address, Card, DeliveryMethod, Product, ShopState, Sku, Variant};
use crate::sites::tasks::draw::Drawn;

/// Most draws of a template that combines products with addresses and cards.
const MOST: usize = 400;

/// Where to, how, and with which card: all other than the default.
struct Terms<'a> {
    address: &'a Address,
    delivery: DeliveryMethod,
    card: &'a Card,
}

fn terms(state: &ShopState) -> Vec<Terms<'_>> {
    let cards: Vec<&Card> = state
        .cards
        .values()
        .filter(|card| !card.is_default && !is_expired(card))
        .collect();
    let mut terms = Vec::new();
    for address in state
        .addresses
        .values()
        .filter(|address| !address.is_default)
    {
        for delivery in DeliveryMethod::ALL {
            for card in &cards {
                terms.push(Terms {
                    address,
                    delivery: *delivery,
                    card,
                });
            }
        }
    }
    terms
}

fn refused(state: &ShopState, sku: &Sku, terms: &Terms<'_>) -> bool {
    let country = &terms.address.postal.country;
    let lines = [(sku.clone(), 1)];
    too_heavy(state, &lines, country).is_some()
        || delivery_options(state, &lines, country)
            .iter()
            .any(|option| option.method == terms.delivery && option.refused.is_some())
}

fn buying(state: &ShopState, product: &Product, variant: &Variant, terms: &Terms<'_>) -> Value {
    let (park, unpark) = park_and_unpark(state);
    let default_address = state.addresses.values().find(|address| address.is_default);
    let default_card = state.cards.values().find(|card| card.is_default);
    json!({
        "product": product.name,
        "variant": variant.label,
        "sku": variant.sku,
        "lines": order_lines(&[(variant.sku.to_string(), 1)]),
        "two_lines": order_lines(&[(variant.sku.to_string(), 2)]),
        "address": {
            "id": terms.address.id,
            "label": terms.address.label,
            "spoken": spoken_label(terms.address),
        },
        "default_address": default_address.map(|address| address.id.clone()),
        "default_card": default_card.map(|card| card.id.clone()),
        "delivery": {
            "id": terms.delivery,
            "label": delivery_label(terms.delivery),
            "phrase": phrase(terms.delivery),
        },
        "card": {"id": terms.card.id, "last4": terms.card.last4},
        "park": park,
        "unpark": unpark,
    })
}

/// How a customer says it.
const fn phrase(method: DeliveryMethod) -> &'static str {
    match method {
        DeliveryMethod::Standard => "standard delivery",
        DeliveryMethod::Express => "express delivery",
        DeliveryMethod::Locker => "to a parcel locker",
    }
}

/// S05: a variant to another address, by another delivery, on another card than usual.
pub(super) fn purchase(state: &ShopState) -> Vec<Drawn> {
    let terms = terms(state);
    variants(state)
        .filter(|(product, _)| product.variants.len() >= 2)
        .enumerate()
        .filter_map(|(at, (product, variant))| {
            let terms = terms.get(at % terms.len().max(1))?;
            Some(one_purchase(state, product, variant, terms))
        })
        .take(MOST)
        .collect()
}

fn one_purchase(
    state: &ShopState,
    product: &Product,
    variant: &Variant,
    terms: &Terms<'_>,
) -> Drawn {
    ensure(state.cart_code.is_none(), "a code is on the cart")?;
    ensure(
        left(state, variant) >= 2,
        "it is sold out or the last piece",
    )?;
    ensure(
        !product.variants.iter().any(|other| in_cart(state, other)),
        "it is in the cart",
    )?;
    ensure(
        !refused(state, &variant.sku, terms),
        "it is not delivered there so",
    )?;
    let other = product
        .variants
        .iter()
        .find(|other| other.sku != variant.sku)
        .ok_or("no other variant")?;
    let mut values = buying(state, product, variant, terms);
    values["other_lines"] = order_lines(&[(other.sku.to_string(), 1)]);
    let mut all: Vec<(String, u32)> = state
        .cart
        .values()
        .map(|line| (line.sku.to_string(), line.quantity))
        .collect();
    all.push((variant.sku.to_string(), 1));
    values["with_old_cart"] = order_lines(&all);
    Ok(values)
}

/// N02: the variant is sold out, others of the product are not.
pub(super) fn sold_out_purchase(state: &ShopState) -> Vec<Drawn> {
    let terms = terms(state);
    variants(state)
        .filter(|(product, variant)| product.variants.len() >= 2 && left(state, variant) == 0)
        .enumerate()
        .filter_map(|(at, (product, variant))| {
            let terms = terms.get(at % terms.len().max(1))?;
            Some(one_sold_out(state, product, variant, terms))
        })
        .collect()
}

fn one_sold_out(
    state: &ShopState,
    product: &Product,
    variant: &Variant,
    terms: &Terms<'_>,
) -> Drawn {
    ensure(
        !product.variants.iter().any(|other| in_cart(state, other)),
        "it is in the cart",
    )?;
    ensure(
        !refused(state, &variant.sku, terms),
        "it is not delivered there so either",
    )?;
    let other = product
        .variants
        .iter()
        .find(|other| left(state, other) > 0)
        .ok_or("every variant is sold out")?;
    let mut values = buying(state, product, variant, terms);
    values["product_id"] = json!(product.id);
    values["other_sku"] = json!(other.sku);
    values["other_lines"] = order_lines(&[(other.sku.to_string(), 1)]);
    Ok(values)
}
