//! What is done with orders: status and tracking, one by one or many at once, refunds, messages,
//! decisions on returns.

use std::sync::Arc;

use crate::sites::clock::NOW;
use crate::sites::office::actions::{Refusal, allow, cents, checked, error, log, next_entry};
use crate::sites::office::queries::orders::{
    fee_refunded_cents, filled, owner, refunded_cents, refunds_of, refused_refund, refused_status,
    template,
};
use crate::sites::office::queries::{money, refund_limit_cents};
use crate::sites::office::state::{
    EntryNo, Message, OfficeState, Order, OrderEvent, OrderNo, OrderStatus, Payment, Refund,
    RefundKind, RefundReason, ReturnStatus, Right,
};

/// The longest note, in characters.
pub const NOTE_LENGTH: usize = 500;
/// The longest message, in characters.
pub const MESSAGE_LENGTH: usize = 4_000;

/// What a form says about an order's status.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The new status.
    pub status: &'a str,
    /// The carrier's number; empty for none.
    pub tracking: &'a str,
    /// Whether the customer is told.
    pub notify: bool,
}

/// Sets status and tracking number of an order. Fields: `status`, `tracking`.
pub fn set_progress(
    state: &mut OfficeState,
    no: OrderNo,
    wanted: Progress<'_>,
) -> Result<(), Refusal> {
    allow(state, Right::Orders)?;
    let order = find(state, no)?.clone();
    let mut errors = Vec::new();
    let status = wanted.status.parse::<OrderStatus>().ok();
    match status {
        None => errors.push(error("status", "Choose a status.")),
        Some(status) if status != order.status => {
            if let Some(why) = refused_status(&order, status) {
                errors.push(error("status", why));
            }
        }
        Some(_) => {}
    }
    if let Some(why) = wrong_tracking(wanted.tracking) {
        errors.push(error("tracking", why));
    }
    let sent = matches!(status, Some(OrderStatus::Shipped));
    if sent && wanted.tracking.is_empty() {
        errors.push(error(
            "tracking",
            "A shipped order needs its tracking number.",
        ));
    }
    checked(errors)?;
    let status = status.unwrap_or(order.status);
    let user = state.user.name.clone();
    let order = change(state, no)?;
    if order.tracking != wanted.tracking {
        wanted.tracking.clone_into(&mut order.tracking);
        order.events.push(event(
            &user,
            if wanted.tracking.is_empty() {
                "Tracking number removed".to_owned()
            } else {
                format!("Tracking number {}", wanted.tracking)
            },
        ));
    }
    apply_status(order, status, &user);
    log(
        state,
        format!("Status {}", status.label()),
        format!("Order {no}"),
    );
    if wanted.notify {
        notify(state, no, status);
    }
    Ok(())
}

/// Tracking numbers are letters and digits without blanks.
fn wrong_tracking(text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if text.contains(char::is_whitespace) {
        return Some("Enter the tracking number without blanks.".to_owned());
    }
    let fits = (6..=20).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric());
    (!fits).then(|| "A tracking number has 6 to 20 letters and digits.".to_owned())
}

fn apply_status(order: &mut Order, status: OrderStatus, user: &str) {
    if order.status == status {
        return;
    }
    order.status = status;
    if status == OrderStatus::Cancelled && order.payment == Payment::Paid {
        order.payment = Payment::Returned;
    }
    order
        .events
        .push(event(user, format!("Status set to {}", status.label())));
}

/// Tells the customer about a new status, where there is a wording for it.
fn notify(state: &mut OfficeState, no: OrderNo, status: OrderStatus) {
    let id = match status {
        OrderStatus::Packed => "packed",
        OrderStatus::Shipped => "shipped",
        OrderStatus::Cancelled => "cancelled",
        _ => return,
    };
    let Some((subject, text)) = wording(state, no, id) else {
        return;
    };
    post(state, no, id, subject, text);
}

/// Subject and text of a wording for an order.
pub fn wording(state: &OfficeState, no: OrderNo, template_id: &str) -> Option<(String, String)> {
    let order = state.orders.get(&no)?;
    let customer = owner(state, order)?;
    let template = template(state, template_id)?;
    Some((
        filled(&template.subject, &customer.name, no),
        filled(&template.text, &customer.name, no),
    ))
}

/// What a change of many orders did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BulkDone {
    /// Orders that were changed.
    pub changed: usize,
    /// Why others were not.
    pub refused: Vec<String>,
}

