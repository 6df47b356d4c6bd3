//! The typed state of the back office: what one run works on.
//!
//! Collections sit behind [`Arc`], so that a new run is a clone of pointers and a write copies
//! only what it changes. Every field is one of these kinds, and its doc says which:
//! - **primary**: what staff decide; compared by [`crate::sites::diff`],
//! - **derived**: computed from primary state; checked by the invariants, never compared,
//! - **incidental**: drafts, counters, messages to show once; neither compared nor checked,
//! - **journal**: who did what; evidence for people, never compared,
//! - **fixed**: what no action changes.
//!
//! Money is in whole US cents, times in UTC.

mod goods;
mod orders;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

pub use goods::{
    Adjustment, AdjustmentReason, CountSheet, Promotion, PromotionStatus, Purchase, PurchaseLine,
    PurchaseStatus, StockLevel, Supplier, Warehouse,
};
pub use orders::{
    Customer, Message, MessageTemplate, Order, OrderEvent, OrderLine, OrderStatus, Payment, Refund,
    RefundKind, RefundReason, Return, ReturnStatus,
};

pub use crate::sites::shop::state::{
    Catalogue, DeliveryMethod, PostalAddress, Product, ProductId, ReturnReason, Sku, Variant,
};

/// An order's number, e.g. 61793.
pub type OrderNo = u32;
/// A customer's number, e.g. 30417.
pub type CustomerNo = u32;
/// Number of a return, refund, message, adjustment, purchase order or promotion.
pub type EntryNo = u32;
/// A variant in a warehouse.
pub type StockKey = (Sku, Arc<str>);

/// Everything that one run of the back office holds.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeState {
    /// Fixed: catalogue, staff, suppliers, warehouses, texts, settings pages.
    pub fixed: Arc<Fixed>,
    /// Fixed: who is signed in.
    pub user: Arc<Staff>,
    /// Primary (`office.customers`).
    pub customers: Arc<BTreeMap<CustomerNo, Arc<Customer>>>,
    /// Primary (`office.orders`): every customer's orders.
    pub orders: Arc<BTreeMap<OrderNo, Arc<Order>>>,
    /// Primary (`office.prices`): list price by SKU, in cents.
    pub prices: Arc<BTreeMap<Sku, u32>>,
    /// Primary (`office.pictures`): files of each product in order; the first is the main one.
    pub pictures: Arc<BTreeMap<ProductId, Vec<String>>>,
    /// Primary (`office.stock`): by SKU and warehouse.
    pub stock: Arc<BTreeMap<StockKey, StockLevel>>,
    /// Primary (`office.adjustments`): corrections of stock.
    pub adjustments: Arc<BTreeMap<EntryNo, Adjustment>>,
    /// Primary (`office.promotions`).
    pub promotions: Arc<BTreeMap<EntryNo, Promotion>>,
    /// Primary (`office.returns`).
    pub returns: Arc<BTreeMap<EntryNo, Return>>,
    /// Primary (`office.refunds`): money paid back.
    pub refunds: Arc<BTreeMap<EntryNo, Refund>>,
    /// Primary (`office.outbox`): messages sent to customers.
    pub outbox: Arc<BTreeMap<EntryNo, Message>>,
    /// Primary (`office.purchases`): purchase orders.
    pub purchases: Arc<BTreeMap<EntryNo, Purchase>>,
    /// Primary (`office.settings`): by page and name, e.g. `delivery/rates/free/aldermark`.
    pub settings: Arc<BTreeMap<String, String>>,
    /// Journal, latest last.
    pub audit: Arc<Vec<AuditEntry>>,
    /// Incidental.
    pub incidental: Incidental,
}

/// What no action changes.
#[derive(Debug, PartialEq)]
pub struct Fixed {
    /// The shop's catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Who works here.
    pub staff: Vec<Staff>,
    /// What each role may do.
    pub roles: Vec<Role>,
    /// Warehouses in the order of lists.
    pub warehouses: Vec<Warehouse>,
    /// Suppliers in the order of lists.
    pub suppliers: Vec<Supplier>,
    /// Who supplies a product.
    pub supplier_of: BTreeMap<ProductId, String>,
    /// Count sheets by id.
    pub counts: BTreeMap<String, CountSheet>,
    /// Wordings of messages to customers.
    pub templates: Vec<MessageTemplate>,
    /// Settings pages in the order of the menu.
    pub settings: Vec<SettingsPage>,
    /// Help articles.
    pub help: Vec<HelpArticle>,
    /// Files that were uploaded for product pages.
    pub library: Vec<MediaFile>,
    /// Highest discount of a promotion in percent, by category of the top level.
    pub margin_floors: BTreeMap<String, u32>,
}

