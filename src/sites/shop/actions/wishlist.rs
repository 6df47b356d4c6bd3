//! Wishlist and stock alerts.

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::state::ShopState;

/// Puts a product on the wishlist, with a variant when one was chosen.
pub fn add(_state: &mut ShopState, _product: &str, _sku: Option<&str>) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes a product off the wishlist; "Undo" puts it back.
pub fn remove(_state: &mut ShopState, _product: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Moves one piece of a product from the wishlist into the cart; needs a variant that is
/// known and in stock. "Undo" moves it back.
pub fn move_to_cart(_state: &mut ShopState, _product: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes back the last removal or move.
pub fn undo(_state: &mut ShopState) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Asks to be told when a sold-out variant is back.
pub fn add_stock_alert(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes a stock alert back.
pub fn remove_stock_alert(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}
