//! A customer with a run of their own.

use std::ops::Deref;

use agentarena::sites::shop::state::{OrderStatus, ShopState};

pub use crate::support::visitor::select;

use crate::support::visitor::Visitor as SiteVisitor;

/// A customer with a run of their own.
pub struct Shopper(SiteVisitor);

impl Deref for Shopper {
    type Target = SiteVisitor;

    fn deref(&self) -> &SiteVisitor {
        &self.0
    }
}

impl Shopper {
    pub async fn enter() -> Self {
        Self(SiteVisitor::enter("shop", "/shop/contact").await)
    }

    /// The state that the run began with.
    pub fn base(&self) -> &ShopState {
        &self.start.shop
    }

    /// An article number of which so many can be had, and one that is sold out.
    pub fn in_stock(&self, at_least: u32) -> String {
        let shop = self.base();
        let mut stock = shop.stock.iter();
        let found = stock.find(|(sku, left)| **left >= at_least && !shop.cart.contains_key(*sku));
        found.expect("something is in stock").0.to_string()
    }

    pub fn order_of_status(&self, status: OrderStatus) -> u32 {
        let mut orders = self.base().orders.values();
        let found = orders.find(|order| order.status == status);
        found.expect("an order of this status").no
    }
}
