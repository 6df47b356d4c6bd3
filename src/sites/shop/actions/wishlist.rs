//! Wishlist and stock alerts.

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::shop::actions::Refusal;
use crate::sites::shop::actions::cart::{self, next_seq};
use crate::sites::shop::queries::product::{pieces, product, variant};
use crate::sites::shop::queries::wishlist::wish_row;
use crate::sites::shop::state::{ShopState, Sku, StockAlert, WishlistItem, WishlistUndo};

/// Puts a product on the wishlist, with a variant when one was chosen. A product that is on
/// it already keeps its place and takes the variant.
pub fn add(state: &mut ShopState, product_id: &str, sku: Option<&str>) -> Result<(), Refusal> {
    let Some(wished) = product(state, product_id) else {
        return Err(Refusal::not_found("We do not sell this article."));
    };
    let sku = sku.filter(|sku| !sku.is_empty());
    if sku.is_some_and(|sku| {
        !wished
            .variants
            .iter()
            .any(|known| known.sku.as_str() == sku)
    }) {
        return Err(Refusal::not_found("This variant does not exist."));
    }
    let id = wished.id.clone();
    let before = state.wishlist.get(&id).cloned();
    let seq = match &before {
        Some(item) => item.seq,
        None => next_seq(state),
    };
    let item = WishlistItem {
        product: id.clone(),
        sku: sku
            .map(Sku::from)
            .or_else(|| before.as_ref().and_then(|item| item.sku.clone())),
        added_at: before.map_or(NOW, |item| item.added_at),
        seq,
    };
    Arc::make_mut(&mut state.wishlist).insert(id, item);
    Ok(())
}

/// Takes a product off the wishlist; "Undo" puts it back.
pub fn remove(state: &mut ShopState, product_id: &str) -> Result<(), Refusal> {
    let item = item(state, product_id)?;
    take_off(state, item, None);
    Ok(())
}

/// Moves one piece of a product from the wishlist into the cart; needs a variant that is
/// known and in stock. "Undo" moves it back.
pub fn move_to_cart(state: &mut ShopState, product_id: &str) -> Result<(), Refusal> {
    let item = item(state, product_id)?;
    let wanted = wish_row(state, &item).and_then(|row| row.variant);
    let Some(sku) = wanted.map(|variant| variant.sku.clone()) else {
        return Err(Refusal::not_allowed(
            "Choose a variant on the product page first.",
        ));
    };
    cart::add(state, sku.as_str(), 1)?;
    take_off(state, item, Some(sku));
    Ok(())
}

/// Takes back the last removal or move.
pub fn undo(state: &mut ShopState) -> Result<(), Refusal> {
    let Some(undo) = state.incidental.wishlist_undo.take() else {
        return Err(Refusal::not_allowed("There is nothing to undo."));
    };
    if let Some(sku) = &undo.moved_to_cart {
        let left = state.cart.get(sku).map_or(0, |line| line.quantity);
        match left {
            0 => {}
            1 => cart::remove(state, sku.as_str())?,
            more => cart::put(state, sku.as_str(), more - 1),
        }
    }
    let id = undo.item.product.clone();
    Arc::make_mut(&mut state.wishlist)
        .entry(id)
        .or_insert(undo.item);
    Ok(())
}

/// Asks to be told when a sold-out variant is back.
pub fn add_stock_alert(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    let Some((_, wanted)) = variant(state, sku) else {
        return Err(Refusal::not_found("We do not sell this article."));
    };
    if pieces(state, sku) > 0 {
        return Err(Refusal::not_allowed("This article is in stock."));
    }
    let alert = StockAlert {
        sku: wanted.sku.clone(),
        email: state.customer.email.clone(),
    };
    Arc::make_mut(&mut state.stock_alerts).insert(alert.sku.clone(), alert);
    Ok(())
}

/// Takes a stock alert back.
pub fn remove_stock_alert(state: &mut ShopState, sku: &str) -> Result<(), Refusal> {
    if !state.stock_alerts.contains_key(sku) {
        return Err(Refusal::not_found("There is no alert for this article."));
    }
    Arc::make_mut(&mut state.stock_alerts).remove(sku);
    Ok(())
}

fn item(state: &ShopState, product_id: &str) -> Result<WishlistItem, Refusal> {
    let item = state.wishlist.get(product_id).cloned();
    item.ok_or_else(|| Refusal::not_found("This product is not on your wishlist."))
}

fn take_off(state: &mut ShopState, item: WishlistItem, moved_to_cart: Option<Sku>) {
    Arc::make_mut(&mut state.wishlist).remove(&item.product);
    state.incidental.wishlist_undo = Some(WishlistUndo {
        item,
        moved_to_cart,
    });
}
