//! Cart: add, change, put aside, discount codes.

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::state::ShopState;

/// Puts pieces of a variant into the cart; together at most [`crate::sites::shop::state::MAX_QUANTITY`]
/// and what is in stock. Field: `quantity`.
pub fn add(_state: &mut ShopState, _sku: &str, _quantity: u32) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Sets the pieces of a line; 0 removes it. Field: `quantity`.
pub fn set_quantity(_state: &mut ShopState, _sku: &str, _quantity: u32) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes a line out of the cart.
pub fn remove(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Moves a line from the cart to what is saved for later.
pub fn save_for_later(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Moves a saved line back into the cart.
pub fn move_back(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes a line out of what is saved for later.
pub fn remove_saved(_state: &mut ShopState, _sku: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Applies a discount code in place of the present one; answers what it takes off, in cents.
/// Field: `code`.
pub fn apply_code(_state: &mut ShopState, _code: &str) -> Result<u32, Refusal> {
    unimplemented!("lands within minutes")
}

/// Takes the discount code off.
pub fn remove_code(_state: &mut ShopState) {
    unimplemented!("lands within minutes")
}
