//! Search over name, brand, type, category and description. Case, accents and umlauts do not
//! matter: `crepe` finds `Crêpe`, `muesli` and `musli` find `Müsli`.

use std::collections::BTreeSet;

use crate::sites::folding;
use crate::sites::shop::queries::product::breadcrumb;
use crate::sites::shop::state::{Product, ShopState};

/// The words of a search, folded.
pub fn words(text: &str) -> Vec<String> {
    folding::words_of(&fold(text)).map(str::to_owned).collect()
}

/// Folded, with `ae`, `oe`, `ue` for umlauts as the plain vowel, as they are in what is searched.
fn fold(text: &str) -> String {
    folding::fold(text)
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}

/// Whether every word begins a word of the product's text.
pub fn matches(state: &ShopState, product: &Product, wanted: &[String]) -> bool {
    let text = fold(&text_of(state, product));
    wanted
        .iter()
        .all(|word| folding::words_of(&text).any(|known| begins(known, word)))
}

/// A plural finds the singular and the other way round.
fn begins(known: &str, word: &str) -> bool {
    known.starts_with(word)
        || word
            .strip_suffix('s')
            .is_some_and(|stem| stem.len() > 2 && known == stem)
}

fn text_of(state: &ShopState, product: &Product) -> String {
    let mut text = format!(
        "{} {} {} {} {}",
        product.name, product.brand, product.kind, product.article, product.description
    );
    for category in &product.categories {
        for above in breadcrumb(state, category.as_str()) {
            text.push(' ');
            text.push_str(&above.name);
        }
    }
    text
}

/// The search with each word that finds nothing replaced by the nearest word of a product's
/// name, type or category; none when nothing is near.
pub fn suggestion(state: &ShopState, q: &str) -> Option<String> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for product in state.catalogue.products.values() {
        known.extend(plain_words(&product.name));
        known.extend(plain_words(&product.kind));
    }
    for category in &state.catalogue.categories {
        known.extend(plain_words(&category.name));
    }
    let mut changed = false;
    let mut suggested = Vec::new();
    for word in plain_words(q) {
        let folded = fold(&word);
        if known.iter().any(|other| begins(&fold(other), &folded)) {
            suggested.push(word);
            continue;
        }
        let nearest = known
            .iter()
            .map(|other| (strsim::osa_distance(&fold(other), &folded), other))
            .min()?;
        if nearest.0 > 2 || nearest.0 * 3 > folded.chars().count() {
            return None;
        }
        changed = true;
        suggested.push(nearest.1.clone());
    }
    changed.then(|| suggested.join(" "))
}

fn plain_words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_umlauts_do_not_matter() {
        assert_eq!(words("Crêpe-Pfännchen"), ["crepe", "pfannchen"]);
        assert_eq!(words("Mueslischale"), words("Müslischale"));
    }
}
