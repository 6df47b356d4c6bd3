//! Checkout: address, delivery, payment, review, then the order.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::cart::{Line, total_rows};
use crate::sites::shop::pages::form::{Choice, Form};
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::parts::{Link, TotalRow};
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::cart::{CheckoutPage, checkout_page, country_name};
use crate::sites::shop::queries::{kilograms, money};
use crate::sites::shop::state::{Card, PostalAddress, ShopState};
use crate::sites::shop::view::{CheckoutStep, Route};

/// The name of a step, as pages show it.
const fn step_name(step: CheckoutStep) -> &'static str {
    match step {
        CheckoutStep::Address => "Address",
        CheckoutStep::Delivery => "Delivery",
        CheckoutStep::Payment => "Payment",
        CheckoutStep::Review => "Review",
    }
}

/// The address of a step.
pub fn step_href(step: CheckoutStep) -> String {
    Route::Checkout { step }.href()
}

#[derive(Template)]
#[template(path = "sites/shop/checkout.html")]
struct Checkout {
    frame: Frame,
    form: Form,
    step: CheckoutStep,
    steps: Vec<Link>,
    lines: Vec<Line>,
    totals: Vec<TotalRow>,
    options: Vec<Choice>,
    problem: String,
    weight: String,
    address: Vec<String>,
    delivery: String,
    card: String,
    gift_note: String,
}

/// Shows a step.
pub fn show(visit: &Visit, step: CheckoutStep) -> HttpResponse {
    let state = visit.state();
    let page = checkout_page(&state);
    if page.lines.is_empty() {
        let message = "There is nothing in your cart to order.";
        return frame::go_saying(visit, &Route::Cart.href(), message);
    }
    if let Some(earlier) = unfinished_before(&page, step) {
        let message = "Please choose how we should deliver first.";
        return frame::go_saying(visit, &step_href(earlier), message);
    }
    let chosen_delivery = page.delivery.map_or("", |method| method.as_str());
    let form = Form::starting(&[
        (
            "address",
            page.address.map_or("", |address| address.id.as_str()),
        ),
        ("delivery", chosen_delivery),
        ("card", page.card.map_or("", |card| card.id.as_str())),
        ("gift_note", page.gift_note),
    ]);
    render(visit, step, form, None)
}

/// A step that must be done before this one can be shown.
fn unfinished_before(page: &CheckoutPage<'_>, step: CheckoutStep) -> Option<CheckoutStep> {
    let needs_delivery = step > CheckoutStep::Delivery;
    (needs_delivery && page.delivery.is_none()).then_some(CheckoutStep::Delivery)
}

