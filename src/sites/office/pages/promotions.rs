//! Promotions.

use actix_web::{HttpResponse, web};

use crate::sites::clock::day_text;
use crate::sites::office::actions::trade::{self as act, PromotionForm};
use crate::sites::office::pages::order::capital;
use crate::sites::office::pages::orders::any_of;
use crate::sites::office::pages::parts::{
    Action, Block, Cell, Choice, Facts, Field, Filters, Form, Kind, Pages, Sheet, Table, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::goods::{promotion_categories, promotion_list, promotion_state};
use crate::sites::office::queries::{Paged, category_name, refused_right};
use crate::sites::office::state::{EntryNo, Promotion, PromotionStatus, Right};
use crate::sites::office::view::{Page, Route};

fn promotion_route(no: EntryNo) -> Route {
    Route::to(Page::Promotion).with("promotion", no)
}

fn discount(promotion: &Promotion) -> String {
    if promotion.percent > 0 {
        format!("{} %", promotion.percent)
    } else {
        promotion.note.clone()
    }
}

fn state_badge(promotion: &Promotion) -> Cell {
    let word = promotion_state(promotion);
    let class = match word {
        "running" => "good",
        "coming" => "blue",
        "paused" => "warn",
        _ => "",
    };
    Cell::Badge(class, capital(word))
}

fn uses(promotion: &Promotion) -> String {
    promotion.max_uses.map_or_else(
        || format!("{} (no limit)", promotion.uses),
        |most| format!("{} of {most}", promotion.uses),
    )
}

/// Shows the list of promotions.
pub fn list(visit: &Visit, route: &Route, unknown: &[String]) -> HttpResponse {
    let state = visit.state();
    let size = usize::try_from(route.number("size")).unwrap_or(25);
    let paged = Paged::cut(promotion_list(&state, route), route.number("page"), size);
    let rows: Vec<Vec<Cell>> = paged
        .rows
        .iter()
        .map(|promotion| {
            visit.show("office.promotions", promotion.no);
            vec![
                Cell::link(&promotion_route(promotion.no), &*promotion.code),
                discount(promotion).into(),
                category_name(&state, &promotion.category).into(),
                day_text(promotion.from).into(),
                day_text(promotion.until).into(),
                uses(promotion).into(),
                state_badge(promotion),
            ]
        })
        .collect();
    let states = [
        ("running", "Running"),
        ("coming", "Coming"),
        ("ended", "Ended"),
        ("paused", "Paused"),
    ]
    .map(|(id, label)| Choice::new(id, label));
    let fields = vec![
        Field::new("q", "Code or note", Kind::Text, route.text("q")),
        Field::new(
            "state",
            "State",
            any_of("Any state", states),
            route.text("state"),
        ),
    ];
    let columns = [
        "Code",
        "Discount",
        "For",
        "First day",
        "Last day",
        "Uses",
        "State",
    ];
    let sheet = Sheet::new("Promotions")
        .offering(Action::open(
            "New promotion",
            &Route::to(Page::PromotionNew),
            refused_right(&state, Right::Promotions),
        ))
        .with(Filters::of(route, unknown, fields))
        .with(
            Table::new("Promotions", &columns)
                .or_else("No promotion fits these filters.")
                .rows(rows),
        )
        .with(Pages::of(&paged, route, "promotion"));
    frame::ok(visit, &state, sheet)
}

/// Shows a promotion.
pub fn show(visit: &Visit, no: EntryNo) -> HttpResponse {
    let state = visit.state();
    let Some(promotion) = state.promotions.get(&no) else {
        return frame::missing(visit);
    };
    visit.show("office.promotions", no);
    let facts = Facts::default()
        .row("Discount", discount(promotion))
        .row("For", category_name(&state, &promotion.category))
        .row("First day", day_text(promotion.from))
        .row("Last day", day_text(promotion.until))
        .row("Uses", uses(promotion))
        .row(
            "Together with others",
            if promotion.combinable { "Yes" } else { "No" },
        )
        .row("State", state_badge(promotion))
        .row("Note", &*promotion.note);
    let over =
        (promotion_state(promotion) == "ended").then(|| "This promotion is over.".to_owned());
    let (label, step) = if promotion.status == PromotionStatus::Paused {
        ("Resume", "resume")
    } else {
        ("Pause", "pause")
    };
    let path = promotion_route(no).path();
    let sheet = Sheet::new(format!("Promotion {}", promotion.code))
        .below(&Route::to(Page::Promotions), "Promotions")
        .offering(Action::post(
            label,
            format!("{path}/{step}"),
            refused_right(&state, Right::Promotions).or(over),
        ))
        .with(facts);
    frame::ok(visit, &state, sheet)
}

/// Stops a promotion for a while, or lets it go on.
pub async fn pause(posted: Posted, path: web::Path<(EntryNo, String)>) -> HttpResponse {
    if let Some(refused) = frame::foreign_fields(&posted, &[]) {
        return refused;
    }
    let (no, step) = path.into_inner();
    let pause = match step.as_str() {
        "pause" => true,
        "resume" => false,
        _ => return frame::missing(&posted.visit),
    };
    let result = posted.write(|state| act::set_paused(state, no, pause));
    let message = if pause {
        "The promotion is paused."
    } else {
        "The promotion goes on."
    };
    let page = promotion_route(no);
    let result = result.map(|()| (page.clone(), message.to_owned()));
    frame::answer(&posted, &page, result)
}

/// Shows the form for a promotion.
pub fn new(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let sheet = Sheet::new("New promotion").below(&Route::to(Page::Promotions), "Promotions");
    if let Some(why) = refused_right(&state, Right::Promotions) {
        return frame::ok(visit, &state, sheet.with(Block::Note(why)));
    }
    let draft = draft_of(visit, &route.path());
    let categories = promotion_categories(&state)
        .into_iter()
        .map(|(id, name)| Choice::new(id, name))
        .collect();
    let form = Form::new(route.path(), "Set up promotion")
        .field(
            Field::new("code", "Code", Kind::Text, "")
                .hint("3 to 12 letters and digits. Upper and lower case are the same."),
        )
        .field(Field::new("percent", "Discount in percent", Kind::Text, ""))
        .field(Field::new(
            "category",
            "Category",
            Kind::Select(categories),
            "",
        ))
        .field(Field::new("from", "First day", Kind::Day, "2026-03-18"))
        .field(
            Field::new("until", "Last day", Kind::Day, "")
                .hint("The code works until the end of this day."),
        )
        .field(
            Field::new("max_uses", "Most uses", Kind::Text, "")
                .hint("Leave it empty for no limit."),
        )
        .field(Field::new(
            "combinable",
            "Can be used together with other promotions",
            Kind::Tick,
            "yes",
        ))
        .field(Field::new("note", "Note (optional)", Kind::Text, ""))
        .or_back_to(&Route::to(Page::Promotions))
        .restored(draft.as_ref());
    if let Some(category) = refused_floor(draft.as_ref()) {
        visit.show("office.margin_floors", format!("category-{category}"));
    }
    frame::ok(visit, &state, sheet.with(form))
}

/// The category whose margin floor a refused form went below.
fn refused_floor(draft: Option<&crate::sites::office::state::Draft>) -> Option<String> {
    let draft = draft?;
    draft
        .errors
        .iter()
        .find(|(field, text)| field == "percent" && text.contains("margin floor"))?;
    let category = draft.fields.iter().find(|(name, _)| name == "category");
    Some(category.map_or_else(String::new, |(_, value)| value.clone()))
}

/// Sets up a promotion.
pub async fn add(posted: Posted) -> HttpResponse {
    let known = [
        "code",
        "percent",
        "category",
        "from",
        "until",
        "max_uses",
        "combinable",
        "note",
    ];
    if let Some(refused) = frame::foreign_fields(&posted, &known) {
        return refused;
    }
    let fields = &posted.fields;
    let form = PromotionForm {
        code: fields.text("code"),
        percent: fields.text("percent"),
        category: fields.text("category"),
        from: fields.text("from"),
        until: fields.text("until"),
        max_uses: fields.text("max_uses"),
        combinable: fields.has("combinable"),
        note: fields.text("note"),
    };
    let result = posted.write(|state| act::add_promotion(state, form));
    let result = result.map(|no| (promotion_route(no), "The promotion is set up.".to_owned()));
    frame::answer(&posted, &Route::to(Page::PromotionNew), result)
}
