//! Larder, the kitchen shop: catalogue, cart, checkout, account, help.
//!
//! `state` holds the types, `world` makes the base state from a seed, `queries` read, `actions`
//! write by the shop's rules, `view` reads addresses, `pages` answers requests.

pub mod actions;
pub mod draws;
pub mod invariants;
pub mod pages;
pub mod queries;
pub mod records;
pub mod state;
pub mod view;
pub mod world;
