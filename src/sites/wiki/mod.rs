//! The wiki: the staff handbook of Larder and an encyclopaedia of the Sarn Isles, an invented
//! archipelago.
//!
//! `state` holds the types, `markup` reads and writes texts, `world` makes the base state from a
//! seed, `queries` read, `actions` write by the wiki's rules, `view` reads addresses, `pages`
//! answers requests.

pub mod actions;
pub mod draws;
pub mod invariants;
pub mod markup;
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

use state::{Incidental, WikiState};

/// The wiki's entry in the table of sites.
pub const SITE: Site = Site {
    name: "wiki",
    configure: pages::configure,
    view: |address| view::parse(address).map(|parsed| parsed.route.view(parsed.unknown)),
    records: |sites| records::of(&sites.wiki),
    invariants: |base, sites| invariants::broken(&base.wiki, &sites.wiki),
    empty_collections: &[],
    names: |sites| {
        vec![
            ("wiki.members", member_names(&sites.wiki)),
            ("wiki.list_entries", entry_names(&sites.wiki)),
        ]
    },
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "wiki",
    draw: draws::find,
    files: [
        "w01", "w02", "w03", "w04", "w05", "w06", "w07", "w08", "w09", "w10", "n10",
    ],
    public: [
        ("W01", 0), ("W01", 1), ("W02", 0), ("W02", 1), ("W03", 0), ("W03", 1),
        ("W04", 0), ("W04", 1), ("W05", 0), ("W05", 1), ("W06", 0), ("W06", 1),
        ("W07", 0), ("W07", 1), ("W08", 0), ("W08", 1), ("W09", 0), ("W09", 1),
        ("W10", 0), ("W10", 1), ("N10", 0), ("N10", 1),
    ],
};

impl SiteState for WikiState {
    type Parsed = view::Parsed;
    type Incidental = Incidental;

    fn of(sites: &Sites) -> &Self {
        &sites.wiki
    }

    fn of_mut(sites: &mut Sites) -> &mut Self {
        &mut sites.wiki
    }

    fn parse(path_and_query: &str) -> Option<view::Parsed> {
        view::parse(path_and_query)
    }

    fn incidental(&mut self) -> &mut Incidental {
        &mut self.incidental
    }
}

/// Members by full name, each once, so that a namesake cannot be told by name.
fn member_names(wiki: &WikiState) -> Value {
    wiki.book
        .members
        .values()
        .map(|member| json!({"name": member.name, "aliases": [member.username]}))
        .collect()
}

/// What stands in the first column of the long lists.
fn entry_names(wiki: &WikiState) -> Value {
    queries::members(wiki, "Lists")
        .into_iter()
        .flat_map(|page| page.content.document.tables())
        .flat_map(|table| (0..table.rows.len()).map(|row| table.cell(row, 0)))
        .map(|name| json!({"name": name, "aliases": []}))
        .collect()
}