/// Somebody who works in the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Short name, e.g. `mara`.
    pub id: String,
    /// Whole name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Id of the [`Role`].
    pub role: String,
}

/// What people of a role may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id, e.g. `support`.
    pub id: String,
    /// Its name, e.g. `Support agent`.
    pub name: String,
    /// What it is for, in a sentence.
    pub text: String,
    /// What it may do.
    pub rights: BTreeSet<Right>,
    /// The most that it may pay back of one order, in cents.
    pub refund_limit_cents: u32,
}

crate::named_values! {
    /// Something that a role may do.
    Right {
        /// Set the status of orders, enter tracking numbers.
        Orders = "orders",
        /// Pay money back, within the limit.
        Refunds = "refunds",
        /// Send messages to customers.
        Messages = "messages",
        /// Change and merge customer accounts.
        Customers = "customers",
        /// Correct stock.
        Stock = "stock",
        /// Order from suppliers.
        Purchases = "purchases",
        /// Change prices and pictures.
        Products = "products",
        /// Set up promotions.
        Promotions = "promotions",
        /// Decide on returns.
        Returns = "returns",
        /// Change settings.
        Settings = "settings",
    }
}

impl Right {
    /// What it allows, in words.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Orders => "Set status and tracking of orders",
            Self::Refunds => "Refund orders",
            Self::Messages => "Send messages to customers",
            Self::Customers => "Edit and merge customers",
            Self::Stock => "Correct stock",
            Self::Purchases => "Order from suppliers",
            Self::Products => "Change prices and pictures",
            Self::Promotions => "Set up promotions",
            Self::Returns => "Decide on returns",
            Self::Settings => "Change settings",
        }
    }
}

/// A page of settings, three levels below "Settings".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsPage {
    /// Section, group and page as address parts, e.g. `delivery/rates/free`.
    pub path: String,
    /// Name of the section, e.g. `Delivery`.
    pub section: String,
    /// Name of the group, e.g. `Rates`.
    pub group: String,
    /// Name of the page, e.g. `Free delivery`.
    pub title: String,
    /// What is set there, e.g. `Countries and order values with free standard delivery.`
    pub text: String,
    /// Its fields.
    pub fields: Vec<SettingsField>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsField {
    /// Its name, e.g. `aldermark`.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What it takes.
    pub kind: SettingKind,
}

/// What a setting takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SettingKind {
    /// On or off.
    Switch,
    /// A whole number between two bounds.
    Number(u32, u32),
    /// One of these.
    Choice(Vec<String>),
    /// Some words.
    Text,
}

/// A page of the office's help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpArticle {
    /// Its address part.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
}

/// A file in the media library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaFile {
    /// Its name, e.g. `lumo-e15-front.jpg`.
    pub name: String,
    /// When it was uploaded.
    pub added_on: Date,
    /// Width and height in pixels.
    pub size: (u32, u32),
}

/// One entry of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime,
    /// Who, by name.
    pub who: String,
    /// What, in words.
    pub what: String,
    /// The record, in words.
    pub record: String,
}

/// What is remembered and never compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incidental {
    /// A message to show once on the next page.
    pub flash: Option<String>,
    /// A refused form, to be shown again with what was typed.
    pub draft: Option<Draft>,
    /// Number of the next refund, message, adjustment, purchase order or promotion.
    pub next_entry: EntryNo,
}

/// A form as it was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The page that it belongs to, e.g. `/office/promotions/new`.
    pub path: String,
    /// What was typed.
    pub fields: Vec<(String, String)>,
    /// One sentence for the top.
    pub message: String,
    /// Fields that are wrong, with what would be right.
    pub errors: Vec<(String, String)>,
}
