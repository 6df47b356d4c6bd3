//! Cart, totals and checkout.

use std::collections::BTreeMap;

use crate::sites::clock::{TODAY, day_text};
use crate::sites::shop::queries::product::{
    Price, Stock, in_category, pieces, price_of, stock, variant,
};
use crate::sites::shop::queries::{kilograms, money};
use crate::sites::shop::state::{
    Address, Card, CartLine, DeliveryMethod, DeliveryRate, DiscountCode, FREE_DELIVERY_CENTS,
    Product, Reduction, ShopState, Sku, Variant,
};

/// A line with what it costs.
#[derive(Debug, Clone, PartialEq)]
pub struct CartRow<'a> {
    /// Product.
    pub product: &'a Product,
    /// Variant.
    pub variant: &'a Variant,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece.
    pub price: Price,
    /// Price of all pieces.
    pub sum_cents: u32,
    /// Stock.
    pub stock: Stock,
    /// What is wrong with the line (sold out meanwhile, fewer left), in words.
    pub problem: Option<String>,
}

/// Sums of a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Goods.
    pub goods_cents: u32,
    /// What the code takes off goods.
    pub discount_cents: u32,
    /// Fee for delivery; absent while delivery was not chosen.
    pub delivery_cents: Option<u32>,
    /// goods - discount + delivery.
    pub total_cents: u32,
    /// Packed weight.
    pub packed_g: u32,
    /// Pieces.
    pub pieces: u32,
}

/// The cart page.
#[derive(Debug, Clone, PartialEq)]
pub struct CartPage<'a> {
    /// Lines in order of adding.
    pub lines: Vec<CartRow<'a>>,
    /// What is saved for later.
    pub saved: Vec<CartRow<'a>>,
    /// The code on the cart.
    pub code: Option<&'a DiscountCode>,
    /// Why the code takes nothing off at present, in words.
    pub code_problem: Option<String>,
    /// Sums without delivery.
    pub totals: Totals,
    /// Goods value missing for free standard delivery at home; 0 when reached.
    pub to_free_delivery_cents: u32,
    /// Whether the newsletter offer is to be shown.
    pub offer: bool,
}

/// Pieces in the cart, for the badge.
pub fn cart_count(state: &ShopState) -> u32 {
    state.cart.values().map(|line| line.quantity).sum()
}

/// The cart page.
pub fn cart_page(state: &ShopState) -> CartPage<'_> {
    let lines = rows(state, &state.cart);
    let pairs = cart_pairs(state);
    let code = code(state);
    let totals = totals(state, &pairs, state.cart_code.as_deref(), None);
    CartPage {
        saved: rows(state, &state.saved),
        code,
        code_problem: code.and_then(|code| reduction(state, code, &pairs).err()),
        to_free_delivery_cents: FREE_DELIVERY_CENTS.saturating_sub(totals.goods_cents),
        offer: !state.incidental.offer_answered && !lines.is_empty(),
        totals,
        lines,
    }
}

/// What a code would take off these lines, in cents, or why it may not be used, in words.
/// Delivery codes answer 0 here and act in [`totals`].
pub fn reduction(
    state: &ShopState,
    code: &DiscountCode,
    lines: &[(Sku, u32)],
) -> Result<u32, String> {
    if TODAY < code.from {
        return Err(format!(
            "The code {} is valid from {} on.",
            code.code,
            day_text(code.from)
        ));
    }
    if code.until < TODAY {
        return Err(format!(
            "The code {} expired on {}.",
            code.code,
            day_text(code.until)
        ));
    }
    let goods: u32 = lines.iter().map(|line| sum_of(state, line)).sum();
    if let Some(minimum) = code.minimum_cents.filter(|minimum| goods < *minimum) {
        return Err(format!(
            "The code {} needs goods for at least {}; there are goods for {} in your cart.",
            code.code,
            money(minimum),
            money(goods)
        ));
    }
    let applies: u32 = lines
        .iter()
        .filter(|(sku, _)| applies_to(state, code, sku.as_str()))
        .map(|line| sum_of(state, line))
        .sum();
    if applies == 0 {
        return Err(format!(
            "The code {} does not apply to anything in your cart. {}",
            code.code, code.text
        ));
    }
    let off = match code.reduction {
        Reduction::Percent(percent) => (applies * percent + 50) / 100,
        Reduction::Fixed(cents) => cents.min(applies),
        Reduction::FreeDelivery => 0,
    };
    Ok(code.cap_cents.map_or(off, |cap| off.min(cap)))
}

