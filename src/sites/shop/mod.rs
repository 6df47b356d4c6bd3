//! Larder, the kitchen shop: catalogue, cart, checkout, account, help.
//!
//! `state` holds the types, `world` makes the base state from a seed, `queries` read, `actions`
//! write by the shop's rules, `view` reads addresses, `pages` answers requests.

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

use state::{Incidental, ShopState};

/// The shop's entry in the table of sites.
pub const SITE: Site = Site {
    name: "shop",
    configure: pages::configure,
    view: |address| view::parse(address).map(|parsed| parsed.route.view(parsed.unknown)),
    records: |sites| records::of(&sites.shop),
    invariants: |base, sites| invariants::broken(&base.shop, &sites.shop),
    empty_collections: &[
        "shop.newsletter",
        "shop.outbox",
        "shop.saved_lines",
        "shop.stock_alerts",
    ],
    names: |sites| vec![("shop.products", product_names(&sites.shop))],
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "shop",
    draw: draws::find,
    files: [
        "s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s09", "s10", "s11", "s12",
        "s13", "s14", "s15", "n01", "n02", "n11", "n12",
    ],
    public: [
        ("S01", 0),
        ("S02", 0),
        ("S03", 0),
        ("S04", 0),
        ("S05", 0),
        ("S06", 0),
        ("S07", 0),
        ("S08", 0),
        ("S09", 0),
        ("S10", 0),
        ("S11", 0),
        ("S12", 0),
        ("S13", 0),
        ("S14", 0),
        ("S15", 0),
        ("N01", 0),
        ("N02", 0),
        ("N11", 0),
        ("N12", 0),
        ("S07", 1),
    ],
};

impl SiteState for ShopState {
    type Parsed = view::Parsed;
    type Incidental = Incidental;

    fn of(sites: &Sites) -> &Self {
        &sites.shop
    }

    fn of_mut(sites: &mut Sites) -> &mut Self {
        &mut sites.shop
    }

    fn parse(path_and_query: &str) -> Option<view::Parsed> {
        view::parse(path_and_query)
    }

    fn incidental(&mut self) -> &mut Incidental {
        &mut self.incidental
    }
}

fn product_names(shop: &ShopState) -> Value {
    shop.catalogue
        .products
        .values()
        .map(|product| json!({"name": product.name, "aliases": [product.article]}))
        .collect()
}
