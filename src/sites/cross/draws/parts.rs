//! What several draws need.

use crate::sites::shop::queries::product::variant;
use crate::sites::shop::state::ShopState;

/// Throws the draw away, with the reason, unless the condition holds.
pub(super) fn ensure(holds: bool, reason: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason.into()) }
}

/// A text for an instruction of a solution.
pub(super) fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\'', "\\'")
}

/// Instructions that lead from any page of the wiki to an article.
pub(super) fn open_article(title: &str) -> Vec<String> {
    let title = quoted(title);
    vec![
        format!("fill 'Search the wiki' '{title}'"),
        "click button 'Search'".to_owned(),
        format!("click link '{title}' nth 1"),
    ]
}

/// Names of what is in the shop's cart, in the order of the cart page.
pub(super) fn cart_names(state: &ShopState) -> Vec<String> {
    let mut lines: Vec<_> = state.cart.values().collect();
    lines.sort_by_key(|line| line.seq);
    lines
        .into_iter()
        .filter_map(|line| {
            let (product, variant) = variant(state, line.sku.as_str())?;
            Some(if variant.label.is_empty() {
                product.name.clone()
            } else {
                format!("{}, {}", product.name, variant.label)
            })
        })
        .collect()
}