/// Sums of lines with a code, for a country and a kind of delivery when they are known.
pub fn totals(
    state: &ShopState,
    lines: &[(Sku, u32)],
    code: Option<&str>,
    delivery: Option<(&str, DeliveryMethod)>,
) -> Totals {
    let goods_cents: u32 = lines.iter().map(|line| sum_of(state, line)).sum();
    let packed_g: u32 = lines
        .iter()
        .filter_map(|(sku, pieces)| {
            let (product, _) = variant(state, sku.as_str())?;
            Some(product.packed_weight_g * pieces)
        })
        .sum();
    let code = code.and_then(|code| find_code(state, code));
    let reduced = code.map(|code| (code.reduction, reduction(state, code, lines)));
    let discount_cents = match &reduced {
        Some((_, Ok(cents))) => *cents,
        _ => 0,
    };
    let free = matches!(reduced, Some((Reduction::FreeDelivery, Ok(_))));
    let delivery_cents = delivery.and_then(|(country, method)| {
        let rate = rate(state, country, method)?;
        let covered = free && method == DeliveryMethod::Standard;
        Some(if covered {
            0
        } else {
            fee(rate, goods_cents, packed_g)
        })
    });
    Totals {
        goods_cents,
        discount_cents,
        delivery_cents,
        total_cents: goods_cents - discount_cents + delivery_cents.unwrap_or(0),
        packed_g,
        pieces: lines.iter().map(|(_, pieces)| pieces).sum(),
    }
}

/// A kind of delivery in checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryOption {
    /// Kind.
    pub method: DeliveryMethod,
    /// Wording, e.g. `Express`.
    pub label: &'static str,
    /// How long, e.g. `next working day`.
    pub takes: String,
    /// Fee for what is in the cart.
    pub cents: u32,
    /// Why it is not offered, in words; none when it is.
    pub refused: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A card in checkout and account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow<'a> {
    /// The card.
    pub card: &'a Card,
    /// Whether it is past its last month.
    pub expired: bool,
    /// Whether it is chosen in checkout.
    pub chosen: bool,
}

/// Everything that the steps of checkout show.
#[derive(Debug, Clone, PartialEq)]
pub struct CheckoutPage<'a> {
    /// Lines of the cart.
    pub lines: Vec<CartRow<'a>>,
    /// All addresses, the default first.
    pub addresses: Vec<&'a Address>,
    /// The chosen one.
    pub address: Option<&'a Address>,
    /// Why the cart cannot go to the chosen address, in words.
    pub address_problem: Option<String>,
    /// Kinds of delivery for the chosen address.
    pub deliveries: Vec<DeliveryOption>,
    /// The chosen one.
    pub delivery: Option<DeliveryMethod>,
    /// All cards, the default first.
    pub cards: Vec<CardRow<'a>>,
    /// The chosen one.
    pub card: Option<&'a Card>,
    /// Gift note.
    pub gift_note: &'a str,
    /// The code on the cart.
    pub code: Option<&'a DiscountCode>,
    /// Sums.
    pub totals: Totals,
}

