//! A packing list in the wiki, and what of it the customer has already.

use serde_json::{Value, json};

use super::parts::{cart_names, ensure, open_article, quoted};
use crate::sites::shop::queries::cart::{delivery_label, delivery_options, too_heavy};
use crate::sites::shop::queries::product::{pieces, price_of};
use crate::sites::shop::state::{DeliveryMethod, OrderStatus, Product, ShopState, Sku, Variant};
use crate::sites::state::Sites;
use crate::sites::tasks::draw::Drawn;
use crate::sites::wiki::markup::{Block, plain};
use crate::sites::wiki::state::Page;

const TITLE: &str = "Packing list: ";

/// X11: everything on the list that the customer does not have, in one order.
pub(super) fn packing_list(sites: &Sites) -> Vec<Drawn> {
    sites
        .wiki
        .pages
        .values()
        .filter_map(|page| Some((page, page.title.strip_prefix(TITLE)?)))
        .map(|(page, course)| one_list(&sites.shop, page, course))
        .collect()
}

/// What became of what was ordered, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Has {
    /// It was delivered and kept.
    Kept,
    /// It is on its way.
    Coming,
    /// It was delivered and sent back.
    Returned,
    /// The order or the line was cancelled.
    Cancelled,
    /// It was never ordered.
    Never,
}

fn has(shop: &ShopState, product: &Product) -> Has {
    let mut best = Has::Never;
    for order in shop.orders.values() {
        for line in order.lines.iter().filter(|line| line.product == product.id) {
            let back: u32 = shop
                .returns
                .values()
                .filter(|entry| entry.order == order.no && entry.sku == line.sku)
                .map(|entry| entry.quantity)
                .sum();
            let now = if order.status == OrderStatus::Cancelled || line.cancelled {
                Has::Cancelled
            } else if back >= line.quantity {
                Has::Returned
            } else if order.status == OrderStatus::Delivered {
                Has::Kept
            } else {
                Has::Coming
            };
            best = best.min(now);
        }
    }
    best
}

fn one_list(shop: &ShopState, page: &Page, course: &str) -> Drawn {
    let items = items(page);
    let goods: Vec<(&Product, Has)> = items
        .iter()
        .filter_map(|name| {
            let mut named = shop
                .catalogue
                .products
                .values()
                .filter(|one| one.name == *name);
            let product = named.next()?;
            named
                .next()
                .is_none()
                .then(|| (product, has(shop, product)))
        })
        .collect();
    ensure(
        goods.len() == items.len(),
        "a thing is not the name of one product",
    )?;
    ensure((7..=9).contains(&items.len()), "not seven to nine things")?;
    let count = |wanted: Has| goods.iter().filter(|(_, has)| *has == wanted).count();
    ensure(
        (3..=4).contains(&count(Has::Kept)),
        "not three or four are there",
    )?;
    ensure(count(Has::Coming) == 0, "one is on its way")?;
    let wanted: Vec<&(&Product, Has)> = goods.iter().filter(|(_, has)| *has != Has::Kept).collect();
    let mut lines: Vec<(&Product, Vec<&Variant>)> = Vec::new();
    for (product, _) in &wanted {
        lines.push((product, cheapest(shop, product)?));
    }
    order(shop, page, course, &goods, &lines)
}

/// Names on the list.
fn items(page: &Page) -> Vec<String> {
    page.content
        .document
        .sections
        .iter()
        .filter(|section| section.heading == "To bring")
        .flat_map(|section| &section.blocks)
        .filter_map(|block| match block {
            Block::List { items, .. } => Some(items),
            _ => None,
        })
        .flatten()
        .map(|item| plain(item))
        .collect()
}

/// The variants in stock at the lowest price; none of the product is in the cart.
fn cheapest<'a>(shop: &ShopState, product: &'a Product) -> Result<Vec<&'a Variant>, String> {
    let in_cart = |variant: &Variant| {
        shop.cart.contains_key(&variant.sku) || shop.saved.contains_key(&variant.sku)
    };
    ensure(!product.variants.iter().any(in_cart), "one is in the cart")?;
    let in_stock = || {
        product
            .variants
            .iter()
            .filter(|variant| pieces(shop, variant.sku.as_str()) > 0)
    };
    let least = in_stock().map(|variant| price_of(variant).cents).min();
    let variants: Vec<&Variant> = in_stock()
        .filter(|variant| Some(price_of(variant).cents) == least)
        .collect();
    ensure(!variants.is_empty(), "one is sold out")?;
    Ok(variants)
}

/// Lines that accept every variant at the lowest price.
fn pattern(lines: &[(&Product, Vec<&Variant>)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|(_, variants)| {
            let skus: Vec<&str> = variants
                .iter()
                .map(|variant| variant.sku.as_str())
                .collect();
            json!({"sku": {"one_of": skus}, "qty": 1})
        })
        .collect();
    json!({"set": lines})
}

