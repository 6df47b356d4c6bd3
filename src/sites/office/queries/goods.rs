//! Products, stock, purchase orders, promotions.

use std::cmp::Reverse;

use crate::sites::clock::TODAY;
use crate::sites::office::queries::{matches, sku_name};
use crate::sites::office::state::{
    CountSheet, OfficeState, Product, Promotion, PromotionStatus, Purchase, Sku, StockKey,
    StockLevel, Supplier, Warehouse,
};
use crate::sites::office::view::Route;

/// A supplier by id.
pub fn supplier<'a>(state: &'a OfficeState, id: &str) -> Option<&'a Supplier> {
    state
        .fixed
        .suppliers
        .iter()
        .find(|supplier| supplier.id == id)
}

/// A warehouse by id.
pub fn warehouse<'a>(state: &'a OfficeState, id: &str) -> Option<&'a Warehouse> {
    state
        .fixed
        .warehouses
        .iter()
        .find(|warehouse| warehouse.id == id)
}

/// The name of a warehouse.
pub fn warehouse_name(state: &OfficeState, id: &str) -> String {
    warehouse(state, id).map_or_else(|| id.to_owned(), |warehouse| warehouse.name.clone())
}

/// Who supplies a variant.
pub fn supplier_of<'a>(state: &'a OfficeState, sku: &str) -> Option<&'a Supplier> {
    let product = state.fixed.catalogue.product_of.get(sku)?;
    supplier(state, state.fixed.supplier_of.get(product)?)
}

/// A variant in a warehouse.
pub fn level<'a>(state: &'a OfficeState, sku: &str, warehouse: &str) -> Option<&'a StockLevel> {
    state.stock.get(&(Sku::from(sku), warehouse.into()))
}

/// What is missing up to the target, in full boxes; 0 when it is not below its minimum.
pub fn to_order(level: &StockLevel) -> u32 {
    if level.pieces >= i64::from(level.minimum) {
        return 0;
    }
    let missing = u32::try_from(i64::from(level.target) - level.pieces).unwrap_or(0);
    missing.div_ceil(level.box_size) * level.box_size
}

/// Stock that fits a list's filters, in its order.
pub fn stock_list<'a>(
    state: &'a OfficeState,
    route: &Route,
) -> Vec<(&'a StockKey, &'a StockLevel)> {
    let (q, house) = (route.text("q"), route.text("warehouse"));
    let (supplier, kept) = (route.text("supplier"), route.text("level"));
    let aisle = route.number("aisle");
    let mut rows: Vec<(&StockKey, &StockLevel)> = state
        .stock
        .iter()
        .filter(|((sku, place), level)| {
            (house.is_empty() || **place == *house)
                && (aisle == 0 || level.aisle == aisle)
                && (supplier.is_empty()
                    || supplier_of(state, sku.as_str()).is_some_and(|one| one.id == supplier))
                && match kept {
                    "below" => level.pieces < i64::from(level.minimum),
                    "empty" => level.pieces == 0,
                    "negative" => level.pieces < 0,
                    _ => true,
                }
                && (q.is_empty() || matches(q, &[sku.as_str(), &sku_name(state, sku.as_str())]))
        })
        .collect();
    match route.text("sort") {
        "pieces" => rows.sort_by_key(|(_, level)| level.pieces),
        "missing" => {
            rows.sort_by_key(|(_, level)| Reverse(i64::from(level.minimum) - level.pieces));
        }
        _ => {}
    }
    rows
}

/// What a supplier delivers to a warehouse, by SKU.
pub fn assortment<'a>(
    state: &'a OfficeState,
    supplier: &str,
    warehouse: &str,
) -> Vec<(&'a Sku, &'a StockLevel)> {
    state
        .stock
        .iter()
        .filter(|((sku, place), _)| {
            **place == *warehouse
                && supplier_of(state, sku.as_str()).is_some_and(|one| one.id == supplier)
        })
        .map(|((sku, _), level)| (sku, level))
        .collect()
}

/// Products that fit a list's filters, by name.
pub fn product_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Product> {
    let (q, category, supplier) = (
        route.text("q"),
        route.text("category"),
        route.text("supplier"),
    );
    let mut products: Vec<&Product> = state
        .fixed
        .catalogue
        .products
        .values()
        .filter(|product| {
            let skus: Vec<&str> = product
                .variants
                .iter()
                .map(|variant| variant.sku.as_str())
                .collect();
            (category.is_empty() || super::top_category(state, product) == category)
                && (supplier.is_empty() || state.fixed.supplier_of[&product.id] == supplier)
                && (q.is_empty() || matches(q, &[&product.name, &product.article, &skus.join(" ")]))
        })
        .collect();
    products.sort_by(|one, other| one.name.cmp(&other.name));
    products
}

/// Count sheets, latest first.
pub fn count_list<'a>(state: &'a OfficeState, warehouse: &str) -> Vec<&'a CountSheet> {
    let mut sheets: Vec<&CountSheet> = state
        .fixed
        .counts
        .values()
        .filter(|sheet| warehouse.is_empty() || sheet.warehouse == warehouse)
        .collect();
    sheets.sort_by_key(|sheet| (Reverse(sheet.counted_on), sheet.warehouse.clone()));
    sheets
}

/// Purchase orders that fit a list's filters, latest first.
pub fn purchase_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Purchase> {
    let (supplier, status) = (route.text("supplier"), route.text("status"));
    let mut purchases: Vec<&Purchase> = state
        .purchases
        .values()
        .filter(|purchase| {
            (supplier.is_empty() || purchase.supplier == supplier)
                && (status.is_empty() || purchase.status.as_str() == status)
        })
        .collect();
    purchases.sort_by_key(|purchase| Reverse((purchase.ordered_at, purchase.no)));
    purchases
}

/// How a promotion stands today: `running`, `coming`, `ended` or `paused`.
pub fn promotion_state(promotion: &Promotion) -> &'static str {
    if promotion.until < TODAY {
        "ended"
    } else if promotion.status == PromotionStatus::Paused {
        "paused"
    } else if promotion.from > TODAY {
        "coming"
    } else {
        "running"
    }
}

/// Promotions that fit a list's filters, those that end last first.
pub fn promotion_list<'a>(state: &'a OfficeState, route: &Route) -> Vec<&'a Promotion> {
    let (q, wanted) = (route.text("q"), route.text("state"));
    let mut promotions: Vec<&Promotion> = state
        .promotions
        .values()
        .filter(|promotion| {
            (wanted.is_empty() || promotion_state(promotion) == wanted)
                && (q.is_empty() || matches(q, &[&promotion.code, &promotion.note]))
        })
        .collect();
    promotions.sort_by_key(|promotion| (Reverse(promotion.until), promotion.code.clone()));
    promotions
}

/// The highest discount in a category, in percent.
pub fn highest_percent(state: &OfficeState, category: &str) -> u32 {
    let floors = &state.fixed.margin_floors;
    floors.get(category).copied().unwrap_or(90)
}

/// Categories that promotions can be for, those of the top level.
pub fn promotion_categories(state: &OfficeState) -> Vec<(String, String)> {
    let mut categories = vec![(String::new(), "All goods".to_owned())];
    let all = &state.fixed.catalogue.categories;
    categories.extend(
        all.iter()
            .filter(|category| category.parent.is_none() && !category.is_sale)
            .map(|category| (category.id.to_string(), category.name.clone())),
    );
    categories
}
