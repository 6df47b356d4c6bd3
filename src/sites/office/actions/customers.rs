//! What is done with customers' accounts.

use std::sync::Arc;

use crate::sites::office::actions::{FieldError, Refusal, allow, checked, error, log};
use crate::sites::office::state::{Customer, CustomerNo, OfficeState, Right};

/// The word that confirms a merge.
pub const CONFIRMATION: &str = "MERGE";

/// Changes what staff may change of an account. Fields: `name`, `email`, `phone`, `note`.
pub fn edit(
    state: &mut OfficeState,
    no: CustomerNo,
    [name, email, phone, note]: [&str; 4],
) -> Result<(), Refusal> {
    allow(state, Right::Customers)?;
    open_account(state, no)?;
    let mut errors = Vec::new();
    if name.is_empty() {
        errors.push(error("name", "Enter the customer's name."));
    }
    let is_mail = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'));
    if !is_mail {
        errors.push(error(
            "email",
            "Enter a mail address such as name@mailbox.example.",
        ));
    }
    errors.extend(wrong_phone(phone));
    checked(errors)?;
    let customer = change(state, no)?;
    name.clone_into(&mut customer.name);
    email.clone_into(&mut customer.email);
    phone.clone_into(&mut customer.phone);
    note.clone_into(&mut customer.note);
    log(state, "Details changed", format!("Customer {no}"));
    Ok(())
}

fn wrong_phone(phone: &str) -> Option<FieldError> {
    let fits = phone
        .chars()
        .all(|c| c.is_ascii_digit() || " +-()/".contains(c));
    (!fits).then(|| error("phone", "A phone number has digits, blanks and dashes."))
}

/// What a form says about a merge.
#[derive(Debug, Clone, Copy)]
pub struct Merge<'a> {
    /// The two accounts.
    pub accounts: [CustomerNo; 2],
    /// Number of the one that is kept.
    pub keep: &'a str,
    /// The phone number that is kept.
    pub phone: &'a str,
    /// What was typed to confirm.
    pub confirmation: &'a str,
}

/// Merges two accounts; answers the one that was kept. Fields: `keep`, `phone`,
/// `confirmation`.
pub fn merge(state: &mut OfficeState, wanted: Merge<'_>) -> Result<CustomerNo, Refusal> {
    allow(state, Right::Customers)?;
    let [one, other] = wanted.accounts;
    let (one, other) = (
        open_account(state, one)?.clone(),
        open_account(state, other)?.clone(),
    );
    if one.no == other.no {
        return Err(Refusal::not_allowed(
            "Choose another account than this one.",
        ));
    }
    if !one.email.eq_ignore_ascii_case(&other.email) {
        return Err(Refusal::not_allowed(
            "Only accounts with the same mail address can be merged.",
        ));
    }
    let mut errors = Vec::new();
    let keep: Option<CustomerNo> = wanted.keep.parse().ok();
    let keep = keep.filter(|no| [one.no, other.no].contains(no));
    if keep.is_none() {
        errors.push(error("keep", "Choose which account is kept."));
    }
    if ![&one.phone, &other.phone].contains(&&wanted.phone.to_owned()) {
        errors.push(error("phone", "Choose which phone number is kept."));
    }
    if wanted.confirmation != CONFIRMATION {
        errors.push(error(
            "confirmation",
            format!("Type {CONFIRMATION} in capitals to confirm."),
        ));
    }
    checked(errors)?;
    let keep = keep.unwrap_or(one.no);
    let gone = if keep == one.no { other.no } else { one.no };
    change(state, gone)?.merged_into = Some(keep);
    wanted.phone.clone_into(&mut change(state, keep)?.phone);
    redirect_earlier(state, gone, keep);
    log(
        state,
        format!("Account {gone} merged into this one"),
        format!("Customer {keep}"),
    );
    Ok(keep)
}

/// Accounts that were merged into the one that is gone belong to the kept one now.
fn redirect_earlier(state: &mut OfficeState, gone: CustomerNo, keep: CustomerNo) {
    let earlier: Vec<CustomerNo> = state
        .customers
        .values()
        .filter(|customer| customer.merged_into == Some(gone))
        .map(|customer| customer.no)
        .collect();
    let customers = Arc::make_mut(&mut state.customers);
    for no in earlier {
        if let Some(customer) = customers.get_mut(&no) {
            Arc::make_mut(customer).merged_into = Some(keep);
        }
    }
}

fn open_account(state: &OfficeState, no: CustomerNo) -> Result<&Customer, Refusal> {
    let customer = state
        .customers
        .get(&no)
        .ok_or_else(|| Refusal::not_found(format!("There is no customer {no}.")))?;
    match customer.merged_into {
        Some(kept) => Err(Refusal::not_allowed(format!(
            "Account {no} was merged into {kept} and cannot change."
        ))),
        None => Ok(customer),
    }
}

fn change(state: &mut OfficeState, no: CustomerNo) -> Result<&mut Customer, Refusal> {
    Arc::make_mut(&mut state.customers)
        .get_mut(&no)
        .map(Arc::make_mut)
        .ok_or_else(|| Refusal::not_found(format!("There is no customer {no}.")))
}
