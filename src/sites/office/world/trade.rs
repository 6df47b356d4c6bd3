//! Promotions and purchase orders.

use std::collections::BTreeMap;

use jiff::civil::{Date, date, time};
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::office::state::{
    Catalogue, EntryNo, ProductId, Promotion, PromotionStatus, Purchase, PurchaseLine,
    PurchaseStatus, Sku, Staff, Supplier,
};
use crate::sites::shop::state::Reduction;

/// Number of the first promotion and of the first purchase order.
const FIRST_PROMOTION: EntryNo = 401;
const FIRST_PURCHASE: EntryNo = 5_201;

/// Promotions of the office's own: code, percent, category, days, combinable, most uses, note.
type Own = (
    &'static str,
    u32,
    &'static str,
    (Date, Date),
    bool,
    Option<u32>,
    &'static str,
);

const OWN: [Own; 12] = [
    (
        "NEWHERE5",
        5,
        "",
        (date(2025, 1, 1), date(2026, 12, 31)),
        true,
        None,
        "For first orders; named in the welcome message.",
    ),
    (
        "STEEL15",
        15,
        "knives",
        (date(2026, 3, 2), date(2026, 3, 29)),
        false,
        Some(400),
        "Knife weeks.",
    ),
    (
        "BREW12",
        12,
        "coffee",
        (date(2026, 3, 9), date(2026, 4, 5)),
        false,
        Some(300),
        "Goes with the newsletter of 9 March.",
    ),
    (
        "CRUST20",
        20,
        "baking",
        (date(2026, 3, 1), date(2026, 3, 31)),
        false,
        Some(250),
        "Bread month.",
    ),
    (
        "PLATE10",
        10,
        "table",
        (date(2026, 2, 16), date(2026, 4, 30)),
        true,
        None,
        "For restaurants that order again.",
    ),
    (
        "COOK8",
        8,
        "cookware",
        (date(2026, 3, 14), date(2026, 3, 22)),
        false,
        Some(150),
        "Weekend of the cookware fair.",
    ),
    (
        "STAFF25",
        25,
        "",
        (date(2025, 1, 1), date(2026, 12, 31)),
        false,
        None,
        "Colleagues only.",
    ),
    (
        "AUTUMN15",
        15,
        "",
        (date(2025, 9, 15), date(2025, 10, 12)),
        false,
        Some(600),
        "",
    ),
    (
        "CYBER20",
        20,
        "coffee",
        (date(2025, 11, 24), date(2025, 12, 1)),
        false,
        Some(900),
        "Sale week.",
    ),
    (
        "GIFT10",
        10,
        "table",
        (date(2025, 12, 1), date(2025, 12, 24)),
        true,
        Some(500),
        "",
    ),
    (
        "MAYDAY10",
        10,
        "",
        (date(2026, 4, 27), date(2026, 5, 3)),
        false,
        Some(400),
        "Planned.",
    ),
    (
        "SUMMER15",
        15,
        "cookware",
        (date(2026, 6, 15), date(2026, 7, 12)),
        false,
        Some(500),
        "Planned; texts are missing.",
    ),
];

/// The highest discount of a promotion, in percent, by category; empty for all goods.
pub(super) fn margin_floors() -> BTreeMap<String, u32> {
    [
        ("", 25),
        ("coffee", 30),
        ("cookware", 35),
        ("knives", 25),
        ("baking", 40),
        ("table", 45),
    ]
    .into_iter()
    .map(|(category, percent)| (category.to_owned(), percent))
    .collect()
}

