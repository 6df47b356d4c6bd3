//! Primary state of the shop as records: the contract between the shop and the evaluators.
//!
//! | collection | key | fields |
//! |---|---|---|
//! | `shop.cart` | `cart` | `code` |
//! | `shop.cart_lines` | SKU | `sku`, `qty` |
//! | `shop.saved_lines` | SKU | `sku`, `qty` |
//! | `shop.wishlist` | product | `product`, `sku` (null: no variant chosen) |
//! | `shop.orders` | number | `status`, `lines` (array of `{sku, qty}` sorted by SKU), `address` (id in the address book, else the address in one line), `delivery`, `card` (id, else the last four digits), `code`, `gift_note`, `cancel_reason` |
//! | `shop.returns` | number | `order` (number), `sku`, `qty`, `reason`, `refund_to`, `drop_off`, `note` |
//! | `shop.reviews` | number | `product`, `stars`, `title`, `text` |
//! | `shop.addresses` | id | `label`, `name`, `street`, `extra`, `city`, `postcode`, `country`, `phone`, `default` |
//! | `shop.cards` | id | `brand`, `last4`, `holder`, `expires` (`2027-08`), `default` |
//! | `shop.newsletter` | mail address | `email`, `subscribed` |
//! | `shop.outbox` | number | `topic`, `order` (number or null), `subject`, `text` |
//! | `shop.stock_alerts` | SKU | `sku`, `email` |
//!
//! Absent values are null, empty texts are empty texts; the two are never equal. Numbers of
//! orders, returns, reviews and messages are written in decimal.

use serde_json::{Value, json};

use crate::sites::diff::{Record, Records};
use crate::sites::shop::state::{
    Address, Card, CartLine, ContactMessage, Order, PostalAddress, Return, Review, ShopState,
};

/// All primary records of a state.
pub fn of(state: &ShopState) -> Records {
    let mut records = Records::new();
    let mut add = |collection: &str, key: String, record: Record| {
        records.insert((format!("shop.{collection}"), key), record);
    };
    add(
        "cart",
        "cart".to_owned(),
        fields([("code", json!(state.cart_code))]),
    );
    for line in state.cart.values() {
        add("cart_lines", line.sku.to_string(), cart_line(line));
    }
    for line in state.saved.values() {
        add("saved_lines", line.sku.to_string(), cart_line(line));
    }
    for item in state.wishlist.values() {
        let record = fields([("product", json!(item.product)), ("sku", json!(item.sku))]);
        add("wishlist", item.product.to_string(), record);
    }
    for entry in state.orders.values() {
        add("orders", entry.no.to_string(), order(entry));
    }
    for entry in state.returns.values() {
        add("returns", entry.no.to_string(), returned(entry));
    }
    for entry in state.reviews.values() {
        add("reviews", entry.no.to_string(), review(entry));
    }
    for entry in state.addresses.values() {
        add("addresses", entry.id.to_string(), address(entry));
    }
    for entry in state.cards.values() {
        add("cards", entry.id.to_string(), card(entry));
    }
    for entry in state.newsletter.values() {
        let record = fields([
            ("email", json!(entry.email)),
            ("subscribed", json!(entry.subscribed)),
        ]);
        add("newsletter", entry.email.clone(), record);
    }
    for entry in state.outbox.values() {
        add("outbox", entry.no.to_string(), message(entry));
    }
    for entry in state.stock_alerts.values() {
        let record = fields([("sku", json!(entry.sku)), ("email", json!(entry.email))]);
        add("stock_alerts", entry.sku.to_string(), record);
    }
    records
}

fn fields<const N: usize>(fields: [(&str, Value); N]) -> Record {
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn cart_line(line: &CartLine) -> Record {
    fields([("sku", json!(line.sku)), ("qty", json!(line.quantity))])
}

/// An order as evaluators compare it.
pub fn order(order: &Order) -> Record {
    let mut lines: Vec<(&str, u32)> = order
        .lines
        .iter()
        .map(|line| (line.sku.as_str(), line.quantity))
        .collect();
    lines.sort_unstable();
    let lines: Vec<Value> = lines
        .into_iter()
        .map(|(sku, qty)| json!({"sku": sku, "qty": qty}))
        .collect();
    let address = order
        .address_id
        .as_ref()
        .map_or_else(|| json!(one_line(&order.address)), |address| json!(address));
    let card = order
        .card_id
        .as_ref()
        .map_or_else(|| json!(order.card_last4), |card| json!(card));
    fields([
        ("status", json!(order.status)),
        ("lines", json!(lines)),
        ("address", address),
        ("delivery", json!(order.delivery)),
        ("card", card),
        ("code", json!(order.code)),
        ("gift_note", json!(order.gift_note)),
        ("cancel_reason", json!(order.cancel_reason)),
    ])
}

/// An address in one line, as order pages show it.
pub fn one_line(address: &PostalAddress) -> String {
    [
        &address.name,
        &address.street,
        &address.extra,
        &format!("{} {}", address.postcode, address.city),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .cloned()
    .collect::<Vec<_>>()
    .join(", ")
}

fn returned(entry: &Return) -> Record {
    fields([
        ("order", json!(entry.order)),
        ("sku", json!(entry.sku)),
        ("qty", json!(entry.quantity)),
        ("reason", json!(entry.reason)),
        ("refund_to", json!(entry.refund_to)),
        ("drop_off", json!(entry.drop_off)),
        ("note", json!(entry.note)),
    ])
}

fn review(entry: &Review) -> Record {
    fields([
        ("product", json!(entry.product)),
        ("stars", json!(entry.stars)),
        ("title", json!(entry.title)),
        ("text", json!(entry.text)),
    ])
}

fn address(entry: &Address) -> Record {
    fields([
        ("label", json!(entry.label)),
        ("name", json!(entry.postal.name)),
        ("street", json!(entry.postal.street)),
        ("extra", json!(entry.postal.extra)),
        ("city", json!(entry.postal.city)),
        ("postcode", json!(entry.postal.postcode)),
        ("country", json!(entry.postal.country)),
        ("phone", json!(entry.postal.phone)),
        ("default", json!(entry.is_default)),
    ])
}

fn card(entry: &Card) -> Record {
    let (year, month) = entry.expires;
    fields([
        ("brand", json!(entry.brand)),
        ("last4", json!(entry.last4)),
        ("holder", json!(entry.holder)),
        ("expires", json!(format!("{year:04}-{month:02}"))),
        ("default", json!(entry.is_default)),
    ])
}

fn message(entry: &ContactMessage) -> Record {
    fields([
        ("topic", json!(entry.topic)),
        ("order", json!(entry.order)),
        ("subject", json!(entry.subject)),
        ("text", json!(entry.text)),
    ])
}
