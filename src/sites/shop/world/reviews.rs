//! Makes reviews from a seed. In some categories the best-rated product is sold out and the
//! next is a tenth below it, so that a task can ask for what is not there.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::shop::queries::product::{cheapest, price_of};
use crate::sites::shop::state::{Product, ProductId, Review, ReviewNo, Sku};

/// Number of the first review.
pub(super) const FIRST_REVIEW: ReviewNo = 20_001;

const FIRST_NAMES: &[&str] = &[
    "Anna", "Jonas", "Sara", "Zoë", "Håkon", "Siobhán", "Priya", "Mateo", "Ingrid", "Tomas", "Lea",
    "Noor", "Emil", "Clara", "Ravi", "Greta", "Oskar", "Maja", "Ivo", "Nadia", "Felix", "Runa",
    "Pavel", "Esme", "Joris", "Alma", "Karim", "Tilda", "Bo", "Wanda",
];
const LAST_NAMES: &[&str] = &[
    "Kowalski", "Weil", "Weill", "Lund", "Núñez", "Østby", "O'Brien", "Ito", "Marsh", "Petrov",
    "Adeyemi", "Sand", "Brandt", "Costa", "Hale", "Virtanen", "Moreau", "Singh", "Falk", "Novak",
];
const TITLES: [&[&str]; 5] = [
    &[
        "Sent it back",
        "Not for me",
        "Broke within weeks",
        "A disappointment",
    ],
    &[
        "Expected more",
        "Too many flaws",
        "Only just usable",
        "Would not buy again",
    ],
    &[
        "Does what it says",
        "Good and bad",
        "All right for the price",
        "Neither here nor there",
    ],
    &[
        "Good choice",
        "Happy with it",
        "Solid work",
        "Nearly perfect",
        "Would buy again",
    ],
    &[
        "Love it",
        "Best in my kitchen",
        "Worth every cent",
        "Perfect",
        "Exactly what I needed",
    ],
];
const OPENINGS: [&[&str]; 5] = [
    &[
        "It stopped working after a few weeks.",
        "The surface came off at the first wash.",
        "It arrived with a dent and felt cheap.",
    ],
    &[
        "It works, but I had hoped for more.",
        "The finish is rough at the edges.",
        "It feels lighter than the pictures suggest.",
    ],
    &[
        "It does its work and no more.",
        "Fine for now and then, not for every day.",
        "Some things are well made, others are not.",
    ],
    &[
        "Well made and easy to use.",
        "I use it nearly every day.",
        "Good value, and it looks the part.",
    ],
    &[
        "I would buy it again at once.",
        "Everything about it is right.",
        "I have waited for years for something like this.",
    ],
];
const MIDDLES: &[&str] = &[
    "Delivery took four days.",
    "The box was larger than it had to be.",
    "My sister has the same one and agrees.",
    "The colour is a little darker than on the screen.",
    "Cleaning takes a minute.",
    "The instructions are short and clear.",
    "It is heavier than I thought.",
    "It fits into the smallest drawer.",
    "We are a household of four.",
    "I compared it with two others before.",
    "It replaced one that was twenty years old.",
    "The smell of the packing was gone after a day.",
];

/// Reviews by number.
pub(super) fn reviews(
    rng: &mut ChaCha8Rng,
    products: &BTreeMap<ProductId, Product>,
    stock: &mut BTreeMap<Sku, u32>,
) -> BTreeMap<ReviewNo, Review> {
    let wanted = wanted_ratings(rng, products, stock);
    let mut reviews = Vec::new();
    for (id, (tenths, count)) in &wanted {
        for stars in spread(rng, *tenths, *count) {
            reviews.push(review(rng, id, stars));
        }
    }
    if let Some(longest) = reviews.iter_mut().find(|review| review.stars == 4) {
        longest.text = long_text(rng);
    }
    reviews.sort_by_key(|review| review.written_on);
    (FIRST_REVIEW..)
        .zip(reviews)
        .map(|(no, review)| (no, Review { no, ..review }))
        .collect()
}

