//! Draws about changing texts, tables, titles.

use serde_json::{Value, json};

use super::parts::{
    articles, changes_to, ensure, of_kind, open_article, quoted, relinked_source, section, short,
};
use crate::sites::tasks::draw::Drawn;
use crate::sites::wiki::markup::{self, Inline, Link, Place, Table};
use crate::sites::wiki::queries::{self, links};
use crate::sites::wiki::records;
use crate::sites::wiki::state::{Page, WikiState, fold_title};

/// W05: words that lead to the wrong one of several pages of a name.
pub(super) fn wrong_link(state: &WikiState) -> Vec<Drawn> {
    wrong_links(state, false)
}

/// N10: the same on a page that only stewards change.
pub(super) fn wrong_link_protected(state: &WikiState) -> Vec<Drawn> {
    wrong_links(state, true)
}

fn wrong_links(state: &WikiState, protected: bool) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for page in articles(state).filter(|page| queries::may_write(state, page) != protected) {
        for (place, link) in page.content.document.links() {
            let is_sense = link.target.contains(" (") && link.words.contains("the ");
            if place == Place::Text && is_sense {
                drawn.push(one_wrong_link(state, page, link));
            }
        }
    }
    drawn
}

fn one_wrong_link(state: &WikiState, page: &Page, link: &Link) -> Drawn {
    let name = short(&link.target);
    ensure(link.words.contains(name), "the words do not name it")?;
    let mut senses: Vec<&Page> = articles(state)
        .filter(|other| short(&other.title) == name && other.title.contains(" ("))
        .filter(|other| fold_title(&other.title) != fold_title(&link.target))
        .collect();
    senses.sort_by_key(|sense| sense.title.len() + sense.id as usize % 2);
    let [target, namesake] = senses.as_slice() else {
        return Err("the name has not three meanings".into());
    };
    ensure(
        page.id != target.id && page.id != namesake.id,
        "the page is one of them",
    )?;
    let times = page.content.source.matches(&link.words).count();
    ensure(times == 2, "the words do not stand there twice")?;
    let heading = heading_of(page, link).ok_or("the link stands in no section")?;
    let (place, key, text) = section(page, &heading).ok_or("no such section")?;
    let old = format!("[[{}|{}]]", link.target, link.words);
    ensure(
        text.matches(&old).count() == 1,
        "the link is not there once",
    )?;
    let with = |title: &str| {
        let fixed = text.replace(&old, &format!("[[{title}|{}]]", link.words));
        (fixed.clone(), canonical(&fixed))
    };
    let (fixed, expected) = with(&target.title);
    let (_, wrong) = with(&namesake.title);
    let renamed = canonical(&text.replace(&old, &format!("[[{}]]", target.title)));
    let mut steps = open_article(&page.title);
    steps.extend([
        format!("click link 'Edit section: {}'", quoted(&heading)),
        format!("fill 'Text' '{}'", quoted(&fixed)),
        "click button 'Save changes'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "article": page.title,
        "page": page.id,
        "words": link.words,
        "target": target.title,
        "place": place,
        "key": key,
        "text": expected,
        "wrong": wrong,
        "renamed": renamed,
        "open": open_article(&page.title),
        "steps": steps,
    }))
}

/// The heading of the section in which a link stands.
fn heading_of(page: &Page, wanted: &Link) -> Option<String> {
    page.content
        .document
        .sections
        .iter()
        .find(|section| {
            section
                .blocks
                .iter()
                .flat_map(|block| block.inlines())
                .any(|inline| matches!(inline, Inline::Link(link) if link == wanted))
        })
        .map(|section| section.heading.clone())
}

/// What a section says, from its text with its heading.
fn canonical(text: &str) -> String {
    let (document, _) = markup::parse(text);
    document
        .sections
        .first()
        .map_or_else(String::new, records::section_text)
}

/// W06: one more sailing, at its place by time.
pub(super) fn table_row(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for page in of_kind(state, "ferry") {
        for table in page.content.document.tables() {
            for before in 2..table.rows.len().saturating_sub(1) {
                drawn.push(one_row(page, table, before));
            }
        }
    }
    drawn
}

/// Minutes since midnight of a time such as `07:35`.
fn minutes(time: &str) -> Option<u32> {
    let (hour, minute) = time.split_once(':')?;
    Some(hour.parse::<u32>().ok()? * 60 + minute.parse::<u32>().ok()?)
}

