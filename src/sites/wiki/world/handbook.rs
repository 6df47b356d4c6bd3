//! The staff handbook: pages that are the same in every world, and pages with figures that the
//! world decides.

use jiff::civil::date;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::courses;
use super::draft::{Chunk, Draft, Part};
use crate::sites::clock::{day_text, plus_days};
use crate::sites::people::People;
use crate::sites::shop::queries::product::price_of;
use crate::sites::shop::state::{Product, ShopState, Variant};

const PAGES: &str = include_str!("handbook.txt");

/// All pages of the handbook.
pub(super) fn drafts(rng: &mut ChaCha8Rng, people: &People, shop: &ShopState) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = PAGES
        .split("=== ")
        .filter(|page| !page.trim().is_empty())
        .map(plain_page)
        .collect();
    drafts.push(late_delivery(rng));
    drafts.push(rota(rng, people));
    drafts.extend(price_changes(rng, shop));
    drafts.extend(release_notes(rng));
    drafts.extend(courses::packing_lists(rng, shop));
    for draft in &mut drafts {
        draft.categories.insert(0, "Staff handbook");
        draft.categories.extend(shelf(&draft.title));
    }
    drafts
}

/// The category below the handbook's own in which a page stands, if any.
fn shelf(title: &str) -> Option<&'static str> {
    const CUSTOMERS: [&str; 8] = [
        "Returns",
        "Gift cards",
        "Customer service tone",
        "Complaints",
        "Refund limits",
        "Phone script",
        "Late delivery rules",
        "Newsletter",
    ];
    const WAREHOUSE: [&str; 5] = [
        "Stocktake",
        "Warehouse safety",
        "Quality checks",
        "Recycling",
        "Engraving",
    ];
    const SOFTWARE: [&str; 4] = [
        "On-call rota",
        "Incident reports",
        "Desk workflow",
        "Labels",
    ];
    if CUSTOMERS.contains(&title) {
        Some("Customers")
    } else if WAREHOUSE.contains(&title) {
        Some("Warehouse")
    } else if SOFTWARE.contains(&title) || title.starts_with("Release notes") {
        Some("Software")
    } else if title.starts_with("Price changes") {
        Some("Prices")
    } else {
        None
    }
}

/// Reads a page of the text file.
fn plain_page(page: &str) -> Draft {
    let (title, body) = page.split_once('\n').unwrap_or((page, ""));
    let mut draft = Draft::new(title.trim());
    for line in body.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(heading) = line.strip_prefix("## ") {
            draft = draft.section(heading, Vec::new());
            continue;
        }
        let chunks = match draft.sections.last_mut() {
            Some(Part { chunks, .. }) => chunks,
            None => &mut draft.lead,
        };
        let item = line.strip_prefix("- ").map(str::to_owned);
        match (item, chunks.last_mut()) {
            (Some(item), Some(Chunk::List(items))) => items.push(item),
            (Some(item), _) => chunks.push(Chunk::List(vec![item])),
            (None, _) if line.starts_with(|c: char| c.is_ascii_digit()) => numbered(chunks, line),
            (None, _) => chunks.push(Chunk::Para(sentences(line))),
        }
    }
    draft
}

fn numbered(chunks: &mut Vec<Chunk>, line: &str) {
    match chunks.last_mut() {
        Some(Chunk::Raw(text)) => {
            text.push('\n');
            text.push_str(line);
        }
        _ => chunks.push(Chunk::Raw(line.to_owned())),
    }
}

fn sentences(line: &str) -> Vec<String> {
    line.split_inclusive(". ")
        .map(|sentence| sentence.trim().to_owned())
        .collect()
}

fn dollars(cents: u32) -> String {
    format!("${}.{:02}", cents / 100, cents % 100)
}