/// Rating in tenths and number of reviews for each product that has any.
fn wanted_ratings(
    rng: &mut ChaCha8Rng,
    products: &BTreeMap<ProductId, Product>,
    stock: &mut BTreeMap<Sku, u32>,
) -> BTreeMap<ProductId, (u32, u32)> {
    const TENTHS: &[u32] = &[
        29, 32, 34, 34, 36, 37, 38, 39, 39, 39, 40, 40, 41, 42, 42, 43, 44, 44, 44, 45, 45, 46,
    ];
    let mut wanted = BTreeMap::new();
    let mut by_leaf: BTreeMap<&str, Vec<&Product>> = BTreeMap::new();
    for product in products.values() {
        let leaf = product.categories[0].as_str();
        by_leaf.entry(leaf).or_default().push(product);
        let count = match rng.random_range(0..100) {
            0..=6 => 0,
            7..=34 => rng.random_range(1..5),
            35..=84 => rng.random_range(5..13),
            _ => rng.random_range(13..28),
        };
        if count > 0 {
            let tenths = TENTHS.choose(rng).copied().unwrap_or(40);
            wanted.insert(product.id.clone(), (tenths, count));
        }
    }
    near_misses(products, &mut wanted);
    for (index, of_leaf) in by_leaf.values_mut().enumerate() {
        of_leaf.sort_by_key(|product| std::cmp::Reverse(cents_today(product)));
        let top = [48, 47, 49][index % 3];
        let [best, second, ..] = of_leaf.as_slice() else {
            continue;
        };
        wanted.insert(best.id.clone(), (top, 10));
        wanted.insert(second.id.clone(), (top - 1, 10));
        for variant in &best.variants {
            stock.insert(variant.sku.clone(), 0);
        }
        for variant in &second.variants {
            let pieces = stock.entry(variant.sku.clone()).or_default();
            *pieces = (*pieces).max(7);
        }
    }
    wanted
}

fn cents_today(product: &Product) -> u32 {
    cheapest(product).map_or(0, |variant| price_of(variant).cents)
}

/// The cheapest products of four larger categories, cheapest first: each falls short of some
/// wish by one review or by a tenth of a star, and the next one fulfils it.
fn near_misses(
    products: &BTreeMap<ProductId, Product>,
    wanted: &mut BTreeMap<ProductId, (u32, u32)>,
) {
    const PLAN: [(u32, u32); 9] = [
        (44, 5),
        (34, 9),
        (37, 10),
        (39, 12),
        (42, 7),
        (41, 11),
        (45, 9),
        (44, 13),
        (46, 14),
    ];
    let mut planned: BTreeSet<&ProductId> = BTreeSet::new();
    for leaves in [
        ["espresso-machines", "espresso-tools"],
        ["frying-pans", "saucepans"],
        ["baking-tins", "scales"],
        ["cups", "plates"],
    ] {
        let mut of_category: Vec<&Product> = products
            .values()
            .filter(|product| {
                let mut categories = product.categories.iter();
                categories.any(|id| leaves.contains(&id.as_str()))
            })
            .filter(|product| !planned.contains(&product.id))
            .collect();
        of_category.sort_by_key(|product| cents_today(product));
        for (product, rating) in of_category.into_iter().zip(PLAN) {
            wanted.insert(product.id.clone(), rating);
            planned.insert(&product.id);
        }
    }
}

/// So many stars that their mean is as near to the wanted one as can be.
fn spread(rng: &mut ChaCha8Rng, tenths: u32, count: u32) -> Vec<u8> {
    let sum = (tenths * count + 5) / 10;
    let low = u8::try_from(sum / count).unwrap_or(5);
    let more = (sum % count) as usize;
    let mut stars: Vec<u8> = (0..count as usize)
        .map(|index| low + u8::from(index < more))
        .collect();
    for _ in 0..count {
        let one = rng.random_range(0..stars.len());
        let other = rng.random_range(0..stars.len());
        if one != other && stars[one] < 5 && stars[other] > 1 {
            stars[one] += 1;
            stars[other] -= 1;
        }
    }
    stars.shuffle(rng);
    stars
}

fn review(rng: &mut ChaCha8Rng, product: &ProductId, stars: u8) -> Review {
    let index = usize::from(stars.clamp(1, 5)) - 1;
    let author = format!(
        "{} {}",
        FIRST_NAMES.choose(rng).expect("there are names"),
        LAST_NAMES.choose(rng).expect("there are names"),
    );
    let mut text = (*OPENINGS[index].choose(rng).expect("there are sentences")).to_owned();
    let middles = MIDDLES.sample(rng, 2);
    for middle in middles {
        text.push(' ');
        text.push_str(middle);
    }
    Review {
        no: 0,
        product: product.clone(),
        author,
        own: false,
        stars,
        title: (*TITLES[index].choose(rng).expect("there are titles")).to_owned(),
        text,
        written_on: plus_days(TODAY, -rng.random_range(2..760)),
    }
}

/// A review as long as one may be.
fn long_text(rng: &mut ChaCha8Rng) -> String {
    let mut text =
        String::from("I promised my neighbours to write down everything, so here it is.");
    loop {
        let next = MIDDLES.choose(rng).expect("there are sentences");
        if text.len() + next.len() + 1 > 3_990 {
            return text;
        }
        text.push(' ');
        text.push_str(next);
    }
}