fn render(
    visit: &Visit,
    step: CheckoutStep,
    form: Form,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let page = checkout_page(&state);
    report(visit, &page);
    let title = step_name(step);
    let template = Checkout {
        frame: Frame::new(visit, &state, format!("Checkout: {title}"))
            .under(vec![Link::to(Route::Cart.href(), "Cart")], "Checkout")
            .refusing(refusal.map(|refusal| refusal.message.clone())),
        step,
        steps: step_links(step),
        lines: page.lines.iter().map(|row| Line::of(&state, row)).collect(),
        totals: total_rows(&page.totals, page.code),
        options: options(&state, &page, step),
        problem: page.address_problem.clone().unwrap_or_default(),
        weight: kilograms(page.totals.packed_g),
        address: page
            .address
            .map_or_else(Vec::new, |address| postal_rows(&state, &address.postal)),
        delivery: delivery_text(&page),
        card: page.card.map_or_else(String::new, card_name),
        gift_note: page.gift_note.to_owned(),
        form,
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn report(visit: &Visit, page: &CheckoutPage<'_>) {
    for row in &page.lines {
        visit.show("shop.products", &row.product.id);
        visit.show("shop.variants", &row.variant.sku);
    }
    for address in &page.addresses {
        visit.show("shop.addresses", &address.id);
    }
    for row in &page.cards {
        visit.show("shop.cards", &row.card.id);
    }
}

fn step_links(open: CheckoutStep) -> Vec<Link> {
    CheckoutStep::ALL
        .iter()
        .map(|step| Link {
            href: if *step < open {
                step_href(*step)
            } else {
                String::new()
            },
            label: step_name(*step).to_owned(),
            current: *step == open,
        })
        .collect()
}

fn options(state: &ShopState, page: &CheckoutPage<'_>, step: CheckoutStep) -> Vec<Choice> {
    match step {
        CheckoutStep::Address => page
            .addresses
            .iter()
            .map(|address| Choice {
                sub: postal_rows(state, &address.postal).join(", "),
                ..Choice::new(
                    address.id.as_str(),
                    marked(&address.label, address.is_default),
                )
            })
            .collect(),
        CheckoutStep::Delivery => page
            .deliveries
            .iter()
            .map(|option| Choice {
                sub: option
                    .refused
                    .clone()
                    .unwrap_or_else(|| option.takes.clone()),
                price: match (&option.refused, option.cents) {
                    (Some(_), _) => String::new(),
                    (None, 0) => "Free".to_owned(),
                    (None, cents) => money(cents),
                },
                off: option.refused.is_some(),
                ..Choice::new(option.method.as_str(), option.label)
            })
            .collect(),
        CheckoutStep::Payment => page
            .cards
            .iter()
            .map(|row| Choice {
                sub: card_line(row.card, row.expired),
                off: row.expired,
                ..Choice::new(
                    row.card.id.as_str(),
                    marked(&card_name(row.card), row.card.is_default),
                )
            })
            .collect(),
        CheckoutStep::Review => Vec::new(),
    }
}

fn marked(label: &str, is_default: bool) -> String {
    if is_default {
        format!("{label} (default)")
    } else {
        label.to_owned()
    }
}

fn delivery_text(page: &CheckoutPage<'_>) -> String {
    page.deliveries
        .iter()
        .find(|option| Some(option.method) == page.delivery)
        .map_or_else(String::new, |option| {
            format!("{}, {}", option.label, option.takes)
        })
}

/// A card as customers know it, e.g. `Norra Card ending 4411`.
pub fn card_name(card: &Card) -> String {
    format!("{} ending {}", card.brand, card.last4)
}

/// Holder and last month of a card.
pub fn card_line(card: &Card, expired: bool) -> String {
    let (year, month) = card.expires;
    let until = format!("{}, valid until {month:02}/{year}", card.holder);
    if expired {
        format!("{until}. This card has expired.")
    } else {
        until
    }
}

/// An address in rows, as on a letter.
pub fn postal_rows(state: &ShopState, postal: &PostalAddress) -> Vec<String> {
    let mut rows = vec![postal.name.clone(), postal.street.clone()];
    if !postal.extra.is_empty() {
        rows.push(postal.extra.clone());
    }
    rows.push(format!("{} {}", postal.postcode, postal.city));
    rows.push(country_name(state, &postal.country).to_owned());
    rows
}

/// Takes the address.
pub async fn choose_address(posted: Posted) -> HttpResponse {
    let act = |state: &mut ShopState, posted: &Posted| {
        actions::checkout::choose_address(state, posted.fields.text("address"))
    };
    choose(&posted, &["address"], CheckoutStep::Address, act)
}

/// Takes the kind of delivery.
pub async fn choose_delivery(posted: Posted) -> HttpResponse {
    let act = |state: &mut ShopState, posted: &Posted| {
        actions::checkout::choose_delivery(state, posted.fields.text("delivery"))
    };
    choose(&posted, &["delivery"], CheckoutStep::Delivery, act)
}

/// Takes card and gift note.
pub async fn choose_payment(posted: Posted) -> HttpResponse {
    let act = |state: &mut ShopState, posted: &Posted| {
        actions::checkout::choose_card(state, posted.fields.text("card"))?;
        actions::checkout::set_gift_note(state, posted.fields.text("gift_note"))
    };
    choose(&posted, &["card", "gift_note"], CheckoutStep::Payment, act)
}

fn choose(
    posted: &Posted,
    known: &[&str],
    step: CheckoutStep,
    act: impl FnOnce(&mut ShopState, &Posted) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, known) {
        return answer;
    }
    match posted.write(|state| act(state, posted)) {
        Ok(()) => {
            let next = CheckoutStep::ALL.iter().find(|later| **later > step);
            frame::go(&step_href(*next.unwrap_or(&CheckoutStep::Review)))
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, step, form, Some(&refusal))
        }
    }
}

/// Places the order.
pub async fn place(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    match posted.write(actions::checkout::place_order) {
        Ok(order) => frame::go(&Route::OrderPlaced { order }.href()),
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, CheckoutStep::Review, form, Some(&refusal))
        }
    }
}

impl Checkout {
    /// Whether anything that can be chosen is there.
    fn can_continue(&self) -> bool {
        self.problem.is_empty() && self.options.iter().any(|option| !option.off)
    }
}
