//! New prices from the wiki for the back office.

use serde_json::{Value, json};

use super::parts::{ensure, open_article};
use crate::sites::shop::queries::product::{price_of, variant};
use crate::sites::state::Sites;
use crate::sites::tasks::draw::Drawn;
use crate::sites::wiki::state::Page;

const TITLE: &str = "Price changes ";

/// A row of the table.
struct NewPrice {
    sku: String,
    product: String,
    old: u32,
    new: u32,
    held: bool,
    on_sale: bool,
}

/// X05: every new price of a page that is not on hold.
pub(super) fn new_prices(sites: &Sites) -> Vec<Drawn> {
    sites
        .wiki
        .pages
        .values()
        .filter(|page| page.title.starts_with(TITLE))
        .map(|page| one_page(sites, page))
        .collect()
}

fn cents(text: &str) -> Option<u32> {
    text.trim_start_matches('$')
        .replace(['.', ','], "")
        .parse()
        .ok()
}

fn rows(sites: &Sites, page: &Page) -> Option<Vec<NewPrice>> {
    let table = page.content.document.table("New prices")?;
    (0..table.rows.len())
        .map(|row| {
            let article = table.cell(row, 0);
            let sku = article.trim_end_matches('¹').to_owned();
            let (product, variant) = variant(&sites.shop, &sku)?;
            Some(NewPrice {
                product: product.id.to_string(),
                old: cents(&table.cell(row, 2))?,
                new: cents(&table.cell(row, 3))?,
                held: table.cell(row, 4) == "on hold" || article.ends_with('¹'),
                on_sale: price_of(variant).reduced(),
                sku,
            })
        })
        .collect()
}

fn one_page(sites: &Sites, page: &Page) -> Drawn {
    let rows = rows(sites, page).ok_or("the table cannot be read")?;
    let held: Vec<&NewPrice> = rows.iter().filter(|row| row.held).collect();
    ensure(
        (2..=3).contains(&held.len()),
        "not two or three are on hold",
    )?;
    ensure((8..=12).contains(&rows.len()), "not eight to twelve rows")?;
    ensure(rows.iter().any(|row| row.on_sale), "none is on sale")?;
    for row in &rows {
        let now = sites.office.prices.get(row.sku.as_str()).copied();
        ensure(
            now == Some(row.old) && row.old != row.new,
            "the office has another price",
        )?;
        ensure(row.new <= row.old * 3, "the price rises too much")?;
    }
    let due: Vec<&NewPrice> = rows.iter().filter(|row| !row.held).collect();
    let change = |row: &NewPrice| {
        json!({"op": "change", "collection": "office.prices", "key": row.sku,
            "fields": {"cents": row.new}})
    };
    let expect: Vec<Value> = due.iter().map(|row| change(row)).collect();
    let mut steps = open_article(&page.title);
    for row in &due {
        steps.extend([
            format!("goto '/office/products/{}'", row.product),
            format!("click link 'Change price of {}'", row.sku),
            format!(
                "fill 'New list price in dollars' '{}.{:02}'",
                row.new / 100,
                row.new % 100
            ),
            "click button 'Save price'".to_owned(),
        ]);
    }
    steps.push("done".to_owned());
    let footnoted = held.last().ok_or("none is on hold")?;
    Ok(json!({
        "page": page.title,
        "expect": expect,
        "held": [change(footnoted)],
        "neighbour": due[1].new,
        "old": due[0].old,
        "count": due.len(),
        "last": due.len() - 1,
        "steps": steps,
    }))
}
