//! Tables as readers order and narrow them.

use std::cmp::Ordering;

use crate::sites::folding::fold;
use crate::sites::wiki::markup::{Table, plain};
use crate::sites::wiki::view::{Compare, TableView};

/// Places of the rows to show, in order.
pub fn rows(table: &Table, wanted: Option<&TableView>) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..table.rows.len()).collect();
    let Some(wanted) = wanted.filter(|wanted| wanted.table == table.caption) else {
        return rows;
    };
    if let Some(words) = &wanted.rows {
        let words = fold(words);
        rows.retain(|row| {
            table.rows[*row]
                .iter()
                .any(|cell| fold(&plain(cell)).contains(&words))
        });
    }
    if let Some(column) = wanted.by.as_deref().and_then(|by| table.column(by)) {
        rows.sort_by(|left, right| {
            let (left, right) = (table.cell(*left, column), table.cell(*right, column));
            let order = compare(&left, &right, wanted.compare);
            if wanted.descending {
                order.reverse()
            } else {
                order
            }
        });
    }
    rows
}

fn compare(left: &str, right: &str, how: Compare) -> Ordering {
    match how {
        Compare::Text => fold(left).cmp(&fold(right)),
        Compare::Number => match (number(left), number(right)) {
            (Some(left), Some(right)) => left.total_cmp(&right),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        },
    }
}

/// The number that a cell begins with, e.g. 1204 of `1,204 t`.
pub fn number(cell: &str) -> Option<f64> {
    let digits: String = cell
        .trim()
        .chars()
        .take_while(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-'))
        .filter(|c| *c != ',')
        .collect();
    digits.trim_end_matches('.').parse().ok()
}
