//! Stock, suppliers, purchase orders, promotions.

use jiff::civil::{Date, DateTime, Weekday};

use super::{EntryNo, ProductId, Sku};

/// A place where goods are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warehouse {
    /// Its id, e.g. `orsund`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub city: String,
}

/// What there is of a variant in a warehouse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StockLevel {
    /// Primary: below zero when more was sent than was booked.
    pub pieces: i64,
    /// Primary: below this it must be ordered again.
    pub minimum: u32,
    /// Primary: up to this it is ordered.
    pub target: u32,
    /// Fixed: pieces in a box of the supplier.
    pub box_size: u32,
    /// Fixed: where it stands, e.g. `Aisle 3`.
    pub aisle: u32,
}

crate::named_values! {
    /// Why stock was corrected.
    AdjustmentReason {
        /// Counted.
        Stocktake = "stocktake",
        /// Broken.
        Breakage = "breakage",
        /// Gone.
        Loss = "loss",
        /// Came back.
        Return = "return",
        /// Wrongly booked.
        Booking = "booking",
    }
}

impl AdjustmentReason {
    /// The words on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Stocktake => "Stocktake",
            Self::Breakage => "Breakage",
            Self::Loss => "Loss",
            Self::Return => "Customer return",
            Self::Booking => "Booking error",
        }
    }
}

/// A correction of stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Key.
    pub no: EntryNo,
    /// Primary.
    pub sku: Sku,
    /// Primary.
    pub warehouse: String,
    /// Primary: pieces before.
    pub from: i64,
    /// Primary: pieces afterwards.
    pub to: i64,
    /// Primary.
    pub reason: AdjustmentReason,
    /// Primary: empty for none.
    pub note: String,
    /// Incidental.
    pub made_at: DateTime,
    /// Incidental.
    pub who: String,
}

/// What was counted in an aisle on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountSheet {
    /// Its id, e.g. `orsund-2026-03-16`.
    pub id: String,
    /// Where.
    pub warehouse: String,
    /// Which aisle.
    pub aisle: u32,
    /// When.
    pub counted_on: Date,
    /// Who counted.
    pub who: String,
    /// Pieces by SKU.
    pub rows: Vec<(Sku, i64)>,
}

/// Who sells to Larder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// Its id, e.g. `brandt-sons`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Mail address for orders.
    pub email: String,
    /// Phone.
    pub phone: String,
    /// Whom to ask for.
    pub contact: String,
    /// On which days of the week it delivers.
    pub delivers_on: Vec<Weekday>,
    /// Working days from order to delivery, at least.
    pub lead_days: u32,
    /// What its sheet says about each product: name of the value, value.
    pub sheet: Vec<(ProductId, Vec<(String, String)>)>,
}

crate::named_values! {
    /// How far a purchase order is.
    PurchaseStatus {
        /// Sent to the supplier.
        Ordered = "ordered",
        /// Arrived.
        Received = "received",
        /// Called off.
        Cancelled = "cancelled",
    }
}

impl PurchaseStatus {
    /// The word on the pages.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ordered => "Ordered",
            Self::Received => "Received",
            Self::Cancelled => "Cancelled",
        }
    }
}

/// An order at a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    /// Key.
    pub no: EntryNo,
    /// Primary: id of the supplier.
    pub supplier: String,
    /// Primary: id of the warehouse.
    pub warehouse: String,
    /// Primary.
    pub deliver_on: Date,
    /// Primary: at least one, by SKU.
    pub lines: Vec<PurchaseLine>,
    /// Primary.
    pub status: PurchaseStatus,
    /// Primary: empty for none.
    pub note: String,
    /// Incidental.
    pub ordered_at: DateTime,
    /// Incidental.
    pub who: String,
}

/// One line of a purchase order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurchaseLine {
    /// Variant.
    pub sku: Sku,
    /// Pieces: whole boxes.
    pub quantity: u32,
}

crate::named_values! {
    /// Whether a promotion works.
    PromotionStatus {
        /// It works on its days.
        Active = "active",
        /// It was stopped for a while.
        Paused = "paused",
    }
}

/// A code that customers can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promotion {
    /// Key.
    pub no: EntryNo,
    /// Primary: upper case, unique.
    pub code: String,
    /// Primary.
    pub percent: u32,
    /// Primary: id of the category; empty for all goods.
    pub category: String,
    /// Primary: first day.
    pub from: Date,
    /// Primary: last day, included.
    pub until: Date,
    /// Primary: most uses; none for no limit.
    pub max_uses: Option<u32>,
    /// Primary: can be used together with other promotions.
    pub combinable: bool,
    /// Primary.
    pub status: PromotionStatus,
    /// Primary: what staff noted; empty for nothing.
    pub note: String,
    /// Fixed: times it was used.
    pub uses: u32,
}
