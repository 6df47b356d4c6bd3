//! Text for terminals: tables, JSON and single lines. The only place that prints.
#![expect(clippy::print_stderr, reason = "printing is what this file is for")]

use std::fmt::Write as _;
use std::io::{ErrorKind, IsTerminal as _, Write as _};

use serde::Serialize;

/// Prints a line to standard output.
pub(super) fn line(text: &str) {
    if let Err(error) = writeln!(std::io::stdout(), "{text}") {
        // Whoever read it has gone, as `head` does; the command still ends in good order.
        assert!(
            error.kind() == ErrorKind::BrokenPipe,
            "standard output cannot be written: {error}"
        );
    }
}

/// Prints a line to standard error: what is not the result itself.
pub(super) fn note(text: &str) {
    eprintln!("{text}");
}

/// An error with its causes; those that it names in its own text already are not said again.
pub(super) fn whole_error(error: &anyhow::Error) -> String {
    error.chain().fold(String::new(), |told, cause| {
        let cause = cause.to_string();
        if told.is_empty() {
            cause
        } else if told.ends_with(&cause) {
            told
        } else {
            format!("{told}: {cause}")
        }
    })
}

/// Prints a value as indented JSON.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(&serde_json::to_string_pretty(value)?);
    Ok(())
}

/// Whether someone looks at standard error.
pub(super) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// Which side of its column a cell stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Text.
    Left,
    /// Numbers.
    Right,
}

/// A table of texts with columns as wide as they need to be.
pub(super) struct Table {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub(super) fn new(columns: &[(&'static str, Side)]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; cells beyond the columns are dropped.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows
            .push(cells.into_iter().take(self.columns.len()).collect());
    }

    /// Prints the table to standard output.
    pub(super) fn print(&self) {
        line(self.render().trim_end_matches('\n'));
    }

    fn render(&self) -> String {
        let width = |column: usize| {
            let cells = self
                .rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(|cell| cell.chars().count());
            cells
                .max()
                .unwrap_or(0)
                .max(self.columns[column].0.chars().count())
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let heads: Vec<String> = self
            .columns
            .iter()
            .map(|(head, _)| (*head).to_owned())
            .collect();
        let mut text = self.render_row(&heads, &widths);
        let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
        text.push_str(&self.render_row(&rules, &widths));
        for row in &self.rows {
            text.push_str(&self.render_row(row, &widths));
        }
        text
    }

    fn render_row(&self, cells: &[String], widths: &[usize]) -> String {
        let mut text = String::new();
        for (n, cell) in cells.iter().enumerate() {
            let width = widths[n];
            let _ = match self.columns[n].1 {
                Side::Left => write!(text, "{cell:<width$}  "),
                Side::Right => write!(text, "{cell:>width$}  "),
            };
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let io = || std::io::Error::other("it is full");
        let twice = anyhow::Error::from(io()).context("disk: it is full");
        assert_eq!(whole_error(&twice), "disk: it is full");
        let once = anyhow::Error::from(io()).context("writing");
        assert_eq!(whole_error(&once), "writing: it is full");
    }

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(&[("agent", Side::Left), ("rate, %", Side::Right)]);
        table.row(["oracle".to_owned(), "100.0".to_owned()]);
        table.row(["null".to_owned(), "0.0".to_owned()]);
        assert_eq!(
            table.render(),
            "agent   rate, %\n------  -------\noracle    100.0\nnull        0.0\n"
        );
    }
}
