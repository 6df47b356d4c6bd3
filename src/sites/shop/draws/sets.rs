//! Draws about starter sets: the best of several categories under constraints.

use serde_json::{Value, json};

use super::parts::{
    ensure, find_category, in_cart, in_it, leaves, left, narrow, quoted, rated, stars, today,
};
use crate::sites::shop::state::{Category, Product, ShopState};
use crate::sites::tasks::draw::Drawn;

/// The cheapest product of a category that is in stock and rated well enough.
struct Cheapest<'a> {
    category: &'a Category,
    product: &'a Product,
    /// Its variants in stock at the lowest price.
    skus: Vec<String>,
    price: u32,
    /// A cheaper one that is sold out, rated lower, or cheaper by list price only.
    trap: &'a Product,
    trap_sku: String,
}

/// S15: one of each of three categories, the cheapest in stock and rated well enough.
pub(super) fn starter_set(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for tenths in [40, 45, 47] {
        let mut found = Vec::new();
        for category in leaves(state) {
            match cheapest_of(state, category, tenths) {
                Ok(cheapest) => found.push(cheapest),
                Err(reason) => drawn.push(Err(reason)),
            }
        }
        for first in 0..found.len() {
            for second in first + 1..found.len() {
                for third in second + 1..found.len() {
                    drawn.push(one_set(
                        state,
                        [&found[first], &found[second], &found[third]],
                        tenths,
                    ));
                }
            }
        }
    }
    drawn
}

fn cheapest_of<'a>(
    state: &'a ShopState,
    category: &'a Category,
    tenths: u32,
) -> Result<Cheapest<'a>, String> {
    let members = in_it(state, category);
    let good =
        |product: &Product| rated(state, product).is_some_and(|(rating, _)| rating >= tenths);
    let price = |product: &Product| {
        product
            .variants
            .iter()
            .filter(|variant| left(state, variant) > 0)
            .map(today)
            .min()
    };
    let mut fitting: Vec<(u32, &Product)> = members
        .iter()
        .copied()
        .filter(|product| good(product))
        .filter_map(|product| Some((price(product)?, product)))
        .collect();
    fitting.sort_by_key(|(price, _)| *price);
    ensure(fitting.len() >= 2, "fewer than 2 products fit")?;
    let (price, product) = fitting[0];
    ensure(fitting[1].0 > price, "two are cheapest")?;
    ensure(
        !product
            .variants
            .iter()
            .any(|variant| in_cart(state, variant)),
        "it is in the cart",
    )?;
    let cheapest_at_all = |product: &Product| product.variants.iter().map(today).min();
    let trap = members
        .iter()
        .copied()
        .filter(|other| other.id != product.id)
        .find(|other| cheapest_at_all(other).is_some_and(|other| other < price))
        .ok_or("none is cheaper that is sold out or rated lower")?;
    let trap_sku = trap
        .variants
        .first()
        .map(|variant| variant.sku.to_string())
        .unwrap_or_default();
    let skus: Vec<String> = product
        .variants
        .iter()
        .filter(|variant| left(state, variant) > 0 && today(variant) == price)
        .map(|variant| variant.sku.to_string())
        .collect();
    Ok(Cheapest {
        category,
        product,
        skus,
        price,
        trap,
        trap_sku,
    })
}

fn one_set(state: &ShopState, set: [&Cheapest<'_>; 3], tenths: u32) -> Drawn {
    let ids: std::collections::BTreeSet<_> = set.iter().map(|one| &one.product.id).collect();
    ensure(
        ids.len() == 3,
        "one product is the cheapest of two categories",
    )?;
    let part = |one: &Cheapest<'_>| {
        json!({
            "category": one.category.name.to_lowercase(),
            "category_name": one.category.name,
            "category_id": one.category.id,
            "product": one.product.name,
            "sku": one.skus[0],
            "skus": one.skus,
            "price": one.price,
            "trap": one.trap.name,
            "trap_sku": one.trap_sku,
        })
    };
    let mut steps = Vec::new();
    for (at, one) in set.iter().enumerate() {
        steps.extend(find_category(state, one.category));
        steps.extend(narrow(Some(tenths), true));
        steps.push(format!("click link '{}'", quoted(&one.product.name)));
        if one.product.variants.len() > 1 {
            steps.push(format!("choose '{}'", one.skus[0]));
        }
        steps.push("click button 'Add to cart'".to_owned());
        if at == 0 {
            steps.push("click button 'No, thank you'".to_owned());
        }
    }
    Ok(json!({
        "stars": stars(tenths),
        "steps": steps,
        "one": part(set[0]),
        "two": part(set[1]),
        "three": part(set[2]),
    }))
}

