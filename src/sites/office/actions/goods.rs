//! What is done with goods: stock, prices, pictures, purchase orders.

use std::sync::Arc;

use jiff::civil::Date;

use crate::sites::clock::{NOW, TODAY, day_text, weekday_name};
use crate::sites::office::actions::{Refusal, allow, cents, checked, error, log, next_entry};
use crate::sites::office::queries::goods::{assortment, level, supplier, warehouse};
use crate::sites::office::queries::money;
use crate::sites::office::state::{
    Adjustment, AdjustmentReason, EntryNo, OfficeState, Purchase, PurchaseLine, PurchaseStatus,
    Right, Sku,
};

/// The most pieces that can be in a warehouse or be ordered in a line.
const MOST_PIECES: i64 = 99_999;
/// The most pictures of a product.
pub const MOST_PICTURES: usize = 8;

/// Sets the stock of variants in a warehouse to what was counted; answers how many were
/// corrected. A variant whose field is empty stays as it is. Fields: `reason`, and `pieces` when
/// a number is wrong.
pub fn correct_stock(
    state: &mut OfficeState,
    house: &str,
    counted: &[(String, String)],
    reason: &str,
    note: &str,
) -> Result<usize, Refusal> {
    allow(state, Right::Stock)?;
    if warehouse(state, house).is_none() {
        return Err(Refusal::not_found("There is no such warehouse."));
    }
    let reason = reason.parse::<AdjustmentReason>().ok();
    let mut errors = Vec::new();
    if reason.is_none() {
        errors.push(error("reason", "Choose why the stock is corrected."));
    }
    let mut rows: Vec<(Sku, i64)> = Vec::new();
    for (sku, text) in counted.iter().filter(|(_, text)| !text.is_empty()) {
        let pieces = text.parse::<i64>().ok();
        let known = level(state, sku, house).is_some();
        match pieces.filter(|pieces| (0..=MOST_PIECES).contains(pieces)) {
            Some(pieces) if known => rows.push((Sku::from(sku.as_str()), pieces)),
            _ => errors.push(error(
                "pieces",
                format!("{sku}: enter the pieces that were counted, 0 or more."),
            )),
        }
    }
    if errors.is_empty() && rows.is_empty() {
        errors.push(error("pieces", "Enter at least one number of pieces."));
    }
    checked(errors)?;
    let reason = reason.unwrap_or(AdjustmentReason::Stocktake);
    let count = rows.len();
    for (sku, pieces) in rows {
        correct(state, sku, house, pieces, reason, note);
    }
    Ok(count)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "callers have one of their own"
)]
fn correct(
    state: &mut OfficeState,
    sku: Sku,
    house: &str,
    pieces: i64,
    reason: AdjustmentReason,
    note: &str,
) {
    let key = (sku.clone(), house.into());
    let Some(level) = Arc::make_mut(&mut state.stock).get_mut(&key) else {
        return;
    };
    let from = level.pieces;
    level.pieces = pieces;
    let entry = Adjustment {
        no: next_entry(state),
        sku: sku.clone(),
        warehouse: house.to_owned(),
        from,
        to: pieces,
        reason,
        note: note.to_owned(),
        made_at: NOW,
        who: state.user.name.clone(),
    };
    Arc::make_mut(&mut state.adjustments).insert(entry.no, entry);
    log(
        state,
        format!("Stock corrected from {from} to {pieces}"),
        format!("{sku} in {house}"),
    );
}

/// Sets the list price of a variant. Field: `price`.
pub fn set_price(state: &mut OfficeState, sku: &str, price: &str) -> Result<(), Refusal> {
    allow(state, Right::Products)?;
    let Some(old) = state.prices.get(sku).copied() else {
        return Err(Refusal::not_found("There is no such article."));
    };
    let Some(new) = cents(price).filter(|cents| *cents >= 10) else {
        return Err(Refusal::field(
            "price",
            "Enter the price in dollars, such as 24.90.",
        ));
    };
    if new > old.saturating_mul(3) || new < old / 3 {
        return Err(Refusal::field(
            "price",
            "A price can change to at most three times and at least a third of the old one.",
        ));
    }
    Arc::make_mut(&mut state.prices).insert(Sku::from(sku), new);
    log(
        state,
        format!("Price changed from {} to {}", money(old), money(new)),
        sku,
    );
    Ok(())
}

/// What is done with a picture of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureStep {
    /// It is added behind the others.
    Add,
    /// It becomes the first.
    Main,
    /// One place to the front.
    Up,
    /// One place to the back.
    Down,
    /// It is taken away; the file stays in the library.
    Remove,
}