fn record(lines: &[(String, u32)]) -> Value {
    let mut lines = lines.to_vec();
    lines.sort();
    lines
        .into_iter()
        .map(|(sku, qty)| json!({"sku": sku, "qty": qty}))
        .collect()
}

fn order(
    shop: &ShopState,
    page: &Page,
    course: &str,
    goods: &[(&Product, Has)],
    choices: &[(&Product, Vec<&Variant>)],
) -> Drawn {
    let lines: Vec<(&Product, &Variant)> = choices
        .iter()
        .filter_map(|(product, variants)| Some((*product, *variants.first()?)))
        .collect();
    let address = shop
        .addresses
        .values()
        .find(|one| one.is_default)
        .ok_or("no address")?;
    let card = shop
        .cards
        .values()
        .find(|one| one.is_default)
        .ok_or("no card")?;
    let pairs: Vec<(Sku, u32)> = lines
        .iter()
        .map(|(_, variant)| (variant.sku.clone(), 1))
        .collect();
    let country = &address.postal.country;
    ensure(
        too_heavy(shop, &pairs, country).is_none(),
        "one is too heavy",
    )?;
    let refused = delivery_options(shop, &pairs, country)
        .iter()
        .any(|option| option.method == DeliveryMethod::Standard && option.refused.is_some());
    ensure(
        !refused && shop.cart_code.is_none(),
        "standard delivery is refused",
    )?;
    let right: Vec<(String, u32)> = pairs
        .iter()
        .map(|(sku, qty)| (sku.to_string(), *qty))
        .collect();
    let mut two_of_one = right.clone();
    two_of_one[0].1 = 2;
    let seems_owned = |(product, has): &&(&Product, Has)| {
        *has != Has::Kept && (*has != Has::Never || shop.wishlist.contains_key(&product.id))
    };
    let doubtful: Vec<&str> = goods
        .iter()
        .filter(seems_owned)
        .flat_map(|(product, _)| product.variants.iter())
        .map(|variant| variant.sku.as_str())
        .collect();
    let without: Vec<(String, u32)> = right
        .iter()
        .filter(|(sku, _)| !doubtful.contains(&sku.as_str()))
        .cloned()
        .collect();
    ensure(without.len() < right.len(), "none only seems to be there")?;
    let mut with_owned = right.clone();
    let owned = goods
        .iter()
        .find(|(_, has)| *has == Has::Kept)
        .ok_or("nothing is there")?;
    let first = owned.0.variants.first().ok_or("no variant")?;
    with_owned.push((first.sku.to_string(), 1));
    Ok(json!({
        "course": course,
        "lines": pattern(choices),
        "two_of_one": record(&two_of_one),
        "without": record(&without),
        "one_less": record(&right[1..]),
        "with_owned": record(&with_owned),
        "address": address.id,
        "card": card.id,
        "other_address": shop.addresses.values().find(|one| !one.is_default).map(|one| one.id.clone()),
        "steps": steps(shop, page, &lines, (&address.label, &card.last4)),
    }))
}

fn steps(
    shop: &ShopState,
    page: &Page,
    lines: &[(&Product, &Variant)],
    (address, card): (&str, &str),
) -> Vec<String> {
    let cart: Vec<String> = cart_names(shop).iter().map(|name| quoted(name)).collect();
    let mut steps = open_article(&page.title);
    steps.extend([
        "goto '/shop/orders'".to_owned(),
        "click link 'Cart' within 'Account'".to_owned(),
        "click button 'No, thank you'".to_owned(),
    ]);
    steps.extend(
        cart.iter()
            .map(|name| format!("click button 'Save for later: {name}'")),
    );
    for (product, variant) in lines {
        let name = quoted(&product.name);
        steps.extend([
            format!("fill 'Search the shop' '{name}'"),
            "click button 'Search'".to_owned(),
            format!("click link '{name}' nth 1"),
        ]);
        if product.variants.len() > 1 {
            steps.push(format!("choose '{}'", variant.sku));
        }
        steps.push("click button 'Add to cart'".to_owned());
    }
    steps.extend([
        "click link 'Go to checkout'".to_owned(),
        format!("choose '{}'", quoted(address)),
        "click button 'Continue to delivery'".to_owned(),
        format!("choose '{}'", delivery_label(DeliveryMethod::Standard)),
        "click button 'Continue to payment'".to_owned(),
        format!("choose '{card}'"),
        "click button 'Continue to review'".to_owned(),
        "click button 'Place order'".to_owned(),
        "click link 'Cart' within 'Account'".to_owned(),
    ]);
    steps.extend(
        cart.iter()
            .map(|name| format!("click button 'Move to cart: {name}'")),
    );
    steps.push("done".to_owned());
    steps
}