/// Everything that the steps of checkout show.
pub fn checkout_page(state: &ShopState) -> CheckoutPage<'_> {
    let draft = &state.incidental.checkout;
    let address = chosen_address(state);
    let card = chosen_card(state);
    let pairs = cart_pairs(state);
    let deliveries = address.map_or_else(Vec::new, |address| {
        delivery_options(state, &pairs, &address.postal.country)
    });
    let delivery = deliveries
        .iter()
        .find(|option| option.chosen && option.refused.is_none())
        .map(|option| option.method);
    let country = address.map(|address| address.postal.country.as_str());
    let mut addresses: Vec<&Address> = state.addresses.values().collect();
    addresses.sort_by_key(|entry| (!entry.is_default, entry.label.clone()));
    let mut cards: Vec<&Card> = state.cards.values().collect();
    cards.sort_by_key(|entry| (!entry.is_default, entry.id.clone()));
    CheckoutPage {
        lines: rows(state, &state.cart),
        addresses,
        address_problem: country.and_then(|country| too_heavy(state, &pairs, country)),
        deliveries,
        delivery,
        cards: cards
            .into_iter()
            .map(|entry| CardRow {
                card: entry,
                expired: is_expired(entry),
                chosen: card.is_some_and(|card| card.id == entry.id),
            })
            .collect(),
        card,
        gift_note: &draft.gift_note,
        code: code(state),
        totals: totals(
            state,
            &pairs,
            state.cart_code.as_deref(),
            country.zip(delivery),
        ),
        address,
    }
}

/// The wording of a kind of delivery.
pub const fn delivery_label(method: DeliveryMethod) -> &'static str {
    match method {
        DeliveryMethod::Standard => "Standard",
        DeliveryMethod::Express => "Express",
        DeliveryMethod::Locker => "Parcel locker",
    }
}

/// Whether a card is past its last month.
pub fn is_expired(card: &Card) -> bool {
    let (year, month) = card.expires;
    year < TODAY.year() || (year == TODAY.year() && month < TODAY.month())
}

/// Name of a country by id; the id itself when it is unknown.
pub fn country_name<'a>(state: &'a ShopState, id: &'a str) -> &'a str {
    state
        .catalogue
        .countries
        .iter()
        .find(|country| country.id == id)
        .map_or(id, |country| country.name.as_str())
}

/// The largest packed weight for the lower fee, in grams.
pub const LIGHT_ORDER_G: u32 = 5_000;

/// SKU and pieces of each cart line.
pub fn cart_pairs(state: &ShopState) -> Vec<(Sku, u32)> {
    state
        .cart
        .values()
        .map(|line| (line.sku.clone(), line.quantity))
        .collect()
}

fn rows<'a>(state: &'a ShopState, lines: &BTreeMap<Sku, CartLine>) -> Vec<CartRow<'a>> {
    let mut ordered: Vec<&CartLine> = lines.values().collect();
    ordered.sort_by_key(|line| line.seq);
    ordered
        .into_iter()
        .filter_map(|line| {
            let (product, variant) = variant(state, line.sku.as_str())?;
            let price = price_of(variant);
            let left = pieces(state, line.sku.as_str());
            let problem = match left {
                0 => Some("Sold out. Remove it or save it for later to order the rest.".to_owned()),
                left if left < line.quantity => {
                    Some(format!("Only {left} left. Please lower the quantity."))
                }
                _ => None,
            };
            Some(CartRow {
                product,
                variant,
                quantity: line.quantity,
                price,
                sum_cents: price.cents * line.quantity,
                stock: stock(state, line.sku.as_str()),
                problem,
            })
        })
        .collect()
}

fn sum_of(state: &ShopState, (sku, pieces): &(Sku, u32)) -> u32 {
    variant(state, sku.as_str()).map_or(0, |(_, variant)| price_of(variant).cents * pieces)
}

fn applies_to(state: &ShopState, code: &DiscountCode, sku: &str) -> bool {
    variant(state, sku).is_some_and(|(product, variant)| {
        let category = code
            .category
            .as_ref()
            .is_none_or(|category| in_category(state, product, category.as_str()));
        category && !(code.full_price_only && price_of(variant).reduced())
    })
}