/// Changes the pictures of a product. Field: `file`.
pub fn arrange_picture(
    state: &mut OfficeState,
    product: &str,
    file: &str,
    step: PictureStep,
) -> Result<(), Refusal> {
    allow(state, Right::Products)?;
    let Some(files) = state.pictures.get(product) else {
        return Err(Refusal::not_found("There is no such product."));
    };
    let place = files.iter().position(|name| name == file);
    let mut files = files.clone();
    match (step, place) {
        (PictureStep::Add, Some(_)) => {
            return Err(Refusal::field(
                "file",
                "The product has this picture already.",
            ));
        }
        (PictureStep::Add, None) => {
            if !state.fixed.library.iter().any(|entry| entry.name == file) {
                return Err(Refusal::field("file", "Choose a file of the library."));
            }
            if files.len() >= MOST_PICTURES {
                return Err(Refusal::not_allowed(format!(
                    "A product has at most {MOST_PICTURES} pictures."
                )));
            }
            files.push(file.to_owned());
        }
        (_, None) => return Err(Refusal::not_found("The product has no such picture.")),
        (PictureStep::Main, Some(at)) => {
            let file = files.remove(at);
            files.insert(0, file);
        }
        (PictureStep::Up, Some(at)) => files.swap(at, at.saturating_sub(1)),
        (PictureStep::Down, Some(at)) => {
            let below = (at + 1).min(files.len() - 1);
            files.swap(at, below);
        }
        (PictureStep::Remove, Some(_)) if files.len() == 1 => {
            return Err(Refusal::not_allowed(
                "A product needs at least one picture.",
            ));
        }
        (PictureStep::Remove, Some(at)) => {
            files.remove(at);
        }
    }
    if let Some(entry) = Arc::make_mut(&mut state.pictures).get_mut(product) {
        *entry = files;
    }
    log(state, format!("Pictures changed ({file})"), product);
    Ok(())
}

/// Orders at a supplier; lines are pairs of SKU and pieces as typed, empty ones are left out.
/// Fields: `deliver_on`, `lines`.
pub fn order_goods(
    state: &mut OfficeState,
    [supplier_id, house]: [&str; 2],
    lines: &[(String, String)],
    deliver_on: &str,
    note: &str,
) -> Result<EntryNo, Refusal> {
    allow(state, Right::Purchases)?;
    if supplier(state, supplier_id).is_none() || warehouse(state, house).is_none() {
        return Err(Refusal::not_found(
            "There is no such supplier or warehouse.",
        ));
    }
    let mut errors = Vec::new();
    let mut wanted = Vec::new();
    for (sku, text) in lines
        .iter()
        .filter(|(_, text)| !text.is_empty() && text != "0")
    {
        match purchase_line(state, [supplier_id, house], sku, text) {
            Ok(line) => wanted.push(line),
            Err(why) => errors.push(error("lines", why)),
        }
    }
    if errors.is_empty() && wanted.is_empty() {
        errors.push(error("lines", "Enter the pieces of at least one line."));
    }
    let day = match delivery_day(state, supplier_id, deliver_on) {
        Ok(day) => Some(day),
        Err(why) => {
            errors.push(error("deliver_on", why));
            None
        }
    };
    checked(errors)?;
    wanted.sort_by(|one, other| one.sku.cmp(&other.sku));
    let entry = Purchase {
        no: next_entry(state),
        supplier: supplier_id.to_owned(),
        warehouse: house.to_owned(),
        deliver_on: day.unwrap_or(TODAY),
        lines: wanted,
        status: PurchaseStatus::Ordered,
        note: note.to_owned(),
        ordered_at: NOW,
        who: state.user.name.clone(),
    };
    let no = entry.no;
    Arc::make_mut(&mut state.purchases).insert(no, entry);
    log(state, "Purchase order sent", format!("Purchase order {no}"));
    Ok(no)
}

fn purchase_line(
    state: &OfficeState,
    [supplier_id, house]: [&str; 2],
    sku: &str,
    text: &str,
) -> Result<PurchaseLine, String> {
    let goods = assortment(state, supplier_id, house);
    let Some((sku, level)) = goods.into_iter().find(|(own, _)| own.as_str() == sku) else {
        return Err(format!("{sku}: this supplier does not deliver it here."));
    };
    let pieces = text.parse::<u32>().ok().filter(|pieces| *pieces > 0);
    let Some(quantity) = pieces.filter(|pieces| i64::from(*pieces) <= MOST_PIECES) else {
        return Err(format!("{sku}: enter a number of pieces."));
    };
    if quantity % level.box_size != 0 {
        return Err(format!(
            "{sku} comes in boxes of {}; {quantity} is no whole number of boxes.",
            level.box_size
        ));
    }
    Ok(PurchaseLine {
        sku: sku.clone(),
        quantity,
    })
}

/// The day of delivery, or why it cannot be.
pub fn delivery_day(state: &OfficeState, supplier_id: &str, text: &str) -> Result<Date, String> {
    let day: Date = text
        .parse()
        .map_err(|_| "Enter the day of delivery, such as 2026-03-27.".to_owned())?;
    let Some(supplier) = supplier(state, supplier_id) else {
        return Err("Choose a supplier first.".to_owned());
    };
    if day <= TODAY {
        return Err("The day of delivery must be after today.".to_owned());
    }
    if !supplier.delivers_on.contains(&day.weekday()) {
        let days: Vec<&str> = supplier
            .delivers_on
            .iter()
            .map(|day| weekday_name(*day))
            .collect();
        return Err(format!(
            "{} is a {}; {} delivers on {}.",
            day_text(day),
            weekday_name(day.weekday()),
            supplier.name,
            days.join(" and ")
        ));
    }
    Ok(day)
}
