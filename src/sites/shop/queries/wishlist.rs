//! Wishlist and stock alerts.

use std::cmp::Reverse;

use crate::sites::shop::queries::Paged;
use crate::sites::shop::queries::product::{Price, cheapest, pieces, price_of, variant};
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
pub fn wishlist(state: &ShopState, page: u32) -> Paged<WishRow<'_>> {
    let mut items: Vec<&WishlistItem> = state.wishlist.values().collect();
    items.sort_by_key(|item| Reverse(item.seq));
    let rows = items
        .into_iter()
        .filter_map(|item| wish_row(state, item))
        .collect();
    Paged::cut(rows, page, WISHLIST_PER_PAGE)
}

/// Stock alerts with product and variant.
pub fn stock_alerts(state: &ShopState) -> Vec<(&Product, &Variant)> {
    state
        .stock_alerts
        .keys()
        .filter_map(|sku| variant(state, sku.as_str()))
        .collect()
}

/// A row of the wishlist.
pub fn wish_row<'a>(state: &'a ShopState, item: &'a WishlistItem) -> Option<WishRow<'a>> {
    let product = state.catalogue.products.get(&item.product)?;
    let wanted = match (&item.sku, product.variants.as_slice()) {
        (Some(sku), variants) => variants.iter().find(|variant| variant.sku == *sku),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let has = |variant: &Variant| pieces(state, variant.sku.as_str()) > 0;
    Some(WishRow {
        item,
        product,
        variant: wanted,
        price: price_of(wanted.or_else(|| cheapest(product))?),
        in_stock: wanted.map_or_else(|| product.variants.iter().any(has), has),
    })
}
