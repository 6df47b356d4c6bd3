//! Writes addresses of the shop, and what they mean in typed form.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::domain::evidence::View;
use crate::sites::shop::state::OrderStatus;
use crate::sites::shop::view::{Listing, Route, Sort, Tab};

/// Cents as dollars in an address: `150` or `149.90`.
fn dollars(cents: u32) -> String {
    if cents.is_multiple_of(100) {
        (cents / 100).to_string()
    } else {
        format!("{}.{:02}", cents / 100, cents % 100)
    }
}

/// Tenths as stars in an address: `4` or `4.5`.
pub fn stars_text(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
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
