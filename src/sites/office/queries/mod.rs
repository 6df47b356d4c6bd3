//! What pages and tasks read of the state. No query changes anything.

pub mod goods;
pub mod orders;
pub mod reports;
pub mod settings;

pub use crate::sites::shop::queries::{Paged, money};

use crate::sites::office::state::{OfficeState, Product, Right, Role, Variant};

/// The role of who is signed in.
pub fn role(state: &OfficeState) -> Option<&Role> {
    state
        .fixed
        .roles
        .iter()
        .find(|role| role.id == state.user.role)
}

/// The most that who is signed in may pay back at once, in cents: as the settings say, else as
/// the role has it.
pub fn refund_limit_cents(state: &OfficeState) -> u32 {
    let Some(role) = role(state) else { return 0 };
    let key = format!("payment/refunds/limits/{}", role.id);
    state
        .settings
        .get(&key)
        .and_then(|dollars| dollars.parse::<u32>().ok())
        .map_or(role.refund_limit_cents, |dollars| dollars * 100)
}

/// Why who is signed in may not do something; absent when they may.
pub fn refused_right(state: &OfficeState, right: Right) -> Option<String> {
    let role = role(state)?;
    (!role.rights.contains(&right)).then(|| {
        format!(
            "Your role ({}) does not include: {}.",
            role.name,
            right.label().to_lowercase()
        )
    })
}

/// A variant with its product by SKU.
pub fn variant<'a>(state: &'a OfficeState, sku: &str) -> Option<(&'a Product, &'a Variant)> {
    let catalogue = &state.fixed.catalogue;
    let product = catalogue.products.get(catalogue.product_of.get(sku)?)?;
    let variant = product
        .variants
        .iter()
        .find(|variant| variant.sku.as_str() == sku)?;
    Some((product, variant))
}

/// A product with its variant in words.
pub fn full_name(product: &Product, variant: &Variant) -> String {
    if variant.label.is_empty() {
        product.name.clone()
    } else {
        format!("{}, {}", product.name, variant.label)
    }
}

/// The name of a SKU in words; the SKU itself when it is unknown.
pub fn sku_name(state: &OfficeState, sku: &str) -> String {
    variant(state, sku).map_or_else(
        || sku.to_owned(),
        |(product, variant)| full_name(product, variant),
    )
}

/// The name of a category; `All goods` for the empty id.
pub fn category_name(state: &OfficeState, id: &str) -> String {
    if id.is_empty() {
        return "All goods".to_owned();
    }
    let categories = &state.fixed.catalogue.categories;
    categories
        .iter()
        .find(|category| category.id.as_str() == id)
        .map_or_else(|| id.to_owned(), |category| category.name.clone())
}

/// The category of the top level that a product belongs to.
pub fn top_category<'a>(state: &'a OfficeState, product: &'a Product) -> &'a str {
    let categories = &state.fixed.catalogue.categories;
    let mut id = product.categories.first().map_or("", |id| id.as_str());
    while let Some(above) = categories
        .iter()
        .find(|category| category.id.as_str() == id)
        .and_then(|category| category.parent.as_ref())
    {
        id = above.as_str();
    }
    id
}

/// The name of a country.
pub fn country_name(state: &OfficeState, id: &str) -> String {
    let countries = &state.fixed.catalogue.countries;
    countries
        .iter()
        .find(|country| country.id == id)
        .map_or_else(|| id.to_owned(), |country| country.name.clone())
}

/// Whether all words of a search stand somewhere in some texts, without regard to case.
pub fn matches(q: &str, texts: &[&str]) -> bool {
    let hay = texts.join(" ").to_lowercase();
    q.to_lowercase()
        .split_whitespace()
        .all(|word| hay.contains(word))
}
