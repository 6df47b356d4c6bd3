//! What each report adds up.

use crate::sites::clock::{days_between, weekday_name};
use crate::sites::office::queries::goods::{supplier_of, warehouse_name};
use crate::sites::office::queries::orders::{owner, refunded_cents};
use crate::sites::office::queries::{category_name, country_name, sku_name, top_category, variant};
use crate::sites::office::state::{
    DeliveryMethod, OfficeState, Order, OrderStatus, PurchaseStatus, ReturnStatus,
};
use crate::sites::office::view::Page;

use super::{Key, Row, Rows, Settings};

/// All rows of a report, by the key that orders them.
pub(super) fn rows(state: &OfficeState, report: &str, settings: &Settings) -> Rows {
    let mut rows = Rows::default();
    match report {
        "returns" => returns(state, settings, &mut rows),
        "refunds" => refunds(state, settings, &mut rows),
        "stock" => stock(state, settings, &mut rows),
        "purchases" => purchases(state, settings, &mut rows),
        "accounts" => accounts(state, settings, &mut rows),
        _ => {
            for order in counted(state, settings) {
                of_order(state, report, settings, order, &mut rows);
            }
        }
    }
    rows
}

/// Orders that a report counts.
fn counted<'a>(state: &'a OfficeState, settings: &'a Settings) -> impl Iterator<Item = &'a Order> {
    state
        .orders
        .values()
        .map(|order| &**order)
        .filter(move |order| {
            settings.covers(order.placed_at.date())
                && (settings.with_cancelled || order.status != OrderStatus::Cancelled)
                && (settings.country.is_empty() || order.address.country == settings.country)
        })
}

/// Adds what an order gives to a report about orders.
fn of_order(
    state: &OfficeState,
    report: &str,
    settings: &Settings,
    order: &Order,
    rows: &mut Rows,
) {
    let gross = i64::from(order.goods_cents + order.delivery_cents);
    let refunds = i64::from(refunded_cents(state, order.no));
    let discount = i64::from(order.discount_cents);
    let key = || order_key(state, &settings.group, order);
    match report {
        "revenue" => {
            let net = gross - discount - refunds;
            rows.add(&key(), &[1, gross, discount, refunds, net]);
        }
        "customers" => {
            let paid = gross - discount;
            rows.add(&key(), &[paid, refunds, paid - refunds, 1]);
        }
        "orders" => rows.add(&key(), &[1, gross]),
        "codes" if !order.code.is_empty() => rows.add(&key(), &[discount, 1]),
        "sales" => sales(state, settings, order, rows),
        "delivery" | "late" => {
            let Some(arrived) = order.delivered_on else {
                return;
            };
            let days = days_between(order.placed_at.date(), arrived);
            let late = i64::from(arrived > order.promised_on);
            let values: &[i64] = if report == "late" {
                &[late, 1, 0]
            } else {
                &[days, 1]
            };
            rows.add(&key(), values);
        }
        _ => {}
    }
}

fn sales(state: &OfficeState, settings: &Settings, order: &Order, rows: &mut Rows) {
    for line in order.lines.iter().filter(|line| !line.cancelled) {
        let value = i64::from(line.unit_cents * line.quantity);
        let key = goods_key(state, &settings.group, line.sku.as_str());
        rows.add(&key, &[value, i64::from(line.quantity), 1]);
    }
}

fn order_key(state: &OfficeState, group: &str, order: &Order) -> Key {
    match group {
        "month" => Key::month(order.placed_at.date()),
        "country" => country_key(state, &order.address.country),
        "warehouse" => warehouse_key(state, &order.warehouse),
        "status" => Key::new(order.status.as_str(), order.status.label()),
        "weekday" => {
            let day = order.placed_at.date().weekday();
            let place = day.to_monday_zero_offset().to_string();
            Key::new(place, weekday_name(day))
        }
        "delivery" => Key::new(order.delivery.as_str(), delivery_label(order.delivery)),
        "code" => Key::new(&*order.code, &*order.code),
        "customer" => owner(state, order).map_or_else(
            || Key::new("", "Unknown"),
            |one| {
                Key::new(one.no.to_string(), &*one.name).linked(Page::Customer, "customer", one.no)
            },
        ),
        _ => Key::new("", "All"),
    }
}

/// A kind of delivery in words.
pub(super) const fn delivery_label(method: DeliveryMethod) -> &'static str {
    match method {
        DeliveryMethod::Standard => "Standard",
        DeliveryMethod::Express => "Express",
        DeliveryMethod::Locker => "Parcel locker",
    }
}

fn country_key(state: &OfficeState, id: &str) -> Key {
    Key::new(id, country_name(state, id))
}

