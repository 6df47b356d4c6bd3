//! The shop's back office: orders of all customers, stock, promotions, suppliers, reports,
//! settings. It sees the products, the stock and the persona's orders of the shop's base world.
//!
//! `state` holds the types, `world` makes the base state from a seed, `queries` read, `actions`
//! write by the office's rules, `view` reads addresses, `pages` answers requests.

pub mod actions;
pub mod draws;
pub mod invariants;
pub mod pages;
pub mod queries;
pub mod records;
pub mod state;
pub mod view;
pub mod world;

use serde_json::{Value, json};

use crate::sites::registry::Site;
use crate::sites::state::{SiteState, Sites};
use crate::sites::tasks::{TaskFolder, task_folder};

use state::{Incidental, OfficeState};

/// The office's entry in the table of sites.
pub const SITE: Site = Site {
    name: "office",
    configure: pages::configure,
    view: |address| view::parse(address).map(|parsed| parsed.route.view(parsed.unknown)),
    records: |sites| records::of(&sites.office),
    invariants: |base, sites| invariants::broken(&base.office, &sites.office),
    empty_collections: records::EMPTY,
    names: |sites| {
        vec![
            ("office.skus", sku_names(&sites.office)),
            ("office.customers", customer_names(&sites.office)),
            ("office.mails", mails(&sites.office)),
        ]
    },
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "office",
    draw: draws::find,
    files: [
        "o01", "o02", "o03", "o04", "o05", "o06", "o07", "o08", "o09", "o10", "o11", "o13", "o14", "o15", "o16", "n03", "n08", "n09", "o17",
    ],
    public: [
        ("O01", 0),
        ("O02", 0),
        ("O03", 0),
        ("O04", 0),
        ("O05", 0),
        ("O06", 0),
        ("O07", 0),
        ("O08", 0),
        ("O09", 0),
        ("O10", 0),
        ("O11", 0),
        ("O13", 0),
        ("O14", 0),
        ("O15", 0),
        ("O16", 0),
        ("N03", 0),
        ("N08", 0),
        ("N09", 0),
        ("O01", 1),
        ("O02", 1),
        ("O03", 1),
        ("O04", 1),
        ("O05", 1),
        ("O06", 1),
        ("O07", 1),
        ("O08", 1),
        ("O09", 1),
        ("O10", 1),
        ("O11", 1),
        ("O13", 1),
        ("O14", 1),
        ("O15", 1),
        ("O16", 1),
        ("N03", 1),
        ("N08", 1),
        ("N09", 1),
        ("O17", 0),
        ("O17", 1),
    ],
};

impl SiteState for OfficeState {
    type Parsed = view::Parsed;
    type Incidental = Incidental;

    fn of(sites: &Sites) -> &Self {
        &sites.office
    }

    fn of_mut(sites: &mut Sites) -> &mut Self {
        &mut sites.office
    }

    fn parse(path_and_query: &str) -> Option<view::Parsed> {
        view::parse(path_and_query)
    }

    fn incidental(&mut self) -> &mut Incidental {
        &mut self.incidental
    }
}

/// Article numbers of all variants.
fn sku_names(office: &OfficeState) -> Value {
    office
        .prices
        .keys()
        .map(|sku| json!({"name": sku}))
        .collect()
}

/// Names of all customers, each once.
fn customer_names(office: &OfficeState) -> Value {
    let names: std::collections::BTreeSet<&str> = office
        .customers
        .values()
        .map(|customer| customer.name.as_str())
        .collect();
    names
        .into_iter()
        .map(|name| json!({"name": name}))
        .collect()
}

/// Mail addresses of customers and of who receives their parcels, each once whatever its
/// letters.
fn mails(office: &OfficeState) -> Value {
    let customers = office.customers.values().map(|one| one.email.as_str());
    let contacts = office.orders.values().map(|one| one.contact_email.as_str());
    let mails: std::collections::BTreeMap<String, &str> = customers
        .chain(contacts)
        .map(|mail| (mail.to_lowercase(), mail))
        .collect();
    mails
        .into_values()
        .map(|mail| json!({"name": mail}))
        .collect()
}
