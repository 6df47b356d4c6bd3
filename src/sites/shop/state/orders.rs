//! Orders, parcels and returns of the shop.

use jiff::civil::{Date, DateTime};

use super::{AddressId, CardId, OrderNo, PostalAddress, ProductId, ReturnNo, Sku};
crate::named_values! {
    /// How far an order is.
    OrderStatus {
        /// Received, not packed: can be cancelled and redirected.
        Placed = "placed",
        /// Packed, not handed over: can be cancelled and redirected.
        Packed = "packed",
        /// All parcels are on their way.
        Shipped = "shipped",
        /// Some parcels have arrived.
        PartDelivered = "part_delivered",
        /// All parcels have arrived.
        Delivered = "delivered",
        /// Cancelled before it was shipped.
        Cancelled = "cancelled",
    }
}

crate::named_values! {
    /// Kind of delivery.
    DeliveryMethod {
        /// To the door, 3 to 5 working days.
        Standard = "standard",
        /// To the door, next working day.
        Express = "express",
        /// To a parcel locker near the address, 2 to 4 working days.
        Locker = "locker",
    }
}

/// One order.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Key.
    pub no: OrderNo,
    /// Incidental: when it was placed.
    pub placed_at: DateTime,
    /// Primary.
    pub status: OrderStatus,
    /// Primary: at least one line; a SKU stands in at most one of them.
    pub lines: Vec<OrderLine>,
    /// Primary: entry of the address book that it goes to; absent when that entry is gone.
    pub address_id: Option<AddressId>,
    /// Primary: the address as it was.
    pub address: PostalAddress,
    /// Primary.
    pub delivery: DeliveryMethod,
    /// Primary: the card; absent when it was deleted since.
    pub card_id: Option<CardId>,
    /// Fixed: last four digits of the card.
    pub card_last4: String,
    /// Primary: discount code used.
    pub code: Option<String>,
    /// Primary: empty for none.
    pub gift_note: String,
    /// Primary: why it was cancelled, once it is.
    pub cancel_reason: Option<CancelReason>,
    /// Derived: sum of lines that were not cancelled.
    pub goods_cents: u32,
    /// Derived: what the code took off.
    pub discount_cents: u32,
    /// Derived: fee for delivery.
    pub delivery_cents: u32,
    /// Derived: goods - discount + delivery: what was paid. Of a cancelled order: what was
    /// to be paid and went back.
    pub total_cents: u32,
    /// Incidental: what happened to it, oldest first.
    pub events: Vec<OrderEvent>,
    /// Fixed: how it was sent.
    pub parcels: Vec<Parcel>,
    /// Fixed: the day on which the last parcel arrived.
    pub delivered_on: Option<Date>,
}

/// One line of an order, with names and prices as they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderLine {
    /// Variant.
    pub sku: Sku,
    /// Product.
    pub product: ProductId,
    /// Name of the product then.
    pub name: String,
    /// Label of the variant then.
    pub variant: String,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece then.
    pub unit_cents: u32,
    /// The shop could not send this line and did not charge it.
    pub cancelled: bool,
}

/// One entry of an order's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvent {
    /// When.
    pub at: DateTime,
    /// What, in words.
    pub text: String,
}

/// One parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Number by which the carrier knows it.
    pub tracking: String,
    /// Carrier.
    pub carrier: String,
    /// What is in it.
    pub skus: Vec<Sku>,
    /// When it left.
    pub shipped_on: Date,
    /// When it arrived.
    pub delivered_on: Option<Date>,
}

crate::named_values! {
    /// Why an order is cancelled. Labels: [`CancelReason::label`].
    CancelReason {
        /// Ordered by mistake.
        Mistake = "mistake",
        /// Found it cheaper elsewhere.
        Cheaper = "cheaper",
        /// Delivery takes too long.
        TooSlow = "too_slow",
        /// No longer needed.
        NotNeeded = "not_needed",
        /// Wrong address or payment.
        WrongDetails = "wrong_details",
        /// Another reason.
        Other = "other",
    }
}

impl CancelReason {
    /// The wording in the form.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mistake => "Ordered by mistake",
            Self::Cheaper => "Found it cheaper elsewhere",
            Self::TooSlow => "Delivery takes too long",
            Self::NotNeeded => "No longer needed",
            Self::WrongDetails => "Wrong address or payment",
            Self::Other => "Another reason",
        }
    }
}

crate::named_values! {
    /// Why an item is sent back. Labels: [`ReturnReason::label`].
    ReturnReason {
        /// It arrived damaged.
        Damaged = "damaged",
        /// It does not work.
        Defective = "defective",
        /// Not what was ordered.
        WrongItem = "wrong_item",
        /// Other than described.
        NotAsDescribed = "not_as_described",
        /// Too small or too large.
        WrongSize = "wrong_size",
        /// Arrived too late.
        TooLate = "too_late",
        /// Changed my mind.
        ChangedMind = "changed_mind",
    }
}

impl ReturnReason {
    /// The wording in the form.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Damaged => "It arrived damaged",
            Self::Defective => "It does not work",
            Self::WrongItem => "Not what I ordered",
            Self::NotAsDescribed => "Not as described",
            Self::WrongSize => "Too small or too large",
            Self::TooLate => "It arrived too late",
            Self::ChangedMind => "I changed my mind",
        }
    }
}

crate::named_values! {
    /// Where the money of a return goes.
    RefundTo {
        /// Back to the card that paid.
        OriginalPayment = "original_payment",
        /// A voucher of the shop.
        Voucher = "voucher",
    }
}

crate::named_values! {
    /// How a returned item reaches the shop.
    DropOff {
        /// At a post office.
        PostOffice = "post_office",
        /// In a parcel locker.
        Locker = "locker",
        /// Fetched at the door.
        PickUp = "pick_up",
    }
}

/// One item sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Key.
    pub no: ReturnNo,
    /// Primary.
    pub order: OrderNo,
    /// Primary.
    pub sku: Sku,
    /// Primary (`qty` in changes).
    pub quantity: u32,
    /// Primary.
    pub reason: ReturnReason,
    /// Primary.
    pub refund_to: RefundTo,
    /// Primary.
    pub drop_off: DropOff,
    /// Primary: empty for none.
    pub note: String,
    /// Incidental.
    pub requested_at: DateTime,
    /// Fixed: when the refund was paid, for returns of the base world.
    pub refunded_on: Option<Date>,
}
