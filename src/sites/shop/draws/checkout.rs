//! Draws about buying.

use serde_json::{Value, json};

use super::parts::{
    ensure, full_name, in_cart, left, line_name, order_lines, park_and_unpark, placed_on, quoted,
    spoken_label, variants,
};
use crate::sites::clock::days_between;
use crate::sites::shop::queries::cart::{delivery_label, delivery_options, is_expired, too_heavy};
use crate::sites::shop::queries::product::variant as find_variant;
use crate::sites::shop::state::{
    Address, Card, DeliveryMethod, Order, OrderLine, OrderStatus, Product, ShopState, Sku, Variant,
};
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

/// S06: an order again, without one item, and a sold-out line in another colour.
pub(super) fn order_again(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for order in state.orders.values() {
        for item in &order.lines {
            drawn.push(one_again(state, order, item));
        }
    }
    drawn
}

fn one_again(state: &ShopState, order: &Order, item: &OrderLine) -> Drawn {
    ensure(
        (4..=5).contains(&order.lines.len()),
        "it has not 4 or 5 lines",
    )?;
    ensure(
        order.status == OrderStatus::Delivered,
        "it is not delivered",
    )?;
    let same_day = state
        .orders
        .values()
        .filter(|other| placed_on(other) == placed_on(order))
        .count();
    ensure(same_day == 1, "there is another order of that day")?;
    let near = state
        .orders
        .values()
        .filter(|other| other.no != order.no)
        .find(|other| days_between(order.placed_at.date(), other.placed_at.date()).abs() <= 7)
        .ok_or("no other order was placed that week")?;
    let kept: Vec<&OrderLine> = order
        .lines
        .iter()
        .filter(|line| line.sku != item.sku)
        .collect();
    ensure(
        kept.iter().any(|line| line.quantity >= 2),
        "no kept line has a quantity of 2",
    )?;
    let gone: Vec<&&OrderLine> = kept
        .iter()
        .filter(|line| {
            crate::sites::shop::queries::product::pieces(state, line.sku.as_str()) < line.quantity
        })
        .collect();
    let [gone] = gone.as_slice() else {
        return Err("not one of the kept lines is sold out".into());
    };
    let (product, sold_out) =
        find_variant(state, gone.sku.as_str()).ok_or("it is not sold any more")?;
    ensure(
        sold_out.colour.is_some() && left(state, sold_out) == 0,
        "it is not sold out in a colour",
    )?;
    let instead = product
        .variants
        .iter()
        .find(|other| other.colour.is_some() && left(state, other) > gone.quantity)
        .ok_or("no other colour is in stock")?;
    ensure(
        !kept.iter().any(|line| line.sku == instead.sku),
        "the other colour is in the order",
    )?;
    again_values(state, order, item, &kept, (gone, product, instead), near)
}

fn again_values(
    state: &ShopState,
    order: &Order,
    item: &OrderLine,
    kept: &[&OrderLine],
    (gone, product, instead): (&OrderLine, &Product, &Variant),
    near: &Order,
) -> Drawn {
    let address = order.address_id.as_ref().ok_or("its address is gone")?;
    let there = state.addresses.get(address).ok_or("its address is gone")?;
    let wanted: Vec<(String, u32)> = kept
        .iter()
        .filter(|line| line.sku != gone.sku)
        .map(|line| (line.sku.to_string(), line.quantity))
        .chain([(instead.sku.to_string(), gone.quantity)])
        .collect();
    ensure(
        !state
            .cart
            .keys()
            .any(|sku| order.lines.iter().any(|line| line.sku == *sku) || *sku == instead.sku),
        "a line is in the cart",
    )?;
    ensure(
        kept.iter()
            .filter(|line| line.sku != gone.sku)
            .all(|line| find_variant(state, line.sku.as_str()).is_some()),
        "a line is not sold any more",
    )?;
    let skus: Vec<(Sku, u32)> = wanted
        .iter()
        .map(|(sku, qty)| (Sku::from(sku.as_str()), *qty))
        .collect();
    let country = &there.postal.country;
    let offered = delivery_options(state, &skus, country)
        .iter()
        .any(|option| option.method == order.delivery && option.refused.is_none());
    ensure(
        offered && too_heavy(state, &skus, country).is_none(),
        "its delivery is not offered now",
    )?;
    let item_variant =
        find_variant(state, item.sku.as_str()).ok_or("the left out item is not sold any more")?;
    ensure(
        left(state, item_variant.1) >= item.quantity,
        "the left out item is sold out",
    )?;
    let others = order
        .lines
        .iter()
        .filter(|line| line.name == item.name)
        .count();
    ensure(others == 1, "two lines have the name of the left out item")?;
    let (park, unpark) = park_and_unpark(state);
    let default_address = state.addresses.values().find(|address| address.is_default);
    ensure(
        default_address.is_none_or(|default| default.id != *address),
        "its address is the default",
    )?;
    let one_each: Vec<(String, u32)> = wanted.iter().map(|(sku, _)| (sku.clone(), 1)).collect();
    let with_item: Vec<(String, u32)> = wanted
        .iter()
        .cloned()
        .chain([(item.sku.to_string(), item.quantity)])
        .collect();
    let without_gone: Vec<(String, u32)> = wanted
        .iter()
        .filter(|(sku, _)| *sku != instead.sku.as_str())
        .cloned()
        .collect();
    let near_lines: Vec<(String, u32)> = near
        .lines
        .iter()
        .map(|line| (line.sku.to_string(), line.quantity))
        .collect();
    Ok(json!({
        "date": placed_on(order),
        "order": order.no,
        "item": item.name,
        "item_full": line_name(item),
        "colour": instead.colour,
        "lines": order_lines(&wanted),
        "one_each": order_lines(&one_each),
        "with_item": order_lines(&with_item),
        "without_sold_out": order_lines(&without_gone),
        "near_lines": order_lines(&near_lines),
        "address": {"id": address, "label": there.label},
        "default_address": default_address.map(|address| address.id.clone()),
        "delivery": {"id": order.delivery, "label": delivery_label(order.delivery)},
        "instead": {
            "product": product.name,
            "full": full_name(product, instead),
            "sku": instead.sku,
            "quantity": gone.quantity,
        },
        "find_order": super::orders::find_order(state, order),
        "remove_item": [format!("click button 'Remove {}'", quoted(&line_name(item)))],
        "park": park,
        "unpark": unpark,
    }))
}
