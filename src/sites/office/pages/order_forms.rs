//! The forms of an order: status and tracking, refund, message.

use actix_web::{HttpResponse, web};

use crate::sites::clock::day_text;
use crate::sites::office::actions::orders::{self as act, Progress, RefundForm, wording};
use crate::sites::office::pages::order::form_sheet;
use crate::sites::office::pages::orders::{any_of, order_route};
use crate::sites::office::pages::parts::{
    Block, Cell, Choice, Facts, Field, Filters, Form, Kind, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::orders::{
    fee_refunded_cents, next_statuses, owner, refunded_cents, refused_refund,
};
use crate::sites::office::queries::{money, refund_limit_cents, refused_right, role};
use crate::sites::office::state::{Order, OrderNo, RefundKind, RefundReason, Right};
use crate::sites::office::view::{Page, Route};

/// Shows the form for status and tracking.
pub fn status(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(order) = state.orders.get(&route.number("order")) else {
        return frame::missing(visit);
    };
    visit.show("office.orders", order.no);
    let mut statuses = vec![order.status];
    statuses.extend(next_statuses(order));
    statuses.sort_unstable();
    let choices = statuses
        .into_iter()
        .map(|status| Choice::new(status.as_str(), status.label()))
        .collect();
    let form = Form::new(route.path(), "Save")
        .field(Field::new(
            "status",
            "Status",
            Kind::Select(choices),
            order.status.as_str(),
        ))
        .field(
            Field::new("tracking", "Tracking number", Kind::Text, &*order.tracking)
                .hint("6 to 20 letters and digits, as the carrier gives it."),
        )
        .field(Field::new("notify", "Notify customer", Kind::Tick, ""))
        .or_back_to(&order_route(order.no))
        .restored(draft_of(visit, &route.path()).as_ref());
    let sheet = form_sheet(order.no, "Status and tracking");
    let sheet = match refused_right(&state, Right::Orders) {
        Some(why) => sheet.with(Block::Note(why)),
        None => sheet.with(form),
    };
    frame::ok(visit, &state, sheet)
}

/// Sets status and tracking number.
pub async fn set_status(posted: Posted, path: web::Path<OrderNo>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &["status", "tracking", "notify"]) {
        return refused;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    let wanted = Progress {
        status: fields.text("status"),
        tracking: fields.text("tracking"),
        notify: fields.has("notify"),
    };
    let result = posted.write(|state| act::set_progress(state, no, wanted));
    let result = result.map(|()| (order_route(no), "Status and tracking saved.".to_owned()));
    let form = Route::to(Page::OrderStatus).with("order", no);
    frame::answer(&posted, &form, result)
}

/// Shows the form for a refund.
pub fn refund(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(order) = state.orders.get(&route.number("order")) else {
        return frame::missing(visit);
    };
    visit.show("office.orders", order.no);
    let back = refunded_cents(&state, order.no);
    let fee_left = order
        .delivery_cents
        .saturating_sub(fee_refunded_cents(&state, order.no));
    let limit = refund_limit_cents(&state);
    let mut facts = Facts::new("What can be paid back")
        .row(
            "Paid by the customer",
            Cell::number(money(order.total_cents())),
        )
        .row("Paid back so far", Cell::number(money(back)))
        .row("Left", Cell::number(money(order.total_cents() - back)))
        .row("Delivery fee left", Cell::number(money(fee_left)));
    if let Some(role) = role(&state) {
        visit.show("office.roles", &role.id);
        let name = format!("Limit of your role ({}) for one order", role.name);
        facts = facts.row(&name, Cell::number(money(limit)));
    }
    let kinds = RefundKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), kind.label()))
        .collect();
    let reasons = RefundReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), reason.label()));
    let form = Form::new(route.path(), "Pay back")
        .field(Field::new("kind", "What for", Kind::Radio(kinds), ""))
        .field(
            Field::new("amount", "Amount in dollars", Kind::Text, "")
                .hint("Leave it empty to pay back all that is left of the delivery fee."),
        )
        .field(Field::new(
            "reason",
            "Reason",
            any_of("Choose a reason", reasons),
            "",
        ))
        .field(Field::new("note", "Note (optional)", Kind::Text, ""))
        .or_back_to(&order_route(order.no))
        .restored(draft_of(visit, &route.path()).as_ref());
    let refusal = refused_right(&state, Right::Refunds).or_else(|| refused_refund(&state, order));
    let sheet = form_sheet(order.no, "Refund").with(facts);
    let sheet = match refusal {
        Some(why) => sheet.with(Block::Note(why)),
        None => sheet.with(form),
    };
    frame::ok(visit, &state, sheet)
}

