//! The account's forms, and what people type into any of them.

use agentarena::sites::shop::state::OrderStatus;

use super::shopper::Shopper;

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
    let country = &shopper.base().catalogue.countries[0];
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
