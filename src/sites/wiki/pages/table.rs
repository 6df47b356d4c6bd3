//! Tables, row by row, for those who change them.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::form::Form;
use super::frame::{self, Frame};
use super::{Posted, Visit, missing};
use crate::sites::wiki::actions::tables::RowForm;
use crate::sites::wiki::actions::{self, PROTECTED, Refusal};
use crate::sites::wiki::markup::{self, Table};
use crate::sites::wiki::queries;
use crate::sites::wiki::state::{Page, WikiState};
use crate::sites::wiki::view::Route;

#[derive(Template)]
#[template(path = "sites/wiki/table.html")]
struct Show {
    frame: Frame,
    caption: String,
    columns: Vec<String>,
    rows: Vec<Row>,
    add_href: String,
    back_href: String,
    locked: Option<&'static str>,
}

struct Row {
    cells: Vec<String>,
    edit_href: String,
}

fn table_of<'a>(state: &'a WikiState, title: &str, caption: &str) -> Option<(&'a Page, &'a Table)> {
    let page = queries::page(state, title)?;
    Some((page, page.content.document.table(caption)?))
}

/// Shows a table with links to change its rows.
pub fn show(visit: &Visit, title: &str, caption: &str) -> HttpResponse {
    let state = visit.state();
    let Some((page, table)) = table_of(&state, title, caption) else {
        return missing::page(visit, None);
    };
    let article = page.title.to_string();
    let row_href = |row: Option<usize>| {
        Route::Row {
            article: article.clone(),
            table: caption.to_owned(),
            row,
        }
        .href()
    };
    let template = Show {
        frame: Frame::of_article(visit, &state, page, "Edit table"),
        caption: caption.to_owned(),
        columns: table.columns.clone(),
        rows: (0..table.rows.len())
            .map(|row| Row {
                cells: (0..table.columns.len())
                    .map(|column| table.cell(row, column))
                    .collect(),
                edit_href: row_href(Some(row + 1)),
            })
            .collect(),
        add_href: row_href(None),
        back_href: Route::article(&article).href(),
        locked: (!queries::may_write(&state, page)).then_some(PROTECTED),
    };
    frame::ok(&template)
}

#[derive(Template)]
#[template(path = "sites/wiki/row.html")]
struct RowShow {
    frame: Frame,
    form: Form,
    heading: String,
    cells: Vec<(String, String)>,
    places: Vec<(String, String)>,
    action: String,
    back_href: String,
    is_new: bool,
    locked: Option<&'static str>,
}

/// Shows the form for a row.
pub fn row(visit: &Visit, title: &str, caption: &str, row: Option<usize>) -> HttpResponse {
    let state = visit.state();
    let Some((page, table)) = table_of(&state, title, caption) else {
        return missing::page(visit, None);
    };
    let mut values = vec![("base".to_owned(), page.latest.to_string())];
    if let Some(place) = row {
        let Some(cells) = place.checked_sub(1).and_then(|at| table.rows.get(at)) else {
            return missing::page(visit, None);
        };
        values.extend(
            cells
                .iter()
                .zip(1..)
                .map(|(cell, at)| (format!("cell-{at}"), markup::print_inline(cell))),
        );
    }
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let form = Form::starting(&values);
    render(visit, &state, (page, table), row, form, StatusCode::OK)
}

fn render(
    visit: &Visit,
    state: &WikiState,
    (page, table): (&Page, &Table),
    row: Option<usize>,
    form: Form,
    status: StatusCode,
) -> HttpResponse {
    let article = page.title.to_string();
    let what = if row.is_some() { "Edit row" } else { "New row" };
    let template = RowShow {
        frame: Frame::of_article(visit, state, page, what),
        form,
        heading: format!("{what} in {}", table.caption),
        cells: table
            .columns
            .iter()
            .zip(1..)
            .map(|(column, at)| (format!("cell-{at}"), column.clone()))
            .collect(),
        places: places(table),
        action: Route::Row {
            article: article.clone(),
            table: table.caption.clone(),
            row,
        }
        .href(),
        back_href: Route::Table {
            article,
            table: table.caption.clone(),
        }
        .href(),
        is_new: row.is_none(),
        locked: (!queries::may_write(state, page)).then_some(PROTECTED),
    };
    frame::page(status, &template)
}

/// Where a new row can go: at the end, or before one that is there.
fn places(table: &Table) -> Vec<(String, String)> {
    let mut places = vec![(String::new(), "At the end".to_owned())];
    places.extend((0..table.rows.len()).map(|row| {
        let label = format!("Before {} ({})", table.cell(row, 0), table.cell(row, 1));
        ((row + 1).to_string(), label)
    }));
    places
}

/// Takes the form for a row: puts it in, changes it or takes it out.
pub fn send(posted: &Posted, title: &str, caption: &str, row: Option<usize>) -> HttpResponse {
    let state = posted.visit.state();
    let Some((page, table)) = table_of(&state, title, caption) else {
        return missing::page(&posted.visit, None);
    };
    let names: Vec<String> = (1..=table.columns.len())
        .map(|at| format!("cell-{at}"))
        .collect();
    let mut known = vec!["base", "place", "summary", "action"];
    known.extend(names.iter().map(String::as_str));
    if let Some(answer) = frame::foreign_fields(posted, &known) {
        return answer;
    }
    match act(posted, page, caption, row, &names) {
        Ok(message) => {
            let route = Route::Table {
                article: page.title.to_string(),
                table: caption.to_owned(),
            };
            frame::go_saying(&posted.visit, &route, message)
        }
        Err(refusal) => {
            let form = Form::typed(&posted.fields, Some(&refusal));
            let status = frame::status_of(Some(&refusal));
            render(&posted.visit, &state, (page, table), row, form, status)
        }
    }
}

fn act(
    posted: &Posted,
    page: &Page,
    caption: &str,
    row: Option<usize>,
    names: &[String],
) -> Result<&'static str, Refusal> {
    let fields = &posted.fields;
    let based_on = fields.text("base").parse().unwrap_or(0);
    let form = RowForm {
        title: &page.title,
        based_on,
        table: caption,
        cells: names
            .iter()
            .zip(1..)
            .map(|(name, at)| (at, fields.text(name).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        summary: fields.text("summary"),
    };
    match (row, fields.text("action")) {
        (Some(place), "remove") => {
            posted.write(|state| {
                actions::tables::remove(state, &page.title, based_on, caption, place)
            })?;
            Ok("The row is gone.")
        }
        (Some(place), _) => {
            posted.write(|state| actions::tables::update(state, &form, place))?;
            Ok("The row is changed.")
        }
        (None, _) => {
            let place = fields.text("place").parse().unwrap_or(usize::MAX);
            posted.write(|state| actions::tables::insert(state, &form, place))?;
            Ok("The row is in the table.")
        }
    }
}
