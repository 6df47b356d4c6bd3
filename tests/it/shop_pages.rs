//! The shop's pages over HTTP, as a browser without scripts would use them: every page is
//! served, every control can be named, forms do what they say, and what people type stays text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::TcpListener;
use std::sync::Arc;

use agentarena::domain::evidence::Change;
use agentarena::domain::ids::RunId;
use agentarena::sites::shop::state::{OrderStatus, ShopState};
use agentarena::sites::{OpenRun, SiteRuns, listener};
use scraper::{ElementRef, Html, Selector};

/// A customer with a run of their own on a listener of their own.
struct Shopper {
    runs: Arc<SiteRuns>,
    run: RunId,
    base: Arc<ShopState>,
    client: reqwest::Client,
    origin: String,
    cookie: String,
    _server: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// An answer with its page.
struct Page {
    status: u16,
    location: String,
    html: String,
}

impl Page {
    fn document(&self) -> Html {
        Html::parse_document(&self.html)
    }

    /// The text of the page, runs of blanks as one.
    fn text(&self) -> String {
        let document = self.document();
        let words: Vec<&str> = document.root_element().text().collect();
        words
            .join(" ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn has(&self, selector: &str) -> bool {
        self.document().select(&select(selector)).next().is_some()
    }

    fn attribute(&self, selector: &str, name: &str) -> String {
        let document = self.document();
        let element = document.select(&select(selector)).next();
        element
            .and_then(|element| element.attr(name))
            .unwrap_or_default()
            .to_owned()
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).expect("the selector is right")
}

impl Shopper {
    async fn enter() -> Self {
        let runs = Arc::new(SiteRuns::new());
        let socket = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let origin = format!("http://{}", socket.local_addr().expect("an address"));
        let server = tokio::spawn(listener(Arc::clone(&runs), socket).expect("a listener"));
        let spec = OpenRun {
            persona: "mara".to_owned(),
            world: 1,
            sites: vec!["shop".to_owned()],
            start: "/shop/".to_owned(),
        };
        let ticket = runs.open(&spec).expect("a run");
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        let entered = client
            .get(format!("{origin}{}", ticket.entry_path))
            .send()
            .await
            .expect("the entry answers");
        assert_eq!(entered.status(), 303);
        let cookie = entered.headers()["set-cookie"].to_str().expect("a cookie");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Self {
            base: runs.base("mara", 1).expect("the base"),
            run: ticket.run_id,
            runs,
            client,
            origin,
            cookie,
            _server: server,
        }
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = request
            .header("cookie", &self.cookie)
            .send()
            .await
            .expect("the shop answers");
        let location = answer
            .headers()
            .get("location")
            .map_or("", |value| value.to_str().expect("text"))
            .to_owned();
        Page {
            status: answer.status().as_u16(),
            location,
            html: answer.text().await.expect("a body"),
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.read(self.client.get(format!("{}{path}", self.origin)))
            .await
    }

    /// A page that must be there.
    async fn open(&self, path: &str) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        page
    }

    /// Sends a form with this run's token.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self
            .open("/shop/contact")
            .await
            .attribute("input[name=form_token]", "value");
        let mut all = vec![("form_token", token.as_str())];
        all.extend(fields);
        self.send(path, &all).await
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).expect("a form");
        let request = self
            .client
            .post(format!("{}{path}", self.origin))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        self.read(request).await
    }

    /// Sends a form that must be accepted, and opens where it leads.
    async fn done(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 303, "{path}: {}", answer.text());
        self.open(&answer.location).await
    }

    fn changes(&self) -> Vec<Change> {
        self.runs.changes(self.run).expect("the run is open")
    }

    /// Collections that differ from the base, once for each record.
    fn changed(&self) -> Vec<String> {
        self.changes()
            .into_iter()
            .map(|change| format!("{} {}", change.op, change.collection))
            .collect()
    }

    fn sound(&self) {
        let broken = self
            .runs
            .broken_invariants(self.run)
            .expect("the run is open");
        assert!(broken.is_empty(), "{broken:?}");
    }

    /// An article number of which so many can be had, and one that is sold out.
    fn in_stock(&self, at_least: u32) -> String {
        let found = self
            .base
            .stock
            .iter()
            .find(|(sku, left)| **left >= at_least && !self.base.cart.contains_key(*sku));
        found.expect("something is in stock").0.to_string()
    }

    fn order_of_status(&self, status: OrderStatus) -> u32 {
        let found = self
            .base
            .orders
            .values()
            .find(|order| order.status == status);
        found.expect("an order of this status").no
    }
}

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
    let reviewed = shopper.base.ratings.keys().next().expect("a review");
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
    let category = &shopper.base.catalogue.categories[0].id;
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

