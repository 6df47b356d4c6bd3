//! Orders, customers, and what goes back to customers: refunds, returns, messages.

use jiff::civil::{Date, DateTime};

use super::{
    CustomerNo, DeliveryMethod, EntryNo, OrderNo, PostalAddress, ProductId, ReturnReason, Sku,
};

crate::named_values! {
    /// How far an order is.
    OrderStatus {
        /// Received; nobody has begun with it.
        New = "new",
        /// Being packed.
        Packing = "packing",
        /// Packed; waits for the carrier.
        Packed = "packed",
        /// Handed to the carrier.
        Shipped = "shipped",
        /// Some parcels have arrived.
        PartDelivered = "part_delivered",
        /// All has arrived.
        Delivered = "delivered",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

impl OrderStatus {
    /// The word on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "New",
            Self::Packing => "Packing",
            Self::Packed => "Packed",
            Self::Shipped => "Shipped",
            Self::PartDelivered => "Partly delivered",
            Self::Delivered => "Delivered",
            Self::Cancelled => "Cancelled",
        }
    }
}

crate::named_values! {
    /// Whether the money is there.
    Payment {
        /// It is.
        Paid = "paid",
        /// It is not.
        Open = "open",
        /// It went back with the cancellation.
        Returned = "returned",
    }
}

impl Payment {
    /// The word on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Paid => "Paid",
            Self::Open => "Not paid",
            Self::Returned => "Paid back",
        }
    }
}

/// One order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Key.
    pub no: OrderNo,
    /// Fixed.
    pub placed_at: DateTime,
    /// Fixed: the account that placed it.
    pub customer: CustomerNo,
    /// Primary.
    pub status: OrderStatus,
    /// Primary.
    pub payment: Payment,
    /// Primary: the carrier's number; empty for none yet.
    pub tracking: String,
    /// Primary: what staff noted; empty for nothing.
    pub note: String,
    /// Fixed: a SKU stands in at most one of them.
    pub lines: Vec<OrderLine>,
    /// Fixed.
    pub address: PostalAddress,
    /// Fixed: mail address of who receives; often another than the customer's.
    pub contact_email: String,
    /// Fixed.
    pub delivery: DeliveryMethod,
    /// Fixed: the warehouse that sends it.
    pub warehouse: String,
    /// Fixed: the code used; empty for none.
    pub code: String,
    /// Fixed: goods less what was not sent.
    pub goods_cents: u32,
    /// Fixed.
    pub discount_cents: u32,
    /// Fixed: fee for delivery.
    pub delivery_cents: u32,
    /// Fixed: the last day on which it was to arrive.
    pub promised_on: Date,
    /// Fixed: the day on which it arrived.
    pub delivered_on: Option<Date>,
    /// Incidental: what happened, oldest first.
    pub events: Vec<OrderEvent>,
}

impl Order {
    /// What the customer paid or has to pay.
    pub const fn total_cents(&self) -> u32 {
        self.goods_cents + self.delivery_cents - self.discount_cents
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Variant.
    pub sku: Sku,
    /// Product.
    pub product: ProductId,
    /// Name of product and variant then.
    pub name: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece then.
    pub unit_cents: u32,
    /// It could not be sent and was not charged.
    pub cancelled: bool,
}

/// One entry of an order's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent {
    /// When.
    pub at: DateTime,
    /// Who.
    pub who: String,
    /// What.
    pub text: String,
}

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Key.
    pub no: CustomerNo,
    /// Primary.
    pub name: String,
    /// Primary.
    pub email: String,
    /// Primary.
    pub phone: String,
    /// Fixed: street, postal code and town.
    pub address: PostalAddress,
    /// Fixed.
    pub since: Date,
    /// Primary: what staff noted; empty for nothing.
    pub note: String,
    /// Primary: the account into which this one was merged.
    pub merged_into: Option<CustomerNo>,
}

crate::named_values! {
    /// What a refund is for.
    RefundKind {
        /// The fee for delivery.
        Delivery = "delivery",
        /// Goods that came back or did not arrive.
        Goods = "goods",
        /// A courtesy.
        Goodwill = "goodwill",
    }
}

impl RefundKind {
    /// The words on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Delivery => "Delivery fee",
            Self::Goods => "Goods",
            Self::Goodwill => "Goodwill",
        }
    }
}

crate::named_values! {
    /// Why money goes back.
    RefundReason {
        /// It came late.
        Late = "late",
        /// It came damaged.
        Damaged = "damaged",
        /// It was sent back.
        Returned = "returned",
        /// It was missing.
        Missing = "missing",
        /// Anything else.
        Other = "other",
    }
}

impl RefundReason {
    /// The words on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Late => "Late delivery",
            Self::Damaged => "Damaged",
            Self::Returned => "Sent back",
            Self::Missing => "Missing item",
            Self::Other => "Other",
        }
    }
}

/// Money paid back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Key.
    pub no: EntryNo,
    /// Primary.
    pub order: OrderNo,
    /// Primary.
    pub kind: RefundKind,
    /// Primary.
    pub cents: u32,
    /// Primary.
    pub reason: RefundReason,
    /// Primary: empty for none.
    pub note: String,
    /// Incidental.
    pub paid_at: DateTime,
    /// Incidental: who paid it.
    pub who: String,
}

crate::named_values! {
    /// How far a return is.
    ReturnStatus {
        /// The customer asked for it.
        Requested = "requested",
        /// The goods are back.
        Received = "received",
        /// The money was paid back.
        Refunded = "refunded",
        /// It was refused.
        Rejected = "rejected",
    }
}

impl ReturnStatus {
    /// The word on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::Received => "Received",
            Self::Refunded => "Refunded",
            Self::Rejected => "Rejected",
        }
    }
}

/// Goods sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Key.
    pub no: EntryNo,
    /// Fixed.
    pub order: OrderNo,
    /// Fixed.
    pub sku: Sku,
    /// Fixed.
    pub quantity: u32,
    /// Fixed.
    pub reason: ReturnReason,
    /// Fixed.
    pub requested_at: DateTime,
    /// Primary.
    pub status: ReturnStatus,
    /// Primary: what staff noted; empty for nothing.
    pub note: String,
}

/// A message to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Key.
    pub no: EntryNo,
    /// Primary.
    pub order: OrderNo,
    /// Primary: mail address.
    pub to: String,
    /// Primary: id of the wording it was made from.
    pub template: String,
    /// Primary.
    pub subject: String,
    /// Primary.
    pub text: String,
    /// Incidental.
    pub sent_at: DateTime,
    /// Incidental.
    pub who: String,
}

/// A wording of messages. `{name}` and `{order}` stand for the customer's name and the number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageTemplate {
    /// Its id, e.g. `late-delivery`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it is used.
    pub purpose: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}
