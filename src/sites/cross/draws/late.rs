//! The wiki's rules for late parcels, applied to an order of the back office.

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::parts::{ensure, open_article, quoted};
use crate::sites::clock::plus_days;
use crate::sites::office::actions::orders::wording;
use crate::sites::office::queries::orders::{owner, refunded_cents, refused_refund};
use crate::sites::office::queries::refund_limit_cents;
use crate::sites::office::state::{MessageTemplate, OfficeState, Order, OrderStatus};
use crate::sites::state::Sites;
use crate::sites::tasks::draw::Drawn;
use crate::sites::wiki::queries;
use crate::sites::wiki::state::Page;

const RULES: &str = "Late delivery rules";

/// A row of the table of bands.
struct Band {
    from: u32,
    /// None: no end.
    to: Option<u32>,
    percent: u32,
    message: String,
}

fn rules(sites: &Sites) -> Option<(&Page, Vec<Band>)> {
    let page = queries::page(&sites.wiki, RULES)?;
    let table = page.content.document.table("Bands")?;
    let bands = (0..table.rows.len())
        .map(|row| {
            let days = table.cell(row, 0);
            let (from, to) = days.split_once(" to ").unwrap_or((&days, ""));
            Some(Band {
                from: from.split(' ').next()?.parse().ok()?,
                to: to.parse().ok(),
                percent: table.cell(row, 1).trim_end_matches(" %").parse().ok()?,
                message: table.cell(row, 2),
            })
        })
        .collect::<Option<Vec<Band>>>()?;
    Some((page, bands))
}

fn is_free(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Working days after the promised day, up to the day of arrival.
fn days_late(promised: Date, arrived: Date) -> u32 {
    let mut day = promised;
    let mut late = 0;
    while day < arrived {
        day = plus_days(day, 1);
        late += u32::from(!is_free(day));
    }
    late
}

/// Orders that came late, with how many working days.
fn late_orders(office: &OfficeState) -> impl Iterator<Item = (&Order, u32)> {
    office
        .orders
        .values()
        .map(|order| &**order)
        .filter(|order| order.status == OrderStatus::Delivered)
        .filter_map(|order| Some((order, days_late(order.promised_on, order.delivered_on?))))
        .filter(|(_, days)| *days > 0)
}

/// X01: an order at the edge of a band.
pub(super) fn late_refund(sites: &Sites) -> Vec<Drawn> {
    let Some((page, bands)) = rules(sites) else {
        return vec![Err("there are no rules".into())];
    };
    late_orders(&sites.office)
        .map(|(order, days)| one_refund(&sites.office, page, &bands, order, days))
        .collect()
}

/// A share of an amount, rounded to the cent.
const fn share(cents: u32, percent: u32) -> u32 {
    (cents * percent + 50) / 100
}

fn template<'a>(office: &'a OfficeState, name: &str) -> Option<&'a MessageTemplate> {
    office.fixed.templates.iter().find(|one| one.name == name)
}

/// Nothing but the rules stands in the way of a refund.
fn refundable(office: &OfficeState, order: &Order) -> Result<(), String> {
    ensure(
        refused_refund(office, order).is_none(),
        "it cannot be refunded",
    )?;
    ensure(
        refunded_cents(office, order.no) == 0,
        "it was refunded before",
    )?;
    ensure(
        order.lines.iter().all(|line| !line.cancelled),
        "a line was cancelled",
    )
}

/// The goods value is beyond doubt, and less than the total.
fn plain(office: &OfficeState, order: &Order) -> Result<(), String> {
    refundable(office, order)?;
    ensure(
        order.discount_cents == 0,
        "a discount makes the goods value doubtful",
    )?;
    ensure(order.delivery_cents > 0, "delivery was free")
}

