//! Tests of the shop's rules: what is done, what is refused, and that derived state stays sound.

use crate::domain::evidence::{Change, ChangeOp};
use crate::sites::diff;
use crate::sites::shop::actions::account::{
    AddressForm, ContactForm, add_address, add_card, contact, delete_address, subscribe,
    unsubscribe,
};
use crate::sites::shop::actions::checkout::{
    CardForm, choose_address, choose_card, choose_delivery, place_order, set_gift_note,
};
use crate::sites::shop::actions::orders::{
    ReturnForm, cancel, order_again, redirect, return_items, review,
};
use crate::sites::shop::actions::{Refusal, RefusalKind, cart, wishlist};
use crate::sites::shop::queries::orders::{is_open, order_view, returnable, to_review};
use crate::sites::shop::state::{OrderNo, OrderStatus, ShopState, Sku};
use crate::sites::shop::{invariants, records, world};

fn base() -> ShopState {
    world::base(1)
}

/// Every change to the base, after a check that derived state is sound.
fn changes(state: &ShopState) -> Vec<Change> {
    let base = base();
    assert_eq!(invariants::broken(&base, state), Vec::<String>::new());
    diff::changes(&records::of(&base), &records::of(state))
}

fn collections(state: &ShopState) -> Vec<(ChangeOp, String)> {
    let changes = changes(state).into_iter();
    changes
        .map(|change| (change.op, change.collection))
        .collect()
}

fn add(collection: &str) -> (ChangeOp, String) {
    (ChangeOp::Add, format!("shop.{collection}"))
}

/// A variant that is not in the cart and has so many pieces or more.
fn variant_with(state: &ShopState, least: u32, most: u32) -> Sku {
    let stock = state.stock.iter();
    let mut fit = stock
        .filter(|(sku, pieces)| (least..=most).contains(*pieces) && !state.cart.contains_key(*sku));
    fit.next().expect("a variant").0.clone()
}

fn open_order(state: &ShopState) -> OrderNo {
    state
        .orders
        .values()
        .find(|order| is_open(order))
        .expect("an open order")
        .no
}

fn with_status(state: &ShopState, status: OrderStatus) -> OrderNo {
    let mut orders = state.orders.values();
    orders
        .find(|order| order.status == status)
        .expect("an order")
        .no
}

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>) -> Refusal {
    result.expect_err("the shop refuses this")
}

#[test]
fn the_cart_keeps_to_stock_and_to_the_largest_quantity() {
    let mut state = base();
    let few = variant_with(&state, 2, 3);
    let plenty = variant_with(&state, 30, 80);
    let none = variant_with(&state, 0, 0);
    cart::add(&mut state, few.as_str(), 1).unwrap();
    assert!(
        refused(cart::add(&mut state, few.as_str(), 9))
            .of("quantity")
            .unwrap()
            .starts_with("Only")
    );
    assert!(
        refused(cart::add(&mut state, plenty.as_str(), 11))
            .of("quantity")
            .unwrap()
            .contains("at most 10")
    );
    assert_eq!(
        refused(cart::add(&mut state, none.as_str(), 1)).kind,
        RefusalKind::NotAllowed
    );
    assert_eq!(
        refused(cart::add(&mut state, "NOPE", 1)).kind,
        RefusalKind::NotFound
    );
    assert_eq!(collections(&state), [add("cart_lines")]);
}

#[test]
fn lines_put_aside_and_taken_back_leave_no_change() {
    let mut state = base();
    let skus: Vec<Sku> = state.cart.keys().cloned().collect();
    for sku in &skus {
        cart::save_for_later(&mut state, sku.as_str()).unwrap();
    }
    assert_eq!(changes(&state).len(), 6);
    for sku in &skus {
        cart::move_back(&mut state, sku.as_str()).unwrap();
    }
    assert_eq!(changes(&state), Vec::new());
}

#[test]
fn codes_are_refused_in_words_and_replace_each_other() {
    let mut state = base();
    for (code, words) in [
        ("winter25", "expired on 28 February 2026"),
        ("EASTER20", "valid from 1 April 2026"),
        ("BIG15", "needs goods for at least $200.00"),
        ("OVEN35", "does not apply"),
        ("NOSUCH", "no code NOSUCH"),
        (" ", "Enter a code"),
    ] {
        let refusal = refused(cart::apply_code(&mut state, code));
        assert!(
            refusal.of("code").unwrap().contains(words),
            "{code}: {}",
            refusal.message
        );
    }
    assert_eq!(changes(&state), Vec::new());
    cart::apply_code(&mut state, "tenner").unwrap();
    assert_eq!(cart::apply_code(&mut state, "TASTE30").unwrap(), 800);
    let changes = changes(&state);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].fields["code"].after, "TASTE30");
}

