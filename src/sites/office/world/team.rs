//! Who works in the office, and what each role may do.

use std::collections::BTreeSet;

use crate::sites::office::state::{Right, Role, Staff};
use crate::sites::people::{People, Persona, StaffRole, Team};

/// Who is signed in, then the colleagues who work in the office.
pub(super) fn staff(people: &People, persona: &Persona) -> Vec<Staff> {
    let mut staff = vec![Staff {
        id: persona.id.to_owned(),
        name: persona.name.to_owned(),
        email: persona.email.to_owned(),
        role: role_id(persona.role).to_owned(),
    }];
    let colleagues = people
        .staff()
        .filter(|person| person.id != people.mara().id && person.is_active)
        .filter_map(|person| Some((person, role_of(person.team?)?)));
    staff.extend(colleagues.take(17).map(|(person, role)| Staff {
        id: person.username.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        role: role_id(role).to_owned(),
    }));
    staff
}

const fn role_of(team: Team) -> Option<StaffRole> {
    match team {
        Team::Stores => Some(StaffRole::StoreManager),
        Team::Support => Some(StaffRole::SupportAgent),
        Team::Warehouse | Team::Logistics => Some(StaffRole::Warehouse),
        _ => None,
    }
}

const fn role_id(role: StaffRole) -> &'static str {
    match role {
        StaffRole::StoreManager => "manager",
        StaffRole::SupportAgent => "support",
        StaffRole::Warehouse => "warehouse",
    }
}

/// What each role may do.
pub(super) fn roles() -> Vec<Role> {
    let role = |id: &str, name: &str, text: &str, rights: &[Right], refund_limit_cents| Role {
        id: id.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
        rights: rights.iter().copied().collect::<BTreeSet<_>>(),
        refund_limit_cents,
    };
    vec![
        role(
            "manager",
            "Store manager",
            "Runs the shop from day to day.",
            Right::ALL,
            50_000,
        ),
        role(
            "support",
            "Support agent",
            "Answers customers and settles small matters at once.",
            &[
                Right::Orders,
                Right::Refunds,
                Right::Messages,
                Right::Customers,
                Right::Returns,
            ],
            1_000,
        ),
        role(
            "warehouse",
            "Warehouse",
            "Packs, sends and counts.",
            &[Right::Orders, Right::Stock],
            0,
        ),
    ]
}
