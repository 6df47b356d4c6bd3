//! The cart, what is saved for later, discount codes, and the newsletter offer that stands in
//! the way once.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::checkout::step_href;
use crate::sites::shop::pages::form::Form;
use crate::sites::shop::pages::frame::{self, Frame, product_href};
use crate::sites::shop::pages::parts::{Picture, PriceTag, StockLine, TotalRow, counted};
use crate::sites::shop::pages::product::{full_name, pieces};
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::cart::{CartRow, Totals, cart_page};
use crate::sites::shop::queries::money;
use crate::sites::shop::state::{DiscountCode, ShopState};
use crate::sites::shop::view::{CheckoutStep, Route};

#[derive(Template)]
#[template(path = "sites/shop/cart.html")]
struct Cart {
    frame: Frame,
    form: Form,
    lines: Vec<Line>,
    parked: Vec<Line>,
    totals: Vec<TotalRow>,
    code: Option<Code>,
    to_free_delivery: String,
    checkout_href: String,
}

/// A line of the cart, of checkout or of what is saved for later.
pub struct Line {
    /// Article number.
    pub sku: String,
    /// Address of the product.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The variant; empty when there is but one.
    pub variant: String,
    /// Name and variant.
    pub full_name: String,
    /// Picture.
    pub picture: Picture,
    /// Pieces, as entered when that was refused.
    pub quantity: String,
    /// Price of one piece.
    pub unit: PriceTag,
    /// Price of all pieces.
    pub sum: String,
    /// Stock.
    pub stock: StockLine,
    /// What is wrong; empty for nothing.
    pub problem: String,
}

struct Code {
    name: String,
    text: String,
    problem: String,
}

impl Line {
    /// The line of a row.
    pub fn of(state: &ShopState, row: &CartRow<'_>) -> Self {
        let sku = row.variant.sku.as_str();
        Self {
            sku: sku.to_owned(),
            href: product_href(row.product.id.as_str()),
            name: row.product.name.clone(),
            variant: row.variant.label.clone(),
            full_name: full_name(state, sku),
            picture: Picture::of(row.product, Some(row.variant)),
            quantity: row.quantity.to_string(),
            unit: PriceTag::of(&row.price),
            sum: money(row.sum_cents),
            stock: StockLine::of(row.stock),
            problem: row.problem.clone().unwrap_or_default(),
        }
    }
}

/// The rows of a sum.
pub fn total_rows(totals: &Totals, code: Option<&DiscountCode>) -> Vec<TotalRow> {
    let pieces = usize::try_from(totals.pieces).unwrap_or(usize::MAX);
    let goods = format!("Goods ({})", counted(pieces, "piece"));
    let mut rows = vec![TotalRow::new(goods, money(totals.goods_cents))];
    if let Some(code) = code {
        let off = format!("\u{2212}{}", money(totals.discount_cents));
        rows.push(TotalRow::new(format!("Code {}", code.code), off));
    }
    let delivery = totals
        .delivery_cents
        .map_or_else(|| "chosen in checkout".to_owned(), money);
    rows.push(TotalRow::new("Delivery", delivery));
    rows.push(TotalRow::last("Total", totals.total_cents));
    rows
}

/// Shows the cart.
pub fn show(visit: &Visit) -> HttpResponse {
    render(visit, Form::default(), None, None)
}

