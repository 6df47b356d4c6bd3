//! Draws about cart, wishlist and discount codes.

use serde_json::{Value, json};

use super::parts::{ensure, in_cart, left, look_alikes, quoted, today, variants};
use crate::sites::shop::queries::cart::{cart_pairs, reduction};
use crate::sites::shop::queries::product::price_of;
use crate::sites::shop::queries::wishlist::{WISHLIST_PER_PAGE, WishRow, wish_row};
use crate::sites::shop::state::{
    DiscountCode, Product, Reduction, ShopState, Variant, WishlistItem,
};
use crate::sites::tasks::draw::Drawn;

/// S04: several pieces of a variant, with a look-alike beside it: a sister product that is sold as
/// a set, where there is one.
pub(super) fn quantity(state: &ShopState) -> Vec<Drawn> {
    let mut drawn = quantities(state, |sister| sister.name.contains("Set of"));
    drawn.extend(quantities(state, |sister| !sister.name.contains("Set of")));
    drawn
}

fn quantities(state: &ShopState, is_sister: impl Fn(&Product) -> bool) -> Vec<Drawn> {
    variants(state)
        .filter(|(product, _)| product.variants.len() >= 2)
        .enumerate()
        .map(|(at, (product, variant))| {
            let quantity = u32::try_from(at % 3).unwrap_or(0) + 2;
            let sister = look_alikes(state, product)
                .into_iter()
                .find(|other| is_sister(other));
            one_quantity(state, (product, variant), quantity, sister)
        })
        .collect()
}

fn one_quantity(
    state: &ShopState,
    (product, variant): (&Product, &Variant),
    quantity: u32,
    sister: Option<&Product>,
) -> Drawn {
    ensure(!product.name.contains("Set of"), "it is a set itself")?;
    ensure(left(state, variant) > quantity, "not enough are left")?;
    ensure(
        !product.variants.iter().any(|other| in_cart(state, other)),
        "it is in the cart",
    )?;
    let sister = sister.ok_or("no sister product")?;
    let sister_variant = sister.variants.first().ok_or("no variant")?;
    ensure(
        !sister.variants.iter().any(|other| in_cart(state, other)),
        "the sister product is in the cart",
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

/// Which of the reduced wishes are meant.
#[derive(Debug, Clone, Copy)]
enum Bound {
    /// All.
    None,
    /// What costs less than so many cents.
    Below(u32),
    /// What costs so many cents or more.
    From(u32),
}

impl Bound {
    fn holds(self, cents: u32) -> bool {
        match self {
            Self::None => true,
            Self::Below(bound) => cents < bound,
            Self::From(bound) => cents >= bound,
        }
    }

    /// In the words of the goal, behind "reduced right now".
    fn words(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Below(bound) => format!(" and costs less than ${}", bound / 100),
            Self::From(bound) => format!(" and costs ${} or more", bound / 100),
        }
    }
}

/// S11: what on the wishlist is reduced today, all or by price.
pub(super) fn reduced_wishes(state: &ShopState) -> Vec<Drawn> {
    let bounds = (10..60).map(|five| five * 500);
    let below = bounds.clone().map(Bound::Below);
    let all = below.chain(bounds.map(Bound::From));
    std::iter::once(Bound::None)
        .chain(all)
        .map(|bound| wishes(state, bound))
        .collect()
}

fn wishes(state: &ShopState, bound: Bound) -> Drawn {
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
    let cents = |row: &WishRow<'_>| row.variant.map(today);
    let (reduced, beyond): (Vec<_>, Vec<_>) = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| is_reduced(row))
        .partition(|(_, row)| cents(row).is_none_or(|cents| bound.holds(cents)));
    if let Bound::Below(limit) | Bound::From(limit) = bound {
        ensure(!beyond.is_empty(), "the price leaves none out")?;
        let at_limit = |(_, row): &(usize, &WishRow<'_>)| cents(row) == Some(limit);
        ensure(
            !reduced.iter().chain(&beyond).any(at_limit),
            "one costs just that",
        )?;
    }
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
        "bound": bound.words(),
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
