//! What can be done with an order: cancel it, send it elsewhere, send items back, order again.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::sites::clock::{day_text, moment_text};
use crate::sites::shop::actions::orders::ReturnForm;
use crate::sites::shop::actions::{self, Refusal};
use crate::sites::shop::pages::account;
use crate::sites::shop::pages::checkout::postal_rows;
use crate::sites::shop::pages::form::{Choice, Form};
use crate::sites::shop::pages::frame::{self, Frame};
use crate::sites::shop::pages::missing;
use crate::sites::shop::pages::orders::{drop_off_label, frame_of, line_text, refund_label};
use crate::sites::shop::pages::parts::{Link, counted};
use crate::sites::shop::pages::product::pieces;
use crate::sites::shop::pages::{Posted, Visit};
use crate::sites::shop::queries::cart::delivery_label;
use crate::sites::shop::queries::money;
use crate::sites::shop::queries::orders::{LineView, OrderView, order_view};
use crate::sites::shop::state::{CancelReason, DropOff, RefundTo, ReturnReason, ShopState};
use crate::sites::shop::view::Route;
use crate::sites::visit::Fields;

#[derive(Template)]
#[template(path = "sites/shop/order_cancel.html")]
struct CancelPage {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    no: u32,
    action: String,
    back: String,
    placed: String,
    total: String,
    items: Vec<String>,
    reasons: Vec<Choice>,
    refusal: String,
}

/// Shows the question before an order is cancelled.
pub fn cancel(visit: &Visit, no: u32) -> HttpResponse {
    render_cancel(visit, no, Form::default(), StatusCode::OK)
}

fn render_cancel(visit: &Visit, no: u32, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(view) = order_view(&state, no) else {
        return missing::show(visit);
    };
    visit.show("shop.orders", no);
    let order = view.order;
    let mut reasons = vec![Choice::nothing("Choose a reason")];
    reasons.extend(
        CancelReason::ALL
            .iter()
            .map(|reason| Choice::new(reason.as_str(), reason.label())),
    );
    let template = CancelPage {
        frame: frame_of(visit, &state, no, Some("Cancel")),
        nav: account::nav(""),
        no,
        action: Route::OrderCancel { order: no }.href(),
        back: Route::Order { order: no }.href(),
        placed: moment_text(order.placed_at),
        total: money(order.total_cents),
        items: order.lines.iter().map(line_text).collect(),
        reasons,
        refusal: view.cancel_refused.unwrap_or_default(),
        form,
    };
    frame::page(status, &template)
}

/// Cancels an order.
pub async fn do_cancel(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["reason"]) {
        return answer;
    }
    let no = path.into_inner();
    let reason = posted.fields.text("reason").to_owned();
    match posted.write(|state| actions::orders::cancel(state, no, &reason)) {
        Ok(()) => {
            let message = format!("Order {no} is cancelled.");
            frame::go_saying(&posted.visit, &Route::Order { order: no }.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            let status = frame::status_of(refusal.status());
            render_cancel(&posted.visit, no, form, status)
        }
    }
}

#[derive(Template)]
#[template(path = "sites/shop/order_address.html")]
struct RedirectPage {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    no: u32,
    action: String,
    back: String,
    address: String,
    delivery: &'static str,
    options: Vec<Choice>,
    refusal: String,
}

/// Shows the form that sends an order elsewhere.
pub fn redirect(visit: &Visit, no: u32) -> HttpResponse {
    render_redirect(visit, no, None, StatusCode::OK)
}

fn render_redirect(visit: &Visit, no: u32, form: Option<Form>, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(view) = order_view(&state, no) else {
        return missing::show(visit);
    };
    visit.show("shop.orders", no);
    let order = view.order;
    let now = order.address_id.as_ref().map_or("", |id| id.as_str());
    let template = RedirectPage {
        frame: frame_of(visit, &state, no, Some("Change address")),
        nav: account::nav(""),
        form: form.unwrap_or_else(|| Form::starting(&[("address", now)])),
        no,
        action: Route::OrderAddress { order: no }.href(),
        back: Route::Order { order: no }.href(),
        address: postal_rows(&state, &order.address).join(", "),
        delivery: delivery_label(order.delivery),
        options: state
            .addresses
            .values()
            .map(|address| Choice {
                sub: postal_rows(&state, &address.postal).join(", "),
                ..Choice::new(address.id.as_str(), &address.label)
            })
            .collect(),
        refusal: view.redirect_refused.unwrap_or_default(),
    };
    frame::page(status, &template)
}

