//! Reads addresses of the shop.

use crate::sites::address::{Address, Query};
use crate::sites::shop::view::{Listing, Parsed, Route, Tab};

/// Reads a path and query such as `/shop/c/pans?stock=in&sort=price`. None when it is no page
/// of the shop. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let address = Address::read(path_and_query, "/shop")?;
    let segments: Vec<&str> = address.segments.iter().map(String::as_str).collect();
    let mut query = Query::read(address.query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

fn route_of(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        [] => Route::Home,
        ["c", category] => {
            let mut listing = query.listing();
            listing.category = Some(category.to_owned());
            Route::Listing(listing)
        }
        ["search"] => Route::Listing(query.listing()),
        ["p", product] => Route::Product {
            product: product.to_owned(),
            variant: query.text("variant"),
            tab: query.named("tab").unwrap_or(Tab::Description),
        },
        ["p", product, "reviews"] => Route::Reviews {
            product: product.to_owned(),
            stars: query.parsed("stars", |text| {
                text.parse().ok().filter(|stars| (1..=5).contains(stars))
            }),
            page: query.page(),
        },
        ["p", product, "review"] => Route::ReviewNew {
            product: product.to_owned(),
        },
        ["cart"] => Route::Cart,
        ["checkout", step] => Route::Checkout {
            step: step.parse().ok()?,
        },
        ["contact"] => Route::Contact {
            topic: query.text("topic"),
            order: query.parsed("order", |text| text.parse().ok()),
        },
        ["newsletter"] => Route::Newsletter,
        ["help"] => Route::Help,
        ["help", page] => Route::HelpPage {
            page: page.to_owned(),
        },
        _ => return account_route(segments, query),
    })
}

fn account_route(segments: &[&str], query: &mut Query) -> Option<Route> {
    Some(match *segments {
        ["account"] => Route::Account,
        ["orders"] => Route::Orders {
            status: query.named("status"),
            page: query.page(),
        },
        ["orders", order] => Route::Order {
            order: order.parse().ok()?,
        },
        ["orders", order, "placed"] => Route::OrderPlaced {
            order: order.parse().ok()?,
        },
        ["orders", order, "cancel"] => Route::OrderCancel {
            order: order.parse().ok()?,
        },
        ["orders", order, "address"] => Route::OrderAddress {
            order: order.parse().ok()?,
        },
        ["orders", order, "return"] => Route::OrderReturn {
            order: order.parse().ok()?,
        },
        ["returns"] => Route::Returns,
        ["wishlist"] => Route::Wishlist { page: query.page() },
        ["addresses"] => Route::Addresses,
        ["addresses", "new"] => Route::AddressNew,
        ["addresses", address] => Route::Address {
            address: address.to_owned(),
        },
        ["cards"] => Route::Cards,
        ["cards", "new"] => Route::CardNew,
        ["reviews"] => Route::OwnReviews,
        _ => return None,
    })
}

impl Query {
    /// Takes all parameters of a name as a set.
    fn set(&mut self, name: &str) -> Vec<String> {
        let mut values = Vec::new();
        while let Some(value) = self.text(name) {
            values.push(value);
        }
        values.sort();
        values.dedup();
        values
    }

    fn listing(&mut self) -> Listing {
        Listing {
            category: None,
            q: self.text("q"),
            price_min: self.parsed("price_min", cents).filter(|&from| from > 0),
            price_max: self.parsed("price_max", cents),
            rating: self.parsed("rating", tenths),
            in_stock: self.flag("stock", "in"),
            reduced: self.flag("sale", "yes"),
            kinds: self.set("type"),
            brands: self.set("brand"),
            colours: self.set("colour"),
            sort: self.named("sort").unwrap_or_default(),
            page: self.page(),
        }
    }
}

/// Dollars with at most two decimals, with or without `$`, as cents.
fn cents(text: &str) -> Option<u32> {
    let text = text.trim_start_matches('$').replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    if part.len() > 2 || !part.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)
}

/// Stars with at most one decimal as tenths, from 0 to 5.
fn tenths(text: &str) -> Option<u32> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let part: u32 = part.parse().ok().filter(|_| part.len() == 1)?;
    let tenths = whole.parse::<u32>().ok()?.checked_mul(10)? + part;
    (tenths <= 50).then_some(tenths)
}
