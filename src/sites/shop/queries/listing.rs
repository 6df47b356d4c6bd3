//! Lists of products: search, filters with counts, order, pages.

use crate::sites::shop::queries::Paged;
use crate::sites::shop::queries::product::Price;
use crate::sites::shop::state::{Category, Product, Rating, ShopState};
use crate::sites::shop::view::Listing;

/// Products on a page.
pub const PER_PAGE: usize = 20;

/// A product in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow<'a> {
    /// The product.
    pub product: &'a Product,
    /// Price of the variant that is cheapest today.
    pub price: Price,
    /// Whether variants differ in price: shown as "from".
    pub prices_vary: bool,
    /// Rating, absent without reviews.
    pub rating: Option<Rating>,
    /// Whether any variant is in stock.
    pub in_stock: bool,
}

/// A choice of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value in the address, e.g. `4.5`, `Lumo`, `in`.
    pub value: String,
    /// Wording, e.g. `4.5 stars and up`.
    pub label: String,
    /// Products that it would leave, given all other filters.
    pub count: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// All filters of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// `rating`.
    pub ratings: Vec<Choice>,
    /// `stock`.
    pub stock: Vec<Choice>,
    /// `sale`.
    pub reduced: Vec<Choice>,
    /// `type`.
    pub kinds: Vec<Choice>,
    /// `brand`.
    pub brands: Vec<Choice>,
    /// `colour`.
    pub colours: Vec<Choice>,
    /// Lowest and highest price of the list without price filter, in cents.
    pub price_range: Option<(u32, u32)>,
}

/// A filter that is on, as a chip that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Wording, e.g. `Under $150`.
    pub label: String,
    /// The list without it.
    pub without: Listing,
}

/// A list of products, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingPage<'a> {
    /// The category; absent for a search over all.
    pub category: Option<&'a Category>,
    /// Categories below it with their number of products (without filters).
    pub subcategories: Vec<(&'a Category, usize)>,
    /// Rows.
    pub products: Paged<ProductRow<'a>>,
    /// Filters.
    pub facets: Facets,
    /// Filters that are on.
    pub chips: Vec<Chip>,
    /// A word that would find something, when the search found nothing.
    pub suggestion: Option<String>,
}

/// Answers a list; none when the category does not exist.
pub fn listing<'a>(_state: &'a ShopState, _listing: &Listing) -> Option<ListingPage<'a>> {
    unimplemented!("lands within minutes")
}

/// All rows of a list in its order, over all pages; for tasks.
pub fn all_rows<'a>(_state: &'a ShopState, _listing: &Listing) -> Vec<ProductRow<'a>> {
    unimplemented!("lands within minutes")
}

/// A row for any product, e.g. on the start page.
pub fn row<'a>(_state: &'a ShopState, _product: &'a Product) -> ProductRow<'a> {
    unimplemented!("lands within minutes")
}

/// Products of the start page: some featured, some reduced today, some new.
pub fn home(_state: &ShopState) -> Home<'_> {
    unimplemented!("lands within minutes")
}

/// The start page.
#[derive(Debug, Clone, PartialEq)]
pub struct Home<'a> {
    /// First eight of the shop's own order.
    pub featured: Vec<ProductRow<'a>>,
    /// Four that are reduced today.
    pub reduced: Vec<ProductRow<'a>>,
    /// The four latest.
    pub newest: Vec<ProductRow<'a>>,
    /// Looked at before, latest first.
    pub recent: Vec<ProductRow<'a>>,
}
