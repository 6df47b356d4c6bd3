//! Cart, totals and checkout.

use crate::sites::shop::queries::product::{Price, Stock};
use crate::sites::shop::state::{
    Address, Card, DeliveryMethod, DiscountCode, Product, ShopState, Sku, Variant,
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
pub fn cart_page(_state: &ShopState) -> CartPage<'_> {
    unimplemented!("lands within minutes")
}

/// What a code would take off these lines, in cents, or why it may not be used, in words.
/// Delivery codes answer 0 here and act in [`totals`].
pub fn reduction(
    _state: &ShopState,
    _code: &DiscountCode,
    _lines: &[(Sku, u32)],
) -> Result<u32, String> {
    unimplemented!("lands within minutes")
}

/// Sums of lines with a code, for a country and a kind of delivery when they are known.
pub fn totals(
    _state: &ShopState,
    _lines: &[(Sku, u32)],
    _code: Option<&str>,
    _delivery: Option<(&str, DeliveryMethod)>,
) -> Totals {
    unimplemented!("lands within minutes")
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
pub fn checkout_page(_state: &ShopState) -> CheckoutPage<'_> {
    unimplemented!("lands within minutes")
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
pub fn is_expired(_card: &Card) -> bool {
    unimplemented!("lands within minutes")
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
