//! Writes what was read. Reading it again gives the same.

use super::{Block, Inline, Link, Table};

/// Words with links and stress as a writer would type them.
pub fn print_inline(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => escape(text),
            Inline::Strong(text) => format!("**{}**", escape(text)),
            Inline::Emphasis(text) => format!("''{}''", escape(text)),
            Inline::Link(link) => print_link(link),
        })
        .collect()
}

fn print_link(link: &Link) -> String {
    if link.target == link.words {
        format!("[[{}]]", link.target)
    } else {
        format!("[[{}|{}]]", link.target, escape(&link.words))
    }
}

/// Takes the meaning from signs that would have one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let doubled = matches!(c, '[' | '*' | '\'') && before == c;
        if matches!(c, '\\' | '|') || doubled {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
    escaped
}

/// Blocks, each apart from the next by an empty line. A table is named and not written out when
/// `with_tables` is off.
pub fn print_blocks(blocks: &[Block], with_tables: bool) -> String {
    let printed: Vec<String> = blocks
        .iter()
        .map(|block| match block {
            Block::Paragraph(inlines) => print_inline(inlines),
            Block::Note(inlines) => format!("{{{{note {}}}}}", print_inline(inlines)),
            Block::List { ordered, items } => print_list(*ordered, items),
            Block::Table(table) if with_tables => print_table(table),
            Block::Table(table) => format!("{{{{table {}}}}}", table.caption),
        })
        .collect();
    printed.join("\n\n")
}

fn print_list(ordered: bool, items: &[Vec<Inline>]) -> String {
    let lines: Vec<String> = items
        .iter()
        .enumerate()
        .map(|(at, item)| {
            let text = print_inline(item);
            if ordered {
                format!("{}. {text}", at + 1)
            } else {
                format!("- {text}")
            }
        })
        .collect();
    lines.join("\n")
}

/// A table.
pub fn print_table(table: &Table) -> String {
    let mut lines = vec![format!("{{{{table {}", table.caption)];
    let columns: Vec<String> = table.columns.iter().map(|name| escape(name)).collect();
    lines.push(format!("| {}", columns.join(" | ")));
    for row in &table.rows {
        let cells: Vec<String> = row.iter().map(|cell| print_inline(cell)).collect();
        lines.push(format!("| {}", cells.join(" | ")));
    }
    lines.push("}}".to_owned());
    lines.join("\n")
}