/// Sets the status of several orders. Those that cannot take it stay as they are.
pub fn set_status_of(
    state: &mut OfficeState,
    orders: &[OrderNo],
    status: &str,
) -> Result<BulkDone, Refusal> {
    allow(state, Right::Orders)?;
    let Ok(status) = status.parse::<OrderStatus>() else {
        return Err(Refusal::field("set_status", "Choose the new status."));
    };
    if orders.is_empty() {
        return Err(Refusal::not_allowed("Tick at least one order first."));
    }
    if status == OrderStatus::Shipped {
        return Err(Refusal::not_allowed(
            "Orders are set to Shipped one by one, with their tracking numbers.",
        ));
    }
    let user = state.user.name.clone();
    let mut done = BulkDone::default();
    for no in orders {
        let order = find(state, *no)?;
        if order.status == status {
            continue;
        }
        if let Some(why) = refused_status(order, status) {
            done.refused.push(why);
            continue;
        }
        apply_status(change(state, *no)?, status, &user);
        log(
            state,
            format!("Status {}", status.label()),
            format!("Order {no}"),
        );
        done.changed += 1;
    }
    Ok(done)
}

/// What a form says about a refund.
#[derive(Debug, Clone, Copy)]
pub struct RefundForm<'a> {
    /// What it is for.
    pub kind: &'a str,
    /// The amount in dollars; empty for the whole delivery fee.
    pub amount: &'a str,
    /// Why.
    pub reason: &'a str,
    /// A note; empty for none.
    pub note: &'a str,
}

/// Pays money back for an order. Fields: `kind`, `amount`, `reason`, `note`.
pub fn refund(
    state: &mut OfficeState,
    no: OrderNo,
    form: RefundForm<'_>,
) -> Result<EntryNo, Refusal> {
    allow(state, Right::Refunds)?;
    let order = find(state, no)?.clone();
    if let Some(why) = refused_refund(state, &order) {
        return Err(Refusal::not_allowed(why));
    }
    let kind = form.kind.parse::<RefundKind>().ok();
    let reason = form.reason.parse::<RefundReason>().ok();
    let mut errors = Vec::new();
    if kind.is_none() {
        errors.push(error("kind", "Choose what the refund is for."));
    }
    let amount = match kind {
        Some(kind) => match amount_of(state, &order, kind, form.amount) {
            Ok(amount) => amount,
            Err(why) => {
                errors.push(error("amount", why));
                0
            }
        },
        None => 0,
    };
    if reason.is_none() {
        errors.push(error("reason", "Choose a reason."));
    }
    if form.note.chars().count() > NOTE_LENGTH {
        errors.push(error("note", format!("At most {NOTE_LENGTH} characters.")));
    }
    checked(errors)?;
    let (Some(kind), Some(reason)) = (kind, reason) else {
        return Err(Refusal::field("kind", "Choose what the refund is for."));
    };
    let entry = Refund {
        no: next_entry(state),
        order: no,
        kind,
        cents: amount,
        reason,
        note: form.note.to_owned(),
        paid_at: NOW,
        who: state.user.name.clone(),
    };
    let entry_no = entry.no;
    let text = format!("Refund of {} ({})", money(amount), kind.label());
    let user = state.user.name.clone();
    change(state, no)?.events.push(event(&user, text.clone()));
    Arc::make_mut(&mut state.refunds).insert(entry_no, entry);
    log(state, text, format!("Order {no}"));
    Ok(entry_no)
}

/// The amount of a refund, or why it cannot be.
fn amount_of(
    state: &OfficeState,
    order: &Order,
    kind: RefundKind,
    text: &str,
) -> Result<u32, String> {
    let fee_left =
        order.delivery_cents - fee_refunded_cents(state, order.no).min(order.delivery_cents);
    let amount = match (kind, text) {
        (RefundKind::Delivery, "") if fee_left > 0 => fee_left,
        (RefundKind::Delivery, "") => {
            return Err("There is no delivery fee left to pay back.".to_owned());
        }
        (_, "") => return Err("Enter the amount in dollars, such as 4.90.".to_owned()),
        (_, text) => cents(text)
            .filter(|cents| *cents > 0)
            .ok_or("Enter the amount in dollars, such as 4.90.")?,
    };
    if kind == RefundKind::Delivery && amount > fee_left {
        return Err(format!(
            "At most {} of the delivery fee can be paid back.",
            money(fee_left)
        ));
    }
    let left = order.total_cents() - refunded_cents(state, order.no);
    if amount > left {
        return Err(format!(
            "At most {} is left of what was paid for this order.",
            money(left)
        ));
    }
    let limit = refund_limit_cents(state);
    // Of one order, or a limit would only mean to pay in parts.
    let mine = refunds_of(state, order.no).filter(|refund| refund.who == state.user.name);
    let paid_by_me: u32 = mine.map(|refund| refund.cents).sum();
    if amount + paid_by_me > limit {
        return Err(format!(
            "Your role may pay back at most {} of one order. Ask a store manager.",
            money(limit)
        ));
    }
    Ok(amount)
}

