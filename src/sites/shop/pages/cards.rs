//! Stored cards. Of a number only the last four digits are kept, and none is sent back.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::shop::actions::checkout::CardForm;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::checkout::{card_line, card_name, step_href};
use crate::sites::shop::pages::form::Form;
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::parts::Link;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::cart::is_expired;
use crate::sites::shop::state::ShopState;
use crate::sites::shop::view::{CheckoutStep, Route};

#[derive(Template)]
#[template(path = "sites/shop/cards.html")]
struct CardsPage {
    frame: Frame,
    nav: Vec<Link>,
    cards: Vec<Entry>,
    new_href: String,
}

struct Entry {
    id: String,
    name: String,
    line: String,
    is_default: bool,
}

/// Shows the stored cards.
pub fn list(visit: &Visit) -> HttpResponse {
    render_list(visit, None)
}

fn render_list(visit: &Visit, refusal: Option<&Refusal>) -> HttpResponse {
    let state = visit.state();
    for card in state.cards.values() {
        visit.show("shop.cards", &card.id);
    }
    let template = CardsPage {
        frame: account::frame_of(visit, &state, "Payment cards")
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        nav: account::nav(&Route::Cards.href()),
        cards: state
            .cards
            .values()
            .map(|card| Entry {
                id: card.id.to_string(),
                name: card_name(card),
                line: card_line(card, is_expired(card)),
                is_default: card.is_default,
            })
            .collect(),
        new_href: Route::CardNew.href(),
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

#[derive(Template)]
#[template(path = "sites/shop/card_form.html")]
struct CardPage {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    action: String,
    back: &'static str,
    cancel_href: String,
}

/// Shows the form for a new card; `back` names the page to return to.
pub fn new(visit: &Visit, back: &str) -> HttpResponse {
    let name = visit.state().customer.name.clone();
    let form = Form::starting(&[("holder", &name), ("back", back)]);
    render(visit, form, StatusCode::OK)
}

fn render(visit: &Visit, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let back = if form.value("back") == "checkout" {
        "checkout"
    } else {
        ""
    };
    let template = CardPage {
        frame: account::frame_of(visit, &state, "Add a card"),
        nav: account::nav(&Route::Cards.href()),
        action: Route::CardNew.href(),
        back,
        cancel_href: after(back),
        form,
    };
    frame::page(status, &template)
}

fn after(back: &str) -> String {
    if back == "checkout" {
        step_href(CheckoutStep::Payment)
    } else {
        Route::Cards.href()
    }
}

/// Stores a card; from checkout it is chosen there at once.
pub async fn add(posted: Posted) -> HttpResponse {
    let known = ["number", "holder", "expires", "security_code", "back"];
    if let Some(answer) = frame::foreign_fields(&posted, &known) {
        return answer;
    }
    let text = |name: &str| posted.fields.text(name).to_owned();
    let form = CardForm {
        number: text("number"),
        holder: text("holder"),
        expires: text("expires"),
        security_code: text("security_code"),
    };
    let back = posted.fields.text("back");
    match posted.write(|state| actions::account::add_card(state, &form)) {
        Ok(id) => {
            if back == "checkout" {
                posted
                    .visit
                    .remember(|incidental| incidental.checkout.card = Some(id));
            }
            frame::go_saying(&posted.visit, &after(back), "The card is stored.")
        }
        Err(refusal) => {
            let status = frame::status_of(refusal.status());
            let form = Form::refused(&posted.fields, &refusal).without("security_code");
            render(&posted.visit, form, status)
        }
    }
}

/// Deletes a card.
pub async fn delete(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let act = actions::account::delete_card;
    on_entry(&posted, &path, "The card is deleted.", act)
}

/// Makes a card the default.
pub async fn make_default(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let act = actions::account::set_default_card;
    on_entry(&posted, &path, "The default card is changed.", act)
}

fn on_entry(
    posted: &Posted,
    id: &str,
    done: &str,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &[]) {
        return answer;
    }
    match posted.write(|state| act(state, id)) {
        Ok(()) => frame::go_saying(&posted.visit, &Route::Cards.href(), done),
        Err(refusal) => render_list(&posted.visit, Some(&refusal)),
    }
}
