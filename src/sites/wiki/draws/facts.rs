//! Draws about what articles say: facts, tables, several articles in a row.

use serde_json::json;

use super::parts::{articles, ensure, fact, figure, of_kind, open_article, quoted, short, whole};
use crate::sites::tasks::draw::{Drawn, spread};
use crate::sites::wiki::markup::{self, Table};
use crate::sites::wiki::queries::{self, history, tables};
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::{Compare, TableView};

/// Kinds that share names, how a person calls them, and the fields that can be asked for: name,
/// words, unit.
type Asked = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str, &'static str)],
);
const ASKED: [Asked; 3] = [
    (
        "island",
        "the island of {name}",
        &[
            ("Area", "area of {thing}, in square kilometres", "km2"),
            ("Population", "population of {thing}", ""),
            (
                "Highest point",
                "height of the highest point of {thing}, in metres",
                "m",
            ),
        ],
    ),
    (
        "village",
        "the village of {name}",
        &[
            ("Area", "area of {thing}, in hectares", "ha"),
            ("Population", "population of {thing}", ""),
        ],
    ),
    (
        "saltworks",
        "the {name} saltworks",
        &[("Yearly output", "yearly output of {thing}, in tonnes", "t")],
    ),
];

/// W01: a fact of a thing whose name others share, with another value in an old revision.
pub(super) fn infobox_fact(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for (kind, called, fields) in ASKED {
        for page in of_kind(state, kind).filter(|page| page.title.contains(" (")) {
            let thing = called.replace("{name}", short(&page.title));
            for (field, words, unit) in fields {
                let asked = words.replace("{thing}", &thing);
                drawn.push(one_fact(state, page, field, &asked, unit));
            }
        }
    }
    drawn
}

fn one_fact(state: &WikiState, page: &Page, field: &str, asked: &str, unit: &str) -> Drawn {
    let value = figure(page, field).ok_or("the field is no number")?;
    let old = history::of(state, page.id)
        .into_iter()
        .filter_map(|revision| {
            let (document, _) = markup::parse(&revision.source);
            queries::tables::number(&document.infobox?.text(field)?)
        })
        .find(|old| (old - value).abs() > 0.01)
        .ok_or("the value was never another")?;
    let name = short(&page.title);
    let told_apart =
        queries::page(state, name).is_some_and(|page| page.content.document.disambiguation);
    ensure(told_apart, "no page tells the name apart")?;
    let namesakes: Vec<f64> = articles(state)
        .filter(|other| other.id != page.id && short(&other.title) == name)
        .filter_map(|other| figure(other, field).or_else(|| figure(other, "Founded")))
        .collect();
    let namesake = *namesakes.first().ok_or("no namesake has a figure")?;
    ensure(
        namesakes.iter().all(|other| (other - value).abs() > 0.01),
        "a namesake has the same figure",
    )?;
    let other_unit = figure(page, "Area in square miles").filter(|_| field == "Area");
    let mut steps = open_article(&page.title);
    steps.push(format!("read value after '{}'", quoted(field)));
    steps.push("answer '$value'".to_owned());
    Ok(json!({
        "asked": asked,
        "article": page.title,
        "value": whole(value),
        "unit": if unit.is_empty() { json!(null) } else { json!(unit) },
        "unit_text": unit,
        "old": whole(old),
        "namesake": whole(namesake),
        "other_unit": whole(other_unit.unwrap_or(value * 2.0)),
        "steps": steps,
    }))
}

/// Title of a list, what a row is called, and for each column its name and how it is asked for.
type ListFacts = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Lists, what a row is called, columns that are numbers, and how they are asked for.
const LISTS: [ListFacts; 4] = [
    (
        "List of lighthouses",
        "lighthouse",
        &[("Height", "lowest height"), ("Range", "shortest range")],
    ),
    (
        "List of harbours",
        "harbour",
        &[("Depth", "least depth"), ("Berths", "fewest berths")],
    ),
    (
        "List of storms",
        "storm",
        &[
            ("Wind", "weakest wind"),
            ("Boats lost", "fewest boats lost"),
        ],
    ),
    (
        "List of wrecks",
        "wreck",
        &[("Depth", "least depth"), ("Size", "smallest size")],
    ),
];

/// W02: the lowest of a column among the rows of a group, where sorting as text misleads.
pub(super) fn table_lowest(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for (title, noun, columns) in LISTS {
        let Some(page) = queries::page(state, title) else {
            continue;
        };
        let Some(table) = page.content.document.tables().next() else {
            continue;
        };
        let mut conditions: Vec<(usize, String)> = Vec::new();
        for at in [1, 2] {
            conditions.extend((0..table.rows.len()).map(|row| (at, table.cell(row, at))));
        }
        conditions.sort();
        conditions.dedup();
        for (column, words) in columns {
            for (at, condition) in &conditions {
                drawn.push(one_lowest(
                    table,
                    page,
                    noun,
                    (column, words),
                    (*at, condition),
                ));
            }
        }
    }
    spread(drawn, "answer")
}

