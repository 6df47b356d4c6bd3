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

mod read;
mod write;

pub use read::parse;
pub use write::stars_text;

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
    #[derive(Default)]
    Sort {
        /// The shop's own order; the default.
        #[default]
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

/// What an address means: the route and the names of parameters that it does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The page.
    pub route: Route,
    /// Names of unknown or unreadable parameters.
    pub unknown: Vec<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
