//! Addresses of the shop: one place that reads and writes them, for pages and for evaluators.
//!
//! | path | route |
//! |---|---|
//! | `/shop/` | `shop.home` |
//! | `/shop/c/{category}` | `shop.category` |
//! | `/shop/search?q=` | `shop.search` |
//! | `/shop/p/{product}?variant=&tab=` | `shop.product` |
//! | `/shop/p/{product}/reviews?stars=&page=` | `shop.reviews` |
//! | `/shop/p/{product}/review` | `shop.review_new` |
//! | `/shop/cart` | `shop.cart` |
//! | `/shop/checkout/{step}` | `shop.checkout` |
//! | `/shop/account` | `shop.account` |
//! | `/shop/orders?status=&page=` | `shop.orders` |
//! | `/shop/orders/{order}` | `shop.order` |
//! | `/shop/orders/{order}/placed` | `shop.order_placed` |
//! | `/shop/orders/{order}/cancel` | `shop.order_cancel` |
//! | `/shop/orders/{order}/address` | `shop.order_address` |
//! | `/shop/orders/{order}/return` | `shop.order_return` |
//! | `/shop/returns` | `shop.returns` |
//! | `/shop/wishlist?page=` | `shop.wishlist` |
//! | `/shop/addresses`, `/shop/addresses/new`, `/shop/addresses/{address}` | `shop.addresses`, `shop.address_new`, `shop.address` |
//! | `/shop/cards`, `/shop/cards/new` | `shop.cards`, `shop.card_new` |
//! | `/shop/reviews` | `shop.own_reviews` |
//! | `/shop/help`, `/shop/help/{page}` | `shop.help`, `shop.help_page` |
//! | `/shop/contact?topic=&order=` | `shop.contact` |
//! | `/shop/newsletter` | `shop.newsletter` |

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::evidence::View;
use crate::sites::shop::state::OrderStatus;

/// A page of the shop with its typed parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Start page.
    Home,
    /// A category, or a search when [`Listing::category`] is absent.
    Listing(Listing),
    /// A product.
    Product {
        /// Its id.
        product: String,
        /// SKU of the chosen variant.
        variant: Option<String>,
        /// The open tab.
        tab: Tab,
    },
    /// All reviews of a product.
    Reviews {
        /// Its id.
        product: String,
        /// Only reviews with so many stars.
        stars: Option<u8>,
        /// From 1.
        page: u32,
    },
    /// The form for a review.
    ReviewNew {
        /// The product's id.
        product: String,
    },
    /// Cart and what is saved for later.
    Cart,
    /// A step of checkout.
    Checkout {
        /// Which.
        step: CheckoutStep,
    },
    /// Overview of the account.
    Account,
    /// List of orders.
    Orders {
        /// Only orders of this status.
        status: Option<OrderStatus>,
        /// From 1.
        page: u32,
    },
    /// An order.
    Order {
        /// Its number.
        order: u32,
    },
    /// Thanks after checkout.
    OrderPlaced {
        /// Its number.
        order: u32,
    },
    /// The form to cancel an order.
    OrderCancel {
        /// Its number.
        order: u32,
    },
    /// The form to send an order elsewhere.
    OrderAddress {
        /// Its number.
        order: u32,
    },
    /// The form to send items back.
    OrderReturn {
        /// Its number.
        order: u32,
    },
    /// List of returns.
    Returns,
    /// Wishlist.
    Wishlist {
        /// From 1.
        page: u32,
    },
    /// Address book.
    Addresses,
    /// The form for a new address.
    AddressNew,
    /// The form for an address.
    Address {
        /// Its id.
        address: String,
    },
    /// Stored cards.
    Cards,
    /// The form for a new card.
    CardNew,
    /// The customer's own reviews.
    OwnReviews,
    /// List of help pages.
    Help,
    /// A help page.
    HelpPage {
        /// Its slug.
        page: String,
    },
    /// The contact form.
    Contact {
        /// Topic chosen beforehand.
        topic: Option<String>,
        /// Order filled in beforehand.
        order: Option<u32>,
    },
    /// Newsletter settings.
    Newsletter,
}

crate::named_values! {
    /// Steps of checkout, in order.
    CheckoutStep {
        /// Where to.
        Address = "address",
        /// How.
        Delivery = "delivery",
        /// By which card.
        Payment = "payment",
        /// All on one page, and the button to order.
        Review = "review",
    }
}