/// Bands of lateness in working days, what each gives, and which message goes with it.
fn late_delivery(rng: &mut ChaCha8Rng) -> Draft {
    let first = rng.random_range(2..4);
    let second = first + rng.random_range(2..4);
    let third = second + rng.random_range(3..6);
    let share = [
        rng.random_range(4..8),
        rng.random_range(9..14),
        rng.random_range(15..25),
    ];
    // Wordings of the back office.
    let messages = ["Delay notice", "Late delivery", "Refund paid"];
    let bands = [(first, second - 1), (second, third - 1), (third, 0)];
    let rows = bands
        .iter()
        .zip(share)
        .zip(messages)
        .map(|(((from, to), share), message)| {
            let days = if *to == 0 {
                format!("{from} or more")
            } else {
                format!("{from} to {to}")
            };
            vec![days, format!("{share} %"), message.to_owned()]
        })
        .collect();
    Draft::new("Late delivery rules")
        .lead(vec![
            "What we give when a parcel comes after the promised day.".to_owned(),
            "The promised day does not count, nor do Saturdays and Sundays; the day on which the parcel comes does.".to_owned(),
        ])
        .section("What we give", vec![
            Chunk::Table("Bands".to_owned(), vec!["Working days late", "Refund", "Message"], rows),
            Chunk::para([
                "The refund is a share of the goods value, delivery left out, rounded to the cent.".to_owned(),
                format!("Below {first} working days the rules give nothing."),
                "Gift notes and vouchers make no difference.".to_owned(),
            ]),
        ])
        .section("How we do it", vec![Chunk::para([
            "Refund first, then send the message that the table names.".to_owned(),
            "Do not add a voucher on top.".to_owned(),
            "A second late parcel of the same order counts once, by its longest delay.".to_owned(),
        ])])
}

/// Members who are in turn on call.
const CREW: usize = 9;
/// Colleagues who write the wiki, of whom the crew is drawn.
const COLLEAGUES: usize = 40;

/// Who is called at night, week by week, with swaps for single nights.
fn rota(rng: &mut ChaCha8Rng, people: &People) -> Draft {
    let mut crew: Vec<&str> = people
        .staff()
        .filter(|person| person.is_active)
        .take(COLLEAGUES)
        .filter(|person| people.named(&person.name).count() == 1)
        .map(|person| person.name.as_str())
        .filter(|name| *name != people.mara().name && name.chars().count() < 30)
        .collect();
    crew.shuffle(rng);
    crew.truncate(CREW);
    let start = date(2025, 12, 29);
    let mut rows = Vec::new();
    let mut swaps = Vec::new();
    for week in 0..16_usize {
        let monday = plus_days(start, 7 * i64::try_from(week).unwrap_or(0));
        let (person, deputy) = (crew[week % crew.len()], crew[(week + 4) % crew.len()]);
        rows.push(vec![day_text(monday), person.to_owned(), deputy.to_owned()]);
        for half in [1, 4] {
            let night = plus_days(monday, half + rng.random_range(0..3));
            let stand_in = crew[(week + 2 + rng.random_range(0..4)) % crew.len()];
            swaps.push(vec![
                day_text(night),
                stand_in.to_owned(),
                person.to_owned(),
            ]);
        }
    }
    Draft::new("On-call rota")
        .lead(vec![
            "Who is called when something breaks.".to_owned(),
            "A week begins on Monday at 8:00, a day at 8:00, too: what happens before belongs to the day before.".to_owned(),
        ])
        .section(
            "Weeks",
            vec![Chunk::Table(
                "Rota".to_owned(),
                vec!["Week from", "On call", "Deputy"],
                rows,
            )],
        )
        .section(
            "Swaps",
            vec![
                Chunk::para(["A swap holds for one day, from 8:00 to 8:00.".to_owned()]),
                Chunk::Table(
                    "Swaps by day".to_owned(),
                    vec!["Day", "On call", "Instead of"],
                    swaps,
                ),
            ],
        )
        .section(
            "What to do when called",
            vec![Chunk::para([
                "Answer within ten minutes.".to_owned(),
                "Open an issue before you repair anything.".to_owned(),
                "Name the order in it when there is one.".to_owned(),
            ])],
        )
}

/// A product and a variant with one price, in order of article number.
fn priced(shop: &ShopState) -> Vec<(&Product, &Variant)> {
    let mut goods: Vec<(&Product, &Variant)> = shop
        .catalogue
        .products
        .values()
        .filter_map(|product| Some((product, product.variants.first()?)))
        .collect();
    goods.sort_by(|left, right| left.1.sku.cmp(&right.1.sku));
    goods
}

/// Months for which prices were agreed: those that are in the back office, and those to come.
const DONE: [&str; 3] = ["January 2026", "February 2026", "March 2026"];
const TO_COME: [&str; 8] = [
    "April 2026",
    "May 2026",
    "June 2026",
    "July 2026",
    "August 2026",
    "September 2026",
    "October 2026",
    "November 2026",
];
/// Rows of a table of prices.
const PRICES: usize = 11;

