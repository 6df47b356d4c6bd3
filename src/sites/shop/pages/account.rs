//! The account: overview and newsletter; what its pages share.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::clock::day_text;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::checkout::{card_line, card_name, postal_rows};
use crate::sites::shop::pages::form::Form;
use crate::sites::shop::pages::frame::{self, Frame, product_href};
use crate::sites::shop::pages::orders::{self, OrderLineRow};
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::cart::is_expired;
use crate::sites::shop::queries::{orders::order_list, product, wishlist};
use crate::sites::shop::state::ShopState;
use crate::sites::shop::view::Route;

#[derive(Template)]
#[template(path = "sites/shop/account.html")]
struct Overview {
    frame: Frame,
    nav: Vec<Link>,
    name: String,
    email: String,
    phone: String,
    number: u32,
    since: String,
    address: Vec<String>,
    card: String,
    card_line: String,
    orders: Vec<OrderLineRow>,
    order_count: usize,
    recent: Vec<Link>,
    alerts: Vec<Alert>,
}

struct Alert {
    sku: String,
    href: String,
    name: String,
}

/// The pages of the account, with the open one marked.
pub fn nav(open: &str) -> Vec<Link> {
    [
        (Route::Account, "Overview"),
        (
            Route::Orders {
                status: None,
                page: 1,
            },
            "Orders",
        ),
        (Route::Returns, "Returns"),
        (Route::Wishlist { page: 1 }, "Wishlist"),
        (Route::Addresses, "Addresses"),
        (Route::Cards, "Payment cards"),
        (Route::OwnReviews, "My reviews"),
        (Route::Newsletter, "Newsletter"),
    ]
    .into_iter()
    .map(|(route, label)| {
        let href = route.href();
        Link {
            current: href == open,
            href,
            label: label.to_owned(),
        }
    })
    .collect()
}

/// The frame of a page of the account.
pub fn frame_of(visit: &Visit, state: &ShopState, title: &str) -> Frame {
    let above = vec![Link::to(Route::Account.href(), "My account")];
    Frame::new(visit, state, title).under(above, title)
}

/// Shows the overview.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let customer = &state.customer;
    let latest = order_list(&state, None, 1);
    let address = state.addresses.values().find(|address| address.is_default);
    let card = state.cards.values().find(|card| card.is_default);
    let rows: Vec<_> = latest.rows.iter().take(3).collect();
    for row in &rows {
        visit.show("shop.orders", row.order.no);
    }
    let template = Overview {
        frame: Frame::new(visit, &state, "My account").under(Vec::new(), "My account"),
        nav: nav(&Route::Account.href()),
        name: customer.name.clone(),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        number: customer.number,
        since: day_text(customer.since),
        address: address.map_or_else(Vec::new, |address| postal_rows(&state, &address.postal)),
        card: card.map_or_else(String::new, card_name),
        card_line: card.map_or_else(String::new, |card| card_line(card, is_expired(card))),
        orders: rows.into_iter().map(orders::row).collect(),
        order_count: latest.total,
        recent: recent(&state),
        alerts: alerts(&state),
    };
    frame::ok(&template)
}

fn recent(state: &ShopState) -> Vec<Link> {
    state
        .incidental
        .recently_viewed
        .iter()
        .filter_map(|id| product::product(state, id.as_str()))
        .map(|product| Link::to(product_href(product.id.as_str()), &product.name))
        .collect()
}

fn alerts(state: &ShopState) -> Vec<Alert> {
    wishlist::stock_alerts(state)
        .into_iter()
        .map(|(product, variant)| Alert {
            sku: variant.sku.to_string(),
            href: product_href(product.id.as_str()),
            name: format!("{}, {}", product.name, variant.label),
        })
        .collect()
}

#[derive(Template)]
#[template(path = "sites/shop/newsletter.html")]
struct Newsletter {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    entries: Vec<Subscription>,
}

struct Subscription {
    email: String,
    subscribed: bool,
}

/// Shows the newsletter settings.
pub fn newsletter(visit: &Visit) -> HttpResponse {
    let email = visit.state().customer.email.clone();
    render_newsletter(visit, Form::starting(&[("email", &email)]), None)
}

fn render_newsletter(visit: &Visit, form: Form, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    let template = Newsletter {
        frame: frame_of(visit, &state, "Newsletter")
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        nav: nav(&Route::Newsletter.href()),
        entries: state
            .newsletter
            .values()
            .map(|entry| Subscription {
                email: entry.email.clone(),
                subscribed: entry.subscribed,
            })
            .collect(),
        form,
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

/// Signs a mail address up.
pub async fn subscribe(posted: Posted) -> HttpResponse {
    let act = actions::account::subscribe;
    change_newsletter(&posted, "is signed up for the newsletter", act)
}

/// Signs a mail address off.
pub async fn unsubscribe(posted: Posted) -> HttpResponse {
    let act = actions::account::unsubscribe;
    change_newsletter(&posted, "gets no more newsletters", act)
}

fn change_newsletter(
    posted: &Posted,
    done: &str,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["email"]) {
        return answer;
    }
    let email = posted.fields.text("email");
    match posted.write(|state| act(state, email)) {
        Ok(()) => {
            let message = format!("{email} {done}.");
            frame::go_saying(&posted.visit, &Route::Newsletter.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render_newsletter(&posted.visit, form, Some(&refusal))
        }
    }
}
