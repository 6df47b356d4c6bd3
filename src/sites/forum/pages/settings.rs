//! Settings: muted communities and blocked members.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use jiff::civil::Date;

use super::{Posted, Visit, missing};
use crate::sites::clock::{TODAY, month_name};
use crate::sites::forum::actions::{Refusal, circle};
use crate::sites::forum::pages::feed::muted_text;
use crate::sites::forum::pages::form::{Choice, Form};
use crate::sites::forum::pages::frame::{self, Frame, member_href};
use crate::sites::forum::pages::parts::Link;
use crate::sites::forum::queries::feed;
use crate::sites::forum::view::Route;
use crate::sites::visit::Fields;

#[derive(Template)]
#[template(path = "sites/forum/settings.html")]
struct SettingsPage {
    frame: Frame,
    muted: usize,
    blocked: usize,
    mutes_href: String,
    blocks_href: String,
}

/// Shows the overview.
pub fn show(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let muted = state.mutes.keys().filter(|id| feed::is_muted(&state, id));
    let template = SettingsPage {
        frame: Frame::new(visit, &state, "Settings").at(&Route::Settings),
        muted: muted.count(),
        blocked: state.blocks.len(),
        mutes_href: Route::Mutes.href(),
        blocks_href: Route::Blocks.href(),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/forum/mutes.html")]
struct MutesPage {
    frame: Frame,
    settings_href: String,
    rows: Vec<MuteRow>,
}

struct MuteRow {
    name: String,
    href: String,
    muted: String,
    joined: bool,
}

/// Shows all communities with whether they are muted.
pub fn mutes(visit: &Visit) -> HttpResponse {
    let state = visit.state();
    let rows = feed::communities(&state)
        .into_iter()
        .map(|community| MuteRow {
            name: community.name.clone(),
            href: Route::Mute {
                community: community.id.to_string(),
            }
            .href(),
            muted: muted_text(&state, community),
            joined: state.joined.contains(&community.id),
        })
        .collect();
    let template = MutesPage {
        frame: Frame::new(visit, &state, "Muted communities").at(&Route::Settings),
        settings_href: Route::Settings.href(),
        rows,
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/forum/mute.html")]
struct MutePage {
    frame: Frame,
    name: String,
    muted: String,
    form: Form,
    action: String,
    lift_action: String,
    mutes_href: String,
    settings_href: String,
    days: Vec<Choice>,
    months: Vec<Choice>,
    years: Vec<Choice>,
}

/// Shows the form that mutes a community. It starts with today.
pub fn mute_form(visit: &Visit, community: &str) -> HttpResponse {
    let form = Form::starting(&[
        ("length", "forever"),
        ("day", &TODAY.day().to_string()),
        ("month", &TODAY.month().to_string()),
        ("year", &TODAY.year().to_string()),
    ]);
    render_mute(visit, community, form, StatusCode::OK)
}

fn render_mute(visit: &Visit, id: &str, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let Some(community) = feed::community(&state, id) else {
        return missing::show(visit);
    };
    visit.show("forum.communities", id);
    let numbers = |name: &str, numbers: std::ops::RangeInclusive<i16>| {
        numbers
            .map(|number| {
                let text = number.to_string();
                Choice::new(&text, &text).chosen(form.value(name) == text)
            })
            .collect::<Vec<_>>()
    };
    let months = (1..=12_i8)
        .map(|month| {
            let value = month.to_string();
            let chosen = form.value("month") == value;
            Choice::new(value, month_name(month)).chosen(chosen)
        })
        .collect();
    let action = Route::Mute {
        community: id.to_owned(),
    }
    .href();
    let template = MutePage {
        frame: Frame::new(visit, &state, format!("Mute {}", community.name)).at(&Route::Settings),
        name: community.name.clone(),
        muted: muted_text(&state, community),
        days: numbers("day", 1..=31),
        months,
        years: numbers("year", TODAY.year()..=TODAY.year() + 2),
        form,
        lift_action: format!("{action}/lift"),
        action,
        mutes_href: Route::Mutes.href(),
        settings_href: Route::Settings.href(),
    };
    frame::page(status, &template)
}

/// The day until which a form mutes; none: until it is changed.
fn until(fields: &Fields) -> Result<Option<Date>, Refusal> {
    match fields.text("length") {
        "forever" => Ok(None),
        "until" => {
            let day = (|| {
                let year = fields.text("year").parse().ok()?;
                let month = fields.text("month").parse().ok()?;
                let day = fields.text("day").parse().ok()?;
                Date::new(year, month, day).ok()
            })();
            let wrong = || Refusal::field("until", "There is no such day.");
            day.map(Some).ok_or_else(wrong)
        }
        _ => Err(Refusal::field("length", "Choose how long.")),
    }
}

/// Mutes a community.
pub async fn mute(posted: Posted, path: web::Path<String>) -> HttpResponse {
    let known = ["length", "day", "month", "year"];
    if let Some(answer) = frame::foreign_fields(&posted, &known) {
        return answer;
    }
    let community = path.into_inner();
    let fields = &posted.fields;
    let done = until(fields)
        .and_then(|until| posted.write(|state| circle::mute(state, &community, until)));
    match done {
        Ok(()) => frame::go_saying(
            &posted.visit,
            &Route::Mutes.href(),
            "The community is muted.",
        ),
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            let status = frame::status_of(refusal.status());
            render_mute(&posted.visit, &community, form, status)
        }
    }
}

/// Mutes a community no longer.
pub async fn unmute(posted: Posted, path: web::Path<String>) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &[]) {
        return answer;
    }
    match posted.write(|state| circle::unmute(state, &path)) {
        Ok(()) => frame::go_saying(
            &posted.visit,
            &Route::Mutes.href(),
            "The community is no longer muted.",
        ),
        Err(refusal) => missing::refused(&posted.visit, &refusal),
    }
}

#[derive(Template)]
#[template(path = "sites/forum/blocks.html")]
struct BlocksPage {
    frame: Frame,
    settings_href: String,
    here: String,
    rows: Vec<Link>,
    form: Form,
}

/// Shows blocked members.
pub fn blocks(visit: &Visit) -> HttpResponse {
    render_blocks(visit, Form::default(), StatusCode::OK)
}

fn render_blocks(visit: &Visit, form: Form, status: StatusCode) -> HttpResponse {
    let state = visit.state();
    let rows = state
        .blocks
        .iter()
        .map(|member| {
            visit.show("forum.blocks", member);
            Link::to(member_href(member.as_str()), member.as_str())
        })
        .collect();
    let template = BlocksPage {
        frame: Frame::new(visit, &state, "Blocked members").at(&Route::Settings),
        settings_href: Route::Settings.href(),
        here: Route::Blocks.href(),
        rows,
        form,
    };
    frame::page(status, &template)
}

/// Blocks a member by name.
pub async fn block(posted: Posted) -> HttpResponse {
    if let Some(answer) = frame::foreign_fields(&posted, &["member"]) {
        return answer;
    }
    let fields = &posted.fields;
    match posted.write(|state| circle::block(state, fields.text("member"))) {
        Ok(()) => {
            let message = format!("{} is blocked.", fields.text("member"));
            frame::go_saying(&posted.visit, &Route::Blocks.href(), message)
        }
        Err(refusal) => {
            let form = Form::typed(fields).refused(&refusal);
            render_blocks(&posted.visit, form, frame::status_of(refusal.status()))
        }
    }
}