/// Tables of new prices, some of them on hold, one of an article that is on sale.
fn price_changes(rng: &mut ChaCha8Rng, shop: &ShopState) -> Vec<Draft> {
    let (mut reduced, mut others): (Vec<_>, Vec<_>) = priced(shop)
        .into_iter()
        .partition(|(_, variant)| price_of(variant).reduced());
    reduced.shuffle(rng);
    others.shuffle(rng);
    let (mut reduced, mut others) = (reduced.into_iter(), others.into_iter());
    DONE.iter()
        .map(|month| (month, true))
        .chain(TO_COME.iter().map(|month| (month, false)))
        .map(|(month, done)| {
            let mut goods: Vec<(&Product, &Variant)> = reduced.by_ref().take(1).collect();
            goods.extend(others.by_ref().take(PRICES - goods.len()));
            goods.shuffle(rng);
            one_price_change(rng, month, &goods, done)
        })
        .collect()
}

fn one_price_change(
    rng: &mut ChaCha8Rng,
    month: &str,
    goods: &[(&Product, &Variant)],
    done: bool,
) -> Draft {
    let footnoted = rng.random_range(3..goods.len());
    let held = rng.random_range(0..3);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, (product, variant)) in goods.iter().enumerate() {
        let list = variant.list_cents;
        let other = list + list / 1_000 * rng.random_range(20..90) / 10 * 10 + 50;
        let (old, new) = if done { (other, list) } else { (list, other) };
        let mark = if at == footnoted { "¹" } else { "" };
        let remark = if at == held { "on hold" } else { "" };
        rows.push(vec![
            format!("{}{mark}", variant.sku),
            product.name.clone(),
            dollars(old),
            dollars(new),
            remark.to_owned(),
        ]);
    }
    Draft::new(format!("Price changes {month}"))
        .lead(vec![
            format!("New list prices from the first of {month}."),
            "They were agreed with purchasing; sale prices stay as they are.".to_owned(),
        ])
        .section(
            "Prices",
            vec![
                Chunk::Table(
                    "New prices".to_owned(),
                    vec!["Article", "Product", "Old", "New", "Remark"],
                    rows,
                ),
                Chunk::para(["¹ On hold until the supplier has confirmed.".to_owned()]),
            ],
        )
        .section(
            "How we do it",
            vec![Chunk::para([
                "Enter the new price in the back office.".to_owned(),
                "Leave out what is on hold.".to_owned(),
                "Running sales are not touched.".to_owned(),
            ])],
        )
}

const CHANGES: [&str; 12] = [
    "Search finds words with and without accents",
    "The cart keeps its lines for thirty days",
    "Order mails name the promised day",
    "Addresses are checked while they are typed",
    "Gift notes may have 200 letters",
    "The wishlist has an undo",
    "Receipts show the tax apart",
    "Pictures load faster on slow lines",
    "Filters stay when a page is reloaded",
    "Returns can be dropped at lockers",
    "Cards that expire are announced",
    "The help pages have been rewritten",
];

const VERSIONS: [&str; 6] = [
    "Winter 2024",
    "Spring 2025",
    "Summer 2025",
    "Autumn 2025",
    "Winter 2025",
    "Spring 2026",
];

/// One page for each version of the shop; versions have the names of milestones on the desk.
fn release_notes(rng: &mut ChaCha8Rng) -> Vec<Draft> {
    let mut changes: Vec<&str> = CHANGES.to_vec();
    changes.shuffle(rng);
    VERSIONS
        .iter()
        .enumerate()
        .map(|(at, version)| {
            let list = (0..3)
                .map(|place| changes[(at * 2 + place) % changes.len()].to_owned())
                .collect();
            Draft::new(format!("Release notes {version}"))
                .lead(vec![
                    format!("What is new in {version}."),
                    "Only what customers notice is named here.".to_owned(),
                ])
                .section("In short", vec![Chunk::List(list)])
                .section(
                    "Changes by issue",
                    vec![Chunk::Para(vec![
                        "One line for each issue, by number.".to_owned(),
                    ])],
                )
                .section(
                    "Known problems",
                    vec![Chunk::para([
                        "Old browsers show the menu without icons.".to_owned(),
                        "A slow printer may print labels twice.".to_owned(),
                    ])],
                )
        })
        .collect()
}
