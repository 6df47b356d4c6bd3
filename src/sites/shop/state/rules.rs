//! What the shop lays down: delivery, discount codes, help pages.

use jiff::civil::Date;

use super::{CategoryId, DeliveryMethod};
/// A country that the shop delivers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Country {
    /// Its id, e.g. `corvenna`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is the shop's own country.
    pub is_home: bool,
    /// Heaviest piece that is delivered there, by packed weight.
    pub heaviest_piece_g: u32,
    /// Postal codes there are this many digits.
    pub postcode_digits: usize,
    /// Kinds of delivery offered there with their fees.
    pub rates: Vec<DeliveryRate>,
}

/// What a kind of delivery costs in a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRate {
    /// Kind.
    pub method: DeliveryMethod,
    /// Fee for orders up to 5 kg packed.
    pub light_cents: u32,
    /// Fee for heavier orders.
    pub heavy_cents: u32,
    /// Heaviest order, packed, of this kind.
    pub heaviest_order_g: u32,
    /// Goods value from which it costs nothing.
    pub free_from_cents: Option<u32>,
    /// How long it takes, e.g. `3 to 5 working days`.
    pub takes: String,
}

/// What a discount code takes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reduction {
    /// Percent of the goods that it applies to, rounded half up to a cent.
    Percent(u32),
    /// An amount, at most the goods that it applies to.
    Fixed(u32),
    /// The fee of standard delivery.
    FreeDelivery,
}

/// A discount code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscountCode {
    /// The code, upper case.
    pub code: String,
    /// What the offers page says about it.
    pub text: String,
    /// What it takes off.
    pub reduction: Reduction,
    /// The most that it takes off.
    pub cap_cents: Option<u32>,
    /// Applies to goods of this category and below it.
    pub category: Option<CategoryId>,
    /// Goods value that the cart must have.
    pub minimum_cents: Option<u32>,
    /// Does not apply to reduced goods.
    pub full_price_only: bool,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub until: Date,
}

/// A page of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpPage {
    /// Its address part, e.g. `delivery`.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Its text.
    pub sections: Vec<HelpSection>,
}

/// A part of a help page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpSection {
    /// Heading.
    pub heading: String,
    /// Paragraphs.
    pub paragraphs: Vec<String>,
    /// A table below them: header row first; empty for none.
    pub table: Vec<Vec<String>>,
}
