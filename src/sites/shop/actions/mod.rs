//! Everything a customer can do that changes the shop, with its rules. A refusal says why in
//! the customer's words and leaves the state as it was.

pub mod account;
pub mod cart;
pub mod checkout;
pub mod orders;
pub mod wishlist;

pub use crate::sites::refusal::{FieldError, Refusal, RefusalKind};

#[cfg(test)]
mod tests;
