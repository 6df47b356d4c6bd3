//! The rules of writing, each by what it changes.

use std::collections::BTreeMap;

use super::tables::RowForm;
use super::texts::Edit;
use super::*;
use crate::domain::evidence::ChangeOp;
use crate::sites::diff;
use crate::sites::people::{MARA, People};
use crate::sites::wiki::queries::{history, page};
use crate::sites::wiki::{invariants, records, world};

fn base() -> WikiState {
    let people = People::of(1);
    let shop = crate::sites::shop::world::base(1);
    world::base(1, &MARA, &people, &shop)
}

/// What a state changed, as `add wiki.articles`, and that nothing is broken.
fn changes(base: &WikiState, state: &WikiState) -> Vec<String> {
    assert_eq!(invariants::broken(base, state), Vec::<String>::new());
    diff::changes(&records::of(base), &records::of(state))
        .into_iter()
        .map(|change| {
            let op = match change.op {
                ChangeOp::Add => "add",
                ChangeOp::Change => "change",
                ChangeOp::Remove => "remove",
            };
            format!("{op} {}", change.collection)
        })
        .collect()
}

fn edit<'a>(state: &WikiState, title: &'a str, section: Option<usize>, text: &'a str) -> Edit<'a> {
    Edit {
        title,
        based_on: page(state, title).unwrap().latest,
        section,
        text,
        summary: "",
    }
}

#[test]
fn a_section_is_saved_alone_and_saving_the_same_again_saves_nothing() {
    let base = base();
    let mut state = base.clone();
    let text = "## At the desk\n\nOpen the parcel first.";
    let form = edit(&state, "Returns", Some(3), text);
    texts::save_text(&mut state, form).unwrap();
    assert_eq!(changes(&base, &state), ["change wiki.sections"]);
    let latest = page(&state, "Returns").unwrap().latest;
    assert_eq!(&*state.revisions[&latest].author, "mara");
    let form = edit(&state, "Returns", Some(3), text);
    texts::save_text(&mut state, form).unwrap();
    assert_eq!(page(&state, "Returns").unwrap().latest, latest);
}

#[test]
fn what_cannot_be_read_or_was_changed_meanwhile_is_refused() {
    let base = base();
    let mut state = base.clone();
    let form = edit(&state, "Returns", None, "{{table T\n| a | b\n| 1\n}}");
    let refusal = texts::save_text(&mut state, form).unwrap_err();
    assert_eq!(
        (refusal.status(), refusal.message.as_str()),
        (
            422,
            "Line 3: this row has 1 cells and the table has 2 columns."
        )
    );
    let stale = Edit {
        based_on: 1,
        ..edit(&state, "Returns", None, "New.")
    };
    assert_eq!(
        texts::save_text(&mut state, stale).unwrap_err().status(),
        409
    );
    let form = edit(&state, "Returns", Some(99), "x");
    assert_eq!(
        texts::save_text(&mut state, form).unwrap_err().status(),
        404
    );
    assert_eq!(state, base);
}

#[test]
fn protected_pages_are_for_stewards() {
    let base = base();
    let mut state = base.clone();
    let title = "Sarn Isles";
    let form = edit(&state, title, None, "Mine.");
    assert_eq!(
        texts::save_text(&mut state, form).unwrap_err().status(),
        403
    );
    let first = history::of(&state, page(&state, title).unwrap().id)
        .last()
        .unwrap()
        .no;
    assert_eq!(
        texts::restore(&mut state, title, first, "")
            .unwrap_err()
            .status(),
        403
    );
    assert_eq!(
        pages::rename(&mut state, title, "Mine", true, "")
            .unwrap_err()
            .status(),
        403
    );
    assert_eq!(state, base);
    talk::comment(&mut state, title, "A wish", "Please change it.").unwrap();
    assert_eq!(changes(&base, &state), ["add wiki.comments"]);
    assert_eq!(
        talk::comment(&mut state, title, "", "x")
            .unwrap_err()
            .status(),
        422
    );
}

