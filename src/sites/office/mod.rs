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
        ]
    },
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "office",
    draw: draws::find,
    files: [],
    public: [],
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
