//! Lists: the long tables.

use super::super::draft::{Chunk, Draft, link};
use super::super::isles::{Entry, Isles};
use super::{grouped, island};

pub(super) fn drafts(isles: &Isles) -> Vec<Draft> {
    vec![
        lights(isles),
        harbours(isles),
        storms(isles),
        wrecks(isles),
        bridges(isles),
        ferries(isles),
        saltworks(isles),
        islands(isles),
    ]
}

fn list(title: &str, about: &str, table: Chunk) -> Draft {
    Draft::new(title)
        .category("Lists")
        .lead(vec![about.to_owned()])
        .section("Table", vec![table])
        .section(
            "Sources",
            vec![Chunk::para([
                "The figures are taken from the yearbooks of the harbour office.".to_owned(),
                "Please give a source when you correct one.".to_owned(),
            ])],
        )
}

fn rows(
    isles: &Isles,
    entries: &[Entry],
    cells: impl Fn(&Entry) -> Vec<String>,
    first: impl Fn(&Entry) -> String,
) -> Vec<Vec<String>> {
    entries
        .iter()
        .map(|entry| {
            let mut row = vec![first(entry), island(isles, entry.island)];
            row.push(isles.islands[entry.island].group.to_owned());
            row.extend(cells(entry));
            row
        })
        .collect()
}

fn plain(entry: &Entry) -> String {
    format!("[[{}]]", entry.name)
}

fn lights(isles: &Isles) -> Draft {
    let rows = rows(
        isles,
        &isles.lights,
        |light| {
            let [built, height, range] = light.numbers;
            vec![
                built.to_string(),
                format!("{height} m"),
                format!("{range} km"),
            ]
        },
        plain,
    );
    let columns = vec!["Light", "Island", "Group", "Built", "Height", "Range"];
    list(
        "List of lighthouses",
        "All lighthouses of the Sarn Isles that are or were lit. Height is that of the tower, range that of the beam on a clear night.",
        Chunk::Table("Lighthouses".to_owned(), columns, rows),
    )
}

fn harbours(isles: &Isles) -> Draft {
    let rows = rows(
        isles,
        &isles.harbours,
        |harbour| {
            let [depth, berths, since] = harbour.numbers;
            vec![
                format!("{}.{} m", depth / 10, depth % 10),
                berths.to_string(),
                since.to_string(),
            ]
        },
        plain,
    );
    let columns = vec!["Harbour", "Island", "Group", "Depth", "Berths", "Since"];
    list(
        "List of harbours",
        "Harbours of the Sarn Isles, with their depth at low water and the number of berths.",
        Chunk::Table("Harbours".to_owned(), columns, rows),
    )
}

fn storms(isles: &Isles) -> Draft {
    let rows = rows(
        isles,
        &isles.storms,
        |storm| {
            let [year, wind, boats] = storm.numbers;
            vec![year.to_string(), format!("{wind} km/h"), boats.to_string()]
        },
        plain,
    );
    let columns = vec!["Storm", "Worst on", "Group", "Year", "Wind", "Boats lost"];
    list(
        "List of storms",
        "Storms that are named in the harbour books, with the strongest wind and the number of boats that were lost.",
        Chunk::Table("Storms".to_owned(), columns, rows),
    )
}

fn wrecks(isles: &Isles) -> Draft {
    let rows = rows(
        isles,
        &isles.wrecks,
        |wreck| {
            let [year, depth, tons] = wreck.numbers;
            vec![
                year.to_string(),
                format!("{depth} m"),
                format!("{} t", grouped(tons)),
            ]
        },
        plain,
    );
    let columns = vec!["Wreck", "Near", "Group", "Lost", "Depth", "Size"];
    list(
        "List of wrecks",
        "Wrecks around the Sarn Isles that divers have found, with their depth and the size of the ship.",
        Chunk::Table("Wrecks".to_owned(), columns, rows),
    )
}

fn bridges(isles: &Isles) -> Draft {
    let rows = isles
        .bridges
        .iter()
        .map(|bridge| {
            vec![
                format!("[[{}]]", bridge.title),
                isles.islands[bridge.from].name.clone(),
                isles.islands[bridge.to].name.clone(),
                format!("{} m", bridge.metres),
                bridge.spans.to_string(),
            ]
        })
        .collect();
    let columns = vec!["Bridge", "From", "To", "Length", "Spans"];
    list(
        "List of bridges",
        "Bridges between islands. Those within an island are left out.",
        Chunk::Table("Bridges".to_owned(), columns, rows),
    )
}

fn ferries(isles: &Isles) -> Draft {
    let rows = isles
        .ferries
        .iter()
        .map(|ferry| {
            vec![
                format!("[[{}]]", ferry.title),
                isles.islands[ferry.from].name.clone(),
                isles.islands[ferry.to].name.clone(),
                ferry.boat.clone(),
                ferry.minutes.to_string(),
            ]
        })
        .collect();
    let columns = vec!["Ferry", "From", "To", "Boat", "Minutes"];
    list(
        "List of ferries",
        "Ferries that run all year. Boats for outings are left out.",
        Chunk::Table("Ferries".to_owned(), columns, rows),
    )
}

fn saltworks(isles: &Isles) -> Draft {
    let rows = isles
        .works
        .iter()
        .map(|works| {
            vec![
                link(&works.title, &works.name),
                isles.islands[works.island].name.clone(),
                works.founded.to_string(),
                works.pans.to_string(),
            ]
        })
        .collect();
    let columns = vec!["Saltworks", "Island", "Founded", "Pans"];
    list(
        "List of saltworks",
        "Saltworks that are at work today.",
        Chunk::Table("Saltworks".to_owned(), columns, rows),
    )
}

fn islands(isles: &Isles) -> Draft {
    let rows = isles
        .islands
        .iter()
        .map(|island| {
            vec![
                link(&island.title, &island.name),
                island.group.to_owned(),
                format!("{} m", island.peak),
                island.settled.to_string(),
            ]
        })
        .collect();
    let columns = vec!["Island", "Group", "Highest point", "Settled"];
    list(
        "List of islands",
        "Islands that are lived on all year.",
        Chunk::Table("Islands".to_owned(), columns, rows),
    )
}