#[test]
fn an_order_takes_stock_and_empties_the_cart() {
    let mut state = base();
    let lines = state.cart.len();
    assert_eq!(
        refused(place_order(&mut state)).of("delivery"),
        Some("Choose a kind of delivery.")
    );
    choose_address(&mut state, "parents").unwrap();
    choose_delivery(&mut state, "express").unwrap();
    choose_card(&mut state, "c2").unwrap();
    set_gift_note(&mut state, " For you ").unwrap();
    let no = place_order(&mut state).unwrap();
    let order = &state.orders[&no];
    assert_eq!(order.lines.len(), lines);
    assert_eq!(
        (order.gift_note.as_str(), order.card_last4.as_str()),
        ("For you", "8820")
    );
    let mut expected = vec![(ChangeOp::Remove, "shop.cart_lines".to_owned()); lines];
    expected.push(add("orders"));
    assert_eq!(collections(&state), expected);
    assert_eq!(
        refused(place_order(&mut state)).message,
        "Your cart is empty."
    );
}

#[test]
fn delivery_depends_on_country_and_weight() {
    let mut state = base();
    choose_delivery(&mut state, "locker").unwrap();
    choose_address(&mut state, "elin").unwrap();
    assert_eq!(
        state.incidental.checkout.delivery, None,
        "no lockers in Corvenna"
    );
    assert!(
        refused(choose_delivery(&mut state, "locker"))
            .of("delivery")
            .unwrap()
            .contains("not offered in Corvenna")
    );
    let heavy = state
        .catalogue
        .products
        .values()
        .find(|product| {
            product.packed_weight_g > 12_000 && state.stock[&product.variants[0].sku] > 0
        })
        .unwrap();
    let sku = heavy.variants[0].sku.clone();
    cart::add(&mut state, sku.as_str(), 1).unwrap();
    assert!(
        refused(choose_address(&mut state, "elin"))
            .of("address")
            .unwrap()
            .contains("the limit there is 12 kg")
    );
}

#[test]
fn only_open_orders_can_be_cancelled_and_redirected() {
    let mut state = base();
    let shipped = with_status(&state, OrderStatus::Shipped);
    for refusal in [
        refused(cancel(&mut state, shipped, "mistake")),
        refused(redirect(&mut state, shipped, "parents")),
    ] {
        assert_eq!(refusal.kind, RefusalKind::NotAllowed);
        assert!(
            refusal.message.starts_with("It has been shipped."),
            "{}",
            refusal.message
        );
    }
    let open = open_order(&state);
    assert_eq!(
        refused(cancel(&mut state, open, "")).of("reason"),
        Some("Choose a reason.")
    );
    assert_eq!(changes(&state), Vec::new());
    redirect(&mut state, open, "parents").unwrap();
    cancel(&mut state, open, "mistake").unwrap();
    let changes = changes(&state);
    let [change] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    let fields: Vec<&str> = change.fields.keys().map(String::as_str).collect();
    assert_eq!(
        (change.key.as_str(), fields),
        (
            open.to_string().as_str(),
            vec!["address", "cancel_reason", "status"]
        )
    );
}

#[test]
fn an_item_is_sent_back_once_and_in_time() {
    let mut state = base();
    let (order, line) = state
        .orders
        .values()
        .flat_map(|order| order.lines.iter().map(move |line| (order, line)))
        .find(|(order, line)| returnable(&state, order, line).is_ok())
        .unwrap();
    let (no, sku) = (order.no, line.sku.to_string());
    let form = ReturnForm {
        items: vec![(sku, 1)],
        reason: "damaged".to_owned(),
        refund_to: "original_payment".to_owned(),
        drop_off: "locker".to_owned(),
        note: String::new(),
    };
    let empty = refused(return_items(&mut state, no, &ReturnForm::default()));
    let wrong: Vec<&str> = empty
        .fields
        .iter()
        .map(|error| error.field.as_ref())
        .collect();
    assert_eq!(wrong, ["items", "reason", "refund_to", "drop_off"]);
    return_items(&mut state, no, &form).unwrap();
    assert_eq!(collections(&state), [add("returns")]);
    let again = refused(return_items(&mut state, no, &form));
    assert!(
        again.message.contains("sent back already"),
        "{}",
        again.message
    );
    let old = state
        .orders
        .values()
        .find(|order| order.placed_at.year() == 2025 && order.status == OrderStatus::Delivered)
        .unwrap();
    assert!(
        order_view(&state, old.no)
            .unwrap()
            .return_refused
            .unwrap()
            .contains("return period of 60 days")
    );
}

