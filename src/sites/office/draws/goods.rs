//! Draws about stock, purchase orders, pictures and prices.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::parts::{add, change, ensure, quoted};
use crate::sites::clock::{TODAY, day_text, plus_days};
use crate::sites::office::actions::goods::delivery_day;
use crate::sites::office::queries::goods::{assortment, level, to_order, warehouse_name};
use crate::sites::office::queries::{full_name, variant};
use crate::sites::office::state::{
    CountSheet, OfficeState, Product, Sku, StockLevel, Supplier, Variant, Warehouse,
};
use crate::sites::tasks::draw::Drawn;

/// Rows of the form that corrects stock.
const CORRECTED: usize = 25;

/// O08: stock is corrected to a count sheet.
pub(super) fn stocktake(state: &OfficeState) -> Vec<Drawn> {
    state
        .fixed
        .counts
        .values()
        .map(|sheet| one_sheet(state, sheet))
        .collect()
}

fn one_sheet(state: &OfficeState, sheet: &CountSheet) -> Drawn {
    let house = &sheet.warehouse;
    let booked = |sku: &Sku| level(state, sku.as_str(), house).map_or(0, |level| level.pieces);
    let wrong: Vec<(usize, &Sku, i64)> = sheet
        .rows
        .iter()
        .enumerate()
        .filter(|(_, (sku, counted))| booked(sku) != *counted)
        .map(|(at, (sku, counted))| (at, sku, *counted))
        .collect();
    ensure((6..=10).contains(&wrong.len()), "not 6 to 10 differ")?;
    let key = |sku: &Sku, house: &str| format!("{sku}@{house}");
    let adjustment = |sku: &Sku, house: &str, from: i64, to: i64, note: Value| {
        add(
            "office.adjustments",
            json!({"sku": sku, "warehouse": house, "from": from, "to": to, "reason": "stocktake", "note": note}),
        )
    };
    let any = json!({"any": true});
    let expect: Vec<Value> = wrong
        .iter()
        .flat_map(|(_, sku, counted)| {
            [
                change("office.stock", &key(sku, house), json!({"pieces": counted})),
                adjustment(sku, house, booked(sku), *counted, any.clone()),
            ]
        })
        .collect();
    let (_, first, first_counted) = wrong[0];
    let (equal, equal_pieces) = sheet
        .rows
        .iter()
        .find(|(sku, counted)| booked(sku) == *counted)
        .ok_or("no row is right")?;
    let other = state
        .fixed
        .warehouses
        .iter()
        .find(|other| other.id != *house)
        .ok_or("no other warehouse")?;
    Ok(json!({
        "day": sheet.counted_on.to_string(),
        "warehouse": warehouse_name(state, house),
        "expect": expect,
        "difference": first_counted - booked(first),
        "last_two": [expect.len() - 2, expect.len() - 1],
        "equal": adjustment(equal, house, *equal_pieces, *equal_pieces, json!("")),
        "other_key": key(first, &other.id),
        "steps": sheet_steps(state, sheet, &wrong),
    }))
}

fn sheet_steps(
    state: &OfficeState,
    sheet: &CountSheet,
    wrong: &[(usize, &Sku, i64)],
) -> Vec<String> {
    let label = format!(
        "{}, {}",
        warehouse_name(state, &sheet.warehouse),
        day_text(sheet.counted_on)
    );
    let mut steps = vec![
        "click link 'Count sheets'".to_owned(),
        format!("click link '{}'", quoted(&label)),
        "click link 'Correct this aisle'".to_owned(),
    ];
    let fill = |sku: &Sku, counted: i64| format!("fill 'Counted pieces of {sku}' '{counted}'");
    let save = || {
        [
            "select 'Reason' 'Stocktake'".to_owned(),
            "click button 'Save corrections'".to_owned(),
        ]
    };
    let (first, second): (Vec<_>, Vec<_>) = wrong.iter().partition(|(at, ..)| *at < CORRECTED);
    if !first.is_empty() {
        steps.extend(first.iter().map(|(_, sku, counted)| fill(sku, *counted)));
        steps.extend(save());
    }
    if !second.is_empty() {
        steps.push("click link 'Next'".to_owned());
        steps.extend(second.iter().map(|(_, sku, counted)| fill(sku, *counted)));
        steps.extend(save());
    }
    steps
}

/// O11: everything of a supplier that is below its minimum in a warehouse.
pub(super) fn refill(state: &OfficeState) -> Vec<Drawn> {
    let mut draws = Vec::new();
    for supplier in &state.fixed.suppliers {
        for house in &state.fixed.warehouses {
            draws.push(one_refill(state, supplier, house));
        }
    }
    draws
}

/// The first day on which a supplier can deliver what is ordered today.
fn first_delivery(state: &OfficeState, supplier: &Supplier) -> Option<Date> {
    let earliest = i64::from(supplier.lead_days) * 7 / 5 + 1;
    (earliest..earliest + 8)
        .map(|days| plus_days(TODAY, days))
        .find(|day| delivery_day(state, &supplier.id, &day.to_string()).is_ok())
}