#[tokio::test]
async fn the_cart_takes_changes_parks_and_drops() {
    let shopper = Shopper::enter().await;
    let sku = shopper.in_stock(6);
    let cart = shopper
        .done("/shop/cart/add", &[("variant", &sku), ("quantity", "2")])
        .await;
    assert!(cart.text().contains("is in your cart"));
    assert_eq!(shopper.changed(), ["add shop.cart_lines"]);
    assert!(
        !shopper
            .open("/shop/cart")
            .await
            .text()
            .contains("is in your cart")
    );

    let sold_out = shopper
        .post(
            "/shop/cart/quantity",
            &[("variant", &sku), ("quantity", "many")],
        )
        .await;
    assert_eq!(sold_out.status, 422);
    assert!(sold_out.text().contains("whole number"));
    let typed = format!("article.line form:has(input[value='{sku}']) input[name=quantity]");
    assert_eq!(sold_out.attribute(&typed, "value"), "many");

    shopper
        .done(
            "/shop/cart/quantity",
            &[("variant", &sku), ("quantity", "3")],
        )
        .await;
    shopper.done("/shop/cart/save", &[("variant", &sku)]).await;
    assert_eq!(shopper.changed(), ["add shop.saved_lines"]);
    shopper
        .done("/shop/cart/move-back", &[("variant", &sku)])
        .await;
    shopper
        .done("/shop/cart/remove", &[("variant", &sku)])
        .await;
    assert_eq!(shopper.changes(), []);
    shopper.sound();
}

#[tokio::test]
async fn a_sold_out_variant_is_refused_and_can_be_waited_for() {
    let shopper = Shopper::enter().await;
    let (sku, _) = shopper
        .base
        .stock
        .iter()
        .find(|(_, left)| **left == 0)
        .expect("something is sold out");
    let product = &shopper.base.catalogue.product_of[sku.as_str()];
    let page = shopper.open(&format!("/shop/p/{product}")).await;
    assert!(page.text().contains("Sold out"));
    let refused = shopper
        .post(
            "/shop/cart/add",
            &[("variant", sku.as_str()), ("quantity", "1")],
        )
        .await;
    assert!(
        refused.status == 409 || refused.status == 422,
        "{}",
        refused.status
    );
    assert!(refused.has(".flash.bad"));
    assert_eq!(shopper.changes(), []);
    shopper
        .done("/shop/stock-alert", &[("variant", sku.as_str())])
        .await;
    assert_eq!(shopper.changed(), ["add shop.stock_alerts"]);
}

#[tokio::test]
async fn the_offer_covers_the_cart_until_it_is_answered() {
    let shopper = Shopper::enter().await;
    let dialog = "[role=dialog][aria-modal=true] form[action='/shop/cart/offer']";
    assert!(shopper.open("/shop/cart").await.has(dialog));
    assert!(
        shopper.open("/shop/cart").await.has(dialog),
        "looking is no answer"
    );
    let cart = shopper.done("/shop/cart/offer", &[("answer", "no")]).await;
    assert!(!cart.has(dialog));
    assert_eq!(shopper.changes(), [], "declining changes nothing");

    let other = Shopper::enter().await;
    other.done("/shop/cart/offer", &[("answer", "yes")]).await;
    assert!(
        other
            .changed()
            .iter()
            .all(|change| change.ends_with("shop.newsletter"))
    );
    assert_eq!(other.changed().len(), 1);
}

#[tokio::test]
async fn a_wrong_code_is_refused_beside_its_field() {
    let shopper = Shopper::enter().await;
    let page = shopper
        .post("/shop/cart/code", &[("code", "NOSUCHCODE")])
        .await;
    assert!(page.status >= 400);
    assert_eq!(page.attribute("#code", "value"), "NOSUCHCODE");
    assert_eq!(page.attribute("#code", "aria-invalid"), "true");
    assert!(page.has("#code-error"));
    assert_eq!(shopper.changes(), []);
}

