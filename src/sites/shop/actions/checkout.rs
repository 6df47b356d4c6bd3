//! Checkout: choices one after the other, kept as a draft, then the order.

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::state::{OrderNo, ShopState};

/// A new card as entered. Numbers are checked and only the last four digits kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardForm {
    /// 16 digits, blanks allowed. Field `number`.
    pub number: String,
    /// Field `holder`.
    pub holder: String,
    /// `MM/YY` or `MM/YYYY`. Field `expires`.
    pub expires: String,
    /// Three digits. Field `security_code`.
    pub security_code: String,
}

/// Chooses an address of the book; a delivery that is not offered there is forgotten.
/// Field: `address`.
pub fn choose_address(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Chooses a kind of delivery that is offered for the address and the weight.
/// Field: `delivery`.
pub fn choose_delivery(_state: &mut ShopState, _method: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Chooses a stored card that is not expired. Field: `card`.
pub fn choose_card(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Sets the gift note, at most 200 characters. Field: `gift_note`.
pub fn set_gift_note(_state: &mut ShopState, _note: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Orders what is in the cart with the choices of the draft; empties the cart, takes the code
/// off and the pieces from stock. Fields: `address`, `delivery`, `card`.
pub fn place_order(_state: &mut ShopState) -> Result<OrderNo, Refusal> {
    unimplemented!("lands within minutes")
}
