//! Makes the base state from the number of a world: the same number gives the same state, to
//! the byte, on every machine. No clock, no randomness but the seeded generator.

mod account;
mod catalogue;
mod help;
mod orders;
mod plan;
mod pool;
mod reviews;
mod rules;

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::plus_days;
use crate::sites::shop::queries::product::ratings_of;
use crate::sites::shop::state::{
    Catalogue, CheckoutDraft, Customer, Incidental, Order, OrderStatus, ProductId, Review,
    ReviewNo, ShopState, Sku,
};

/// The base state of a world.
pub fn base(world: u32) -> ShopState {
    let stream = |number: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(0x4c61_7264_6572_0000 | u64::from(world));
        rng.set_stream(number);
        rng
    };
    let products = catalogue::products(&mut stream(1));
    let mut stock = catalogue::stock(&mut stream(2), &products);
    let mut reviews = reviews::reviews(&mut stream(3), &products, &mut stock);
    let pool = pool::pool(&mut stream(4), &products, &mut stock);
    let mut catalogue = catalogue_of(world, products);
    let addresses = account::addresses();
    let (orders, returns) = orders::OrderMaker {
        rng: &mut stream(5),
        catalogue: &catalogue,
        addresses: &addresses,
        pool: &pool,
    }
    .make();
    let rated_best = |id: &ProductId| {
        catalogue.products[id]
            .variants
            .iter()
            .all(|v| stock_of(&stock, &v.sku) == 0)
    };
    let untouchable: Vec<ProductId> = catalogue
        .products
        .keys()
        .filter(|id| rated_best(id))
        .cloned()
        .collect();
    let is_free = |id: &ProductId| !pool.has(id) && !untouchable.contains(id);
    let cart = account::cart(&catalogue, &mut stock, is_free);
    let in_cart: Vec<ProductId> = cart
        .keys()
        .map(|sku| catalogue.product_of[sku].clone())
        .collect();
    let wishlist = account::wishlist(&catalogue, &mut stock, |id| {
        is_free(id) && !in_cart.contains(id)
    });
    let customer = account::customer();
    own_reviews(&mut stream(6), &mut reviews, &orders, &customer);
    catalogue.base_stock.clone_from(&stock);
    let incidental = incidental(&orders, returns.len(), reviews.len());
    ShopState {
        customer: Arc::new(customer),
        cart_code: None,
        cart: Arc::new(cart),
        saved: Arc::default(),
        wishlist: Arc::new(wishlist),
        orders: Arc::new(orders),
        returns: Arc::new(returns),
        ratings: Arc::new(ratings_of(&reviews)),
        reviews: Arc::new(reviews),
        addresses: Arc::new(addresses),
        cards: Arc::new(account::cards()),
        newsletter: Arc::default(),
        outbox: Arc::default(),
        stock_alerts: Arc::default(),
        stock: Arc::new(stock),
        catalogue: Arc::new(catalogue),
        incidental,
    }
}

fn stock_of(stock: &BTreeMap<Sku, u32>, sku: &Sku) -> u32 {
    stock.get(sku).copied().unwrap_or(0)
}

fn catalogue_of(
    world: u32,
    products: BTreeMap<ProductId, crate::sites::shop::state::Product>,
) -> Catalogue {
    let countries = rules::countries();
    let product_of = products
        .values()
        .flat_map(|product| {
            let variants = product.variants.iter();
            variants.map(|variant| (variant.sku.clone(), product.id.clone()))
        })
        .collect();
    Catalogue {
        world,
        categories: catalogue::categories(),
        product_of,
        products,
        base_stock: BTreeMap::new(),
        help: help::pages(&countries),
        countries,
        codes: rules::codes(),
    }
}

/// The persona has reviewed twelve of the products that came long ago, by pairs of sisters.
fn own_reviews(
    rng: &mut ChaCha8Rng,
    reviews: &mut BTreeMap<ReviewNo, Review>,
    orders: &BTreeMap<u32, Order>,
    customer: &Customer,
) {
    let mut bought: Vec<(&ProductId, jiff::civil::Date)> = orders
        .values()
        .filter(|order| order.status == OrderStatus::Delivered)
        .filter_map(|order| Some((order, order.delivered_on?)))
        .flat_map(|(order, day)| order.lines.iter().map(move |line| (&line.product, day)))
        .collect();
    bought.sort();
    bought.dedup_by_key(|(product, _)| *product);
    bought.shuffle(rng);
    let first = reviews::FIRST_REVIEW + u32::try_from(reviews.len()).unwrap_or(0);
    for ((product, day), no) in bought.into_iter().take(12).zip(first..) {
        let stars = rng.random_range(3..=5);
        let title = ["Does its work", "Good choice", "Would buy again"][usize::from(stars) - 3];
        let review = Review {
            no,
            product: product.clone(),
            author: customer.name.clone(),
            own: true,
            stars,
            title: title.to_owned(),
            text: "I have used it for some weeks now and it does what I bought it for.".to_owned(),
            written_on: plus_days(day, rng.random_range(5..30)),
        };
        reviews.insert(no, review);
    }
}

fn incidental(orders: &BTreeMap<u32, Order>, returns: usize, reviews: usize) -> Incidental {
    let after = |count: usize| u32::try_from(count).unwrap_or(0);
    Incidental {
        recently_viewed: Vec::new(),
        searches: Vec::new(),
        offer_answered: false,
        checkout: CheckoutDraft::default(),
        wishlist_undo: None,
        flash: None,
        next_order: orders.keys().max().copied().unwrap_or(0) + 17,
        next_return: orders::FIRST_RETURN + after(returns),
        next_review: reviews::FIRST_REVIEW + after(reviews),
        next_message: 1,
        next_entry: 6,
        next_seq: 100,
    }
}

#[cfg(test)]
mod tests;