fn one_refund(
    office: &OfficeState,
    page: &Page,
    bands: &[Band],
    order: &Order,
    days: u32,
) -> Drawn {
    plain(office, order)?;
    let at = bands
        .iter()
        .position(|band| band.from <= days && band.to.is_none_or(|to| days <= to))
        .ok_or("it is in no band")?;
    let band = &bands[at];
    ensure(
        days == band.from || Some(days) == band.to,
        "it is not at the edge of its band",
    )?;
    let next = bands
        .get(at + 1)
        .or(bands.get(at.wrapping_sub(1)))
        .ok_or("one band")?;
    let cents = share(order.goods_cents, band.percent);
    ensure(order.goods_cents * band.percent % 100 != 50, "half a cent")?;
    ensure(cents <= refund_limit_cents(office), "it is above the limit")?;
    let message = template(office, &band.message).ok_or("no such wording")?;
    let other = template(office, &next.message).ok_or("no such wording")?;
    let (subject, text) = wording(office, order.no, &message.id).ok_or("no wording")?;
    let customer = owner(office, order).ok_or("no customer")?;
    let amount = format!("{}.{:02}", cents / 100, cents % 100);
    let steps = [
        open_article(&page.title),
        vec![
            format!("see '{} %'", band.percent),
            format!("goto '/office/orders/{}'", order.no),
            "click link 'Refund'".to_owned(),
            "choose 'Goodwill'".to_owned(),
            format!("fill 'Amount in dollars' '{amount}'"),
            "select 'Reason' 'Late delivery'".to_owned(),
            "click button 'Pay back'".to_owned(),
            "click link 'Write to customer'".to_owned(),
            format!("select 'Wording' '{}'", quoted(&message.name)),
            "click button 'Use this wording'".to_owned(),
            "click button 'Send message'".to_owned(),
            "done".to_owned(),
        ],
    ];
    Ok(json!({
        "no": order.no,
        "cents": cents,
        "next_cents": share(order.goods_cents, next.percent),
        "total_cents": share(order.total_cents(), band.percent),
        "to": customer.email,
        "template": message.id,
        "other_template": other.id,
        "subject": subject,
        "text": text,
        "steps": steps.concat(),
    }))
}

/// N13: an order one working day below the first band.
pub(super) fn not_late_enough(sites: &Sites) -> Vec<Drawn> {
    let Some((page, bands)) = rules(sites) else {
        return vec![Err("there are no rules".into())];
    };
    late_orders(&sites.office)
        .map(|(order, days)| one_below(sites, page, &bands, order, days))
        .collect()
}

/// Nothing is to be paid, so that a discount and the fee for delivery make no difference.
fn one_below(sites: &Sites, page: &Page, bands: &[Band], order: &Order, days: u32) -> Drawn {
    let office = &sites.office;
    refundable(office, order)?;
    let arrived = order.delivered_on.ok_or("it has not arrived")?;
    ensure(
        !is_free(arrived),
        "it came at a weekend, when days could be counted another way",
    )?;
    let first = bands.first().ok_or("no band")?;
    ensure(
        days + 1 == first.from,
        "it is not one day below the first band",
    )?;
    let message = template(office, &first.message).ok_or("no such wording")?;
    let (subject, text) = wording(office, order.no, &message.id).ok_or("no wording")?;
    let customer = owner(office, order).ok_or("no customer")?;
    ensure(
        customer.email != sites.persona.email,
        "the persona ordered it",
    )?;
    let seen: Vec<Value> = vec![
        json!(format!("office.orders/{}", order.no)),
        json!(format!("wiki.articles/{}", page.id)),
    ];
    let steps = [
        open_article(&page.title),
        vec![
            format!(
                "see 'Below {} working days the rules give nothing'",
                first.from
            ),
            format!("goto '/office/orders/{}'", order.no),
            "see 'Promised'".to_owned(),
            "report ACTION_NOT_ALLOWED 'The rules give nothing for so short a delay.'".to_owned(),
        ],
    ];
    Ok(json!({
        "no": order.no,
        "seen": seen,
        "cents": share(order.goods_cents, first.percent),
        "to": customer.email,
        "template": message.id,
        "subject": subject,
        "text": text,
        "steps": steps.concat(),
    }))
}
