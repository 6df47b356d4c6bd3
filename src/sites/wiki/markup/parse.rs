//! Reads an article line by line. Never fails: what cannot be read stays as text, and the faults
//! say where.

use super::{Block, Document, Fault, Infobox, Inline, Section, Table, parse_inline};

/// Reads an article; the second part is what is wrong with it.
pub fn parse(source: &str) -> (Document, Vec<Fault>) {
    let mut parser = Parser::default();
    for (at, line) in source.lines().enumerate() {
        parser.number = at + 1;
        parser.line(line.trim());
    }
    parser.end();
    (parser.document, parser.faults)
}

#[derive(Default)]
struct Parser {
    document: Document,
    faults: Vec<Fault>,
    number: usize,
    open: Open,
}

/// What the next line may continue.
#[derive(Default)]
enum Open {
    #[default]
    Nothing,
    Paragraph(String),
    List(bool, Vec<Vec<Inline>>),
    Infobox(Infobox, usize),
    Table(Table, usize),
}

impl Parser {
    fn fault(&mut self, message: impl Into<String>) {
        self.faults.push(Fault {
            line: self.number,
            message: message.into(),
        });
    }

    fn inline(&mut self, text: &str) -> Vec<Inline> {
        let (inlines, problem) = parse_inline(text);
        if let Some(problem) = problem {
            self.fault(problem);
        }
        inlines
    }

    fn line(&mut self, line: &str) {
        if self.in_block(line) {
            return;
        }
        if line.is_empty() {
            self.close();
        } else if let Some(rest) = line.strip_prefix("{{") {
            self.close();
            self.block(rest);
        } else if let Some(heading) = line.strip_prefix("### ") {
            self.heading(3, heading);
        } else if let Some(heading) = line.strip_prefix("## ") {
            self.heading(2, heading);
        } else if let Some(item) = line.strip_prefix("- ") {
            self.item(false, item);
        } else if let Some(item) = numbered(line) {
            self.item(true, item);
        } else if let Open::Paragraph(text) = &mut self.open {
            text.push(' ');
            text.push_str(line);
        } else {
            self.close();
            self.open = Open::Paragraph(line.to_owned());
        }
    }

    /// Takes a line of an infobox or a table that is open.
    fn in_block(&mut self, line: &str) -> bool {
        if !matches!(self.open, Open::Infobox(..) | Open::Table(..)) {
            return false;
        }
        if line == "}}" {
            self.close();
        } else if let Some(rest) = line.strip_prefix('|') {
            self.block_line(rest.trim());
        } else if !line.is_empty() {
            self.fault("a line of a box or a table begins with |, and }} closes it");
        }
        true
    }

    fn block_line(&mut self, line: &str) {
        match std::mem::take(&mut self.open) {
            Open::Infobox(mut infobox, at) => {
                if let Some((name, value)) = line.split_once('=') {
                    let value = self.inline(value.trim());
                    infobox.fields.push((name.trim().to_owned(), value));
                } else {
                    self.fault("a line of an infobox is written | Field = value");
                }
                self.open = Open::Infobox(infobox, at);
            }
            Open::Table(mut table, at) => {
                self.row(&mut table, line);
                self.open = Open::Table(table, at);
            }
            other => self.open = other,
        }
    }

    fn row(&mut self, table: &mut Table, line: &str) {
        let cells = cells(line);
        if table.columns.is_empty() {
            table.columns = cells
                .iter()
                .map(|cell| super::plain(&parse_inline(cell).0))
                .collect();
            return;
        }
        if cells.len() != table.columns.len() {
            let message = format!(
                "this row has {} cells and the table has {} columns",
                cells.len(),
                table.columns.len()
            );
            self.fault(message);
        }
        let mut row: Vec<Vec<Inline>> = cells.iter().map(|cell| self.inline(cell)).collect();
        row.resize(table.columns.len(), Vec::new());
        table.rows.push(row);
    }

