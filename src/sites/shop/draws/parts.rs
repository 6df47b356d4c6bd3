//! What several draws need.

use serde_json::{Value, json};

use crate::sites::shop::queries::product::{breadcrumb, in_category, pieces, price_of, rating};
use crate::sites::shop::state::{Address, Category, Order, OrderLine, Product, ShopState, Variant};

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// All products in order of id.
pub(super) fn products(state: &ShopState) -> impl Iterator<Item = &Product> {
    state.catalogue.products.values()
}

/// All products with their variants.
pub(super) fn variants(state: &ShopState) -> impl Iterator<Item = (&Product, &Variant)> {
    products(state).flat_map(|product| {
        product
            .variants
            .iter()
            .map(move |variant| (product, variant))
    })
}

/// Price of a variant today, in cents.
pub(super) fn today(variant: &Variant) -> u32 {
    price_of(variant).cents
}

/// Pieces left of a variant.
pub(super) fn left(state: &ShopState, variant: &Variant) -> u32 {
    pieces(state, variant.sku.as_str())
}

/// Rating in tenths and number of reviews; none without reviews.
pub(super) fn rated(state: &ShopState, product: &Product) -> Option<(u32, u32)> {
    rating(state, product.id.as_str()).map(|rating| (rating.tenths, rating.count))
}

/// A rating as goals word it, e.g. `4.5` or `4`.
pub(super) fn stars(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// Categories that hold products of their own or below, without the sale.
pub(super) fn categories(state: &ShopState) -> impl Iterator<Item = &Category> {
    state
        .catalogue
        .categories
        .iter()
        .filter(|category| !category.is_sale)
}

/// Categories that have none below them.
pub(super) fn leaves(state: &ShopState) -> Vec<&Category> {
    categories(state)
        .filter(|category| {
            !state
                .catalogue
                .categories
                .iter()
                .any(|other| other.parent.as_ref() == Some(&category.id))
        })
        .collect()
}

/// Products of a category and below it.
pub(super) fn in_it<'a>(state: &'a ShopState, category: &Category) -> Vec<&'a Product> {
    products(state)
        .filter(|product| in_category(state, product, category.id.as_str()))
        .collect()
}

/// Another product whose name is easily taken for this one: two words in common.
pub(super) fn look_alikes<'a>(state: &'a ShopState, product: &Product) -> Vec<&'a Product> {
    let words: Vec<&str> = product.name.split(' ').collect();
    products(state)
        .filter(|other| other.id != product.id)
        .filter(|other| {
            let shared = other
                .name
                .split(' ')
                .filter(|word| words.contains(word))
                .count();
            shared >= 2
        })
        .collect()
}

/// Whether a variant stands in cart or in what is saved for later.
pub(super) fn in_cart(state: &ShopState, variant: &Variant) -> bool {
    state.cart.contains_key(&variant.sku) || state.saved.contains_key(&variant.sku)
}

/// A product with its variant in words, as cart and orders show it.
pub(super) fn full_name(product: &Product, variant: &Variant) -> String {
    if variant.label.is_empty() {
        product.name.clone()
    } else {
        format!("{}, {}", product.name, variant.label)
    }
}

/// A line of an order with its variant in words.
pub(super) fn line_name(line: &OrderLine) -> String {
    if line.variant.is_empty() {
        line.name.clone()
    } else {
        format!("{}, {}", line.name, line.variant)
    }
}

/// Names of what is in the cart, in the order of the cart page.
pub(super) fn cart_names(state: &ShopState) -> Vec<String> {
    let mut lines: Vec<_> = state.cart.values().collect();
    lines.sort_by_key(|line| line.seq);
    lines
        .into_iter()
        .filter_map(|line| {
            let (product, variant) =
                crate::sites::shop::queries::product::variant(state, line.sku.as_str())?;
            Some(full_name(product, variant))
        })
        .collect()
}

/// Instructions that put the cart's lines aside, and those that put them back.
pub(super) fn park_and_unpark(state: &ShopState) -> (Value, Value) {
    let line = |text: String| Value::String(text);
    let names: Vec<String> = cart_names(state).iter().map(|name| quoted(name)).collect();
    (
        names
            .iter()
            .map(|name| line(format!("click button 'Save for later: {name}'")))
            .collect(),
        names
            .iter()
            .map(|name| line(format!("click button 'Move to cart: {name}'")))
            .collect(),
    )
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Lines of an order as evaluators compare them: by SKU.
pub(super) fn order_lines(lines: &[(String, u32)]) -> Value {
    let mut lines = lines.to_vec();
    lines.sort();
    lines
        .into_iter()
        .map(|(sku, qty)| json!({"sku": sku, "qty": qty}))
        .collect()
}

/// What a person calls an entry of the address book in a sentence.
pub(super) fn spoken_label(address: &Address) -> String {
    match address.label.as_str() {
        "Parents" => "my parents' address".into(),
        "Elin" => "Elin's address".into(),
        "Cabin" => "the cabin".into(),
        label => format!("my {} address", label.to_lowercase()),
    }
}

/// The day on which an order was placed, as `2026-03-04`.
pub(super) fn placed_on(order: &Order) -> String {
    order.placed_at.date().to_string()
}

/// Instructions that lead from anywhere to a category: its department, then down.
pub(super) fn find_category(state: &ShopState, category: &Category) -> Vec<String> {
    let path = breadcrumb(state, category.id.as_str());
    let start = path.iter().rposition(|above| above.in_bar).unwrap_or(0);
    path[start..]
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let place = if at == 0 {
                "Departments"
            } else {
                "Subcategories"
            };
            format!("click link '{}' within '{place}'", quoted(&step.name))
        })
        .collect()
}

/// Instructions that lead to a product's page by its name.
pub(super) fn find_product(name: &str) -> Vec<String> {
    let name = quoted(name);
    vec![
        format!("fill 'Search the shop' '{name}'"),
        "click button 'Search'".to_owned(),
        format!("click link '{name}' nth 1"),
    ]
}

/// Instructions that narrow an open list to what is rated well and in stock, cheapest first.
pub(super) fn narrow(rating: Option<u32>, in_stock: bool) -> Vec<String> {
    let mut steps = Vec::new();
    if in_stock {
        steps.push("check 'In stock'".to_owned());
    }
    if let Some(tenths) = rating {
        let facet = if tenths >= 45 { 45 } else { 40 };
        steps.push(format!("choose '{} stars'", stars(facet)));
    }
    steps.push("select 'Sort by' 'Price, low to high'".to_owned());
    steps.push("click button 'Apply filters'".to_owned());
    steps
}
