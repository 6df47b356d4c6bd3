//! The wishlist: move to the cart, remove, undo.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::day_text;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::parts::{Link, Pages, Picture, PriceTag, StockLine, extent};
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::product as products;
use crate::sites::shop::queries::wishlist::{WISHLIST_PER_PAGE, WishRow, wishlist};
use crate::sites::shop::state::ShopState;
use crate::sites::shop::view::{Route, Tab};

#[derive(Template)]
#[template(path = "sites/shop/wishlist.html")]
struct WishlistPage {
    frame: Frame,
    nav: Vec<Link>,
    count_text: String,
    items: Vec<Item>,
    page: u32,
    pages: Pages,
    undo: String,
}

struct Item {
    product: String,
    href: String,
    name: String,
    variant: String,
    picture: Picture,
    price: PriceTag,
    note: String,
    stock: StockLine,
    added: String,
    choose: bool,
    sold_out: bool,
}

/// Shows a page of the wishlist.
pub fn show(visit: &Visit, page: u32) -> HttpResponse {
    render(visit, page, None)
}

fn render(visit: &Visit, page: u32, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    let found = wishlist(&state, page);
    for row in &found.rows {
        visit.show("shop.wishlist", &row.product.id);
        visit.show("shop.products", &row.product.id);
    }
    let template = WishlistPage {
        frame: account::frame_of(visit, &state, "Wishlist")
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        nav: account::nav(&Route::Wishlist { page: 1 }.href()),
        count_text: extent(&found, WISHLIST_PER_PAGE, "product"),
        page: found.page,
        pages: Pages::of(&found, |page| Route::Wishlist { page }.href()),
        items: found.rows.iter().map(item).collect(),
        undo: undo_text(&state),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn item(row: &WishRow<'_>) -> Item {
    let product = row.product;
    let sku = row.item.sku.as_ref().map(ToString::to_string);
    Item {
        product: product.id.to_string(),
        href: Route::Product {
            product: product.id.to_string(),
            variant: sku,
            tab: Tab::Description,
        }
        .href(),
        name: product.name.clone(),
        variant: row
            .variant
            .map_or_else(String::new, |variant| variant.label.clone()),
        picture: Picture::of(product, row.variant.or_else(|| product.variants.first())),
        price: PriceTag {
            from: row.variant.is_none(),
            ..PriceTag::of(&row.price)
        },
        note: PriceTag::note(&row.price),
        stock: StockLine::of_product(row.in_stock),
        added: day_text(row.item.added_at.date()),
        choose: row.variant.is_none(),
        sold_out: !row.in_stock,
    }
}

/// What "Undo" would take back, in words; empty for nothing.
fn undo_text(state: &ShopState) -> String {
    let Some(undo) = &state.incidental.wishlist_undo else {
        return String::new();
    };
    let id = undo.item.product.as_str();
    let name = products::product(state, id).map_or(id, |product| product.name.as_str());
    if undo.moved_to_cart.is_some() {
        format!("{name} was moved to the cart.")
    } else {
        format!("{name} was removed from the wishlist.")
    }
}

/// Moves one piece into the cart.
pub async fn move_to_cart(posted: Posted) -> HttpResponse {
    on_item(&posted, actions::wishlist::move_to_cart)
}

/// Takes a product off the list.
pub async fn remove(posted: Posted) -> HttpResponse {
    on_item(&posted, actions::wishlist::remove)
}

fn on_item(
    posted: &Posted,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["product", "page"]) {
        return answer;
    }
    let page = posted.fields.text("page").parse().unwrap_or(1);
    let product = posted.fields.text("product");
    match posted.write(|state| act(state, product)) {
        Ok(()) => frame::go(&Route::Wishlist { page }.href()),
        Err(refusal) => render(&posted.visit, page, Some(&refusal)),
    }
}

/// Takes back the last move or removal.
pub async fn undo(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["page"]) {
        return answer;
    }
    let page = posted.fields.text("page").parse().unwrap_or(1);
    match posted.write(actions::wishlist::undo) {
        Ok(()) => {
            let href = Route::Wishlist { page }.href();
            frame::go_saying(&posted.visit, &href, "It is back on your wishlist.")
        }
        Err(refusal) => render(&posted.visit, page, Some(&refusal)),
    }
}