/// Sends an order elsewhere.
pub async fn do_redirect(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["address"]) {
        return answer;
    }
    let no = path.into_inner();
    let address = posted.fields.text("address").to_owned();
    match posted.write(|state| actions::orders::redirect(state, no, &address)) {
        Ok(()) => {
            let message = format!("Order {no} goes to the new address.");
            frame::go_saying(&posted.visit, &Route::Order { order: no }.href(), message)
        }
        Err(refusal) => {
            let form = Form::refused(&posted.fields, &refusal);
            let status = frame::status_of(refusal.status());
            render_redirect(&posted.visit, no, Some(form), status)
        }
    }
}

#[derive(Template)]
#[template(path = "sites/shop/order_return.html")]
struct ReturnPage {
    frame: Frame,
    nav: Vec<Link>,
    form: Form,
    no: u32,
    action: String,
    back: String,
    delivered: String,
    until: String,
    lines: Vec<ReturnLine>,
    reasons: Vec<Choice>,
    refunds: Vec<Choice>,
    drop_offs: Vec<Choice>,
    refusal: String,
}

struct ReturnLine {
    sku: String,
    label: String,
    unit: String,
    quantity: u32,
    entered: String,
    chosen: bool,
    refusal: String,
}

/// Shows the form that sends items back.
pub fn send_back(visit: &Visit, no: u32) -> HttpResponse {
    render_return(visit, no, &Fields::default(), None)
}

fn render_return(
    visit: &Visit,
    no: u32,
    fields: &Fields,
    refused: Option<&Refusal>,
) -> HttpResponse {
    let state = visit.state();
    let Some(view) = order_view(&state, no) else {
        return missing::show(visit);
    };
    visit.show("shop.orders", no);
    let form = refused.map_or_else(
        || Form::starting(&[("drop_off", DropOff::PostOffice.as_str())]),
        |refusal| Form::refused(fields, refusal),
    );
    let mut reasons = vec![Choice::nothing("Choose a reason")];
    reasons.extend(
        ReturnReason::ALL
            .iter()
            .map(|reason| Choice::new(reason.as_str(), reason.label())),
    );
    let template = ReturnPage {
        frame: frame_of(visit, &state, no, Some("Return items")),
        nav: account::nav(""),
        no,
        action: Route::OrderReturn { order: no }.href(),
        back: Route::Order { order: no }.href(),
        delivered: view.order.delivered_on.map_or_else(String::new, day_text),
        until: view.return_until.map_or_else(String::new, day_text),
        lines: return_lines(&view, fields),
        reasons,
        refunds: refunds(&view),
        drop_offs: DropOff::ALL
            .iter()
            .map(|way| Choice::new(way.as_str(), drop_off_label(*way)))
            .collect(),
        refusal: view.return_refused.clone().unwrap_or_default(),
        form,
    };
    let status = refused.map_or(StatusCode::OK, |refusal| frame::status_of(refusal.status()));
    frame::page(status, &template)
}

fn refunds(view: &OrderView<'_>) -> Vec<Choice> {
    vec![
        Choice {
            sub: format!("To the card ending {}", view.order.card_last4),
            ..Choice::new(
                RefundTo::OriginalPayment.as_str(),
                refund_label(RefundTo::OriginalPayment),
            )
        },
        Choice {
            sub: "For your next order, valid for three years".to_owned(),
            ..Choice::new(RefundTo::Voucher.as_str(), refund_label(RefundTo::Voucher))
        },
    ]
}

