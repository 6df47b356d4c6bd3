//! Islands, villages, saltworks.

use rand_chacha::ChaCha8Rng;

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::{Island, Isles, Village, Works};
use super::super::names::pick;
use super::{grouped, island};

const SHAPES: [&str; 5] = [
    "long and narrow, with a ridge from north to south",
    "almost round, with a flat middle and a steep rim",
    "low in the east and high in the west",
    "cut nearly in two by a sea inlet",
    "a single hill with a skirt of meadows",
];
const PLANTS: [&str; 6] = [
    "sea kale",
    "bog myrtle",
    "wild thyme",
    "dwarf juniper",
    "marsh samphire",
    "thrift",
];
const BIRDS: [&str; 6] = [
    "oystercatchers",
    "black guillemots",
    "storm petrels",
    "eiders",
    "curlews",
    "arctic terns",
];
const TRADES: [&str; 5] = ["smoked fish", "wool", "rope", "dried kelp", "barley"];

pub(super) fn islands(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    (0..isles.islands.len())
        .map(|at| one_island(rng, isles, at))
        .collect()
}

fn one_island(rng: &mut ChaCha8Rng, isles: &Isles, at: usize) -> Draft {
    let facts = &isles.islands[at];
    let name = &facts.name;
    Draft::new(&facts.title)
        .infobox("island", island_fields(isles, at, facts))
        .lead(vec![
            format!("**{name}** is one of the [[{}]].", facts.group),
            format!(
                "It was settled around {} and has lived from the sea ever since.",
                facts.settled
            ),
            "Most of its houses stand on the side that looks away from the wind.".to_owned(),
        ])
        .section(
            "Geography",
            vec![Chunk::para([
                format!("The island is {}.", pick(rng, &SHAPES)),
                format!("Its highest point lies {} m above the sea.", facts.peak),
                "There is no river, but three burns run all year.".to_owned(),
                "The tide leaves wide flats on the sheltered shore.".to_owned(),
            ])],
        )
        .section(
            "Wildlife",
            vec![Chunk::para([
                format!("The heath is known for its {}.", pick(rng, &PLANTS)),
                format!(
                    "In spring {} breed on the western rocks.",
                    pick(rng, &BIRDS)
                ),
                "Seals rest on the skerries from October on.".to_owned(),
                "Dogs are kept on a lead during the breeding season.".to_owned(),
            ])],
        )
        .section(
            "Economy",
            vec![Chunk::para([
                format!("Besides fishing, the island sells {}.", pick(rng, &TRADES)),
                salt_sentence(isles, at),
                "The shop at the harbour is run by a cooperative.".to_owned(),
                "Two families still build boats to order.".to_owned(),
            ])],
        )
        .section(
            "Getting there",
            vec![
                Chunk::List(ways(isles, at)),
                Chunk::para([
                    "In winter the last crossing leaves before dark.".to_owned(),
                    "Bicycles travel free.".to_owned(),
                ]),
            ],
        )
        .section("Villages", vec![Chunk::List(villages_of(isles, at))])
}

fn island_fields(isles: &Isles, at: usize, facts: &Island) -> Vec<(&'static str, String)> {
    let neighbours: Vec<String> = isles
        .bridges
        .iter()
        .filter_map(|bridge| match (bridge.from == at, bridge.to == at) {
            (true, _) => Some(island(isles, bridge.to)),
            (_, true) => Some(island(isles, bridge.from)),
            _ => None,
        })
        .collect();
    let miles = facts.area * 386 / 1_000;
    let mut fields = vec![
        ("Group", format!("[[{}]]", facts.group)),
        (
            "Area",
            format!("{}.{} km²", facts.area / 10, facts.area % 10),
        ),
        (
            "Area in square miles",
            format!("{}.{}", miles / 10, miles % 10),
        ),
        ("Population", grouped(facts.people)),
        ("Highest point", format!("{} m", facts.peak)),
        ("Settled", facts.settled.to_string()),
    ];
    if !neighbours.is_empty() {
        fields.push(("Joined by bridge to", neighbours.join(", ")));
    }
    fields
}

fn salt_sentence(isles: &Isles, at: usize) -> String {
    let works: Vec<String> = isles
        .works
        .iter()
        .filter(|works| works.island == at)
        .map(|works| link(&works.title, &format!("works at {}", works.name)))
        .collect();
    if works.is_empty() {
        "Salt was never made here.".to_owned()
    } else {
        format!("Salt comes from the {}.", works.join(" and the "))
    }
}

