//! Makes products and their stock from the plan and a seed. Every product has a sister that is
//! easily taken for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use rand::RngExt;
use rand::seq::{IndexedRandom, SliceRandom};
use rand_chacha::ChaCha8Rng;

use crate::sites::clock::{TODAY, plus_days};
use crate::sites::shop::state::{Category, CategoryId, Offer, Product, ProductId, Sku, Variant};
use crate::sites::shop::world::plan::{
    BRANDS, CATEGORIES, CLOSINGS, COLOURS, Kind, LINES, Leaf, Options, Sisters, leaves,
};

/// The category tree.
pub(super) fn categories() -> Vec<Category> {
    CATEGORIES
        .iter()
        .map(|(id, name, parent, in_bar, intro)| Category {
            id: CategoryId::from(*id),
            name: (*name).to_owned(),
            parent: (!parent.is_empty()).then(|| CategoryId::from(*parent)),
            level: level(parent),
            intro: (*intro).to_owned(),
            in_bar: *in_bar,
            is_sale: *id == "sale",
        })
        .collect()
}

fn level(parent: &str) -> u8 {
    CATEGORIES
        .iter()
        .find(|(id, ..)| *id == parent)
        .map_or(1, |(_, _, above, ..)| level(above) + 1)
}

/// All products by id.
pub(super) fn products(rng: &mut ChaCha8Rng) -> BTreeMap<ProductId, Product> {
    let mut names: Vec<(&str, &str)> = BRANDS
        .iter()
        .flat_map(|brand| LINES.iter().map(move |line| (*brand, *line)))
        .collect();
    names.shuffle(rng);
    let mut names = names.into_iter();
    let mut products = Vec::new();
    for leaf in leaves() {
        let mut prices = BTreeSet::new();
        for family in 0..leaf.size.div_ceil(2) {
            let (brand, line) = names.next().expect("there are more names than families");
            let kind = leaf.kinds[family % leaf.kinds.len()];
            let two = family * 2 + 1 < leaf.size;
            let maker = Family {
                leaf,
                brand,
                line,
                kind,
            };
            products.extend(maker.make(rng, &mut prices, two));
        }
    }
    edges(&mut products);
    cross_list(&mut products);
    let mut ranks: Vec<u32> = (1..).take(products.len()).collect();
    ranks.shuffle(rng);
    for (product, rank) in products.iter_mut().zip(ranks) {
        product.featured_rank = rank;
    }
    products
        .into_iter()
        .map(|product| (product.id.clone(), product))
        .collect()
}

/// One or two sister products.
struct Family {
    leaf: &'static Leaf,
    brand: &'static str,
    line: &'static str,
    kind: Kind,
}

impl Family {
    fn make(&self, rng: &mut ChaCha8Rng, prices: &mut BTreeSet<u32>, two: bool) -> Vec<Product> {
        let (noun, _, _, sisters) = self.kind;
        let model = rng.random_range(11..88_u32);
        let letter = *b"ACDEGKRT".choose(rng).expect("there are letters") as char;
        let suffixes = match sisters {
            Sisters::Model if rng.random_bool(0.5) => {
                [format!("{letter}{model}"), format!("{letter}{}", model + 1)]
            }
            Sisters::Model => [format!("{letter}{model}"), format!("S{model}")],
            Sisters::Sets => ["Set of 4".to_owned(), "Set of 6".to_owned()],
            Sisters::Words(one, other) => [one.to_owned(), other.to_owned()],
        };
        let (low, high) = self.leaf.dollars;
        let base = f64::from(low) + f64::from(high - low) * rng.random::<f64>().powf(1.6);
        let grams = rng.random_range(self.leaf.grams.0..=self.leaf.grams.1);
        let step = 1.05 + rng.random::<f64>() * 0.2;
        let mut made = Vec::new();
        for (index, suffix) in suffixes.iter().take(1 + usize::from(two)).enumerate() {
            let is_set = sisters == Sisters::Sets;
            let factor = match (index, is_set) {
                (0, _) => 1.0,
                (_, true) => 1.38,
                _ => step,
            };
            let name = match sisters {
                Sisters::Sets => format!("{} {} {noun}, {suffix}", self.brand, self.line),
                Sisters::Model | Sisters::Words(..) => {
                    format!("{} {} {suffix} {noun}", self.brand, self.line)
                }
            };
            let weight = if is_set {
                grams / 4 * (4 + 2 * to_u32(index))
            } else {
                grams + 35 * to_u32(index)
            };
            let cents = unique_price(rng, base * factor, prices);
            made.push(self.product(rng, &name, suffix, cents, weight));
        }
        made
    }

