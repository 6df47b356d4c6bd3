//! Wishlist and stock alerts.

use crate::sites::shop::queries::Paged;
use crate::sites::shop::queries::product::Price;
use crate::sites::shop::state::{Product, ShopState, Variant, WishlistItem};

/// Products on a page of the wishlist.
pub const WISHLIST_PER_PAGE: usize = 20;

/// A product on the wishlist.
#[derive(Debug, Clone, PartialEq)]
pub struct WishRow<'a> {
    /// The entry.
    pub item: &'a WishlistItem,
    /// The product.
    pub product: &'a Product,
    /// The variant that "Move to cart" takes: the chosen or the only one.
    pub variant: Option<&'a Variant>,
    /// Price of that variant, or of the cheapest.
    pub price: Price,
    /// Whether that variant (or any) is in stock.
    pub in_stock: bool,
}

/// The wishlist, latest first.
pub fn wishlist(_state: &ShopState, _page: u32) -> Paged<WishRow<'_>> {
    unimplemented!("lands within minutes")
}

/// Stock alerts with product and variant.
pub fn stock_alerts(_state: &ShopState) -> Vec<(&Product, &Variant)> {
    unimplemented!("lands within minutes")
}