fn return_lines(view: &OrderView<'_>, fields: &Fields) -> Vec<ReturnLine> {
    let ticked = fields.all("item");
    let row = |view: &LineView<'_>| {
        let line = view.line;
        let sku = line.sku.to_string();
        let typed = fields.text(&format!("quantity-{sku}"));
        let (most, refusal) = match &view.returnable {
            Ok(most) => (*most, String::new()),
            Err(why) => (0, why.clone()),
        };
        ReturnLine {
            label: if line.variant.is_empty() {
                line.name.clone()
            } else {
                format!("{}, {}", line.name, line.variant)
            },
            unit: money(line.unit_cents),
            quantity: line.quantity,
            entered: if typed.is_empty() {
                most.to_string()
            } else {
                typed.to_owned()
            },
            chosen: ticked.contains(&sku.as_str()),
            refusal,
            sku,
        }
    };
    view.lines.iter().map(row).collect()
}

/// Sends items back.
pub async fn do_send_back(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    let no = path.into_inner();
    if let Some(answer) = foreign_return_fields(&posted, no) {
        return answer;
    }
    let done = return_form(&posted.fields)
        .and_then(|form| posted.write(|state| actions::orders::return_items(state, no, &form)));
    match done {
        Ok(numbers) => {
            let count = counted(numbers.len(), "item");
            let message = format!("Your return of {count} is registered.");
            frame::go_saying(&posted.visit, &Route::Order { order: no }.href(), message)
        }
        Err(refusal) => render_return(&posted.visit, no, &posted.fields, Some(&refusal)),
    }
}

/// The form has a field of its own for the pieces of each line.
fn foreign_return_fields(posted: &Posted, no: u32) -> Option<HttpResponse> {
    let state = posted.visit.state();
    let lines = state.orders.get(&no).map_or(&[][..], |order| &order.lines);
    let own: Vec<String> = lines
        .iter()
        .map(|line| format!("quantity-{}", line.sku))
        .collect();
    let mut known = vec!["item", "reason", "refund_to", "drop_off", "note"];
    known.extend(own.iter().map(String::as_str));
    frame::foreign_fields(posted, &known)
}

fn return_form(fields: &Fields) -> Result<ReturnForm, Refusal> {
    let mut items = Vec::new();
    for sku in fields.all("item") {
        let count = pieces(fields.text(&format!("quantity-{sku}"))).map_err(|_| {
            Refusal::field("items", "Give the quantity as a whole number, such as 2.")
        })?;
        items.push((sku.to_owned(), count));
    }
    Ok(ReturnForm {
        items,
        reason: fields.text("reason").to_owned(),
        refund_to: fields.text("refund_to").to_owned(),
        drop_off: fields.text("drop_off").to_owned(),
        note: fields.text("note").to_owned(),
    })
}

/// Puts the lines of an order into the cart again.
pub async fn again(posted: Posted, path: web::Path<u32>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    let no = path.into_inner();
    match posted.write(|state: &mut ShopState| actions::orders::order_again(state, no)) {
        Ok(done) => {
            let added = counted(done.added.len(), "item");
            let mut message = format!("{added} of order {no} put into your cart.");
            if !done.left_out.is_empty() {
                let _ = write!(
                    message,
                    " Left out, because sold out: {}.",
                    done.left_out.join("; ")
                );
            }
            frame::go_saying(&posted.visit, &Route::Cart.href(), message)
        }
        Err(refusal) if refusal.status() == 404 => missing::show(&posted.visit),
        Err(refusal) => frame::go_saying(
            &posted.visit,
            &Route::Order { order: no }.href(),
            refusal.message,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ticked_items_are_sent_back() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = Fields(vec![
            field("item", "B-2"),
            field("quantity-A-1", "1"),
            field("quantity-B-2", "2"),
            field("reason", "damaged"),
        ]);
        let form = return_form(&fields).expect("the quantities are numbers");
        assert_eq!(form.items, [("B-2".to_owned(), 2)]);
        assert_eq!(form.reason, "damaged");
    }

    #[test]
    fn a_quantity_that_is_no_number_is_refused() {
        let fields = Fields(vec![("item".to_owned(), "B-2".to_owned())]);
        let refusal = return_form(&fields).expect_err("there is no quantity");
        assert!(refusal.of("items").is_some());
    }
}