crate::named_values! {
    /// Tabs of a product page.
    Tab {
        /// The default.
        Description = "description",
        /// Weights, guarantee, further rows.
        Details = "details",
        /// Where and how it is delivered.
        Delivery = "delivery",
        /// The latest reviews.
        Reviews = "reviews",
    }
}

/// What a list of products is narrowed to and how it is ordered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Category id; absent for a search over all.
    pub category: Option<String>,
    /// Words searched for (`q`).
    pub q: Option<String>,
    /// Least price today, in cents (`price_min`, in dollars in the address).
    pub price_min: Option<u32>,
    /// Highest price today, in cents (`price_max`).
    pub price_max: Option<u32>,
    /// Least rating in tenths (`rating=4.5`, `4`, `3`).
    pub rating: Option<u32>,
    /// Only products of which a variant is in stock (`stock=in`).
    pub in_stock: bool,
    /// Only reduced products (`sale=yes`).
    pub reduced: bool,
    /// Any of these types (`type`, may repeat). Sorted.
    pub kinds: Vec<String>,
    /// Any of these brands (`brand`, may repeat). Sorted.
    pub brands: Vec<String>,
    /// Any of these colours (`colour`, may repeat). Sorted.
    pub colours: Vec<String>,
    /// Order (`sort`).
    pub sort: Sort,
    /// From 1 (`page`).
    pub page: u32,
}

crate::named_values! {
    /// Order of a list of products; ties by name.
    Sort {
        /// The shop's own order; the default.
        Featured = "featured",
        /// Lowest price today first.
        Price = "price",
        /// Highest price today first.
        PriceDesc = "price_desc",
        /// Best rating first.
        Rating = "rating",
        /// Latest first.
        Newest = "newest",
        /// By name.
        Name = "name",
    }
}

impl Default for Sort {
    fn default() -> Self {
        Self::Featured
    }
}

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

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

