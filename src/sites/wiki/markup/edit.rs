//! Where sections and tables stand in a text, so that one of them can be edited alone.

use std::ops::Range;

/// Lines of a part of a text, from 0, the end excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Heading or caption.
    pub name: String,
    /// Level of the heading; 0 for a table.
    pub level: usize,
    /// The lines.
    pub lines: Range<usize>,
}

impl Span {
    /// The text of the part.
    pub fn text(&self, source: &str) -> String {
        let lines: Vec<&str> = source
            .lines()
            .skip(self.lines.start)
            .take(self.lines.len())
            .collect();
        lines.join("\n").trim_end().to_owned()
    }
}

/// Sections and their parts in order; a section's lines hold its parts.
pub fn section_spans(source: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let total = source.lines().count();
    for (at, line) in source.lines().enumerate() {
        let line = line.trim();
        let (level, heading) = if let Some(heading) = line.strip_prefix("### ") {
            (3, heading)
        } else if let Some(heading) = line.strip_prefix("## ") {
            (2, heading)
        } else {
            continue;
        };
        for open in &mut spans {
            if open.lines.end == total && open.level >= level {
                open.lines.end = at;
            }
        }
        spans.push(Span {
            name: heading.trim().to_owned(),
            level,
            lines: at..total,
        });
    }
    spans
}

/// The table of a caption.
pub fn table_span(source: &str, caption: &str) -> Option<Span> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let start = lines.iter().position(|line| {
        line.strip_prefix("{{table ")
            .is_some_and(|found| found.trim() == caption)
    })?;
    let length = lines[start..].iter().position(|line| *line == "}}")?;
    Some(Span {
        name: caption.to_owned(),
        level: 0,
        lines: start..start + length + 1,
    })
}

/// The text with a part replaced; what stands around it stays to the letter.
pub fn replace_span(source: &str, span: &Span, text: &str) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let end = span.lines.end.min(lines.len());
    let mut parts: Vec<String> = Vec::new();
    parts.push(lines[..span.lines.start.min(end)].join("\n"));
    parts.push(text.trim_end().to_owned());
    if span.level > 0 && end < lines.len() {
        parts.push(String::new());
    }
    parts.push(lines[end..].join("\n"));
    let mut whole: Vec<String> = parts;
    if whole.first().is_some_and(String::is_empty) {
        whole.remove(0);
    }
    if whole.last().is_some_and(String::is_empty) {
        whole.pop();
    }
    whole.join("\n")
}
