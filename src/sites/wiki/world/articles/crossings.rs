//! Bridges and ferries.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::{Bridge, Ferry, Isles};
use super::super::names::pick;
use super::island;

const STONES: [&str; 4] = ["granite", "dark basalt", "grey whinstone", "iron and oak"];

pub(super) fn bridges(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .bridges
        .iter()
        .map(|bridge| one_bridge(rng, isles, bridge))
        .collect()
}

fn one_bridge(rng: &mut ChaCha8Rng, isles: &Isles, bridge: &Bridge) -> Draft {
    let (from, to) = (island(isles, bridge.from), island(isles, bridge.to));
    let builder = &isles.people[bridge.builder].name;
    Draft::new(&bridge.title)
        .infobox(
            "bridge",
            vec![
                ("Joins", format!("{from} and {to}")),
                ("Work began", bridge.begun.to_string()),
                ("Opened", bridge.opened.to_string()),
                ("Length", format!("{} m", bridge.metres)),
                ("Spans", bridge.spans.to_string()),
                ("Planned by", link(builder, builder)),
            ],
        )
        .lead(vec![
            format!("The **{}** joins {from} and {to}.", bridge.title),
            format!(
                "Work began in {}; the first cart crossed in {}.",
                bridge.begun, bridge.opened
            ),
        ])
        .section(
            "Building",
            vec![Chunk::para([
                format!("The piers are of {}.", pick(rng, &STONES)),
                "Every stone came by boat, because no road was wide enough.".to_owned(),
                "Divers worked in the two hours around low water.".to_owned(),
                "The plan was changed twice while the work went on.".to_owned(),
            ])],
        )
        .section(
            "Traffic",
            vec![Chunk::para([
                "Heavy lorries cross one at a time.".to_owned(),
                "In a gale the bridge is closed to bicycles.".to_owned(),
                "A toll was taken until the debt was paid.".to_owned(),
            ])],
        )
        .section(
            "In the arts",
            vec![Chunk::para([
                "The bridge is on the back of the old ten-crown note.".to_owned(),
                "Several songs tell of a piper who would not stop halfway.".to_owned(),
            ])],
        )
}

pub(super) fn ferries(rng: &mut ChaCha8Rng, isles: &Isles) -> Vec<Draft> {
    isles
        .ferries
        .iter()
        .map(|ferry| one_ferry(rng, isles, ferry))
        .collect()
}

fn one_ferry(rng: &mut ChaCha8Rng, isles: &Isles, ferry: &Ferry) -> Draft {
    let (from, to) = (island(isles, ferry.from), island(isles, ferry.to));
    let summer = sailings(rng, isles, ferry, 11);
    let winter = sailings(rng, isles, ferry, 6);
    let columns = || vec!["Departs", "From", "Minutes", "Fare", "Days"];
    Draft::new(&ferry.title)
        .infobox(
            "ferry",
            vec![
                ("Route", format!("{from} and {to}")),
                ("Since", ferry.since.to_string()),
                ("Boat", ferry.boat.clone()),
                ("Crossing", format!("{} min", ferry.minutes)),
            ],
        )
        .lead(vec![
            format!("The **{}** runs between {from} and {to}.", ferry.title),
            format!("Its boat is the ''{}''.", ferry.boat),
            "It carries people, mail and small goods.".to_owned(),
        ])
        .section(
            "History",
            vec![Chunk::para([
                format!("The line has run since {}.", ferry.since),
                "Before that, people asked a fisherman and paid in kind.".to_owned(),
                "The present boat is the fourth one.".to_owned(),
            ])],
        )
        .section(
            "Timetable",
            vec![
                Chunk::Table("Summer sailings".to_owned(), columns(), summer),
                Chunk::Table("Winter sailings".to_owned(), columns(), winter),
                Chunk::para([
                    "Be at the pier ten minutes before the boat leaves.".to_owned(),
                    "Children under six travel free.".to_owned(),
                ]),
            ],
        )
        .section(
            "Notes",
            vec![Chunk::para([
                "In thick fog a bell is rung on both piers.".to_owned(),
                "The ticket office closes for an hour at noon.".to_owned(),
            ])],
        )
}

/// Sailings by time of departure.
fn sailings(rng: &mut ChaCha8Rng, isles: &Isles, ferry: &Ferry, count: u32) -> Vec<Vec<String>> {
    let ends = [ferry.from, ferry.to];
    (0..count)
        .map(|at| {
            let minutes = 6 * 60 + 10 + at * (840 / count) + 5 * rng.random_range(0..8);
            let side = ends[at as usize % 2];
            let fare = 320 + 20 * rng.random_range(0..16);
            vec![
                format!("{:02}:{:02}", minutes / 60, minutes % 60),
                isles.islands[side].name.clone(),
                (ferry.minutes + rng.random_range(0..6)).to_string(),
                format!("${}.{:02}", fare / 100, fare % 100),
                pick(rng, &["daily", "weekdays", "weekends"]).to_owned(),
            ]
        })
        .collect()
}
