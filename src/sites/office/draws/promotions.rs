//! Draws about promotions.

use serde_json::{Value, json};

use super::parts::{ensure, quoted};
use crate::sites::office::queries::category_name;
use crate::sites::office::queries::goods::{highest_percent, promotion_state};
use crate::sites::office::state::{OfficeState, Promotion};
use crate::sites::tasks::draw::Drawn;

/// Wishes: category, percent, first day, last day, code, most uses.
type Wish = (
    &'static str,
    u32,
    &'static str,
    &'static str,
    &'static str,
    u32,
);

const WISHES: [Wish; 24] = [
    ("knives", 12, "2026-03-23", "2026-04-05", "STEEL15", 150),
    ("coffee", 18, "2026-04-01", "2026-04-30", "MORNING18", 300),
    ("baking", 25, "2026-03-27", "2026-04-06", "CRUST20", 120),
    ("table", 30, "2026-05-02", "2026-05-31", "SETTABLE", 200),
    ("cookware", 22, "2026-03-19", "2026-03-29", "COOK8", 80),
    ("coffee", 15, "2026-04-13", "2026-04-26", "BREW12", 250),
    ("knives", 20, "2026-06-01", "2026-06-14", "SHARP20", 90),
    ("table", 35, "2026-04-20", "2026-05-10", "PLATE10", 180),
    ("baking", 33, "2026-11-01", "2026-11-30", "ADVENT33", 400),
    ("cookware", 28, "2026-09-07", "2026-09-20", "PANWEEK", 160),
    ("coffee", 24, "2026-10-01", "2026-10-11", "BEAN20", 220),
    ("table", 14, "2026-03-30", "2026-04-12", "EASTERSET", 75),
    ("knives", 16, "2026-04-07", "2026-04-21", "EDGE25", 130),
    ("baking", 38, "2026-05-18", "2026-05-24", "OVEN35", 60),
    ("cookware", 11, "2026-07-13", "2026-07-26", "SUMMER15", 140),
    ("coffee", 27, "2026-08-03", "2026-08-16", "ICECOFFEE", 210),
    ("table", 42, "2026-09-21", "2026-09-30", "TABLE40", 110),
    ("knives", 23, "2026-10-12", "2026-10-25", "CARVE23", 95),
    ("baking", 17, "2026-12-01", "2026-12-13", "COOKIES", 350),
    ("cookware", 31, "2026-06-22", "2026-07-05", "GRILL31", 170),
    ("coffee", 13, "2026-05-04", "2026-05-17", "MAYCOFFEE", 260),
    ("table", 21, "2026-08-17", "2026-08-30", "TASTE30", 145),
    ("baking", 29, "2026-04-08", "2026-04-19", "SPRING10", 85),
    ("cookware", 19, "2026-10-26", "2026-11-08", "STEWPOT", 190),
];

/// O07: a promotion, of which half of the codes are taken.
pub(super) fn promotion(state: &OfficeState) -> Vec<Drawn> {
    WISHES.iter().map(|wish| one_wish(state, *wish)).collect()
}

fn taken<'a>(state: &'a OfficeState, code: &str) -> Option<&'a Promotion> {
    state
        .promotions
        .values()
        .find(|promotion| promotion.code == code)
}

fn one_wish(state: &OfficeState, wish: Wish) -> Drawn {
    let (category, percent, from, until, code, uses) = wish;
    ensure(
        percent <= highest_percent(state, category),
        "it goes below the margin floor",
    )?;
    let first = taken(state, code);
    let wanted = first.map_or_else(|| code.to_owned(), |_| format!("{code}2"));
    ensure(
        taken(state, &wanted).is_none(),
        "the other code is taken too",
    )?;
    let until_day: jiff::civil::Date = until.parse().map_err(|_| "no day")?;
    let mut steps = form_steps(state, wish);
    if first.is_some() {
        steps.push("see 'is taken'".to_owned());
        steps.push(format!("fill 'Code' '{wanted}'"));
        steps.push("click button 'Set up promotion'".to_owned());
    }
    Ok(json!({
        "percent": percent,
        "category": category_name(state, category).to_lowercase(),
        "category_id": category,
        "other_category": if category == "knives" { "table" } else { "knives" },
        "from": from,
        "until": until,
        "day_early": crate::sites::clock::plus_days(until_day, -1).to_string(),
        "code": code,
        "used": wanted,
        "uses": uses,
        "present": first.map_or(401, |promotion| promotion.no).to_string(),
        "steps": steps,
    }))
}

