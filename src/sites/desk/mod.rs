//! Signal Desk, the company's issue tracker at `/desk`: projects with rights, issues, boards,
//! milestones with burndown charts, merge requests, members and search.
//!
//! `state` holds the types, `world` makes the base state from a seed, `queries` read, `actions`
//! write by the desk's rules, `view` reads addresses, `pages` answer requests.

pub mod actions;
pub mod draws;
pub mod invariants;
pub mod pages;
pub mod queries;
pub mod records;
pub mod state;
pub mod view;
pub mod world;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::sites::registry::Site;
use crate::sites::state::{SiteState, Sites};
use crate::sites::tasks::{TaskFolder, task_folder};

use state::{DeskState, Incidental};

/// The desk's entry in the table of sites.
pub const SITE: Site = Site {
    name: "desk",
    configure: pages::configure,
    view: |address| view::parse(address).map(|parsed| parsed.route.view(parsed.unknown)),
    records: |sites| records::of(&sites.desk),
    invariants: |base, sites| invariants::broken(&base.desk, &sites.desk),
    empty_collections: &[],
    names: |sites| vec![("desk.people", people_names(&sites.desk))],
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "desk",
    draw: draws::find,
    files: [
        "d01", "d02", "d03", "d04", "d05", "d06", "d07", "d08", "d09", "d10", "d11", "d12", "d13",
        "d14", "n06", "n07",
    ],
    public: [
        ("D01", 0),
        ("D02", 0),
        ("D03", 0),
        ("D04", 0),
        ("D05", 0),
        ("D06", 0),
        ("D07", 0),
        ("D08", 0),
        ("D09", 0),
        ("D10", 0),
        ("D11", 0),
        ("D12", 0),
        ("D13", 0),
        ("D14", 0),
        ("N06", 0),
        ("N07", 0),
        ("D01", 1),
        ("D02", 1),
        ("D03", 1),
        ("D04", 1),
        ("D05", 1),
        ("D06", 1),
        ("D07", 1),
        ("D08", 1),
        ("D09", 1),
        ("D10", 1),
        ("D11", 1),
        ("D12", 1),
        ("D13", 1),
        ("D14", 1),
        ("N06", 1),
        ("N07", 1),
    ],
};

impl SiteState for DeskState {
    type Parsed = view::Parsed;
    type Incidental = Incidental;

    fn of(sites: &Sites) -> &Self {
        &sites.desk
    }

    fn of_mut(sites: &mut Sites) -> &mut Self {
        &mut sites.desk
    }

    fn parse(path_and_query: &str) -> Option<view::Parsed> {
        view::parse(path_and_query)
    }

    fn incidental(&mut self) -> &mut Incidental {
        &mut self.incidental
    }
}

/// Names of people with their short names; those who share a name are one entry.
fn people_names(desk: &DeskState) -> Value {
    let mut names: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for member in desk.fixed.members.values() {
        names
            .entry(&member.name)
            .or_default()
            .push(&member.username);
    }
    names
        .into_iter()
        .map(|(name, aliases)| json!({"name": name, "aliases": aliases}))
        .collect()
}
