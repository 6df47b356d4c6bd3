//! Settings in four levels, with a search.

use actix_web::{HttpResponse, web};

use crate::sites::office::actions::trade as act;
use crate::sites::office::pages::parts::{
    Block, Choice, Field, Filters, Form, Kind, Link, Sheet, draft_of,
};
use crate::sites::office::pages::{Posted, Visit, frame};
use crate::sites::office::queries::refused_right;
use crate::sites::office::queries::settings::{found, group_names, page, pages, parts, titles};
use crate::sites::office::state::{Right, SettingKind, SettingsField, SettingsPage};
use crate::sites::office::view::{Page, Route};

fn page_route(page: &SettingsPage) -> Route {
    let (section, group, name) = parts(page);
    Route::to(Page::SettingsPage)
        .with("section", section)
        .with("group", group)
        .with("name", name)
}

fn section_route(page: &SettingsPage) -> Route {
    Route::to(Page::SettingsSection).with("section", parts(page).0)
}

fn group_route(page: &SettingsPage) -> Route {
    let (section, group, _) = parts(page);
    Route::to(Page::SettingsGroup)
        .with("section", section)
        .with("group", group)
}

/// Shows the sections, or what a search found.
pub fn index(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let q = route.text("q");
    let fields = vec![Field::new("q", "Search settings", Kind::Text, q)];
    let mut search = Filters::of(route, &[], fields);
    search.submit = "Find settings".to_owned();
    search.chips.clear();
    let sheet = Sheet::new("Settings").with(search);
    if !q.is_empty() {
        let links: Vec<(Link, String)> = found(&state, q)
            .into_iter()
            .map(|page| {
                let way = format!("{} / {}", page.section, page.group);
                (Link::to(page_route(page).href(), &*page.title), way)
            })
            .collect();
        let sheet = if links.is_empty() {
            sheet.with(Block::Note(format!(
                "No settings match \u{201c}{q}\u{201d}."
            )))
        } else {
            sheet.with(Block::Links("Found".to_owned(), links))
        };
        return frame::ok(visit, &state, sheet);
    }
    let mut sections: Vec<(Link, String)> = Vec::new();
    for page in pages(&state, "", "") {
        if !sections.iter().any(|(link, _)| link.label == page.section) {
            let groups = group_names(&state, parts(page).0);
            sections.push((Link::to(section_route(page).href(), &*page.section), groups));
        }
    }
    let sheet = sheet.with(Block::Links(String::new(), sections));
    frame::ok(visit, &state, sheet)
}

/// Shows the groups of a section.
pub fn section(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let found = pages(&state, route.text("section"), "");
    let Some(first) = found.first() else {
        return frame::missing(visit);
    };
    let mut groups: Vec<(Link, String)> = Vec::new();
    for page in &found {
        if !groups.iter().any(|(link, _)| link.label == page.group) {
            let (section, group, _) = parts(page);
            groups.push((
                Link::to(group_route(page).href(), &*page.group),
                titles(&state, section, group),
            ));
        }
    }
    let sheet = Sheet::new(&*first.section)
        .below(&Route::to(Page::Settings), "Settings")
        .with(Block::Links(String::new(), groups));
    frame::ok(visit, &state, sheet)
}

/// Shows the pages of a group.
pub fn group(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let found = pages(&state, route.text("section"), route.text("group"));
    let Some(first) = found.first() else {
        return frame::missing(visit);
    };
    let links = found.iter().map(|page| {
        (
            Link::to(page_route(page).href(), &*page.title),
            String::new(),
        )
    });
    let sheet = Sheet::new(&*first.group)
        .below(&Route::to(Page::Settings), "Settings")
        .below(&section_route(first), &*first.section)
        .with(Block::Links(String::new(), links.collect()));
    frame::ok(visit, &state, sheet)
}

/// Shows a page of settings.
pub fn show(visit: &Visit, route: &Route) -> HttpResponse {
    let state = visit.state();
    let (section, group, name) = (
        route.text("section"),
        route.text("group"),
        route.text("name"),
    );
    let Some(page) = page(&state, section, group, name) else {
        return frame::missing(visit);
    };
    let mut form = Form::new(route.path(), "Save settings");
    for field in &page.fields {
        let key = format!("{}/{}", page.path, field.name);
        visit.show("office.settings", &key);
        let value = state.settings.get(&key).map_or("", String::as_str);
        form = form.field(control(field, value));
    }
    form = form.restored(draft_of(visit, &route.path()).as_ref());
    form.warning = refused_right(&state, Right::Settings).unwrap_or_default();
    let sheet = Sheet::new(&*page.title)
        .below(&Route::to(Page::Settings), "Settings")
        .below(&section_route(page), &*page.section)
        .below(&group_route(page), &*page.group)
        .saying(&*page.text)
        .with(form);
    frame::ok(visit, &state, sheet)
}

fn control(field: &SettingsField, value: &str) -> Field {
    let (kind, value) = match &field.kind {
        SettingKind::Switch => (Kind::Tick, if value == "on" { "yes" } else { "" }),
        SettingKind::Choice(choices) => {
            let choices = choices
                .iter()
                .map(|choice| Choice::new(&**choice, &**choice));
            (Kind::Select(choices.collect()), value)
        }
        SettingKind::Number(..) | SettingKind::Text => (Kind::Text, value),
    };
    let control = Field::new(&field.name, &field.label, kind, value);
    match &field.kind {
        SettingKind::Number(low, high) => control.hint(format!("{low} to {high}")),
        _ => control,
    }
}

/// Saves a page of settings.
pub async fn save(posted: Posted, path: web::Path<(String, String, String)>) -> HttpResponse {
    let (section, group, name) = path.into_inner();
    let values = posted.fields.0.clone();
    let parts = [section.as_str(), group.as_str(), name.as_str()];
    let result = posted.write(|state| act::save_settings(state, parts, &values));
    let page = Route::to(Page::SettingsPage)
        .with("section", &section)
        .with("group", &group)
        .with("name", &name);
    let result = result.map(|()| (page.clone(), "Settings saved.".to_owned()));
    frame::answer(&posted, &page, result)
}