#[test]
fn an_old_revision_becomes_the_page_and_stays_in_the_history() {
    let base = base();
    let mut state = base.clone();
    let id = page(&state, "Labels").unwrap().id;
    let revisions = history::of(&state, id);
    let (count, old) = (revisions.len(), revisions[revisions.len() - 1].clone());
    texts::restore(&mut state, "Labels", old.no, "").unwrap();
    assert_eq!(page(&state, "Labels").unwrap().content.source, old.source);
    assert_eq!(history::of(&state, id).len(), count + 1);
    assert!(!changes(&base, &state).is_empty());
    let latest = page(&state, "Labels").unwrap().latest;
    assert_eq!(
        texts::restore(&mut state, "Labels", latest, "")
            .unwrap_err()
            .status(),
        409
    );
    let foreign = page(&state, "Returns").unwrap().latest;
    assert_eq!(
        texts::restore(&mut state, "Labels", foreign, "")
            .unwrap_err()
            .status(),
        404
    );
}

#[test]
fn renaming_leaves_a_redirect_when_asked_and_links_as_they_are() {
    let base = base();
    let mut state = base.clone();
    let before = crate::sites::wiki::queries::links::links_to(&base, "Sarn salt").len();
    assert!(before > 0);
    pages::rename(&mut state, "Gift cards", "Gift vouchers", true, "").unwrap();
    assert_eq!(
        changes(&base, &state),
        ["change wiki.articles", "add wiki.articles"]
    );
    let old = page(&state, "Gift cards").unwrap();
    assert_eq!(
        old.content.document.redirect.as_deref(),
        Some("Gift vouchers")
    );
    let mut state = base.clone();
    pages::rename(&mut state, "Gift cards", "Gift vouchers", false, "").unwrap();
    assert_eq!(changes(&base, &state), ["change wiki.articles"]);
    assert!(page(&state, "Gift cards").is_none());
    for (title, status) in [("Returns", 422), ("a|b", 422), (" ", 422), ("/shop", 422)] {
        let refusal = pages::rename(&mut state, "Gift vouchers", title, true, "").unwrap_err();
        assert_eq!(refusal.status(), status, "{title}");
    }
}

#[test]
fn a_new_page_needs_a_free_title_and_a_text() {
    let base = base();
    let mut state = base.clone();
    assert!(pages::create(&mut state, "returns", "Text.", "").is_err());
    assert!(pages::create(&mut state, "Brand new", " ", "").is_err());
    let title = pages::create(&mut state, "  Brand   new ", "Text.", "").unwrap();
    assert_eq!(title, "Brand new");
    assert_eq!(changes(&base, &state), ["add wiki.articles"]);
}

#[test]
fn rows_go_where_they_are_put() {
    let base = base();
    let mut state = base.clone();
    let title = "Late delivery rules";
    let row = |state: &WikiState, cells: &[&str]| RowForm {
        title,
        based_on: page(state, title).unwrap().latest,
        table: "Bands",
        cells: (1..)
            .zip(cells.iter().map(|cell| (*cell).to_owned()))
            .collect::<BTreeMap<_, _>>(),
        summary: "",
    };
    let form = row(&state, &["1 to 2", "1 %", "Sorry"]);
    tables::insert(&mut state, &form, 2).unwrap();
    assert_eq!(changes(&base, &state), ["change wiki.tables"]);
    let cell = |state: &WikiState, row: usize| {
        page(state, title)
            .unwrap()
            .content
            .document
            .table("Bands")
            .unwrap()
            .cell(row, 0)
    };
    assert_eq!(cell(&state, 1), "1 to 2");
    let form = row(&state, &["1 to 3", "1 %", "Sorry"]);
    tables::update(&mut state, &form, 2).unwrap();
    assert_eq!(cell(&state, 1), "1 to 3");
    let based_on = page(&state, title).unwrap().latest;
    tables::remove(&mut state, title, based_on, "Bands", 2).unwrap();
    assert_eq!(
        changes(&base, &state),
        Vec::<String>::new(),
        "what is undone is forgiven"
    );
    let form = row(&state, &["", "1 %", "Sorry"]);
    let refusal = tables::insert(&mut state, &form, 1).unwrap_err();
    assert_eq!(refusal.fields[0].field, "cell-1");
    let form = row(&state, &["a | b", "[[x", ""]);
    assert_eq!(
        tables::insert(&mut state, &form, 1).unwrap_err().fields[0].field,
        "cell-2"
    );
}

#[test]
fn the_watchlist_is_kept() {
    let base = base();
    let mut state = base.clone();
    pages::watch(&mut state, "Labels", true).unwrap();
    assert_eq!(changes(&base, &state), ["add wiki.watchlist"]);
    pages::watch(&mut state, "Labels", false).unwrap();
    assert_eq!(changes(&base, &state), Vec::<String>::new());
    assert!(pages::watch(&mut state, "No such page", true).is_err());
}
