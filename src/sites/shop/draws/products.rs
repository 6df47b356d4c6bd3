//! Draws about the catalogue: prices, ratings, guarantees, filtered lists.

use serde_json::json;

use super::parts::{
    categories, ensure, find_category, find_product, in_it, left, look_alikes, narrow, products,
    quoted, rated, stars, today, variants,
};
use crate::sites::shop::queries::listing::{PER_PAGE, all_rows};
use crate::sites::shop::queries::product::{cheapest, price_of};
use crate::sites::shop::state::{Category, Country, Product, ShopState, Variant};
use crate::sites::shop::view::{Listing, Sort};
use crate::sites::tasks::draw::{Drawn, spread};

/// S01: a variant whose price is not that of any other variant of the product.
pub(super) fn variant_price(state: &ShopState) -> Vec<Drawn> {
    variants(state)
        .filter(|(product, _)| product.variants.len() >= 3)
        .map(|(product, variant)| one_price(state, product, variant))
        .collect()
}

fn one_price(state: &ShopState, product: &Product, variant: &Variant) -> Drawn {
    let cents = today(variant);
    let others: Vec<&Variant> = product
        .variants
        .iter()
        .filter(|other| other.sku != variant.sku)
        .collect();
    ensure(
        others.iter().all(|other| today(other) != cents),
        "another variant costs the same",
    )?;
    let base = product.variants.first().ok_or("no variant")?;
    ensure(base.sku != variant.sku, "it is the first variant")?;
    let twin = look_alikes(state, product)
        .into_iter()
        .find(|other| cheapest(other).is_some_and(|other| today(other) != cents))
        .ok_or("no look-alike")?;
    let price = price_of(variant);
    let list = if price.reduced() {
        price.list_cents
    } else {
        today(others[others.len() - 1])
    };
    ensure(
        list != today(base) && list != cents,
        "list price and base price are equal",
    )?;
    Ok(json!({
        "product": product.name,
        "variant": variant.label,
        "sku": variant.sku,
        "price": cents,
        "base_price": today(base),
        "list_price": list,
        "reduced": price.reduced(),
        "look_alike": twin.name,
        "look_alike_price": cheapest(twin).map(today),
    }))
}

/// S02: the cheapest of a category by reviews and rating.
pub(super) fn cheapest_rated(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for category in categories(state) {
        let members = in_it(state, category);
        if !(12..=60).contains(&members.len()) {
            continue;
        }
        for tenths in [40, 45] {
            let mut counts: Vec<u32> = members
                .iter()
                .filter_map(|product| rated(state, product))
                .map(|(_, count)| count)
                .collect();
            counts.sort_unstable();
            counts.dedup();
            for reviews in counts.into_iter().filter(|count| (3..=40).contains(count)) {
                drawn.push(one_cheapest(state, category, &members, reviews + 1, tenths));
            }
        }
    }
    spread(drawn, "answer")
}

fn one_cheapest(
    state: &ShopState,
    category: &Category,
    members: &[&Product],
    reviews: u32,
    tenths: u32,
) -> Drawn {
    let price = |product: &Product| cheapest(product).map_or(u32::MAX, today);
    let meets = |product: &Product, reviews: u32, tenths: u32| {
        rated(state, product).is_some_and(|(rating, count)| rating >= tenths && count >= reviews)
    };
    let mut fitting: Vec<&Product> = members
        .iter()
        .copied()
        .filter(|product| meets(product, reviews, tenths))
        .collect();
    fitting.sort_by_key(|product| price(product));
    ensure(fitting.len() >= 3, "fewer than 3 products fit")?;
    let winner = fitting[0];
    ensure(price(fitting[1]) > price(winner), "two are cheapest")?;
    ensure(
        winner
            .variants
            .iter()
            .any(|variant| left(state, variant) > 0),
        "the winner is sold out",
    )?;
    let cheaper = |fits: &dyn Fn(u32, u32) -> bool| {
        members
            .iter()
            .filter(|product| price(product) < price(winner))
            .find(|product| {
                rated(state, product).is_some_and(|(rating, count)| fits(rating, count))
            })
            .copied()
    };
    let few = cheaper(&|rating, count| rating >= tenths && count + 1 == reviews)
        .ok_or("none is cheaper with one review less")?;
    let low = cheaper(&|rating, count| rating < tenths && count >= reviews)
        .ok_or("none is cheaper with a lower rating")?;
    let outside = products(state)
        .filter(|product| !members.iter().any(|member| member.id == product.id))
        .filter(|product| meets(product, reviews, tenths))
        .min_by_key(|product| price(product))
        .ok_or("none fits outside the category")?;
    let place = rated_place(state, category, tenths, winner)?;
    let mut steps = find_category(state, category);
    steps.extend(narrow(Some(tenths), false));
    steps.push(format!("read name heading {place} within 'Products'"));
    Ok(json!({
        "category": category.name.to_lowercase(),
        "category_id": category.id,
        "steps": steps,
        "reviews": reviews,
        "stars": stars(tenths),
        "answer": winner.name,
        "answer_price": price(winner),
        "too_few_reviews": few.name,
        "too_low_rating": low.name,
        "second": fitting[1].name,
        "outside": outside.name,
    }))
}

