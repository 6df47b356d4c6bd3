//! The typed state of the shop: what one run works on.
//!
//! Collections sit behind [`Arc`], so that a new run is a clone of pointers and a write copies
//! only the collection that it changes. Every field is one of four kinds, and its doc says which:
//! - **primary**: what customers and shop decide; compared by [`crate::sites::diff`],
//! - **derived**: computed from primary state (totals, stock, ratings); checked by
//!   [`crate::sites::shop::invariants`], never compared,
//! - **incidental**: recently viewed, drafts, counters; neither compared nor checked,
//! - **fixed**: the catalogue and the shop's rules, which no action changes.
//!
//! Money is in whole US cents, weights in grams, times in UTC.

mod orders;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

pub use orders::{
    CancelReason, DeliveryMethod, DropOff, Order, OrderEvent, OrderLine, OrderStatus, Parcel,
    RefundTo, Return, ReturnReason,
};
pub use rules::{Country, DeliveryRate, DiscountCode, HelpPage, HelpSection, Reduction};

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Arc<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        /// Lets maps be asked with a plain text.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )+};
}

text_ids! {
    /// A category's address part, e.g. `espresso-machines`.
    CategoryId,
    /// A product's address part, e.g. `lumo-e15-espresso-machine`.
    ProductId,
    /// A variant's article number, e.g. `LUM-E15-SAGE`.
    Sku,
    /// An entry of the address book, e.g. `home`, `parents`; new ones are `a6`, `a7`, ...
    AddressId,
    /// A stored card, e.g. `c1`.
    CardId,
}

/// An order's number as customers see it, e.g. 48213.
pub type OrderNo = u32;
/// A return's number as customers see it, e.g. 7031.
pub type ReturnNo = u32;
/// A review's number.
pub type ReviewNo = u32;
/// A contact message's number.
pub type MessageNo = u32;

/// Everything that one run of the shop holds.
#[derive(Debug, Clone, PartialEq)]
pub struct ShopState {
    /// Fixed: products, categories, rules, help.
    pub catalogue: Arc<Catalogue>,
    /// Fixed: who is signed in.
    pub customer: Arc<Customer>,
    /// Primary (`shop.cart`, key `cart`): the discount code on the cart.
    pub cart_code: Option<Arc<str>>,
    /// Primary (`shop.cart_lines`): what is in the cart, by SKU.
    pub cart: Arc<BTreeMap<Sku, CartLine>>,
    /// Primary (`shop.saved_lines`): what was put aside for later, by SKU.
    pub saved: Arc<BTreeMap<Sku, CartLine>>,
    /// Primary (`shop.wishlist`): by product.
    pub wishlist: Arc<BTreeMap<ProductId, WishlistItem>>,
    /// Primary (`shop.orders`): every order of the customer, cancelled ones included.
    pub orders: Arc<BTreeMap<OrderNo, Order>>,
    /// Primary (`shop.returns`): one record for each item sent back.
    pub returns: Arc<BTreeMap<ReturnNo, Return>>,
    /// Primary (`shop.reviews`): all customers' reviews.
    pub reviews: Arc<BTreeMap<ReviewNo, Review>>,
    /// Primary (`shop.addresses`): the address book.
    pub addresses: Arc<BTreeMap<AddressId, Address>>,
    /// Primary (`shop.cards`): stored cards.
    pub cards: Arc<BTreeMap<CardId, Card>>,
    /// Primary (`shop.newsletter`): by mail address; signing off leaves the record.
    pub newsletter: Arc<BTreeMap<String, NewsletterEntry>>,
    /// Primary (`shop.outbox`): messages sent with the contact form.
    pub outbox: Arc<BTreeMap<MessageNo, ContactMessage>>,
    /// Primary (`shop.stock_alerts`): by SKU.
    pub stock_alerts: Arc<BTreeMap<Sku, StockAlert>>,
    /// Derived: pieces left, by SKU. Orders take from it, cancellations give back.
    pub stock: Arc<BTreeMap<Sku, u32>>,
    /// Derived: rating of each product that has reviews.
    pub ratings: Arc<BTreeMap<ProductId, Rating>>,
    /// Incidental.
    pub incidental: Incidental,
}

