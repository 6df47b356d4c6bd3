//! Primary state of the office as records: the contract between the office and the evaluators.
//!
//! | collection | key | fields |
//! |---|---|---|
//! | `office.orders` | number | `status`, `payment`, `tracking`, `note` |
//! | `office.customers` | number | `name`, `email`, `phone`, `note`, `merged_into` (number or null) |
//! | `office.prices` | SKU | `cents` |
//! | `office.pictures` | product | `files` (array in order) |
//! | `office.stock` | `SKU@warehouse` | `pieces`, `minimum`, `target` |
//! | `office.adjustments` | number | `sku`, `warehouse`, `from`, `to`, `reason`, `note` |
//! | `office.promotions` | number | `code`, `percent`, `category` (id, empty for all goods), `from`, `until`, `max_uses` (number or null), `combinable`, `status`, `note` |
//! | `office.returns` | number | `status`, `note` |
//! | `office.refunds` | number | `order`, `kind`, `cents`, `reason`, `note` |
//! | `office.outbox` | number | `order`, `to`, `template`, `subject`, `text` |
//! | `office.purchases` | number | `supplier`, `warehouse`, `deliver_on`, `lines` (array of `{sku, qty}` by SKU), `status`, `note` |
//! | `office.settings` | `section/group/page/name` | `value` |
//!
//! Absent values are null, empty texts are empty texts. Numbers in keys are in decimal.

use serde_json::{Value, json};

use crate::sites::diff::{Record, Records};
use crate::sites::office::state::{OfficeState, Promotion, Purchase};

/// Collections that are empty in the base state.
pub const EMPTY: &[&str] = &["office.adjustments"];

/// All primary records of a state.
pub fn of(state: &OfficeState) -> Records {
    let mut records = Records::new();
    let mut add = |collection: &str, key: String, record: Record| {
        records.insert((format!("office.{collection}"), key), record);
    };
    for order in state.orders.values() {
        let record = fields([
            ("status", json!(order.status)),
            ("payment", json!(order.payment)),
            ("tracking", json!(order.tracking)),
            ("note", json!(order.note)),
        ]);
        add("orders", order.no.to_string(), record);
    }
    for customer in state.customers.values() {
        let record = fields([
            ("name", json!(customer.name)),
            ("email", json!(customer.email)),
            ("phone", json!(customer.phone)),
            ("note", json!(customer.note)),
            ("merged_into", json!(customer.merged_into)),
        ]);
        add("customers", customer.no.to_string(), record);
    }
    goods(state, &mut add);
    for entry in state.promotions.values() {
        add("promotions", entry.no.to_string(), promotion(entry));
    }
    for entry in state.purchases.values() {
        add("purchases", entry.no.to_string(), purchase(entry));
    }
    back(state, &mut add);
    for (key, value) in state.settings.iter() {
        add("settings", key.clone(), fields([("value", json!(value))]));
    }
    records
}

fn goods(state: &OfficeState, add: &mut impl FnMut(&str, String, Record)) {
    for (sku, cents) in state.prices.iter() {
        add("prices", sku.to_string(), fields([("cents", json!(cents))]));
    }
    for (product, files) in state.pictures.iter() {
        let record = fields([("files", json!(files))]);
        add("pictures", product.to_string(), record);
    }
    for ((sku, warehouse), level) in state.stock.iter() {
        let record = fields([
            ("pieces", json!(level.pieces)),
            ("minimum", json!(level.minimum)),
            ("target", json!(level.target)),
        ]);
        add("stock", format!("{sku}@{warehouse}"), record);
    }
    for entry in state.adjustments.values() {
        let record = fields([
            ("sku", json!(entry.sku)),
            ("warehouse", json!(entry.warehouse)),
            ("from", json!(entry.from)),
            ("to", json!(entry.to)),
            ("reason", json!(entry.reason)),
            ("note", json!(entry.note)),
        ]);
        add("adjustments", entry.no.to_string(), record);
    }
}

fn back(state: &OfficeState, add: &mut impl FnMut(&str, String, Record)) {
    for entry in state.returns.values() {
        let record = fields([("status", json!(entry.status)), ("note", json!(entry.note))]);
        add("returns", entry.no.to_string(), record);
    }
    for entry in state.refunds.values() {
        let record = fields([
            ("order", json!(entry.order)),
            ("kind", json!(entry.kind)),
            ("cents", json!(entry.cents)),
            ("reason", json!(entry.reason)),
            ("note", json!(entry.note)),
        ]);
        add("refunds", entry.no.to_string(), record);
    }
    for entry in state.outbox.values() {
        let record = fields([
            ("order", json!(entry.order)),
            ("to", json!(entry.to)),
            ("template", json!(entry.template)),
            ("subject", json!(entry.subject)),
            ("text", json!(entry.text)),
        ]);
        add("outbox", entry.no.to_string(), record);
    }
}

fn promotion(entry: &Promotion) -> Record {
    fields([
        ("code", json!(entry.code)),
        ("percent", json!(entry.percent)),
        ("category", json!(entry.category)),
        ("from", json!(entry.from.to_string())),
        ("until", json!(entry.until.to_string())),
        ("max_uses", json!(entry.max_uses)),
        ("combinable", json!(entry.combinable)),
        ("status", json!(entry.status)),
        ("note", json!(entry.note)),
    ])
}

fn purchase(entry: &Purchase) -> Record {
    let lines: Vec<Value> = entry
        .lines
        .iter()
        .map(|line| json!({"sku": line.sku, "qty": line.quantity}))
        .collect();
    fields([
        ("supplier", json!(entry.supplier)),
        ("warehouse", json!(entry.warehouse)),
        ("deliver_on", json!(entry.deliver_on.to_string())),
        ("lines", json!(lines)),
        ("status", json!(entry.status)),
        ("note", json!(entry.note)),
    ])
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
