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

/// Limits that a person would name, in dollars.
const DOLLARS: [u32; 14] = [10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200];

/// The fewest things that are ordered.
const LEAST: usize = 3;

/// Words of a thing's name that fit into the goal.
const NAME_WORDS: usize = 5;

/// X11: everything on the list that the customer does not have, in one order; or all of it but
/// what is dear, or but a thing that a friend brings.
pub(super) fn packing_list(sites: &Sites) -> Vec<Drawn> {
    sites
        .wiki
        .pages
        .values()
        .filter_map(|page| Some((page, page.title.strip_prefix(TITLE)?)))
        .flat_map(|(page, course)| {
            [But::Nothing, But::Dear, But::Brought].map(|but| {
                let list = read(&sites.shop, page)?;
                order(&sites.shop, page, course, &list, but)
            })
        })
        .collect()
}

/// What is missing, but not to be ordered.
#[derive(Debug, Clone, Copy)]
enum But {
    Nothing,
    /// What costs more than a limit.
    Dear,
    /// A thing that a friend brings.
    Brought,
}

/// A missing thing with the variants that may be ordered.
type Line<'a> = (&'a Product, Vec<&'a Variant>);

/// Things on a list.
struct List<'a> {
    goods: Vec<(&'a Product, Has)>,
    missing: Vec<Line<'a>>,
}

impl<'a> List<'a> {
    fn has(&self, product: &Product) -> Has {
        self.goods
            .iter()
            .find(|(one, _)| one.id == product.id)
            .map_or(Has::Never, |(_, has)| *has)
    }

    /// Articles that were ordered once or are wished for, and seem to be there.
    fn doubtful(&self, shop: &ShopState) -> Vec<&'a str> {
        let seems_owned = |(product, has): &&(&Product, Has)| {
            *has != Has::Kept && (*has != Has::Never || shop.wishlist.contains_key(&product.id))
        };
        self.goods
            .iter()
            .filter(seems_owned)
            .flat_map(|(product, _)| product.variants.iter())
            .map(|variant| variant.sku.as_str())
            .collect()
    }

    /// Everything that is there, as it would be bought again.
    fn owned(&self) -> Vec<(String, u32)> {
        self.goods
            .iter()
            .filter(|(_, has)| *has == Has::Kept)
            .filter_map(|(product, _)| Some((product.variants.first()?.sku.to_string(), 1)))
            .collect()
    }

    /// What is left out, in the words of the goal, and which of the missing things that is.
    fn left_out(&self, shop: &ShopState, but: But) -> Result<(String, Vec<bool>), String> {
        match but {
            But::Nothing => Ok((String::new(), vec![false; self.missing.len()])),
            But::Dear => {
                let (limit, dear) = self.limit(shop).ok_or("no limit parts the things")?;
                Ok((format!(", but nothing that costs more than ${limit}"), dear))
            }
            But::Brought => {
                let is_fresh = |product: &Product| {
                    self.has(product) == Has::Never && !shop.wishlist.contains_key(&product.id)
                };
                let can_be_named = |product: &Product| {
                    !product.name.contains([',', '"'])
                        && product.name.split(' ').count() <= NAME_WORDS
                };
                let at = self
                    .missing
                    .iter()
                    .position(|(product, _)| is_fresh(product) && can_be_named(product))
                    .ok_or("none can be named")?;
                let name = &self.missing[at].0.name;
                let brought = (0..self.missing.len()).map(|place| place == at).collect();
                Ok((
                    format!(", but not the {name}, which a friend brings"),
                    brought,
                ))
            }
        }
    }

    /// The limit in dollars that leaves out about half, and what it leaves out. No variant of a
    /// thing is on the other side of it, reduced or not.
    fn limit(&self, shop: &ShopState) -> Option<(u32, Vec<bool>)> {
        let doubtful = self.doubtful(shop);
        let seems_owned = |(product, _): &Line<'_>| {
            let first = product.variants.first();
            first.is_some_and(|variant| doubtful.contains(&variant.sku.as_str()))
        };
        DOLLARS
            .iter()
            .filter_map(|dollars| {
                let dear: Vec<bool> = self
                    .missing
                    .iter()
                    .map(|(product, _)| is_dear(product, dollars * 100))
                    .collect::<Option<_>>()?;
                let kept = dear.iter().filter(|dear| !**dear).count();
                let one_seems_owned = self
                    .missing
                    .iter()
                    .zip(&dear)
                    .any(|(line, dear)| !dear && seems_owned(line));
                let fits = kept >= LEAST && kept < dear.len() && one_seems_owned;
                fits.then_some((kept.abs_diff(LEAST), *dollars, dear))
            })
            .min()
            .map(|(_, dollars, dear)| (dollars, dear))
    }
}