/// What no action changes.
#[derive(Debug, PartialEq)]
pub struct Catalogue {
    /// The seed of the world.
    pub world: u32,
    /// All categories, parents before children, in the order of the menu.
    pub categories: Vec<Category>,
    /// All products by id.
    pub products: BTreeMap<ProductId, Product>,
    /// The product that a SKU belongs to.
    pub product_of: BTreeMap<Sku, ProductId>,
    /// Stock of each variant in the base world, before the run's sales.
    pub base_stock: BTreeMap<Sku, u32>,
    /// Where the shop delivers, in the order of the delivery page.
    pub countries: Vec<Country>,
    /// Discount codes.
    pub codes: Vec<DiscountCode>,
    /// Help pages in the order of the footer.
    pub help: Vec<HelpPage>,
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its address part.
    pub id: CategoryId,
    /// Its name, e.g. `Espresso machines`.
    pub name: String,
    /// The category above it.
    pub parent: Option<CategoryId>,
    /// 1 for the top level.
    pub level: u8,
    /// One sentence below the heading.
    pub intro: String,
    /// Whether it stands in the bar at the top of each page.
    pub in_bar: bool,
    /// The category `sale` holds no products of its own: it shows all that is reduced today.
    pub is_sale: bool,
}

/// A product with its variants.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// Its address part.
    pub id: ProductId,
    /// Article number without the variant, e.g. `LUM-E15`.
    pub article: String,
    /// Its name, unique, e.g. `Lumo E15 Espresso Machine`.
    pub name: String,
    /// Maker, e.g. `Lumo`. A facet.
    pub brand: String,
    /// What it is, e.g. `Lever`. A facet named "Type".
    pub kind: String,
    /// Leaf categories; the first is the main one, which gives the breadcrumb.
    pub categories: Vec<CategoryId>,
    /// Two or three sentences.
    pub description: String,
    /// Further rows of the "Details" tab, label and value.
    pub details: Vec<(String, String)>,
    /// Length of the guarantee, in months.
    pub guarantee_months: u32,
    /// Weight without packing, in grams; the page shows kg.
    pub weight_g: u32,
    /// Weight with packing, in grams; what delivery rules go by.
    pub packed_weight_g: u32,
    /// When it came into the shop; for the sort "Newest".
    pub added_on: Date,
    /// Place in the sort "Featured": lower is earlier. Unique.
    pub featured_rank: u32,
    /// What the variants differ in: `Colour`, `Size`, `Voltage`; empty for one variant.
    pub option_name: String,
    /// At least one.
    pub variants: Vec<Variant>,
}

/// What is put into a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    /// Its article number.
    pub sku: Sku,
    /// The option's value, e.g. `Sage`; empty when the product has one variant.
    pub label: String,
    /// The colour, when the option is a colour. A facet.
    pub colour: Option<String>,
    /// List price.
    pub list_cents: u32,
    /// An offer, now or in the past.
    pub offer: Option<Offer>,
}

/// A reduced price for some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The reduced price.
    pub cents: u32,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub until: Date,
}

/// Mean of a product's stars as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rating {
    /// Mean of the stars, in tenths, rounded half up: 43 shows as 4.3. Filters compare this.
    pub tenths: u32,
    /// Number of reviews.
    pub count: u32,
    /// Sum of the stars.
    pub sum: u32,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Short name of the persona, e.g. `mara`.
    pub persona: String,
    /// First name.
    pub first_name: String,
    /// Whole name.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// Customer number.
    pub number: u32,
    /// When the account was opened.
    pub since: Date,
}

/// One line of the cart or of what is saved for later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLine {
    /// Primary.
    pub sku: Sku,
    /// Primary: 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
    /// Incidental: order of adding.
    pub seq: u32,
}

/// The most pieces of one variant in a cart.
pub const MAX_QUANTITY: u32 = 10;
/// Days after delivery within which an item can be sent back.
pub const RETURN_DAYS: i64 = 60;
/// Goods value from which standard delivery in the home country costs nothing.
pub const FREE_DELIVERY_CENTS: u32 = 6_000;

/// One product on the wishlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishlistItem {
    /// Primary.
    pub product: ProductId,
    /// Primary: the wanted variant; absent when none was chosen.
    pub sku: Option<Sku>,
    /// Incidental.
    pub added_at: DateTime,
    /// Incidental: order of adding; lists show the latest first.
    pub seq: u32,
}

