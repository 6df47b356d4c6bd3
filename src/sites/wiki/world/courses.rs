//! Packing lists of cooking courses: what the persona owns, and what only seems so.

use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::draft::{Chunk, Draft};
use crate::sites::shop::state::{OrderStatus, Product, ShopState};

const COURSES: [&str; 12] = [
    "Bread basics",
    "Espresso at home",
    "Knife skills",
    "Sunday roast",
    "Tea and cake",
    "One-pot winter",
    "Pasta from scratch",
    "Pickles and jams",
    "Breakfast for ten",
    "Soups and stocks",
    "Baking with children",
    "Open fire",
];

/// Things on a packing list.
const THINGS: usize = 8;

/// What each course needs. The persona owns some of it; some was ordered and cancelled, some
/// sent back, some is on the wishlist, and some was never looked at.
pub(super) fn packing_lists(rng: &mut ChaCha8Rng, shop: &ShopState) -> Vec<Draft> {
    let goods = Goods::of(shop);
    COURSES
        .iter()
        .map(|course| {
            let mut items: Vec<String> = Vec::new();
            // The last pool fills up what the others lack.
            for (from, until) in [
                (&goods.owned, 3),
                (&goods.cancelled, 4),
                (&goods.returned, 5),
                (&goods.wished, 6),
                (&goods.fresh, THINGS),
            ] {
                let mut names: Vec<&str> = from.clone();
                names.shuffle(rng);
                let room = until - items.len();
                items.extend(names.into_iter().take(room).map(str::to_owned));
            }
            items.shuffle(rng);
            Draft::new(format!("Packing list: {course}"))
                .category("Courses")
                .lead(vec![
                    format!("What everybody brings to the course “{course}”."),
                    "Those who have a thing already need not buy it again.".to_owned(),
                ])
                .section("To bring", vec![Chunk::List(items)])
                .section(
                    "On the day",
                    vec![Chunk::para([
                        "Doors open a quarter of an hour before the course.".to_owned(),
                        "Aprons are there.".to_owned(),
                    ])],
                )
        })
        .collect()
}

/// Names of products by what the persona has of them.
struct Goods<'a> {
    owned: Vec<&'a str>,
    cancelled: Vec<&'a str>,
    returned: Vec<&'a str>,
    wished: Vec<&'a str>,
    fresh: Vec<&'a str>,
}

impl<'a> Goods<'a> {
    fn of(shop: &'a ShopState) -> Self {
        let mut goods = Self {
            owned: Vec::new(),
            cancelled: Vec::new(),
            returned: Vec::new(),
            wished: Vec::new(),
            fresh: Vec::new(),
        };
        for product in shop.catalogue.products.values() {
            let wanted = product.variants.iter().any(|variant| {
                shop.stock
                    .get(&variant.sku)
                    .is_some_and(|pieces| *pieces > 1)
            });
            let in_cart = product
                .variants
                .iter()
                .any(|variant| shop.cart.contains_key(&variant.sku));
            let lines = lines_of(shop, product);
            let name = product.name.as_str();
            let can_be_bought = wanted && !in_cart && product.packed_weight_g <= 3_000;
            if lines.contains(&Bought::Coming) {
                continue;
            }
            if lines.contains(&Bought::Kept) {
                goods.owned.push(name);
                continue;
            }
            if !can_be_bought {
                continue;
            }
            if lines.contains(&Bought::Returned) {
                goods.returned.push(name);
            } else if lines.contains(&Bought::Cancelled) {
                goods.cancelled.push(name);
            } else if shop.wishlist.contains_key(&product.id) {
                goods.wished.push(name);
            } else if lines.is_empty() {
                goods.fresh.push(name);
            }
        }
        goods
    }
}

/// What became of a line of an order.
#[derive(PartialEq, Eq)]
enum Bought {
    Kept,
    Returned,
    Cancelled,
    Coming,
}

fn lines_of(shop: &ShopState, product: &Product) -> Vec<Bought> {
    let mut lines = Vec::new();
    for order in shop.orders.values() {
        for line in order.lines.iter().filter(|line| line.product == product.id) {
            let back: u32 = shop
                .returns
                .values()
                .filter(|entry| entry.order == order.no && entry.sku == line.sku)
                .map(|entry| entry.quantity)
                .sum();
            lines.push(
                if order.status == OrderStatus::Cancelled || line.cancelled {
                    Bought::Cancelled
                } else if back >= line.quantity {
                    Bought::Returned
                } else if order.status == OrderStatus::Delivered {
                    Bought::Kept
                } else {
                    Bought::Coming
                },
            );
        }
    }
    lines
}
