//! Draws about cart, wishlist and discount codes.

use serde_json::{Value, json};

use super::parts::{
    ensure, find_category, in_cart, in_it, leaves, left, look_alikes, narrow, quoted, rated, stars,
    today, variants,
};
use crate::sites::shop::queries::cart::{cart_pairs, reduction};
use crate::sites::shop::queries::product::price_of;
use crate::sites::shop::queries::wishlist::{WISHLIST_PER_PAGE, WishRow, wish_row};
use crate::sites::shop::state::{
    Category, DiscountCode, Product, Reduction, ShopState, Variant, WishlistItem,
};
use crate::sites::tasks::draw::Drawn;

/// S04: several pieces of a variant, with a sister product sold as a set.
pub(super) fn quantity(state: &ShopState) -> Vec<Drawn> {
    variants(state)
        .filter(|(product, _)| product.variants.len() >= 2)
        .enumerate()
        .map(|(at, (product, variant))| {
            let quantity = u32::try_from(at % 3).unwrap_or(0) + 2;
            one_quantity(state, product, variant, quantity)
        })
        .collect()
}

fn one_quantity(state: &ShopState, product: &Product, variant: &Variant, quantity: u32) -> Drawn {
    ensure(!product.name.contains("Set of"), "it is a set itself")?;
    ensure(left(state, variant) >= quantity + 1, "not enough are left")?;
    ensure(
        !product.variants.iter().any(|other| in_cart(state, other)),
        "it is in the cart",
    )?;
    let sister = look_alikes(state, product)
        .into_iter()
        .find(|other| other.name.contains("Set of"))
        .ok_or("no sister product is sold as a set")?;
    let sister_variant = sister.variants.first().ok_or("no variant")?;
    ensure(
        !sister.variants.iter().any(|other| in_cart(state, other)),
        "the set is in the cart",
    )?;
    let other = product
        .variants
        .iter()
        .find(|other| other.sku != variant.sku)
        .ok_or("no other variant")?;
    Ok(json!({
        "product": product.name,
        "variant": variant.label,
        "sku": variant.sku,
        "quantity": quantity,
        "one_more": quantity + 1,
        "other_sku": other.sku,
        "sister": sister.name,
        "sister_sku": sister_variant.sku,
    }))
}

/// S10: which of three codes saves most on what is in the cart.
pub(super) fn best_code(state: &ShopState) -> Vec<Drawn> {
    let codes: Vec<&DiscountCode> = state
        .catalogue
        .codes
        .iter()
        .filter(|code| code.reduction != Reduction::FreeDelivery)
        .collect();
    let mut drawn = Vec::new();
    for first in 0..codes.len() {
        for second in first + 1..codes.len() {
            for third in second + 1..codes.len() {
                drawn.push(one_code(state, [codes[first], codes[second], codes[third]]));
            }
        }
    }
    drawn
}

fn one_code(state: &ShopState, codes: [&DiscountCode; 3]) -> Drawn {
    ensure(state.cart_code.is_none(), "a code is on the cart already")?;
    let lines = cart_pairs(state);
    let percent = |code: &DiscountCode| match code.reduction {
        Reduction::Percent(percent) => percent,
        _ => 0,
    };
    let saves = |code: &DiscountCode| reduction(state, code, &lines).unwrap_or(0);
    let mut ranked = codes.to_vec();
    ranked.sort_by_key(|code| std::cmp::Reverse(saves(code)));
    ensure(
        saves(ranked[0]) >= saves(ranked[1]) + 100,
        "the best saves less than $1 more",
    )?;
    ensure(saves(ranked[1]) > 0, "only one of them takes anything off")?;
    let highest = codes
        .iter()
        .copied()
        .max_by_key(|code| percent(code))
        .ok_or("no codes")?;
    ensure(
        highest.code != ranked[0].code,
        "the highest percentage is the best",
    )?;
    ensure(
        reduction(state, ranked[2], &lines).is_err(),
        "none of them is refused",
    )?;
    Ok(json!({
        "codes": codes.iter().map(|code| code.code.clone()).collect::<Vec<_>>(),
        "best": ranked[0].code,
        "saves": saves(ranked[0]),
        "second": ranked[1].code,
        "refused": ranked[2].code,
        "highest": highest.code,
        "trials": trials(&codes, ranked[2], ranked[0]),
    }))
}

/// Instructions that try each code, read what it saves, and apply the best.
fn trials(codes: &[&DiscountCode; 3], refused: &DiscountCode, best: &DiscountCode) -> Value {
    let mut lines = Vec::new();
    let mut read = Vec::new();
    for (at, code) in codes.iter().enumerate() {
        lines.push(format!("fill 'Discount code' '{}'", code.code));
        lines.push("click button 'Apply code'".to_owned());
        if code.code == refused.code {
            lines.push(format!("see '{}'", code.code));
        } else {
            lines.push(format!("read saving{at} after 'Code {}'", code.code));
            read.push(format!("'{}' $saving{at}", code.code));
        }
    }
    lines.push(format!("set best dearest {}", read.join(" ")));
    if codes[2].code != best.code {
        lines.push("fill 'Discount code' '$best'".to_owned());
        lines.push("click button 'Apply code'".to_owned());
    }
    json!(lines)
}