/// Sends a message about an order. Fields: `template`, `subject`, `text`.
pub fn send_message(
    state: &mut OfficeState,
    no: OrderNo,
    template_id: &str,
    subject: &str,
    text: &str,
) -> Result<EntryNo, Refusal> {
    allow(state, Right::Messages)?;
    find(state, no)?;
    let mut errors = Vec::new();
    if template(state, template_id).is_none() {
        errors.push(error("template", "Choose a wording first."));
    }
    if subject.is_empty() {
        errors.push(error("subject", "A message needs a subject."));
    }
    if text.is_empty() {
        errors.push(error("text", "A message needs a text."));
    } else if text.chars().count() > MESSAGE_LENGTH {
        errors.push(error(
            "text",
            format!("At most {MESSAGE_LENGTH} characters."),
        ));
    }
    checked(errors)?;
    Ok(post(
        state,
        no,
        template_id,
        subject.to_owned(),
        text.to_owned(),
    ))
}

fn post(
    state: &mut OfficeState,
    no: OrderNo,
    template_id: &str,
    subject: String,
    text: String,
) -> EntryNo {
    let to = state
        .orders
        .get(&no)
        .and_then(|order| owner(state, order))
        .map_or_else(String::new, |customer| customer.email.clone());
    let message = Message {
        no: next_entry(state),
        order: no,
        to,
        template: template_id.to_owned(),
        subject,
        text,
        sent_at: NOW,
        who: state.user.name.clone(),
    };
    let message_no = message.no;
    log(
        state,
        format!("Message \u{201c}{}\u{201d}", message.subject),
        format!("Order {no}"),
    );
    Arc::make_mut(&mut state.outbox).insert(message_no, message);
    message_no
}

/// Decides on a return. Fields: `status`, `note`.
pub fn decide_return(
    state: &mut OfficeState,
    no: EntryNo,
    status: &str,
    note: &str,
) -> Result<(), Refusal> {
    allow(state, Right::Returns)?;
    let Some(entry) = state.returns.get(&no) else {
        return Err(Refusal::not_found("There is no such return."));
    };
    if matches!(
        entry.status,
        ReturnStatus::Refunded | ReturnStatus::Rejected
    ) {
        return Err(Refusal::not_allowed("This return is settled."));
    }
    let Ok(status) = status.parse::<ReturnStatus>() else {
        return Err(Refusal::field("status", "Choose a status."));
    };
    if status == ReturnStatus::Rejected && note.is_empty() {
        return Err(Refusal::field(
            "note",
            "Say in the note why it is rejected.",
        ));
    }
    if note.chars().count() > NOTE_LENGTH {
        return Err(Refusal::field(
            "note",
            format!("At most {NOTE_LENGTH} characters."),
        ));
    }
    if let Some(entry) = Arc::make_mut(&mut state.returns).get_mut(&no) {
        entry.status = status;
        note.clone_into(&mut entry.note);
    }
    log(
        state,
        format!("Return {}", status.label().to_lowercase()),
        format!("Return {no}"),
    );
    Ok(())
}

fn find(state: &OfficeState, no: OrderNo) -> Result<&Order, Refusal> {
    state
        .orders
        .get(&no)
        .map(|order| &**order)
        .ok_or_else(|| Refusal::not_found(format!("There is no order {no}.")))
}

/// The order, to be changed; it is copied when others share it.
fn change(state: &mut OfficeState, no: OrderNo) -> Result<&mut Order, Refusal> {
    Arc::make_mut(&mut state.orders)
        .get_mut(&no)
        .map(Arc::make_mut)
        .ok_or_else(|| Refusal::not_found(format!("There is no order {no}.")))
}

fn event(who: &str, text: impl Into<String>) -> OrderEvent {
    OrderEvent {
        at: NOW,
        who: who.to_owned(),
        text: text.into(),
    }
}
