//! Products: prices of today, stock, ratings, categories, reviews.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::sites::clock::TODAY;
use crate::sites::shop::queries::Paged;
use crate::sites::shop::state::{
    Category, CategoryId, Order, OrderStatus, Product, ProductId, Rating, Review, ReviewNo,
    ShopState, Variant,
};

/// Reviews on a page.
pub const REVIEWS_PER_PAGE: usize = 10;

/// What a variant costs today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// To be paid today.
    pub cents: u32,
    /// List price.
    pub list_cents: u32,
    /// Last day of the reduction, when it is reduced today.
    pub until: Option<Date>,
    /// Reduced price and last day of an offer that is over.
    pub ended: Option<(u32, Date)>,
}

impl Price {
    /// Whether it is reduced today.
    pub const fn reduced(&self) -> bool {
        self.until.is_some()
    }
}

/// How many pieces there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stock {
    /// None. Shown as "Sold out".
    SoldOut,
    /// One to five. Shown as "3 left", the last as "Last piece".
    Few(u32),
    /// More. Shown as "In stock".
    Plenty,
}

/// What a variant costs today.
pub fn price_of(variant: &Variant) -> Price {
    let regular = Price {
        cents: variant.list_cents,
        list_cents: variant.list_cents,
        until: None,
        ended: None,
    };
    match &variant.offer {
        Some(offer) if offer.from <= TODAY && TODAY <= offer.until => Price {
            cents: offer.cents,
            until: Some(offer.until),
            ..regular
        },
        Some(offer) if offer.until < TODAY => Price {
            ended: Some((offer.cents, offer.until)),
            ..regular
        },
        _ => regular,
    }
}

/// A product by id.
pub fn product<'a>(state: &'a ShopState, id: &str) -> Option<&'a Product> {
    state.catalogue.products.get(id)
}

/// A variant with its product by SKU.
pub fn variant<'a>(state: &'a ShopState, sku: &str) -> Option<(&'a Product, &'a Variant)> {
    let product = state
        .catalogue
        .products
        .get(state.catalogue.product_of.get(sku)?)?;
    let variant = product
        .variants
        .iter()
        .find(|variant| variant.sku.as_str() == sku)?;
    Some((product, variant))
}

/// Pieces left of a variant.
pub fn pieces(state: &ShopState, sku: &str) -> u32 {
    state.stock.get(sku).copied().unwrap_or(0)
}

/// Stock of a variant as shown.
pub fn stock(state: &ShopState, sku: &str) -> Stock {
    match pieces(state, sku) {
        0 => Stock::SoldOut,
        few @ 1..=5 => Stock::Few(few),
        _ => Stock::Plenty,
    }
}

/// Rating as shown; absent without reviews.
pub fn rating(state: &ShopState, product: &str) -> Option<Rating> {
    state.ratings.get(product).copied()
}

/// A category by id.
pub fn category<'a>(state: &'a ShopState, id: &str) -> Option<&'a Category> {
    state
        .catalogue
        .categories
        .iter()
        .find(|category| category.id.as_str() == id)
}

/// A category with those above it, top first.
pub fn breadcrumb<'a>(state: &'a ShopState, id: &str) -> Vec<&'a Category> {
    let mut path = Vec::new();
    let mut next = category(state, id);
    while let Some(here) = next {
        path.push(here);
        next = here
            .parent
            .as_ref()
            .and_then(|parent| category(state, parent.as_str()));
    }
    path.reverse();
    path
}

/// Categories directly below one, or the top level for `None`.
pub fn subcategories<'a>(state: &'a ShopState, parent: Option<&str>) -> Vec<&'a Category> {
    state
        .catalogue
        .categories
        .iter()
        .filter(|category| category.parent.as_ref().map(CategoryId::as_str) == parent)
        .collect()
}

