//! Tests of the base worlds: sizes, soundness, and that what tasks draw from is there.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;
use crate::sites::clock::{TODAY, days_between};
use crate::sites::shop::queries::cart::{cart_pairs, reduction};
use crate::sites::shop::queries::listing::{ProductRow, all_rows};
use crate::sites::shop::queries::orders::{is_open, order_view, returnable, to_review};
use crate::sites::shop::queries::product::is_reduced;
use crate::sites::shop::state::{Order, OrderLine};
use crate::sites::shop::view::Listing;
use crate::sites::shop::{invariants, records};

const WORLDS: [u32; 3] = [1, 2, 3];

fn rows<'a>(state: &'a ShopState, category: &str) -> Vec<ProductRow<'a>> {
    all_rows(state, &Listing::of_category(category))
}

fn lines(state: &ShopState) -> impl Iterator<Item = (&Order, &OrderLine)> {
    state
        .orders
        .values()
        .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
}

#[test]
fn the_same_world_is_the_same_to_the_byte_and_another_is_not() {
    let text = |world| format!("{:?}", base(world));
    assert!(text(1) == text(1), "world 1 differs between two makings");
    assert!(text(1) != text(2), "world 2 is world 1");
}

#[test]
fn every_world_has_the_sizes_that_the_suite_asks_for() {
    for world in WORLDS {
        let state = base(world);
        let catalogue = &state.catalogue;
        assert_eq!(catalogue.products.len(), 186);
        assert!(
            catalogue.product_of.len() >= 380,
            "{}",
            catalogue.product_of.len()
        );
        assert_eq!(catalogue.categories.len(), 24);
        assert!(
            catalogue
                .categories
                .iter()
                .any(|category| category.level == 3)
        );
        assert!(state.reviews.len() >= 960, "{}", state.reviews.len());
        assert_eq!(state.orders.len(), 46);
        assert_eq!((state.addresses.len(), state.cards.len()), (5, 3));
        assert_eq!((state.wishlist.len(), state.cart.len()), (31, 3));
        assert_eq!((catalogue.codes.len(), catalogue.help.len()), (14, 9));
    }
}

#[test]
fn every_world_is_sound() {
    for world in WORLDS {
        let state = base(world);
        assert_eq!(invariants::broken(&state, &state), Vec::<String>::new());
        let names: BTreeSet<&str> = state
            .catalogue
            .products
            .values()
            .map(|product| product.name.as_str())
            .collect();
        assert_eq!(
            names.len(),
            state.catalogue.products.len(),
            "a name stands for two products"
        );
        let variants: usize = state
            .catalogue
            .products
            .values()
            .map(|product| product.variants.len())
            .sum();
        assert_eq!(
            variants,
            state.catalogue.product_of.len(),
            "a SKU stands for two variants"
        );
        for (_, line) in lines(&state) {
            assert!(
                state.catalogue.product_of.contains_key(&line.sku),
                "{} is not sold",
                line.sku
            );
        }
        assert!(records::of(&state).len() > 1_000);
    }
}

#[test]
fn lists_end_at_and_just_behind_a_page() {
    for world in WORLDS {
        let state = base(world);
        for (category, count) in [("knives", 20), ("grinders", 21), ("cookware", 40)] {
            assert_eq!(rows(&state, category).len(), count, "{category}");
        }
        let prices = state
            .catalogue
            .products
            .values()
            .flat_map(|product| &product.variants);
        let prices: BTreeSet<u32> = prices.map(|variant| variant.list_cents).collect();
        assert_eq!(prices.first(), Some(&90));
        assert_eq!(prices.last(), Some(&129_900));
    }
}

#[test]
fn two_orders_are_open_and_one_was_shipped_yesterday() {
    for world in WORLDS {
        let state = base(world);
        assert_eq!(
            state.orders.values().filter(|order| is_open(order)).count(),
            2
        );
        let yesterday = plus_days(TODAY, -1);
        let shipped = state
            .orders
            .values()
            .filter(|order| order.status == OrderStatus::Shipped);
        let shipped: Vec<&Order> = shipped.collect();
        assert_eq!(shipped.len(), 1);
        assert_eq!(shipped[0].parcels[0].shipped_on, yesterday);
        for order in state.orders.values() {
            let view = order_view(&state, order.no).unwrap();
            assert_eq!(view.cancel_refused.is_none(), is_open(order));
        }
    }
}

