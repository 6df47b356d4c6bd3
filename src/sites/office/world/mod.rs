//! Makes the base state of the office from the shop's base state, the roster of people and the
//! number of a world: the same numbers give the same state, to the byte, on every machine.

mod back;
mod bestsellers;
mod customers;
mod orders;
mod settings;
mod stock;
mod team;
mod trade;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::sites::office::state::{
    AuditEntry, Fixed, Incidental, MediaFile, OfficeState, Order, OrderNo, ProductId, Staff,
};
use crate::sites::people::{People, Persona};
use crate::sites::shop::state::ShopState;

/// Number of the first entry that staff make: refund, message, correction, purchase order.
const FIRST_ENTRY: u32 = 9_001;

/// The base state of a persona and a world.
pub fn base(shop: &ShopState, people: &People, persona: &Persona, world: u32) -> OfficeState {
    let stream = |number: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(0x4f66_6669_6365_0000 | u64::from(world));
        rng.set_stream(number);
        rng
    };
    let catalogue = Arc::clone(&shop.catalogue);
    let staff = team::staff(people, persona);
    let suppliers = stock::suppliers(&mut stream(1), &catalogue, people);
    let supplier_of = stock::supplier_of(&catalogue);
    let levels = stock::levels(&mut stream(2), shop, &supplier_of);
    let counts = stock::counts(&mut stream(3), &levels, &staff);
    let accounts = customers::accounts(&mut stream(4), shop, people);
    let mut orders = orders::OrderMaker {
        rng: &mut stream(5),
        shop,
        customers: &accounts,
        staff: &staff,
    }
    .make();
    bestsellers::make(&mut stream(10), &mut orders, shop.customer.number);
    let back = back::back(&mut stream(6), &orders, &staff);
    let outbox = words::sent(&mut stream(7), &orders, &accounts, &staff);
    let (pictures, library) = pictures(&catalogue.products.keys().collect::<Vec<_>>());
    let pages = settings::pages();
    let settings = settings::values(&pages);
    let audit = audit(&orders);
    let (promotions, purchases) = (
        trade::promotions(&mut stream(8), &catalogue),
        trade::purchases(&mut stream(9), &catalogue, &supplier_of, &suppliers, &staff),
    );
    let user = staff[0].clone();
    OfficeState {
        user: Arc::new(user),
        customers: Arc::new(shared(accounts)),
        orders: Arc::new(shared(orders)),
        prices: Arc::new(stock::prices(&catalogue)),
        pictures: Arc::new(pictures),
        stock: Arc::new(levels),
        adjustments: Arc::default(),
        promotions: Arc::new(promotions),
        returns: Arc::new(back.returns),
        refunds: Arc::new(back.refunds),
        outbox: Arc::new(outbox),
        purchases: Arc::new(purchases),
        settings: Arc::new(settings),
        audit: Arc::new(audit),
        incidental: Incidental {
            flash: None,
            draft: None,
            next_entry: FIRST_ENTRY,
        },
        fixed: Arc::new(Fixed {
            roles: team::roles(),
            warehouses: stock::warehouses(),
            templates: words::templates(),
            help: settings::help(),
            margin_floors: trade::margin_floors(),
            settings: pages,
            catalogue,
            staff,
            suppliers,
            supplier_of,
            counts,
            library,
        }),
    }
}

fn shared<K: Ord, V>(map: BTreeMap<K, V>) -> BTreeMap<K, Arc<V>> {
    map.into_iter()
        .map(|(key, value)| (key, Arc::new(value)))
        .collect()
}

/// Three pictures of each product; and for every third product a newer one that stands in the
/// library only.
fn pictures(products: &[&ProductId]) -> (BTreeMap<ProductId, Vec<String>>, Vec<MediaFile>) {
    let mut pictures = BTreeMap::new();
    let mut library = Vec::new();
    for (at, id) in products.iter().enumerate() {
        let names = ["front", "side", "detail"].map(|view| format!("{id}-{view}.jpg"));
        for (n, name) in names.iter().enumerate() {
            library.push(file(name, at + n, false));
        }
        if at % 3 == 0 {
            library.push(file(&format!("{id}-kitchen.jpg"), at, true));
        }
        pictures.insert((*id).clone(), names.to_vec());
    }
    library.sort_by(|one, other| one.name.cmp(&other.name));
    (pictures, library)
}

fn file(name: &str, at: usize, is_new: bool) -> MediaFile {
    use jiff::civil::date;
    let day = i8::try_from(at % 27).unwrap_or(0) + 1;
    let month = i8::try_from(at % 11).unwrap_or(0) + 1;
    MediaFile {
        name: name.to_owned(),
        added_on: if is_new {
            date(2026, 3, day.min(17))
        } else {
            date(2025, month, day)
        },
        size: if at.is_multiple_of(2) {
            (1600, 1200)
        } else {
            (1600, 1600)
        },
    }
}

/// The audit trail up to now: the last 180 things that staff did to orders.
fn audit(orders: &BTreeMap<OrderNo, Order>) -> Vec<AuditEntry> {
    let mut entries: Vec<AuditEntry> = orders
        .values()
        .flat_map(|order| {
            order
                .events
                .iter()
                .filter(|event| !event.who.is_empty())
                .map(|event| AuditEntry {
                    at: event.at,
                    who: event.who.clone(),
                    what: event.text.clone(),
                    record: format!("Order {}", order.no),
                })
        })
        .collect();
    entries.sort_by(|one, other| (one.at, &one.record).cmp(&(other.at, &other.record)));
    entries.split_off(entries.len().saturating_sub(180))
}

/// A colleague by place, round and round.
fn colleague(staff: &[Staff], at: usize) -> &str {
    staff
        .get(at % staff.len().max(1))
        .map_or("", |one| one.name.as_str())
}

#[cfg(test)]
mod tests;