fn one_refill(state: &OfficeState, supplier: &Supplier, house: &Warehouse) -> Drawn {
    let goods = assortment(state, &supplier.id, &house.id);
    ensure(
        goods.iter().all(|(_, level)| level.pieces >= 0),
        "something is below zero",
    )?;
    let low: Vec<(&Sku, &StockLevel)> = goods
        .iter()
        .filter(|(_, level)| to_order(level) > 0)
        .copied()
        .collect();
    ensure((4..=8).contains(&low.len()), "not 4 to 8 lines")?;
    let missing =
        |level: &StockLevel| u32::try_from(i64::from(level.target) - level.pieces).unwrap_or(0);
    let rounded = low
        .iter()
        .filter(|(_, level)| missing(level) != to_order(level))
        .count();
    ensure(rounded >= 3, "rounding hardly matters")?;
    let (at_minimum, its_level) = goods
        .iter()
        .find(|(_, level)| level.minimum > 0 && level.pieces == i64::from(level.minimum))
        .ok_or("nothing stands at its minimum")?;
    let line = |sku: &Sku, qty: u32| json!({"sku": sku, "qty": qty});
    let lines: Vec<Value> = low
        .iter()
        .map(|(sku, level)| line(sku, to_order(level)))
        .collect();
    let unrounded: Vec<Value> = low
        .iter()
        .map(|(sku, level)| line(sku, missing(level)))
        .collect();
    let box_of = its_level.box_size;
    let mut with_more: Vec<(&Sku, u32)> = low
        .iter()
        .map(|(sku, level)| (*sku, to_order(level)))
        .collect();
    with_more.push((*at_minimum, missing(its_level).div_ceil(box_of) * box_of));
    with_more.sort_unstable();
    let day = first_delivery(state, supplier).ok_or("no day of delivery")?;
    let other = state
        .fixed
        .warehouses
        .iter()
        .find(|other| other.id != house.id)
        .ok_or("no other warehouse")?;
    let elsewhere: Vec<Value> = assortment(state, &supplier.id, &other.id)
        .iter()
        .filter(|(_, level)| to_order(level) > 0)
        .map(|(sku, level)| line(sku, to_order(level)))
        .collect();
    ensure(elsewhere != lines, "the other warehouse needs the same")?;
    Ok(json!({
        "supplier": supplier.name,
        "supplier_id": supplier.id,
        "warehouse": house.name,
        "warehouse_id": house.id,
        "other_warehouse": other.id,
        "day": day.to_string(),
        "lines": lines,
        "unrounded": unrounded,
        "with_at_minimum": with_more.iter().map(|(sku, qty)| line(sku, *qty)).collect::<Vec<_>>(),
        "elsewhere": elsewhere,
        "fill": low.iter().map(|(sku, level)| {
            format!("fill 'Pieces of {sku}' '{}'", to_order(level))
        }).collect::<Vec<_>>(),
    }))
}

/// O13: a new picture becomes the main one.
pub(super) fn main_picture(state: &OfficeState) -> Vec<Drawn> {
    state
        .fixed
        .catalogue
        .products
        .values()
        .map(|product| one_picture(state, product))
        .collect()
}

fn one_picture(state: &OfficeState, product: &Product) -> Drawn {
    let file = format!("{}-kitchen.jpg", product.id);
    ensure(
        state.fixed.library.iter().any(|entry| entry.name == file),
        "there is no new picture",
    )?;
    let files = state.pictures.get(&product.id).ok_or("no pictures")?;
    ensure(!files.contains(&file), "it has the picture")?;
    let family: Vec<&str> = product.name.split(' ').take(2).collect();
    let sister = state
        .fixed
        .catalogue
        .products
        .values()
        .find(|other| {
            other.id != product.id && other.name.split(' ').take(2).eq(family.iter().copied())
        })
        .ok_or("no look-alike")?;
    let mut wanted = vec![file.clone()];
    wanted.extend(files.iter().cloned());
    let mut behind = files.clone();
    behind.push(file.clone());
    let mut instead = files.clone();
    instead[0].clone_from(&file);
    let name = quoted(&product.name);
    Ok(json!({
        "product": product.name,
        "product_id": product.id,
        "sister_id": sister.id,
        "file": file,
        "files": wanted,
        "behind": behind,
        "instead": instead,
        "steps": [
            "click link 'Products'".to_owned(),
            format!("fill 'Name, article or SKU' '{name}'"),
            "click button 'Apply filters'".to_owned(),
            format!("click link '{name}'"),
            "click link 'Pictures'".to_owned(),
            format!("select 'File' '{file}'"),
            "click button 'Add picture'".to_owned(),
            format!("click button 'Make main: {file}'"),
        ],
    }))
}

/// O15: a new list price for a variant.
pub(super) fn new_price(state: &OfficeState) -> Vec<Drawn> {
    state
        .prices
        .keys()
        .filter_map(|sku| variant(state, sku.as_str()))
        .map(|(product, variant)| one_price(state, product, variant))
        .collect()
}

fn one_price(state: &OfficeState, product: &Product, variant: &Variant) -> Drawn {
    ensure(product.variants.len() >= 2, "it has one variant")?;
    let other = product
        .variants
        .iter()
        .find(|other| other.sku != variant.sku)
        .ok_or("no other variant")?;
    let old = state.prices.get(&variant.sku).copied().ok_or("no price")?;
    let new = old * 108 / 100 / 100 * 100 + 90;
    ensure(new != old && old >= 1_000, "the price is too low")?;
    let name = quoted(&product.name);
    Ok(json!({
        "product": product.name,
        "variant": variant.label,
        "full": full_name(product, variant),
        "sku": variant.sku,
        "other_sku": other.sku,
        "old": old,
        "price": new,
        "ten_more": new + 1_000,
        "steps": [
            "click link 'Products'".to_owned(),
            format!("fill 'Name, article or SKU' '{name}'"),
            "click button 'Apply filters'".to_owned(),
            format!("click link '{name}'"),
            format!("click link 'Change price of {}'", variant.sku),
            format!("fill 'New list price in dollars' '{}.{:02}'", new / 100, new % 100),
            "click button 'Save price'".to_owned(),
        ],
    }))
}
