//! Lists of products: search, filters with counts, order, pages.

use std::cmp::Reverse;

use crate::sites::shop::queries::product::{
    Price, category, in_category, is_reduced, pieces, price_of, rating, subcategories,
};
use crate::sites::shop::queries::{Paged, facets, search};
use crate::sites::shop::state::{Category, Product, Rating, ShopState};
use crate::sites::shop::view::{Listing, Sort};

/// Products on a page.
pub const PER_PAGE: usize = 20;

/// A product in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow<'a> {
    /// The product.
    pub product: &'a Product,
    /// Price of the variant that is cheapest today.
    pub price: Price,
    /// Whether variants differ in price: shown as "from".
    pub prices_vary: bool,
    /// Rating, absent without reviews.
    pub rating: Option<Rating>,
    /// Whether any variant is in stock.
    pub in_stock: bool,
}

/// A choice of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value in the address, e.g. `4.5`, `Lumo`, `in`.
    pub value: String,
    /// Wording, e.g. `4.5 stars and up`.
    pub label: String,
    /// Products that it would leave, given all other filters.
    pub count: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// All filters of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// `rating`.
    pub ratings: Vec<Choice>,
    /// `stock`.
    pub stock: Vec<Choice>,
    /// `sale`.
    pub reduced: Vec<Choice>,
    /// `type`.
    pub kinds: Vec<Choice>,
    /// `brand`.
    pub brands: Vec<Choice>,
    /// `colour`.
    pub colours: Vec<Choice>,
    /// Lowest and highest price of the list without price filter, in cents.
    pub price_range: Option<(u32, u32)>,
}

/// A filter that is on, as a chip that can be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// Wording, e.g. `Under $150`.
    pub label: String,
    /// The list without it.
    pub without: Listing,
}

/// A list of products, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct ListingPage<'a> {
    /// The category; absent for a search over all.
    pub category: Option<&'a Category>,
    /// Categories below it with their number of products (without filters).
    pub subcategories: Vec<(&'a Category, usize)>,
    /// Rows.
    pub products: Paged<ProductRow<'a>>,
    /// Filters.
    pub facets: Facets,
    /// Filters that are on.
    pub chips: Vec<Chip>,
    /// A word that would find something, when the search found nothing.
    pub suggestion: Option<String>,
}

/// Answers a list; none when the category does not exist.
pub fn listing<'a>(state: &'a ShopState, listing: &Listing) -> Option<ListingPage<'a>> {
    let category = match &listing.category {
        Some(id) => Some(category(state, id)?),
        None => None,
    };
    let products = Paged::cut(all_rows(state, listing), listing.page, PER_PAGE);
    let suggestion = match (&listing.q, products.total) {
        (Some(q), 0) => search::suggestion(state, q),
        _ => None,
    };
    Some(ListingPage {
        category,
        subcategories: category.map_or_else(Vec::new, |category| counted_below(state, category)),
        facets: facets::facets(state, listing),
        chips: facets::chips(listing),
        products,
        suggestion,
    })
}

/// All rows of a list in its order, over all pages; for tasks.
pub fn all_rows<'a>(state: &'a ShopState, listing: &Listing) -> Vec<ProductRow<'a>> {
    let mut rows: Vec<ProductRow<'a>> = candidates(state, listing)
        .into_iter()
        .filter(|row| passes(row, listing))
        .collect();
    sort(&mut rows, listing.sort);
    rows
}

/// A row for any product, e.g. on the start page.
pub fn row<'a>(state: &'a ShopState, product: &'a Product) -> ProductRow<'a> {
    let prices: Vec<Price> = product.variants.iter().map(price_of).collect();
    let cheapest = prices.iter().min_by_key(|price| price.cents);
    let prices_vary = prices
        .iter()
        .any(|price| Some(price.cents) != cheapest.map(|p| p.cents));
    ProductRow {
        product,
        price: *cheapest.expect("a product has at least one variant"),
        prices_vary,
        rating: rating(state, product.id.as_str()),
        in_stock: product
            .variants
            .iter()
            .any(|variant| pieces(state, variant.sku.as_str()) > 0),
    }
}