#[test]
fn months_have_three_counting_orders_one_cancelled_and_one_at_the_last_minute() {
    for world in WORLDS {
        let state = base(world);
        let mut months = 0;
        for (year, month) in
            (0..15).map(|index| (2025 + index / 12, i8::try_from(index % 12 + 1).unwrap()))
        {
            let of_month = state
                .orders
                .values()
                .filter(|order| (order.placed_at.year(), order.placed_at.month()) == (year, month));
            let (cancelled, counting): (Vec<&Order>, Vec<&Order>) =
                of_month.partition(|order| order.status == OrderStatus::Cancelled);
            let last = date(year, month, 1).last_of_month();
            let at_end = counting.iter().any(|order| {
                order.placed_at.date() == last
                    && order.placed_at.hour() == 23
                    && order.placed_at.minute() == 59
            });
            let returned = counting
                .iter()
                .any(|order| state.returns.values().any(|entry| entry.order == order.no));
            months += usize::from(
                (3..=5).contains(&counting.len()) && cancelled.len() == 1 && at_end && !returned,
            );
        }
        assert!(months >= 8, "{months}");
        let days: BTreeSet<_> = state
            .orders
            .values()
            .map(|order| order.placed_at.date())
            .collect();
        assert_eq!(days.len(), 46, "two orders on one day");
    }
}

#[test]
fn orders_to_repeat_have_a_line_that_is_sold_out_in_its_colour() {
    for world in WORLDS {
        let state = base(world);
        let mut draws = 0;
        for order in state
            .orders
            .values()
            .filter(|order| order.status == OrderStatus::Delivered && order.lines.len() >= 4)
        {
            let (gone, left): (Vec<&OrderLine>, Vec<&OrderLine>) = order
                .lines
                .iter()
                .partition(|line| state.stock[&line.sku] == 0);
            let enough = left
                .iter()
                .all(|line| state.stock[&line.sku] >= line.quantity);
            let [gone] = gone.as_slice() else { continue };
            let others = state.catalogue.products[&gone.product]
                .variants
                .iter()
                .filter(|variant| variant.colour.is_some() && state.stock[&variant.sku] > 0)
                .count();
            let week = state.orders.values().any(|other| {
                other.no != order.no
                    && days_between(other.placed_at.date(), order.placed_at.date()).abs() < 7
            });
            let twice = order.lines.iter().any(|line| line.quantity == 2);
            if enough && week && twice {
                draws += left.len() * others;
            }
        }
        assert!(draws >= 20, "{draws}");
    }
}

#[test]
fn items_bought_twice_are_returnable_in_one_order_and_not_in_the_other() {
    for world in WORLDS {
        let state = base(world);
        let twice = lines(&state)
            .filter(|(order, line)| line.quantity == 1 && returnable(&state, order, line).is_ok())
            .filter(|(order, line)| {
                lines(&state).any(|(other, same)| {
                    other.no != order.no
                        && same.sku == line.sku
                        && returnable(&state, other, same).is_err_and(|why| why.contains("ended"))
                })
            })
            .count();
        assert!(twice >= 15, "{twice}");
        let ages: BTreeSet<i64> = state
            .orders
            .values()
            .filter_map(|order| Some(days_between(order.delivered_on?, TODAY)))
            .collect();
        assert!(ages.contains(&60) && ages.contains(&61), "{ages:?}");
    }
}