/// One customer's review of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Key.
    pub no: ReviewNo,
    /// Primary.
    pub product: ProductId,
    /// Fixed: who wrote it.
    pub author: String,
    /// Fixed: whether the signed-in customer wrote it.
    pub own: bool,
    /// Primary: 1 to 5.
    pub stars: u8,
    /// Primary.
    pub title: String,
    /// Primary.
    pub text: String,
    /// Incidental.
    pub written_on: Date,
}

/// An address, complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostalAddress {
    /// Who receives.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Flat, floor, care of; empty for none.
    pub extra: String,
    /// Town.
    pub city: String,
    /// Postal code.
    pub postcode: String,
    /// Id of a [`Country`].
    pub country: String,
    /// Phone for the carrier; empty for none.
    pub phone: String,
}

/// An entry of the address book. All primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Key.
    pub id: AddressId,
    /// What the customer calls it, e.g. `Parents`.
    pub label: String,
    /// Where.
    pub postal: PostalAddress,
    /// Whether checkout starts with it; of exactly one entry.
    pub is_default: bool,
}

/// A stored card. All primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Key.
    pub id: CardId,
    /// Invented brand, e.g. `Norra Card`.
    pub brand: String,
    /// Last four digits.
    pub last4: String,
    /// Name on it.
    pub holder: String,
    /// Last valid month: (year, month).
    pub expires: (i16, i8),
    /// Whether checkout starts with it; of exactly one card, unless there is none.
    pub is_default: bool,
}

/// A subscription to the newsletter. All primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsletterEntry {
    /// Key.
    pub email: String,
    /// False after signing off.
    pub subscribed: bool,
}

crate::named_values! {
    /// What a contact message is about. Labels: [`ContactTopic::label`].
    ContactTopic {
        /// An order.
        Order = "order",
        /// Delivery.
        Delivery = "delivery",
        /// Returns and refunds.
        Returns = "returns",
        /// A product.
        Product = "product",
        /// Payment and codes.
        Payment = "payment",
        /// Anything else.
        Other = "other",
    }
}

impl ContactTopic {
    /// The wording in the form.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Order => "My order",
            Self::Delivery => "Delivery",
            Self::Returns => "Returns and refunds",
            Self::Product => "A product",
            Self::Payment => "Payment and codes",
            Self::Other => "Something else",
        }
    }
}

/// A message sent with the contact form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactMessage {
    /// Key.
    pub no: MessageNo,
    /// Primary.
    pub topic: ContactTopic,
    /// Primary: the order that it is about.
    pub order: Option<OrderNo>,
    /// Primary.
    pub subject: String,
    /// Primary.
    pub text: String,
    /// Incidental.
    pub sent_at: DateTime,
}

/// A wish to be told when a variant is back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockAlert {
    /// Primary.
    pub sku: Sku,
    /// Primary.
    pub email: String,
}

/// What is remembered and never compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incidental {
    /// Products opened, latest first, at most eight.
    pub recently_viewed: Vec<ProductId>,
    /// Searches, latest first, at most eight.
    pub searches: Vec<String>,
    /// Whether the newsletter offer on the cart page was answered, either way.
    pub offer_answered: bool,
    /// What was chosen so far in checkout.
    pub checkout: CheckoutDraft,
    /// What "Undo" on the wishlist would put back.
    pub wishlist_undo: Option<WishlistUndo>,
    /// A message to show once on the next page.
    pub flash: Option<String>,
    /// Next number of an order.
    pub next_order: OrderNo,
    /// Next number of a return.
    pub next_return: ReturnNo,
    /// Next number of a review.
    pub next_review: ReviewNo,
    /// Next number of a contact message.
    pub next_message: MessageNo,
    /// Next number of an address or card.
    pub next_entry: u32,
    /// Next place in cart and wishlist.
    pub next_seq: u32,
}

/// What was chosen so far in checkout; what is absent stands at its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckoutDraft {
    /// Address; default: the default address.
    pub address: Option<AddressId>,
    /// Delivery; no default: it must be chosen, because it depends on the address.
    pub delivery: Option<DeliveryMethod>,
    /// Card; default: the default card.
    pub card: Option<CardId>,
    /// Gift note; empty for none.
    pub gift_note: String,
}

/// The last removal from the wishlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WishlistUndo {
    /// What was removed.
    pub item: WishlistItem,
    /// When it was moved to the cart: the line's SKU, from which one piece is taken back.
    pub moved_to_cart: Option<Sku>,
}
