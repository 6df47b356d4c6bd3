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

/// A kind of price that is left out besides those on hold.
struct Spared {
    /// How it is called, before the amount of the limit.
    words: &'static str,
    /// Whether the rise counts, and not the price.
    by_rise: bool,
    /// Whether what lies below the limit is left out, and not what lies above.
    below: bool,
    /// Limits that a person would name, in dollars.
    dollars: &'static [u32],
}

const RISES: &[u32] = &[1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30];
const PRICES: &[u32] = &[10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100, 120, 150, 200];

const SPARED: &[Spared] = &[
    Spared {
        words: "those that rise by less than",
        by_rise: true,
        below: true,
        dollars: RISES,
    },
    Spared {
        words: "those that rise by more than",
        by_rise: true,
        below: false,
        dollars: RISES,
    },
    Spared {
        words: "those whose new price is below",
        by_rise: false,
        below: true,
        dollars: PRICES,
    },
    Spared {
        words: "those whose new price is above",
        by_rise: false,
        below: false,
        dollars: PRICES,
    },
];

impl Spared {
    /// Whether a price is left out at a limit in cents; none when it is at the limit, or passes
    /// it by rising.
    fn spares(&self, row: &NewPrice, limit: u32) -> Option<bool> {
        let (low, high) = if self.by_rise {
            let rise = row.new.abs_diff(row.old);
            (rise, rise)
        } else {
            (row.old.min(row.new), row.old.max(row.new))
        };
        if high < limit {
            Some(self.below)
        } else if low > limit {
            Some(!self.below)
        } else {
            None
        }
    }

    /// The limit in cents that leaves out about half: at least two, with one on hold that it
    /// keeps, so that both reasons count.
    fn limit(&self, rows: &[NewPrice]) -> Option<u32> {
        let kept = |limit: u32| -> Option<usize> {
            let spared: Vec<bool> = rows
                .iter()
                .map(|row| self.spares(row, limit))
                .collect::<Option<_>>()?;
            let count = |held: bool, is_spared: bool| {
                rows.iter()
                    .zip(&spared)
                    .filter(|(row, spared)| row.held == held && **spared == is_spared)
                    .count()
            };
            let fits = count(false, true) >= 2 && count(true, false) >= 1;
            fits.then(|| count(false, false)).filter(|kept| *kept >= 3)
        };
        self.dollars
            .iter()
            .map(|dollars| dollars * 100)
            .filter_map(|limit| Some((kept(limit)?.abs_diff(rows.len() / 2), limit)))
            .min()
            .map(|(_, limit)| limit)
    }
}

/// X05: the new prices of a page that are not on hold: all of them, or those within a limit.
pub(super) fn new_prices(sites: &Sites) -> Vec<Drawn> {
    sites
        .wiki
        .pages
        .values()
        .filter(|page| page.title.starts_with(TITLE))
        .flat_map(|page| {
            let limits = SPARED.iter().map(Some);
            std::iter::once(None)
                .chain(limits)
                .map(move |spared| one_page(sites, page, spared))
        })
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

/// The rows of a page, of which the office knows none yet.
fn due_rows(sites: &Sites, page: &Page) -> Result<Vec<NewPrice>, String> {
    let rows = rows(sites, page).ok_or("the table cannot be read")?;
    let held = rows.iter().filter(|row| row.held).count();
    ensure((2..=3).contains(&held), "not two or three are on hold")?;
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
    Ok(rows)
}

fn one_page(sites: &Sites, page: &Page, spared: Option<&Spared>) -> Drawn {
    let rows = due_rows(sites, page)?;
    let limit = spared
        .map(|spared| {
            let limit = spared.limit(&rows).ok_or("no limit parts the prices")?;
            Ok::<_, String>((spared, limit))
        })
        .transpose()?;
    let is_spared = |row: &NewPrice| {
        limit.is_some_and(|(spared, limit)| spared.spares(row, limit) != Some(false))
    };
    let (left, kept): (Vec<&NewPrice>, Vec<&NewPrice>) =
        rows.iter().partition(|row| is_spared(row));
    let (held, due): (Vec<&NewPrice>, Vec<&NewPrice>) = kept.into_iter().partition(|row| row.held);
    let [first, second, ..] = due.as_slice() else {
        return Err("fewer than two are due".into());
    };
    ensure(first.new != second.new, "two prices are the same")?;
    let change = |row: &&NewPrice| {
        json!({"op": "change", "collection": "office.prices", "key": row.sku,
            "fields": {"cents": row.new}})
    };
    let too_many: Vec<Value> = if limit.is_some() {
        left.iter().filter(|row| !row.held).map(change).collect()
    } else {
        held.iter().map(change).collect()
    };
    let but = limit.map_or_else(String::new, |(spared, limit)| {
        format!(" and {} ${}", spared.words, limit / 100)
    });
    Ok(json!({
        "page": page.title,
        "but": but,
        "expect": due.iter().map(change).collect::<Vec<_>>(),
        "held": [change(held.last().ok_or("none is on hold")?)],
        "too_many": too_many,
        "neighbour": second.new,
        "old": first.old,
        "count": due.len(),
        "last": due.len() - 1,
        "steps": steps(page, &due),
    }))
}

fn steps(page: &Page, due: &[&NewPrice]) -> Vec<String> {
    let mut steps = open_article(&page.title);
    for row in due {
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
    steps
}
