//! Pages that are looked at: each is there, and each is sound.

use scraper::ElementRef;

use super::shopper::{Shopper, select};
use crate::support::walk::{faults, walk};

/// Pages of the shop that a customer can reach by links alone.
const ROUTES: [&str; 26] = [
    "shop.account",
    "shop.address",
    "shop.address_new",
    "shop.addresses",
    "shop.card_new",
    "shop.cards",
    "shop.cart",
    "shop.category",
    "shop.checkout",
    "shop.contact",
    "shop.help",
    "shop.help_page",
    "shop.home",
    "shop.newsletter",
    "shop.order",
    "shop.order_address",
    "shop.order_cancel",
    "shop.order_return",
    "shop.orders",
    "shop.own_reviews",
    "shop.product",
    "shop.returns",
    "shop.review_new",
    "shop.reviews",
    "shop.search",
    "shop.wishlist",
];

#[tokio::test]
async fn every_page_that_is_linked_is_there_and_sound() {
    let shopper = Shopper::enter().await;
    let reviewed = shopper.base().ratings.keys().next().expect("a review");
    let from = [
        "/shop/",
        &format!("/shop/p/{reviewed}?tab=reviews"),
        "/shop/search?q=expresso",
        "/shop/checkout/delivery",
    ];
    let found = walk(&shopper, "shop", &from).await;
    assert_eq!(found.routes, ROUTES);
    for page in [
        "/shop/wishlist?page=2",
        "/shop/orders?page=2",
        "/shop/help/delivery",
    ] {
        assert!(found.links.contains(page), "no link leads to {page}");
    }
    assert_eq!(shopper.changes(), [], "looking changes nothing");
    let journal = shopper.runs.journal(shopper.run).expect("the run is open");
    assert!(journal.iter().all(|entry| entry.violation.is_none()));
    let lists = |path: &str| {
        let entry = journal.iter().find(|entry| entry.path == path);
        entry.is_some_and(|entry| !entry.shown.is_empty())
    };
    assert!(lists("/shop/orders") && lists("/shop/wishlist") && lists("/shop/cart"));
}

#[tokio::test]
async fn what_does_not_exist_is_said_with_a_search() {
    let shopper = Shopper::enter().await;
    for path in [
        "/shop/nowhere",
        "/shop/p/no-such-thing",
        "/shop/orders/1",
        "/shop/help/no",
    ] {
        let page = shopper.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.has("main form[role=search] input[name=q]"), "{path}");
        assert_eq!(faults(&page), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn a_search_without_result_suggests_another() {
    let shopper = Shopper::enter().await;
    let page = shopper.open("/shop/search?q=expresso").await;
    assert!(page.text().contains("Did you mean"), "{}", page.text());
    assert!(page.has("main .note a[href^='/shop/search?q=']"));
}

#[tokio::test]
async fn filters_become_chips_that_can_be_removed() {
    let shopper = Shopper::enter().await;
    let category = &shopper.base().catalogue.categories[0].id;
    let path = format!("/shop/c/{category}?stock=in&price_min=&price_max=200&rating=4&sort=price");
    let page = shopper.open(&path).await;
    let document = page.document();
    let chips: Vec<ElementRef<'_>> = document.select(&select(".chips a")).collect();
    assert_eq!(chips.len(), 4, "three chips and the link that clears all");
    assert!(page.has("input[name=stock][checked]"));
    assert!(page.has("option[value=price][selected]"));
    assert_eq!(page.attribute("input[name=price_max]", "value"), "200");
    let wrong = shopper
        .open(&format!("/shop/c/{category}?price_max=cheap"))
        .await;
    assert!(wrong.text().contains("Give prices in dollars"));
}
