//! What goes back to customers: returns, refunds, messages and their wordings.

use actix_web::{HttpResponse, web};

use crate::sites::clock::moment_text;
use crate::sites::office::actions::orders as act;
use crate::sites::office::pages::orders::{any_of, order_route};
use crate::sites::office::pages::parts::{
    Block, Cell, Choice, Facts, Field, Filters, Form, Kind, Link, Pages, Sheet, Table, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::orders::{message_list, refund_list, return_list};
use crate::sites::office::queries::{Paged, money, refused_right, sku_name};
use crate::sites::office::state::{EntryNo, ReturnReason, ReturnStatus, Right};
use crate::sites::office::view::{Page, Route};

fn size_of(route: &Route) -> usize {
    usize::try_from(route.number("size")).unwrap_or(25)
}

const fn return_class(status: ReturnStatus) -> &'static str {
    match status {
        ReturnStatus::Requested => "blue",
        ReturnStatus::Received => "warn",
        ReturnStatus::Refunded => "good",
        ReturnStatus::Rejected => "bad",
    }
}

/// Shows the list of returns.
pub fn returns(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let paged = Paged::cut(
        return_list(&state, route),
        route.number("page"),
        size_of(route),
    );
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|entry| {
            visit.show("office.returns", entry.no);
            vec![
                Cell::link(
                    &Route::to(Page::Return).with("return", entry.no),
                    entry.no.to_string(),
                ),
                Cell::link(&order_route(entry.order), entry.order.to_string()),
                entry.sku.to_string().into(),
                sku_name(&state, entry.sku.as_str()).into(),
                Cell::number(entry.quantity),
                entry.reason.label().into(),
                moment_text(entry.requested_at).into(),
                Cell::Badge(return_class(entry.status), entry.status.label().to_owned()),
            ]
        })
        .collect();
    let statuses = ReturnStatus::ALL
        .iter()
        .map(|status| Choice::new(status.as_str(), status.label()));
    let reasons = ReturnReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.as_str(), reason.label()));
    let fields = vec![
        Field::new("q", "Return, order or SKU", Kind::Text, route.text("q")),
        Field::new(
            "status",
            "Status",
            any_of("Any status", statuses),
            route.text("status"),
        ),
        Field::new(
            "reason",
            "Reason",
            any_of("Any reason", reasons),
            route.text("reason"),
        ),
        Field::new("from", "Asked from", Kind::Day, route.text("from")),
        Field::new("to", "Asked to", Kind::Day, route.text("to")),
    ];
    let columns = [
        "Return", "Order", "SKU", "Article", "Pieces", "Reason", "Asked", "Status",
    ];
    let sheet = Sheet::new("Returns")
        .with(Filters::of(route, unknown, fields))
        .with(
            Table::new("Returns", &columns)
                .or_else("No return fits these filters.")
                .rows(rows),
        )
        .with(Pages::of(&paged, route, "return"));
    frame::ok(visit, &state, sheet)
}

/// Shows a return.
pub fn show_return(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let Some(entry) = state.returns.get(&route.number("return")) else {
        return frame::missing(visit);
    };
    visit.show("office.returns", entry.no);
    let facts = Facts::default()
        .row(
            "Order",
            Cell::link(&order_route(entry.order), entry.order.to_string()),
        )
        .row("SKU", entry.sku.to_string())
        .row("Article", sku_name(&state, entry.sku.as_str()))
        .row("Pieces", Cell::number(entry.quantity))
        .row("Reason", entry.reason.label())
        .row("Asked for on", moment_text(entry.requested_at))
        .row(
            "Status",
            Cell::Badge(return_class(entry.status), entry.status.label().to_owned()),
        )
        .row("Note", &*entry.note);
    let settled = matches!(
        entry.status,
        ReturnStatus::Refunded | ReturnStatus::Rejected
    )
    .then(|| "This return is settled.".to_owned());
    let statuses = ReturnStatus::ALL
        .iter()
        .map(|status| Choice::new(status.as_str(), status.label()))
        .collect();
    let sheet = Sheet::new(format!("Return {}", entry.no))
        .below(&Route::to(Page::Returns), "Returns")
        .with(facts);
    let sheet = match refused_right(&state, Right::Returns).or(settled) {
        Some(why) => sheet.with(Block::Note(why)),
        None => sheet.with(
            Form::new(route.path(), "Save decision")
                .titled("Decide")
                .field(Field::new(
                    "status",
                    "Status",
                    Kind::Select(statuses),
                    entry.status.as_str(),
                ))
                .field(Field::new("note", "Note", Kind::Text, &*entry.note))
                .restored(draft_of(visit, &route.path()).as_ref()),
        ),
    };
    frame::ok(visit, &state, sheet)
}

