//! Pages that are looked at: each is there, and each is sound.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scraper::{ElementRef, Html};

use super::shopper::{Page, Shopper, select};

/// Every link of a page to another page of the shop.
fn links(document: &Html) -> Vec<String> {
    document
        .select(&select("a[href^='/shop']"))
        .filter_map(|link| link.attr("href"))
        .map(|href| href.split('#').next().unwrap_or(href).to_owned())
        .collect()
}

/// What every page must be like, in words when it is not.
fn faults(page: &Page) -> Vec<String> {
    let document = page.document();
    let mut faults = Vec::new();
    let text = page.text();
    if !text.contains("Wednesday 18 March 2026, 10:24 UTC") {
        faults.push("does not show the clock".to_owned());
    }
    if document.select(&select("h1")).count() != 1 {
        faults.push("has not exactly one h1".to_owned());
    }
    if document
        .select(&select("[style], script, [onclick]"))
        .next()
        .is_some()
    {
        faults.push("has styles or scripts in its text".to_owned());
    }
    let mut ids = BTreeSet::new();
    for element in document.select(&select("[id]")) {
        let id = element.attr("id").unwrap_or_default();
        if !ids.insert(id.to_owned()) {
            faults.push(format!("has the id {id} twice"));
        }
    }
    for form in document.select(&select("form[method=post]")) {
        if form
            .select(&select("input[name=form_token]"))
            .next()
            .is_none()
        {
            faults.push("has a form without its token".to_owned());
        }
    }
    let labels: BTreeMap<&str, String> = document
        .select(&select("label[for]"))
        .filter_map(|label| Some((label.attr("for")?, label.text().collect())))
        .collect();
    let controls = "input:not([type=hidden]), select, textarea, button, a[href]";
    for control in document.select(&select(controls)) {
        if name_of(control, &labels).trim().is_empty() {
            faults.push(format!("has a control without a name: {}", control.html()));
        }
    }
    faults
}

/// The accessible name of a control, as far as the shop's pages use the rules for it.
fn name_of(control: ElementRef<'_>, labels: &BTreeMap<&str, String>) -> String {
    let element = control.value();
    if element.name() == "a" || element.name() == "button" {
        return control.text().collect();
    }
    if let Some(label) = element.attr("id").and_then(|id| labels.get(id)) {
        return label.clone();
    }
    control
        .ancestors()
        .filter_map(ElementRef::wrap)
        .find(|ancestor| ancestor.value().name() == "label")
        .map_or_else(String::new, |label| label.text().collect())
}

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
    const SAMPLE: usize = 6;
    let shopper = Shopper::enter().await;
    let mut seen = BTreeSet::new();
    let reviewed = shopper.base().ratings.keys().next().expect("a review");
    let mut queue: VecDeque<String> = VecDeque::from([
        "/shop/".to_owned(),
        format!("/shop/p/{reviewed}?tab=reviews"),
        "/shop/search?q=expresso".to_owned(),
        "/shop/checkout/delivery".to_owned(),
    ]);
    let mut opened = BTreeMap::<String, usize>::new();
    let mut wrong = Vec::new();
    while let Some(path) = queue.pop_front() {
        let Some(view) = shopper.runs.view(&path) else {
            wrong.push(format!("{path} is linked and means nothing"));
            continue;
        };
        // Some of each kind of page are enough: they are made by the same code.
        let count = opened.entry(view.route).or_default();
        *count += 1;
        if *count > SAMPLE {
            continue;
        }
        let page = shopper.open(&path).await;
        let faults = faults(&page);
        wrong.extend(faults.iter().map(|fault| format!("{path} {fault}")));
        for link in links(&page.document()) {
            if seen.insert(link.clone()) {
                queue.push_back(link);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let routes: Vec<&str> = opened.keys().map(String::as_str).collect();
    assert_eq!(routes, ROUTES);
    for page in [
        "/shop/wishlist?page=2",
        "/shop/orders?page=2",
        "/shop/help/delivery",
    ] {
        assert!(seen.contains(page), "no link leads to {page}");
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
