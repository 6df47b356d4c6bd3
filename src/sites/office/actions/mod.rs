//! Everything that staff can do that changes the office, with its rules. A refusal says why and
//! leaves the state as it was. Who is signed in must have the right for it.

pub mod customers;
pub mod goods;
pub mod orders;
pub mod trade;

use std::sync::Arc;

pub use crate::sites::refusal::{FieldError, Refusal, RefusalKind};

use crate::sites::clock::NOW;
use crate::sites::office::queries::refused_right;
use crate::sites::office::state::{AuditEntry, EntryNo, OfficeState, Right};

/// Refuses what the role of who is signed in does not include.
fn allow(state: &OfficeState, right: Right) -> Result<(), Refusal> {
    refused_right(state, right).map_or(Ok(()), |why| Err(Refusal::not_allowed(why)))
}

/// Writes the audit trail.
fn log(state: &mut OfficeState, what: impl Into<String>, record: impl Into<String>) {
    let entry = AuditEntry {
        at: NOW,
        who: state.user.name.clone(),
        what: what.into(),
        record: record.into(),
    };
    Arc::make_mut(&mut state.audit).push(entry);
}

/// The next number of an entry.
const fn next_entry(state: &mut OfficeState) -> EntryNo {
    let no = state.incidental.next_entry;
    state.incidental.next_entry += 1;
    no
}

/// An amount such as `4.90`, `$4.90` or `4`, in cents.
pub fn cents(text: &str) -> Option<u32> {
    let text = text.trim().trim_start_matches('$').replace(',', "");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    if part.len() > 2 || !digits(part) || !digits(whole) || whole.is_empty() {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    whole
        .parse::<u32>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part)
}

fn error(field: &'static str, message: impl Into<String>) -> FieldError {
    FieldError {
        field: field.into(),
        message: message.into(),
    }
}

/// Refuses when there are errors.
fn checked(errors: Vec<FieldError>) -> Result<(), Refusal> {
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Refusal::invalid(errors))
    }
}

#[cfg(test)]
mod tests;