/// All promotions: the shop's codes and the office's own.
pub(super) fn promotions(
    rng: &mut ChaCha8Rng,
    catalogue: &Catalogue,
) -> BTreeMap<EntryNo, Promotion> {
    let mut all: Vec<Promotion> = catalogue
        .codes
        .iter()
        .map(|code| Promotion {
            no: 0,
            code: code.code.clone(),
            percent: match code.reduction {
                Reduction::Percent(percent) => percent,
                _ => 0,
            },
            category: code
                .category
                .as_ref()
                .map_or_else(String::new, ToString::to_string),
            from: code.from,
            until: code.until,
            max_uses: None,
            combinable: false,
            status: PromotionStatus::Active,
            note: code.text.clone(),
            uses: 0,
        })
        .collect();
    all.extend(OWN.map(own));
    all.sort_by(|one, other| (one.from, &one.code).cmp(&(other.from, &other.code)));
    for promotion in &mut all {
        let most = promotion.max_uses.unwrap_or(700);
        if promotion.from <= date(2026, 3, 18) {
            promotion.uses = rng.random_range(12..most.max(13));
        }
    }
    all.into_iter()
        .zip(FIRST_PROMOTION..)
        .map(|(promotion, no)| (no, Promotion { no, ..promotion }))
        .collect()
}

fn own((code, percent, category, (from, until), combinable, max_uses, note): Own) -> Promotion {
    Promotion {
        no: 0,
        code: code.to_owned(),
        percent,
        category: category.to_owned(),
        from,
        until,
        max_uses,
        combinable,
        status: if code == "GIFT10" {
            PromotionStatus::Paused
        } else {
            PromotionStatus::Active
        },
        note: note.to_owned(),
        uses: 0,
    }
}

/// Purchase orders of the last months; the latest have not arrived yet.
pub(super) fn purchases(
    rng: &mut ChaCha8Rng,
    catalogue: &Catalogue,
    supplier_of: &BTreeMap<ProductId, String>,
    suppliers: &[Supplier],
    staff: &[Staff],
) -> BTreeMap<EntryNo, Purchase> {
    let mut purchases = BTreeMap::new();
    for at in 0..44_u32 {
        let no = FIRST_PURCHASE + at;
        let Some(supplier) = suppliers.choose(rng) else {
            continue;
        };
        let ordered_on = plus_days(date(2025, 3, 5), i64::from(at) * 8 + 3);
        let goods: Vec<&Sku> = catalogue
            .products
            .values()
            .filter(|product| supplier_of[&product.id] == supplier.id)
            .flat_map(|product| &product.variants)
            .map(|variant| &variant.sku)
            .collect();
        let count = rng.random_range(2..6);
        let mut lines: Vec<PurchaseLine> = goods
            .sample(rng, count)
            .map(|sku| PurchaseLine {
                sku: (*sku).clone(),
                quantity: 0,
            })
            .collect();
        for line in &mut lines {
            line.quantity = 12 * rng.random_range(1..5);
        }
        lines.sort_by(|one, other| one.sku.cmp(&other.sku));
        let warehouse = ["orsund", "tolmar", "velmora"].choose(rng).copied();
        let deliver_on = next_delivery(supplier, ordered_on);
        let purchase = Purchase {
            no,
            supplier: supplier.id.clone(),
            warehouse: warehouse.unwrap_or("orsund").to_owned(),
            deliver_on,
            lines,
            status: match at {
                17 | 31 => PurchaseStatus::Cancelled,
                _ if deliver_on < date(2026, 3, 18) => PurchaseStatus::Received,
                _ => PurchaseStatus::Ordered,
            },
            note: String::new(),
            ordered_at: ordered_on.to_datetime(time(11, 20, 0, 0)),
            who: super::colleague(staff, at as usize * 4).to_owned(),
        };
        purchases.insert(no, purchase);
    }
    purchases
}

/// The first day on which a supplier can deliver what is ordered on a day.
fn next_delivery(supplier: &Supplier, ordered_on: Date) -> Date {
    let mut day = super::orders::plus_working_days(ordered_on, i64::from(supplier.lead_days));
    while !supplier.delivers_on.contains(&day.weekday()) {
        day = plus_days(day, 1);
    }
    day
}
