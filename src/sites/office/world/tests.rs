//! Tests of the base state: sizes, look-alikes, and that it fits the shop.

use crate::sites::office::queries::goods::{assortment, to_order};
use crate::sites::office::state::{OrderStatus, Payment};
use crate::sites::office::{invariants, records};
use crate::sites::people::MARA;
use crate::sites::state::Sites;

const WORLDS: [u32; 3] = [1, 2, 3];

#[test]
fn the_same_world_is_the_same_to_the_byte_and_another_is_not() {
    let of = |world| records::of(&Sites::base(&MARA, world).office);
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn every_world_is_sound_and_has_the_sizes_that_the_suite_asks_for() {
    for world in WORLDS {
        let sites = Sites::base(&MARA, world);
        let office = &sites.office;
        assert_eq!(invariants::broken(office, office), Vec::<String>::new());
        assert!(office.orders.len() >= 1_000, "{}", office.orders.len());
        assert!(office.customers.len() >= 460, "{}", office.customers.len());
        assert_eq!(office.promotions.len(), 26);
        assert_eq!(office.fixed.suppliers.len(), 11);
        assert!(office.returns.len() >= 70, "{}", office.returns.len());
        assert_eq!(office.fixed.templates.len(), 18);
        assert!(
            office.fixed.counts.len() >= 24,
            "{}",
            office.fixed.counts.len()
        );
        assert_eq!(office.purchases.len(), 44);
    }
}

#[test]
fn the_warehouses_hold_together_what_the_shop_sells() {
    let sites = Sites::base(&MARA, 1);
    for (sku, pieces) in sites.shop.stock.iter() {
        let held: i64 = sites
            .office
            .stock
            .iter()
            .filter(|((own, _), _)| own == sku)
            .map(|(_, level)| level.pieces)
            .sum();
        assert_eq!(held, i64::from(*pieces), "{sku}");
    }
    for (no, order) in sites.shop.orders.iter() {
        let seen = &sites.office.orders[no];
        assert_eq!(seen.total_cents(), order.total_cents, "{no}");
        assert_eq!(seen.customer, sites.shop.customer.number);
    }
}

#[test]
fn every_supplier_has_something_below_its_minimum_in_every_warehouse() {
    for world in WORLDS {
        let office = Sites::base(&MARA, world).office;
        for supplier in &office.fixed.suppliers {
            for house in &office.fixed.warehouses {
                let goods = assortment(&office, &supplier.id, &house.id);
                let low = goods
                    .iter()
                    .filter(|(_, level)| to_order(level) > 0)
                    .count();
                assert!(
                    (3..=9).contains(&low),
                    "{low} in {} for {}",
                    house.id,
                    supplier.id
                );
                let at = goods.iter().any(|(_, level)| {
                    level.minimum > 0 && level.pieces == i64::from(level.minimum)
                });
                assert!(at, "nothing at its minimum: {} {}", house.id, supplier.id);
            }
        }
    }
}

#[test]
fn the_busy_days_have_orders_to_pack_also_just_before_midnight() {
    let office = Sites::base(&MARA, 1).office;
    for day in 8..=17 {
        let day = jiff::civil::date(2026, 3, day);
        let orders: Vec<_> = office
            .orders
            .values()
            .filter(|order| order.placed_at.date() == day)
            .collect();
        assert!(orders.len() >= 26, "{}", orders.len());
        assert!(orders.iter().any(|order| order.placed_at.hour() == 23
            && order.placed_at.minute() == 58
            && order.status == OrderStatus::New
            && order.payment == Payment::Paid));
    }
}

#[test]
fn nobody_orders_before_their_account_was_opened() {
    let office = Sites::base(&MARA, 1).office;
    for order in office.orders.values() {
        let since = office.customers[&order.customer].since;
        assert!(since <= order.placed_at.date(), "{}", order.no);
    }
}

#[test]
fn a_reset_is_a_clone_of_pointers() {
    let office = Sites::base(&MARA, 1).office;
    let copy = office.clone();
    assert!(std::sync::Arc::ptr_eq(&office.orders, &copy.orders));
    assert!(std::sync::Arc::ptr_eq(&office.stock, &copy.stock));
    assert!(std::sync::Arc::ptr_eq(&office.fixed, &copy.fixed));
}
