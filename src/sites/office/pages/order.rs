//! An order.

use actix_web::HttpResponse;

use crate::sites::clock::{day_text, moment_text};
use crate::sites::office::pages::orders::{order_route, payment_class, status_class};
use crate::sites::office::pages::parts::{Action, Cell, Facts, Sheet, Table};
use crate::sites::office::pages::{Visit, frame};
use crate::sites::office::queries::goods::warehouse_name;
use crate::sites::office::queries::orders::{
    fee_refunded_cents, next_statuses, owner, refunded_cents, refunds_of, refused_refund,
    returns_of,
};
use crate::sites::office::queries::{country_name, money, refused_right};
use crate::sites::office::state::{OfficeState, Order, OrderNo, Right};
use crate::sites::office::view::{Page, Route};

/// Shows an order.
pub fn show(visit: &Visit, no: OrderNo) -> HttpResponse {
    let state = visit.state();
    let Some(order) = state.orders.get(&no) else {
        visit.show("office.searches", no);
        return frame::missing(visit);
    };
    visit.show("office.orders", no);
    for refund in refunds_of(&state, no) {
        visit.show("office.refunds", refund.no);
    }
    for entry in returns_of(&state, no) {
        visit.show("office.returns", entry.no);
    }
    let mut sheet = Sheet::new(format!("Order {no}"))
        .below(&Route::to(Page::Orders), "Orders")
        .saying(format!("Placed on {}", moment_text(order.placed_at)));
    for action in actions(&state, order) {
        sheet = sheet.offering(action);
    }
    let sheet = sheet
        .with(summary(&state, order))
        .with(delivery(&state, order))
        .with(sums(&state, order))
        .with(lines(&state, order))
        .with(refunds(&state, order))
        .with(returns(&state, order))
        .with(messages(visit, &state, order))
        .with(history(order));
    frame::ok(visit, &state, sheet)
}

fn actions(state: &OfficeState, order: &Order) -> Vec<Action> {
    let at = |page| Route::to(page).with("order", order.no);
    let settled = next_statuses(order)
        .is_empty()
        .then(|| format!("The order is {}.", order.status.label().to_lowercase()));
    vec![
        Action::open(
            "Status and tracking",
            &at(Page::OrderStatus),
            refused_right(state, Right::Orders).or(settled),
        ),
        Action::open(
            "Refund",
            &at(Page::OrderRefund),
            refused_right(state, Right::Refunds).or_else(|| refused_refund(state, order)),
        ),
        Action::open(
            "Write to customer",
            &at(Page::OrderMessage),
            refused_right(state, Right::Messages),
        ),
    ]
}

fn summary(state: &OfficeState, order: &Order) -> Facts {
    let customer = owner(state, order);
    let link = customer.map_or_else(
        || Cell::from("Unknown"),
        |one| {
            Cell::link(
                &Route::to(Page::Customer).with("customer", one.no),
                &*one.name,
            )
        },
    );
    Facts::new("Summary")
        .row("Customer", link)
        .row(
            "Status",
            Cell::Badge(status_class(order.status), order.status.label().to_owned()),
        )
        .row(
            "Payment",
            Cell::Badge(
                payment_class(order.payment),
                order.payment.label().to_owned(),
            ),
        )
        .row(
            "Tracking number",
            if order.tracking.is_empty() {
                "None yet"
            } else {
                &*order.tracking
            },
        )
        .row("Warehouse", warehouse_name(state, &order.warehouse))
        .row("Note", &*order.note)
}

fn lines(state: &OfficeState, order: &Order) -> Table {
    let rows = order.lines.iter().map(|line| {
        let known = state.fixed.catalogue.products.contains_key(&line.product);
        let name = if known {
            Cell::link(
                &Route::to(Page::Product).with("product", &line.product),
                &*line.name,
            )
        } else {
            Cell::from(&*line.name)
        };
        vec![
            name,
            line.sku.to_string().into(),
            Cell::number(line.quantity),
            Cell::number(money(line.unit_cents)),
            Cell::number(money(line.unit_cents * line.quantity)),
            if line.cancelled {
                "Not sent and not charged"
            } else {
                ""
            }
            .into(),
        ]
    });
    Table::new(
        "Items",
        &["Item", "SKU", "Pieces", "Price", "Sum", "Remark"],
    )
    .titled()
    .rows(rows)
}

