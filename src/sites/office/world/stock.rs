//! Warehouses, stock, suppliers and count sheets. The shop's stock is the sum over the
//! warehouses.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Weekday, date};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::office::state::{
    Catalogue, CountSheet, Product, ProductId, Sku, Staff, StockKey, StockLevel, Supplier,
    Warehouse,
};
use crate::sites::people::People;
use crate::sites::shop::queries::kilograms;
use crate::sites::shop::state::ShopState;

/// Variants in an aisle, and so rows of a count sheet.
const AISLE: usize = 40;

/// Warehouses in the order of lists.
pub(super) fn warehouses() -> Vec<Warehouse> {
    [
        ("orsund", "Orsund Harbour", "Orsund"),
        ("tolmar", "Tolmar North", "Tolmar"),
        ("velmora", "Velmora", "Velmora"),
    ]
    .map(|(id, name, city)| Warehouse {
        id: id.to_owned(),
        name: name.to_owned(),
        city: city.to_owned(),
    })
    .to_vec()
}

/// Suppliers: id, name, days of delivery, working days until then.
const SUPPLIERS: [(&str, &str, &[Weekday], u32); 11] = [
    (
        "brandt-sons",
        "Brandt & Sons",
        &[Weekday::Monday, Weekday::Thursday],
        5,
    ),
    ("castor-trading", "Castor Trading", &[Weekday::Tuesday], 7),
    (
        "eldby-metal",
        "Eldby Metalworks",
        &[Weekday::Wednesday, Weekday::Friday],
        4,
    ),
    ("ferro-casa", "Ferro Casa", &[Weekday::Thursday], 8),
    ("hallin-ceramics", "Hallin Ceramics", &[Weekday::Monday], 6),
    (
        "kolm-tools",
        "Kolm Tools",
        &[Weekday::Tuesday, Weekday::Friday],
        3,
    ),
    ("morava-glass", "Morava Glass", &[Weekday::Wednesday], 9),
    (
        "northgate-supply",
        "Northgate Supply",
        &[Weekday::Monday, Weekday::Wednesday],
        2,
    ),
    (
        "orsund-imports",
        "Orsund Imports",
        &[Weekday::Thursday, Weekday::Friday],
        4,
    ),
    ("pelu-enamel", "Pelu Enamel", &[Weekday::Friday], 6),
    (
        "tarn-steel",
        "Tarn Steel",
        &[Weekday::Tuesday, Weekday::Thursday],
        5,
    ),
];

/// Who supplies each product: makers go round the suppliers.
pub(super) fn supplier_of(catalogue: &Catalogue) -> BTreeMap<ProductId, String> {
    let mut brands: Vec<&str> = catalogue
        .products
        .values()
        .map(|product| product.brand.as_str())
        .collect();
    brands.sort_unstable();
    brands.dedup();
    let place = |product: &Product| {
        let place = brands.iter().position(|brand| *brand == product.brand);
        place.unwrap_or(0) % SUPPLIERS.len()
    };
    catalogue
        .products
        .values()
        .map(|product| {
            let (id, ..) = SUPPLIERS[place(product)];
            (product.id.clone(), id.to_owned())
        })
        .collect()
}

/// All suppliers with their sheets.
pub(super) fn suppliers(
    rng: &mut ChaCha8Rng,
    catalogue: &Catalogue,
    people: &People,
) -> Vec<Supplier> {
    let owners = supplier_of(catalogue);
    let outside: Vec<&str> = people
        .all()
        .iter()
        .filter(|person| person.team.is_none() && person.customer_no.is_none())
        .map(|person| person.name.as_str())
        .collect();
    SUPPLIERS
        .iter()
        .enumerate()
        .map(|(at, (id, name, days, lead_days))| Supplier {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            email: format!("orders@{id}.example"),
            phone: format!("555-01{:02}", 20 + at * 3),
            contact: outside
                .get(at * 7 % outside.len().max(1))
                .map_or("", |name| name)
                .to_owned(),
            delivers_on: days.to_vec(),
            lead_days: *lead_days,
            sheet: catalogue
                .products
                .values()
                .filter(|product| owners[&product.id] == **id)
                .map(|product| (product.id.clone(), sheet(rng, product)))
                .collect(),
        })
        .collect()
}

/// What the supplier says about a product: the same as the shop, some of it in other units.
fn sheet(rng: &mut ChaCha8Rng, product: &Product) -> Vec<(String, String)> {
    let row = |name: &str, value: String| (name.to_owned(), value);
    let weight = if rng.random_bool(0.5) {
        format!("{} g", product.weight_g)
    } else {
        kilograms(product.weight_g)
    };
    let mut rows = vec![
        row("Article", product.article.clone()),
        row("Net weight", weight),
        row("Packed weight", kilograms(product.packed_weight_g)),
        row("Guarantee", format!("{} months", product.guarantee_months)),
    ];
    rows.extend(product.details.iter().cloned());
    rows
}

/// List prices by SKU.
pub(super) fn prices(catalogue: &Catalogue) -> BTreeMap<Sku, u32> {
    catalogue
        .products
        .values()
        .flat_map(|product| &product.variants)
        .map(|variant| (variant.sku.clone(), variant.list_cents))
        .collect()
}

