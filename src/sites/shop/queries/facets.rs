//! Filters of a list: what can be chosen, how much each choice would leave, what is chosen.

use std::collections::BTreeMap;

use crate::sites::shop::queries::listing::{Chip, Choice, Facets, ProductRow, candidates, passes};
use crate::sites::shop::queries::money;
use crate::sites::shop::queries::product::is_reduced;
use crate::sites::shop::state::ShopState;
use crate::sites::shop::view::{Listing, stars_text};

/// Least ratings that can be chosen, in tenths.
pub const RATINGS: [u32; 4] = [45, 40, 35, 30];

/// All filters of a list. A count is what the list would hold with that choice, given all
/// other filters.
pub(super) fn facets(state: &ShopState, listing: &Listing) -> Facets {
    let rows = candidates(state, listing);
    let without = |change: &dyn Fn(&mut Listing)| -> Vec<&ProductRow<'_>> {
        let mut other = listing.clone();
        change(&mut other);
        rows.iter().filter(|row| passes(row, &other)).collect()
    };
    let any_rating = without(&|other| other.rating = None);
    let ratings = RATINGS
        .iter()
        .map(|least| Choice {
            value: stars_text(*least),
            label: format!("{} stars and up", stars_text(*least)),
            count: any_rating
                .iter()
                .filter(|row| row.rating.is_some_and(|rating| rating.tenths >= *least))
                .count(),
            chosen: listing.rating == Some(*least),
        })
        .collect();
    let any_stock = without(&|other| other.in_stock = false);
    let any_price = without(&|other| other.reduced = false);
    let all_prices = without(&|other| (other.price_min, other.price_max) = (None, None));
    let prices = || all_prices.iter().map(|row| row.price.cents);
    Facets {
        ratings,
        stock: vec![Choice {
            value: "in".to_owned(),
            label: "In stock".to_owned(),
            count: any_stock.iter().filter(|row| row.in_stock).count(),
            chosen: listing.in_stock,
        }],
        reduced: vec![Choice {
            value: "yes".to_owned(),
            label: "Reduced today".to_owned(),
            count: any_price
                .iter()
                .filter(|row| is_reduced(row.product))
                .count(),
            chosen: listing.reduced,
        }],
        kinds: choices(
            &without(&|other| other.kinds.clear()),
            &listing.kinds,
            |row| vec![row.product.kind.clone()],
        ),
        brands: choices(
            &without(&|other| other.brands.clear()),
            &listing.brands,
            |row| vec![row.product.brand.clone()],
        ),
        colours: choices(
            &without(&|other| other.colours.clear()),
            &listing.colours,
            colours_of,
        ),
        price_range: prices().min().zip(prices().max()),
    }
}

fn colours_of(row: &ProductRow<'_>) -> Vec<String> {
    let variants = row.product.variants.iter();
    let mut colours: Vec<String> = variants
        .filter_map(|variant| variant.colour.clone())
        .collect();
    colours.sort();
    colours.dedup();
    colours
}

fn choices(
    rows: &[&ProductRow<'_>],
    chosen: &[String],
    values: impl Fn(&ProductRow<'_>) -> Vec<String>,
) -> Vec<Choice> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for value in chosen {
        counts.insert(value.clone(), 0);
    }
    for row in rows {
        for value in values(row) {
            *counts.entry(value).or_default() += 1;
        }
    }
    counts
        .into_iter()
        .map(|(value, count)| Choice {
            chosen: chosen.contains(&value),
            label: value.clone(),
            value,
            count,
        })
        .collect()
}

/// Filters that are on, each with the list without it.
pub(super) fn chips(listing: &Listing) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |label: String, change: &dyn Fn(&mut Listing)| {
        let mut without = listing.clone();
        without.page = 1;
        change(&mut without);
        chips.push(Chip { label, without });
    };
    if let Some(least) = listing.price_min {
        add(format!("From {}", money(least)), &|other| {
            other.price_min = None;
        });
    }
    if let Some(most) = listing.price_max {
        add(format!("Up to {}", money(most)), &|other| {
            other.price_max = None;
        });
    }
    if let Some(least) = listing.rating {
        add(format!("{} stars and up", stars_text(least)), &|other| {
            other.rating = None;
        });
    }
    if listing.in_stock {
        add("In stock".to_owned(), &|other| other.in_stock = false);
    }
    if listing.reduced {
        add("Reduced today".to_owned(), &|other| other.reduced = false);
    }
    for kind in &listing.kinds {
        add(kind.clone(), &|other| {
            other.kinds.retain(|chosen| chosen != kind);
        });
    }
    for brand in &listing.brands {
        add(brand.clone(), &|other| {
            other.brands.retain(|chosen| chosen != brand);
        });
    }
    for colour in &listing.colours {
        add(colour.clone(), &|other| {
            other.colours.retain(|chosen| chosen != colour);
        });
    }
    chips
}