    fn product(
        &self,
        rng: &mut ChaCha8Rng,
        name: &str,
        suffix: &str,
        cents: u32,
        weight_g: u32,
    ) -> Product {
        let (_, kind, options, _) = self.kind;
        let short = |text: &str| -> String {
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .take(3)
                .collect::<String>()
                .to_uppercase()
        };
        let tail: String = suffix
            .split(' ')
            .next_back()
            .unwrap_or(suffix)
            .chars()
            .take(4)
            .collect::<String>()
            .to_uppercase();
        let article = format!("{}-{}-{tail}", short(self.brand), short(self.line));
        let offer = offer(rng);
        let variants = variants(rng, options, &article, cents)
            .into_iter()
            .map(|variant| reduced(variant, offer))
            .collect();
        let packing = weight_g / 8 + rng.random_range(60..240);
        let description = format!(
            "{} {} {}",
            self.leaf.about.choose(rng).expect("there are sentences"),
            origin(rng, self.line),
            CLOSINGS.choose(rng).expect("there are sentences"),
        );
        Product {
            id: ProductId::from(slug(name)),
            article,
            name: name.to_owned(),
            brand: self.brand.to_owned(),
            kind: kind.to_owned(),
            categories: vec![CategoryId::from(self.leaf.id)],
            description,
            details: details(rng, self.leaf),
            guarantee_months: self.guarantee(rng, weight_g),
            weight_g: weight_g / 10 * 10,
            packed_weight_g: (weight_g + packing) / 10 * 10,
            added_on: plus_days(date(2023, 6, 1), rng.random_range(0..1_015)),
            featured_rank: 0,
            option_name: option_name(options).to_owned(),
            variants,
        }
    }
}

impl Family {
    /// Heavy goods last longer, so that the longest guarantee is often too heavy to be sent.
    fn guarantee(&self, rng: &mut ChaCha8Rng, weight_g: u32) -> u32 {
        let (low, high) = self.leaf.grams;
        let (short, long) = self.leaf.guarantee.split_at(self.leaf.guarantee.len() - 2);
        let is_heavy = weight_g > low + (high - low) / 2;
        let choices = if is_heavy || short.is_empty() {
            long
        } else {
            short
        };
        choices.choose(rng).copied().unwrap_or(24)
    }
}

fn to_u32(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn option_name(options: Options) -> &'static str {
    match options {
        Options::Colours => "Colour",
        Options::Sizes(_) => "Size",
        Options::Voltage => "Voltage",
        Options::One => "",
    }
}

fn origin(rng: &mut ChaCha8Rng, line: &str) -> String {
    let places = [
        "Halden Quay",
        "Orsund",
        "the Sarn Isles",
        "Velmora",
        "Kestwick",
        "Tolmar",
    ];
    let place = places.choose(rng).expect("there are places");
    let year = rng.random_range(1998..2024);
    format!("The {line} line has been made in {place} since {year}.")
}

fn details(rng: &mut ChaCha8Rng, leaf: &Leaf) -> Vec<(String, String)> {
    leaf.details
        .iter()
        .map(|(label, values)| {
            let value = values.choose(rng).expect("there are values");
            ((*label).to_owned(), (*value).to_owned())
        })
        .collect()
}

/// A price near the wanted one that no other product of the category has.
fn unique_price(rng: &mut ChaCha8Rng, dollars: f64, taken: &mut BTreeSet<u32>) -> u32 {
    let endings = [0, 50, 90, 95];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "prices are small and positive"
    )]
    let mut whole = dollars.round() as u32;
    loop {
        let cents = whole * 100 + endings.choose(rng).expect("there are endings");
        if taken.insert(cents) {
            return cents;
        }
        whole += 1;
    }
}

fn variants(rng: &mut ChaCha8Rng, options: Options, article: &str, cents: u32) -> Vec<Variant> {
    let variant = |code: &str, label: &str, colour: Option<&str>, cents: u32| Variant {
        sku: Sku::from(format!("{article}-{code}")),
        label: label.to_owned(),
        colour: colour.map(str::to_owned),
        list_cents: cents,
        offer: None,
    };
    match options {
        Options::One => vec![Variant {
            sku: Sku::from(article),
            label: String::new(),
            colour: None,
            list_cents: cents,
            offer: None,
        }],
        Options::Voltage => vec![
            variant("120V", "120 V", None, cents),
            variant("230V", "230 V", None, cents),
        ],
        Options::Sizes(sizes) => {
            let step = rng.random_range(14..28_u32);
            let sizes = sizes.iter().zip(0_u32..);
            sizes
                .map(|(label, index)| {
                    let code: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
                    let cents = round_to_10(cents * (100 + step * index) / 100);
                    variant(&code.to_uppercase(), label, None, cents)
                })
                .collect()
        }
        Options::Colours => {
            let mut colours = COLOURS.to_vec();
            colours.shuffle(rng);
            let count = [1, 2, 2, 3, 3, 4].choose(rng).copied().unwrap_or(2);
            let dearer = rng.random_bool(0.4);
            let premium = rng.random_range(6..16_u32);
            let colours = colours.into_iter().take(count).enumerate();
            colours
                .map(|(index, (label, code))| {
                    let is_dearer = dearer && index > 0 && index + 1 == count;
                    let more = if is_dearer { premium } else { 0 };
                    let cents = if is_dearer {
                        round_to_10(cents * (100 + more) / 100)
                    } else {
                        cents
                    };
                    variant(code, label, Some(label), cents)
                })
                .collect()
        }
    }
}

