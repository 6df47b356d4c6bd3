//! The pages of the shop: handlers and what they show. They read through
//! [`queries`](super::queries), write through [`actions`](super::actions) alone, and know
//! nothing of tasks.
//!
//! A GET shows what [`view`](super::view) reads from its address; `show` is the one place
//! that goes from route to page. Forms post to addresses of their own, are answered with a
//! redirect when they were accepted, and with their page and everything typed when not.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::sites::shop::state::ShopState;
use crate::sites::shop::view::{Parsed, Route};
use crate::sites::visit;

mod account;
mod addresses;
mod assets;
mod cards;
mod cart;
mod checkout;
mod form;
mod frame;
mod goods;
mod help;
mod home;
mod listing;
mod missing;
mod order_forms;
mod orders;
mod parts;
mod product;
mod review;
mod wishlist;

/// A request of a run, as the shop's pages see it.
pub type Visit = visit::Visit<ShopState>;

/// A form that was sent to the shop.
pub type Posted = visit::Posted<ShopState>;

/// Registers the shop's addresses.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .configure(goods_forms)
        .configure(order_forms)
        .configure(account_forms)
        .route("/assets/shop.css", web::get().to(assets::style))
        .route("/assets/shop.svg", web::get().to(assets::icon))
        .route("/shop", web::get().to(show))
        .route("/shop/{tail:.*}", web::get().to(show));
}

/// Forms of products, cart and checkout.
fn goods_forms(config: &mut web::ServiceConfig) {
    config
        .route("/shop/cart/add", web::post().to(product::add_to_cart))
        .route("/shop/cart/quantity", web::post().to(cart::set_quantity))
        .route("/shop/cart/remove", web::post().to(cart::remove))
        .route("/shop/cart/save", web::post().to(cart::save_for_later))
        .route("/shop/cart/move-back", web::post().to(cart::move_back))
        .route(
            "/shop/cart/remove-saved",
            web::post().to(cart::remove_saved),
        )
        .route("/shop/cart/code", web::post().to(cart::apply_code))
        .route("/shop/cart/code/remove", web::post().to(cart::remove_code))
        .route("/shop/cart/offer", web::post().to(cart::answer_offer))
        .route(
            "/shop/wishlist/add",
            web::post().to(product::add_to_wishlist),
        )
        .route(
            "/shop/wishlist/move",
            web::post().to(wishlist::move_to_cart),
        )
        .route("/shop/wishlist/remove", web::post().to(wishlist::remove))
        .route("/shop/wishlist/undo", web::post().to(wishlist::undo))
        .route("/shop/stock-alert", web::post().to(product::set_alert))
        .route(
            "/shop/stock-alert/remove",
            web::post().to(product::drop_alert),
        )
        .service(both(
            "/shop/p/{product}/review",
            web::post().to(review::send),
        ))
        .service(both(
            "/shop/checkout/address",
            web::post().to(checkout::choose_address),
        ))
        .service(both(
            "/shop/checkout/delivery",
            web::post().to(checkout::choose_delivery),
        ))
        .service(both(
            "/shop/checkout/payment",
            web::post().to(checkout::choose_payment),
        ))
        .service(both(
            "/shop/checkout/review",
            web::post().to(checkout::place),
        ));
}

/// Forms of an order.
fn order_forms(config: &mut web::ServiceConfig) {
    config
        .service(both(
            "/shop/orders/{order}/cancel",
            web::post().to(order_forms::do_cancel),
        ))
        .service(both(
            "/shop/orders/{order}/address",
            web::post().to(order_forms::do_redirect),
        ))
        .service(both(
            "/shop/orders/{order}/return",
            web::post().to(order_forms::do_send_back),
        ))
        .route(
            "/shop/orders/{order}/again",
            web::post().to(order_forms::again),
        );
}

/// Forms of the account and the contact form.
fn account_forms(config: &mut web::ServiceConfig) {
    config
        .service(both("/shop/addresses/new", web::post().to(addresses::add)))
        .service(both(
            "/shop/addresses/{address}",
            web::post().to(addresses::save),
        ))
        .route(
            "/shop/addresses/{address}/delete",
            web::post().to(addresses::delete),
        )
        .route(
            "/shop/addresses/{address}/default",
            web::post().to(addresses::make_default),
        )
        .service(both("/shop/cards/new", web::post().to(cards::add)))
        .route("/shop/cards/{card}/delete", web::post().to(cards::delete))
        .route(
            "/shop/cards/{card}/default",
            web::post().to(cards::make_default),
        )
        .service(both("/shop/newsletter", web::post().to(account::subscribe)))
        .route(
            "/shop/newsletter/leave",
            web::post().to(account::unsubscribe),
        )
        .service(both("/shop/contact", web::post().to(help::send)));
}

/// An address that shows a page and takes its form.
fn both(path: &str, post: actix_web::Route) -> actix_web::Resource {
    web::resource(path).route(web::get().to(show)).route(post)
}

/// Shows the page that the address means.
async fn show(visit: Visit, request: HttpRequest) -> HttpResponse {
    let Some(Parsed { route, unknown }) = visit.parsed().cloned() else {
        return missing::show(&visit);
    };
    match route {
        Route::Home => home::show(&visit),
        Route::Listing(wanted) => listing::show(&visit, &wanted, &unknown),
        Route::Product {
            product,
            variant,
            tab,
        } => product::show(&visit, &product, variant.as_deref(), tab),
        Route::Reviews {
            product,
            stars,
            page,
        } => product::reviews(&visit, &product, stars, page),
        Route::ReviewNew { product } => review::show(&visit, &product),
        Route::Cart => cart::show(&visit),
        Route::Checkout { step } => checkout::show(&visit, step),
        Route::Wishlist { page } => wishlist::show(&visit, page),
        Route::Help => help::index(&visit),
        Route::HelpPage { page } => help::show(&visit, &page),
        Route::Contact { topic, order } => help::contact(&visit, topic.as_deref(), order),
        route => show_account(&visit, route, back_of(&request)),
    }
}

/// Shows a page of the account.
fn show_account(visit: &Visit, route: Route, back: &str) -> HttpResponse {
    match route {
        Route::Account => account::show(visit),
        Route::Orders { status, page } => orders::list(visit, status, page),
        Route::Order { order } => orders::show(visit, order),
        Route::OrderPlaced { order } => orders::placed(visit, order),
        Route::OrderCancel { order } => order_forms::cancel(visit, order),
        Route::OrderAddress { order } => order_forms::redirect(visit, order),
        Route::OrderReturn { order } => order_forms::send_back(visit, order),
        Route::Returns => orders::returns(visit),
        Route::Addresses => addresses::list(visit),
        Route::AddressNew => addresses::new(visit, back),
        Route::Address { address } => addresses::edit(visit, &address),
        Route::Cards => cards::list(visit),
        Route::CardNew => cards::new(visit, back),
        Route::OwnReviews => review::own(visit),
        Route::Newsletter => account::newsletter(visit),
        _ => missing::show(visit),
    }
}

/// Where a form of the account goes back to: checkout, when it was opened from there.
fn back_of(request: &HttpRequest) -> &'static str {
    if request.query_string() == "back=checkout" {
        "checkout"
    } else {
        ""
    }
}