fn form_steps(
    state: &OfficeState,
    (category, percent, from, until, code, uses): Wish,
) -> Vec<String> {
    vec![
        "click link 'Promotions'".to_owned(),
        "click link 'New promotion'".to_owned(),
        format!("fill 'Code' '{code}'"),
        format!("fill 'Discount in percent' '{percent}'"),
        format!(
            "select 'Category' '{}'",
            quoted(&category_name(state, category))
        ),
        format!("fill 'First day' '{from}'"),
        format!("fill 'Last day' '{until}'"),
        format!("fill 'Most uses' '{uses}'"),
        "uncheck 'Can be used together with other promotions'".to_owned(),
        "click button 'Set up promotion'".to_owned(),
    ]
}

/// N09: the same with a discount below the margin floor.
pub(super) fn below_floor(state: &OfficeState) -> Vec<Drawn> {
    let mut draws = Vec::new();
    for wish in WISHES {
        for over in [5, 7, 10] {
            let percent = highest_percent(state, wish.0) + over;
            let wish = (wish.0, percent, wish.2, wish.3, wish.4, wish.5);
            draws.push(one_below(state, wish));
        }
    }
    draws
}

fn one_below(state: &OfficeState, wish: Wish) -> Drawn {
    let (category, percent, from, until, code, uses) = wish;
    ensure(taken(state, code).is_none(), "the code is taken")?;
    let highest = highest_percent(state, category);
    ensure(percent > highest, "it is above the margin floor")?;
    let added = |category: &str, percent: u32| -> Value {
        json!({
            "code": code, "percent": percent, "category": category, "from": from, "until": until,
            "max_uses": uses, "combinable": false, "status": "active", "note": "",
        })
    };
    Ok(json!({
        "percent": percent,
        "category": category_name(state, category).to_lowercase(),
        "category_id": category,
        "from": from,
        "until": until,
        "code": code,
        "uses": uses,
        "highest": highest,
        "floor_key": format!("sales/promotions/floors/{category}"),
        "seen": format!("office.margin_floors/category-{category}"),
        "smaller": added(category, highest),
        "elsewhere": added("table", percent.min(45)),
        "steps": form_steps(state, wish),
    }))
}

/// O16: a running promotion to be stopped.
pub(super) fn pause(state: &OfficeState) -> Vec<Drawn> {
    state
        .promotions
        .values()
        .flat_map(|promotion| {
            named(state, promotion)
                .into_iter()
                .map(|which| one_pause(state, promotion, &which))
        })
        .collect()
}

/// Every way to name a promotion that fits no other one that runs: its code, what it takes off.
fn named(state: &OfficeState, promotion: &Promotion) -> Vec<String> {
    let mut ways = vec![format!("the promotion {}", promotion.code)];
    let same = |other: &&Promotion| {
        other.percent == promotion.percent
            && other.category == promotion.category
            && promotion_state(other) == "running"
    };
    if state.promotions.values().filter(same).count() == 1 && !promotion.category.is_empty() {
        let percent = promotion.percent;
        let category = category_name(state, &promotion.category).to_lowercase();
        ways.push(format!(
            "the promotion that takes {percent} % off {category}"
        ));
    }
    ways
}

fn one_pause(state: &OfficeState, promotion: &Promotion, which: &str) -> Drawn {
    ensure(promotion_state(promotion) == "running", "it does not run")?;
    let other = state
        .promotions
        .values()
        .find(|other| {
            other.no != promotion.no
                && other.category == promotion.category
                && promotion_state(other) == "running"
        })
        .ok_or("no other promotion of the category runs")?;
    Ok(json!({
        "which": which,
        "code": promotion.code,
        "no": promotion.no.to_string(),
        "other": other.no.to_string(),
        "ends_today": "2026-03-17",
    }))
}