/// Pays money back.
pub async fn pay(posted: Posted, path: web::Path<OrderNo>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &["kind", "amount", "reason", "note"]) {
        return refused;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    let form = RefundForm {
        kind: fields.text("kind"),
        amount: fields.text("amount"),
        reason: fields.text("reason"),
        note: fields.text("note"),
    };
    let result = posted.write(|state| {
        let entry = act::refund(state, no, form)?;
        let cents = state.refunds.get(&entry).map_or(0, |refund| refund.cents);
        Ok(format!("{} paid back.", money(cents)))
    });
    let result = result.map(|message| (order_route(no), message));
    let form = Route::to(Page::OrderRefund).with("order", no);
    frame::answer(&posted, &form, result)
}

/// Shows the form for a message: first the choice of a wording, then the message.
pub fn message(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(order) = state.orders.get(&route.number("order")) else {
        return frame::missing(visit);
    };
    visit.show("office.orders", order.no);
    let chosen = route.text("template");
    let templates = state
        .fixed
        .templates
        .iter()
        .map(|template| Choice::new(&*template.id, &*template.name));
    let choose = Filters {
        action: route.path(),
        fields: vec![Field::new(
            "template",
            "Wording",
            any_of("Choose a wording", templates),
            chosen,
        )],
        submit: "Use this wording".to_owned(),
        ..Filters::default()
    };
    let sheet = form_sheet(order.no, "Message").with(context(&state, order));
    let sheet = match (
        refused_right(&state, Right::Messages),
        wording(&state, order.no, chosen),
    ) {
        (Some(why), _) => sheet.with(Block::Note(why)),
        (None, None) => sheet.with(choose),
        (None, Some((subject, text))) => sheet.with(choose).with(
            Form::new(route.path(), "Send message")
                .sending("template", chosen)
                .field(Field::new("subject", "Subject", Kind::Text, subject))
                .field(Field::new("text", "Text", Kind::Area, text))
                .or_back_to(&order_route(order.no))
                .restored(draft_of(visit, &route.path()).as_ref()),
        ),
    };
    frame::ok(visit, &state, sheet)
}

fn context(state: &crate::sites::office::state::OfficeState, order: &Order) -> Facts {
    let customer = owner(state, order);
    let facts = Facts::default()
        .row(
            "To",
            customer.map_or_else(String::new, |one| format!("{}, {}", one.name, one.email)),
        )
        .row("Promised by", day_text(order.promised_on));
    facts.row(
        "Arrived on",
        order.delivered_on.map_or_else(String::new, day_text),
    )
}

/// Sends a message.
pub async fn send(posted: Posted, path: web::Path<OrderNo>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &["template", "subject", "text"]) {
        return refused;
    }
    let no = path.into_inner();
    let fields = &posted.fields;
    let template = fields.text("template").to_owned();
    let result = posted.write(|state| {
        act::send_message(
            state,
            no,
            &template,
            fields.text("subject"),
            fields.text("text"),
        )
    });
    let result = result.map(|_| (order_route(no), "Message sent.".to_owned()));
    let form = Route::to(Page::OrderMessage)
        .with("order", no)
        .with("template", &template);
    frame::answer(&posted, &form, result)
}