/// Bridges and ferries of an island, as items of a list.
fn ways(isles: &Isles, at: usize) -> Vec<String> {
    let other = |from: usize, to: usize| island(isles, if from == at { to } else { from });
    let bridges = isles
        .bridges
        .iter()
        .filter(|bridge| bridge.from == at || bridge.to == at)
        .map(|bridge| format!("[[{}]] to {}", bridge.title, other(bridge.from, bridge.to)));
    let ferries = isles
        .ferries
        .iter()
        .filter(|ferry| ferry.from == at || ferry.to == at)
        .map(|ferry| format!("[[{}]] to {}", ferry.title, other(ferry.from, ferry.to)));
    let mut ways: Vec<String> = bridges.chain(ferries).collect();
    if ways.is_empty() {
        ways.push("The mail boat calls on Tuesdays and Fridays".to_owned());
    }
    ways
}

fn villages_of(isles: &Isles, at: usize) -> Vec<String> {
    let mut villages: Vec<String> = isles
        .villages
        .iter()
        .filter(|village| village.island == at)
        .map(|village| link(&village.title, &village.name))
        .collect();
    if villages.is_empty() {
        villages.push("There are only scattered farms".to_owned());
    }
    villages
}

pub(super) fn villages(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .villages
        .iter()
        .map(|village| one_village(rng, isles, village))
        .collect()
}

fn one_village(rng: &mut ChaCha8Rng, isles: &Isles, village: &Village) -> Draft {
    let name = &village.name;
    Draft::new(&village.title)
        .infobox(
            "village",
            vec![
                ("Island", island(isles, village.island)),
                ("Population", grouped(village.people)),
                ("Area", format!("{} ha", village.hectares)),
                ("Founded", village.founded.to_string()),
            ],
        )
        .lead(vec![
            format!(
                "**{name}** is a village on {}.",
                island(isles, village.island)
            ),
            format!(
                "It grew around a landing place that is first named in {}.",
                village.founded
            ),
        ])
        .section(
            "The village",
            vec![Chunk::para([
                "One street follows the shore, a second one climbs to the chapel.".to_owned(),
                "The houses are built of dark stone with white sills.".to_owned(),
                format!("Behind the last gardens grows {}.", pick(rng, &PLANTS)),
                "A bench at the upper end looks over the whole bay.".to_owned(),
            ])],
        )
        .section(
            "Work",
            vec![Chunk::para([
                format!("The weekly market sells {} and bread.", pick(rng, &TRADES)),
                "The school has two rooms and one teacher.".to_owned(),
                "Since the road was paved, a bus meets every boat.".to_owned(),
            ])],
        )
        .section(
            "Notes",
            vec![Chunk::para([
                "The name is said to mean a place where nets are dried.".to_owned(),
                "Old maps spell it in three ways.".to_owned(),
            ])],
        )
}

pub(super) fn works(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .works
        .iter()
        .map(|works| one_works(rng, isles, works))
        .collect()
}

fn one_works(rng: &mut ChaCha8Rng, isles: &Isles, works: &Works) -> Draft {
    let founder = &isles.people[works.founder].name;
    Draft::new(&works.title)
        .infobox(
            "saltworks",
            vec![
                ("Island", island(isles, works.island)),
                ("Founded", works.founded.to_string()),
                ("Yearly output", format!("{} t", grouped(works.tonnes))),
                ("Pans", works.pans.to_string()),
                (
                    "Owner",
                    pick(rng, &["a cooperative", "a family", "the parish", "a trust"]).to_owned(),
                ),
            ],
        )
        .lead(vec![
            format!(
                "The **{} saltworks** lie on {}.",
                works.name,
                island(isles, works.island)
            ),
            format!(
                "They were founded in {} and named after the place.",
                works.founded
            ),
        ])
        .section(
            "How the salt is made",
            vec![Chunk::para([
                "Sea water is let into shallow ponds and thickened by wind and sun.".to_owned(),
                "It is then boiled in iron pans until crystals form.".to_owned(),
                format!(
                    "A few hands of {} give the smoke its scent.",
                    pick(rng, &PLANTS)
                ),
                "The finest grain is raked off by hand.".to_owned(),
            ])],
        )
        .section(
            "History",
            vec![Chunk::para([
                format!("The founder is not known for certain, but papers name {founder}."),
                "A fire took the roof of the boiling house and it was built again in stone."
                    .to_owned(),
                "For some years the works stood idle for want of coal.".to_owned(),
                "Today most of the output is sold on the mainland.".to_owned(),
            ])],
        )
        .section(
            "Visits",
            vec![Chunk::para([
                "Visitors are shown around from May to September.".to_owned(),
                "Stout shoes are a good idea, as the yard is always wet.".to_owned(),
                "A small shop sells salt by weight.".to_owned(),
            ])],
        )
}
