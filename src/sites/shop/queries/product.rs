//! Products: prices of today, stock, ratings, categories, reviews.

use jiff::civil::Date;

use crate::sites::shop::queries::Paged;
use crate::sites::shop::state::{Category, Order, Product, Rating, Review, ShopState, Variant};

/// Reviews on a page.
pub const REVIEWS_PER_PAGE: usize = 10;

/// What a variant costs today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// To be paid today.
    pub cents: u32,
    /// List price.
    pub list_cents: u32,
    /// Last day of the reduction, when it is reduced today.
    pub until: Option<Date>,
    /// Reduced price and last day of an offer that is over.
    pub ended: Option<(u32, Date)>,
}

impl Price {
    /// Whether it is reduced today.
    pub const fn reduced(&self) -> bool {
        self.until.is_some()
    }
}

/// How many pieces there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// None. Shown as "Sold out".
    SoldOut,
    /// One to five. Shown as "3 left", the last as "Last piece".
    Few(u32),
    /// More. Shown as "In stock".
    Plenty,
}

/// What a variant costs today.
pub fn price_of(_variant: &Variant) -> Price {
    unimplemented!("lands within minutes")
}

/// A product by id.
pub fn product<'a>(state: &'a ShopState, id: &str) -> Option<&'a Product> {
    state.catalogue.products.get(id)
}

/// A variant with its product by SKU.
pub fn variant<'a>(state: &'a ShopState, sku: &str) -> Option<(&'a Product, &'a Variant)> {
    let product = state
        .catalogue
        .products
        .get(state.catalogue.product_of.get(sku)?)?;
    let variant = product
        .variants
        .iter()
        .find(|variant| variant.sku.as_str() == sku)?;
    Some((product, variant))
}

/// Pieces left of a variant.
pub fn pieces(state: &ShopState, sku: &str) -> u32 {
    state.stock.get(sku).copied().unwrap_or(0)
}

/// Stock of a variant as shown.
pub fn stock(_state: &ShopState, _sku: &str) -> Stock {
    unimplemented!("lands within minutes")
}

/// Rating as shown; absent without reviews.
pub fn rating(state: &ShopState, product: &str) -> Option<Rating> {
    state.ratings.get(product).copied()
}

/// A category by id.
pub fn category<'a>(_state: &'a ShopState, _id: &str) -> Option<&'a Category> {
    unimplemented!("lands within minutes")
}

/// A category with those above it, top first.
pub fn breadcrumb<'a>(_state: &'a ShopState, _id: &str) -> Vec<&'a Category> {
    unimplemented!("lands within minutes")
}

/// Categories directly below one, or the top level for `None`.
pub fn subcategories<'a>(_state: &'a ShopState, _parent: Option<&str>) -> Vec<&'a Category> {
    unimplemented!("lands within minutes")
}

/// Categories of the bar at the top.
pub fn bar(state: &ShopState) -> Vec<&Category> {
    state
        .catalogue
        .categories
        .iter()
        .filter(|category| category.in_bar)
        .collect()
}

/// Whether a product stands in a category or below it (`sale`: is reduced today).
pub fn in_category(_state: &ShopState, _product: &Product, _category: &str) -> bool {
    unimplemented!("lands within minutes")
}

/// Reviews of a product, latest first; with `stars` only those with so many.
pub fn reviews<'a>(
    _state: &'a ShopState,
    _product: &str,
    _stars: Option<u8>,
    _page: u32,
) -> Paged<&'a Review> {
    unimplemented!("lands within minutes")
}

/// How many reviews a product has with 5, 4, 3, 2, 1 stars.
pub fn star_counts(_state: &ShopState, _product: &str) -> [u32; 5] {
    unimplemented!("lands within minutes")
}

/// The latest order in which the customer bought the product (not cancelled), if any.
pub fn bought_in<'a>(_state: &'a ShopState, _product: &str) -> Option<&'a Order> {
    unimplemented!("lands within minutes")
}

/// The customer's own review of the product.
pub fn own_review<'a>(_state: &'a ShopState, _product: &str) -> Option<&'a Review> {
    unimplemented!("lands within minutes")
}

/// Other products of the product's main category, by featured order.
pub fn similar<'a>(_state: &'a ShopState, _product: &Product, _at_most: usize) -> Vec<&'a Product> {
    unimplemented!("lands within minutes")
}