/// Categories of the bar at the top.
pub fn bar(state: &ShopState) -> Vec<&Category> {
    state
        .catalogue
        .categories
        .iter()
        .filter(|category| category.in_bar)
        .collect()
}

/// Whether a product stands in a category or below it (`sale`: is reduced today).
pub fn in_category(state: &ShopState, product: &Product, id: &str) -> bool {
    if category(state, id).is_some_and(|category| category.is_sale) {
        return is_reduced(product);
    }
    product.categories.iter().any(|leaf| {
        breadcrumb(state, leaf.as_str())
            .iter()
            .any(|above| above.id.as_str() == id)
    })
}

/// Reviews of a product, latest first; with `stars` only those with so many.
pub fn reviews<'a>(
    state: &'a ShopState,
    product: &str,
    stars: Option<u8>,
    page: u32,
) -> Paged<&'a Review> {
    let mut rows: Vec<&Review> = reviews_of(state, product)
        .filter(|review| stars.is_none_or(|stars| review.stars == stars))
        .collect();
    rows.sort_by_key(|review| std::cmp::Reverse((review.written_on, review.no)));
    Paged::cut(rows, page, REVIEWS_PER_PAGE)
}

/// How many reviews a product has with 5, 4, 3, 2, 1 stars.
pub fn star_counts(state: &ShopState, product: &str) -> [u32; 5] {
    let mut counts = [0; 5];
    for review in reviews_of(state, product) {
        counts[5 - usize::from(review.stars.clamp(1, 5))] += 1;
    }
    counts
}

/// The latest order in which the customer bought the product (not cancelled), if any.
pub fn bought_in<'a>(state: &'a ShopState, product: &str) -> Option<&'a Order> {
    state
        .orders
        .values()
        .filter(|order| order.status != OrderStatus::Cancelled)
        .filter(|order| {
            order
                .lines
                .iter()
                .any(|line| !line.cancelled && line.product.as_str() == product)
        })
        .max_by_key(|order| order.placed_at)
}

/// The customer's own review of the product.
pub fn own_review<'a>(state: &'a ShopState, product: &str) -> Option<&'a Review> {
    reviews_of(state, product).find(|review| review.own)
}

/// Other products of the product's main category, by featured order.
pub fn similar<'a>(state: &'a ShopState, product: &Product, at_most: usize) -> Vec<&'a Product> {
    let main = product.categories.first();
    let mut others: Vec<&Product> = state
        .catalogue
        .products
        .values()
        .filter(|other| other.id != product.id && other.categories.first() == main)
        .collect();
    others.sort_by_key(|other| other.featured_rank);
    others.truncate(at_most);
    others
}

fn reviews_of<'a>(state: &'a ShopState, product: &str) -> impl Iterator<Item = &'a Review> {
    state
        .reviews
        .values()
        .filter(move |review| review.product.as_str() == product)
}

/// Whether any variant is reduced today.
pub fn is_reduced(product: &Product) -> bool {
    product
        .variants
        .iter()
        .any(|variant| price_of(variant).reduced())
}

/// The variant that is cheapest today; the first of equals.
pub fn cheapest(product: &Product) -> Option<&Variant> {
    product
        .variants
        .iter()
        .min_by_key(|variant| price_of(variant).cents)
}

/// Ratings computed from reviews: the mean in tenths, rounded half up.
pub fn ratings_of(reviews: &BTreeMap<ReviewNo, Review>) -> BTreeMap<ProductId, Rating> {
    let mut ratings: BTreeMap<ProductId, Rating> = BTreeMap::new();
    for review in reviews.values() {
        let rating = ratings.entry(review.product.clone()).or_insert(Rating {
            tenths: 0,
            count: 0,
            sum: 0,
        });
        rating.count += 1;
        rating.sum += u32::from(review.stars);
    }
    for rating in ratings.values_mut() {
        rating.tenths = (rating.sum * 20 + rating.count) / (rating.count * 2);
    }
    ratings
}