/// Whether a thing costs more than a limit in cents; none when that depends on the variant, or
/// on whether the reduction counts.
fn is_dear(product: &Product, limit: u32) -> Option<bool> {
    let mut prices = product.variants.iter().flat_map(|variant| {
        let price = price_of(variant);
        [price.cents, price.list_cents]
    });
    let first = prices.next()? > limit;
    prices
        .all(|cents| (cents > limit) == first)
        .then_some(first)
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

fn read<'a>(shop: &'a ShopState, page: &Page) -> Result<List<'a>, String> {
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
    let missing = goods
        .iter()
        .filter(|(_, has)| *has != Has::Kept)
        .map(|(product, _)| Ok((*product, cheapest(shop, product)?)))
        .collect::<Result<_, String>>()?;
    Ok(List { goods, missing })
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
fn pattern(lines: &[&Line<'_>]) -> Value {
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

/// Of each line its first variant, which is as good as the others.
fn pairs(lines: &[&Line<'_>]) -> Vec<(Sku, u32)> {
    lines
        .iter()
        .filter_map(|(_, variants)| Some((variants.first()?.sku.clone(), 1)))
        .collect()
}

fn named(pairs: &[(Sku, u32)]) -> Vec<(String, u32)> {
    pairs
        .iter()
        .map(|(sku, qty)| (sku.to_string(), *qty))
        .collect()
}

/// The usual address takes an order by standard delivery.
fn can_be_sent(shop: &ShopState, pairs: &[(Sku, u32)], country: &str) -> Result<(), String> {
    ensure(
        too_heavy(shop, pairs, country).is_none(),
        "one is too heavy",
    )?;
    let refused = delivery_options(shop, pairs, country)
        .iter()
        .any(|option| option.method == DeliveryMethod::Standard && option.refused.is_some());
    ensure(
        !refused && shop.cart_code.is_none(),
        "standard delivery is refused",
    )
}

fn order(shop: &ShopState, page: &Page, course: &str, list: &List<'_>, but: But) -> Drawn {
    let (words, left_out) = list.left_out(shop, but)?;
    let side = |wanted: bool| -> Vec<&Line<'_>> {
        let lines = list.missing.iter().zip(&left_out);
        lines
            .filter(|(_, left_out)| **left_out == wanted)
            .map(|(line, _)| line)
            .collect()
    };
    let (choices, spared) = (side(false), side(true));
    ensure(choices.len() >= LEAST, "too few are missing")?;
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
    can_be_sent(shop, &pairs(&choices), &address.postal.country)?;
    let right = named(&pairs(&choices));
    let mut two_of_one = right.clone();
    two_of_one[0].1 = 2;
    let doubtful = list.doubtful(shop);
    let without: Vec<(String, u32)> = right
        .iter()
        .filter(|(sku, _)| !doubtful.contains(&sku.as_str()))
        .cloned()
        .collect();
    ensure(without.len() < right.len(), "none only seems to be there")?;
    let owned = list.owned();
    let bought_again = owned.first().ok_or("nothing is there")?.clone();
    // Where nothing is left out, all of the list is too much.
    let more = if spared.is_empty() {
        owned
    } else {
        named(&pairs(&spared))
    };
    Ok(json!({
        "course": course,
        "but": words,
        "lines": pattern(&choices),
        "two_of_one": record(&two_of_one),
        "without": record(&without),
        "one_less": record(&right[1..]),
        "with_owned": record(&[right.clone(), vec![bought_again]].concat()),
        "too_many": record(&[right, more].concat()),
        "address": address.id,
        "card": card.id,
        "other_address": shop.addresses.values().find(|one| !one.is_default).map(|one| one.id.clone()),
        "steps": steps(shop, page, &choices, (&address.label, &card.last4)),
    }))
}

fn steps(
    shop: &ShopState,
    page: &Page,
    lines: &[&Line<'_>],
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
    for (product, variants) in lines {
        let name = quoted(&product.name);
        steps.extend([
            format!("fill 'Search the shop' '{name}'"),
            "click button 'Search'".to_owned(),
            format!("click link '{name}' nth 1"),
        ]);
        if let Some(variant) = variants.first().filter(|_| product.variants.len() > 1) {
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
