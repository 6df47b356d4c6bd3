//! Cart, checkout and orders: forms do what they say and refuse with a reason.

use agentarena::sites::shop::state::OrderStatus;

use super::shopper::Shopper;

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
        .base()
        .stock
        .iter()
        .find(|(_, left)| **left == 0)
        .expect("something is sold out");
    let product = &shopper.base().catalogue.product_of[sku.as_str()];
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
        .base()
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
    let now = shopper.base().orders[&placed].address_id.clone();
    let other = shopper
        .base()
        .addresses
        .values()
        .find(|address| {
            Some(&address.id) != now.as_ref()
                && address.postal.country == shopper.base().orders[&placed].address.country
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
    for order in shopper.base().orders.values().rev() {
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
