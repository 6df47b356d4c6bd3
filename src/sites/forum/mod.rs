//! The forum `/forum`: communities, posts, comments, votes, messages and moderation. Pages show
//! what [`queries`] read, change what [`actions`] allow, and [`records`] is what evaluators
//! compare. It knows nothing of tasks but the draws that fill their templates.

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

use state::{ForumState, Incidental};

/// The forum's entry in the table of sites.
pub const SITE: Site = Site {
    name: "forum",
    configure: pages::configure,
    view: |address| view::parse(address).map(|parsed| parsed.route.view(parsed.unknown)),
    records: |sites| records::of(&sites.forum),
    invariants: |base, sites| invariants::broken(&base.forum, &sites.forum),
    empty_collections: &[],
    names: |sites| vec![("forum.members", member_names(&sites.forum))],
    tasks: TASKS,
};

/// Task files, and which of their draws are public. Append only: a key stands for the same
/// template and draw for ever.
const TASKS: TaskFolder = task_folder! {
    name: "forum",
    draw: draws::find,
    files: [
        "f01", "f02", "f03", "f04", "f05", "f06", "f07", "f08", "f09", "f10",
        "f11", "f12", "f13", "n04", "n05",
    ],
    public: [
        ("F01", 0),
        ("F02", 0),
        ("F03", 0),
        ("F04", 0),
        ("F05", 0),
        ("F06", 0),
        ("F07", 0),
        ("F08", 0),
        ("F09", 0),
        ("F10", 0),
        ("F11", 0),
        ("F12", 0),
        ("F13", 0),
        ("N04", 0),
        ("N05", 0),
        ("F01", 1),
        ("F02", 1),
        ("F03", 1),
        ("F04", 1),
        ("F05", 1),
        ("F06", 1),
        ("F07", 1),
        ("F08", 1),
        ("F09", 1),
        ("F10", 1),
        ("F11", 1),
        ("F12", 1),
        ("F13", 1),
        ("N04", 1),
        ("N05", 1),
    ],
};

impl SiteState for ForumState {
    type Parsed = view::Parsed;
    type Incidental = Incidental;

    fn of(sites: &Sites) -> &Self {
        &sites.forum
    }

    fn of_mut(sites: &mut Sites) -> &mut Self {
        &mut sites.forum
    }

    fn parse(path_and_query: &str) -> Option<view::Parsed> {
        view::parse(path_and_query)
    }

    fn incidental(&mut self) -> &mut Incidental {
        &mut self.incidental
    }
}

/// Names in the forum, each with the name on the profile where only one member has that.
fn member_names(forum: &ForumState) -> Value {
    let members = &forum.board.members;
    members
        .iter()
        .map(|(id, member)| {
            let shared = members.values().filter(|other| other.name == member.name);
            let aliases = match shared.count() {
                1 => vec![&member.name],
                _ => vec![],
            };
            json!({"name": id, "aliases": aliases})
        })
        .collect()
}