#[test]
fn sisters_were_bought_and_not_reviewed() {
    for world in WORLDS {
        let state = base(world);
        let family = |name: &str| {
            name.split(' ')
                .take(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let waiting = to_review(&state);
        let with_sister = waiting.iter().filter(|product| {
            waiting
                .iter()
                .any(|other| other.id != product.id && family(&other.name) == family(&product.name))
        });
        assert!(with_sister.count() >= 20);
    }
}

#[test]
fn trios_of_codes_have_a_winner_that_is_not_the_highest_percentage() {
    use crate::sites::shop::state::Reduction;
    for world in WORLDS {
        let state = base(world);
        let pairs = cart_pairs(&state);
        let codes = &state.catalogue.codes;
        let off = |index: usize| reduction(&state, &codes[index], &pairs).unwrap_or(0);
        let percent = |index: usize| match codes[index].reduction {
            Reduction::Percent(percent) => percent,
            _ => 0,
        };
        let mut draws = 0;
        for a in 0..codes.len() {
            for b in a + 1..codes.len() {
                for c in b + 1..codes.len() {
                    let mut trio = [a, b, c];
                    trio.sort_by_key(|index| std::cmp::Reverse(off(*index)));
                    let highest = trio
                        .into_iter()
                        .max_by_key(|index| percent(*index))
                        .unwrap();
                    let expired = trio
                        .iter()
                        .filter(|index| codes[**index].until < TODAY)
                        .count();
                    draws += usize::from(
                        expired == 1 && highest != trio[0] && off(trio[0]) >= off(trio[1]) + 100,
                    );
                }
            }
        }
        assert!(draws >= 20, "{draws}");
    }
}

#[test]
fn the_wishlist_has_reduced_entries_on_both_pages() {
    for world in WORLDS {
        let state = base(world);
        let page = |page| crate::sites::shop::queries::wishlist::wishlist(&state, page).rows;
        let reduced = |rows: &[crate::sites::shop::queries::wishlist::WishRow<'_>]| {
            rows.iter().filter(|row| row.price.reduced()).count()
        };
        let (first, second) = (page(1), page(2));
        assert_eq!((first.len(), second.len()), (20, 11));
        assert!(reduced(&first) >= 2 && reduced(&second) >= 2);
        for row in first
            .iter()
            .chain(&second)
            .filter(|row| row.price.reduced())
        {
            assert!(
                row.in_stock && row.variant.is_some(),
                "{}",
                row.product.name
            );
        }
        let ended = first.iter().chain(&second).filter(|row| {
            row.price
                .ended
                .is_some_and(|(_, day)| day == plus_days(TODAY, -1))
        });
        assert_eq!(ended.count(), 1);
    }
}

#[test]
fn cheapest_by_rating_and_count_can_be_asked_for_in_many_ways() {
    for world in WORLDS {
        let state = base(world);
        let mut draws = 0;
        for category in [
            "espresso", "pans", "cookware", "baking", "table", "grinders",
        ] {
            let rows = rows(&state, category);
            for count in 3..=12 {
                for tenths in [35, 38, 40, 42, 45] {
                    let rated = |row: &&ProductRow<'_>| {
                        row.rating
                            .map_or((0, 0), |rating| (rating.tenths, rating.count))
                    };
                    let mut fit: Vec<u32> = rows
                        .iter()
                        .filter(|row| rated(row).0 >= tenths && rated(row).1 >= count)
                        .map(|row| row.price.cents)
                        .collect();
                    fit.sort_unstable();
                    let [first, second, ..] = fit.as_slice() else {
                        continue;
                    };
                    let few = rows.iter().any(|row| {
                        row.price.cents < *first
                            && rated(&row).0 >= tenths
                            && rated(&row).1 + 1 == count
                    });
                    let low = rows.iter().any(|row| {
                        row.price.cents < *first
                            && rated(&row).0 + 1 == tenths
                            && rated(&row).1 >= count
                    });
                    draws += usize::from(first < second && (few && low));
                }
            }
        }
        assert!(draws >= 20, "world {world}: {draws}");
    }
}

#[test]
fn categories_have_a_best_product_that_is_sold_out() {
    for world in WORLDS {
        let state = base(world);
        let mut fit = 0;
        for category in state
            .catalogue
            .categories
            .iter()
            .filter(|category| category.level >= 2)
        {
            let rows = rows(&state, category.id.as_str());
            let best = |in_stock: bool| {
                rows.iter()
                    .filter(|row| row.in_stock == in_stock)
                    .filter_map(|row| Some(row.rating?.tenths))
                    .max()
            };
            if let (Some(kept), Some(gone)) = (best(true), best(false)) {
                fit += usize::from(gone == kept + 1);
            }
        }
        assert!(fit >= 8, "world {world}: {fit}");
    }
}

#[test]
fn guarantees_and_limits_ask_for_the_delivery_page() {
    for world in WORLDS {
        let state = base(world);
        let mut leaf = rows(&state, "espresso-machines");
        leaf.extend(rows(&state, "electric-grinders"));
        leaf.extend(rows(&state, "ovenware"));
        let mut draws = 0;
        for country in &state.catalogue.countries {
            let heavy = leaf
                .iter()
                .filter(|row| row.product.packed_weight_g > country.heaviest_piece_g);
            for long in heavy {
                let allowed = leaf.iter().filter(|row| {
                    row.product.packed_weight_g <= country.heaviest_piece_g
                        && row.product.guarantee_months < long.product.guarantee_months
                });
                let months: BTreeSet<u32> =
                    allowed.map(|row| row.product.guarantee_months).collect();
                draws += usize::from(months.len() >= 2);
            }
        }
        assert!(draws >= 20, "world {world}: {draws}");
    }
}

#[test]
fn nothing_of_the_cart_is_bought_wished_or_reduced() {
    for world in WORLDS {
        let state = base(world);
        for sku in state.cart.keys() {
            let product = &state.catalogue.product_of[sku];
            assert!(lines(&state).all(|(_, line)| line.product != *product));
            assert!(!state.wishlist.contains_key(product));
            assert!(!is_reduced(&state.catalogue.products[product]));
        }
    }
}

#[test]
fn a_reset_is_a_clone_of_pointers() {
    let state = base(1);
    let mut times: Vec<std::time::Duration> = (0..1_000)
        .map(|_| {
            let start = std::time::Instant::now();
            let clone = state.clone();
            let time = start.elapsed();
            drop(clone);
            time
        })
        .collect();
    times.sort_unstable();
    assert!(
        times[990] < std::time::Duration::from_millis(1),
        "{:?}",
        times[990]
    );
}