fn one_row(page: &Page, table: &Table, before: usize) -> Drawn {
    let time = |row: usize| minutes(&table.cell(row, 0)).ok_or("no time");
    let (from, to) = (time(before - 1)?, time(before)?);
    ensure(to >= from + 12, "there is no room between two sailings")?;
    ensure(
        page.content.document.tables().count() >= 2,
        "the page has one table",
    )?;
    let at = u32::midpoint(from, to);
    let at_text = format!("{:02}:{:02}", at / 60, at % 60);
    let duration = time(before)? % 17 + 31;
    let fare = format!("${}.{}0", 4 + at % 3, 1 + at % 8);
    let pier = table.cell(before, 1);
    let cells = [
        at_text,
        pier,
        duration.to_string(),
        fare,
        "daily".to_owned(),
    ];
    let row: Vec<Value> = cells.iter().map(|cell| json!(cell)).collect();
    let rows = |place: usize, row: &[Value]| {
        let mut rows = records::table_rows(table)
            .as_array()
            .cloned()
            .unwrap_or_default();
        rows.insert(place.min(rows.len()), json!(row));
        Value::Array(rows)
    };
    let mut swapped = row.clone();
    swapped.swap(2, 3);
    let other = page
        .content
        .document
        .tables()
        .find(|other| other.caption != table.caption)
        .ok_or("the page has one table")?;
    let mut other_rows = records::table_rows(other)
        .as_array()
        .cloned()
        .unwrap_or_default();
    other_rows.push(json!(row));
    let mut steps = open_article(&page.title);
    steps.extend([
        format!("click link 'Edit table: {}'", quoted(&table.caption)),
        "click link 'New row'".to_owned(),
    ]);
    for (column, cell) in table.columns.iter().zip(&cells) {
        steps.push(format!("fill '{}' '{}'", quoted(column), quoted(cell)));
    }
    steps.extend([
        format!(
            "select 'Place' 'Before {} ({})'",
            table.cell(before, 0),
            quoted(&table.cell(before, 1))
        ),
        "click button 'Save row'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "article": page.title,
        "table": table.caption,
        "key": format!("{}/{}", page.id, table.caption),
        "other_key": format!("{}/{}", page.id, other.caption),
        "time": cells[0],
        "from": cells[1],
        "minutes": cells[2],
        "fare": cells[3],
        "rows": rows(before, &row),
        "at_end": rows(table.rows.len(), &row),
        "one_late": rows(before + 1, &row),
        "swapped": rows(before, &swapped),
        "other_rows": other_rows,
        "steps": steps,
    }))
}

/// W08: another title for a page that others link to.
pub(super) fn rename(state: &WikiState) -> Vec<Drawn> {
    ["bridge", "ferry", "saltworks"]
        .into_iter()
        .flat_map(|kind| of_kind(state, kind))
        .map(|page| one_rename(state, page))
        .collect()
}

fn one_rename(state: &WikiState, page: &Page) -> Drawn {
    let old = page.title.to_string();
    ensure(!old.contains('('), "the title tells a name apart")?;
    let new = format!("Old {old}");
    ensure(
        queries::page(state, &new).is_none(),
        "the new title is taken",
    )?;
    let linking = links::links_to(state, &old);
    let own: Vec<_> = linking
        .iter()
        .filter(|one| !queries::is_redirect(one.page))
        .collect();
    ensure(
        (3..=6).contains(&own.len()),
        "not three to six pages link to it",
    )?;
    ensure(
        own.iter()
            .all(|one| one.links.len() == 1 && queries::may_write(state, one.page)),
        "a page links to it twice or is protected",
    )?;
    let places: Vec<Place> = own.iter().map(|one| one.links[0].0).collect();
    ensure(places.contains(&Place::Table), "no table links to it")?;
    ensure(
        own.iter().any(|one| one.links[0].1.words != old),
        "every link has the title as its words",
    )?;
    let mut expect = vec![
        json!({"op": "change", "collection": "wiki.articles", "key": page.id.to_string(), "fields": {"title": new}}),
        redirect_record(&old, &new),
    ];
    for one in &own {
        expect.extend(relinked_changes(one.page, &old, &new));
    }
    let steps = rename_steps(
        page,
        &new,
        &own.iter().map(|one| one.page).collect::<Vec<_>>(),
    );
    let reworded = own
        .iter()
        .position(|one| one.links[0].1.words != old)
        .ok_or("no other words")?;
    let reworded_source = own[reworded].page.content.source.replace(
        &format!("[[{old}|{}]]", own[reworded].links[0].1.words),
        &format!("[[{new}]]"),
    );
    let reworded_change = changes_to(own[reworded].page, &reworded_source);
    let reworded_text = reworded_change
        .first()
        .map(|change| change["fields"].clone());
    Ok(json!({
        "article": old,
        "title": new,
        "expect": expect,
        "reworded_at": reworded + 2,
        "reworded": reworded_text,
        "last": expect.len() - 1,
        "steps": steps,
    }))
}

/// The page that leads from the old title to the new one.
fn redirect_record(old: &str, new: &str) -> Value {
    json!({"op": "add", "collection": "wiki.articles", "fields": {
        "title": old,
        "protected": false,
        "redirect": new,
        "disambiguation": false,
        "categories": [],
        "infobox": null,
        "lead": "",
        "outline": [],
    }})
}