    fn block(&mut self, rest: &str) {
        let (name, argument) = rest.split_once(' ').unwrap_or((rest, ""));
        let argument = argument.trim();
        match name {
            "infobox" if !argument.is_empty() && !argument.ends_with("}}") => {
                let infobox = Infobox {
                    kind: argument.to_owned(),
                    fields: Vec::new(),
                };
                self.open = Open::Infobox(infobox, self.number);
            }
            "table" if !argument.is_empty() && !argument.ends_with("}}") => {
                let table = Table {
                    caption: argument.to_owned(),
                    ..Table::default()
                };
                self.open = Open::Table(table, self.number);
            }
            _ => self.short_block(rest),
        }
    }

    /// A block of one line.
    fn short_block(&mut self, rest: &str) {
        let Some(inner) = rest.strip_suffix("}}") else {
            self.fault("this block is not closed; {{infobox kind, {{table Caption or one line with }} at its end is right");
            return;
        };
        let (name, argument) = inner.split_once(' ').unwrap_or((inner, ""));
        let argument = argument.trim();
        match (name, argument.is_empty()) {
            ("category", false) => self.document.categories.push(argument.to_owned()),
            ("redirect", false) => self.document.redirect = Some(argument.to_owned()),
            ("disambiguation", true) => self.document.disambiguation = true,
            ("note", false) => {
                let note = self.inline(argument);
                self.push(Block::Note(note));
            }
            _ => self.fault(format!(
                "there is no block {{{{{inner}}}}}; the help page lists them"
            )),
        }
    }

    fn heading(&mut self, level: u8, heading: &str) {
        self.close();
        self.document.sections.push(Section {
            level,
            heading: heading.trim().to_owned(),
            blocks: Vec::new(),
        });
    }

    fn item(&mut self, ordered: bool, text: &str) {
        if !matches!(self.open, Open::List(open, _) if open == ordered) {
            self.close();
            self.open = Open::List(ordered, Vec::new());
        }
        let item = self.inline(text.trim());
        if let Open::List(_, items) = &mut self.open {
            items.push(item);
        }
    }

    fn push(&mut self, block: Block) {
        match self.document.sections.last_mut() {
            Some(section) => section.blocks.push(block),
            None => self.document.lead.push(block),
        }
    }

    fn close(&mut self) {
        match std::mem::take(&mut self.open) {
            Open::Nothing => {}
            Open::Paragraph(text) => {
                let inlines = self.inline(&text);
                self.push(Block::Paragraph(inlines));
            }
            Open::List(ordered, items) => self.push(Block::List { ordered, items }),
            Open::Infobox(infobox, _) => {
                if self.document.infobox.is_some() {
                    self.fault("a page has one infobox");
                }
                self.document.infobox = Some(infobox);
            }
            Open::Table(table, _) => {
                if self.document.table(&table.caption).is_some() {
                    self.fault("two tables of this page have the same caption");
                }
                self.push(Block::Table(table));
            }
        }
    }

    fn end(&mut self) {
        if let Open::Infobox(_, line) | Open::Table(_, line) = &self.open {
            self.number = *line;
            self.fault("this block is never closed with }}");
        }
        self.close();
    }
}

/// The text of a numbered item such as `12. salt`.
fn numbered(line: &str) -> Option<&str> {
    let (number, text) = line.split_once(". ")?;
    let is_number = !number.is_empty() && number.len() <= 3;
    (is_number && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Cells of a row: parted by `|`, but not by one inside a link or behind a backslash.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut depth = 0_u32;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let cell_ends = c == '|' && depth == 0;
        if cell_ends {
            cells.push(String::new());
            continue;
        }
        let doubled = chars.peek() == Some(&c);
        match c {
            '[' if doubled => depth = 1,
            ']' if doubled => depth = 0,
            _ => {}
        }
        if let Some(cell) = cells.last_mut() {
            cell.push(c);
            if c == '\\' {
                cell.extend(chars.next());
            }
        }
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}