fn one_lowest(
    table: &Table,
    page: &Page,
    noun: &str,
    (column, words): (&str, &str),
    (at, condition): (usize, &str),
) -> Drawn {
    let view = |compare| TableView {
        table: table.caption.clone(),
        rows: Some(condition.to_owned()),
        by: Some(column.to_owned()),
        descending: false,
        compare,
    };
    let place = table.column(column).ok_or("no such column")?;
    let figure = |row: usize| tables::number(&table.cell(row, place)).unwrap_or(f64::MAX);
    let rows = tables::rows(table, Some(&view(Compare::Number)));
    ensure(
        rows.iter().all(|row| table.cell(*row, at) == condition),
        "the words stand in another column, too",
    )?;
    ensure(rows.len() >= 4, "fewer than 4 rows fit")?;
    let (winner, second) = (rows[0], rows[1]);
    ensure(figure(second) > figure(winner), "two are lowest")?;
    let as_text = tables::rows(table, Some(&view(Compare::Text)))[0];
    ensure(as_text != winner, "sorting as text gives the same")?;
    let all = TableView {
        rows: None,
        ..view(Compare::Number)
    };
    let overall = tables::rows(table, Some(&all))[0];
    ensure(overall != winner, "it is the lowest of all")?;
    let highest = rows[rows.len() - 1];
    let first_row = table.columns.len() + 1;
    let mut steps = open_article(&page.title);
    steps.extend([
        format!("fill 'Only rows with' '{}'", quoted(condition)),
        "click button 'Show rows'".to_owned(),
        format!(
            "click link '{}' within 'Table {}'",
            quoted(column),
            quoted(&table.caption)
        ),
        "click link 'Compare as numbers'".to_owned(),
        format!(
            "read name link {first_row} within 'Table {}'",
            quoted(&table.caption)
        ),
        "answer '$name'".to_owned(),
    ]);
    let of = match table.columns[at].as_str() {
        "Island" => format!("those on {condition}"),
        "Worst on" => format!("those that were worst on {condition}"),
        "Near" => format!("those near {condition}"),
        "Group" => format!("those in the {condition}"),
        other => return Err(format!("no words for the column {other:?}")),
    };
    Ok(json!({
        "list": page.title.to_lowercase(),
        "noun": noun,
        "lowest": words,
        "of": of,
        "answer": table.cell(winner, 0),
        "cell": table.cell(winner, place),
        "as_text": table.cell(as_text, 0),
        "overall": table.cell(overall, 0),
        "highest": table.cell(highest, 0),
        "second": table.cell(second, 0),
        "steps": steps,
    }))
}

/// W04: from a person to the island of birth, to its larger or smaller neighbour, to the bridge
/// between, when it was opened or begun.
pub(super) fn bridge_year(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for person in of_kind(state, "person") {
        for to_larger in [true, false] {
            for asked in YEARS {
                drawn.push(one_bridge(state, person, to_larger, asked));
            }
        }
    }
    spread(drawn, "year")
}

/// A year of a bridge: its name in the infobox, and how it is asked for and told.
#[derive(Clone, Copy)]
struct Year {
    fact: &'static str,
    question: &'static str,
    told: &'static str,
}

const YEARS: [Year; 2] = [
    Year {
        fact: "Opened",
        question: "was the bridge opened",
        told: "It was opened",
    },
    Year {
        fact: "Work began",
        question: "did work begin on the bridge",
        told: "Work began",
    },
];

fn one_bridge(state: &WikiState, person: &Page, to_larger: bool, asked: Year) -> Drawn {
    let infobox = person
        .content
        .document
        .infobox
        .as_ref()
        .ok_or("no infobox")?;
    let born_on = infobox.links("Born on");
    let link = born_on.first().ok_or("no island of birth")?;
    let island = queries::target(state, &link.target).ok_or("no page of the island")?;
    let area = |page: &Page| figure(page, "Area").unwrap_or(0.0);
    let mut bridges: Vec<(&Page, &Page)> = of_kind(state, "bridge")
        .filter_map(|bridge| Some((bridge, far_end(state, bridge, island)?)))
        .collect();
    bridges.sort_by(|left, right| area(right.1).total_cmp(&area(left.1)));
    let [first, second] = bridges.as_slice() else {
        return Err("the island has not two bridges".into());
    };
    let ((_, larger), (_, smaller)) = (first, second);
    ensure(
        area(larger) > area(island) && area(smaller) < area(island),
        "its neighbours are not one larger and one smaller",
    )?;
    let year = |page: &Page, field: &str| fact(page, field).ok_or("no year");
    let ((bridge, end), (other, _)) = if to_larger {
        (first, second)
    } else {
        (second, first)
    };
    let [opened, begun] = YEARS.map(|one| year(bridge, one.fact));
    let (right, wrong) = if asked.fact == YEARS[0].fact {
        (opened?, begun?)
    } else {
        (begun?, opened?)
    };
    let of_other = year(other, asked.fact)?;
    ensure(
        right != of_other && right != wrong,
        "two years are the same",
    )?;
    let steps = [
        open_article(&person.title),
        vec![
            format!("click link '{}' nth 1", quoted(&link.words)),
            format!("see '{}'", quoted(short(&end.title))),
            format!("click link '{}'", quoted(&bridge.title)),
            format!("read year after '{}'", asked.fact),
            "answer '$year'".to_owned(),
        ],
    ];
    Ok(json!({
        "person": person.title,
        "island": island.title,
        "bridge": bridge.title,
        "when": asked.question,
        "told": asked.told,
        "neighbour": if to_larger { "larger" } else { "smaller" },
        "year": right.parse::<u32>().map_err(|_| "no year")?,
        "wrong": wrong,
        "other": of_other,
        "born": year(person, "Born")?,
        "steps": steps.concat(),
    }))
}

/// The island at the other end of a bridge that begins on an island.
fn far_end<'a>(state: &'a WikiState, bridge: &Page, island: &Page) -> Option<&'a Page> {
    let infobox = bridge.content.document.infobox.as_ref()?;
    let ends: Vec<&Page> = infobox
        .links("Joins")
        .into_iter()
        .filter_map(|link| queries::target(state, &link.target))
        .collect();
    let (near, far): (Vec<&Page>, Vec<&Page>) =
        ends.into_iter().partition(|end| end.id == island.id);
    (near.len() == 1).then(|| far.first().copied()).flatten()
}