/// Products of the start page: some featured, some reduced today, some new.
pub fn home(state: &ShopState) -> Home<'_> {
    let all = |sort| {
        let listing = Listing {
            sort,
            ..Listing::of_search("")
        };
        all_rows(state, &listing)
    };
    let featured = all(Sort::Featured);
    let reduced = featured
        .iter()
        .filter(|row| is_reduced(row.product))
        .take(4)
        .cloned()
        .collect();
    let recent = state.incidental.recently_viewed.iter();
    Home {
        reduced,
        newest: all(Sort::Newest).into_iter().take(4).collect(),
        recent: recent
            .filter_map(|id| state.catalogue.products.get(id))
            .map(|product| row(state, product))
            .collect(),
        featured: featured.into_iter().take(8).collect(),
    }
}

/// The start page.
#[derive(Debug, Clone, PartialEq)]
pub struct Home<'a> {
    /// First eight of the shop's own order.
    pub featured: Vec<ProductRow<'a>>,
    /// Four that are reduced today.
    pub reduced: Vec<ProductRow<'a>>,
    /// The four latest.
    pub newest: Vec<ProductRow<'a>>,
    /// Looked at before, latest first.
    pub recent: Vec<ProductRow<'a>>,
}

/// Products of the category that match the search, before filters.
pub(super) fn candidates<'a>(state: &'a ShopState, listing: &Listing) -> Vec<ProductRow<'a>> {
    let words = search::words(listing.q.as_deref().unwrap_or(""));
    state
        .catalogue
        .products
        .values()
        .filter(|product| {
            listing
                .category
                .as_ref()
                .is_none_or(|category| in_category(state, product, category))
        })
        .filter(|product| words.is_empty() || search::matches(state, product, &words))
        .map(|product| row(state, product))
        .collect()
}

/// Whether a row passes all filters.
pub(super) fn passes(row: &ProductRow<'_>, listing: &Listing) -> bool {
    let chosen = |values: &[String], value: &str| {
        values.is_empty() || values.iter().any(|chosen| chosen == value)
    };
    let colour = listing.colours.is_empty()
        || row.product.variants.iter().any(|variant| {
            variant
                .colour
                .as_ref()
                .is_some_and(|colour| listing.colours.contains(colour))
        });
    listing
        .price_min
        .is_none_or(|least| row.price.cents >= least)
        && listing.price_max.is_none_or(|most| row.price.cents <= most)
        && listing
            .rating
            .is_none_or(|least| row.rating.is_some_and(|rating| rating.tenths >= least))
        && (!listing.in_stock || row.in_stock)
        && (!listing.reduced || is_reduced(row.product))
        && chosen(&listing.kinds, &row.product.kind)
        && chosen(&listing.brands, &row.product.brand)
        && colour
}

fn sort(rows: &mut [ProductRow<'_>], sort: Sort) {
    rows.sort_by(|a, b| a.product.name.cmp(&b.product.name));
    match sort {
        Sort::Featured => rows.sort_by_key(|row| row.product.featured_rank),
        Sort::Price => rows.sort_by_key(|row| row.price.cents),
        Sort::PriceDesc => rows.sort_by_key(|row| Reverse(row.price.cents)),
        Sort::Rating => {
            rows.sort_by_key(|row| Reverse(row.rating.map(|rating| (rating.tenths, rating.count))));
        }
        Sort::Newest => rows.sort_by_key(|row| Reverse(row.product.added_on)),
        Sort::Name => {}
    }
}

fn counted_below<'a>(state: &'a ShopState, category: &Category) -> Vec<(&'a Category, usize)> {
    subcategories(state, Some(category.id.as_str()))
        .into_iter()
        .map(|below| {
            let count = state
                .catalogue
                .products
                .values()
                .filter(|product| in_category(state, product, below.id.as_str()))
                .count();
            (below, count)
        })
        .collect()
}