/// How a page's records change when its links follow; a link that shows the title may show the
/// old or the new one.
fn relinked_changes(page: &Page, old: &str, new: &str) -> Vec<Value> {
    let source = &page.content.source;
    let kept = changes_to(page, &relinked_source(source, old, new, false));
    let followed = changes_to(page, &relinked_source(source, old, new, true));
    kept.into_iter()
        .zip(followed)
        .map(|(mut kept, followed)| {
            if let (Some(fields), Some(other)) = (
                kept["fields"].as_object_mut(),
                followed["fields"].as_object(),
            ) {
                for (name, value) in fields {
                    *value = either(value, &other[name]);
                }
            }
            kept
        })
        .collect()
}

/// A pattern for one of two values, as deep as they differ.
fn either(one: &Value, other: &Value) -> Value {
    match (one, other) {
        _ if one == other => one.clone(),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .map(|(left, right)| either(left, right))
            .collect(),
        _ => json!({"one_of": [one, other]}),
    }
}

fn rename_steps(page: &Page, new: &str, linking: &[&Page]) -> Vec<String> {
    let old = page.title.to_string();
    let mut steps = open_article(&old);
    steps.extend([
        "click link 'Rename'".to_owned(),
        format!("fill 'New title' '{}'", quoted(new)),
        "click button 'Rename page'".to_owned(),
    ]);
    for page in linking {
        let source = relinked_source(&page.content.source, &old, new, false);
        steps.extend(open_article(&page.title));
        steps.extend([
            "click link 'Edit'".to_owned(),
            format!("fill 'Text' '{}'", quoted(&source)),
            "click button 'Save changes'".to_owned(),
        ]);
    }
    steps.push("done".to_owned());
    steps
}

/// Lists whose rows want pages, and the infobox that such a page has.
const WANTED: [(&str, &str, &str); 2] = [
    ("List of lighthouses", "lighthouse", "harbour"),
    ("List of harbours", "harbour", "lighthouse"),
];

/// W09: a page that is not there yet, with the facts of its row.
pub(super) fn missing_page(state: &WikiState) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for (list, kind, other) in WANTED {
        let Some(page) = queries::page(state, list) else {
            continue;
        };
        let Some(table) = page.content.document.tables().next() else {
            continue;
        };
        for row in 1..table.rows.len() {
            drawn.push(one_missing(state, page, table, row, (kind, other)));
        }
    }
    drawn
}

/// A value of a row, as text or as the link that stands in the row.
fn cell_pattern(cell: &[Inline]) -> Value {
    let (text, link) = (markup::plain(cell), markup::print_inline(cell));
    if text == link {
        json!(text)
    } else {
        json!({"one_of": [link, text, format!("[[{text}]]")]})
    }
}

fn facts_of(table: &Table, row: usize, kind: &str, pattern: bool) -> Value {
    let fields: Vec<Value> = table
        .columns
        .iter()
        .zip(&table.rows[row])
        .skip(1)
        .map(|(column, cell)| {
            let value = if pattern {
                cell_pattern(cell)
            } else {
                json!(markup::print_inline(cell))
            };
            json!([column, value])
        })
        .collect();
    if pattern {
        json!({"kind": kind, "fields": {"set": fields}})
    } else {
        json!({"kind": kind, "fields": fields})
    }
}

fn one_missing(
    state: &WikiState,
    page: &Page,
    table: &Table,
    row: usize,
    (kind, other): (&str, &str),
) -> Drawn {
    let title = table.cell(row, 0);
    ensure(queries::page(state, &title).is_none(), "the page is there")?;
    let alike =
        table.rows[row - 1] != table.rows[row] && table.cell(row - 1, 2) == table.cell(row, 2);
    ensure(alike, "the row above is of another group")?;
    let last = table.columns.len() - 1;
    ensure(
        table.cell(row, last) != table.cell(row, last - 1),
        "two cells are the same",
    )?;
    let mut swapped = table.clone();
    swapped.rows[row].swap(last, last - 1);
    let lines: Vec<String> = table
        .columns
        .iter()
        .zip(&table.rows[row])
        .skip(1)
        .map(|(column, cell)| format!("| {column} = {}\n", markup::print_inline(cell)))
        .collect();
    let text = format!("{{{{infobox {kind}\n{}}}}}", lines.concat());
    let mut steps = open_article(&page.title);
    steps.extend([
        format!("click link '{}'", quoted(&title)),
        format!("select 'Begin with an infobox' '{kind}'"),
        "click button 'Insert infobox'".to_owned(),
        format!("fill 'Text' '{}'", quoted(&text)),
        "click button 'Create page'".to_owned(),
        "done".to_owned(),
    ]);
    Ok(json!({
        "title": title,
        "list": page.title,
        "kind": kind,
        "category": state.book.infoboxes.iter().find(|known| known.kind == kind)
            .map(|known| known.category.as_str()),
        "infobox": facts_of(table, row, kind, true),
        "neighbour": facts_of(table, row - 1, kind, false),
        "swapped": facts_of(&swapped, row, kind, false),
        "wrong_kind": facts_of(table, row, other, false),
        "as_text": {"kind": kind, "fields": table.columns.iter().enumerate().skip(1).rev()
            .map(|(at, column)| json!([column, table.cell(row, at)])).collect::<Vec<_>>()},
        "steps": steps,
    }))
}