/// N12: nothing in one of the three categories is in stock and rated well enough: what is asked
/// for is one tenth more than the best that is there.
pub(super) fn no_starter_set(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for empty in leaves(state) {
        let best = in_it(state, empty)
            .into_iter()
            .filter(|product| has_any(state, product))
            .filter_map(|product| rated(state, product))
            .map(|(tenths, _)| tenths)
            .max();
        let Some(tenths) = best
            .map(|best| best + 1)
            .filter(|tenths| (40..=49).contains(tenths))
        else {
            drawn.push(Err("the best in stock is rated too low or too high".into()));
            continue;
        };
        let found: Vec<(&Category, String)> = leaves(state)
            .into_iter()
            .filter_map(|category| Some((category, cheapest_sku(state, category, tenths)?)))
            .collect();
        for first in 0..found.len() {
            for second in first + 1..found.len() {
                drawn.push(one_empty(
                    state,
                    empty,
                    [&found[first], &found[second]],
                    tenths,
                ));
            }
        }
    }
    drawn
}

/// The cheapest variant in stock of what is rated well enough.
fn cheapest_sku(state: &ShopState, category: &Category, tenths: u32) -> Option<String> {
    in_it(state, category)
        .into_iter()
        .filter(|product| rated(state, product).is_some_and(|(rating, _)| rating >= tenths))
        .flat_map(|product| &product.variants)
        .filter(|variant| left(state, variant) > 0)
        .min_by_key(|variant| (today(variant), &variant.sku))
        .map(|variant| variant.sku.to_string())
}

fn has_any(state: &ShopState, product: &Product) -> bool {
    product
        .variants
        .iter()
        .any(|variant| left(state, variant) > 0)
}

fn one_empty(
    state: &ShopState,
    empty: &Category,
    others: [&(&Category, String); 2],
    tenths: u32,
) -> Drawn {
    let members = in_it(state, empty);
    let has = |product: &Product| has_any(state, product);
    let rating = |product: &Product| rated(state, product).map_or(0, |(rating, _)| rating);
    let good: Vec<&&Product> = members
        .iter()
        .filter(|product| rating(product) >= tenths)
        .collect();
    let there: Vec<&&Product> = members.iter().filter(|product| has(product)).collect();
    ensure(
        !good.iter().any(|product| has(product)),
        "one is in stock and rated well enough",
    )?;
    ensure(
        !good.is_empty(),
        "none is rated well enough, sold out or not",
    )?;
    let near = there
        .iter()
        .find(|product| rating(product) + 1 == tenths)
        .ok_or("none in stock is rated just below")?;
    let near_sku = near
        .variants
        .iter()
        .find(|variant| left(state, variant) > 0)
        .map(|variant| variant.sku.clone());
    let members: Vec<&&Product> = members.iter().collect();
    let facet = if tenths >= 45 { 45 } else { 40 };
    let above: Vec<&&Product> = there
        .iter()
        .filter(|product| rating(product) >= facet)
        .copied()
        .collect();
    let shown = |products: &[&&Product]| -> Value {
        products
            .iter()
            .map(|product| json!(format!("shop.products/{}", product.id)))
            .collect()
    };
    let name = |category: &Category| category.name.to_lowercase();
    let mut steps = find_category(state, empty);
    steps.extend(narrow(Some(tenths), true));
    Ok(json!({
        "steps": steps,
        "stars": stars(tenths),
        "facet": facet,
        "one": {"category": name(others[0].0), "sku": others[0].1},
        "two": {
            "category": name(empty),
            "category_name": empty.name,
            "category_id": empty.id,
        },
        "three": {"category": name(others[1].0), "sku": others[1].1},
        "rated_well": shown(&good),
        "in_stock": shown(&there),
        "in_stock_and_rated": shown(&above),
        "all": shown(&members),
        "near_sku": near_sku,
    }))
}