/// A discount code, whatever its case.
pub fn find_code<'a>(state: &'a ShopState, code: &str) -> Option<&'a DiscountCode> {
    state
        .catalogue
        .codes
        .iter()
        .find(|known| known.code.eq_ignore_ascii_case(code.trim()))
}

fn code(state: &ShopState) -> Option<&DiscountCode> {
    state
        .cart_code
        .as_deref()
        .and_then(|code| find_code(state, code))
}

/// The address chosen in checkout, else the default.
pub fn chosen_address(state: &ShopState) -> Option<&Address> {
    let chosen = state.incidental.checkout.address.as_ref();
    chosen
        .and_then(|id| state.addresses.get(id))
        .or_else(|| state.addresses.values().find(|entry| entry.is_default))
}

/// The card chosen in checkout, else the default.
pub fn chosen_card(state: &ShopState) -> Option<&Card> {
    let chosen = state.incidental.checkout.card.as_ref();
    chosen
        .and_then(|id| state.cards.get(id))
        .or_else(|| state.cards.values().find(|entry| entry.is_default))
}

fn rate<'a>(
    state: &'a ShopState,
    country: &str,
    method: DeliveryMethod,
) -> Option<&'a DeliveryRate> {
    let country = state
        .catalogue
        .countries
        .iter()
        .find(|known| known.id == country)?;
    country.rates.iter().find(|rate| rate.method == method)
}

fn fee(rate: &DeliveryRate, goods_cents: u32, packed_g: u32) -> u32 {
    if rate.free_from_cents.is_some_and(|free| goods_cents >= free) {
        0
    } else if packed_g <= LIGHT_ORDER_G {
        rate.light_cents
    } else {
        rate.heavy_cents
    }
}

/// Why one of the lines may not be sent to a country, in words: no piece may be heavier,
/// packed, than the country's limit.
pub fn too_heavy(state: &ShopState, lines: &[(Sku, u32)], country: &str) -> Option<String> {
    let Some(country) = state
        .catalogue
        .countries
        .iter()
        .find(|known| known.id == country)
    else {
        return Some("We do not deliver to this country.".to_owned());
    };
    lines.iter().find_map(|(sku, _)| {
        let (product, _) = variant(state, sku.as_str())?;
        (product.packed_weight_g > country.heaviest_piece_g).then(|| {
            format!(
                "We cannot send the {} to {}: packed it weighs {}, and the limit there is {} per piece.",
                product.name,
                country.name,
                kilograms(product.packed_weight_g),
                kilograms(country.heaviest_piece_g)
            )
        })
    })
}

/// All kinds of delivery with fee and, where one is not offered, the reason.
pub fn delivery_options(
    state: &ShopState,
    lines: &[(Sku, u32)],
    country: &str,
) -> Vec<DeliveryOption> {
    let code = state.cart_code.as_deref();
    DeliveryMethod::ALL
        .iter()
        .map(|method| {
            let sums = totals(state, lines, code, Some((country, *method)));
            let rate = rate(state, country, *method);
            DeliveryOption {
                method: *method,
                label: delivery_label(*method),
                takes: rate.map_or_else(String::new, |rate| rate.takes.clone()),
                cents: sums.delivery_cents.unwrap_or(0),
                refused: refused(state, country, *method, rate, sums.packed_g),
                chosen: state.incidental.checkout.delivery == Some(*method),
            }
        })
        .collect()
}

fn refused(
    state: &ShopState,
    country: &str,
    method: DeliveryMethod,
    rate: Option<&DeliveryRate>,
    packed_g: u32,
) -> Option<String> {
    let label = delivery_label(method);
    let Some(rate) = rate else {
        let country = country_name(state, country);
        return Some(format!("{label} delivery is not offered in {country}."));
    };
    (packed_g > rate.heaviest_order_g).then(|| {
        format!(
            "{label} delivery takes orders up to {}; this one weighs {} packed.",
            kilograms(rate.heaviest_order_g),
            kilograms(packed_g)
        )
    })
}