/// S11: what on the wishlist is reduced today.
pub(super) fn reduced_wishes(state: &ShopState) -> Vec<Drawn> {
    vec![wishes(state)]
}

fn wishes(state: &ShopState) -> Drawn {
    let mut items: Vec<&WishlistItem> = state.wishlist.values().collect();
    items.sort_by_key(|item| std::cmp::Reverse(item.seq));
    let rows: Vec<WishRow<'_>> = items
        .into_iter()
        .filter_map(|item| wish_row(state, item))
        .collect();
    ensure(rows.len() > WISHLIST_PER_PAGE, "the wishlist has one page")?;
    let is_reduced = |row: &WishRow<'_>| match row.variant {
        Some(variant) => price_of(variant).reduced(),
        None => row
            .product
            .variants
            .iter()
            .any(|variant| price_of(variant).reduced()),
    };
    let reduced: Vec<(usize, &WishRow<'_>)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| is_reduced(row))
        .collect();
    ensure((3..=6).contains(&reduced.len()), "not 3 to 6 are reduced")?;
    let last = reduced[reduced.len() - 1].0;
    ensure(
        last >= WISHLIST_PER_PAGE,
        "no reduced product is on the second page",
    )?;
    ensure(
        reduced[0].0 < WISHLIST_PER_PAGE,
        "no reduced product is on the first page",
    )?;
    let ended = rows
        .iter()
        .find(|row| !is_reduced(row) && row.price.ended.is_some() && row.in_stock)
        .ok_or("none was reduced before")?;
    let mut moved = Vec::new();
    for (_, row) in &reduced {
        let variant = row.variant.ok_or("a reduced one has no chosen variant")?;
        ensure(left(state, variant) > 0, "a reduced one is sold out")?;
        ensure(!in_cart(state, variant), "a reduced one is in the cart")?;
        moved.push((row.product, variant));
    }
    Ok(json!({
        "changes": moved.iter().flat_map(|(product, variant)| moves(product, variant)).collect::<Vec<_>>(),
        "count": moved.len(),
        "steps": wish_steps(&reduced),
        "ended_product": ended.product.id,
        "ended_sku": ended.variant.map(|variant| variant.sku.clone()),
    }))
}

fn moves(product: &Product, variant: &Variant) -> [Value; 2] {
    [
        json!({"op": "remove", "collection": "shop.wishlist", "key": product.id, "fields": {}}),
        json!({
            "op": "add", "collection": "shop.cart_lines", "key": variant.sku,
            "fields": {"sku": variant.sku, "qty": 1},
        }),
    ]
}

/// The last page first, so that no product moves to another page before its turn.
fn wish_steps(reduced: &[(usize, &WishRow<'_>)]) -> Value {
    let click =
        |row: &WishRow<'_>| format!("click button 'Move to cart: {}'", quoted(&row.product.name));
    let on_page = |second: bool| {
        reduced
            .iter()
            .filter(move |(at, _)| (*at >= WISHLIST_PER_PAGE) == second)
    };
    let mut steps = vec![
        "click link 'Wishlist' within 'Account'".to_owned(),
        "click link 'Next'".to_owned(),
    ];
    for (_, row) in on_page(true) {
        steps.push(click(row));
    }
    steps.push("click link 'Wishlist' within 'Account'".to_owned());
    for (_, row) in on_page(false) {
        steps.push(click(row));
    }
    json!(steps)
}

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

/// N12: nothing in one of the three categories is in stock and rated well enough.
pub(super) fn no_starter_set(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for tenths in [40, 45, 47] {
        let found: Vec<Cheapest<'_>> = leaves(state)
            .into_iter()
            .filter_map(|category| cheapest_of(state, category, tenths).ok())
            .collect();
        for empty in leaves(state) {
            if found.iter().any(|one| one.category.id == empty.id) {
                continue;
            }
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
    }
    drawn
}

fn one_empty(
    state: &ShopState,
    empty: &Category,
    others: [&Cheapest<'_>; 2],
    tenths: u32,
) -> Drawn {
    let members = in_it(state, empty);
    let has = |product: &Product| {
        product
            .variants
            .iter()
            .any(|variant| left(state, variant) > 0)
    };
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
        "one": {"category": name(others[0].category), "sku": others[0].skus[0]},
        "two": {
            "category": name(empty),
            "category_name": empty.name,
            "category_id": empty.id,
        },
        "three": {"category": name(others[1].category), "sku": others[1].skus[0]},
        "rated_well": shown(&good),
        "in_stock": shown(&there),
        "in_stock_and_rated": shown(&above),
        "all": shown(&members),
        "near_sku": near_sku,
    }))
}
