//! Rows of tables: change, put in, take out.

use std::collections::BTreeMap;

use crate::sites::wiki::actions::{Refusal, readable, save, summary, unchanged, writable};
use crate::sites::wiki::markup::{self, Inline, Table, parse_inline};
use crate::sites::wiki::state::{PageId, WikiState};

/// What a form for a row sends.
#[derive(Debug, Clone)]
pub struct RowForm<'a> {
    /// Title of the page.
    pub title: &'a str,
    /// The revision that the form was opened on.
    pub based_on: u32,
    /// Caption of the table.
    pub table: &'a str,
    /// Cells by place of their column, from 1.
    pub cells: BTreeMap<usize, String>,
    /// What the writer says about it.
    pub summary: &'a str,
}

/// Puts a row in before the one at `place` (from 1); beyond the last one it goes to the end.
/// Fields: `cell-1`, `cell-2`, ..., `summary`.
pub fn insert(state: &mut WikiState, form: &RowForm<'_>, place: usize) -> Result<(), Refusal> {
    change(state, form, |table, row| {
        let at = place.saturating_sub(1).min(table.rows.len());
        table.rows.insert(at, row);
        Ok(())
    })
}

/// Changes the row at `place`. Fields as for [`insert`].
pub fn update(state: &mut WikiState, form: &RowForm<'_>, place: usize) -> Result<(), Refusal> {
    change(state, form, |table, row| {
        *row_at(table, place)? = row;
        Ok(())
    })
}

/// Takes the row at `place` out.
pub fn remove(
    state: &mut WikiState,
    title: &str,
    based_on: u32,
    caption: &str,
    place: usize,
) -> Result<(), Refusal> {
    let page = writable(state, title)?;
    unchanged(page, based_on)?;
    let id = page.id;
    let (mut table, source) = (
        table_of(page.content.document.table(caption))?,
        page.content.source.clone(),
    );
    row_at(&mut table, place)?;
    table.rows.remove(place - 1);
    write(
        state,
        id,
        &source,
        &table,
        format!("Took a row out of {caption}"),
    )
}

fn table_of(table: Option<&Table>) -> Result<Table, Refusal> {
    table
        .cloned()
        .ok_or_else(|| Refusal::not_found("This page has no such table."))
}

fn row_at(table: &mut Table, place: usize) -> Result<&mut Vec<Vec<Inline>>, Refusal> {
    place
        .checked_sub(1)
        .and_then(|at| table.rows.get_mut(at))
        .ok_or_else(|| Refusal::not_found("This table has no such row."))
}

fn change(
    state: &mut WikiState,
    form: &RowForm<'_>,
    act: impl FnOnce(&mut Table, Vec<Vec<Inline>>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let page = writable(state, form.title)?;
    unchanged(page, form.based_on)?;
    let id = page.id;
    let source = page.content.source.clone();
    let mut table = table_of(page.content.document.table(form.table))?;
    let mut words = summary(form.summary)?;
    if words.is_empty() {
        words = format!("Changed a row of {}", form.table);
    }
    let row = row(&table, form)?;
    act(&mut table, row)?;
    write(state, id, &source, &table, words)
}

/// The cells of a form; the first column must not be empty.
fn row(table: &Table, form: &RowForm<'_>) -> Result<Vec<Vec<Inline>>, Refusal> {
    let mut row = Vec::with_capacity(table.columns.len());
    for (at, column) in table.columns.iter().enumerate() {
        let text = form.cells.get(&(at + 1)).map_or("", String::as_str);
        let field = format!("cell-{}", at + 1);
        if at == 0 && text.is_empty() {
            return Err(Refusal::field(field, format!("Fill in {column}.")));
        }
        if text.contains('\n') {
            return Err(Refusal::field(field, "A cell has one line."));
        }
        let (inlines, problem) = parse_inline(text);
        if let Some(problem) = problem {
            return Err(Refusal::field(field, format!("{column}: {problem}.")));
        }
        row.push(inlines);
    }
    Ok(row)
}

fn write(
    state: &mut WikiState,
    id: PageId,
    source: &str,
    table: &Table,
    words: String,
) -> Result<(), Refusal> {
    let Some(span) = markup::table_span(source, &table.caption) else {
        return Err(Refusal::not_found("This page has no such table."));
    };
    let source = markup::replace_span(source, &span, &markup::print_table(table));
    readable(&source)?;
    save(state, id, &source, words);
    Ok(())
}
