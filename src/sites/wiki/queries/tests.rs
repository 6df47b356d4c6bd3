//! How tables are ordered and narrowed.

use super::tables::{number, rows};
use crate::sites::wiki::markup::parse;
use crate::sites::wiki::view::{Compare, TableView};

#[test]
fn a_table_sorts_badly_as_text_and_well_by_number() {
    let (document, _) = parse(
        "{{table T\n| Name | Range\n| Á | 9 km\n| B | 1,204 km\n| C | 98 km\n| D | unknown\n}}",
    );
    let table = document.table("T").unwrap();
    let mut view = TableView {
        table: "T".into(),
        rows: None,
        by: Some("Range".into()),
        descending: false,
        compare: Compare::Text,
    };
    assert_eq!(rows(table, Some(&view)), [1, 0, 2, 3]);
    view.compare = Compare::Number;
    assert_eq!(rows(table, Some(&view)), [0, 2, 1, 3]);
    view.descending = true;
    view.rows = Some("KM".into());
    assert_eq!(rows(table, Some(&view)), [1, 2, 0]);
    view.table = "Other".into();
    assert_eq!(rows(table, Some(&view)), [0, 1, 2, 3]);
    assert_eq!(number("-4.5 m"), Some(-4.5));
    assert_eq!(number("none"), None);
}
