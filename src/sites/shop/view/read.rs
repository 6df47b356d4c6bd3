//! Reads addresses of the shop.

use crate::sites::shop::view::{Listing, Parsed, Route, Tab};

/// Reads a path and query such as `/shop/c/pans?stock=in&sort=price`. None when it is no page
/// of the shop. A fragment is not looked at.
pub fn parse(path_and_query: &str) -> Option<Parsed> {
    let without_fragment = path_and_query.split('#').next().unwrap_or("");
    let (path, query) = without_fragment
        .split_once('?')
        .unwrap_or((without_fragment, ""));
    let rest = path.strip_prefix("/shop")?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let segments: Vec<String> = rest
        .split('/')
        .filter(|segment| !segment.is_empty())
        .map(decode)
        .collect();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let mut query = Query::read(query);
    let route = route_of(&segments, &mut query)?;
    Some(Parsed {
        route,
        unknown: query.rest(),
    })
}

/// Percent-decodes a path segment.
fn decode(segment: &str) -> String {
    let plus = segment.replace('+', "%2B");
    url::form_urlencoded::parse(plus.as_bytes())
        .next()
        .map_or_else(String::new, |(key, _)| key.into_owned())
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

/// Parameters of an address that were not read yet. Empty values count as not given, because
/// browsers send every field of a filter form.
struct Query(Vec<(String, String)>);

impl Query {
    fn read(query: &str) -> Self {
        Self(
            url::form_urlencoded::parse(query.as_bytes())
                .map(|(key, value)| (key.into_owned(), value.trim().to_owned()))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    /// Takes a parameter; a second one of the same name stays and is unknown.
    fn text(&mut self, name: &str) -> Option<String> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    /// Takes a parameter that can be read; one that cannot stays and is unknown.
    fn parsed<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        let value = read(&self.0[index].1)?;
        self.0.remove(index);
        Some(value)
    }

    fn named<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, |text| text.parse().ok())
    }

    fn flag(&mut self, name: &str, on: &str) -> bool {
        self.parsed(name, |text| (text == on).then_some(()))
            .is_some()
    }

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

    fn page(&mut self) -> u32 {
        self.parsed("page", |text| text.parse().ok().filter(|page| *page >= 1))
            .unwrap_or(1)
    }

    fn listing(&mut self) -> Listing {
        Listing {
            category: None,
            q: self.text("q"),
            price_min: self.parsed("price_min", cents),
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

    fn rest(self) -> Vec<String> {
        let mut names: Vec<String> = self.0.into_iter().map(|(key, _)| key).collect();
        names.sort();
        names.dedup();
        names
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