#[test]
fn order_again_leaves_out_what_is_sold_out_and_says_so() {
    let mut state = base();
    let order = state
        .orders
        .values()
        .find(|order| {
            order.lines.len() >= 4 && order.lines.iter().any(|line| state.stock[&line.sku] == 0)
        })
        .unwrap();
    let (no, lines) = (order.no, order.lines.len());
    let done = order_again(&mut state, no).unwrap();
    assert_eq!((done.added.len(), done.left_out.len()), (lines - 1, 1));
    assert_eq!(changes(&state).len(), lines - 1);
}

#[test]
fn a_review_needs_a_purchase_and_is_written_once() {
    let mut state = base();
    let bought = to_review(&state)[0].id.to_string();
    let unknown = state
        .catalogue
        .products
        .keys()
        .find(|id| {
            state
                .orders
                .values()
                .all(|order| order.lines.iter().all(|line| line.product != **id))
        })
        .unwrap()
        .to_string();
    assert_eq!(
        refused(review(&mut state, &unknown, "5", "Fine", "Fine.")).kind,
        RefusalKind::NotAllowed
    );
    let wrong = refused(review(&mut state, &bought, "6", "", " "));
    assert_eq!(wrong.fields.len(), 3);
    review(&mut state, &bought, "2", "Sharp edges", "The rim is rough.").unwrap();
    assert_eq!(collections(&state), [add("reviews")]);
    assert_eq!(
        refused(review(&mut state, &bought, "2", "Again", "Again.")).kind,
        RefusalKind::NotAllowed
    );
}

#[test]
fn a_move_from_the_wishlist_can_be_undone() {
    let mut state = base();
    let rows = crate::sites::shop::queries::wishlist::wishlist(&state, 1).rows;
    let row = rows.iter().find(|row| row.price.reduced()).unwrap();
    let product = row.product.id.to_string();
    wishlist::move_to_cart(&mut state, &product).unwrap();
    assert_eq!(
        collections(&state),
        [
            add("cart_lines"),
            (ChangeOp::Remove, "shop.wishlist".to_owned())
        ]
    );
    wishlist::undo(&mut state).unwrap();
    assert_eq!(changes(&state), Vec::new());
    assert_eq!(
        refused(wishlist::undo(&mut state)).message,
        "There is nothing to undo."
    );
}

#[test]
fn addresses_and_cards_are_checked_field_by_field() {
    let mut state = base();
    let form = AddressForm {
        label: "home".to_owned(),
        name: "Mara".to_owned(),
        street: String::new(),
        city: "Orsund".to_owned(),
        postcode: "2041".to_owned(),
        country: "aldermark".to_owned(),
        phone: "call me".to_owned(),
        ..AddressForm::default()
    };
    let refusal = refused(add_address(&mut state, &form));
    let fields: Vec<&str> = refusal
        .fields
        .iter()
        .map(|error| error.field.as_ref())
        .collect();
    assert_eq!(fields, ["street", "label", "postcode", "phone"]);
    assert_eq!(
        refused(delete_address(&mut state, "home")).kind,
        RefusalKind::NotAllowed
    );
    let card = |number: &str, expires: &str| CardForm {
        number: number.to_owned(),
        holder: "Mara Lindqvist".to_owned(),
        expires: expires.to_owned(),
        security_code: "123".to_owned(),
    };
    assert!(
        refused(add_card(&mut state, &card("4111 1111 1111 1112", "08/27")))
            .of("number")
            .unwrap()
            .contains("wrong digit")
    );
    assert_eq!(
        refused(add_card(&mut state, &card("4111 1111 1111 1111", "02/26"))).of("expires"),
        Some("This card has expired.")
    );
    add_card(&mut state, &card("4111-1111-1111-1111", "03/2026")).unwrap();
    assert_eq!(collections(&state), [add("cards")]);
}

#[test]
fn outward_acts_stay_as_records() {
    let mut state = base();
    subscribe(&mut state, "Mara@post.example").unwrap();
    unsubscribe(&mut state, "mara@post.example").unwrap();
    let form = ContactForm {
        topic: "delivery".to_owned(),
        order: "1".to_owned(),
        subject: "Where is it".to_owned(),
        text: "I am still waiting for it.".to_owned(),
    };
    assert!(refused(contact(&mut state, &form)).of("order").is_some());
    contact(
        &mut state,
        &ContactForm {
            order: String::new(),
            ..form
        },
    )
    .unwrap();
    assert_eq!(collections(&state), [add("newsletter"), add("outbox")]);
}