const fn round_to_10(cents: u32) -> u32 {
    (cents + 5) / 10 * 10
}

/// An offer for a whole product: percent, first and last day. Some ended yesterday, some have
/// not begun.
fn offer(rng: &mut ChaCha8Rng) -> Option<(u32, i64, i64)> {
    if !rng.random_bool(0.32) {
        return None;
    }
    let percent = [10, 12, 15, 20, 25, 30].choose(rng).copied().unwrap_or(15);
    Some(match rng.random_range(0..10) {
        0..=5 => (percent, -rng.random_range(2..20), rng.random_range(2..16)),
        6..=7 => (percent, -rng.random_range(8..20), -1),
        8 => (percent, -40, -rng.random_range(12..20)),
        _ => (percent, rng.random_range(2..9), rng.random_range(14..30)),
    })
}

fn reduced(mut variant: Variant, offer: Option<(u32, i64, i64)>) -> Variant {
    variant.offer = offer.map(|(percent, from, until)| Offer {
        cents: round_to_10(variant.list_cents * (100 - percent) / 100),
        from: plus_days(TODAY, from),
        until: plus_days(TODAY, until),
    });
    variant
}

/// Address part of a name: ASCII letters, digits and hyphens.
pub(super) fn slug(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut slug = String::new();
    for letter in name.nfd().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter);
        } else if letter.is_whitespace() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug
}

/// The lowest and the highest price of the shop, $0.90 and $1,299.00.
fn edges(products: &mut [Product]) {
    let of = |id: &str| {
        let id = id.to_owned();
        move |product: &&mut Product| product.categories[0].as_str() == id
    };
    if let Some(dearest) = products.iter_mut().find(of("espresso-machines")) {
        for variant in &mut dearest.variants {
            variant.list_cents = 129_900;
            variant.offer = None;
        }
    }
    if let Some(cheapest) = products.iter_mut().rfind(of("brewing")) {
        let name = cheapest
            .name
            .replace(cheapest.kind.as_str(), "Filter Papers");
        let words: Vec<&str> = name.split(' ').collect();
        cheapest.name = format!("{} {} Filter Papers, Trial Pack", words[0], words[1]);
        cheapest.id = ProductId::from(slug(&cheapest.name));
        "Filter".clone_into(&mut cheapest.kind);
        cheapest.option_name = String::new();
        cheapest.weight_g = 40;
        cheapest.packed_weight_g = 60;
        cheapest.details = vec![("Contents".to_owned(), "5 papers".to_owned())];
        cheapest.variants = vec![Variant {
            sku: Sku::from(cheapest.article.as_str()),
            label: String::new(),
            colour: None,
            list_cents: 90,
            offer: None,
        }];
    }
}

/// Some products stand in a second category.
fn cross_list(products: &mut [Product]) {
    for (kind, second) in [
        ("Coffee", "espresso-tools"),
        ("Espresso cup", "espresso-tools"),
        ("Gooseneck", "brewing"),
    ] {
        let matching = products.iter_mut().filter(|product| product.kind == kind);
        for product in matching.take(3) {
            product.categories.push(CategoryId::from(second));
        }
    }
}

/// Stock by SKU: some sold out, some nearly. What the account needs is set afterwards.
pub(super) fn stock(
    rng: &mut ChaCha8Rng,
    products: &BTreeMap<ProductId, Product>,
) -> BTreeMap<Sku, u32> {
    products
        .values()
        .flat_map(|product| &product.variants)
        .map(|variant| {
            let pieces = match rng.random_range(0..100) {
                0..=12 => 0,
                13..=16 => 1,
                17..=26 => rng.random_range(2..=5),
                _ => rng.random_range(6..80),
            };
            (variant.sku.clone(), pieces)
        })
        .collect()
}