/// Stock of every variant in every warehouse.
pub(super) fn levels(
    rng: &mut ChaCha8Rng,
    shop: &ShopState,
    supplier_of: &BTreeMap<ProductId, String>,
) -> BTreeMap<StockKey, StockLevel> {
    let mut levels = BTreeMap::new();
    let mut of_supplier: BTreeMap<(&str, &str), Vec<StockKey>> = BTreeMap::new();
    let houses = warehouses();
    let owned: Vec<Arc<str>> = houses
        .iter()
        .map(|house| house.id.as_str().into())
        .collect();
    for (at, (sku, pieces)) in shop.stock.iter().enumerate() {
        let product = &shop.catalogue.product_of[sku];
        let box_size =
            [4, 6, 8, 10, 12, 5][usize::try_from(rng.random_range(0..6_u32)).unwrap_or(0)];
        for ((house, id), share) in houses.iter().zip(&owned).zip(split(rng, *pieces, at)) {
            let key = (sku.clone(), Arc::clone(id));
            let level = StockLevel {
                pieces: share,
                minimum: 0,
                target: 0,
                box_size,
                aisle: u32::try_from(at / AISLE + 1).unwrap_or(1),
            };
            levels.insert(key.clone(), level);
            let supplier = supplier_of[product].as_str();
            of_supplier
                .entry((supplier, house.id.as_str()))
                .or_default()
                .push(key);
        }
    }
    for keys in of_supplier.into_values() {
        minimums(rng, &mut levels, keys);
    }
    levels
}

/// Cuts the shop's stock into the warehouses' shares. Once in a while more was sent than was
/// booked, and a share is below zero.
fn split(rng: &mut ChaCha8Rng, pieces: u32, at: usize) -> [i64; 3] {
    let pieces = i64::from(pieces);
    let first = pieces * i64::from(rng.random_range(30..55_u32)) / 100;
    let second = (pieces - first) * i64::from(rng.random_range(35..65_u32)) / 100;
    if at % 67 == 66 && pieces >= 6 {
        return [pieces - second + 2, second, -2];
    }
    [first, second, pieces - first - second]
}

/// Sets minimum and target of what one supplier delivers to one warehouse: four to seven
/// variants are below their minimum, one stands at it, the others are above or not kept there.
fn minimums(
    rng: &mut ChaCha8Rng,
    levels: &mut BTreeMap<StockKey, StockLevel>,
    mut keys: Vec<StockKey>,
) {
    keys.shuffle(rng);
    let (mut kept, empty): (Vec<StockKey>, Vec<StockKey>) =
        keys.into_iter().partition(|key| levels[key].pieces > 0);
    let below = rng.random_range(4..=7).min(kept.len().saturating_sub(2));
    let empty_below = empty.into_iter().take(usize::from(kept.len() < 4) + 1);
    let mut low: Vec<StockKey> = empty_below.collect();
    low.extend(kept.drain(..below.saturating_sub(low.len())));
    for (at, key) in low.into_iter().enumerate() {
        let extra = rng.random_range(1..6);
        let gap = rng.random_range(8..26);
        if let Some(level) = levels.get_mut(&key) {
            level.minimum = u32::try_from(level.pieces.max(0)).unwrap_or(0) + extra;
            level.target = level.minimum + gap;
            if at < 3 {
                off_the_box(level);
            }
        }
    }
    for (at, key) in kept.into_iter().enumerate() {
        let share = rng.random_range(20..80_u32);
        let gap = rng.random_range(6..24);
        if let Some(level) = levels.get_mut(&key) {
            let pieces = u32::try_from(level.pieces).unwrap_or(0);
            level.minimum = if at == 0 {
                pieces
            } else {
                pieces * share / 100
            };
            level.target = level.minimum + gap;
            if level.target <= pieces {
                level.target = pieces + 1;
            }
        }
    }
}

/// Moves the target so that what is missing is no whole number of boxes.
fn off_the_box(level: &mut StockLevel) {
    let missing = i64::from(level.target) - level.pieces;
    if missing % i64::from(level.box_size) == 0 {
        level.target += 1;
    }
}

/// Count sheets: every aisle of every warehouse was counted in the last days, and 6 to 10
/// variants of each were other than booked.
pub(super) fn counts(
    rng: &mut ChaCha8Rng,
    levels: &BTreeMap<StockKey, StockLevel>,
    staff: &[Staff],
) -> BTreeMap<String, CountSheet> {
    let aisles = levels.values().map(|level| level.aisle).max().unwrap_or(1);
    let mut sheets = BTreeMap::new();
    for (house_at, house) in warehouses().iter().enumerate() {
        for aisle in 1..=aisles {
            let counted: Vec<(&Sku, i64)> = levels
                .iter()
                .filter(|((_, place), level)| **place == *house.id && level.aisle == aisle)
                .map(|((sku, _), level)| (sku, level.pieces))
                .collect();
            if counted.len() < AISLE {
                continue;
            }
            let counted_on = plus_days(date(2026, 3, 17), -i64::from(aisle - 1));
            let id = format!("{}-{counted_on}", house.id);
            let who = super::colleague(staff, house_at * 5 + aisle as usize).to_owned();
            let sheet = CountSheet {
                id: id.clone(),
                warehouse: house.id.clone(),
                aisle,
                counted_on,
                who,
                rows: miscounted(rng, &counted),
            };
            sheets.insert(id, sheet);
        }
    }
    sheets
}

fn miscounted(rng: &mut ChaCha8Rng, booked: &[(&Sku, i64)]) -> Vec<(Sku, i64)> {
    let wrong = rng.random_range(6..=10);
    let mut places: Vec<usize> = (0..booked.len()).collect();
    places.shuffle(rng);
    // What is booked below zero is always counted otherwise.
    places.sort_by_key(|at| booked[*at].1 >= 0);
    places.truncate(wrong);
    booked
        .iter()
        .enumerate()
        .map(|(at, (sku, pieces))| {
            if !places.contains(&at) {
                return ((*sku).clone(), *pieces);
            }
            let off = i64::from(rng.random_range(1..5_u32));
            let fewer = rng.random_bool(0.6) && *pieces >= off;
            let counted = if fewer {
                pieces - off
            } else {
                pieces.max(&0) + off
            };
            ((*sku).clone(), counted)
        })
        .collect()
}