fn sums(state: &OfficeState, order: &Order) -> Facts {
    let minus = |cents: u32| format!("\u{2212}{}", money(cents));
    let back = refunded_cents(state, order.no);
    let mut facts = Facts::new("Sums").row("Goods", Cell::number(money(order.goods_cents)));
    if order.discount_cents > 0 {
        let name = format!("Discount ({})", order.code);
        facts = facts.row(&name, Cell::number(minus(order.discount_cents)));
    }
    facts = facts
        .row("Delivery fee", Cell::number(money(order.delivery_cents)))
        .row("Total", Cell::number(money(order.total_cents())));
    if back > 0 {
        facts = facts
            .row("Paid back", Cell::number(minus(back)))
            .row("Left", Cell::number(money(order.total_cents() - back)));
    }
    if fee_refunded_cents(state, order.no) > 0 {
        facts = facts.row(
            "Of it delivery fee",
            Cell::number(minus(fee_refunded_cents(state, order.no))),
        );
    }
    facts
}

fn delivery(state: &OfficeState, order: &Order) -> Facts {
    let address = &order.address;
    Facts::new("Delivery")
        .row("Receiver", &*address.name)
        .row(
            "Street",
            format!("{} {}", address.street, address.extra)
                .trim()
                .to_owned(),
        )
        .row("Town", format!("{} {}", address.postcode, address.city))
        .row("Country", country_name(state, &address.country))
        .row("Contact for delivery", &*order.contact_email)
        .row("Kind", capital(order.delivery.as_str()))
        .row("Promised by", day_text(order.promised_on))
        .row(
            "Arrived on",
            order.delivered_on.map_or_else(String::new, day_text),
        )
}

/// The first letter in upper case.
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn refunds(state: &OfficeState, order: &Order) -> Table {
    let rows = refunds_of(state, order.no).map(|refund| {
        vec![
            moment_text(refund.paid_at).into(),
            refund.kind.label().into(),
            refund.reason.label().into(),
            Cell::number(money(refund.cents)),
            refund.who.clone().into(),
        ]
    });
    Table::new("Refunds", &["Paid", "For", "Reason", "Amount", "By"])
        .titled()
        .or_else("Nothing was paid back.")
        .rows(rows)
}

fn returns(state: &OfficeState, order: &Order) -> Table {
    let rows = returns_of(state, order.no).map(|entry| {
        vec![
            Cell::link(
                &Route::to(Page::Return).with("return", entry.no),
                entry.no.to_string(),
            ),
            entry.sku.to_string().into(),
            Cell::number(entry.quantity),
            entry.reason.label().into(),
            entry.status.label().into(),
        ]
    });
    Table::new("Returns", &["Return", "SKU", "Pieces", "Reason", "Status"])
        .titled()
        .or_else("Nothing was sent back.")
        .rows(rows)
}

fn messages(visit: &Visit, state: &OfficeState, order: &Order) -> Table {
    let rows = state
        .outbox
        .values()
        .filter(|message| message.order == order.no)
        .map(|message| {
            visit.show("office.outbox", message.no);
            vec![
                Cell::link(
                    &Route::to(Page::Message).with("message", message.no),
                    &*message.subject,
                ),
                message.to.clone().into(),
                moment_text(message.sent_at).into(),
            ]
        });
    Table::new("Messages", &["Subject", "To", "Sent"])
        .titled()
        .or_else("No message was sent.")
        .rows(rows.collect::<Vec<_>>())
}

fn history(order: &Order) -> Table {
    let rows = order.events.iter().map(|event| {
        vec![
            moment_text(event.at).into(),
            event.text.clone().into(),
            if event.who.is_empty() {
                "System"
            } else {
                &*event.who
            }
            .into(),
        ]
    });
    Table::new("History", &["When", "What", "Who"])
        .titled()
        .rows(rows)
}

/// Links above a form of an order.
pub fn form_sheet(no: OrderNo, title: &str) -> Sheet {
    Sheet::new(format!("{title}: order {no}"))
        .below(&Route::to(Page::Orders), "Orders")
        .below(&order_route(no), format!("Order {no}"))
}
