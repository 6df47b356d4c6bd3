//! Categories and search: filters, order, pages.

use actix_web::HttpResponse;
use askama::Template;

use crate::sites::shop::pages::Visit;
use crate::sites::shop::pages::frame::{self, Frame, category_href};
use crate::sites::shop::pages::goods::{self, Good};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::parts::{Link, Pages, extent};
use crate::sites::shop::queries::listing::{self, Choice, Facets, ListingPage, PER_PAGE};
use crate::sites::shop::queries::{money, product};
use crate::sites::shop::view::{Listing, Route, Sort};

#[derive(Template)]
#[template(path = "sites/shop/listing.html")]
struct GoodsPage {
    frame: Frame,
    heading: String,
    intro: String,
    action: String,
    query: Option<String>,
    subcategories: Vec<Subcategory>,
    facets: Facets,
    price_min: String,
    price_max: String,
    price_hint: String,
    price_error: String,
    chips: Vec<Link>,
    clear_href: String,
    sorts: Vec<Choice>,
    count_text: String,
    goods: Vec<Good>,
    pages: Pages,
    suggestion: Option<Link>,
}

struct Subcategory {
    href: String,
    name: String,
    count: usize,
}

/// Shows a list of goods.
pub fn show(visit: &Visit, wanted: &Listing, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let Some(found) = listing::listing(&state, wanted) else {
        return missing::show(visit);
    };
    if let Some(query) = &wanted.q {
        visit.remember(|incidental| {
            incidental.searches.retain(|earlier| earlier != query);
            incidental.searches.insert(0, query.clone());
            incidental.searches.truncate(8);
        });
    }
    let plain = Listing {
        category: wanted.category.clone(),
        q: wanted.q.clone(),
        page: 1,
        ..Listing::default()
    };
    let heading = heading(wanted, &found);
    let bare = Listing {
        q: None,
        ..plain.clone()
    };
    let template = GoodsPage {
        frame: frame_of(visit, &state, wanted, &heading),
        intro: found
            .category
            .map_or_else(String::new, |category| category.intro.clone()),
        action: Route::Listing(bare).href(),
        query: wanted.q.clone(),
        subcategories: subcategories(&found),
        price_min: wanted.price_min.map_or_else(String::new, plain_dollars),
        price_max: wanted.price_max.map_or_else(String::new, plain_dollars),
        price_hint: found
            .facets
            .price_range
            .map_or_else(String::new, |(low, high)| {
                format!("Here: {} to {}", money(low), money(high))
            }),
        price_error: price_error(unknown),
        chips: found
            .chips
            .iter()
            .map(|chip| Link::to(Route::Listing(chip.without.clone()).href(), &chip.label))
            .collect(),
        clear_href: Route::Listing(plain).href(),
        sorts: sorts(wanted.sort),
        count_text: extent(&found.products, PER_PAGE, "product"),
        pages: Pages::of(&found.products, |page| {
            Route::Listing(Listing {
                page,
                ..wanted.clone()
            })
            .href()
        }),
        suggestion: found.suggestion.as_ref().map(|word| {
            let again = Listing {
                q: Some(word.clone()),
                page: 1,
                ..Listing::default()
            };
            Link::to(Route::Listing(again).href(), word)
        }),
        goods: goods::cards(visit, &found.products.rows),
        facets: found.facets,
        heading,
    };
    if let Some(category) = &wanted.category {
        visit.show("shop.categories", category);
    }
    frame::ok(&template)
}

fn heading(wanted: &Listing, found: &ListingPage<'_>) -> String {
    match (found.category, &wanted.q) {
        (Some(category), None) => category.name.clone(),
        (Some(category), Some(query)) => format!("\u{201c}{query}\u{201d} in {}", category.name),
        (None, Some(query)) => format!("Results for \u{201c}{query}\u{201d}"),
        (None, None) => "All products".to_owned(),
    }
}

fn frame_of(
    visit: &Visit,
    state: &crate::sites::shop::state::ShopState,
    wanted: &Listing,
    heading: &str,
) -> Frame {
    let mut above: Vec<Link> = Vec::new();
    let mut department = String::new();
    if let Some(id) = &wanted.category {
        let trail = product::breadcrumb(state, id);
        let bar = product::bar(state);
        department = trail
            .iter()
            .rev()
            .find(|category| bar.iter().any(|entry| entry.id == category.id))
            .map_or_else(String::new, |category| category.id.to_string());
        above = trail
            .iter()
            .take(trail.len().saturating_sub(1))
            .map(|category| Link::to(category_href(category.id.as_str()), &category.name))
            .collect();
    }
    let mut frame = Frame::new(visit, state, heading)
        .within(&department)
        .under(above, heading);
    frame.query = wanted.q.clone().unwrap_or_default();
    frame
}

fn subcategories(found: &ListingPage<'_>) -> Vec<Subcategory> {
    found
        .subcategories
        .iter()
        .map(|(category, count)| Subcategory {
            href: category_href(category.id.as_str()),
            name: category.name.clone(),
            count: *count,
        })
        .collect()
}

fn price_error(unknown: &[String]) -> String {
    let wrong = unknown
        .iter()
        .any(|name| name == "price_min" || name == "price_max");
    if wrong {
        "Give prices in dollars, such as 25 or 24.90.".to_owned()
    } else {
        String::new()
    }
}

/// An amount as it is typed, e.g. `150` or `24.90`.
fn plain_dollars(cents: u32) -> String {
    if cents.is_multiple_of(100) {
        (cents / 100).to_string()
    } else {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

fn sorts(chosen: Sort) -> Vec<Choice> {
    let labels = [
        (Sort::Featured, "Featured"),
        (Sort::Price, "Price, low to high"),
        (Sort::PriceDesc, "Price, high to low"),
        (Sort::Rating, "Rating"),
        (Sort::Newest, "Newest"),
        (Sort::Name, "Name"),
    ];
    labels
        .into_iter()
        .map(|(sort, label)| Choice {
            value: sort.as_str().to_owned(),
            label: label.to_owned(),
            count: 0,
            chosen: sort == chosen,
        })
        .collect()
}

impl GoodsPage {
    /// Groups of check boxes: heading, field, choices.
    fn groups(&self) -> [(&'static str, &'static str, &[Choice]); 3] {
        [
            ("Type", "type", &self.facets.kinds),
            ("Maker", "brand", &self.facets.brands),
            ("Colour", "colour", &self.facets.colours),
        ]
    }

    fn any_rating(&self) -> bool {
        !self.facets.ratings.iter().any(|choice| choice.chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_read_as_they_are_typed() {
        assert_eq!(plain_dollars(15_000), "150");
        assert_eq!(plain_dollars(2490), "24.90");
    }
}
