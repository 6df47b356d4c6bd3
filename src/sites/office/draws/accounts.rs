//! Draws about customers' accounts.

use serde_json::json;

use super::parts::{ensure, quoted};
use crate::sites::office::state::{Customer, OfficeState};
use crate::sites::tasks::draw::Drawn;

/// O10: two accounts of one customer, who has a namesake.
pub(super) fn merge(state: &OfficeState) -> Vec<Drawn> {
    state
        .customers
        .values()
        .map(|older| one_pair(state, older))
        .collect()
}

fn one_pair(state: &OfficeState, older: &Customer) -> Drawn {
    let same = |one: &&Customer| one.no != older.no && one.name == older.name;
    let alike: Vec<&Customer> = state
        .customers
        .values()
        .map(|one| &**one)
        .filter(same)
        .collect();
    let (doubles, namesakes): (Vec<&Customer>, Vec<&Customer>) = alike
        .into_iter()
        .partition(|one| one.email.eq_ignore_ascii_case(&older.email));
    let [newer] = doubles.as_slice() else {
        return Err("not one second account".into());
    };
    ensure(
        newer.since > older.since,
        "the other account is the older one",
    )?;
    ensure(newer.phone != older.phone, "both have the same phone")?;
    let namesake = namesakes.first().ok_or("there is no namesake")?;
    let name = quoted(&older.name);
    Ok(json!({
        "name": older.name,
        "older": older.no,
        "newer": newer.no,
        "older_key": older.no.to_string(),
        "newer_key": newer.no.to_string(),
        "namesake": namesake.no,
        "namesake_key": namesake.no.to_string(),
        "phone": newer.phone,
        "older_phone": older.phone,
        "steps": [
            "click link 'Customers'".to_owned(),
            format!("fill 'Name, mail, phone or number' '{name}'"),
            "click button 'Apply filters'".to_owned(),
            format!("click link '{name}' within '{}'", older.no),
            "click link 'Merge accounts'".to_owned(),
            format!("click link '{name} ({})'", newer.no),
            format!("choose 'Account {}'", older.no),
            format!("choose '{}'", newer.phone),
            "fill 'Type MERGE to confirm' 'MERGE'".to_owned(),
            "click button 'Merge the accounts'".to_owned(),
        ],
    }))
}