/// Cents as dollars in an address: `150` or `149.90`.
fn dollars(cents: u32) -> String {
    if cents % 100 == 0 {
        (cents / 100).to_string()
    } else {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// Tenths as stars in an address: `4` or `4.5`.
pub fn stars_text(tenths: u32) -> String {
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

impl Route {
    /// The address of the page, defaults left out, e.g. `/shop/orders?page=2`.
    pub fn href(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.query() {
            query.append_pair(name, &value);
        }
        let query = query.finish();
        let path = self.path();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Home => "/shop/".to_owned(),
            Self::Listing(Listing {
                category: Some(category),
                ..
            }) => format!("/shop/c/{}", encode(category)),
            Self::Listing(_) => "/shop/search".to_owned(),
            Self::Product { product, .. } => format!("/shop/p/{}", encode(product)),
            Self::Reviews { product, .. } => format!("/shop/p/{}/reviews", encode(product)),
            Self::ReviewNew { product } => format!("/shop/p/{}/review", encode(product)),
            Self::Cart => "/shop/cart".to_owned(),
            Self::Checkout { step } => format!("/shop/checkout/{step}"),
            Self::Account => "/shop/account".to_owned(),
            Self::Orders { .. } => "/shop/orders".to_owned(),
            Self::Order { order } => format!("/shop/orders/{order}"),
            Self::OrderPlaced { order } => format!("/shop/orders/{order}/placed"),
            Self::OrderCancel { order } => format!("/shop/orders/{order}/cancel"),
            Self::OrderAddress { order } => format!("/shop/orders/{order}/address"),
            Self::OrderReturn { order } => format!("/shop/orders/{order}/return"),
            Self::Returns => "/shop/returns".to_owned(),
            Self::Wishlist { .. } => "/shop/wishlist".to_owned(),
            Self::Addresses => "/shop/addresses".to_owned(),
            Self::AddressNew => "/shop/addresses/new".to_owned(),
            Self::Address { address } => format!("/shop/addresses/{}", encode(address)),
            Self::Cards => "/shop/cards".to_owned(),
            Self::CardNew => "/shop/cards/new".to_owned(),
            Self::OwnReviews => "/shop/reviews".to_owned(),
            Self::Help => "/shop/help".to_owned(),
            Self::HelpPage { page } => format!("/shop/help/{}", encode(page)),
            Self::Contact { .. } => "/shop/contact".to_owned(),
            Self::Newsletter => "/shop/newsletter".to_owned(),
        }
    }

    /// Parameters of the query, defaults left out.
    fn query(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        let page_text = |page: u32| (page > 1).then(|| page.to_string());
        match self {
            Self::Listing(listing) => return listing.query(),
            Self::Product { variant, tab, .. } => {
                push("variant", variant.clone());
                push("tab", (*tab != Tab::Description).then(|| tab.to_string()));
            }
            Self::Reviews { stars, page, .. } => {
                push("stars", stars.map(|stars| stars.to_string()));
                push("page", page_text(*page));
            }
            Self::Orders { status, page } => {
                push("status", status.map(|status| status.to_string()));
                push("page", page_text(*page));
            }
            Self::Wishlist { page } => push("page", page_text(*page)),
            Self::Contact { topic, order } => {
                push("topic", topic.clone());
                push("order", order.map(|order| order.to_string()));
            }
            _ => {}
        }
        pairs
    }

    /// The page as evaluators and the journal name it. Parameters have the names of the fields
    /// in this file; prices are in cents, ratings in tenths, `in_stock` and `reduced` are `true`
    /// or left out, `kinds`, `brands`, `colours` are arrays.
    pub fn view(&self, unknown: Vec<String>) -> View {
        View {
            route: self.name().to_owned(),
            params: self.params(),
            unknown,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Home => "shop.home",
            Self::Listing(listing) if listing.category.is_some() => "shop.category",
            Self::Listing(_) => "shop.search",
            Self::Product { .. } => "shop.product",
            Self::Reviews { .. } => "shop.reviews",
            Self::ReviewNew { .. } => "shop.review_new",
            Self::Cart => "shop.cart",
            Self::Checkout { .. } => "shop.checkout",
            Self::Account => "shop.account",
            Self::Orders { .. } => "shop.orders",
            Self::Order { .. } => "shop.order",
            Self::OrderPlaced { .. } => "shop.order_placed",
            Self::OrderCancel { .. } => "shop.order_cancel",
            Self::OrderAddress { .. } => "shop.order_address",
            Self::OrderReturn { .. } => "shop.order_return",
            Self::Returns => "shop.returns",
            Self::Wishlist { .. } => "shop.wishlist",
            Self::Addresses => "shop.addresses",
            Self::AddressNew => "shop.address_new",
            Self::Address { .. } => "shop.address",
            Self::Cards => "shop.cards",
            Self::CardNew => "shop.card_new",
            Self::OwnReviews => "shop.own_reviews",
            Self::Help => "shop.help",
            Self::HelpPage { .. } => "shop.help_page",
            Self::Contact { .. } => "shop.contact",
            Self::Newsletter => "shop.newsletter",
        }
    }

    fn params(&self) -> BTreeMap<String, Value> {
        let pairs: Vec<(&str, Value)> = match self {
            Self::Listing(listing) => listing.params(),
            Self::Product {
                product,
                variant,
                tab,
            } => vec![
                ("product", json!(product)),
                ("variant", json!(variant)),
                (
                    "tab",
                    json!((*tab != Tab::Description).then(|| tab.as_str())),
                ),
            ],
            Self::Reviews {
                product,
                stars,
                page,
            } => vec![
                ("product", json!(product)),
                ("stars", json!(stars)),
                ("page", page_value(*page)),
            ],
            Self::ReviewNew { product } => vec![("product", json!(product))],
            Self::Checkout { step } => vec![("step", json!(step.as_str()))],
            Self::Orders { status, page } => vec![
                ("status", json!(status.map(OrderStatus::as_str))),
                ("page", page_value(*page)),
            ],
            Self::Order { order }
            | Self::OrderPlaced { order }
            | Self::OrderCancel { order }
            | Self::OrderAddress { order }
            | Self::OrderReturn { order } => vec![("order", json!(order))],
            Self::Wishlist { page } => vec![("page", page_value(*page))],
            Self::Address { address } => vec![("address", json!(address))],
            Self::HelpPage { page } => vec![("page", json!(page))],
            Self::Contact { topic, order } => {
                vec![("topic", json!(topic)), ("order", json!(order))]
            }
            _ => Vec::new(),
        };
        pairs
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }
}

fn page_value(page: u32) -> Value {
    json!((page > 1).then_some(page))
}

/// Percent-encodes a path segment.
fn encode(segment: &str) -> String {
    url::form_urlencoded::byte_serialize(segment.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

impl Listing {
    /// A whole category.
    pub fn of_category(category: &str) -> Self {
        Self {
            category: Some(category.to_owned()),
            page: 1,
            ..Self::default()
        }
    }

    /// A search over all.
    pub fn of_search(q: &str) -> Self {
        Self {
            q: Some(q.to_owned()).filter(|q| !q.is_empty()),
            page: 1,
            ..Self::default()
        }
    }

    /// Parameters of the query, defaults left out; pages use them for hidden fields too.
    pub fn query(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut push = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        push("q", self.q.clone());
        push("price_min", self.price_min.map(dollars));
        push("price_max", self.price_max.map(dollars));
        push("rating", self.rating.map(stars_text));
        push("stock", self.in_stock.then(|| "in".to_owned()));
        push("sale", self.reduced.then(|| "yes".to_owned()));
        for (name, values) in [
            ("type", &self.kinds),
            ("brand", &self.brands),
            ("colour", &self.colours),
        ] {
            for value in values {
                push(name, Some(value.clone()));
            }
        }
        push(
            "sort",
            (self.sort != Sort::Featured).then(|| self.sort.to_string()),
        );
        push("page", (self.page > 1).then(|| self.page.to_string()));
        pairs
    }

    fn params(&self) -> Vec<(&'static str, Value)> {
        let set = |values: &[String]| json!((!values.is_empty()).then_some(values));
        vec![
            ("category", json!(self.category)),
            ("q", json!(self.q)),
            ("price_min", json!(self.price_min)),
            ("price_max", json!(self.price_max)),
            ("rating", json!(self.rating)),
            ("in_stock", json!(self.in_stock.then_some(true))),
            ("reduced", json!(self.reduced.then_some(true))),
            ("kinds", set(&self.kinds)),
            ("brands", set(&self.brands)),
            ("colours", set(&self.colours)),
            (
                "sort",
                json!((self.sort != Sort::Featured).then(|| self.sort.as_str())),
            ),
            ("page", page_value(self.page)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filtered_category_is_read_typed_and_written_back() {
        let address = "/shop/c/espresso-machines?price_max=%24250&stock=in&sort=price&page=1&brand=Lumo&brand=Ardea&price_min=";
        let parsed = parse(address).unwrap();
        assert_eq!(parsed.unknown, Vec::<String>::new());
        let view = parsed.route.view(Vec::new());
        assert_eq!(view.route, "shop.category");
        assert_eq!(
            serde_json::to_value(&view.params).unwrap(),
            json!({
                "brands": ["Ardea", "Lumo"],
                "category": "espresso-machines",
                "in_stock": true,
                "price_max": 25000,
                "sort": "price",
            })
        );
        assert_eq!(
            parsed.route.href(),
            "/shop/c/espresso-machines?price_max=250&stock=in&brand=Ardea&brand=Lumo&sort=price"
        );
        assert_eq!(parse(&parsed.route.href()).unwrap(), parsed);
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_not_dropped() {
        let parsed = parse("/shop/orders?status=lost&page=0&next=/shop/orders/1#x").unwrap();
        assert_eq!(
            parsed.route,
            Route::Orders {
                status: None,
                page: 1
            }
        );
        assert_eq!(parsed.unknown, ["next", "page", "status"]);
    }

    #[test]
    fn every_route_survives_the_way_to_an_address_and_back() {
        let routes = [
            Route::Home,
            Route::Listing(Listing::of_search("crème brûlée & co")),
            Route::Product {
                product: "a b/c".to_owned(),
                variant: Some("X-1".to_owned()),
                tab: Tab::Details,
            },
            Route::Reviews {
                product: "p".to_owned(),
                stars: Some(2),
                page: 3,
            },
            Route::Checkout {
                step: CheckoutStep::Payment,
            },
            Route::OrderReturn { order: 48_213 },
            Route::Wishlist { page: 2 },
            Route::Address {
                address: "home".to_owned(),
            },
            Route::Contact {
                topic: Some("order".to_owned()),
                order: Some(48_213),
            },
        ];
        for route in routes {
            let parsed = parse(&route.href()).unwrap();
            assert_eq!(parsed.route, route);
            assert_eq!(parsed.unknown, Vec::<String>::new());
        }
        assert_eq!(parse("/shopping"), None);
        assert_eq!(parse("/shop/orders/first"), None);
    }
}