fn warehouse_key(state: &OfficeState, id: &str) -> Key {
    Key::new(id, warehouse_name(state, id))
}

fn goods_key(state: &OfficeState, group: &str, sku: &str) -> Key {
    let product = variant(state, sku).map(|(product, _)| product);
    match (group, product) {
        ("product", Some(product)) => Key::new(product.id.as_str(), &*product.name).linked(
            Page::Product,
            "product",
            &product.id,
        ),
        ("category", Some(product)) => {
            let id = top_category(state, product);
            Key::new(id, category_name(state, id))
        }
        ("supplier", Some(_)) => supplier_of(state, sku).map_or_else(
            || Key::new("", "None"),
            |one| Key::new(&*one.id, &*one.name).linked(Page::Supplier, "supplier", &one.id),
        ),
        (_, Some(product)) => Key::new(sku, sku).linked(Page::Product, "product", &product.id),
        (_, None) => Key::new(sku, sku_name(state, sku)),
    }
}

fn returns(state: &OfficeState, settings: &Settings, rows: &mut Rows) {
    for entry in state.returns.values() {
        let asked = entry.requested_at.date();
        if !settings.covers(asked) {
            continue;
        }
        let key = match settings.group.as_str() {
            "month" => Key::month(asked),
            "reason" => Key::new(entry.reason.as_str(), entry.reason.label()),
            "status" => Key::new(entry.status.as_str(), ReturnStatus::label(entry.status)),
            group => goods_key(state, group, entry.sku.as_str()),
        };
        rows.add(&key, &[1, i64::from(entry.quantity)]);
    }
}

fn refunds(state: &OfficeState, settings: &Settings, rows: &mut Rows) {
    for entry in state.refunds.values() {
        let paid = entry.paid_at.date();
        if !settings.covers(paid) {
            continue;
        }
        let key = match settings.group.as_str() {
            "kind" => Key::new(entry.kind.as_str(), entry.kind.label()),
            "reason" => Key::new(entry.reason.as_str(), entry.reason.label()),
            _ => Key::month(paid),
        };
        rows.add(&key, &[i64::from(entry.cents), 1]);
    }
}

fn stock(state: &OfficeState, settings: &Settings, rows: &mut Rows) {
    for ((sku, warehouse), level) in state.stock.iter() {
        let key = match settings.group.as_str() {
            "warehouse" => warehouse_key(state, warehouse),
            group => goods_key(state, group, sku.as_str()),
        };
        let price = state.prices.get(sku).copied().map_or(0, i64::from);
        let below = i64::from(level.pieces < i64::from(level.minimum));
        rows.add(&key, &[price * level.pieces, level.pieces, below]);
    }
}

fn purchases(state: &OfficeState, settings: &Settings, rows: &mut Rows) {
    for entry in state.purchases.values() {
        let sent = entry.ordered_at.date();
        if !settings.covers(sent) {
            continue;
        }
        let key = match settings.group.as_str() {
            "warehouse" => warehouse_key(state, &entry.warehouse),
            "status" => Key::new(entry.status.as_str(), PurchaseStatus::label(entry.status)),
            "month" => Key::month(sent),
            _ => {
                let suppliers = &state.fixed.suppliers;
                let name = suppliers
                    .iter()
                    .find(|one| one.id == entry.supplier)
                    .map_or("", |one| one.name.as_str());
                Key::new(&*entry.supplier, name).linked(Page::Supplier, "supplier", &entry.supplier)
            }
        };
        let pieces = entry
            .lines
            .iter()
            .map(|line| i64::from(line.quantity))
            .sum();
        rows.add(&key, &[pieces, 1]);
    }
}

fn accounts(state: &OfficeState, settings: &Settings, rows: &mut Rows) {
    for customer in state.customers.values() {
        let country = &customer.address.country;
        let elsewhere = !settings.country.is_empty() && *country != settings.country;
        if !settings.covers(customer.since) || elsewhere {
            continue;
        }
        let key = match settings.group.as_str() {
            "country" => country_key(state, country),
            _ => Key::month(customer.since),
        };
        rows.add(&key, &[1]);
    }
}

/// Turns sums into means and shares where a column is one.
pub(super) fn shares(report: &str, rows: &mut [Row]) {
    for row in rows {
        match (report, row.values.as_mut_slice()) {
            ("delivery", [mean, count]) if *count > 0 => {
                *mean = (*mean * 10 * 2 + *count) / (*count * 2);
            }
            ("late", [late, count, share]) if *count > 0 => {
                *share = (*late * 1000 * 2 + *count) / (*count * 2);
            }
            _ => {}
        }
    }
}