/// The place of a product on the first page of the category's well rated products by price.
fn rated_place(
    state: &ShopState,
    category: &Category,
    tenths: u32,
    winner: &Product,
) -> Result<usize, String> {
    let listing = Listing {
        category: Some(category.id.to_string()),
        rating: Some(tenths),
        sort: Sort::Price,
        page: 1,
        ..Listing::default()
    };
    all_rows(state, &listing)
        .iter()
        .take(PER_PAGE)
        .position(|row| row.product.id == winner.id)
        .map(|place| place + 1)
        .ok_or_else(|| "the winner is not on the first page of the list".into())
}

/// S13: the longest guarantee among what is delivered to a country, and the weight of that, with or
/// without packing.
pub(super) fn longest_guarantee(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for country in state
        .catalogue
        .countries
        .iter()
        .filter(|country| !country.is_home)
    {
        for heavy in
            products(state).filter(|product| product.packed_weight_g > country.heaviest_piece_g)
        {
            let light: Vec<&Product> = products(state)
                .filter(|other| other.id != heavy.id)
                .filter(|other| other.categories.first() == heavy.categories.first())
                .filter(|other| other.packed_weight_g <= country.heaviest_piece_g)
                .filter(|other| other.guarantee_months < heavy.guarantee_months)
                .collect();
            for (at, winner) in light.iter().enumerate() {
                for other in &light[at + 1..] {
                    for packed in [false, true] {
                        drawn.push(one_guarantee(country, heavy, (winner, other), packed));
                        drawn.push(one_guarantee(country, heavy, (other, winner), packed));
                    }
                }
            }
        }
    }
    spread(drawn, "answer")
}

fn one_guarantee(
    country: &Country,
    heavy: &Product,
    (winner, other): (&Product, &Product),
    packed: bool,
) -> Drawn {
    ensure(
        winner.guarantee_months > other.guarantee_months,
        "the other lasts as long or longer",
    )?;
    ensure(
        winner.weight_g != winner.packed_weight_g,
        "packing weighs nothing",
    )?;
    ensure(
        winner.weight_g >= 1000,
        "the weight is the same number in kilograms",
    )?;
    let (asked, label) = if packed {
        ("weight with packing", "Weight with packing")
    } else {
        ("weight", "Weight")
    };
    let weight = |product: &Product| {
        if packed {
            product.packed_weight_g
        } else {
            product.weight_g
        }
    };
    let other_weight_of_winner = if packed {
        winner.weight_g
    } else {
        winner.packed_weight_g
    };
    let mut names = [heavy, winner, other];
    names.sort_by(|left, right| left.name.cmp(&right.name));
    let mut steps = Vec::new();
    for (mark, product) in [("a", winner), ("b", other)] {
        steps.extend(find_product(&product.name));
        steps.push("click link 'Details'".to_owned());
        steps.push(format!("read guarantee_{mark} after 'Guarantee'"));
        steps.push(format!("read weight_{mark} after '{label}'"));
    }
    steps.extend(find_product(&heavy.name));
    steps.push("click link 'Details'".to_owned());
    steps.push("read packed after 'Weight with packing'".to_owned());
    let (first, second) = (quoted(&winner.name), quoted(&other.name));
    steps.push("click link 'Delivery' nth 2".to_owned());
    steps.push(format!("see '{}'", quoted(&country.name)));
    steps.push(format!(
        "set best longest '{first}' $guarantee_a '{second}' $guarantee_b"
    ));
    steps.push(format!(
        "set kilograms pick $best '{first}' $weight_a '{second}' $weight_b"
    ));
    steps.push("set weight grams $kilograms".to_owned());
    Ok(json!({
        "steps": steps,
        "json_answer": json!({"name": winner.name, "weight": weight(winner)}).to_string(),
        "answer": format!("{}, {}", winner.name, weight(winner)),
        "asked": asked,
        "country": country.name,
        "country_id": country.id,
        "a": names[0].name,
        "b": names[1].name,
        "c": names[2].name,
        "limit_g": country.heaviest_piece_g,
        "winner": winner.name,
        "weight_g": weight(winner),
        "wrong_weight_g": other_weight_of_winner,
        "too_heavy": heavy.name,
        "too_heavy_weight_g": weight(heavy),
        "other": other.name,
        "other_weight_g": weight(other),
    }))
}

/// S14: a category narrowed by price and stock, cheapest first.
pub(super) fn filtered_list(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for category in categories(state).filter(|category| category.level > 1) {
        for dollars in [20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200, 250, 300] {
            drawn.push(one_list(state, category, dollars * 100));
        }
    }
    drawn
}

fn one_list(state: &ShopState, category: &Category, most: u32) -> Drawn {
    let listing = |price_max: Option<u32>| Listing {
        category: Some(category.id.to_string()),
        price_max,
        in_stock: true,
        sort: Sort::Price,
        page: 1,
        ..Listing::default()
    };
    let count = |listing: &Listing| all_rows(state, listing).len();
    let fitting = count(&listing(Some(most)));
    ensure(
        (4..=30).contains(&fitting),
        "fewer than 4 or more than 30 results",
    )?;
    ensure(count(&listing(None)) > fitting, "none of them is dearer")?;
    let parent = category.parent.as_ref().ok_or("no parent category")?;
    Ok(json!({
        "category": category.name.to_lowercase(),
        "category_name": category.name,
        "find_category": find_category(state, category),
        "category_id": category.id,
        "parent_id": parent,
        "price_max": most,
        "results": fitting,
    }))
}
