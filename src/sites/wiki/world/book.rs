//! Members, categories, kinds of infobox.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;

use crate::sites::clock::plus_days;
use crate::sites::people::{People, Persona};
use crate::sites::wiki::state::{Book, Category, InfoboxKind, Member, Role};

/// Colleagues that write the wiki; every eighth is a steward.
const MEMBERS: usize = 40;

/// What no action changes.
pub(super) fn book(world: u32, persona: &Persona, people: &People) -> Book {
    let members = people
        .staff()
        .filter(|person| person.is_active)
        .take(MEMBERS)
        .enumerate()
        .map(|(at, person)| {
            let username: Arc<str> = person.username.as_str().into();
            let days = i64::try_from(at * 37 % 400).unwrap_or(0);
            let member = Member {
                username: Arc::clone(&username),
                name: person.name.clone(),
                role: if at % 8 == 5 {
                    Role::Steward
                } else {
                    Role::Editor
                },
                joined: plus_days(date(2023, 2, 1), days),
            };
            (username, member)
        })
        .collect::<BTreeMap<_, _>>();
    Book {
        world,
        reader: persona.username.into(),
        members,
        categories: categories(),
        infoboxes: infoboxes(),
    }
}

/// Members who write articles: all but who is signed in.
pub(super) fn authors(book: &Book) -> Vec<Arc<str>> {
    book.members
        .keys()
        .filter(|username| **username != book.reader)
        .cloned()
        .collect()
}

#[expect(clippy::too_many_lines, reason = "one table")]
fn categories() -> Vec<Category> {
    let tree: [(&str, Option<&str>, &str); 26] = [
        ("Staff handbook", None, "How we work at Larder."),
        (
            "Customers",
            Some("Staff handbook"),
            "Rules and words for talking to customers.",
        ),
        (
            "Warehouse",
            Some("Staff handbook"),
            "Rules of the three warehouses.",
        ),
        (
            "Software",
            Some("Staff handbook"),
            "The shop as software: versions, outages, duty.",
        ),
        ("Prices", Some("Staff handbook"), "Lists of new prices."),
        (
            "Courses",
            Some("Staff handbook"),
            "Cooking courses in our stores.",
        ),
        (
            "Archive",
            Some("Staff handbook"),
            "Rules that no longer hold.",
        ),
        ("Sarn Isles", None, "An archipelago from which we buy."),
        ("Islands", Some("Sarn Isles"), "Islands that are lived on."),
        ("Villages", Some("Sarn Isles"), "Villages of the isles."),
        (
            "Crossings",
            Some("Sarn Isles"),
            "Ways from island to island.",
        ),
        ("Bridges", Some("Crossings"), "Bridges between islands."),
        ("Ferries", Some("Crossings"), "Ferries that run all year."),
        (
            "Tunnels",
            Some("Crossings"),
            "Tunnels between islands; none has been built.",
        ),
        ("Saltworks", Some("Sarn Isles"), "Where Sarn salt is made."),
        (
            "Lighthouses",
            Some("Sarn Isles"),
            "Lights that are or were lit.",
        ),
        ("Harbours", Some("Sarn Isles"), "Harbours of the isles."),
        ("People", Some("Sarn Isles"), "People of the isles."),
        ("Festivals", Some("Sarn Isles"), "Feasts of the isles."),
        ("Food", Some("Sarn Isles"), "What is eaten on the isles."),
        ("Lists", Some("Sarn Isles"), "Long tables."),
        (
            "Disambiguation",
            None,
            "Pages that tell things of one name apart.",
        ),
        ("Upkeep", None, "What needs care."),
        (
            "Pages without a source",
            Some("Upkeep"),
            "Pages that say something and not why.",
        ),
        (
            "Pages to be merged",
            Some("Upkeep"),
            "Pages about the same thing.",
        ),
        (
            "Pages to be split",
            Some("Upkeep"),
            "Pages about several things.",
        ),
    ];
    tree.into_iter()
        .map(|(name, parent, about)| Category {
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
            about: about.to_owned(),
        })
        .collect()
}

fn infoboxes() -> Vec<InfoboxKind> {
    let kinds: [(&str, &str, &[&str]); 9] = [
        (
            "island",
            "Islands",
            &["Group", "Area", "Population", "Highest point", "Settled"],
        ),
        (
            "village",
            "Villages",
            &["Island", "Population", "Area", "Founded"],
        ),
        (
            "saltworks",
            "Saltworks",
            &["Island", "Founded", "Yearly output", "Pans", "Owner"],
        ),
        (
            "bridge",
            "Bridges",
            &["Joins", "Work began", "Opened", "Length", "Spans"],
        ),
        ("ferry", "Ferries", &["Route", "Since", "Boat", "Crossing"]),
        (
            "lighthouse",
            "Lighthouses",
            &["Island", "Group", "Built", "Height", "Range"],
        ),
        (
            "harbour",
            "Harbours",
            &["Island", "Group", "Depth", "Berths", "Since"],
        ),
        ("person", "People", &["Born", "Born on", "Died", "Known as"]),
        (
            "festival",
            "Festivals",
            &["Island", "Month", "Since", "Guests"],
        ),
    ];
    kinds
        .into_iter()
        .map(|(kind, category, fields)| InfoboxKind {
            kind: kind.to_owned(),
            category: category.to_owned(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        })
        .collect()
}