#[tokio::test]
async fn checkout_goes_step_by_step_to_an_order() {
    let shopper = Shopper::enter().await;
    let early = shopper.get("/shop/checkout/review").await;
    assert_eq!(early.status, 303, "delivery was not chosen");
    let address = shopper
        .base
        .addresses
        .values()
        .find(|address| address.is_default)
        .expect("a default address");
    let page = shopper.open("/shop/checkout/address").await;
    let chosen = format!("input[name=address][value='{}'][checked]", address.id);
    assert!(page.has(&chosen));
    let delivery = shopper
        .done(
            "/shop/checkout/address",
            &[("address", address.id.as_str())],
        )
        .await;
    let method = delivery.attribute("input[name=delivery]:not([disabled])", "value");
    let payment = shopper
        .done("/shop/checkout/delivery", &[("delivery", &method)])
        .await;
    let card = payment.attribute("input[name=card][checked]", "value");
    let review = shopper
        .done(
            "/shop/checkout/payment",
            &[("card", &card), ("gift_note", "For <you>")],
        )
        .await;
    assert!(review.text().contains("For <you>"));
    assert_eq!(shopper.changes(), [], "nothing is ordered yet");
    let thanks = shopper.done("/shop/checkout/review", &[]).await;
    assert!(thanks.text().contains("Thank you"));
    let added = shopper.changed();
    assert_eq!(
        added
            .iter()
            .filter(|change| *change == "add shop.orders")
            .count(),
        1,
        "{added:?}"
    );
    shopper.sound();
    let again = shopper.get("/shop/checkout/address").await;
    assert_eq!(again.location, "/shop/cart", "the cart is empty now");
}