/// Decides on a return.
pub async fn decide(posted: Posted, path: web::Path<EntryNo>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &["status", "note"]) {
        return refused;
    }
    let no = path.into_inner();
    let (status, note) = (posted.fields.text("status"), posted.fields.text("note"));
    let result = posted.write(|state| act::decide_return(state, no, status, note));
    let page = Route::to(Page::Return).with("return", no);
    let result = result.map(|()| (page.clone(), "Decision saved.".to_owned()));
    frame::answer(&posted, &page, result)
}

/// Shows the list of refunds.
pub fn refunds(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let found = refund_list(&state, route.text("q"));
    let paged = Paged::cut(found, route.number("page"), size_of(route));
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|refund| {
            visit.show("office.refunds", refund.no);
            vec![
                refund.no.to_string().into(),
                Cell::link(&order_route(refund.order), refund.order.to_string()),
                refund.kind.label().into(),
                refund.reason.label().into(),
                Cell::number(money(refund.cents)),
                moment_text(refund.paid_at).into(),
                refund.who.clone().into(),
            ]
        })
        .collect();
    let fields = vec![Field::new(
        "q",
        "Order, kind or colleague",
        Kind::Text,
        route.text("q"),
    )];
    let columns = ["Refund", "Order", "For", "Reason", "Amount", "Paid", "By"];
    let sheet = Sheet::new("Refunds")
        .with(Filters::of(route, &[], fields))
        .with(Table::new("Refunds", &columns).rows(rows))
        .with(Pages::of(&paged, route, "refund"));
    frame::ok(visit, &state, sheet)
}

/// Shows the messages that were sent.
pub fn outbox(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let found = message_list(&state, route.text("q"));
    let paged = Paged::cut(found, route.number("page"), size_of(route));
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|message| {
            visit.show("office.outbox", message.no);
            vec![
                Cell::link(
                    &Route::to(Page::Message).with("message", message.no),
                    &*message.subject,
                ),
                message.to.clone().into(),
                Cell::link(&order_route(message.order), message.order.to_string()),
                moment_text(message.sent_at).into(),
                message.who.clone().into(),
            ]
        })
        .collect();
    let fields = vec![Field::new(
        "q",
        "Subject, address or order",
        Kind::Text,
        route.text("q"),
    )];
    let sheet = Sheet::new("Sent messages")
        .with(Filters::of(route, &[], fields))
        .with(Table::new("Sent messages", &["Subject", "To", "Order", "Sent", "By"]).rows(rows))
        .with(Pages::of(&paged, route, "message"));
    frame::ok(visit, &state, sheet)
}

/// Shows a message that was sent.
pub fn message(visit: &Visit, no: EntryNo) -> HttpResponse {
    let state = visit.state();
    let Some(message) = state.outbox.get(&no) else {
        return frame::missing(visit);
    };
    visit.show("office.outbox", no);
    let facts = Facts::default()
        .row("To", &*message.to)
        .row(
            "Order",
            Cell::link(&order_route(message.order), message.order.to_string()),
        )
        .row("Sent", moment_text(message.sent_at))
        .row("By", &*message.who);
    let sheet = Sheet::new(&*message.subject)
        .below(&Route::to(Page::Outbox), "Sent messages")
        .with(facts)
        .with(Block::Text(String::new(), vec![message.text.clone()]));
    frame::ok(visit, &state, sheet)
}

/// Shows the wordings of messages.
pub fn templates(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let links = state.fixed.templates.iter().map(|template| {
        let href = Route::to(Page::Template)
            .with("template", &template.id)
            .href();
        (Link::to(href, &*template.name), template.purpose.clone())
    });
    let sheet = Sheet::new("Message wordings")
        .saying("What we write to customers. Messages are sent from the page of an order.")
        .with(Block::Links(String::new(), links.collect()));
    frame::ok(visit, &state, sheet)
}

/// Shows a wording.
pub fn template(visit: &Visit, id: &str) -> HttpResponse {
    let state = visit.state();
    let Some(template) = state.fixed.templates.iter().find(|one| one.id == id) else {
        return frame::missing(visit);
    };
    let facts = Facts::default()
        .row("Used when", &*template.purpose)
        .row("Subject", &*template.subject);
    let sheet = Sheet::new(&*template.name)
        .below(&Route::to(Page::Templates), "Message wordings")
        .with(facts)
        .with(Block::Text("Text".to_owned(), vec![template.text.clone()]));
    frame::ok(visit, &state, sheet)
}
