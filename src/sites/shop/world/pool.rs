//! What the persona buys again and again: sister products in stock, and articles that are sold
//! out in the colour that was once bought.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::sites::shop::state::{Product, ProductId, Sku, Variant};

/// Articles that the persona buys.
pub(super) struct Pool {
    /// Variants in stock, sisters side by side.
    pub(super) regular: Vec<(ProductId, Sku)>,
    /// Variants that are sold out while another colour is in stock.
    pub(super) sold_out: Vec<(ProductId, Sku)>,
}

impl Pool {
    /// Whether a product is one of them.
    pub(super) fn has(&self, id: &ProductId) -> bool {
        self.regular
            .iter()
            .chain(&self.sold_out)
            .any(|(product, _)| product == id)
    }
}

/// Number of sister pairs and of sold-out variants in the pool.
const PAIRS: usize = 24;
const SOLD_OUT: usize = 8;
/// Heaviest article of the pool, packed, in grams, and its highest price in cents.
const POOL_GRAMS: u32 = 4_000;
const POOL_CENTS: u32 = 16_000;

/// Picks the pool and sets its stock.
pub(super) fn pool(
    rng: &mut ChaCha8Rng,
    products: &BTreeMap<ProductId, Product>,
    stock: &mut BTreeMap<Sku, u32>,
) -> Pool {
    let mut families: BTreeMap<(&str, String), Vec<&Product>> = BTreeMap::new();
    for product in products.values().filter(|product| fits(product, stock)) {
        let family = product
            .name
            .split(' ')
            .take(2)
            .collect::<Vec<_>>()
            .join(" ");
        let leaf = product.categories[0].as_str();
        families.entry((leaf, family)).or_default().push(product);
    }
    let mut pairs: Vec<Vec<&Product>> = families
        .into_values()
        .filter(|family| family.len() == 2)
        .collect();
    pairs.shuffle(rng);
    let mut sold_out = Vec::new();
    let mut regular = Vec::new();
    for pair in pairs {
        let coloured = pair.iter().find(|product| {
            product.variants.len() > 1
                && product
                    .variants
                    .iter()
                    .all(|variant| variant.colour.is_some())
        });
        if let (Some(product), true) = (coloured, sold_out.len() < SOLD_OUT) {
            for variant in &product.variants {
                stock.insert(variant.sku.clone(), rng.random_range(9..30));
            }
            stock.insert(product.variants[0].sku.clone(), 0);
            sold_out.push(entry(product, &product.variants[0]));
        } else if regular.len() < PAIRS * 2 {
            for product in pair {
                let variant = &product.variants[rng.random_range(0..product.variants.len())];
                stock.insert(variant.sku.clone(), rng.random_range(12..40));
                regular.push(entry(product, variant));
            }
        }
    }
    Pool { regular, sold_out }
}

fn entry(product: &Product, variant: &Variant) -> (ProductId, Sku) {
    (product.id.clone(), variant.sku.clone())
}

fn fits(product: &Product, stock: &BTreeMap<Sku, u32>) -> bool {
    let in_stock = product
        .variants
        .iter()
        .any(|variant| stock.get(&variant.sku).is_some_and(|pieces| *pieces > 0));
    in_stock
        && product.packed_weight_g <= POOL_GRAMS
        && product
            .variants
            .iter()
            .all(|variant| variant.list_cents <= POOL_CENTS)
}