#[tokio::test]
async fn an_open_order_is_redirected_and_cancelled_a_shipped_one_says_why_not() {
    let shopper = Shopper::enter().await;
    let placed = shopper.order_of_status(OrderStatus::Placed);
    let now = shopper.base.orders[&placed].address_id.clone();
    let other = shopper
        .base
        .addresses
        .values()
        .find(|address| {
            Some(&address.id) != now.as_ref()
                && address.postal.country == shopper.base.orders[&placed].address.country
        })
        .expect("another address");
    let path = format!("/shop/orders/{placed}/address");
    shopper.done(&path, &[("address", other.id.as_str())]).await;
    assert_eq!(shopper.changed(), ["change shop.orders"]);

    let cancel = format!("/shop/orders/{placed}/cancel");
    let refused = shopper.post(&cancel, &[("reason", "")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#reason[aria-invalid=true]"));
    let order = shopper.done(&cancel, &[("reason", "mistake")]).await;
    assert!(order.text().contains("Ordered by mistake"));
    shopper.sound();

    let shipped = shopper.order_of_status(OrderStatus::Shipped);
    let page = shopper.open(&format!("/shop/orders/{shipped}")).await;
    assert!(page.has("button[disabled]"));
    assert!(page.has(".panel .why"));
    let path = format!("/shop/orders/{shipped}/cancel");
    let refused = shopper.post(&path, &[("reason", "mistake")]).await;
    assert_eq!(refused.status, 409);
}

#[tokio::test]
async fn an_item_is_sent_back_with_what_was_typed_kept() {
    let shopper = Shopper::enter().await;
    let mut sendable = None;
    for order in shopper.base.orders.values().rev() {
        let page = shopper
            .open(&format!("/shop/orders/{}/return", order.no))
            .await;
        let sku = page.attribute("input[name=item]:not([disabled])", "value");
        if !sku.is_empty() {
            sendable = Some((order.no, sku));
            break;
        }
    }
    let (order, sku) = sendable.expect("an order of which items can be sent back");
    let path = format!("/shop/orders/{order}/return");
    let quantity = format!("quantity-{sku}");
    let mut fields = vec![
        ("item", sku.as_str()),
        (quantity.as_str(), "1"),
        ("reason", ""),
        ("refund_to", "original_payment"),
        ("drop_off", "locker"),
        ("note", "It <b>rattles</b>"),
    ];
    let refused = shopper.post(&path, &fields).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#reason[aria-invalid=true]"));
    assert!(refused.has(&format!("#item-{sku}[checked]")));
    assert!(refused.has("option[value=locker][selected]"));
    assert!(refused.html.contains("It &#60;b&#62;rattles"));
    fields[2] = ("reason", "damaged");
    let page = shopper.done(&path, &fields).await;
    assert!(page.text().contains("It arrived damaged"));
    assert_eq!(shopper.changed(), ["add shop.returns"]);
    shopper.sound();
}

#[tokio::test]
async fn the_wishlist_moves_and_takes_back() {
    let shopper = Shopper::enter().await;
    let page = shopper.open("/shop/wishlist").await;
    let product = page.attribute(
        "form[action='/shop/wishlist/move'] input[name=product]",
        "value",
    );
    let fields = [("product", product.as_str()), ("page", "1")];
    let moved = shopper.done("/shop/wishlist/move", &fields).await;
    assert!(moved.has("form[action='/shop/wishlist/undo']"));
    assert!(
        shopper
            .changed()
            .contains(&"remove shop.wishlist".to_owned())
    );
    shopper.done("/shop/wishlist/undo", &[("page", "1")]).await;
    assert_eq!(shopper.changes(), []);
    shopper.done("/shop/wishlist/remove", &fields).await;
    assert_eq!(shopper.changed(), ["remove shop.wishlist"]);
    assert_eq!(shopper.open("/shop/wishlist?page=2").await.status, 200);
}

#[tokio::test]
async fn addresses_and_cards_are_checked_and_stored() {
    let shopper = Shopper::enter().await;
    let country = &shopper.base.catalogue.countries[0];
    let postcode = "1".repeat(country.postcode_digits);
    let mut address = vec![
        ("label", "Studio"),
        ("name", "Mara Lindqvist"),
        ("street", "Quay 9"),
        ("extra", ""),
        ("postcode", "x"),
        ("city", "Oster"),
        ("country", country.id.as_str()),
        ("phone", ""),
    ];
    let refused = shopper.post("/shop/addresses/new", &address).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attribute("#city", "value"), "Oster");
    assert!(refused.has("#postcode[aria-describedby=postcode-error]"));
    address[4] = ("postcode", &postcode);
    let list = shopper.done("/shop/addresses/new", &address).await;
    assert!(list.text().contains("Studio"));
    assert_eq!(shopper.changed(), ["add shop.addresses"]);

    let mut card = vec![
        ("holder", "Mara Lindqvist"),
        ("number", "1234"),
        ("expires", "09/2028"),
        ("security_code", "123"),
        ("back", "checkout"),
    ];
    let refused = shopper.post("/shop/cards/new", &card).await;
    assert_eq!(refused.status, 422);
    assert!(refused.has("#number-error"));
    assert_eq!(refused.attribute("#security_code", "value"), "");
    card[1] = ("number", "4539 1488 0343 6467");
    let stored = shopper.post("/shop/cards/new", &card).await;
    assert_eq!(
        stored.location,
        "/shop/checkout/payment",
        "{}",
        stored.text()
    );
    assert!(shopper.changed().contains(&"add shop.cards".to_owned()));
}

#[tokio::test]
async fn a_review_is_written_once_and_stays_text() {
    let shopper = Shopper::enter().await;
    let page = shopper.open("/shop/reviews").await;
    let form = page.attribute("main section a[href$='/review']", "href");
    assert!(!form.is_empty(), "something can be reviewed");
    let text = "<script>alert(1)</script>\nGood & \"solid\"";
    let fields = [("stars", "3"), ("title", "<b>Fine</b>"), ("text", text)];
    let page = shopper.done(&form, &fields).await;
    assert!(
        page.text()
            .contains("<script>alert(1)</script> Good & \"solid\"")
    );
    assert!(!page.has("script") && !page.has("main b"));
    assert_eq!(shopper.changed(), ["add shop.reviews"]);
    let twice = shopper.post(&form, &fields).await;
    assert!(twice.status >= 400);
    shopper.sound();
}

#[tokio::test]
async fn what_people_type_stays_text() {
    let shopper = Shopper::enter().await;
    let evil = "\"><img src=x onerror=alert(1)>";
    let query = serde_urlencoded::to_string([("q", evil)]).expect("a query");
    let page = shopper.open(&format!("/shop/search?{query}")).await;
    assert!(!page.has("img"), "the search is echoed as text");
    assert_eq!(page.attribute("#find", "value"), evil);
    let fields = [
        ("topic", "other"),
        ("order", ""),
        ("subject", evil),
        ("text", "short"),
    ];
    let refused = shopper.post("/shop/contact", &fields).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.attribute("#subject", "value"), evil);
    let fields = [
        ("topic", "other"),
        ("order", ""),
        ("subject", evil),
        ("text", "</textarea><script>alert(1)</script>"),
    ];
    let sent = shopper.done("/shop/contact", &fields).await;
    assert!(!sent.has("img") && !sent.has("script"));
    assert!(sent.text().contains("</textarea><script>alert(1)</script>"));
    assert_eq!(shopper.changed(), ["add shop.outbox"]);
}

#[tokio::test]
async fn forms_need_their_token_and_only_their_fields() {
    let shopper = Shopper::enter().await;
    let sku = shopper.in_stock(2);
    let bare = [("variant", sku.as_str()), ("quantity", "1")];
    assert_eq!(shopper.send("/shop/cart/add", &bare).await.status, 403);
    let more = [("variant", sku.as_str()), ("quantity", "1"), ("price", "1")];
    assert_eq!(shopper.post("/shop/cart/add", &more).await.status, 400);
    let by_address = format!("/shop/cart/add?variant={sku}&quantity=1");
    assert!(shopper.get(&by_address).await.status >= 400);
    assert_eq!(shopper.changes(), []);
}

#[tokio::test]
async fn order_again_says_what_it_left_out() {
    let shopper = Shopper::enter().await;
    let order = shopper.order_of_status(OrderStatus::Delivered);
    let page = shopper
        .done(&format!("/shop/orders/{order}/again"), &[])
        .await;
    assert!(
        page.text()
            .contains(&format!("of order {order} put into your cart"))
    );
}