/// The page; `line` is the one whose quantity was refused.
fn render(
    visit: &Visit,
    form: Form,
    line: Option<&str>,
    refusal: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let page = cart_page(&state);
    for row in page.lines.iter().chain(&page.saved) {
        visit.show("shop.products", &row.product.id);
        visit.show("shop.variants", &row.variant.sku);
    }
    let mut lines: Vec<Line> = page.lines.iter().map(|row| Line::of(&state, row)).collect();
    let refused = lines
        .iter_mut()
        .find(|entry| line == Some(entry.sku.as_str()));
    if let (Some(entry), Some(refusal)) = (refused, refusal) {
        form.value("quantity").clone_into(&mut entry.quantity);
        entry.problem.clone_from(&refusal.message);
    }
    let mut frame = Frame::new(visit, &state, "Your cart")
        .under(Vec::new(), "Cart")
        .refusing(refusal.map(|refusal| refusal.message.clone()));
    frame.covered = page.offer;
    let template = Cart {
        frame,
        totals: total_rows(&page.totals, page.code),
        code: page.code.map(|code| Code {
            name: code.code.clone(),
            text: code.text.clone(),
            problem: page.code_problem.clone().unwrap_or_default(),
        }),
        to_free_delivery: match page.to_free_delivery_cents {
            0 => String::new(),
            cents => money(cents),
        },
        checkout_href: step_href(CheckoutStep::Address),
        parked: page.saved.iter().map(|row| Line::of(&state, row)).collect(),
        lines,
        form,
    };
    let status = refusal.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

/// Sets the pieces of a line.
pub async fn set_quantity(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["variant", "quantity"]) {
        return answer;
    }
    let sku = posted.fields.text("variant").to_owned();
    let done = pieces(posted.fields.text("quantity")).and_then(|quantity| {
        posted.write(|state| actions::cart::set_quantity(state, &sku, quantity))
    });
    match done {
        Ok(()) => frame::go_saying(&posted.visit, &Route::Cart.href(), "The cart is updated."),
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, form, Some(&sku), Some(&refusal))
        }
    }
}

/// Takes a line out of the cart.
pub async fn remove(posted: Posted) -> HttpResponse {
    on_line(&posted, "is out of the cart", actions::cart::remove)
}

/// Moves a line to what is saved for later.
pub async fn save_for_later(posted: Posted) -> HttpResponse {
    on_line(&posted, "is saved for later", actions::cart::save_for_later)
}

/// Moves a saved line back into the cart.
pub async fn move_back(posted: Posted) -> HttpResponse {
    on_line(&posted, "is back in the cart", actions::cart::move_back)
}

/// Takes a line out of what is saved for later.
pub async fn remove_saved(posted: Posted) -> HttpResponse {
    on_line(
        &posted,
        "is no longer saved for later",
        actions::cart::remove_saved,
    )
}

fn on_line(
    posted: &Posted,
    done: &str,
    act: impl FnOnce(&mut ShopState, &str) -> Result<(), Refusal>,
) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(posted, &["variant"]) {
        return answer;
    }
    let sku = posted.fields.text("variant").to_owned();
    match posted.write(|state| act(state, &sku)) {
        Ok(()) => {
            let name = full_name(&posted.visit.state(), &sku);
            frame::go_saying(
                &posted.visit,
                &Route::Cart.href(),
                format!("{name} {done}."),
            )
        }
        Err(refusal) => render(&posted.visit, Form::default(), None, Some(&refusal)),
    }
}

/// Applies a discount code.
pub async fn apply_code(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["code"]) {
        return answer;
    }
    let code = posted.fields.text("code").to_owned();
    match posted.write(|state| actions::cart::apply_code(state, &code)) {
        Ok(cents) => {
            let message = if cents > 0 {
                format!("Code {} takes {} off.", code.to_uppercase(), money(cents))
            } else {
                format!("Code {} is on your cart.", code.to_uppercase())
            };
            frame::go_saying(&posted.visit, &Route::Cart.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            render(&posted.visit, form, None, Some(&refusal))
        }
    }
}

/// Takes the discount code off.
pub async fn remove_code(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    posted.write(actions::cart::remove_code);
    frame::go_saying(
        &posted.visit,
        &Route::Cart.href(),
        "The code is off the cart.",
    )
}

/// Answers the newsletter offer, either way, once.
pub async fn answer_offer(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["answer"]) {
        return answer;
    }
    let cart = Route::Cart.href();
    posted
        .visit
        .remember(|incidental| incidental.offer_answered = true);
    if posted.fields.text("answer") != "yes" {
        return frame::go(&cart);
    }
    let email = posted.visit.state().customer.email.clone();
    match posted.write(|state| actions::account::subscribe(state, &email)) {
        Ok(()) => {
            let message = format!("{email} is signed up for the newsletter.");
            frame::go_saying(&posted.visit, &cart, message)
        }
        Err(refusal) => render(&posted.visit, Form::default(), None, Some(&refusal)),
    }
}
