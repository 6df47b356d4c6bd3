//! Address book, cards, newsletter, contact form.

use crate::sites::shop::actions::Refusal;
use crate::sites::shop::actions::checkout::CardForm;
use crate::sites::shop::state::{AddressId, CardId, MessageNo, ShopState};

/// An address as entered. Fields have these names; `extra` and `phone` may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddressForm {
    /// What the customer calls it.
    pub label: String,
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Flat, floor, care of.
    pub extra: String,
    /// Town.
    pub city: String,
    /// Postal code, checked against the country.
    pub postcode: String,
    /// Id of a country.
    pub country: String,
    /// Phone.
    pub phone: String,
    /// Whether it becomes the default.
    pub is_default: bool,
}

/// Adds an address.
pub fn add_address(_state: &mut ShopState, _form: &AddressForm) -> Result<AddressId, Refusal> {
    unimplemented!("lands within minutes")
}

/// Changes an address.
pub fn edit_address(_state: &mut ShopState, _id: &str, _form: &AddressForm) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Deletes an address that is not the default.
pub fn delete_address(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Makes an address the default.
pub fn set_default_address(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Stores a card.
pub fn add_card(_state: &mut ShopState, _form: &CardForm) -> Result<CardId, Refusal> {
    unimplemented!("lands within minutes")
}

/// Deletes a card that is not the default.
pub fn delete_card(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Makes a card the default.
pub fn set_default_card(_state: &mut ShopState, _id: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Signs a mail address up for the newsletter. Field: `email`.
pub fn subscribe(_state: &mut ShopState, _email: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// Signs off the newsletter.
pub fn unsubscribe(_state: &mut ShopState, _email: &str) -> Result<(), Refusal> {
    unimplemented!("lands within minutes")
}

/// A contact message as entered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactForm {
    /// Value of a topic. Field `topic`.
    pub topic: String,
    /// Number of an own order, or empty. Field `order`.
    pub order: String,
    /// At most 120 characters. Field `subject`.
    pub subject: String,
    /// 10 to 2000 characters. Field `text`.
    pub text: String,
}

/// Sends a message to the shop.
pub fn contact(_state: &mut ShopState, _form: &ContactForm) -> Result<MessageNo, Refusal> {
    unimplemented!("lands within minutes")
}
